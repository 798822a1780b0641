#!/bin/sh
# Maps beside those of scikit-learn's t-SNE: how well they keep neighbours, and the time. Called by
# make bench; what is missing is left out, and said to be.
#
#   MODEL    a model, or CORPUS: tokenized text, on which one is trained
#   WORDS    how many words are drawn, 10000
set -u
: "${W2V:=build/release/w2v}" "${BUILD:=build/release}" "${CORPUS:=}" "${MODEL:=}" "${WORDS:=10000}"
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
if [ -z "$MODEL" ] && [ -r "$CORPUS" ]; then
    MODEL=$folder/model
    "$W2V" train "$CORPUS" -o "$MODEL" --tokenizer whitespace --quiet || exit 1
fi
if [ -z "$MODEL" ]; then
    echo "# neither MODEL nor CORPUS: no map"
    exit 0
fi
seconds=$("$BUILD/measure" "$W2V" map "$MODEL" --top "$WORDS" -o "$folder/map.tsv" --quiet \
    2>"$folder/log" | cut -d ' ' -f 1)
[ -s "$folder/map.tsv" ] || {
    tail -n 3 "$folder/log"
    exit 1
}
echo "# map of $(wc -l <"$folder/map.tsv") words: neighbours kept, trustworthiness, seconds"
python=python3
"$python" -c 'import sklearn' 2>/dev/null || python=/usr/bin/python3
"$python" -c 'import sklearn' 2>/dev/null || {
    echo "w2v	-	-	$seconds"
    echo "# scikit-learn is not installed: left out"
    exit 0
}
"$W2V" convert "$MODEL" "$folder/vectors" --to word2vec-text --top "$WORDS" --quiet || exit 1
echo "w2v	$("$python" tests/bench/map_quality.py "$folder/vectors" map "$folder/map.tsv" |
    cut -f 1,2)	$seconds"
echo "sklearn	$("$python" tests/bench/map_quality.py "$folder/vectors" sklearn 1)"
