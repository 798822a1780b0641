# tokenize and vocab: what comes out, of every kind of input, and where it goes.
. "$(dirname "$0")/lib.sh"

# ---- tokenize -------------------------------------------------------------------------------

printf 'The cat, the CAT!\n\nDon'"'"'t stop.\n' >plain
check 'words' 0 -e '' -o "the cat the cat

don't stop" -- "$w2v" tokenize plain
check 'words, case kept' 0 -e '' -o "The cat the CAT

Don't stop" -- "$w2v" tokenize plain --keep-case
check 'whitespace' 0 -e '' -o "The cat, the CAT!

Don't stop." -- "$w2v" tokenize --tokenizer whitespace plain
printf 'ab \344\270\255\346\226\207e\314\201\n' >mixed
check 'Han characters by themselves' 0 -o "$(printf 'ab \344\270\255 \346\226\207 \303\251')" -- \
    "$w2v" tokenize mixed
check 'chars' 0 -o "$(printf 'a b \344\270\255 \346\226\207 \303\251')" -- \
    "$w2v" tokenize mixed --tokenizer=chars
check 'standard input' 0 -i plain -o "the cat the cat

don't stop" -- "$w2v" tokenize -
printf 'no newline' >cut
printf 'next\n' >next
check 'several files: the end of one ends a line' 0 -o 'no newline
next' -- "$w2v" tokenize cut next
check 'several files, standard input among them' 0 -i cut -o 'next
no newline' -- "$w2v" tokenize next -
printf '\357\273\277one two\r\nthree\000four\r\n' >dirty
check 'BOM, CRLF and NUL' 0 -e '' -o 'one two
three four' -- "$w2v" tokenize dirty
printf 'good \377bad\376 end\n' >invalid
check 'invalid bytes separate, and are counted' 0 -e 'note: 2 bytes were not UTF-8' \
    -o 'good bad end' -- "$w2v" tokenize invalid
check 'quiet says nothing of them' 0 -e '' -- "$w2v" tokenize -q invalid
check 'an output file' 0 -o '' -e '' -- "$w2v" tokenize plain -o out
check 'is what standard output would be' 0 -O out -- "$w2v" tokenize plain -o -
corpus 2000 >big
check 'any number of threads, 1' 0 -O big -- "$w2v" tokenize big -t 1
check 'any number of threads, 2' 0 -O big -- "$w2v" tokenize big -t 2
: >empty
check 'an empty file has no tokens' 0 -o '' -- "$w2v" tokenize empty

# ---- vocab ----------------------------------------------------------------------------------

printf 'b a b\nC c\na b\n' >abc
check 'counts fall, ties by bytes' 0 -e '' -o "b${tab}3
a${tab}2
c${tab}2" -- "$w2v" vocab abc
check 'case kept' 0 -o "b${tab}3
a${tab}2
C${tab}1
c${tab}1" -- "$w2v" vocab abc --keep-case
check 'min-count' 0 -o "b${tab}3" -- "$w2v" vocab abc --min-count 3
check 'max-vocab' 0 -o "b${tab}3
a${tab}2" -- "$w2v" vocab abc --max-vocab 2

# Lines are written by 16 KB, longer words by themselves: a word of every size about that.
for n in 16383 16384 16385 40000; do
    printf 'aa %0*d bb %0*d cc\n' $n 0 $((n - 3)) 0
done >sizes
tr ' ' '\n' <sizes | LC_ALL=C sort | uniq -c | LC_ALL=C sort -k1,1nr -k2,2 |
    awk '{ print $2 "\t" $1 }' >wanted
"$w2v" vocab sizes --tokenizer whitespace -o got -q
holds 'words of all sizes' cmp -s got wanted
check 'an output file' 0 -o '' -e '' -- "$w2v" vocab abc -o list
check 'is what standard output would be' 0 -O list -i abc -- "$w2v" vocab -
check 'threads change nothing, 1' 0 -- "$w2v" vocab big -t 1
cp "$log/out" counts
check 'threads change nothing, 2' 0 -O counts -- "$w2v" vocab big -t 2
awk '{ for (i = 1; i <= NF; i++) n[$i]++ } END { for (w in n) print w "\t" n[w] }' big |
    sort -t "$tab" -k2,2nr -k1,1 >by_awk
holds 'counts are right' cmp by_awk counts

# ---- Output that ends early ---------------------------------------------------------------------

i=0
while [ $i -lt 20 ]; do
    cat big
    i=$((i + 1))
done >long
{
    "$w2v" tokenize long 2>"$log/err"
    echo $? >"$log/status"
} | head -n 1 >"$log/first"
holds 'a closed pipe: the first line came' test "$(head -n 1 long)" = "$(cat "$log/first")"
case $(cat "$log/status") in
141) holds 'a closed pipe: quiet' test ! -s "$log/err" ;;
*) holds 'a closed pipe, SIGPIPE ignored by the parent: status 1' test "$(cat "$log/status")" = 1 ;;
esac
if [ -c /dev/full ]; then
    for command in tokenize vocab; do
        "$w2v" $command long >/dev/full 2>"$log/err"
        holds "$command to a full device: status 1" test $? -eq 1
        holds "$command to a full device: said" \
            grep -q '^w2v: standard output: cannot write: No space left on device$' "$log/err"
    done
fi
"$w2v" tokenize plain >&- 2>"$log/err"
holds 'standard output closed: status 1' test $? -eq 1
holds 'standard output closed: said' grep -q '^w2v: standard output: ' "$log/err"
"$w2v" tokenize plain -o closed >&-
holds 'standard output closed, a file named: status 0' test $? -eq 0
holds 'standard output closed, a file named: right' cmp closed out
finish
