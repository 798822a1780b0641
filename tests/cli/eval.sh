# eval: rows, notes on what was left out, several files.
. "$(dirname "$0")/lib.sh"

cat >model <<'END'
7 2
east 2 0
north 0 3
northeast 1 1
west -1 0
south 0 -1
uphill 3 4
capital -3 4
END

# Right: west : north = east : northeast, to northeast. Wrong: the second. Left out: the third.
cat >questions <<'END'
: compass
west north east northeast
east north west south
east north west nowhere
: other
West North East Northeast
END
check 'analogies' 0 -o "questions${tab}compass${tab}accuracy${tab}0.500000${tab}2${tab}3
questions${tab}other${tab}accuracy${tab}1.000000${tab}1${tab}1
questions${tab}total${tab}accuracy${tab}0.666667${tab}3${tab}4" \
    -e '^w2v: questions: left out 1, which ha.* not in the vocabulary' -- \
    "$w2v" eval model questions
check 'analogies: quiet' 0 -e '' -- "$w2v" eval -q model questions
check 'analogies: exact case' 0 -- "$w2v" eval model questions --case exact
holds 'analogies: exact case, nothing to use is nan' \
    grep -q "^questions${tab}other${tab}accuracy${tab}nan${tab}0${tab}1\$" "$log/out"
check 'analogies: the other option is pointed to' 2 -o '' -e 'keep-case; did you mean --case' -- \
    "$w2v" eval model questions --keep-case
check 'analogies: JSON' 0 -- "$w2v" eval model questions --case exact --json
holds 'analogies: JSON has null' grep -q \
    '^{"file": "questions", "section": "other", "measure": "accuracy", "score": null, "used": 0, "total": 1}$' \
    "$log/out"
check 'analogies: restrict' 0 -e 'left out 2: 1 for .* 1 for .* beyond --restrict 4' -- \
    "$w2v" eval model questions --restrict 4
check 'analogies: mul' 0 -- "$w2v" eval model questions --method mul

# Cosines fall as the scores fall, so the correlation is 1; in reverse order it is -1.
printf 'east\tnortheast\t9\neast\tuphill\t7.5\neast\tcapital\t1\neast\tnowhere\t5\n' >pairs
check 'similarities' 0 -e 'pairs: left out 1' -o \
    "pairs${tab}total${tab}spearman${tab}1.000000${tab}3${tab}4
pairs${tab}total${tab}pearson${tab}0.994655${tab}3${tab}4" -- "$w2v" eval model pairs
printf 'east,northeast,1\neast,uphill,2\neast,capital,3\n' >commas
check 'several sets, the second not there' 1 -e '^w2v: nowhere: ' -o \
    "commas${tab}total${tab}spearman${tab}-1.000000${tab}3${tab}3
commas${tab}total${tab}pearson${tab}-0.900561${tab}3${tab}3
pairs${tab}total${tab}spearman${tab}1.000000${tab}3${tab}4
pairs${tab}total${tab}pearson${tab}0.994655${tab}3${tab}4" -- \
    "$w2v" eval model commas nowhere pairs
printf 'garbage\n' | cat - pairs >headless
check 'a first line that is no heading' 0 \
    -e '^w2v: headless: skipped 1 line .*, in line 1: "garbage"' -- "$w2v" eval model headless
printf 'one\ttwo\tscore\n' | cat - pairs >headed
check 'a first line that is a heading' 0 -e '^w2v: headed: left out 1, ' -- \
    "$w2v" eval model headed
holds 'a heading is not skipped as a bad line' sh -c '! grep -q skipped "$0"' "$log/err"
rm headless headed
# Lines that are neither questions nor pairs, more columns, a column with a heading.
printf 'one\ttwo\tPOS\tscore\tsd\neast\tnortheast\tN\t9\t1\neast\tuphill\tN\t7.5\t2\n' >columns
printf 'what is this\neast\tcapital\tN\t1\t3\n' >>columns
check 'more columns, a bad line' 0 -o "columns${tab}total${tab}spearman${tab}1.000000${tab}3${tab}3
columns${tab}total${tab}pearson${tab}0.994655${tab}3${tab}3" \
    -e '^w2v: columns: skipped 1 line that is neither a question nor a pair, in line 4: "what is this"' \
    -- "$w2v" eval model columns
check 'another column' 0 -- "$w2v" eval model columns --score-column 5
holds 'another column: another score' grep -q "spearman${tab}-1.000000${tab}3" "$log/out"
check 'a column without numbers' 1 -o '' -e '^w2v: columns: no line .* in column 6' -- \
    "$w2v" eval model columns --score-column 6
# A heading and empty cells do not count when a column of numbers is looked for.
printf 'one,two,mean\neast,northeast,9\neast,uphill,x\neast,west,4\nwest,uphill,\n' >gaps.csv
check 'headings and gaps' 0 -e '^w2v: gaps.csv: skipped 2 lines .*, in lines 3, 5: "east,uphill,x"' \
    -- "$w2v" eval model gaps.csv
holds 'headings and gaps: two pairs' grep -q "^gaps.csv${tab}total${tab}spearman${tab}.*${tab}2${tab}2" "$log/out"
check 'headings and gaps, the column is named' 0 -e 'skipped 2 lines .*, in lines 3, 5: ' \
    -- "$w2v" eval model gaps.csv --score-column 3

