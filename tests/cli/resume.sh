# Checkpoints: a run that a signal stopped, or that was killed at any moment, is resumed and gives the same
# bytes. Another corpus or other options are refused. Numbers that are not finite are never written.
here=$(cd "$(dirname "$0")" && pwd)
. "$(dirname "$0")/lib.sh"

corpus 3000 >corpus.txt
epochs=100 # enough for a signal to come before the end
[ -z "$slow" ] || epochs=12
opts="-d 24 -e $epochs --min-count 1"

# shellcheck disable=SC2086
train() {
    "$w2v" train -q $opts "$@"
}

# shellcheck disable=SC2086
long() { # SIGNALS, arguments
    long_signals=$1
    shift
    signalled "$long_signals" "$w2v" train $opts --progress json "$@"
}

check 'uninterrupted' 0 -- train corpus.txt -o whole -t 1
check 'with checkpoints' 0 -e '' -- train corpus.txt -o with --checkpoint ck --checkpoint-every 7e
holds 'the same model' cmp whole with
check 'the last checkpoint is of the end' 0 -- "$w2v" train -q --resume ck -o again
holds 'and gives the model again' cmp whole again

check 'begun with --to' 0 -- train corpus.txt -o glove --to glove --checkpoint ck2 -e 1
check 'another output: its ending counts' 0 -- "$w2v" train -q --resume ck2 -o other.npy
holds 'a matrix' sh -c '"$0" info other.npy | grep -q "^format${1}npy"' "$w2v" "$tab"
check 'the same output' 0 -- "$w2v" train -q --resume ck2
holds 'as it was begun' sh -c '"$0" info glove | grep -q "^format${1}glove"' "$w2v" "$tab"
rm -f glove other.npy other.words ck2

# ---- Signals ------------------------------------------------------------------------------------

threads=1
for pair in INT:130 TERM:143 HUP:129; do
    signal=${pair%:*}
    sh -c "kill -s $signal \$\$" 2>"$log/held"
    if [ $? -ne "${pair#*:}" ]; then
        skipped "$signal" 'ignored by the parent'
        continue
    fi
    rm -f again with ck
    long "USR1 $signal" corpus.txt -o again --checkpoint ck -t $threads
    got=$?
    holds "$signal: status ${pair#*:}" test "$got" -eq "${pair#*:}"
    only "$signal: a checkpoint, no model" corpus.txt whole ck
    holds "$signal: says where" grep -q 'stopped after .* w2v train --resume ck' "$log/err"
    threads=$((3 - threads))
    check "$signal: resumed" 0 -e '' -- "$w2v" train -q --resume ck -t $threads
    holds "$signal: the same model" cmp whole again
done

rm -f again ck
long TERM corpus.txt -o again --save-on-interrupt
holds 'save-on-interrupt: status 143' test $? -eq 143
holds 'save-on-interrupt: says where' grep -q 'the model so far is in again' "$log/err"
check 'save-on-interrupt: a model of part of the run' 0 -- "$w2v" info again
trained=$(sed -n "s/^words_trained${tab}//p" "$log/out")
part=$(sed -n "s/^epochs_done${tab}//p" "$log/out")
holds 'save-on-interrupt: that says how large a part' awk -v trained="$trained" -v part="$part" \
    -v all=$epochs 'BEGIN { whole = 36000 * part
        exit !(part > 0 && part < all && trained > 0.9 * whole && trained <= whole + 1) }'
only 'save-on-interrupt: the model alone' corpus.txt whole again

# USR1 gives a line at once in every mode. The run would last for hours.
"$w2v" train corpus.txt -o again -d 24 -e 999999 --min-count 1 --progress none 2>"$log/told" &
told=$!
tries=0
while [ $tries -lt 1500 ] && ! grep -q '^epoch' "$log/told"; do
    sleep 0.02
    tries=$((tries + 1))
    ! grep -q '^plan' "$log/told" || kill -s USR1 $told 2>"$log/sent"
done
kill -s TERM $told
wait $told
holds 'USR1: a line' grep -q '^epoch [0-9]*/999999: .*words/s' "$log/told"

# ---- Killed -------------------------------------------------------------------------------------

if W2V=$w2v sh "$here/../kill.sh" 3 >"$log/out" 2>"$log/err"; then
    passed 'killed at random'
else
    failed 'killed at random' "$(cat "$log/out" "$log/err")"
fi

# ---- Refused ------------------------------------------------------------------------------------

