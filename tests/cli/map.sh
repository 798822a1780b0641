# map: figures, pages and tables; words, groups, arrows; errors; hostile words.
. "$(dirname "$0")/lib.sh"

awk 'BEGIN { srand(7); print 300, 6
    for (i = 0; i < 300; i++) { printf "w%d", i
        for (k = 0; k < 6; k++) printf " %.4f", (i % 6 == k ? 3 : 0) + rand() - 0.5
        print "" } }' >model

# ---- Kinds of file ------------------------------------------------------------------------------

check 'map: table' 0 -o '' -e '^out.tsv: 300 words$' -- "$w2v" map model -o out.tsv
holds 'map: a row a word, in order' awk -F '\t' \
    'NF != 4 || $1 != "w" NR - 1 || $2 !~ /^-?[0-9]+\.[0-9][0-9][0-9][0-9][0-9][0-9]$/ { bad = 1 }
    END { exit bad || NR != 300 }' out.tsv
check 'map: on one thread' 0 -o '' -e '' -- "$w2v" map model -o one.tsv -q -t 1
holds 'map: is the same' cmp out.tsv one.tsv
check 'map: eight threads' 0 -o '' -e '' -- "$w2v" map model -o one.tsv -q -t 8
holds 'map: is the same too' cmp out.tsv one.tsv
check 'map: another seed' 0 -- "$w2v" map model -o one.tsv -q --seed 2
holds 'map: is another map' sh -c '! cmp -s out.tsv one.tsv'
check 'map: principal directions' 0 -- "$w2v" map model -o one.tsv -q --method pca
holds 'map: they lie otherwise' sh -c '! cmp -s out.tsv one.tsv'
check 'map: figure' 0 -o '' -e '^out.svg: 300 words, [0-9]* labels$' -- \
    "$w2v" map model -o out.svg
holds 'map: a point a word' test "$(grep -c '^<circle' out.svg)" -eq 300
if command -v xmllint >"$log/held"; then
    holds 'map: the figure is XML' xmllint --noout out.svg
fi
check 'map: few labels' 0 -e '300 words, 5 labels' -- \
    "$w2v" map model -o out.svg --label 5
check 'map: no labels' 0 -e '^out.svg: 300 words$' -- "$w2v" map model -o out.svg --label 0
holds 'map: no text' sh -c '! grep -q "<text" out.svg'
check 'map: page' 0 -o '' -e '^out.html: 300 words$' -- "$w2v" map model -o out.html
holds 'map: the page ends' test "$(tail -n 1 out.html)" = '</html>'
holds 'map: the page names no other place' sh -c '! grep -qE "(src|href)=|https?:" out.html'
check 'map: progress' 0 -e '' -- "$w2v" map model -o one.tsv -q --progress json
mv out.html one.html
check 'map: page on two threads' 0 -- "$w2v" map model -o out.html -q -t 2
holds 'map: the same page' cmp out.html one.html

# ---- Words and groups ---------------------------------------------------------------------------

check 'map: the first words' 0 -- "$w2v" map model -o out.tsv -q --top 20
holds 'map: twenty' test "$(wc -l <out.tsv)" -eq 20
printf '\357\273\277w3\tred\r\nw5\nnowhere\tred\n\nw1\tblue <&>\tmore\nw3\tblue <&>\n' >words
check 'map: a list' 0 -e '^w2v: note: 1 word of words is not in model' -- \
    "$w2v" map model -o out.tsv --words words --method pca
holds 'map: groups' test "$(cut -f 1,4 out.tsv | tr '\t\n' '= ')" = 'w1=blue <&> w3=red w5= '
printf 'w3 7\nw5 2\n' >counted
check 'map: a list with counts behind blanks' 0 -e '^out.tsv: 2 words' -- \
    "$w2v" map model -o out.tsv --words counted --method pca
rm counted
check 'map: groups in a figure' 0 -e '3 words, 3 labels, 2 groups' -- \
    "$w2v" map model -o out.svg --words words
holds 'map: the legend' grep -q '>blue &lt;&amp;&gt;</text>' out.svg
awk 'BEGIN { for (i = 0; i < 50; i++) printf "w%d\tg%d\n", i, i }' >many
check 'map: more groups than the legend has room for' 0 -e '50 groups' -- \
    "$w2v" map model -o out.svg --words many --label 0
