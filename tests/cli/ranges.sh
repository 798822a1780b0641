# Training at the ends of the options' ranges, and on unusual texts: vectors are finite, and sensible
# where the text has something to learn.
. "${0%/*}/lib.sh"

# finite NAME FILE: all numbers are finite. w2v convert refuses others.
finite() {
    holds "$1: finite" "$w2v" convert "$2" copy.txt -q
}

# near NAME LEAST MODEL GROUPS: of the five nearest words of each word, at least the share LEAST is in
# the group of the word. A line of GROUPS has a word and the name of its group.
near() {
    cut -d ' ' -f 1 "$4" | "$w2v" neighbors "$3" -k 5 >"$log/found"
    holds "$1: neighbours are of the same group" awk -v least="$2" '
        NR == FNR { group[$1] = $2; next }
        { n++; right += ($2 in group) && group[$1] == group[$2] }
        END { print right / n; exit !(n > 0 && right / n >= least) }' "$4" "$log/found"
}

# ---- Combinations of options -----------------------------------------------------------------------

corpus 60 >text
n=0
while read -r options; do
    n=$((n + 1))
    # shellcheck disable=SC2086
    check "options $n" 0 -e '' -- "$w2v" train text -o out -q -e 2 $options
    finite "options $n" out
done <<'END'
-m sg -w 1 -n 1 -d 1 --min-count 1 --sample 0 --shards 1 -t 1
-m sg -w 200 -n 1 -d 1 --min-count 50 --sample 1e-2 --shards 128 -t 64 --fixed-window
-m sg -w 1 -n 200 -d 300 --min-count 50 --sample 0 --shards 128 -t 7 --fixed-window
-m sg -w 200 -n 15 -d 60 --min-count 1 --sample 0 --shards 1 -t 2 --whole-line
-m sg -w 20 --loss hs -d 300 --min-count 1 --sample 0 --shards 128 -t 64 --fixed-window
-m sg -w 5 -n 50 -d 20 --min-count 5 --sample 0 --shards 16 -t 3 --subwords --buckets 999
-m sg -w 200 --loss hs -d 2 --min-count 5 --sample 1e-2 --shards 3 -t 5 --subwords --buckets 7
-m cbow -w 1 -n 1 -d 1 --min-count 50 --sample 0 --shards 128 -t 64
-m cbow -w 200 -n 200 -d 300 --min-count 1 --sample 0 --shards 1 -t 1 --fixed-window
-m cbow -w 200 -n 2 -d 9 --min-count 9 --sample 1e-2 --shards 128 -t 3 --whole-line
-m cbow -w 20 --loss hs -d 1 --min-count 1 --sample 0 --shards 16 -t 64 --fixed-window
-m cbow -w 50 --loss hs -d 64 --min-count 1 --sample 1e-3 --shards 7 -t 2 --subwords --buckets 999
END

# ---- Two words -------------------------------------------------------------------------------------

awk 'BEGIN { for (i = 0; i < 1000; i++) printf "%s ", i % 2 ? "pong" : "ping"; print "" }' >two
for options in '' '-w 50 --sample 0' '-m cbow -w 50 --sample 0' '--loss hs -w 50 --sample 0' \
    '--subwords --buckets 99 -w 50 --sample 0' '-d 1' '-d 1000 -w 50 --sample 0'; do
    # shellcheck disable=SC2086
    check "two words alternate $options" 0 -e '' -- "$w2v" train two -o out -q $options
    finite "two words alternate $options" out
done

# ---- Dimensions 1 and 1000 -------------------------------------------------------------------------

# A word of a group stands beside words of the group alone.
awk -v lines="${slow:+80}" 'BEGIN { x = 1
    for (line = 0; line < (lines ? lines : 800); line++) {
        for (i = 0; i < 8; i++) {
            x = x * 16807 % 2147483647
            printf "g%dn%d ", line % 8, x % 6 }
        print "" } }' >grouped
