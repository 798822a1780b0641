# Outputs: under no name does an output replace an input or another output; a file at its path is complete.
. "$(dirname "$0")/lib.sh"

{
    corpus 300
    yes 'new york' | head -n 30
} >c.txt
train() {
    "$w2v" train -q -d 4 -e 1 "$@"
}
train c.txt -o m.bin --checkpoint d.ck
"$w2v" convert m.bin v.npy -q
"$w2v" vocab c.txt -o v.tsv
"$w2v" phrases c.txt --save p.tsv --threshold 1 -o joined.txt -q
cut -f1 v.tsv >list
mkdir folder kept
ln -s "$PWD/c.txt" folder/link
ln m.bin folder/hard
holds 'there is a phrase' test -s p.tsv
cp c.txt m.bin d.ck v.npy v.words v.tsv p.tsv list kept/

apart() { # NAME, pattern, arguments
    apart_name=$1 apart_text=$2
    shift 2
    check "$apart_name" 2 -o '' -e "^w2v.*$apart_text" -- "$w2v" "$@"
    for file in c.txt m.bin d.ck v.npy v.words v.tsv p.tsv list; do
        cmp -s "$file" "kept/$file" || failed "$apart_name: $file is as it was" 'it is not'
    done
}

# ---- Outputs that are inputs ------------------------------------------------------------------------

replace='would replace .*, which is the same file'
for name in c.txt ./c.txt "$PWD/c.txt" folder/../c.txt folder/link; do
    for command in tokenize vocab phrases 'train -q'; do
        apart "$command: the corpus as $name" "$replace" $command c.txt -o "$name"
    done
done
apart 'the second of two' "$replace" vocab list c.txt -o folder/link
apart 'a checkpoint is the corpus' "$replace" train c.txt -o x --checkpoint ./c.txt
apart 'a saved vocabulary is the corpus' "$replace" train c.txt -o x --save-vocab ./c.txt
apart 'a phrase table is the corpus' "$replace" phrases c.txt -o x --save folder/link
apart 'the text is the phrase table' "$replace" phrases c.txt -o ./p.tsv --apply p.tsv
apart 'the model is the list' "$replace" train c.txt -o ./v.tsv --vocab v.tsv
apart 'the saved vocabulary is the list' "$replace" train c.txt -o x --save-vocab ./v.tsv --vocab v.tsv
apart 'the model is the one to start from' "$replace" train c.txt -o folder/hard --init m.bin
apart 'the model is the frozen words' "$replace" train c.txt -o ./list --init m.bin --freeze list
"$w2v" train -q c.txt -o w.npy
apart "the list of the model's words" 'v.words: .*model.s words, which is the same file; name' \
    convert v.npy v.words --to glove
apart "the list of the model's words is the list of words" "$replace" train c.txt -o w.npy --vocab w.words
apart "the list of the model's words is the saved vocabulary" 'would be the same file' \
    train c.txt -o w.npy --save-vocab w.words
ln -s w.npy l.npy
cp w.npy w.words kept/
apart "a link to a matrix with words of its own" 'l.npy is a link to .*w.npy, whose words are in .*w.words' \
    convert v.npy l.npy
apart "the same, trained" 'l.npy is a link to .*w.npy' train c.txt -o l.npy
holds 'the matrix behind the link is as it was' sh -c 'cmp w.npy kept/w.npy && cmp w.words kept/w.words'
ln -s w.words l.words
check 'a link, and another to the words' 0 -- "$w2v" convert v.npy l.npy -q
holds 'replace both' sh -c 'cmp w.npy kept/v.npy && cmp w.words kept/v.words'
rm w.npy w.words l.npy l.words
apart 'resumed: the corpus' "$replace" train --resume d.ck -o ./c.txt
apart 'resumed: the checkpoint' "$replace\|would be the same file" train --resume d.ck -o ./d.ck --to word2vec
apart 'resumed: the checkpoint is the corpus' "$replace" train --resume d.ck --checkpoint folder/link
for command in cluster nn-graph; do
    apart "$command: the model" "$replace" $command m.bin -k 2 -o ./m.bin
    apart "$command: the model by another name" "$replace" $command m.bin -k 2 -o folder/hard
    apart "$command: the model's list of words" "$replace" $command v.npy -k 2 -o v.words
