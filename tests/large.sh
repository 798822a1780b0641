#!/bin/sh
# Sizes past 32 bits, one at a time. Each test says how many GB of disk and memory it needs, and is
# skipped if the machine has less. Each takes minutes. Prints "ok NAME" and
# "not ok NAME" lines and ends with "N passed, N failed". Called by make check-large.
#
#     W2V=build/release/w2v sh tests/large.sh [sparse] [tokens] [words] [matrix]
set -u
w2v=${W2V:-build/release/w2v}
passed=0 failed=0
folder=$(mktemp -d "${TMPDIR:-/tmp}/w2v-large.XXXXXX") || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
TMPDIR=$folder
export TMPDIR

holds() { # NAME COMMAND...
    name=$1
    shift
    if "$@"; then
        echo "ok $name"
        passed=$((passed + 1))
    else
        echo "not ok $name: $*"
        failed=$((failed + 1))
    fi
}

# room DISK MEMORY: whether the machine has so many GB of each.
room() {
    disk=$(df -Pk "$folder" | awk 'NR == 2 { print int($4 / 1048576) }')
    memory=$(awk '/^MemAvailable/ { print int($2 / 1048576) }' /proc/meminfo 2>/dev/null)
    [ "$disk" -ge "$1" ] && [ "${memory:-$2}" -ge "$2" ] && return 0
    echo "# skipped: $1 GB of disk and $2 GB of memory wanted; there are $disk and ${memory:-?}"
    return 1
}

field() { # MODEL KEY
    "$w2v" info "$1" | awk -v key="$2" '$1 == key { print $2 }'
}

# Writes so many words, 20 on a line.
count() {
    awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) printf "%d%s", i, i % 20 ? " " : "\n" }'
}

# A sparse file of 5 GB: words at its start, past 4 GB and at its end, zeros between.
sparse() {
    room 1 1 || return
    printf 'alpha beta\n' >"$folder/text"
    for at in 4294967290 4500000000 5368709100; do
        printf ' alpha gamma\n' | dd of="$folder/text" bs=1 seek="$at" conv=notrunc 2>/dev/null
    done
    "$w2v" vocab -q --any-bytes "$folder/text" >"$folder/vocab" || return
    printf 'alpha\t4\ngamma\t3\nbeta\t1\n' >"$folder/wanted"
    holds 'sparse: every word is counted' cmp "$folder/wanted" "$folder/vocab"
    "$w2v" train -q --any-bytes "$folder/text" -o "$folder/model" --min-count 1 -d 4 -e 1
    holds 'sparse: 5 GB are read' test "$(field "$folder/model" corpus_bytes)" -eq 5368709113
    holds 'sparse: trained' test "$(field "$folder/model" words_trained)" -eq 8
}

# 2^31 + 160 tokens through a pipe; their ids go to temporary files.
tokens() {
    room 20 3 || return
    lines=134217738
    yes 'a b c d e f g h i j k l m n o p' | head -n $lines |
        "$w2v" train - -o "$folder/model" --tokenizer whitespace --memory 1G --sample 1e-7 -d 1 \
            -w 1 -n 1 -e 1 --save-vocab "$folder/vocab" --progress json >/dev/null 2>"$folder/log"
    holds 'tokens: trained' test $? -eq 0
    tail -n 1 "$folder/log" | sed 's/^/# /'
    holds 'tokens: all counted' test "$(field "$folder/model" corpus_words)" -eq $((16 * lines))
    holds 'tokens: all gone through' test "$(field "$folder/model" words_trained)" -eq $((16 * lines))
    awk -v n=$lines '$2 != n { exit 1 }' "$folder/vocab"
    holds 'tokens: each word has its share' test $? -eq 0
}

# A vocabulary of 20 million words, of one dimension.
words() {
    room 4 9 || return
    n=20000000
    count $n >"$folder/text"
    "$w2v" train "$folder/text" -o "$folder/model" --min-count 1 -d 1 -w 1 -n 1 -e 1 --memory 10G \
        --progress json >/dev/null 2>"$folder/log"
    holds 'words: trained' test $? -eq 0
    tail -n 1 "$folder/log" | sed 's/^/# /'
    holds 'words: all there' test "$(field "$folder/model" words)" -eq $n
    holds 'words: found' test "$("$w2v" neighbors "$folder/model" 1 $n 7654321 -k 2 | wc -l)" -eq 6
}

# Matrices past 4 GB each: 1.1 million words of 1000 dimensions.
matrix() {
    room 6 11 || return
    n=1100000
    count $n >"$folder/text"
    "$w2v" train "$folder/text" -o "$folder/model" --min-count 1 -d 1000 -w 1 -n 1 -e 1 \
        --memory 12G --progress json >/dev/null 2>"$folder/log"
    holds 'matrix: trained' test $? -eq 0
    tail -n 1 "$folder/log" | sed 's/^/# /'
    holds 'matrix: a file past 4 GB' test "$(wc -c <"$folder/model")" -gt 4400000000
    holds 'matrix: its words are found' \
        test "$("$w2v" similarity "$folder/model" 1 1 $n $n 999999 999999 |
            grep -c '1.000000$')" -eq 3
    holds 'matrix: and searched' \
        test "$("$w2v" neighbors "$folder/model" 1 $n 999999 -k 2 | wc -l)" -eq 6
}

[ $# -gt 0 ] || set -- sparse tokens words matrix
for size; do
    echo "# $size"
    "$size"
    rm -rf "${folder:?}"/*
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
