# neighbors, analogy, similarity, odd, vector and info on a model small enough to compute by hand.
subwords=$PWD/tests/formats/fasttext-sg.bin
. "$(dirname "$0")/lib.sh"

# Unit vectors times factors; cosines are products of the unit vectors.
cat >model <<'END'
7 2
east 2 0
north 0 3
northeast 1 1
west -1 0
south 0 -1
uphill 3 4
Capital -3 4
END

# ---- neighbors --------------------------------------------------------------------------------

check 'neighbors' 0 -e '' -o "east${tab}northeast${tab}0.707107
east${tab}uphill${tab}0.600000
east${tab}north${tab}0.000000" -- "$w2v" neighbors model east -k 3
check 'neighbors: all others' 0 -- "$w2v" neighbors model east
holds 'neighbors: six' test "$(wc -l <"$log/out")" -eq 6
cp "$log/out" all
check 'neighbors: a larger k' 0 -O all -- "$w2v" neighbors model east -k 1000000
check 'neighbors: several words' 0 -o "east${tab}northeast${tab}0.707107
north${tab}uphill${tab}0.800000" -- "$w2v" neighbors -k1 model east north
check 'neighbors: JSON' 0 -e '' -o '{"query": "west", "word": "Capital", "cosine": 0.600000}' -- \
    "$w2v" neighbors model west --json -k 1
check 'neighbors: restrict' 0 -o "Capital${tab}north${tab}0.800000
Capital${tab}northeast${tab}0.141421
Capital${tab}east${tab}-0.600000" -- "$w2v" neighbors model Capital --restrict 3
printf 'east\n\n  north \t west\r\n\nsouth' >queries
check 'neighbors: standard input' 0 -i queries -e '' -o "east${tab}northeast${tab}0.707107
north${tab}uphill${tab}0.800000
west${tab}Capital${tab}0.600000
south${tab}east${tab}0.000000" -- "$w2v" neighbors model -k 1
printf '\357\273\277east\n' >bom
check 'neighbors: BOM' 0 -i bom -e '' -o "east${tab}northeast${tab}0.707107" -- \
    "$w2v" neighbors model -k 1
check 'neighbors: no queries' 0 -o '' -e '' -- "$w2v" neighbors model

# ---- Words that are not there -----------------------------------------------------------------

check 'unknown word: status 1, others answered' 1 -o "east${tab}northeast${tab}0.707107" \
    -e "^w2v: 'up' is not in the vocabulary\$" -- "$w2v" neighbors model up east -k 1
check 'unknown word, skip: status 0, still named' 0 -o "east${tab}northeast${tab}0.707107" \
    -e "^w2v: 'up' is not in the vocabulary\$" -- "$w2v" neighbors model up east -k 1 --oov skip
check 'unknown word, skip, quiet' 0 -e '' -- "$w2v" neighbors model up east --oov skip -q
check 'unknown word, quiet' 1 -e "'up' is not" -- "$w2v" neighbors model up east -q
check 'unknown word that is known in lower case' 1 -e "'East' is not in the vocabulary; 'east' is" \
    -- "$w2v" neighbors model East
printf 'east\nup\nnorth\ndown west\n' >queries
check 'unknown words on standard input' 1 -i queries -o "east${tab}northeast${tab}0.707107
north${tab}uphill${tab}0.800000
west${tab}Capital${tab}0.600000" -e "^w2v: standard input:2: 'up' is not" -- \
    "$w2v" neighbors model -k 1
holds 'each is named' grep -q "^w2v: standard input:4: 'down' is not" "$log/err"
check 'nothing known' 1 -o '' -- "$w2v" vector model up down

# ---- analogy ------------------------------------------------------------------------------------

# north - east + west = (-2, 1) / sqrt 5: south is nearest of the rest but Capital, (-3, 4) / 5
check 'analogy' 0 -e '' -o "north - east + west${tab}Capital${tab}0.894427
north - east + west${tab}uphill${tab}-0.178885" -- "$w2v" analogy model north east west -k 2
check 'analogy: JSON' 0 -e '' -o \
    '{"query": "north - east + west", "word": "Capital", "score": 0.894427}' -- \
    "$w2v" analogy model north east west -k1 --json
check 'analogy: two at once' 0 -o "north - east + west${tab}Capital${tab}0.894427
north - west + east${tab}northeast${tab}0.948683" -- \
    "$w2v" analogy model north east west north west east -k 1
printf 'north east west\nnorth east\n\nnorth west east\nnorth up east\n' >queries
check 'analogy: standard input' 1 -i queries -o "north - east + west${tab}Capital${tab}0.894427
north - west + east${tab}northeast${tab}0.948683" \
    -e '^w2v: standard input:2: 2 words; an analogy takes three words' -- \
    "$w2v" analogy model -k 1