done
printf ': s\nking queen man woman\n' >set
cp set kept/
onto() { # FILE, arguments: standard output is appended to FILE
    onto_file=$1
    shift
    check "$1: standard output is $onto_file" 2 -e 'standard output\|the output' -- \
        sh -c 'file=$1; shift; "$@" >>"$file"' sh "$onto_file" "$w2v" "$@"
    holds "$1: $onto_file is as it was" cmp "$onto_file" "kept/$onto_file"
}
for query in 'neighbors m.bin new' 'vector m.bin' 'info m.bin' 'words m.bin' 'cluster m.bin -k 2' \
    'eval m.bin set'; do
    # shellcheck disable=SC2086
    onto m.bin $query
done
onto list neighbors m.bin new --among list
onto list neighbors m.bin new --exclude list
onto set eval m.bin set
rm set kept/set
apart 'words: the model' "$replace" words m.bin -o folder/hard
apart "words: the model's list of words" "$replace" words v.npy -o ./v.words
apart 'convert: the list of words to take' "$replace" convert m.bin ./list --words list
apart "convert: the list of words of its own input" "$replace" convert v.npy v.words --to word2vec
apart 'convert: the model is the output of the list' "$replace" convert v.npy ./v.tsv --words v.tsv

# A checkpoint replaces nothing but a checkpoint, even a file that the run does not read.
printf 'some notes\n' >notes
mkfifo fifo
for file in m.bin notes v.npy; do
    check "a checkpoint where $file stands" 1 -o '' -e "^w2v: $file: exists and is not a checkpoint" -- \
        "$w2v" train -q c.txt -o new --checkpoint $file
done
check 'a checkpoint where a pipe stands' 1 -o '' -e '^w2v: fifo: is not a regular file' -- \
    "$w2v" train -q c.txt -o new --checkpoint fifo
holds 'what stood there stands' sh -c 'cmp m.bin kept/m.bin && cmp v.npy kept/v.npy && grep -qx "some notes" notes'
: >notes
check 'a checkpoint where an empty file stands' 0 -o '' -e '' -- train c.txt -o new --checkpoint notes
check 'and where another one stands' 0 -o '' -e '' -- train c.txt -o new --checkpoint notes
rm -f notes fifo new

# ---- Two outputs ------------------------------------------------------------------------------------

both='would be the same file'
apart 'model and vocabulary' "$both" train c.txt -o new --save-vocab ./new
apart 'model and checkpoint' "$both" train c.txt -o new --checkpoint folder/../new
apart 'checkpoint and vocabulary' "$both" train c.txt -o x --checkpoint "$PWD/new" --save-vocab new
apart 'model and vocabulary on standard output' "$both" train c.txt -o - --save-vocab -
apart 'text and table' "$both" phrases c.txt -o new --save ./new
apart 'rows and words' "$both" convert m.bin y.words --to npy
check '/dev/null twice' 0 -o '' -e '' -- train c.txt -o /dev/null --save-vocab /dev/null

# ---- One input that is read twice -------------------------------------------------------------------

apart 'the corpus twice' "standard input: can.* named twice as the corpus" tokenize - -
apart 'corpus and frozen words' 'the corpus and the list of words that stay' train - -o x --init m.bin --freeze -
apart 'graph and vocabulary' 'standard input: can' train --graph - -o x --vocab -
apart 'text and phrase table' 'standard input: can' phrases - --apply -
apart 'words and arrows' 'both --words and --arrows' map m.bin -o x.svg --words - --arrows -
check 'corpus and frozen words, by a name of the pipe' 2 -o '' -e '^w2v.*: /dev/stdin: can be read only once' -- \
    sh -c 'cat c.txt | "$0" train - -o x --init m.bin --freeze /dev/stdin -q' "$w2v"
both_from() { # NAME, status, arguments: the model comes from standard input
    from_name=$1 from_status=$2
    shift 2
    check "$from_name" "$from_status" -o '' -i m.bin -e 'read only once, but is both the model' -- "$w2v" "$@"
}
both_from 'model and words of a map' 2 map - -o x.svg --words -
both_from 'model and words to write' 2 convert - x --words -
both_from 'model and question set' 2 eval - -

# ---- Replacing what is meant to be replaced ---------------------------------------------------------

check 'the next checkpoint of a run' 0 -e '' -- "$w2v" train -q --resume d.ck --checkpoint ./d.ck -o x
cp m.bin self.bin
check 'a model by its own conversion' 0 -e '' -- "$w2v" convert self.bin ./self.bin --top 5 -q
holds 'is done' sh -c '"$1" info self.bin | grep -qx "words.5"' - "$w2v"