# A table with a column of row numbers, whose heading is empty; and an empty column.
printf '\tword1\tword2\tn\tscore\n0\teast\tnortheast\t1\t9\n1\teast\tuphill\t3\t8\n2\teast\twest\t2\t1\n' >numbered
check 'an empty heading' 0 -e '' -o "numbered${tab}total${tab}spearman${tab}1.000000${tab}3${tab}3
numbered${tab}total${tab}pearson${tab}0.998264${tab}3${tab}3" -- "$w2v" eval model numbered
printf '\teast\tnortheast\t9\n\teast\tuphill\t8\n\teast\twest\t1\n' >numbered
check 'an empty column' 0 -e '' -o "numbered${tab}total${tab}spearman${tab}1.000000${tab}3${tab}3
numbered${tab}total${tab}pearson${tab}0.998264${tab}3${tab}3" -- "$w2v" eval model numbered
rm numbered
long=$(awk 'BEGIN { printf "xx"; for (i = 0; i < 300; i++) printf "\303\244" }')
printf '%s\neast west 1\n' "$long" >cut
check 'a message cuts no character' 0 -e 'skipped 1 line' -- "$w2v" eval model cut
holds 'it is UTF-8' iconv -f UTF-8 -t UTF-8 "$log/err"
rm cut

printf ': s\nnowhere a b c\n' >unused
check 'nothing can be used: status 1' 1 -e '^w2v: unused: none of its 1 question or pair could be used' \
    -o "unused${tab}s${tab}accuracy${tab}nan${tab}0${tab}1
unused${tab}total${tab}accuracy${tab}nan${tab}0${tab}1" -- "$w2v" eval model unused -q
check 'the others are scored' 1 -- "$w2v" eval model unused pairs -q
holds 'the others are scored: rows' grep -q "^pairs${tab}total${tab}spearman${tab}1.000000" "$log/out"
subwords=$OLDPWD/tests/formats/fasttext-sg.bin
printf 'king queen 3\nking kinks 2\nqueenly Queens 1\nof and 2.5\n' >rare
check 'words made of n-grams' 0 -e '^w2v: note: rare: 2 pairs have an unknown word' -- \
    "$w2v" eval "$subwords" rare
holds 'words made of n-grams: all pairs' grep -q "^rare${tab}total${tab}spearman.*${tab}4${tab}4\$" "$log/out"
cp "$log/out" want
"$w2v" convert "$subwords" own -q
check "words made of n-grams: w2v's own file" 0 -O want -- "$w2v" eval own rare
check 'words made of n-grams: not with skip' 0 -e 'left out 2, which have' -- \
    "$w2v" eval own rare --oov skip
holds 'words made of n-grams: two are left' grep -q "${tab}2${tab}4\$" "$log/out"
check 'words made of n-grams: nor with --restrict' 0 -e 'left out 2' -- "$w2v" eval own rare --restrict 18
printf ': s\nking queen of queens\n' >made
check 'words made of n-grams: no candidates' 1 -e 'none of its .* could be used' -- "$w2v" eval own made

# Questions with a vector that is not finite are left out, and a note says so.
{
    printf '4 2\na '
    printf '\000\000\300\177\000\000\200\077\nb \000\000\200\077\000\000\000\000\n'
    printf 'c \000\000\200\077\000\000\200\077\nd \000\000\000\000\000\000\200\077\n'
} >nan.bin
printf 'a b 9\nb c 2\nb d 1\nc d 2\n' >infinite
check 'a vector that is not finite' 0 -o "infinite${tab}total${tab}spearman${tab}1.000000${tab}3${tab}4
infinite${tab}total${tab}pearson${tab}1.000000${tab}3${tab}4" \
    -e '^w2v: infinite: left out 1, which has a word whose vector is zero or not finite' -- \
    "$w2v" eval nan.bin infinite
printf '4 2\na 0 0\nb 1 0\nc 1 1\nd 0 1\n' >zero.txt
check 'a vector of zeros' 0 -o "infinite${tab}total${tab}spearman${tab}1.000000${tab}3${tab}4
infinite${tab}total${tab}pearson${tab}1.000000${tab}3${tab}4" \
    -e '^w2v: infinite: left out 1, which has a word whose vector is zero or not finite' -- \
    "$w2v" eval zero.txt infinite
printf ': s\na b c d\n' >only
check 'nothing but such a vector: status 1' 1 -e 'none of its .* could be used' -- "$w2v" eval nan.bin only
printf 'one two\n' >neither
check 'neither kind of set' 1 -o '' -e '^w2v: neither:1: ' -- "$w2v" eval model neither
check 'standard input twice' 2 -o '' -e 'standard input can be read only once' -i only -- \
    "$w2v" eval model - -
check 'its name in messages' 1 -e '^w2v: standard input: none of its' -i only -- "$w2v" eval nan.bin -
check 'no subwords to compose from' 0 -e '^w2v: note: model has no subwords' -- \
    "$w2v" eval model questions --oov subword
: >empty
check 'an empty set' 1 -o '' -e '^w2v: empty: ' -- "$w2v" eval model empty

# Identifiers that are numbers: the section says that the lines are questions.
printf '4 2\n1 1 0\n2 0 1\n3 1 0.1\n4 0.1 1\n' >numbered
printf ': s\n1 2 3 4\n3 4 1 2\n' >ids
check 'questions of numbers' 0 -e '' -o "ids${tab}s${tab}accuracy${tab}1.000000${tab}2${tab}2
ids${tab}total${tab}accuracy${tab}1.000000${tab}2${tab}2" -- "$w2v" eval numbered ids

# Numbers with a comma in place of the point.
printf '1\t2\t1,5\n1\t3\t8,25\n2\t4\t8,5\n' >commas.tsv
tr '\t' ';' <commas.tsv >commas.csv
awk -F ';' '{ print $0 ";" $3 ";" $3 }' commas.csv >ratings.csv
for file in commas.tsv commas.csv ratings.csv; do
    sed 's/,/./g' "$file" >points
    "$w2v" eval numbered points | sed "s/^points/$file/" >"$file.want"
    check "$file" 0 -e '' -O "$file.want" -- "$w2v" eval numbered "$file"
done
finish
