#!/bin/sh
# How the time and memory of one epoch grow with the size of the corpus, the vocabulary, the
# dimension, the window and the negatives: one table, in which one of them changes at a time. The
# last column is the time for a unit of work: tokens, or tokens x (the value that changes). It may
# fall, but should not rise.
#
#     make growth [THREADS=2] [TOKENS=2000000]
#
# The corpus is made: words drawn by Zipf's law, a thousand a line. Nothing else should run on the
# machine meanwhile.
set -u
: "${W2V:=build/release/w2v}" "${BUILD:=build/release}" "${THREADS:=2}" "${TOKENS:=2000000}"
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM

make_corpus() { # TOKENS WORDS: leaves $folder/corpus
    awk -v n="$1" -v v="$2" 'BEGIN { srand(1); for (i = 1; i <= n; i++)
        printf "w%d%s", int(exp(rand() * log(v))), i % 1000 == 0 ? "\n" : " " }' >"$folder/corpus"
}

row() { # NAME VALUE WORK OPTIONS...: trains once and prints a row
    name=$1 value=$2 work=$3
    shift 3
    cost=$("$BUILD/measure" "$W2V" train "$folder/corpus" -o "$folder/v.bin" -e 1 -t "$THREADS" \
        --tokenizer whitespace --min-count 1 --quiet "$@" 2>"$folder/log") || {
        cat "$folder/log" >&2
        exit 1
    }
    echo "$cost" | awk -v n="$name" -v v="$value" -v w="$work" \
        '{ printf "%s\t%s\t%.2f\t%.0f\t%.1f\n", n, v, $1, $2, 1e9 * $1 / w }'
}

echo "# one epoch, skip-gram, $THREADS threads; where they are not in the row: $TOKENS tokens,"
echo "# 100000 words, dim 100, window 5, 5 negatives"
printf 'what\tvalue\tseconds\tMB\tns a unit of work\n'
for factor in 1 2 4 8; do
    make_corpus $((TOKENS * factor)) 100000
    row tokens $((TOKENS * factor)) $((TOKENS * factor))
done
for words in 10000 100000 1000000 10000000; do
    make_corpus "$TOKENS" "$words"
    row words "$words" "$TOKENS"
done
make_corpus "$TOKENS" 100000
for dim in 16 100 300 1000; do row dim "$dim" $((TOKENS * dim)) -d "$dim"; done
for window in 2 5 10 20 50; do row window "$window" $((TOKENS * (window + 1))) -w "$window"; done
for n in 1 5 15 25 100; do row negatives "$n" $((TOKENS * (n + 1))) -n "$n"; done
