# train --subwords: the same model every time, vectors of any word, model files, and options that cannot
# be combined.
files=$PWD/tests/formats
. "$(dirname "$0")/lib.sh"

corpus 1500 >corpus.txt
train() {
    "$w2v" train corpus.txt -d 16 -e 2 --min-count 1 "$@"
}

for model in sg cbow; do
    everywhere $model "$w2v" train corpus.txt -q -d 16 -e 2 --min-count 1 --subwords --buckets 5000 -m $model
done
mv sg one
check 'a part that all words share' 0 -- train -q --subwords --buckets 1 -m cbow -o shared
check 'other n-grams' 0 -- train -q --subwords --buckets 5000 --minn 2 --maxn 4 -o other
check 'give another model' 1 -- cmp -s one other
"$w2v" info one >info
holds 'the record says so' grep -q "^subwords${tab}yes" info
check 'no n-grams without' 0 -- train -q -o plain
"$w2v" info plain >info
holds 'and no lengths of them in the record' sh -c "! grep -q '^minn' info"

# ---- Any word -----------------------------------------------------------------------------------

"$w2v" vocab corpus.txt | cut -f1 | head -n 20 >words
printf 'unseen\nw1x\nna\303\257ve\n' >>words
"$w2v" vector one --oov subword <words >want
holds 'every word has a vector' test "$(wc -l <want)" -eq 23
check "fastText's file" 0 -- train -q --subwords --buckets 5000 -o one.ftbin
train -q --subwords --buckets 50 --sample 0.012345678901234567 -o odd.ftbin
awk 'BEGIN { for (i = 0; i < 9000; i++) long = long "q"; for (i = 0; i < 6; i++) print long, "cat dog" }' >long
check 'a long word' 0 -- "$w2v" train long -q -d 4 -e 1 -t 1 --subwords --buckets 50 -o long.ftbin
check 'a long word: the file is read' 0 -o '3' -- sh -c '"$0" words long.ftbin -q | wc -l' "$w2v"
rm long long.ftbin
"$w2v" convert odd.ftbin odd -q
"$w2v" convert odd back.ftbin -q
holds "fastText's file comes back from w2v's own, byte for byte" cmp odd.ftbin back.ftbin
check 'gives the same vectors' 0 -i words -O want -- "$w2v" vector one.ftbin --oov subword

# ---- Going on -----------------------------------------------------------------------------------

check 'from a model' 0 -e 'start from one' -- train --subwords --buckets 5000 --init one -o m1
cp "$files/fasttext-cbow.bin" zero.bin # with n-grams of 1 and 2 characters, or of 0 to 2
printf '\0' | dd of=zero.bin bs=1 seek=44 conv=notrunc 2>"$log/held"
check "from n-grams of 0 characters" 0 -- "$w2v" train corpus.txt -q -o m2 -d 4 -e 1 \
    --min-count 1 --subwords --minn 1 --maxn 2 --buckets 40 --init zero.bin
check "from fastText's file" 0 -e 'start from one.ftbin' -- train --subwords --buckets 5000 --init one.ftbin -o m2
check 'a checkpoint' 0 -- train -q --subwords --buckets 5000 --checkpoint ck -o whole
cp whole was
check 'is gone on with' 0 -- "$w2v" train -q --resume ck -t 1
holds 'to the same file' cmp was whole
continued 8 "$w2v" train corpus.txt -d 16 --min-count 1 --subwords --buckets 5000
continued 64 "$w2v" train corpus.txt -d 16 --min-count 1 --subwords --buckets 5000 -m cbow

# Queries without an answer take no memory for good.
train -q --subwords -d 1000 -o wide
head -n 1 words | awk '{ for (i = 0; i < 40000; i++) print $1 "x" i, "中文字" }' >lost
if ! ldd "$w2v" 2>"$log/held" | grep -q -e asan -e tsan &&
    sh -c "ulimit -v 100000; '$w2v' --version" >"$log/held" 2>&1; then
    check 'many queries without an answer' 1 -o '' -i lost -- \
        sh -c "ulimit -v 100000; '$w2v' similarity wide -q --oov subword"
    holds 'many queries without an answer: memory was enough' sh -c "! grep -q memory '$log/err'"
else
    skipped 'many queries without an answer' 'no ulimit -v, or a sanitizer'
fi

# ---- What does not go ---------------------------------------------------------------------------

check 'n-grams that are left out' 0 -e '^w2v: note: one.ftbin has n-grams, which are left out' -- \
    train --init one.ftbin -o m2
check 'no n-grams to start from' 2 -e '^w2v: plain has no n-grams' -- \
    train --subwords --buckets 5000 --init plain -o bad
check 'other n-grams to start from' 2 -e 'give --minn 2 --maxn 4 --buckets 5000$' -- \
    train --subwords --buckets 5000 --init other -o bad
check 'n-grams that were pruned' 2 -e 'is pruned: .*leave out --subwords' -- \
    train --subwords -d 5 --init "$files/fasttext-pruned.ftz" -o bad
head -n 3 words >stay
check 'words that stay' 2 -e '^w2v: --freeze with --subwords' -- \
    train --subwords --buckets 5000 --freeze stay -o bad
check 'lengths without subwords' 2 -e '--maxn without --subwords' -- train --maxn 4 -o bad
check 'shorter than the shortest' 2 -e '--minn 5 is above --maxn 4' -- \
    train --subwords --buckets 5000 --minn 5 --maxn 4 -o bad
check 'too little memory for the n-grams' 1 -e 'more than the .* allowed' -- \
    train --subwords --buckets 5000 -d 4000 --memory 22M -o bad
holds 'no model was left' test ! -e bad
finish
