# Hierarchical softmax: the same bytes for any number of threads and table of kernels; which options can be
# combined with it; the smallest vocabularies; checkpoints; warm starts; the model files.
. "$(dirname "$0")/lib.sh"

corpus 1500 >corpus.txt
opts='-q -d 24 -e 4 --min-count 1 --loss hs'
# shellcheck disable=SC2086
train() {
    "$w2v" train $opts "$@"
}

for model in sg cbow; do
    # shellcheck disable=SC2086
    everywhere $model "$w2v" train $opts corpus.txt -m $model --save-output
    check "$model: learns" 0 -- "$w2v" info "$model"
    holds "$model: learns, the loss falls" awk -F "$tab" '/^loss_/ { n[$1] = $2 }
        END { exit !(n["loss_4"] < n["loss_1"]) }' "$log/out"
    holds "$model: the record has the loss" grep -q "^loss${tab}hs\$" "$log/out"
    holds "$model: and nothing of negatives" sh -c \
        "! grep -q -e '^negative' -e '^ns_exponent' '$log/out'"
done
holds 'sg and cbow differ' sh -c '! cmp -s sg cbow'

# ---- What does not go with it ----------------------------------------------------------------------

check 'negatives' 2 -e '^w2v train: --negative with --loss hs: .*leave out one' -- \
    train corpus.txt -o none --negative 5
check 'their exponent' 2 -e '^w2v train: --ns-exponent with --loss hs' -- \
    train corpus.txt -o none --ns-exponent 0.5
check 'negatives with --loss ns' 0 -- "$w2v" train corpus.txt -q -o ns -d 24 --min-count 1 -e 2 \
    --loss ns --negative 5 --save-output
check 'which is the default' 0 -- "$w2v" train corpus.txt -q -o again -d 24 --min-count 1 -e 2 \
    --save-output
holds 'the same file' cmp ns again

echo 'a a a a a a' >one.txt
check 'one word' 1 -e '^w2v: the vocabulary is one word.*--loss ns' -- train one.txt -o none
echo 'a b a a b a b a a a' >two.txt
check 'two words' 0 -- train two.txt -o two --sample 0 --save-output
check 'two words: a tree of one node' 0 -- train two.txt -o again --init two --sample 0
only 'no model where there is none' again cbow corpus.txt ns one.txt sg two two.txt
rm one.txt two two.txt

# ---- Checkpoints -----------------------------------------------------------------------------------

check 'a checkpoint' 0 -- train corpus.txt -o with --save-output --checkpoint ck \
    --checkpoint-every 1w
holds 'the same model' cmp sg with
check 'from its end' 0 -- "$w2v" train -q --resume ck -o again
holds 'from its end: the model again' cmp sg again
check 'more epochs, of the same loss' 0 -- "$w2v" train -q --resume ck -o again -e 5 -t 2
check 'resumed with another loss' 2 -e 'begun with --loss hs, not ns' -- "$w2v" train --resume ck \
    -o none --loss ns
check 'resumed with negatives' 2 -e 'begun with --negative 0, not 5' -- "$w2v" train --resume ck \
    -o none --negative 5
check 'a checkpoint of the other loss' 0 -- "$w2v" train corpus.txt -q -o ns -d 24 --min-count 1 \
    -e 2 --save-output --checkpoint ck
check 'is not gone on from' 2 -e 'begun with --loss ns, not hs' -- "$w2v" train --resume ck \
    -o none --loss hs
rm ck with

continued 8 "$w2v" train corpus.txt -d 24 --min-count 1 --loss hs
continued 64 "$w2v" train corpus.txt -d 24 --min-count 1 --loss hs -m cbow

# ---- Models to go on from ---------------------------------------------------------------------------

start() { # PATTERN MODEL ARGUMENT...: as it goes on, this is said
    pattern=$1 from=$2
    shift 2
    check "$pattern" 0 -e "start from $from, 0 at random.*$pattern" -- \
        "$w2v" train -d 24 -e 2 --min-count 1 -o on --init "$from" "$@"
}
start 'with its output matrix' sg corpus.txt --loss hs
first=$("$w2v" info on | sed -n "s/^loss_1${tab}//p")
start 'its output matrix is of another --loss and is not used' ns corpus.txt --loss hs
start 'its output matrix is of another --loss and is not used' sg corpus.txt
train corpus.txt -o plain
start 'it has no output matrix' plain corpus.txt --loss hs
without=$("$w2v" info on | sed -n "s/^loss_1${tab}//p")
holds 'the output matrix is where it was' awk "BEGIN { exit !($first < $without) }"
head -n 700 corpus.txt >other.txt
start 'these words and counts give another Huffman tree' sg other.txt --loss hs --vocab-mode old
"$w2v" words sg >sg.words
start 'with its output matrix' sg other.txt --loss hs --vocab sg.words

# ---- Other files -------------------------------------------------------------------------------------

check "fastText's file" 0 -- "$w2v" convert sg sg.ftbin -q
start 'with its output matrix' sg.ftbin corpus.txt --loss hs
cp on want
check 'and back' 0 -- "$w2v" convert sg.ftbin back -q
start 'with its output matrix' back corpus.txt --loss hs
"$w2v" vector want w0 w1 w2 >want.rows
check 'which trains alike' 0 -O want.rows -- "$w2v" vector on w0 w1 w2
check 'some of the words' 0 -- "$w2v" convert sg some -q --top 20
start 'it has no output matrix' some corpus.txt --loss hs --vocab-mode old
finish