holds 'map: the legend says how many it lacks' grep -q '>and [0-9]* more</text>' out.svg
holds 'map: the figure is wide enough for that line' awk \
    '/<svg/ { sub(/.*viewBox="0 0 /, ""); width = $1 }
    /^<text.*>and / { sub(/.* x="/, ""); exit width - $0 < 85 }' out.svg
rm many
check 'map: clusters' 0 -e '60 words, 6 groups' -- "$w2v" map model -o out.tsv --top 60 --clusters 6
holds 'map: clusters are those of the directions' awk -F '\t' \
    '{ i = substr($1, 2) % 6; if (i in seen && seen[i] != $4) exit 1; seen[i] = $4 }
    split($4, typical, ", ") != 3 { exit 1 }' out.tsv
cut -f 1 words >bare
check 'map: clusters of listed words' 0 -e '2 groups' -- \
    "$w2v" map model -o out.tsv --words bare --clusters 2
rm bare
check 'map: clusters of words that have groups' 2 -o '' \
    -e '^w2v map: words:1: clusters were asked for, but this line gives its word a group' -- \
    "$w2v" map model -o out.tsv --words words --clusters 2
check 'map: clusters of words near to two' 2 -o '' \
    -e '^w2v map: clusters and groups of 2 near words were both asked for' -- \
    "$w2v" map model -o out.tsv --near 'w0 w1' --clusters 2
check 'map: clusters of words near to one' 0 -e '10 words, 2 groups' -- \
    "$w2v" map model -o out.tsv --near w0 --top 10 --clusters 2
check 'map: near' 0 -e '20 words, 2 groups' -- "$w2v" map model -o out.tsv --near 'w0  w1' --top 20
holds 'map: each with its neighbours' awk -F '\t' \
    '{ if (substr($1, 2) % 6 != substr($4, 2)) exit 1 }' out.tsv
check 'map: near one' 0 -e '^out.tsv: 10 words$' -- "$w2v" map model -o out.tsv --near w7 --top 10
check 'map: near one, and no neighbour' 0 -e '^out.tsv: 1 word$' -- "$w2v" map model -o out.tsv --near w7 --top 1
check 'map: near two, and too few for a neighbour each' 0 -e '^out.tsv: 2 words, 2 groups$' -- \
    "$w2v" map model -o out.tsv --near 'w7 w8' --top 3
printf '2 2\nup 3 4\ndown 3 -4\n' >tall
check 'map: two words that differ in the second dimension' 0 -- "$w2v" map tall -o tall.svg --method pca -q
holds 'map: are as far apart as the figure allows' test \
    "$(sed -n 's/.*<circle cx="\([0-9.]*\)" cy="\([0-9.]*\)".*/\1 \2/p' tall.svg | tr '\n' ' ')" = \
    '1154.0 300.0 46.0 300.0 '
awk 'BEGIN { print 40, 2; for (i = 0; i < 40; i++) print "p" i, i % 7 + 1, i % 7 + 1 - i % 3 * .6 }' >tall
check 'map: principal directions of two dimensions' 0 -- "$w2v" map tall -o tall.tsv --method pca -q
holds 'map: have no covariance, and the first has the most variance' awk -F '\t' '
    { n++; x[n] = $2; y[n] = $3; mx += $2; my += $3 }
    END { for (i = 1; i <= n; i++) { a = x[i] - mx / n; b = y[i] - my / n; xx += a * a; yy += b * b; xy += a * b }
        exit !(xx > yy && xy * xy < 1e-6 * xx * xx) }' tall.tsv
rm tall tall.svg tall.tsv
printf 'w0\n' >'x\y.tsv'
check 'map: a backslash in a name' 2 -o '' -e 'map: x\\y\.tsv: ' -- \
    "$w2v" map model --words 'x\y.tsv' -o 'x\y.tsv'
rm 'x\y.tsv'
printf '3 2\nnew york 1 2\nplain 3 1\ntab\1bed 4 4\n' >blanks
check 'map: near words with blanks' 0 -e '^out.tsv: 2 words, 2 groups$' -- \
    "$w2v" map blanks -o out.tsv --near '"new york" plain' --top 2
"$w2v" map blanks -o out.tsv -q
holds 'map: control characters are escapes' grep -q '^tab\\x01bed' out.tsv
for command in 'map model -o out.svg --top 10' 'convert model out' 'cluster model -k 3 -o out' \
    'convert blanks out'; do
    # shellcheck disable=SC2086
    "$w2v" $command --progress json 2>told >out
    holds "$command: progress is objects alone" sh -c 'grep -q "\"phase\": \"done\"" told && ! grep -qv "^{.*}$" told'
done
rm blanks told out
check 'map: near more than there shall be' 2 -o '' -e '1 words in all are fewer than the 2' -- \
    "$w2v" map model -o out.tsv --near 'w7 w8' --top 1
check 'map: perplexity of principal directions' 2 -o '' -e '--perplexity is for --method tsne' -- \
    "$w2v" map model -o out.tsv --method pca --perplexity 5
check 'map: labels of a table' 2 -o '' -e '--label is for' -- "$w2v" map model -o out.tsv --label 5
check 'map: near a word that is not there' 1 -o '' -e '^w2v: --near: "xyz" is not in' -- \
    "$w2v" map model -o out.tsv --near 'w0 xyz'
printf ' w1 w2  0.5\nw290\t w291 \t7\n\nw3   nowhere\n' >pairs
check 'map: arrows' 0 -e '12 words.*, 2 arrows' -- \
    "$w2v" map model -o out.svg --top 10 --arrows pairs --method pca
holds 'map: two' test "$(sed -n '/class="a"/,/<\/g>/p' out.svg | grep -c '<path')" -eq 2
holds 'map: and a note' grep -q '^w2v: note: 1 arrow of pairs left out' "$log/err"
check 'map: arrows of a table' 0 -e '^out.tsv: 12 words$' -- \
    "$w2v" map model -o out.tsv --top 10 --arrows pairs --method pca
printf 'a 1 0\na2 2 0\nb 0 1\n' >close
printf 'a b\na a2\n' >arrows
check 'map: an arrow between words at one place' 0 -e '^out.svg: 3 words, [0-9]* labels, 1 arrow$' -- \
    "$w2v" map close -o out.svg --arrows arrows --method pca
holds 'map: is not drawn' test "$(sed -n '/class="a"/,/<\/g>/p' out.svg | grep -c '<path')" -eq 1
check 'map: the page decides that itself' 0 -e ', 2 arrows$' -- \
    "$w2v" map close -o out.html --arrows arrows --method pca
rm close arrows
check 'map: an ending in capitals' 0 -e '^out.SVG: 10 words' -- "$w2v" map model -o out.SVG --top 10
holds 'map: is a figure too' grep -q '^<svg' out.SVG
check 'map: arrows on the page' 0 -- "$w2v" map model -o out.html --top 10 --arrows pairs -q
holds 'map: by places' grep -qF '"arrows":[1,2,10,11]' out.html
echo lonely >bad
check 'map: half an arrow' 1 -o '' -e '^w2v: bad:1: not two words' -- \
    "$w2v" map model -o out.svg --arrows bad

# Few words do not all lie on one line.
for n in 3 4 5 6; do
    "$w2v" map model -o out.tsv --top $n -q
    holds "map: $n words span the plane" awk -F '\t' '{ x[NR] = $2; y[NR] = $3 }
        END {
            for (i = 3; i <= NR; i++) {
                a = (x[2] - x[1]) * (y[i] - y[1]); b = (y[2] - y[1]) * (x[i] - x[1])
                if ((a - b) ^ 2 > 1e-4 * (a ^ 2 + b ^ 2)) wide = 1
            }
            exit !wide
        }' out.tsv
done

# ---- Words of any bytes -------------------------------------------------------------------------

printf '5 2\n</script><svg/onload=x> 1 0\n"&'"'"' 0.9 0.1\n\001\377b 0 1\n\342\200\256\327\251 0.1 0.9\n]]>--> 1 1\n' >hostile
check 'map: hostile words, page' 0 -- "$w2v" map hostile -o out.html -q
holds 'map: no way out of the data' test "$(grep -c '</script>' out.html)" -eq 2
check 'map: hostile words, figure' 0 -- "$w2v" map hostile -o out.svg -q
holds 'map: nothing but its own elements' sh -c '! grep -qiE "<svg/|<script" out.svg'
if command -v xmllint >"$log/held"; then
    holds 'map: hostile words are XML' xmllint --noout out.svg
fi
check 'map: hostile words, table' 0 -- "$w2v" map hostile -o out.tsv -q
holds 'map: a row each' awk -F '\t' 'NF != 4 { bad = 1 } END { exit bad || NR != 5 }' out.tsv
printf '4 2\na 1 0\nnil 0 0\nb 0 1\nc 1 1\n' >zero
check 'map: a word without a direction' 0 -e '^w2v: note: 1 word left out: its vector is zero or not finite' -- \
    "$w2v" map zero -o out.tsv
holds 'map: the others stay' test "$(cut -f 1 out.tsv | tr '\n' ' ')" = 'a b c '
check 'map: near a word without a direction' 0 \
    -e '^out.tsv: 3 words$' -- "$w2v" map zero -o out.tsv --near 'nil b'
holds 'map: it is said to be left out' grep -q '^w2v: note: 1 word left out' "$log/err"
check 'map: near two words, and one without a direction' 0 \
    -e '^out.tsv: 3 words, 2 groups$' -- "$w2v" map zero -o out.tsv --near 'nil a b'
holds 'map: it has no group' test "$(cut -f 1,4 out.tsv | tr '\t\n' '= ')" = 'a=a b=b c=a '
check 'map: near nothing but a word without a direction' 1 -o '' -e '^w2v: no word to draw' -- \
    "$w2v" map zero -o out.tsv --near nil

# ---- Refused ------------------------------------------------------------------------------------

echo old >kept.svg
check 'map: no model' 2 -o '' -e 'no model' -- "$w2v" map -o kept.svg
check 'map: no output' 2 -o '' -e 'no output' -- "$w2v" map model
check 'map: another ending' 2 -o '' -e 'w2v map: --output a.png: the ending says what is written' -- \
    "$w2v" map model -o a.png
check 'map: before the model is looked at' 2 -o '' -e 'the ending says' -- "$w2v" map nothing -o a
check 'map: words and near' 2 -e 'contradict each other' -- \
    "$w2v" map model -o kept.svg --words words --near w1
check 'map: words and top' 2 -e 'contradict' -- "$w2v" map model -o kept.svg --words words --top 3
check 'map: perplexity 0' 2 -e '--perplexity 0: out of range; 1 to 1000' -- \
    "$w2v" map model -o kept.svg --perplexity 0
check 'map: no such model' 1 -e '^w2v: nothing: ' -- "$w2v" map nothing -o kept.svg
check 'map: no such list' 1 -e '^w2v: nothing: ' -- "$w2v" map model -o kept.svg --words nothing
"$w2v" words model -q | head -n 3 | cut -f 1 >three
check 'map: three words' 0 -- "$w2v" map model -o out.tsv --words three -q
check 'map: three words, by pca' 0 -- "$w2v" map model -o out2.tsv --words three --method pca -q
holds 'map: three words are placed alike' cmp out.tsv out2.tsv
rm out2.tsv three
awk 'BEGIN { for (i = 0; i < 9; i++) { printf "w%d", i; for (j = 0; j < 9; j++) printf " %d", i == j; print "" } }' >even
check 'map: equal cosines' 0 -- "$w2v" map even -o out.tsv -q
holds 'map: the words lie apart' test "$(cut -f 2,3 out.tsv | sort -u | wc -l)" -gt 4
rm even
echo elsewhere >strange
check 'map: none of the words' 1 -e '^w2v: no word to draw' -- \
    "$w2v" map model -o kept.svg --words strange
check 'map: more clusters than words' 1 -e '^w2v: 9 clusters cannot be made of 5 words' -- \
    "$w2v" map model -o kept.svg --top 5 --clusters 9
check 'map: no such folder' 1 -e '^w2v: no/such.svg: cannot write' -- "$w2v" map model -o no/such.svg
holds 'map: the old file is as it was' test "$(cat kept.svg)" = old

# A signal leaves no file behind.
sh -c 'echo $$ >"$0/pid"; exec "$@"' "$log" "$w2v" map model -o kept.svg -q --iterations 1000000 &
sleep 2
kill -s TERM "$(cat "$log/pid")"
wait $!
holds 'map: TERM: status 143' test $? -eq 143
holds 'map: TERM: the old file is as it was' test "$(cat kept.svg)" = old
only 'nothing else is left' bad hostile kept.svg model one.html one.tsv out.SVG out.html out.svg out.tsv \
    pairs strange words zero
finish
