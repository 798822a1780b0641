# tokenize and vocab: their output for every kind of input, and where it goes.
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
three four' -- "$w2v" tokenize dirty --any-bytes
printf 'good \377bad\376 end\n' >invalid
check 'invalid bytes separate, and are counted' 0 -e 'note: 2 bytes were not UTF-8' \
    -o 'good bad end' -- "$w2v" tokenize invalid
check 'quiet says nothing of them' 0 -e '' -- "$w2v" tokenize -q invalid
printf '\326\320\271\372\265\304\261\261\276\251\n' >gb
check 'text in another encoding: what to do' 0 -e 'note: many bytes are not UTF-8.*iconv -f GB18030' -- \
    "$w2v" vocab gb
check 'which is not trained on' 1 -e '6 of 11 bytes are not UTF-8.*iconv' -- "$w2v" train gb -o m
# One text has just over a quarter of such bytes, the other just under.
for n in 30 34; do
    { yes 'a b' | head -n $((n / 4)); printf '\326\326\326\326\326\326\326\326\326\326\n'; } >gb.$n
done
check 'a quarter of it' 1 -e '10 of 39 bytes are not UTF-8' -- "$w2v" train gb.30 -o m --min-count 1 -e 1
check 'less than a quarter' 0 -e 'not UTF-8' -- "$w2v" train gb.34 -o m --min-count 1 -e 1
rm gb.30 gb.34 m
check 'unless asked for' 1 -e 'all 2 words are rarer' -- "$w2v" train gb -o m --any-bytes
check 'an output file' 0 -o '' -e '' -- "$w2v" tokenize plain -o out
check 'is what standard output would be' 0 -O out -- "$w2v" tokenize plain -o -
corpus 2000 >big
check 'any number of threads, 1' 0 -O big -- "$w2v" tokenize big -t 1
check 'any number of threads, 2' 0 -O big -- "$w2v" tokenize big -t 2
: >empty
check 'an empty file has no tokens' 0 -o '' -- "$w2v" tokenize empty

# ---- How words are spelt ------------------------------------------------------------------------

printf 'STRASSE Stra\303\237e \316\237\316\224\316\237\316\243 \304\260I Don\342\200\231t\n' >cased
check 'lower case' 0 -e '' -o \
    "$(printf "strasse stra\303\237e \316\277\316\264\316\277\317\202 i\314\207i don't")" -- \
    "$w2v" tokenize cased
check 'full case folding' 0 -e '' -o \
    "$(printf "strasse strasse \316\277\316\264\316\277\317\203 i\314\207i don't")" -- \
    "$w2v" tokenize cased --fold full
check 'Turkic' 0 -e '' -o \
    "$(printf "strasse stra\303\237e \316\277\316\264\316\277\317\202 i\304\261 don't")" -- \
    "$w2v" tokenize cased --fold=turkic
printf "STRASSE Stra\303\237e \316\237\316\224\316\237\316\243 \304\260I Don't\n" >kept
check 'no folding' 0 -e '' -O kept -- "$w2v" tokenize cased --fold none
check 'no folding, by its other name' 0 -e '' -O kept -- "$w2v" tokenize cased --keep-case
check 'no folding, by both' 0 -e '' -O kept -- "$w2v" tokenize cased --keep-case --fold none
check 'contradictory' 2 -o '' -e 'keep-case is --fold none, not --fold full' -- \
    "$w2v" tokenize cased --keep-case --fold full
check 'whitespace folds nothing' 2 -o '' -e 'takes words as they are' -- \
    "$w2v" tokenize cased --tokenizer whitespace --fold full
check 'whitespace, no folding' 0 -- "$w2v" tokenize cased --tokenizer whitespace --fold none
printf 'soft\302\255hyphen \357\274\241\357\274\222 well-known #tag foo@bar \360\237\230\200\n' >signs
check 'invisible characters' 0 -e '' -o \
    "$(printf 'softhyphen \357\275\201\357\274\222 well known tag foo bar')" -- \
    "$w2v" tokenize signs
check 'NFKC' 0 -e '' -o 'softhyphen a2 well known tag foo bar' -- "$w2v" tokenize signs --nfkc
check 'hyphens, tags, emoji' 0 -e '' -o \
    "$(printf 'softhyphen a2 well-known #tag foo bar \360\237\230\200')" -- \
    "$w2v" tokenize signs --nfkc --hyphens --tags --emoji