holds 'analogy: unknown word' grep -q "^w2v: standard input:5: 'up' is not" "$log/err"
# With (1 + cosine) / 2 for each cosine: 0.9 * 0.8 / (0.2 + 0.001).
check 'analogy: mul' 0 -o "north - east + west${tab}Capital${tab}3.582" -- sh -c \
    '"$1" analogy model north east west -k 1 --method mul | cut -c 1-33' sh "$w2v"
check 'analogy: restrict' 0 -- "$w2v" analogy model north east west --restrict 3
holds 'analogy: restrict leaves one' test "$(cut -f2 "$log/out")" = northeast

# ---- similarity, odd ----------------------------------------------------------------------------

check 'similarity' 0 -e '' -o "east${tab}west${tab}-1.000000" -- "$w2v" similarity model east west
check 'similarity: pairs' 0 -o "east${tab}uphill${tab}0.600000
north${tab}Capital${tab}0.800000" -- "$w2v" similarity model east uphill north Capital
check 'similarity: JSON' 0 -o '{"a": "east", "b": "uphill", "cosine": 0.600000}' -- \
    "$w2v" similarity model east uphill --json
printf 'east\tuphill\nx east\neast east\n' >queries
check 'similarity: standard input' 1 -i queries -o "east${tab}uphill${tab}0.600000
east${tab}east${tab}1.000000" -e "standard input:2: 'x' is not" -- "$w2v" similarity model

# The unit vectors of (2, 0), (1, 1) and (-1, 0) add up to (1, 1) / sqrt 2.
check 'odd' 0 -e '' -o "west${tab}-0.707107${tab}east northeast west" -- "$w2v" odd model east northeast west
check 'odd: JSON' 0 -o '{"word": "west", "cosine": -0.707107, "query": "east northeast west"}' -- \
    "$w2v" odd model --json east northeast west
printf 'east northeast west\nnorth south\neast x west north\nnorth northeast south\n' >queries
check 'odd: standard input' 1 -i queries -o "west${tab}-0.707107${tab}east northeast west
south${tab}-0.707107${tab}north northeast south" -e 'standard input:2: 2 words; give three words or more' -- "$w2v" odd model
holds 'odd: unknown word' grep -q "standard input:3: 'x' is not" "$log/err"

# ---- Rows that keep step with the input ----------------------------------------------------------

printf 'east\nup\n\nnorth\n' >queries
check 'row: neighbors' 0 -i queries -e '' -o "east${tab}northeast${tab}0.707107
up${tab}${tab}nan
${tab}${tab}nan
north${tab}uphill${tab}0.800000" -- "$w2v" neighbors model -k 1 --oov row
check 'row: neighbors, JSON' 0 -i queries -e '' \
    -o '{"query": "east", "word": "northeast", "cosine": 0.707107}
{"query": "up", "word": null, "cosine": null}
{"query": "", "word": null, "cosine": null}
{"query": "north", "word": "uphill", "cosine": 0.800000}' -- \
    "$w2v" neighbors model -k 1 --oov row --json
check 'row: a query without answers' 0 -e '' -o "east${tab}${tab}nan" -- \
    "$w2v" neighbors model east --min-score 0.9 --oov row
check 'row: vector' 0 -i queries -e '' -o "east${tab}2 0
up${tab}nan nan
${tab}nan nan
north${tab}0 3" -- "$w2v" vector model --oov row
check 'row: vector, JSON' 0 -e '' -o '{"word": "up", "vector": null}' -- \
    "$w2v" vector model up --oov row --json
printf '\n' >queries
check 'row: an empty line first' 0 -i queries -e '' -o "${tab}nan nan" -- "$w2v" vector model --oov row
check 'row: an empty word' 0 -e '' -o "${tab}nan nan" -- "$w2v" vector model '' --oov row
printf 'east west\nup west\neast\nsouth north\n' >queries
check 'row: similarity; a line that is no pair is an error still' 1 -i queries \
    -e '^w2v: standard input:3: 1 word; a pair takes two' -o "east${tab}west${tab}-1.000000
up${tab}west${tab}nan
east${tab}${tab}nan
south${tab}north${tab}-1.000000" -- "$w2v" similarity model --oov row
printf 'north east west\nup east west\nnorth\n' >queries
check 'row: analogy' 1 -i queries -o "north - east + west${tab}Capital${tab}0.894427
up - east + west${tab}${tab}nan
north${tab}${tab}nan" -- "$w2v" analogy model -k 1 --oov row
printf 'north - up\nnorth -\n' >queries
check 'row: expressions' 1 -i queries -o "north - up${tab}${tab}nan
north -${tab}${tab}nan" -- "$w2v" analogy model --expr --oov row
printf 'east northeast west\nup east west\n' >queries
check 'row: odd' 0 -i queries -e '' -o "west${tab}-0.707107${tab}east northeast west
${tab}nan${tab}up east west" -- "$w2v" odd model --oov row
awk 'BEGIN { for (i = 0; i < 5000; i++) print i % 2 ? "east" : "zzz" i }' >queries
check 'row: thousands, every other one' 0 -i queries -e '' -- "$w2v" neighbors model -k 1 --oov row
cut -f 1 "$log/out" >got
holds 'row: a row a line' cmp queries got
rm got

