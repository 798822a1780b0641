# cluster and nn-graph: rows, files, errors.
. "$(dirname "$0")/lib.sh"

cat >model <<'END'
7 2
east 2 0
eastish 9 1
north 0 3
northish 1 9
nil 0 0
eastly 8 -1
northly -1 8
END

# ---- cluster ------------------------------------------------------------------------------------

check 'cluster' 0 -e '^2 clusters, [0-9]* rounds, mean cosine 0.99' -- "$w2v" cluster model -k 2
cp "$log/out" clusters
holds 'cluster: a row a word, but for the one without direction' \
    test "$(cut -f1 clusters | tr '\n' ' ')" = 'east eastish north northish eastly northly '
holds 'cluster: those that belong together' awk -F '\t' \
    '{ c[$1] = $2 } END { exit !(c["east"] == c["eastish"] && c["east"] == c["eastly"] &&
        c["north"] == c["northish"] && c["north"] == c["northly"] && c["east"] != c["north"]) }' \
    clusters
holds 'cluster: cosines' awk -F '\t' '$3 < 0.99 || $3 > 1.000001 { exit 1 }' clusters
check 'cluster: quiet, on two threads, the same' 0 -e '' -O clusters -- \
    "$w2v" cluster model -k 2 -q -t 2
check 'cluster: to a file' 0 -o '' -e '' -- "$w2v" cluster model -k 2 -q -o out
holds 'cluster: the file has it' cmp clusters out
check 'cluster: a word without direction is noted' 0 \
    -e '^w2v: note: 1 word left out: its vector is zero or not finite$' -- "$w2v" cluster model -k 2
printf '5 2\na 1 0\nb 0 1\na 0 2\nc 0 3\nb 1 1\n' >twice
check 'cluster: the first of equal words' 0 -e '^2 clusters' -o "a${tab}1${tab}1.000000
b${tab}0${tab}1.000000
c${tab}0${tab}1.000000" -- "$w2v" cluster twice -k 2
holds 'cluster: others are not said to lack a direction' test "$(wc -l <"$log/err")" -eq 1
check 'cluster: they make no clusters' 1 -o '' -e '^w2v: 4 clusters cannot be made of 3 words' -- \
    "$w2v" cluster twice -k 4
rm twice
check 'cluster: one' 0 -- "$w2v" cluster model -k 1 --json -q
holds 'cluster: JSON' grep -q '^{"word": "eastish", "cluster": 0, "cosine": 0\.[0-9]*}$' "$log/out"
check 'cluster: stats' 0 -e '' -- "$w2v" cluster model -k 2 --stats -q
holds 'cluster: a row a cluster' test "$(cut -f1,2 "$log/out" | tr '\t\n' '  ')" = '0 3 1 3 '
holds 'cluster: nearest words' grep -q "${tab}north north" "$log/out"
check 'cluster: stats, JSON' 0 -- "$w2v" cluster model -k 2 --stats -q --json
holds 'cluster: stats, JSON' grep -q \
    '^{"cluster": 1, "size": 3, "cosine": 0\.[0-9]*, "words": \["[a-z]*", "[a-z]*", "[a-z]*"\]}$' \
    "$log/out"
check 'cluster: restrict' 0 -- "$w2v" cluster model -k 2 --restrict 3 -q
holds 'cluster: restrict leaves three' test "$(wc -l <"$log/out")" -eq 3
check 'cluster: a small vocabulary, without -k' 0 -e '^3 clusters' -- "$w2v" cluster model
printf '1 2\na 1 2\n' >one
check 'cluster: one word' 0 -e '^1 cluster, 2 rounds, ' -o "a${tab}0${tab}1.000000" -- \
    "$w2v" cluster one
rm one
echo old >kept
check 'cluster: more clusters than words' 1 -o '' -e '^w2v: 7 clusters cannot be made of 6 words' -- \
    "$w2v" cluster model -k 7 -o kept
check 'cluster: no such model' 1 -o '' -e '^w2v: nothing: ' -- "$w2v" cluster nothing -o kept
holds 'cluster: an old file stays' test "$(cat kept)" = old
check 'cluster: no model' 2 -o '' -e 'no model' -- "$w2v" cluster
check 'cluster: two models' 2 -o '' -e 'one model' -- "$w2v" cluster model model

# ---- nn-graph -----------------------------------------------------------------------------------

"$w2v" neighbors model east eastish north northish eastly northly -k 2 >want
left_out='^w2v: note: 1 word left out: its vector is zero or not finite$'
check 'nn-graph: as neighbors says' 0 -e "$left_out" -O want -- "$w2v" nn-graph model -k 2
check 'nn-graph: to a file' 0 -o '' -e "$left_out" -- "$w2v" nn-graph model -k 2 -o out
check 'nn-graph: quiet' 0 -e '' -O want -- "$w2v" nn-graph model -k 2 -q
holds 'nn-graph: the file has it' cmp want out
"$w2v" neighbors model east eastish north -k 2 --restrict 3 --json >want
check 'nn-graph: restrict, JSON' 0 -O want -- "$w2v" nn-graph model -k 2 --restrict 3 --json
check 'nn-graph: min-score' 0 -o "east${tab}eastish${tab}0.993884" -- sh -c \
    '"$1" nn-graph model --min-score 0.9938 --restrict 2 | head -n 1' sh "$w2v"
check 'nn-graph: a folder that is not there' 1 -o '' -e '^w2v: no/such: cannot write' -- \
    "$w2v" nn-graph model -o no/such
check 'nn-graph: no such model' 1 -o '' -- "$w2v" nn-graph nothing -o kept
holds 'nn-graph: an old file stays' test "$(cat kept)" = old
check 'nn-graph: no model' 2 -o '' -e 'no model' -- "$w2v" nn-graph
if [ -c /dev/full ]; then
    check 'nn-graph: a full device' 1 -o '' -e '^w2v: /dev/full: cannot write: No space left' -- \
        "$w2v" nn-graph model -o /dev/full
fi
awk 'BEGIN { print 5000, 2; for (i = 0; i < 5000; i++) print "w" i, i % 71 - 30.5, i % 37 - 20 }' >big
check 'nn-graph: several blocks' 0 -e '' -- "$w2v" nn-graph big -k 1 -q
cut -f1 "$log/out" >got
sed 1d big | cut -d ' ' -f 1 >want
holds 'nn-graph: every word in order' cmp want got
cp "$log/out" want2
check 'nn-graph: the same rows with progress' 0 -O want2 -- \
    "$w2v" nn-graph big -k 1 --progress json
only 'nothing else is left' big clusters got want2 kept model out want
finish
