#!/bin/sh
# Vectors of words that a model has never seen, beside those of a model that has. Some rare words are
# taken out of the text. Models with subwords, w2v's and fastText's, are trained on what is left and
# compose these words; a model without subwords is trained on the whole text. A composed vector is good
# where its cosines to the frequent words are those that the other model has: the mean correlation
# of the two is printed, and that of the same words when they are seen, for comparison.
#
#     W2V=build/release/w2v CORPUS=text sh tests/bench/rare.sh
#
# CORPUS: words between blanks. EPOCHS (5), SEEDS of the models with subwords (1), HELD (200 words),
# LEAST and MOST (20, 100: how often they occur), FREQUENT (500 words). fastText takes part where it is
# installed, with the rates FASTTEXT_LR (0.05) and THREADS (2) threads.
set -eu
w2v=${W2V:-build/release/w2v}
corpus=${CORPUS:?name a text: CORPUS=text}
threads=${THREADS:-2} epochs=${EPOCHS:-5} seeds=${SEEDS:-1} held=${HELD:-200}
least=${LEAST:-20} most=${MOST:-100} frequent=${FREQUENT:-500}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM

train() {
    "$w2v" train -q --tokenizer whitespace -e "$epochs" "$@"
}

# Evenly from all rare words that have a few letters, so that there are n-grams to go by.
"$w2v" vocab -q "$corpus" --tokenizer whitespace --min-count "$least" >"$folder/vocab"
awk -F '\t' -v most="$most" '$2 <= most && length($1) >= 5 { print $1 }' "$folder/vocab" >"$folder/rare"
awk -v held="$held" -v n="$(wc -l <"$folder/rare")" \
    'int(NR * held / n) > int((NR - 1) * held / n)' "$folder/rare" >"$folder/held"
cut -f1 "$folder/vocab" | head -n "$frequent" >"$folder/frequent"
awk 'NR == FNR { held[$1]; next }
    { line = ""; for (i = 1; i <= NF; i++) if (!($i in held)) line = line " " $i; print substr(line, 2) }' \
    "$folder/held" "$corpus" >"$folder/rest"
awk 'NR == FNR { frequent[NR] = $1; n = NR; next } { for (i = 1; i <= n; i++) print $1, frequent[i] }' \
    "$folder/frequent" "$folder/held" >"$folder/pairs"

cosines() { # MODEL
    "$w2v" similarity -q "$1" --oov subword <"$folder/pairs" | cut -f1,3
}
train "$corpus" -o "$folder/seen"
cosines "$folder/seen" >"$folder/want"

compare() { # NAME, MODEL
    cosines "$2" | paste "$folder/want" - | awk -F '\t' -v name="$1" '
        function end_word() {
            if (n > 1) {
                sum += (xy - x * y / n) / sqrt((xx - x * x / n) * (yy - y * y / n))
                words++
            }
            n = x = y = xx = yy = xy = 0
        }
        $1 != last { end_word(); last = $1 }
        { n++; x += $2; y += $4; xx += $2 * $2; yy += $4 * $4; xy += $2 * $4 }
        END { end_word(); printf "%s\t%.3f\t%d words\n", name, sum / words, words }'
}
train "$corpus" --seed 2 -o "$folder/again"
compare 'seen, without subwords, another seed' "$folder/again"
for seed in $seeds; do
    train "$corpus" --subwords --seed "$seed" -o "$folder/subwords.w2v"
    compare "seen, w2v --subwords --seed $seed" "$folder/subwords.w2v"
    for model in sg cbow; do
        train "$folder/rest" --subwords -m $model --seed "$seed" -o "$folder/subwords.w2v"
        compare "unseen, w2v --subwords -m $model --seed $seed" "$folder/subwords.w2v"
    done
done
command -v fasttext >"$folder/which" || exit 0
for rate in ${FASTTEXT_LR:-0.05}; do
    for model in skipgram cbow; do
        fasttext $model -input "$folder/rest" -output "$folder/fasttext" -thread "$threads" \
            -minn 3 -maxn 6 -epoch "$epochs" -lr "$rate" -t 1e-4 >"$folder/log" 2>&1
        compare "unseen, fasttext $model -lr $rate" "$folder/fasttext.bin"
    done
done
