#!/bin/sh
# Queries beside gensim's: the same answers, and how long they take; and a batch of neighbours as a
# share of the machine's peak. Called by make bench; what is missing is left out, and said to be.
#
#   CORPUS   tokenized text: a model is trained on it (MODEL=FILE: that one is used instead)
#   EVAL     question sets; the analogy sets among them are scored
#   ROWS     words of the made-up model of 300 dimensions, 400000
#
# The peak is that of bench/peak.h: a loop of independent fused multiply-adds on every core at once.
set -u
: "${W2V:=build/release/w2v}" "${BUILD:=build/release}" "${CORPUS:=}" "${EVAL:=}" "${MODEL:=}"
: "${ROWS:=400000}"
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
. tests/bench/lib.sh
gensim=
if have_gensim; then
    gensim=yes
    say_gensim
else
    echo "# gensim is not installed: left out"
fi

echo "# neighbors of $ROWS x 300, all cores"
"$BUILD/make_vectors" "$ROWS" 300 "$folder/big" && "$BUILD/bench_search" "$folder/big"

if [ -z "$MODEL" ] && [ -r "$CORPUS" ]; then
    MODEL=$folder/model
    "$W2V" train "$CORPUS" -o "$MODEL" --tokenizer whitespace --quiet || exit 1
fi
if [ -z "$MODEL" ]; then
    echo "# neither MODEL nor CORPUS: no comparison of answers"
    exit 0
fi

# A thousand words, evenly from the first 50,000; all of them are the first column of nn-graph.
words=$("$W2V" info "$MODEL" | awk -F '\t' '$1 == "words" { print $2 }')
"$W2V" nn-graph "$MODEL" -k 1 --restrict 50000 --quiet | cut -f1 |
    awk -v n="$words" 'BEGIN { if (n > 50000) n = 50000; step = n > 1000 ? int(n / 1000) : 1 }
        (NR - 1) % step == 0' | head -n 1000 >"$folder/words"
n=$(wc -l <"$folder/words")
seconds=$("$BUILD/measure" sh -c '"$1" neighbors "$2" <"$3" >"$4"' sh "$W2V" "$MODEL" \
    "$folder/words" "$folder/ours" 2>"$folder/log" | cut -d ' ' -f 1)
echo "# neighbors of $n words of $MODEL"
echo "w2v	$seconds s, the whole process"
if [ -n "$gensim" ]; then
    "$python" tests/bench/gensim_queries.py neighbors "$MODEL" "$folder/words" >"$folder/theirs" \
        2>"$folder/log" || tail -n 3 "$folder/log"
    echo "gensim	$(sed -n 's/^seconds //p' "$folder/log") s, the queries alone"
    # Ranks may change places where cosines differ by less than the rounding.
    paste "$folder/ours" "$folder/theirs" | awk -F '\t' '
        { d = $3 - $6; if (d < 0) d = -d; if (d > most) most = d
            n++; same += $1 == $4 && $2 == $5; if ($1 != $4 || d > 1e-5) wrong++ }
        END { printf "answers\t%d, the same word at the same rank %d, greatest difference of " \
            "cosines %.2g, %d beyond 1e-5\n", n, same, most, wrong }'
    echo "answers to one only	$(cut -f1,2 "$folder/ours" | sort >"$folder/a"
        cut -f1,2 "$folder/theirs" | sort | comm -3 "$folder/a" - | wc -l)"
fi
for set in $EVAL; do
    grep -q '^:' "$set" || continue
    echo "# analogies of $set, first 30,000 words"
    seconds=$("$BUILD/measure" sh -c '"$1" eval "$2" "$3" --restrict 30000 >"$4"' sh "$W2V" \
        "$MODEL" "$set" "$folder/rows" 2>"$folder/log" | cut -d ' ' -f 1)
    awk -F '\t' -v s="$seconds" '$2 == "total" {
        printf "w2v\t%.3f s, the whole process\t%d right of %d\n", s, $4 * $5 + 0.5, $5 }' \
        "$folder/rows"
    [ -n "$gensim" ] || continue
    "$python" tests/bench/gensim_queries.py eval "$MODEL" "$set" >"$folder/theirs" \
        2>"$folder/log" || tail -n 3 "$folder/log"
    awk -F '\t' -v s="$(sed -n 's/^seconds //p' "$folder/log")" -v o="$seconds" '{
        printf "gensim\t%.3f s, the evaluation alone\t%d right of %d\t%.0f x w2v\n", s, $1, $2,
            s / o }' "$folder/theirs"
done