# ---- Words with blanks, sums -----------------------------------------------------------------------

printf '4 2\nnew york\t1 0\nparis\t0 1\n"paris"\t1 1\n-\t-1 0\n' >blanks.tsv
printf 'new york\nparis\n"paris"\n-\n' >blanks.words
printf '\223NUMPY\001\000\166\000%-117s\n' \
    "{'descr': '<f4', 'fortran_order': False, 'shape': (4, 2), }" >blanks.npy
printf '\000\000\200\077\000\000\000\000\000\000\000\000\000\000\200\077' >>blanks.npy
printf '\000\000\200\077\000\000\200\077\000\000\200\277\000\000\000\000' >>blanks.npy
printf 'new york\tparis\n"new york" paris\n"paris" paris\n"new york"\tparis\n' >queries
check 'words with blanks, between tabs or in quotes' 1 -i queries \
    -e "^w2v: standard input:4: '\"new york\"' is not" -o "new york${tab}paris${tab}0.000000
new york${tab}paris${tab}0.000000
\"paris\"${tab}paris${tab}0.707107" -- "$w2v" similarity blanks.npy
printf 'new york\t\n' >queries
check 'a word with a blank and a tab behind it' 0 -i queries -e '' \
    -o "new york${tab}\"paris\"${tab}0.707107" -- "$w2v" neighbors blanks.npy -k 1
printf 'new york\nparis\n' >list
check 'a list of words with blanks' 0 -e '' -o "\"paris\"${tab}new york${tab}0.707107
\"paris\"${tab}paris${tab}0.707107" -- "$w2v" neighbors blanks.npy '"paris"' --among list
rm blanks.*

"$w2v" analogy model --expr 'north - east + west' -k 2 >want
check 'a sum on the command line' 0 -e '' -O want -- "$w2v" analogy model north - east + west -k 2
printf 'north - east + west\n' >queries
check 'a sum on standard input' 0 -i queries -e '' -O want -- "$w2v" analogy model -k 2
check 'an expression without blanks' 1 -o '' -e "'north-east' is not in the vocabulary; operators stand between blanks" \
    -- "$w2v" analogy model --expr north-east
check 'no model: a word in its place' 1 -o '' -e 'north: cannot open: .*; the model file is named first' -- \
    "$w2v" neighbors north model
check '-n' 2 -e 'unknown option -n; did you mean --k?' -- "$w2v" neighbors model north -n 3
check 'a sum of two' 1 -o '' -e "'-' is not in the vocabulary; an expression of so few words needs --expr" \
    -- "$w2v" analogy model north - east

printf 'north east \0\n' >queries
check 'a zero byte is no operator' 1 -i queries -o '' -e 'in the vocabulary$' -- "$w2v" analogy model
printf 'north \0 east\n' >queries
check 'nor in an expression' 1 -i queries -o '' -e 'column 7: + or - is missing' -- \
    "$w2v" analogy model --expr

# ---- Vectors without a direction ------------------------------------------------------------------

{
    printf '4 2\nbad \000\000\300\177\000\000\200\077\na \000\000\200\077\000\000\000\000\n'
    printf 'b \000\000\200\077\000\000\200\077\nc \000\000\000\000\000\000\200\177\n'
} >infinite # bad (nan, 1), a (1, 0), b (1, 1), c (0, inf)
said="^w2v: the vector of 'bad' is not finite\$"
check 'not finite: neighbors, others answered' 1 -e "$said" -o "a${tab}b${tab}0.707107" -- \
    "$w2v" neighbors infinite bad a
check 'not finite: infinity' 1 -o '' -e "^w2v: the vector of 'c' is not finite\$" -- \
    "$w2v" similarity infinite a c
check 'not finite: analogy' 1 -o '' -e "$said" -- "$w2v" analogy infinite a bad b
check 'not finite: expression' 1 -o '' -e "$said" -- "$w2v" analogy infinite --expr 'a - bad'
check 'not finite: odd' 1 -o '' -e "$said" -- "$w2v" odd infinite bad a b
check 'not finite: case folded' 1 -o '' -e "the vector of 'BAD' is not" -- \
    "$w2v" neighbors infinite BAD --case fold
check 'not finite: skip' 0 -o "a${tab}b${tab}0.707107" -e "$said" -- \
    "$w2v" similarity infinite bad a a b --oov skip
check 'not finite: skip, quiet' 0 -o '' -e '' -- "$w2v" neighbors infinite bad --oov skip -q
printf 'a b bad\na b b\n' >queries
check 'not finite: row' 0 -i queries -e '' -o "${tab}nan${tab}a b bad
a${tab}0.862856${tab}a b b" -- "$w2v" odd infinite --oov row
check 'not finite: standard input' 1 -i queries -e "^w2v: standard input:1: the vector of 'bad' is" \
    -o "a${tab}0.862856${tab}a b b" -- "$w2v" odd infinite