awk 'BEGIN { for (i = 0; i < 48; i++) printf "g%dn%d g%d\n", i / 6, i % 6, i / 6 }' >groups
epochs=8
[ -z "$slow" ] || epochs=1
printf ': same\ng0n0 g0n1 g1n0 g1n1\ng2n0 g2n1 g3n0 g3n1\n' >questions
for model in '-m sg' '-m cbow' '-m sg --loss hs' '-m sg --subwords --buckets 999'; do
    for dim in 1 1000; do
        name="$model -d $dim"
        # shellcheck disable=SC2086
        check "$name" 0 -e '' -- "$w2v" train grouped -o out -q $model -d $dim -e $epochs
        finite "$name" out
        check "$name: analogy" 0 -- "$w2v" analogy out g0n0 g0n1 g1n0 -k 3
        check "$name: odd" 0 -- "$w2v" odd out g0n0 g0n1 g1n0
        check "$name: eval" 0 -- "$w2v" eval out questions
        check "$name: cluster" 0 -- "$w2v" cluster out -k 3
        check "$name: map" 0 -- "$w2v" map out -o out.tsv -q
        for format in npy safetensors word2vec-text; do
            check "$name: $format" 0 -- "$w2v" convert out "copy.$format" --to $format -q
            "$w2v" vector out g1n3 >"$log/want"
            check "$name: $format is the same" 0 -O "$log/want" -- "$w2v" vector "copy.$format" g1n3
            rm -f copy.*
        done
        [ -n "$slow" ] || [ $dim = 1 ] || [ "${model##*subwords*}" = '' ] || near "$name" 0.9 out groups
    done
done

# ---- Shards that are all among the same words ------------------------------------------------------

# Fifteen shards have 50 lines each. They all begin with the same group, and change it together.
awk 'BEGIN { x = 1
    for (line = 0; line < 750; line++) {
        for (i = 0; i < 60; i++) {
            x = x * 16807 % 2147483647
            printf "%sg%dn%d", i ? " " : "", line % 50, x % 10 }
        print "" } }' >turns
awk 'BEGIN { for (i = 0; i < 500; i++) printf "g%dn%d g%d\n", i / 10, i % 10, i / 10 }' >groups
epochs=8
[ -z "$slow" ] || epochs=1
for options in '-m sg' '-m cbow' '-m sg --loss hs' '-m cbow --subwords --buckets 999'; do
    # shellcheck disable=SC2086
    check "turns, $options" 0 -e '' -- "$w2v" train turns -o out -q --min-count 1 -w 20 --sample 0 \
        -e $epochs $options
    [ -n "$slow" ] || near "turns, $options" 0.95 out groups
done

# ---- DNA and Chinese -------------------------------------------------------------------------------

# Random sequences, in each of which one of four motifs of 20 bases is planted. The words are the 6-mers.
awk -v lines="${slow:+20}" '
    function u() { x = x * 16807 % 2147483647; return x / 2147483647 }
    function bases(n,  s) { for (; n > 0; n--) s = s substr("ACGT", int(u() * 4) + 1, 1); return s }
    BEGIN {
        x = 1
        for (m = 0; m < 4; m++) {
            motif[m] = bases(20)
            for (i = 1; i <= 15; i++)
                print substr(motif[m], i, 6), m >"motifs" }
        for (line = 0; line < (lines ? lines : 200); line++) {
            at = int(u() * 181)
            s = bases(at) motif[line % 4] bases(180 - at)
            for (i = 1; i <= 195; i++)
                printf "%s%s", substr(s, i, 6), i < 195 ? " " : "\n" } }' >dna
for model in sg cbow; do
    # shellcheck disable=SC2086
    check "DNA, $model" 0 -e '' -- "$w2v" train dna -o out -q -m $model --tokenizer whitespace ${slow:+-e 1}
    finite "DNA, $model" out
    [ -n "$slow" ] || near "DNA, $model" 0.7 out motifs # by chance it is 0.004
done

# Sentences without blanks, in which numbers, directions and colours have places of their own.
awk -v lines="${slow:+50}" 'BEGIN {
    split("一二三四五六七八九 东南西北中上下左右 红黄蓝绿白黑紫灰青", set, " ")
    for (k = 1; k <= 3; k++)
        for (i = 0; i < 9; i++)
            c[k, i] = substr(set[k], 3 * i + 1, 3) # a character has three bytes
    split("他有#个,到#边去,天是#色", frame, ",")
    x = 1
    for (line = 0; line < (lines ? lines : 1200); line++) {
        k = line % 3 + 1
        for (i = 0; i < 2; i++) {
            x = x * 16807 % 2147483647
            at = index(frame[k], "#")
            printf "%s%s%s", substr(frame[k], 1, at - 1), c[k, x % 9], substr(frame[k], at + 1) }
        print "" } }' >chinese
awk 'BEGIN {
    split("一二三四五六七八九 东南西北中上下左右 红黄蓝绿白黑紫灰青", set, " ")
    for (k = 1; k <= 3; k++)
        for (i = 0; i < 9; i++)
            print substr(set[k], 3 * i + 1, 3), k }' >characters
for options in '-m sg' '-m cbow' '-m sg -w 20 --sample 1e-3' '-m sg --tokenizer chars'; do
    # shellcheck disable=SC2086
    check "Chinese, $options" 0 -e '' -- "$w2v" train chinese -o out -q $options
    finite "Chinese, $options" out
done
[ -n "$slow" ] || near 'Chinese' 0.9 out characters
finish