check 'emoji are for words' 2 -o '' -e '--emoji needs --tokenizer words, not chars' -- \
    "$w2v" tokenize signs --emoji --tokenizer chars
printf 'a\343\200\200b\302\240c\302\205d\342\200\257e\n' >spaces
check 'every white space' 0 -e '' -o 'a b c d e' -- "$w2v" tokenize spaces --tokenizer whitespace
"$w2v" tokenize signs >once
check 'tokens are tokens again' 0 -e '' -O once -- "$w2v" tokenize once --tokenizer whitespace

# ---- What is said of a text that another tokenizer would suit -----------------------------------

printf '\346\210\221\344\273\254\345\234\250\345\214\227\344\272\254\n' >han
printf 'item-00005 item-00017 item-00023 item-00042\n' >items
for command in tokenize vocab phrases; do
    check "$command: Han without --segment" 0 -e 'note: .*--segment finds words' -- "$w2v" $command han
    check "$command: Han with it" 0 -e '' -- "$w2v" $command han --segment -q
    check "$command: identifiers" 0 -e 'note: .*--tokenizer whitespace keeps them whole' -- \
        "$w2v" $command items
    check "$command: quiet" 0 -e '' -- "$w2v" $command items -q
    check "$command: characters are wanted" 0 -- "$w2v" $command han --tokenizer chars -q
done
printf 'whole milk,root vegetables,rolls\nbeer,wine\n' >baskets
check 'commas between items' 0 -e 'note: most words have commas in them' -- "$w2v" tokenize baskets --tokenizer whitespace
check 'commas separate words of a text' 0 -e '' -o 'whole milk root vegetables rolls
beer wine' -- "$w2v" tokenize baskets
rm baskets
check 'identifiers, kept whole' 0 -e '' -O items -- "$w2v" tokenize items --tokenizer whitespace
check 'a few identifiers' 0 -e '' -o "he bought item 5 in 1990 95 to read" -- \
    sh -c 'echo "He bought item-5 in 1990-95 to read" | "$0" tokenize -' "$w2v"

# ---- What is no text ----------------------------------------------------------------------------

corpus 300 >text
"$w2v" train text -o model -q -e 1 --checkpoint checkpoint
printf '\377\376c\000a\000t\000' >utf16
printf '\177ELF\002\001\001' >elf
printf 'one two\000three\n' >nul
for file in model checkpoint utf16 elf nul; do
    for command in vocab tokenize phrases 'train -o no -q'; do
        check "$command: $file is no text" 1 -o '' -e "^w2v: $file: is .*--any-bytes" -- \
            "$w2v" $command $file
        check "$command: $file, from a pipe" 1 -o '' -e '^w2v: standard input: is ' -- \
            sh -c 'f=$1; shift; cat $f | "$0" "$@" -' "$w2v" $file $command
        check "$command: $file, behind text" 1 -o '' -e "^w2v: $file: is " -- \
            "$w2v" $command text $file
    done
    holds "$file: no output" test ! -e no
    for command in 'train text -o no -q --vocab' 'train text -o no -q --init model --freeze' \
        'neighbors model w1 --among' 'map model -o no.svg --words' 'map model -o no.svg --arrows' \
        'convert model no --words' 'eval model' 'phrases text --apply'; do
        check "$command: $file is no text" 1 -o '' -e "^w2v: $file: is " -- "$w2v" $command $file
    done
    check "$file: insisted on" 0 -- "$w2v" vocab $file --any-bytes -q
done
if command -v gzip >/dev/null && command -v tar >/dev/null; then
    gzip -c model >model.gz
    check 'a compressed model is no text' 1 -o '' -e '^w2v: model.gz: is a model file' -- \
        "$w2v" vocab model.gz
    tar cf - text | gzip -c >text.tar.gz
    check 'a compressed archive is no text' 1 -o '' -e '^w2v: text.tar.gz: is a tar archive' -- \
        "$w2v" vocab text.tar.gz
fi
check 'UTF-16: what to do' 1 -e 'iconv -f UTF-16 -t UTF-8' -- "$w2v" vocab utf16
check 'a run that insists is resumed' 0 -- "$w2v" train nul -o nul.bin -q --any-bytes --min-count 1 \
    -e 5 --checkpoint nul.ck
check 'as it was begun' 0 -- "$w2v" train --resume nul.ck -q --epochs 6

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

# Output is written in pieces of 16 KB, and longer words alone: words of all sizes about that.
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