check 'not finite: vector prints it' 0 -e '' -o "bad${tab}nan 1
c${tab}0 inf" -- "$w2v" vector infinite bad c
printf '2 2\nnil \000\000\000\000\000\000\000\200\na \000\000\200\077\000\000\000\000\n' >zero
said="^w2v: the vector of 'nil' is zero\$"
check 'zero: neighbors' 1 -e "$said" -o '' -- "$w2v" neighbors zero nil a
check 'zero: similarity' 1 -o '' -e "$said" -- "$w2v" similarity zero nil a
check 'zero: no rows of nn-graph' 0 -o '' -e '^w2v: note: 1 word left out' -- \
    "$w2v" nn-graph zero --restrict 1
check 'zero: a sum' 1 -o '' -e 'the words of the query add up to zero$' -- \
    "$w2v" analogy zero --expr 'a - a'
check 'zero: but for the rounding of weights' 1 -o '' -e 'the words of the query add up to zero$' -- \
    "$w2v" analogy zero --expr '0.1 * a + 0.2 * a - 0.3 * a'
check 'zero: but for the rounding of vectors' 0 -o '' -- \
    "$w2v" analogy model --expr '0.6 * east + 0.8 * north - uphill'
check 'large weights that cancel' 0 -o "1e+08 * east + north - 1e+08 * east${tab}uphill${tab}0.800000" -- \
    "$w2v" analogy model -k 1 --expr '1e8 * east + north - 1e8 * east'
check 'weights whose sum is no double' 0 -o "1e+308 * east + 1e+308 * east + north${tab}northeast${tab}0.707107" \
    -- "$w2v" analogy model -k 1 --expr '1e308 * east + 1e308 * east + north'
check 'an unknown word is one term, too' 0 -- "$w2v" analogy "$subwords" -k 1 --expr 'king'
cut -f 2,3 "$log/out" >want
check 'of any weight' 0 -- "$w2v" analogy "$subwords" -k 1 \
    --expr '1e8 * kinks + king - 1e8 * kinks'
holds 'and the same answer' sh -c 'cut -f 2,3 "$0" | cmp - want' "$log/out"
check 'zero: a sum, row' 0 -o "a - a${tab}${tab}nan" -e '' -- \
    "$w2v" analogy zero --expr 'a - a' --oov row
printf '3 1\na 1\nb -1\nnil 0\n' >weights
check 'tiny weights; a vector of zeros is no answer' 0 -e '' -o "1e-200 * a${tab}b${tab}-1.000000" -- \
    "$w2v" analogy weights --expr '1e-200 * a'
many=$(awk 'BEGIN { printf "a"; for (i = 1; i < 64; i++) printf " + b" }')
check 'a product of 64 terms' 0 -e '' -- "$w2v" analogy weights --expr "$many" --method mul
check 'a product of more could be too small for a float' 2 -o '' -e '65 terms; --method mul takes 64' -- \
    "$w2v" analogy weights --expr "$many + b" --method mul
printf 'a\n%s + b\nb\n' "$many" >queries
check 'one such line' 1 -i queries -e '^w2v: standard input:2: 65 terms; ' -o "a${tab}b${tab}0.000000
b${tab}a${tab}0.000000" -- "$w2v" analogy weights --expr --method mul -k 1
check 'nor with the product' 0 -e '' -o "a${tab}b${tab}0.000000" -- \
    "$w2v" analogy weights --expr a --method mul
check 'zero: vector prints it' 0 -e '' -o "nil${tab}0 -0" -- "$w2v" vector zero nil
rm infinite zero weights

# ---- Lists --------------------------------------------------------------------------------------

printf 'north 8\nwest 7\n' >list
check 'a list with counts behind blanks' 0 -e '' -o "east${tab}north${tab}0.000000
east${tab}west${tab}-1.000000" -- "$w2v" neighbors model east --among list
check 'a list on standard input' 0 -i list -e '' -o "east${tab}north${tab}0.000000
east${tab}west${tab}-1.000000" -- "$w2v" neighbors model east --among -
check 'nothing else may come from there: queries' 2 -i list -o '' -e 'queries and --among cannot both' \
    -- "$w2v" neighbors model --among -
check 'nothing else: the model' 2 -i list -o '' -e 'the model and --exclude cannot both' -- \
    "$w2v" neighbors - east --exclude -
check 'nothing else: another list' 2 -i list -o '' -e '--among and --exclude cannot both' -- \
    "$w2v" neighbors model east --among - --exclude -
printf '\377\376n\000' >list
check 'a list in UTF-16' 1 -o '' -e '^w2v: list: is text in UTF-16.*iconv' -- \
    "$w2v" neighbors model east --among list

# ---- words ----------------------------------------------------------------------------------------

