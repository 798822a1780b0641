#!/bin/sh
# Long lines of few different items, as sessions, baskets and walks have them: are the neighbours
# right whatever the window? 500 items in 50 groups of 10, and lines of 2,000 items that are drawn
# evenly within a group, so that an item's nine nearest neighbours are the others of its group.
#
#     BUILD=build/release sh tests/bench/sessions.sh
#     WINDOWS="5 20 60 200" LINES_EACH=10 THREADS=1 SEED=1 MODEL=sg sh tests/bench/sessions.sh
#
#   LINES_EACH  the lines of each group
#
# Prints the share of right neighbours, whether the vectors are finite, and the seconds. Ends with
# status 1 if a share is below 0.99.
set -u
: "${BUILD:=build/release}" "${WINDOWS:=5 20 60 200}" "${LINES_EACH:=10}" "${THREADS:=1}"
: "${W2V:=$BUILD/w2v}" "${SEED:=1}" "${MODEL:=sg}"
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM

# awk's rand() is another one in every awk; this is Park and Miller's, exact in doubles.
awk -v each="$LINES_EACH" 'BEGIN {
    x = 1
    for (line = 0; line < 50 * each; line++) {
        for (i = 0; i < 2000; i++) {
            x = x * 16807 % 2147483647
            printf "%sg%di%d", i ? " " : "", line % 50, int(x / 2147483647 * 10) }
        print "" } }' >"$folder/sessions"
awk 'BEGIN { for (i = 0; i < 500; i++) printf "g%di%d\n", i / 10, i % 10 }' >"$folder/items"

echo "# sessions: $((100000 * LINES_EACH)) tokens, $MODEL, 5 epochs, $THREADS threads, seed $SEED"
printf 'window\tshare\tfinite\tseconds\n'
status=0
for window in $WINDOWS; do
    share=0 finite=yes
    if cost=$("$BUILD/measure" "$W2V" train "$folder/sessions" -o "$folder/vectors" -m "$MODEL" \
        -w "$window" --sample 0 --min-count 1 --tokenizer whitespace -e 5 -t "$THREADS" \
        --seed "$SEED" --quiet 2>"$folder/log"); then
        share=$("$W2V" neighbors "$folder/vectors" -k 9 <"$folder/items" |
            awk -F '\t' '{ split($1, a, "i"); split($2, b, "i"); right += a[1] == b[1] }
                END { printf "%.4f", right / 4500 }')
    else
        said=$(tail -n 1 "$folder/log")
        finite="no: ${said:-killed, it said nothing}"
    fi
    printf '%s\t%s\t%s\t%s\n' "$window" "$share" "$finite" "${cost% *}"
    awk -v s="$share" 'BEGIN { exit s < 0.99 }' || status=1
done
exit $status