rm -f again
train corpus.txt -o some --checkpoint ck -e 3 2>"$log/err" ||
    "$w2v" train -q -d 24 -e 3 --min-count 1 corpus.txt -o some --checkpoint ck
cp ck kept
refuse() { # NAME STATUS PATTERN ARGUMENT...
    refused=$1 status=$2 pattern=$3
    shift 3
    check "$refused" "$status" -o '' -e "$pattern" -- "$w2v" train --resume ck -o again "$@"
    holds "$refused: no model" test ! -e again
    holds "$refused: the checkpoint is as it was" cmp kept ck
}
check 'the corpus of a checkpoint is an array' 0 -- "$w2v" info ck --json
holds 'of one file' grep -q '"corpus": \["[^"]*/corpus.txt"\], ' "$log/out"
refuse 'another dim' 2 'dim 24, not 25' -d 25
refuse 'another seed' 2 'seed 1, not 2' --seed 2
refuse 'another tokenizer' 2 'tokenizer words, not chars' --tokenizer chars
lr=$("$w2v" info some | sed -n "s/^lr$tab//p")
check 'rates are compared' 2 -e '^w2v train: --min-lr 1 is above --lr .1' -- \
    "$w2v" train --resume kept --lr .1 --min-lr 1
refuse 'another rate' 2 "lr $lr, not 0.05" --lr 0.05
# Beside options that were not given, these would contradict them; the user should not hear of those.
refuse 'another score of phrases' 2 'begun with --phrase-score w2v, not npmi' --phrase-score npmi
refuse 'another last rate' 2 'begun with --min-lr .*, not 0.5' --min-lr 0.5
refuse 'hyphens where there were none' 2 'begun with --tokenizer words, not chars' --hyphens --tokenizer chars
refuse 'a graph where there was none' 2 'begun with --graph no, not yes' --graph
refuse 'walks of no graph' 2 'walks 10, not 3' --walks 3
refuse 'another model' 2 'model sg, not cbow' -m cbow
refuse 'fewer epochs than are done' 2 '3.00 epochs are done, more than the 2 asked for' -e 2
check 'the same options again' 0 -e '' -- "$w2v" train -q corpus.txt -d 24 --lr "$lr" -e 3 \
    --min-count 1 --resume ck -o again
holds 'the same options again: the same model' cmp some again
cp kept ck
rm -f again
sed '1500s/w[0-9]*/x/' corpus.txt >other.txt
refuse 'another word in the corpus' 1 'the corpus is not the one' other.txt
sed '1500s/ /\t/' corpus.txt >other.txt
refuse 'another blank in the corpus' 1 'the corpus is not the one' other.txt
head -n 2999 corpus.txt >other.txt
refuse 'a shorter corpus' 1 'it had .* bytes and has' other.txt
mv corpus.txt moved.txt
refuse 'no corpus' 1 'corpus.txt' -q
check 'the corpus under another name' 0 -e '' -- "$w2v" train -q moved.txt --resume ck -o again
holds 'another name: the same model' cmp some again
mv moved.txt corpus.txt
anew() {
    "$w2v" train corpus.txt -o other -d 8 -e 1 --min-count 1 --checkpoint "$1"
}
check 'a new run on the checkpoint of another' 0 -e '^w2v: note: ck holds another run' -- anew ck
check 'a new run on none' 0 -- anew new
holds 'says nothing of the kind' sh -c '! grep -q "holds another" "$1"' sh "$log/err"
cp kept ck
long TERM corpus.txt -o other --checkpoint ck
holds 'stopped before a checkpoint is due: the other run is kept' cmp kept ck.old
holds 'it says so' grep -q 'the checkpoint of another run in ck is now ck.old' "$log/err"
check 'the run that was stopped goes on' 0 -e "of $epochs epochs are done" -- "$w2v" train --resume ck
cp kept ck
long TERM corpus.txt -o other --checkpoint ck
holds 'once more: no file is replaced' sh -c 'cmp kept ck && cmp kept ck.old'
holds 'and it says so' grep -q 'without a checkpoint, because ck holds that of another run' "$log/err"
rm -f ck.old
long TERM corpus.txt -o other --checkpoint ck --checkpoint-every 1w
holds 'stopped later: the other run is replaced' sh -c '! cmp -s kept ck && test ! -e ck.old'
rm -f other new
head -c 1000 kept >ck
check 'cut short' 1 -e '^w2v: ck: .*cut short' -- "$w2v" train --resume ck
check 'a checkpoint is a file' 2 -e 'a checkpoint cannot be standard input' -i corpus.txt -- \
    "$w2v" train --resume -