check 'words: a model without counts' 0 -e '^w2v: note: the model has no counts' -o "east
north
northeast
west
south
uphill
Capital" -- "$w2v" words model
check 'words: quiet, JSON' 0 -e '' -- "$w2v" words model -q --json
holds 'words: JSON' grep -q '^{"word": "uphill", "count": null}$' "$log/out"
printf 'b a b\nb c\n' >text
"$w2v" train text -o counted --min-count 1 -d 2 -q -e 1
check 'words: counts, in the order of the model' 0 -e '' -o "b${tab}3
a${tab}1
c${tab}1" -- "$w2v" words counted
check 'words: to a file' 0 -o '' -e '' -- "$w2v" words counted -o list
check 'words: which is a list' 0 -e '' -- "$w2v" neighbors counted b --among list
check 'words: and a vocabulary' 0 -e '' -- "$w2v" train text -o again --vocab list --min-count 1 \
    -d 2 -q -e 1
holds 'words: that gives the same counts' test "$("$w2v" words again)" = "$(cat list)"
check 'words: JSON' 0 -e '' -- "$w2v" words counted --json
holds 'words: JSON has the count' grep -q '^{"word": "b", "count": 3}$' "$log/out"
check 'words: no model' 2 -o '' -e 'no model' -- "$w2v" words
rm text counted again list

# ---- Candidates, scores, case, subwords ------------------------------------------------------------

printf 'north\r\nwest\n\nnowhere\nnorth\nuphill' >list
check 'among' 0 -o "east${tab}uphill${tab}0.600000
east${tab}north${tab}0.000000
east${tab}west${tab}-1.000000" -e '^w2v: list: 1 of 5 words is not in the vocabulary$' -- \
    "$w2v" neighbors model east --among list
check 'among, restricted' 0 -e '' -o "east${tab}north${tab}0.000000" -- \
    "$w2v" neighbors model east --among list --restrict 3 -q
check 'exclude' 0 -o "east${tab}northeast${tab}0.707107
east${tab}south${tab}0.000000
east${tab}Capital${tab}-0.600000" -- "$w2v" neighbors model east --exclude list -q
check 'among and exclude' 0 -o '' -- "$w2v" neighbors model east --among list --exclude list -q
: >none
check 'among none' 0 -o '' -e '^w2v: note: no word of none is in the vocabulary, so' -- \
    "$w2v" neighbors model east --among none
printf '"east"\n' >quoted
check 'quotes around a word without blanks' 1 -i quoted -o '' -e "; 'east' is, and needs no quotes" -- \
    "$w2v" neighbors model
check 'exclude none' 0 -e '' -o "east${tab}northeast${tab}0.707107" -- \
    "$w2v" neighbors model east --exclude none -k1
check 'a list that is not there' 1 -o '' -e '^w2v: nolist: cannot open: ' -- \
    "$w2v" neighbors model east --among nolist
check 'a folder for a list' 1 -o '' -e '^w2v: \.: is a directory' -- \
    "$w2v" neighbors model east --exclude .
check 'min-score' 0 -o "east${tab}northeast${tab}0.707107
east${tab}uphill${tab}0.600000" -- "$w2v" neighbors model east --min-score 0.6
check 'min-score that nothing has' 0 -o '' -e '' -- "$w2v" neighbors model east --min-score 0.8
check 'case: exact' 1 -o '' -- "$w2v" neighbors model EAST
check 'case: fold, the query as given' 0 -e '' -o "EAST${tab}northeast${tab}0.707107
Capital${tab}north${tab}0.800000" -- "$w2v" neighbors model EAST Capital -k 1 --case fold
check 'case: fold, either way' 0 -o "capital${tab}EAST${tab}-0.600000" -- \
    "$w2v" similarity model capital EAST --case fold
printf '4 2\nking 1 0\nKing 1 0.1\nKING 0 1\nqueen 0.5 1\n' >cases
check 'case: fold, the first stands for all, none of them is an answer' 0 \
    -o "KING${tab}queen${tab}0.447214" -- "$w2v" neighbors cases KING --case fold
check 'case: exact, each is a word' 0 -o "KING${tab}queen${tab}0.894427
KING${tab}King${tab}0.099504
KING${tab}king${tab}0.000000" -- "$w2v" neighbors cases KING
echo KING >capitals
check 'case: fold, all of them are left out' 0 -o "queen${tab}nothing${tab}-1.000000" -- sh -c \
    '{ sed "s/4 2/5 2/" cases; echo nothing -0.5 -1; } >more; "$1" neighbors more queen --case fold \
        --exclude capitals' sh "$w2v"
check 'case: fold, all of them may be answers' 0 -o "queen${tab}KING${tab}0.894427
queen${tab}King${tab}0.533993
queen${tab}king${tab}0.447214" -- "$w2v" neighbors cases queen --case fold --among capitals
rm cases more
printf '5 2\nking 1 0\nmen 0 1\nking 0.9 0.1\nqueen 0.5 1\nmen 0.1 1\n' >twice
check 'a word that the model has twice is no neighbour of its own' 0 -e '' \
    -o "king${tab}queen${tab}0.447214
