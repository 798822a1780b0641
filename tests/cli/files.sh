# Files that cannot be read or written give status 1 and one line with the name; nothing is left behind.
. "$(dirname "$0")/lib.sh"

is_root=$(($(id -u) == 0))
corpus 200 >corpus.txt
mkdir folder
: >empty
printf 'one two three\n' >rare
printf '\n \n\n' >blank

fails() { # NAME, pattern, arguments
    fails_name=$1 fails_text=$2
    shift 2
    check "$fails_name" 1 -o '' -e "$fails_text" -- "$w2v" "$@"
    holds "$fails_name: one line" test "$(wc -l <"$log/err")" -eq 1
}

# ---- Inputs ---------------------------------------------------------------------------------

for command in tokenize vocab 'train -o m'; do
    fails "no such file, $command" '^w2v: nowhere.txt: .*No such file' $command nowhere.txt
    fails "the second is not there, $command" '^w2v: nowhere.txt: ' $command corpus.txt nowhere.txt
    fails "a folder, $command" '^w2v: folder: .*[Ii]s a directory' $command folder
done
for command in neighbors info vector; do
    fails "model not there, $command" '^w2v: nowhere.bin: .*No such file' $command nowhere.bin
    fails "model is a folder, $command" '^w2v: folder: .*is a directory' $command folder
    fails "model is text, $command" '^w2v: corpus.txt: ' $command corpus.txt
    fails "model is empty, $command" '^w2v: empty: ' $command empty
done
fails 'train: an empty corpus' 'holds no words' train empty -o m
fails 'train: nothing but white space' 'holds no words' train blank -o m
printf 'nowhere\nnothing\n' >absent
fails 'train: no given word occurs' 'no word of absent occurs 5 times' train -q rare -o m --vocab absent
rm absent
fails 'train: all below min-count' 'rarer than --min-count 5' train rare -o m
fails 'train: no such vocabulary' '^w2v: nowhere.tsv: ' train corpus.txt -o m --vocab nowhere.tsv
fails 'train: a vocabulary that is none' '^w2v: rare:1: ' train corpus.txt -o m --vocab rare
if [ "$is_root" -eq 1 ]; then
    skipped 'a file without the right to read' root
else
    cp corpus.txt locked
    chmod 000 locked
    fails 'a file without the right to read' '^w2v: locked: .*Permission denied' tokenize locked
    rm -f locked
fi
only 'bad inputs leave nothing' blank corpus.txt empty folder rare

# ---- Outputs --------------------------------------------------------------------------------

for command in tokenize vocab 'train -d 8 -e 1'; do
    fails "output folder not there, $command" '^w2v: nowhere/m: .*No such file' \
        $command corpus.txt -o nowhere/m
    fails "output is a folder, $command" '^w2v: folder: is a directory' \
        $command corpus.txt -o folder
    fails "output below a file, $command" '^w2v: rare/m: .*Not a directory' \
        $command corpus.txt -o rare/m
done
# Outputs are checked before any work: the corpus is not opened yet.
fails 'train: output is checked first' '^w2v: nowhere/m: ' train nowhere.txt -o nowhere/m
fails 'train: vocabulary output is checked' '^w2v: nowhere/v: ' \
    train corpus.txt -o m --save-vocab nowhere/v
if [ "$is_root" -eq 1 ]; then
    skipped 'an output without the right to write' root
    skipped 'a folder without the right to write' root
else
    echo old >kept
    chmod 444 kept
    fails 'an output without the right to write' '^w2v: kept: .*Permission denied' \
        vocab corpus.txt -o kept
    holds 'is as it was' grep -q '^old$' kept
    rm -f kept
    mkdir closed
    chmod 555 closed
    fails 'a folder without the right to write' '^w2v: closed/m: .*Permission denied' \
        train corpus.txt -o closed/m
    rmdir closed
fi
only 'bad outputs leave nothing' blank corpus.txt empty folder rare

# ---- A full disk: what was there stays, nothing half is left --------------------------------------

echo old >kept
corpus 4000 >large
limited() { # a file size limit, of 8 blocks of 512 or 1024 bytes; the message may still be written
    (
        ulimit -f 8
        exec "$@"
    )
}
for command in tokenize 'train -q -d 100 -e 1'; do
    check "full disk, $command" 1 -o '' -e '^w2v: .*kept: .*File too large' -- \
        limited "$w2v" $command large -o kept
    holds "full disk, $command: the old file is as it was" grep -q '^old$' kept
    check "full disk, new file, $command" 1 -o '' -e '^w2v: .*new.*File too large' -- \
        limited "$w2v" $command large -o new
