# A full disk: a small file system in memory, if the system allows this script to make one. The status is
# 1, the message names file and reason, old files are unchanged, and nothing is half written.
. "$(dirname "$0")/lib.sh"

mkdir disk
if ! mount -t tmpfs -o size=600k w2v-test disk 2>"$log/held"; then
    skipped 'a disk that fills up' 'no right to mount one'
    finish
fi
trap 'umount disk; rm -rf "$folder"' EXIT
corpus 20000 >corpus.txt
awk 'BEGIN { for (i = 0; i < 100000; i++) printf "word%d%s", i, i % 2 ? "\n" : " " }' >many
awk 'BEGIN { for (i = 0; i < 300000; i++) printf i % 100 == 99 ? "b\n" : i % 3 ? "a " : "c " }' >long
echo old >disk/kept

fills() { # NAME, file named, arguments
    fills_name=$1 fills_file=$2
    shift 2
    check "$fills_name" 1 -o '' -e "^w2v: $fills_file.*No space left on device" -- "$w2v" "$@"
    holds "$fills_name: one line" test "$(wc -l <"$log/err")" -eq 1
    holds "$fills_name: the old file is as it was" grep -q '^old$' disk/kept
    holds "$fills_name: nothing is left" test "$(ls -A disk)" = kept
}

fills 'tokens' disk/kept tokenize corpus.txt -o disk/kept
fills 'tokens, a new file' disk/new tokenize corpus.txt -o disk/new
fills 'words' disk/kept vocab many -o disk/kept
if command -v gzip >"$log/held"; then
    "$w2v" train many -q -d 10 -e 1 --min-count 1 --max-vocab 20000 -o model
    fills 'packed rows' disk/kept.gz nn-graph model -q -o disk/kept.gz
    rm model
fi
fills 'a model' disk/kept train many -q -d 10 -e 1 --min-count 1 -o disk/kept
fills 'a model, before the first epoch' disk/kept \
    train many -d 10 -e 1 --min-count 1 -q -o disk/kept --progress json
holds 'a model: no epoch was begun' sh -c '! grep -q "\"train\"" "$1"' - "$log/err"
fills 'a checkpoint beside a model' disk/new.ck \
    train many -q -d 1 -e 1 --min-count 1 -o model --checkpoint disk/new.ck
fills 'a saved vocabulary' disk/kept \
    train many -q -d 1 -e 1 --min-count 1 -o disk/new --save-vocab disk/kept
TMPDIR=$folder/here/disk
fills 'the ids of a corpus' 'temporary file' train long -q -d 1 -e 1 --memory 13M -o model
TMPDIR=$folder/spare
check 'the same where there is room' 0 -o '' -e '' -- \
    "$w2v" train long -q -d 1 -e 1 --memory 13M -o model
only 'no other file is left' corpus.txt disk long many model
finish
