#!/bin/sh
# How training scales with threads: time, words a second and speed-up for each number of threads,
# and whether the vectors are the same bytes. `make bench` runs this where THREADS has several numbers.
#
#     make bench CORPUS=FILE THREADS="1 2 4 8 16 32 64" [DIM=100] [EPOCHS=1] [MODELS="sg cbow"]
#                [SHARDS="16 64"]
#
#   CORPUS   tokenized text, a paragraph a line, blanks between the tokens
#   SHARDS   values of --shards; each has a table of its own, since each gives other vectors
#
# Nothing else should run on the machine meanwhile.
set -u
: "${W2V:=build/release/w2v}" "${BUILD:=build/release}"
: "${CORPUS:=}" "${THREADS:=1 2}" "${DIM:=100}" "${EPOCHS:=1}" "${MODELS:=sg cbow}" "${SHARDS:=}"
if [ ! -r "$CORPUS" ]; then
    sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
    echo "CORPUS=$CORPUS is not a file that can be read" >&2
    exit 2
fi
if [ -z "$SHARDS" ]; then
    SHARDS=16
    for threads in $THREADS; do [ "$threads" -gt 16 ] && SHARDS="16 64"; done
fi
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM

cores=$(getconf _NPROCESSORS_ONLN)
"$W2V" vocab "$CORPUS" -o "$folder/vocab.tsv" --tokenizer whitespace --min-count 5 --quiet || exit 1
words=$(awk -F '\t' '{ n += $2 } END { printf "%.0f", n }' "$folder/vocab.tsv")
echo "# $CORPUS, $words words, dim $DIM, $EPOCHS epochs, $cores cores"
printf 'model\tshards\tthreads\tseconds\tM words/s\tspeed-up\tbytes\n'
for model in $MODELS; do
    for shards in $SHARDS; do
        rm -f "$folder/first.bin" # the first number of threads is what the others are compared with
        for threads in $THREADS; do
            if [ "$threads" -gt "$cores" ]; then
                printf '%s\t%s\t%s\tthe machine has only %s cores\n' "$model" "$shards" \
                    "$threads" "$cores"
                continue
            fi
            cost=$("$BUILD/measure" "$W2V" train "$CORPUS" -o "$folder/v.bin" -m "$model" \
                -d "$DIM" -e "$EPOCHS" -t "$threads" --shards "$shards" \
                --tokenizer whitespace --quiet 2>"$folder/log") || {
                cat "$folder/log" >&2
                exit 1
            }
            seconds=${cost% *}
            if [ ! -f "$folder/first.bin" ]; then
                mv "$folder/v.bin" "$folder/first.bin"
                first=$seconds bytes=first
            elif cmp -s "$folder/first.bin" "$folder/v.bin"; then
                bytes=same
            else
                bytes=DIFFERENT
            fi
            printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$model" "$shards" "$threads" "$seconds" \
                "$(awk -v w="$words" -v e="$EPOCHS" -v s="$seconds" -v f="$first" \
                    'BEGIN { printf "%.2f\t%.2f", w * e / s / 1e6, f / s }')" "$bytes"
        done
    done
done