king${tab}men${tab}0.000000" -- "$w2v" neighbors twice king
check 'nor of others but once' 0 -o "queen${tab}men${tab}0.894427
queen${tab}king${tab}0.447214" -- "$w2v" neighbors twice queen
check 'nor in a graph' 0 -- "$w2v" nn-graph twice -k 1
holds 'which has a row a word' test "$(cut -f1 "$log/out" | tr '\n' ' ')" = 'king men queen '
rm twice
printf 'NORTH\n' >capitals
printf '5 2\nx 0 1\na 1 0\nb -1 .05\nc -1 .02\nd .3 1\n' >far
check 'a product of many terms' 0 -e '' -- "$w2v" analogy far --method mul -k 2 --expr \
    "$(awk 'BEGIN { printf "x"; for (i = 0; i < 35; i++) printf " + x"; for (i = 0; i < 16; i++) printf " - a" }')"
holds 'is in the right order, and finite' sh -c 'cut -f2 "$1" | tr "\n" " " | grep -qx "c b " && ! grep -qi -e inf -e nan "$1"' \
    sh "$log/out"
rm far
printf 'north\343\200\200uphill\343\200\200\n' >wide
check 'U+3000 is a blank' 0 -i wide -e '' -o "north${tab}uphill${tab}0.800000" -- \
    "$w2v" similarity model
check 'case: fold, lists too' 0 -e '' -o "east${tab}north${tab}0.000000" -- \
    "$w2v" neighbors model east --among capitals --case fold
check 'subword: of a model without' 1 -o '' -e '^w2v: note: .* has no subwords' -- \
    "$w2v" neighbors model up --oov subword
"$w2v" convert "$subwords" subwords -q || exit 1
for file in "$subwords" subwords; do # fastText's file, and w2v's own
    name="subword, $(basename "$file")"
    made="^w2v: note: 1 word is not in the vocabulary; its vector was computed from n-grams: qwer\$"
    check "$name: neighbors" 0 -e 'computed from n-grams: zzzqq$' -- \
        "$w2v" neighbors "$file" zzzqq king -k 2
    holds "$name: two each" test "$(cut -f1 "$log/out" | uniq -c | tr -s ' \n' ' ')" = ' 2 zzzqq 2 king '
    check "$name: similarity to itself" 0 -e "$made" -o "qwer${tab}qwer${tab}1.000000" -- \
        "$w2v" similarity "$file" qwer qwer
    check "$name: a word in another case" 0 -e "computed from n-grams: KING (the vocabulary has 'king')\$" -- \
        "$w2v" vector "$file" KING
    check "$name: no note" 0 -e '' -o "qwer${tab}qwer${tab}1.000000" -- \
        "$w2v" similarity "$file" qwer qwer -q
    check "$name: odd" 0 -e "$made" -- "$w2v" odd "$file" king queen qwer
    check "$name: analogy" 0 -e "$made" -- "$w2v" analogy "$file" king qwer queen
    check "$name: expression" 0 -e "$made" -- "$w2v" analogy "$file" --expr '0.5 * qwer + king'
    check "$name: not with --oov error" 1 -o '' -e "'qwer' is not in" -- \
        "$w2v" vector "$file" qwer --oov error
    check "$name: nor with --oov skip" 0 -o '' -e "'qwer' is not in" -- \
        "$w2v" vector "$file" qwer --oov skip
    check "$name: no n-grams" 1 -o '' -e "'' is not in" -- "$w2v" vector "$file" ''
    check "$name: asked for" 0 -e "$made" -- "$w2v" vector "$file" qwer --oov subword
    cp "$log/out" "vector.$(basename "$file")"
done
holds 'subword: both files make the same vector' cmp vector.fasttext-sg.bin vector.subwords
awk 'BEGIN { for (i = 0; i < 25; i++) print "zz" i; print "zz24"; print "zz24" }' >unseen
made='not in the vocabulary; their vectors were computed from n-grams: zz0, zz1,.*, zz19'
check 'subword: a note names so many' 0 -i unseen \
    -e "^w2v: note: more than 20 words are $made and others\$" \
    -- "$w2v" vector subwords
check 'subword: a note cuts no character' 0 -e 'n-grams: 字字字字字字字字字字字字字$' -- \
    "$w2v" vector subwords 字字字字字字字字字字字字字字字
head -n 20 unseen >some
check 'subword: a note names all' 0 -i some -e "^w2v: note: 20 words are $made\$" -- \
    "$w2v" vector subwords
rm subwords unseen some vector.*

# ---- Expressions ----------------------------------------------------------------------------------

"$w2v" analogy model north east west -k 2 >want
check 'expression' 0 -e '' -O want -- "$w2v" analogy model --expr 'north - east + west' -k 2
check 'expression: one word' 0 -o "east${tab}northeast${tab}0.707107" -- \
    "$w2v" analogy model --expr east -k 1
