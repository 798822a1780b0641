#!/bin/sh
# Files that w2v writes, read by gensim and NumPy: the same words and the same floats. Needs what
# Debian calls python3-gensim; prints "N passed, N failed" as its last line.
#
#     W2V=build/release/w2v sh tests/interop/run.sh
set -u
w2v=$(realpath "${W2V:-build/release/w2v}")
reader=$(realpath "$(dirname "$0")/read.py")
python=/usr/bin/python3
"$python" -c 'import gensim' 2>/dev/null || python=python3
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
cd "$folder" || exit 1
awk 'BEGIN { srand(3); for (i = 0; i < 3000; i++) { for (j = 0; j < 8; j++)
    printf "%s%d%s", j % 2 ? "wört" : "w", int(60 * rand() ^ 2), j < 7 ? " " : "\n" } }' >corpus
"$w2v" train corpus -o vec.bin -q -d 20 -e 1 || exit 1
"$w2v" vector vec.bin $("$w2v" words vec.bin | cut -f 1) >want.tsv || exit 1
"$w2v" convert vec.bin plain.bin --to word2vec-plain -q || exit 1
"$w2v" convert vec.bin vec.txt -q || exit 1
"$w2v" convert vec.bin vec.npy -q || exit 1
"$w2v" convert vec.bin vec.safetensors -q || exit 1
"$python" "$reader" want.tsv
