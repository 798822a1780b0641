# Files that change while they are in use give an error, never a crash or a silent wrong answer.
. "$(dirname "$0")/lib.sh"

corpus 300 >corpus.txt
"$w2v" train -q -d 50 -e 1 corpus.txt -o model
holds 'the model has pages to lose' test "$(wc -c <model)" -gt 40000

# answers NAME FILE CHANGE...: asks a query, changes the model, and asks another query.
answers() {
    answers_name=$1 answers_file=$2
    shift 2
    mkfifo queries answered
    "$w2v" neighbors "$answers_file" -k 200 <queries >answered 2>"$log/err" &
    exec 3>queries 4<answered
    echo w1 >&3
    head -n 1 <&4 >"$log/first"
    "$@"
    echo w2 >&3
    exec 3>&-
    cat <&4 >"$log/rest"
    exec 4<&-
    wait $!
    answers_status=$?
    rm queries answered
    holds "$answers_name: the first query is answered" grep -q "^w1$tab" "$log/first"
}

cut_file() { : >cut; }
cp model cut
answers 'a model that is cut' cut cut_file
holds 'a model that is cut: status 1' test "$answers_status" -eq 1
holds 'a model that is cut: said' grep -q '^w2v: cut: changed while it was read' "$log/err"

overwrite() { sleep 0.1 2>"$log/held" || sleep 1; cat model >overwritten; }
cp model overwritten
answers 'a model that is overwritten' overwritten overwrite
holds 'a model that is overwritten: status 1' test "$answers_status" -eq 1
holds 'a model that is overwritten: said' \
    grep -q '^w2v: overwritten: changed while it was read' "$log/err"

replace() { cp model new && mv new replaced; }
cp model replaced
answers 'a model that is replaced' replaced replace
holds 'a model that is replaced: status 0' test "$answers_status" -eq 0
holds 'a model that is replaced: nothing said' test ! -s "$log/err"
rm cut overwritten replaced

# convert checks the model again before it renames its output. Here its list of words comes late.
for format in word2vec word2vec-text npy; do
    cp model cut
    echo old >out.npy
    mkfifo list
    "$w2v" convert cut out.npy --to $format --words list -q 2>"$log/err" &
    exec 3>list
    cut_file
    echo w1 >&3
    exec 3>&-
    wait $!
    holds "convert to $format of a model that is cut: status 1" test $? -eq 1
    holds 'is said' grep -q '^w2v: cut: changed while it was read' "$log/err"
    holds 'the old output is as it was' grep -q '^old$' out.npy
    rm list
done
rm cut
only 'nothing else is left' corpus.txt model out.npy

finish