check 'a file without a name' 1 -e '^w2v: a file without a name: cannot open' -- "$w2v" train '' -o x
mkdir folder
check 'a folder' 1 -e '^w2v: folder: is a directory' -- "$w2v" train --resume folder
rmdir folder
mkfifo pipe
check 'a pipe' 1 -e '^w2v: pipe: is not a regular file; copy' -- sh -c \
    '"$1" train --resume pipe 3<>pipe' sh "$w2v"
rm pipe
check 'no checkpoint' 1 -e '^w2v: corpus.txt: not a checkpoint' -- "$w2v" train --resume corpus.txt
check 'an interval of nonsense' 2 -e '^w2v: --checkpoint-every 5x' -- train corpus.txt -o m \
    --checkpoint ck --checkpoint-every 5x
check 'a checkpoint on standard output' 2 -o '' -e 'name a file' -- train corpus.txt -o m \
    --checkpoint -
check 'output and checkpoint the same' 2 -e 'would be the same file' -- train corpus.txt -o m --checkpoint m

# ---- More epochs, and standard input ---------------------------------------------------------------

cp kept ck
check 'more epochs' 0 -e '' -- "$w2v" train -q --resume ck -e 5 -o more
check 'more epochs: in the record' 0 -- "$w2v" info more
holds 'more epochs: five' grep -q "^epochs${tab}5\$" "$log/out"
holds 'more epochs: since when' grep -q "^schedule_1${tab}that of 3 epochs, for the first 3\$" \
    "$log/out"
rm -f again more ck
long TERM - -o again --checkpoint ck <corpus.txt
check 'standard input: has to come again' 1 -e 'the corpus is empty, but ck was made from a text' -- "$w2v" train \
    --resume ck
check 'standard input: again' 0 -e '' -i corpus.txt -- "$w2v" train -q --resume ck
holds 'standard input: the same model' cmp whole again

# ---- The last checkpoint cannot be written ---------------------------------------------------------

# Does DO as soon as training has begun, when the checkpoint's folder is gone. The run cannot end before,
# because its lines of progress are more than a pipe holds.
without_folder() { # DO, options
    folder_do=$1
    shift
    rm -rf gone lines again pid
    mkdir gone
    mkfifo lines
    sh -c 'echo $$ >pid; exec "$@"' sh "$w2v" train few.txt -d 1 -e 2000 --min-count 1 --progress json \
        --checkpoint gone/ck -o again "$@" 2>lines &
    {
        while read -r folder_line; do
            case $folder_line in *'"train"'*) break ;; esac
        done
        rm -r gone
        eval "$folder_do"
        cat
    } <lines >"$log/err"
    wait $!
}

head -n 50 corpus.txt >few.txt
without_folder :
holds 'no last checkpoint: status 1' test $? -eq 1
holds 'no last checkpoint: the model is there' "$w2v" vector again w0
holds 'no last checkpoint: says where' \
    grep -q '^w2v: gone/ck: .*; the model is complete in again$' "$log/err"
without_folder 'kill -s TERM $(cat pid)' --save-on-interrupt
holds 'stopped, no checkpoint: status 1' test $? -eq 1
holds 'stopped, no checkpoint: the model is there' "$w2v" vector again w0
holds 'stopped, no checkpoint: says where' grep -q 'the model so far is in again' "$log/err"
holds 'stopped, no checkpoint: says why' grep -q '^w2v: gone/ck: cannot write' "$log/err"
rm -f few.txt lines again pid

# ---- Numbers ------------------------------------------------------------------------------------

rm -f again ck
for model in sg cbow; do
    check "$model at rate 100" 1 -e 'diverged.* epoch .* rate .*--lr' -- train corpus.txt -m $model \
        -o again --lr 100 --checkpoint ck --checkpoint-every 1w
    holds "$model at rate 100: no model" test ! -e again
    if [ -e ck ]; then
        holds "$model at rate 100: names the last good checkpoint" grep -q 'good checkpoint.* ck' \
            "$log/err"
        "$w2v" train --resume ck 2>"$log/err"
        holds "$model at rate 100: which can be opened" grep -q 'diverged' "$log/err"
    fi
    rm -f ck
done
finish
