#!/bin/sh
# How fast vector files open: text in MB/s, and large binary files against reading them once.
#
#     BUILD=build/release sh tests/bench/files.sh
#     WORDS=3000000 DIM=300 FOLDER=/dev/shm BUILD=build/release sh tests/bench/files.sh
#
# Needs room for twice WORDS x DIM x 4 bytes in FOLDER, and as much free memory, so that the files
# stay in the page cache. Prints a name, a tab and the best of three; tests/bench/run.sh is for
# training.
set -u
build=${BUILD:-build/release} folder=${FOLDER:-/tmp}
w2v=$build/w2v words=${WORDS:-400000} dim=${DIM:-300} tab=$(printf '\t')
here=$(mktemp -d "$folder/w2v-bench.XXXXXX") || exit 1
trap 'rm -rf "$here"' EXIT
trap 'exit 1' HUP INT TERM

best() { # COMMAND...: seconds of the fastest of three
    for _ in 1 2 3; do
        "$build/measure" "$@" 2>/dev/null || exit 1
    done | sort -n | awk 'NR == 1 { print $1 }'
}
rate() { # FILE SECONDS
    awk -v b="$(wc -c <"$1")" -v s="$2" 'BEGIN { printf "%.0f MB/s\n", b / s / 1e6 }'
}

"$build/make_vectors" 100000 100 "$here/x.bin" || exit 1
"$w2v" convert "$here/x.bin" "$here/x.glove" -q || exit 1
echo "text read, one thread$tab$(rate "$here/x.glove" "$(best "$w2v" info -t 1 "$here/x.glove")")"
echo "text read, all threads$tab$(rate "$here/x.glove" "$(best "$w2v" info "$here/x.glove")")"
seconds=$(best "$w2v" convert "$here/x.bin" "$here/y.glove" -q)
echo "text written, all threads$tab$(rate "$here/x.glove" "$seconds")"
rm -f "$here"/*.glove

"$build/make_vectors" "$words" "$dim" "$here/x.bin" || exit 1
"$w2v" convert "$here/x.bin" "$here/own.bin" -q || exit 1
echo "read once (cat)$tab$(best cat "$here/x.bin") s"
echo "word2vec file, first neighbors$tab$(best "$w2v" neighbors "$here/x.bin" w0 -k 10 -q) s"
echo "own file, first neighbors$tab$(best "$w2v" neighbors "$here/own.bin" w0 -k 10 -q) s"
echo "own file, one vector$tab$(best "$w2v" vector "$here/own.bin" w0 -q) s"