# 3 north + 0.5 (2 east - west): (1.5, 3) / sqrt 11.25
check 'expression: weights' 0 -e '' -o "3 * north + east - 0.5 * west${tab}uphill${tab}0.983870" -- \
    "$w2v" analogy model --expr '3 * north + east - 0.5 * west' -k 1
check 'expression: several' 0 -o "- east${tab}west${tab}1.000000
west${tab}Capital${tab}0.600000" -- "$w2v" analogy model --expr -k1 -- '- east' ' "west"'
printf 'north - east + west\n\nnorth west\neast + up\n"west"\n' >queries
check 'expression: standard input' 1 -i queries -o "north - east + west${tab}Capital${tab}0.894427
west${tab}Capital${tab}0.600000" \
    -e "^w2v: standard input:3: 'north west': column 7: + or - is missing" -- \
    "$w2v" analogy model --expr -k 1
holds 'expression: unknown word' grep -q "^w2v: standard input:4: 'up' is not" "$log/err"
check 'expression: JSON' 0 -o \
    '{"query": "north - east + west", "word": "Capital", "score": 0.894427}' -- \
    "$w2v" analogy model --expr 'north - east + west' --json -k1
check 'expression: wrong, on the command line' 2 -o '' -e "'north +': column 8: a word is missing" \
    -- "$w2v" analogy model --expr 'north +'
"$w2v" analogy model north east west -k 2 --method mul >want
check 'expression: mul' 0 -O want -- \
    "$w2v" analogy model --expr 'north - east + west' -k 2 --method mul
check 'expression: mul takes no weights' 2 -o '' -e 'weights need --method add' -- \
    "$w2v" analogy model --expr '2 * north' --method mul

# ---- vector -------------------------------------------------------------------------------------

check 'vector' 0 -e '' -o "uphill${tab}3 4
Capital${tab}-3 4" -- "$w2v" vector model uphill Capital
check 'vector: JSON' 0 -e '' -o '{"word": "uphill", "vector": [3, 4]}' -- \
    "$w2v" vector model uphill --json
printf '1 4\nw 0.1 0.123456789 1e-20 -16777217\n' >digits
check 'vector: shortest digits' 0 -o "w${tab}0.1 0.12345679 1e-20 -16777216" -- \
    "$w2v" vector digits w
printf '2 1\na"b\\c 1\n\344\270\255\377\303 2\n' >strange
check 'JSON: escapes' 0 -o '{"word": "a\"b\\c", "vector": [1]}' -- \
    "$w2v" vector strange --json 'a"b\c'
check 'JSON: what is not UTF-8' 0 -o "$(printf \
    '{"word": "\344\270\255\357\277\275\357\277\275", "vector": [2]}')" -- \
    "$w2v" vector strange --json "$(printf '\344\270\255\377\303')"

# ---- info ---------------------------------------------------------------------------------------

check 'info' 0 -e '' -o "format${tab}word2vec-text
words${tab}7
dim${tab}2
duplicates${tab}0" -- "$w2v" info model
check 'info: JSON' 0 -o '{"format": "word2vec-text", "words": 7, "dim": 2, "duplicates": 0}' -- \
    "$w2v" info model --json

# ---- Batches ------------------------------------------------------------------------------------

# More queries than a block holds, in order, with an unknown word among them.
awk 'BEGIN { for (i = 0; i < 5000; i++) print i == 3000 ? "zzz" : i % 3 ? "east" : "north" }' >queries
awk 'BEGIN { for (i = 0; i < 5000; i++) if (i != 3000)
    print i % 3 ? "east\tnortheast\t0.707107" : "north\tuphill\t0.800000" }' >want
check 'a batch of thousands' 1 -i queries -O want -e "^w2v: standard input:3001: 'zzz'" -- \
    "$w2v" neighbors model -k 1
check 'on two threads' 1 -i queries -O want -- "$w2v" neighbors model -k 1 -t 2
grep -v zzz queries | tr '\n' ' ' >line
check 'all on one line' 0 -i line -O want -e '' -- "$w2v" neighbors model -k 1
sed 's/$/ uphill/' queries | grep -v zzz >pairs
check 'thousands of pairs' 0 -i pairs -e '' -- "$w2v" similarity model
holds 'are all answered' test "$(wc -l <"$log/out")" -eq 4999

# In a pipe each answer comes before the next question is written.
mkfifo ask answer
"$w2v" neighbors model -k 1 <ask >answer 2>"$log/err" &
answering=$!
(
    sleep 20
    kill "$answering"
) >"$log/held" 2>&1 &
guard=$!
exec 3>ask 4<answer
echo east >&3
read -r first <&4
holds 'a pipe: the first is answered at once' test "$first" = "east${tab}northeast${tab}0.707107"
printf 'nor' >&3
echo th >&3
read -r second <&4
holds 'a pipe: and the second' test "$second" = "north${tab}uphill${tab}0.800000"
exec 3>&-
wait "$answering"
holds 'a pipe: ends with its input' test $? -eq 0
exec 4<&-
kill "$guard" 2>"$log/held"