# ---- Both or none -----------------------------------------------------------------------------------

rm -f x new
echo old >table
if [ -e /dev/full ]; then
    check 'a text that cannot be written' 1 -e '/dev/full: .*No space' -- \
        "$w2v" phrases c.txt -o /dev/full --save table --threshold 1
    holds 'its table is as it was' grep -qx old table
    check 'a table that cannot be written' 1 -e '/dev/full: .*No space' -- \
        "$w2v" phrases c.txt -o new --save /dev/full --threshold 1
    holds 'its text is not there' test ! -e new
fi
check 'both' 0 -- "$w2v" phrases c.txt -o new --save table --threshold 1
holds 'the table is new' cmp table p.tsv

# If the reader of one output stops early, the other output is still complete.
: >"$log/status"
{
    train c.txt -o read.bin --save-vocab -
    echo $? >"$log/status"
} | true
holds 'a vocabulary that is not read to its end' grep -qx 0 "$log/status"
holds 'its model is there' cmp read.bin m.bin
{
    train c.txt -o - --save-vocab /dev/fd/3 3>&1 >read.bin
    echo $? >"$log/status"
} | true
holds 'the same with the model on standard output' grep -qx 0 "$log/status"
holds 'that model is there' cmp read.bin m.bin
{
    "$w2v" phrases c.txt --save other --threshold 1 -q
    echo $? >"$log/status"
} | true
holds 'a text that is not read to its end' cmp other p.tsv

# Another program that holds a lock on the folder for ever holds up no run.
if command -v flock >"$log/held"; then
    check 'a locked folder' 0 -- flock . timeout 30 "$w2v" convert m.bin locked.npy -q
    rm locked.npy locked.words
else
    skipped 'a locked folder' 'no flock'
fi

# More than a pipe or a socket holds goes to a tool that compresses.
if command -v gzip >"$log/held"; then
    awk 'BEGIN { print 60000, 1; for (i = 0; i < 60000; i++) print "aLongerWordOfTheList" i, 1 }' >long.txt
    check 'rows to a tool' 0 -- "$w2v" words long.txt -o long.gz
    "$w2v" words long.txt >want
    holds 'all rows to a tool' sh -c 'gzip -dc long.gz | cmp - want'
    rm long.txt long.gz want
fi

# ---- Names ------------------------------------------------------------------------------------------

if [ -d /dev/shm ] && shm=$(mktemp -d /dev/shm/w2v-test.XXXXXX 2>"$log/held"); then
    "$w2v" vocab c.txt -o "$shm/v"
    "$w2v" vocab c.txt -o "$shm/v"
    holds '/dev/shm: a file is replaced, not continued' cmp v.tsv "$shm/v"
    train c.txt -o "$shm/m" --checkpoint "$shm/ck"
    train c.txt -o "$shm/m" --checkpoint "$shm/ck"
    holds '/dev/shm: a model' cmp m.bin "$shm/m"
    check '/dev/shm: a checkpoint' 0 -e '' -- "$w2v" train -q --resume "$shm/ck" -o "$shm/m"
    holds '/dev/shm: nothing else is left' test "$(ls -A "$shm" | tr '\n' ' ')" = 'ck m v '
    rm -rf "$shm"
else
    skipped '/dev/shm' 'there is none'
fi
long=$(printf '%0255d' 0)
if : 2>"$log/held" >"$long"; then
    rm "$long"
    check 'a name as long as names may be' 0 -e '' -- "$w2v" vocab c.txt -o "$long"
    holds 'has it all' cmp "$long" v.tsv
    wide=$(printf '%0252d中' 0)
    check 'such a name that is not ASCII' 0 -e '' -- "$w2v" vocab c.txt -o "$wide"
    rm "$long" "$wide"
else
    skipped 'a name as long as names may be' 'not here'
fi
cp v.tsv given
if [ "$(id -u)" -eq 0 ] && chown 12345:12346 given 2>"$log/held"; then
    chmod 640 given
    check 'a file of somebody else' 0 -e '' -- "$w2v" vocab c.txt -o given
    holds 'keeps its owner, group and rights' sh -c 'ls -ln given | grep -q "^-rw-r-----.* 12345  *12346 "'
else
    skipped 'a file of somebody else' 'it takes root'
fi
rm -rf kept folder
only 'no other file is left' c.txt d.ck given joined.txt list m.bin new other p.tsv read.bin self.bin \
    table v.npy v.tsv v.words
finish