done
awk 'BEGIN { for (i = 0; i < 5000; i++) printf "word%d%s", i, i % 2 ? "\n" : " " }' >many
check 'full disk, vocab' 1 -o '' -e '^w2v: kept: .*File too large' -- \
    limited "$w2v" vocab many -o kept
holds 'full disk, vocab: the old file is as it was' grep -q '^old$' kept
check 'full disk, saved vocabulary' 1 -o '' -e '^w2v: .*saved.*File too large' -- \
    limited "$w2v" train many --min-count 1 -q -d 1 -e 1 -o new --save-vocab saved
only 'a full disk leaves nothing' blank corpus.txt empty folder kept large many rare

# ---- Outputs that work ------------------------------------------------------------------------

check 'an existing file is replaced' 0 -e '' -- "$w2v" vocab rare -o kept
holds 'by the new one' grep -q '^one.1$' kept
chmod 600 kept
check 'a file replaced again' 0 -e '' -- "$w2v" vocab rare -o kept
holds 'keeps its rights' sh -c 'ls -l kept | grep -q "^-rw-------"'
mkdir elsewhere
ln -s elsewhere/target link
: >elsewhere/target
check 'a link as output' 0 -e '' -- "$w2v" vocab rare -o link
holds 'stays a link' test -h link
holds 'and its target is written' grep -q '^one.1$' elsewhere/target
ln -s nowhere/else dangling
check 'a link to nothing as output' 1 -o '' -e '^w2v: dangling: is a link to' -- \
    "$w2v" vocab rare -o dangling
holds 'stays as it is' test -h dangling
rm dangling
if [ -e /dev/stdout ]; then
    echo before >appended
    "$w2v" vocab rare -o /dev/stdout >>appended
    holds '/dev/stdout is the open file, not another of its name' \
        sh -c 'head -n 1 appended | grep -q before && grep -q "^one.1$" appended'
    holds '/dev/stdout may be a pipe' sh -c '"$1" vocab rare -o /dev/stdout | grep -q "^one.1$"' - \
        "$w2v"
fi
mkfifo pipe
(cat pipe >"$log/passed") &
check 'a pipe with a name as output' 0 -e '' -- "$w2v" vocab rare -o pipe
wait
holds 'gets all of it' grep -q '^two.1$' "$log/passed"
rm pipe
umask 027
check 'a new file' 0 -e '' -- "$w2v" vocab rare -o masked
holds 'has the rights that the umask leaves' sh -c 'ls -l masked | grep -q "^-rw-r-----"'
umask 022
check 'what is no file is written directly' 0 -e '' -- "$w2v" vocab rare -o /dev/null
holds 'and stays what it is' test -c /dev/null
check 'a model to /dev/null' 0 -o '' -e '' -- "$w2v" train -q -d 4 -e 1 corpus.txt -o /dev/null
holds 'which stays what it is' test -c /dev/null
check 'a model to standard output' 0 -e '' -- "$w2v" train -q -d 4 -e 1 -t 1 corpus.txt -o -
cp "$log/out" piped
check 'a model to a file' 0 -o '' -e '' -- "$w2v" train -q -d 4 -e 1 -t 1 corpus.txt -o filed
holds 'is the same' cmp piped filed

# ---- Closed descriptors -----------------------------------------------------------------------------

# A closed descriptor is an error under each of its names, and before any work.
closed() { # redirection, arguments
    closed_by=$1
    shift
    sh -c "exec \"\$@\" $closed_by" sh "$w2v" "$@" 2>"$log/err"
}
closed '>&-' train corpus.txt -d 4 -e 1 -t 1 -o - --progress json
holds 'a model to a closed output' test $? -eq 1
holds 'nothing was trained' sh -c '! grep -q "\"train\"" "$1"' - "$log/err"
if [ -e /dev/stdout ]; then
    closed '>&-' vocab rare -o /dev/stdout
    holds 'a closed output by name' test $? -eq 1
    holds 'it says why' grep -q '^w2v: /dev/stdout: cannot write: Bad file descriptor' "$log/err"
    closed '<&-' vocab /dev/stdin -o words
    holds 'a closed input by name' test $? -eq 1
    closed '</dev/null' vocab rare -o /dev/stdin
    holds 'an input is no output' test $? -eq 1
fi
check 'a checkpoint is not compressed' 2 -e '^w2v: --checkpoint ck.gz: ' -- \
    "$w2v" train corpus.txt -o words --checkpoint ck.gz
finish