# ---- Output that ends early ---------------------------------------------------------------------

awk 'BEGIN { for (i = 0; i < 100000; i++) print "east" }' >queries
{
    "$w2v" neighbors model <queries 2>"$log/err"
    echo $? >"$log/status"
} | head -n 1 >"$log/first"
holds 'a closed pipe: the first line came' grep -q '^east.northeast' "$log/first"
case $(cat "$log/status") in
141) holds 'a closed pipe: quiet' test ! -s "$log/err" ;;
*) holds 'a closed pipe, SIGPIPE ignored by the parent: status 1' test "$(cat "$log/status")" = 1 ;;
esac
if [ -c /dev/full ]; then
    for command in 'neighbors model' 'vector model' 'eval model set' 'info model' help 'help --man' \
        '--version' 'help train'; do
        printf ': s\neast north west south\n' >set
        "$w2v" $command <queries >/dev/full 2>"$log/err"
        holds "a full device, $command: status 1" test $? -eq 1
        holds "a full device, $command: said once" test \
            "$(grep -c '^w2v: standard output: cannot write: No space left on device$' "$log/err")" -eq 1
    done
fi

# ---- Words that would forge a row or drive a terminal -----------------------------------------------

# A tab, a backslash, ESC, U+009B as a character and as a byte, DEL. The other word has no control
# characters: a letter whose UTF-8 has the byte 9b, and a letter of Latin-1.
{
    printf '3 2\ncat \0\0\200\077\0\0\0\100\n'
    printf 'a\tb\\c\033[2J\302\233\233\177 \0\0\200\077\0\0\200\077\n'
    printf '\351\233\233\344 \0\0\0\100\0\0\200\077\n'
} >hostile
hostile=$(printf 'a\tb\\c\033[2J\302\233\233\177')
safe='a\tb\c\x1b[2J\u009b\x9b\x7f'
check 'rows: escaped' 0 -e '' -- "$w2v" neighbors hostile cat
printf 'cat\t%s\t0.948683\ncat\t\351\233\233\344\t0.800000\n' "$safe" >want
holds 'rows: as they should be' cmp want "$log/out"
holds 'rows: three columns' awk -F '\t' 'NF != 3 { exit 1 }' "$log/out"
check 'the query: escaped' 0 -e '' -- "$w2v" neighbors hostile "$hostile"
holds 'the query: in every row' awk -F '\t' 'NF != 3 || $1 != want { exit 1 }' want="$(printf %s "$safe" |
    sed 's/\\/\\\\/g')" "$log/out"
check 'vectors: escaped' 0 -e '' -o "$safe${tab}1 1" -- "$w2v" vector hostile "$hostile"
printf '2 1\na\\b \0\0\200\077\nc\td \0\0\200\077\n' >listed
check 'a list of words is read again: as they are, but what no list holds' 0 -e 'has no counts' \
    -o 'a\b
c\td' -- "$w2v" words listed
rm listed
printf '2 1\n\\alpha \0\0\200\077\n\\beta \0\0\200\077\n' >latex
"$w2v" neighbors latex '\alpha' | cut -f 2 >"$log/held"
check 'a row is read again: a backslash' 0 -e '' -i "$log/held" -o "\beta${tab}1" -- "$w2v" vector latex
rm latex
check 'messages: escaped' 1 -o '' -e "'x\\\\x1b\\[2J' is not in" -- \
    "$w2v" vector hostile "$(printf 'x\033[2J')"
check 'names of files: escaped' 1 -o '' -e '^w2v: no\\n\\file: ' -- \
    "$w2v" info "$(printf 'no\n\\file')"
"$w2v" cluster hostile -k 1 --stats -q >"$log/out"
holds 'clusters: escaped' grep -qF "$safe" "$log/out"
# In a list with blanks between, a blank inside a word is escaped, and the manual says so.
printf '3 2\nnew york 0 1\ndog 1 0\nbig cat 1 0\n' >blanks
check 'a list of words: odd' 0 -e '' -o "new york${tab}0.447214${tab}dog new\\x20york big\\x20cat" -- \
    "$w2v" odd blanks dog 'new york' 'big cat'
check 'a list of words: odd, JSON' 0 -e '' \
    -o '{"word": "new york", "cosine": 0.447214, "query": "dog new york big cat"}' -- \
    "$w2v" odd blanks dog 'new york' 'big cat' --json
check 'a list of words: cluster' 0 -e '' -- "$w2v" cluster blanks -k 1 --stats -q
holds 'a list of words: cluster, as odd' grep -qF 'dog big\x20cat new\x20york' "$log/out"
check 'a list of words: the manual' 0 -- "$w2v" help --man
holds 'a list of words: the manual has the escape' grep -qF '\ex20 is a blank inside a word' "$log/out"
printf 'dog "big cat"\n' >queries
check 'a line that is no list: odd' 1 -i queries -o "${tab}nan${tab}dog \"big cat\"" -- \
    "$w2v" odd blanks --oov row
finish
