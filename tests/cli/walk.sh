#!/bin/sh
# Graphs: walks as text and as a corpus are the same; errors in lists of edges; the smallest graphs.
. "${0%/*}/lib.sh"

# A ring of 60 nodes with chords. If edges have weights, all weights differ.
graph() { # "weights" or nothing
    awk -v weights="$1" 'BEGIN {
        print "# from to" (weights ? " weight" : "")
        for (i = 0; i < 60; i++) {
            print "n" i "\tn" (i + 1) % 60 (weights ? "\t" (i % 7) / 2 + 0.25 : "")
            print "n" i " n" (i * i + 7) % 60 (weights ? " " (i % 5) + 1 : "")
        } }'
}
graph '' >plain
graph weights >weighted

check 'walks' 0 -e 'graph  *60 nodes, 120 edges' -- "$w2v" walk plain -o walks.txt
holds 'ten of each node' test "$(cut -d ' ' -f 1 walks.txt | sort | uniq -c | awk '$1 == 10' |
    wc -l)" -eq 60
holds 'of 80 nodes' awk 'NF != 80 { exit 1 }' walks.txt
holds 'along edges' awk '
    NR == FNR { if (!/^#/) edge[$1, $2] = edge[$2, $1] = 1; next }
    { for (i = 2; i <= NF; i++) if (!(($(i - 1), $i) in edge)) exit 1 }' plain walks.txt
holds 'in another order than that of the nodes' sh -c \
    "cut -d ' ' -f 1 walks.txt | uniq | wc -l | awk '{ exit \$1 < 500 }'"
check 'quiet' 0 -O walks.txt -e '' -- "$w2v" walk plain --quiet
check 'p and q by their letters' 0 -- "$w2v" walk plain -p 0.5 -q2 --quiet -o letters
"$w2v" walk plain --p 0.5 --q 2 --quiet >want
holds 'p and q by their letters, the same walks' cmp want letters

training='-q -d 8 -e 2 --min-count 3 --seed 9'
[ -z "$slow" ] || training='-q -d 8 -e 1 --min-count 3 --seed 9'
for options in '' '--p 0.25 --q 4' '--directed --p 2' '--walks 3 --length 7'; do
    for list in plain weighted; do
        # shellcheck disable=SC2086
        "$w2v" walk $list $options --seed 9 --quiet -t 1 >one
        for threads in 2 8; do
            # shellcheck disable=SC2086
            check "$list $options, $threads threads" 0 -O one -- \
                "$w2v" walk $list $options --seed 9 --quiet -t $threads
        done
        # shellcheck disable=SC2086
        "$w2v" train - -o pipe.bin --tokenizer whitespace $training <one
        for threads in 1 8; do
            # shellcheck disable=SC2086
            check "$list $options, trained on $threads threads" 0 -- \
                "$w2v" train --graph $list -o direct.bin $options $training -t $threads
            "$w2v" convert pipe.bin pipe.plain --to word2vec-plain -q
            "$w2v" convert direct.bin direct.plain --to word2vec-plain -q
            holds 'as through the pipe' cmp pipe.plain direct.plain
        done
    done
done
"$w2v" train --graph plain -q -o little.bin -d 8 -e 2 --min-count 3 --memory 13M
"$w2v" train --graph plain -q -o much.bin -d 8 -e 2 --min-count 3
holds 'ids in a file are the same' cmp little.bin much.bin
"$w2v" info direct.bin >info
holds 'the record tells of the graph' grep -q "^directed${tab}no\$" info
holds 'and of the walks' grep -q "^length${tab}7\$" info
holds 'a text has none' sh -c "'$w2v' info pipe.bin | grep -q '^walks' && exit 1; exit 0"

gzip -c plain >plain.gz
check 'compressed' 0 -O walks.txt -- "$w2v" walk plain.gz --quiet
check 'from a pipe' 0 -O walks.txt -i plain -- "$w2v" walk - --quiet
sed -n 1,40p plain >first
sed -n '41,$p' plain >second
check 'in two files' 0 -O walks.txt -- "$w2v" walk first second --quiet
sed 's/$/\r/' plain >crlf
check 'lines that end in CR LF' 0 -O walks.txt -- "$w2v" walk crlf --quiet
sed 's/n/節点\xc3\xa9/g' plain >names
"$w2v" walk names --quiet >named
holds 'names of any script' grep -q '節点é7' named

# Resuming.
set -- --graph weighted -d 8 -e 4 --min-count 1 --p 0.5 -q
"$w2v" train "$@" -o whole.bin -t 2
"$w2v" train "$@" -o part.bin -e 2 --lr 0.025 --checkpoint run.ck
check 'a checkpoint of a graph' 0 -- "$w2v" train --resume run.ck --epochs 2 -o again.bin -q -t 1
holds 'gives the same model' cmp part.bin again.bin
holds 'and names the graph' sh -c "'$w2v' info run.ck | grep -q '^graph${tab}yes'"

# Stopped in the middle.
if [ -n "$slow" ]; then set -- -e 12; else set -- -e 60; fi
set -- "$@" -d 16 --min-count 1 --seed 3
walk='--walks 5 --length 40 --p 0.5 --q 2'
# shellcheck disable=SC2086
"$w2v" walk weighted $walk --seed 3 --quiet |
    "$w2v" train - -o piped.bin --tokenizer whitespace "$@" -q
# shellcheck disable=SC2086
"$w2v" train --graph weighted $walk "$@" -o whole.bin -q -t 2
if sh -c 'kill -s TERM $$' 2>"$log/held"; then
    skipped 'stopped in the middle' 'TERM is ignored by the parent'
else
    # shellcheck disable=SC2086
    signalled TERM "$w2v" train --graph weighted $walk "$@" -o half.bin --progress json \
        --checkpoint half.ck -t 1
    got=$?
    holds 'stopped in the middle' test $got -eq 143
    holds 'no model yet' test ! -e half.bin
    check 'resumed on other threads' 0 -e '' -- "$w2v" train --resume half.ck -q -t 2
    holds 'the model of the whole run' cmp whole.bin half.bin
    "$w2v" convert half.bin half.plain --to word2vec-plain -q
    "$w2v" convert piped.bin piped.plain --to word2vec-plain -q
    holds 'and of the pipe' cmp piped.plain half.plain
fi
check 'with other walks' 2 -e 'was begun with --p 0.5, not 2' -- \
    "$w2v" train --resume run.ck --p 2 -q
cp weighted kept
sed 's/0.25/0.75/' kept >weighted
check 'with another graph' 1 -e 'the corpus is not the one of' -- "$w2v" train --resume run.ck -q
cp kept weighted

# The smallest graphs.
echo 'a a' >loop
check 'a loop alone' 0 -o 'a a a' -- "$w2v" walk loop --walks 1 --length 3 --quiet
check 'a loop alone, trained on' 0 -- "$w2v" train --graph loop -o loop.bin -d 4 -e 1 -q
check 'is one node' 0 -o "a${tab}800" -- "$w2v" words loop.bin
echo 'a a 0' >alone
check 'one node, no edge' 0 -o a -- "$w2v" walk alone --walks 1 --quiet
check 'is nothing to learn from' 1 -e 'no walk has two nodes.*; give more edges' -- \
    "$w2v" train --graph alone -o none.bin --min-count 1
echo 'a b 0' >apart
"$w2v" walk apart --walks 2 --quiet | sort >got
printf 'a\na\nb\nb\n' >want
holds 'nodes without an edge' cmp got want
check 'are nothing to learn from' 1 -e 'no walk has two nodes.*; give more edges' -- \
    "$w2v" train --graph apart -o none.bin --min-count 1
echo 'a b' >edge
check 'nor walks of one node' 1 -e 'no walk has two nodes.*; raise --length' -- \
    "$w2v" train --graph edge -o none.bin --min-count 1 --length 1
# A hub. Every other node of a walk is the hub, from which the walk goes to another leaf. The only way
# out of a leaf leads back, whatever p is. With --p 0.25 --q 4 some 16 walks return to their leaf.
leaves=1000000
[ -z "$slow" ] || leaves=100000
awk -v n=$leaves 'BEGIN { for (i = 0; i < n; i++) print "hub leaf" i }' >star
for rules in '' '--p 0.25 --q 4' '--p 1000000'; do
    # shellcheck disable=SC2086
    check "a hub of many leaves $rules" 0 -e " $((leaves + 1)) nodes, $leaves edges" -- \
        "$w2v" walk star --walks 1 --length 5 $rules -o star.txt
    holds 'every other node is the hub' awk -v n=$leaves '
        NF != 5 { bad = 1 }
        ($1 == "hub") + ($3 == "hub") + ($5 == "hub") != ($1 == "hub") * 3 { bad = 1 }
        ($2 == "hub") + ($4 == "hub") != ($1 != "hub") * 2 { bad = 1 }
        $1 == "hub" { next }
        $3 == $1 { n_back++ }
        END { exit bad || NR != n + 1 || n_back > 100 }' star.txt
done
rm star star.txt
printf 'a b\nb c\n' >chain
"$w2v" walk chain --directed --walks 1 --quiet | sort >got
printf 'a b c\nb c\nc\n' >want
holds 'a node without a way out ends its walk' cmp got want

# Errors in lists of edges.
printf '12 1\n13 2\n14 3\n15 1\n' >numbers # its digits look like floats of a model
check 'names that are numbers' 0 -e 'graph  *7 nodes, 4 edges' -- "$w2v" walk numbers -o walks.txt
"$w2v" train --graph numbers -q -o numbers.w2v -d 4 -e 1 --min-count 1
"$w2v" info numbers.w2v >info
holds 'the record of a graph has no options of text' sh -c 'grep -q ^graph info && ! grep -E "^(fold|segment|phrase_)" info'
check 'no graph' 2 -e 'no graph; name a file' -- "$w2v" walk
: >empty
check 'an empty graph' 1 -e 'the graph has no nodes (0 bytes read)' -- "$w2v" walk empty
printf 'a b\n\n# c\nd\n' >bad
check 'one name' 1 -e '^w2v: bad:4: one name alone; a line of a graph has' -- "$w2v" walk bad
check 'one name, training' 1 -e '^w2v: bad:4: ' -- "$w2v" train --graph bad -o none.bin
for weight in -1 nan inf 1e400 1e308 1e-46 1e-400 0x10 x; do
    printf 'a b\na b %s\n' "$weight" >bad
    check "a weight of $weight" 1 -e "^w2v: bad:2: the weight \"$weight\" must be" -- \
        "$w2v" walk bad
done
printf 'new york\tparis\n' >bad
check 'a tab and a blank' 1 -e '^w2v: bad:1: a tab and a blank both separate its words' -- "$w2v" walk bad
printf 'area\troute 66\n' >bad
check 'a blank that is not before a weight' 1 -e '^w2v: bad:1: a tab and a blank both' -- "$w2v" walk bad
printf 'a,b\nb,c\n' >bad
check 'commas' 1 -e '^w2v: bad:1: one name alone, which has a comma' -- "$w2v" walk bad
printf 'a, b\nb, c\nc, a\n' >bad
check 'commas and blanks' 1 -e '^w2v: the first name of every line ends in a comma' -- "$w2v" walk bad
printf 'a, b\nb, c\nc a\n' >bad
check 'names with commas' 0 -e '5 nodes, 3 edges' -- "$w2v" walk bad -o walks
printf 'source\ttarget\na\tb\nb\tc\nc\ta\n' >bad
check 'headings' 0 -e '^w2v: note: the names of the first line are in no other line' -- "$w2v" walk bad -o walks
check 'headings of a graph that is trained on' 0 -e 'names of the first line' -- \
    "$w2v" train --graph bad -o walks.bin -e 1 -d 2
printf '#ai #ml\nnlp #ai\n#\nnlp vision\n' >bad
check 'remarks are counted' 0 -e '^w2v: note: 2 lines that begin with # were skipped' -- "$w2v" walk bad -o walks
check 'without a word of it if quiet' 0 -e '' -- "$w2v" walk bad -o walks --quiet
rm walks walks.bin
awk 'BEGIN { print "hub0 hub1 1000"; for (i = 0; i < 200; i++) print "hub" i % 2, "leaf" i }' >bad
check 'nodes that are left out' 0 -e '^w2v: note: 200 of 202 nodes are on the walks fewer than 5 times' -- \
    "$w2v" train --graph bad -o walks.bin --walks 1 --length 3 -e 1 -d 2
check 'q of node2vec' 2 -e '^w2v train: 2: -q is --quiet; for node2vec.s q give --q 2' -- \
    "$w2v" train --graph bad -q 2 -o none.bin
check 'a graph without --graph' 0 -e 'note: the lines have no more than three words' -- \
    "$w2v" train --for graph bad -o walks.bin -e 1 -d 2
check 'a graph without --graph, for programs' 0 -e 'no more than three words' -- \
    "$w2v" train --for graph bad -o walks.bin -e 1 -d 2 --progress json
holds 'its last line is the summary' sh -c 'tail -n 1 "$1" | grep -q "phase.: .done"' sh "$log/err"
rm walks.bin
printf 'a b 1 x\n' >bad
check 'four words' 1 -e '^w2v: bad:1: more than three words' -- "$w2v" walk bad
printf 'a b\ncaf\351 b\n' >bad
check 'not UTF-8' 1 -e '^w2v: bad:2: .*UTF-8' -- "$w2v" walk bad
check 'a model for a graph' 1 -e 'direct.bin: ' -- "$w2v" walk direct.bin
check 'the graph for an output' 2 -e 'the graph' -- "$w2v" walk plain -o plain
check 'p of 0' 2 -e 'p 0' -- "$w2v" walk plain --p 0
check 'walks of a text' 2 -e '^w2v train: --walks without --graph' -- \
    "$w2v" train plain -o none.bin --walks 3
check 'words of a graph' 2 -e 'fold is about text' -- \
    "$w2v" train plain -o none.bin --graph --fold full
check 'another tokenizer' 2 -e 'tokenizer chars: --graph takes names as they are' -- \
    "$w2v" train plain -o none.bin --graph --tokenizer chars
check 'phrases of a graph' 2 -e 'phrases is about text' -- \
    "$w2v" train plain -o none.bin --graph --phrases 1
holds 'no model is written' test ! -e none.bin
finish
