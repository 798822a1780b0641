# phrases: which words are joined, the table, bounded memory; training with phrases.
. "$(dirname "$0")/lib.sh"

# "new york" occurs a hundred times among other words, and "times" sometimes follows it.
awk 'BEGIN {
    for (i = 0; i < 100; i++) {
        print "a" i % 50, "New York", (i % 4 ? "b" i % 25 : "times"), "c" (i * 7) % 45
        print "d" (i * 3) % 49 " e" i % 48 " f" (i * 11) % 47
        if (i % 10 == 0) print ""
    }
}' >text
sed 's/New York times/new_york_times/; s/New York/new_york/' text >joined

check 'words are joined, lines stay' 0 -O joined -e 'phrases     3, joined in 125 places; all' -- \
    "$w2v" phrases text --threshold 3 --passes 2
check 'one pass' 0 -e 'phrases     2, joined in 100 places' -- \
    "$w2v" phrases text --threshold 3 --passes 1
check 'standard input' 0 -O joined -i text -e '' -- "$w2v" phrases - --threshold 3 -q
check 'the defaults find nothing in it' 0 -e 'phrases     0, joined in 0 places' -- \
    "$w2v" phrases text
"$w2v" tokenize text >tokens
holds 'the defaults: the tokens as they are' cmp tokens "$log/out"
check 'npmi' 0 -e 'phrases     [1-9]' -- "$w2v" phrases text --score npmi
holds 'npmi: new york is one' grep -q new_york "$log/out"

check 'the table' 0 -o '' -- "$w2v" phrases text --threshold 3 -q -o out --save table
holds 'the table: the text too' cmp out joined
# (100 - 5) / (100 x 100) x 800 tokens; (25 - 5) / (100 x 25) x 800; then of 700 tokens
printf 'new_york\t100\t7.6\t1\tnew\tyork\nyork_times\t25\t6.4\t1\tyork\ttimes\n' >want
printf 'new_york_times\t25\t5.6\t2\tnew_york\ttimes\n' >>want
holds 'the table: phrases, counts, scores' cmp table want
check 'a table applied' 0 -O joined -e '' -- "$w2v" phrases text --apply table -q
check 'no count is made for it' 0 -o '' -e '^phrases .* places$' -- "$w2v" phrases text --apply table -o again
rm again
printf 'in New York Times new\nyork\n' >other
check 'to other text, no phrase across its lines' 0 -e '' -o 'in new_york_times new
york' -- "$w2v" phrases other --apply table -q

i=0
while [ $i -lt 30 ]; do
    printf '\345\214\227\344\272\254 x%d\n' $i
    printf 'y%d z%d\n' $i $i
    i=$((i + 1))
done >han
check 'Han with nothing between' 0 -e 'phrases     1,' -- "$w2v" phrases han --threshold 2
holds 'Han with nothing between: joined' \
    test "$(head -n 1 "$log/out")" = "$(printf '\345\214\227\344\272\254 x0')"

corpus 20000 >big
"$w2v" phrases big --threshold 1 --min-count 2 --passes 3 -q -t 1 -o one --save one.tsv
holds 'threads: phrases were found' test "$(wc -l <one.tsv)" -gt 10
"$w2v" phrases big --threshold 1 --min-count 2 --passes 3 -q -t 2 -o two --save two.tsv
holds 'threads change no word' cmp one two
holds 'threads change no phrase' cmp one.tsv two.tsv
"$w2v" phrases big --threshold 1 --min-count 2 --passes 3 -q -o two --apply one.tsv 2>"$log/err"
holds 'finding is not applying' test $? -eq 2
"$w2v" phrases big -q -o two --apply one.tsv
holds 'a table of three passes gives the text again' cmp one two
check 'short of memory the bound is said' 0 -e 'too low, by [1-9][0-9]* at most' -- \
    "$w2v" phrases big --threshold 1 --min-count 2 --memory 1M -t 1 -o one
check 'short of memory, two threads' 0 -- \
    "$w2v" phrases big --threshold 1 --min-count 2 --memory 1M -t 2 -o two
holds 'short of memory, two threads: the same' cmp one two

echo old >kept
printf 'new_york\t100\t6.65\t1\tnew\tyork\nnew_york\t1\t1\t1\tnew\n' >bad
check 'a bad table' 1 -e '^w2v: bad:2: not PHRASE, COUNT, SCORE, PASS, LEFT, RIGHT' -- \
    "$w2v" phrases text --apply bad -o kept
check 'no table: said before the text is read' 1 -e '^w2v: absent: cannot open' -- \
    "$w2v" phrases missing --apply absent -o kept
check 'no table' 1 -e '^w2v: absent: cannot open' -- "$w2v" phrases text --apply absent -o kept
check 'a table that cannot be written' 1 -e '^w2v: absent/table: cannot write' -- \
    "$w2v" phrases text --save absent/table -o kept
holds 'faults: the old output is as it was' grep -q '^old$' kept
check 'threshold beyond npmi' 2 -e 'npmi is from -1 to 1' -- \
    "$w2v" phrases text --score npmi --threshold 2
check 'no passes' 2 -e 'passes' -- "$w2v" phrases text --passes 0
check 'output is the table' 2 -e 'would be the same file' -- "$w2v" phrases text -o x --save x
: >empty
check 'nothing in, nothing out' 0 -o '' -- "$w2v" phrases empty

# ---- Training -----------------------------------------------------------------------------------

fast='-d 4 -e 1 -q --min-count 2'
"$w2v" phrases text --threshold 3 -q -o joined
# shellcheck disable=SC2086
{
    "$w2v" train joined $fast -o want.bin --tokenizer whitespace --save-vocab want.tsv
    "$w2v" train text $fast -o got.bin --phrases 2 --phrase-threshold 3 --save-vocab got.tsv
    "$w2v" train text $fast -o got1.bin --phrases 2 --phrase-threshold 3 -t 1 --memory 13M
    "$w2v" train text $fast -o got2.bin --phrases 2 --phrase-threshold 3 --vocab want.tsv
    "$w2v" train text $fast -o plain.bin
    "$w2v" train text $fast -o zero.bin --phrases 0
}
vectors() { "$w2v" vector "$1" new_york c14 e3 new_york_times; }
vectors want.bin >want
vectors got.bin >got
holds 'training: the words of the joined text' cmp want.tsv got.tsv
holds 'training: its vectors' cmp want got
holds 'training: threads and memory change nothing' cmp got.bin got1.bin
vectors got2.bin >got
holds 'training: with a vocabulary' cmp want got
check 'training: the record' 0 -- "$w2v" info got.bin
holds 'training: the record names them' grep -q "^phrase_passes${tab}2\$" "$log/out"
holds 'training: the record has the threshold' grep -q "^phrase_threshold${tab}3\$" "$log/out"
holds 'training: 0 passes are none' cmp plain.bin zero.bin
# shellcheck disable=SC2086
check 'training: options without phrases' 2 -e 'without --phrases N' -- \
    "$w2v" train text $fast -o x.bin --phrase-threshold 3
finish
