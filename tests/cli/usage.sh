# Help, version, and every kind of wrong usage.
. "$(dirname "$0")/lib.sh"

# ---- Help and version -----------------------------------------------------------------------

check 'no arguments: overview and status 2' 2 -o '' -e 'usage: w2v SUBCOMMAND' -- "$w2v"
check 'help' 0 -e '' -- "$w2v" help
holds 'help lists the subcommands' grep -q '^  neighbors ' "$log/out"
cp "$log/out" "$log/overview"
check '--help is help' 0 -O "$log/overview" -e '' -- "$w2v" --help
check '-h is help' 0 -O "$log/overview" -- "$w2v" -h
check 'version' 0 -e '' -- "$w2v" --version
holds 'version is a line' grep -q '^w2v [0-9][0-9.]*$' "$log/out"
cp "$log/out" "$log/version"
check 'version of a subcommand' 0 -O "$log/version" -- "$w2v" train --version

for command in $(sed -n 's/^  \([a-z]*\)  .*/\1/p' "$log/overview"); do
    check "help $command" 0 -e '' -- "$w2v" help "$command"
    cp "$log/out" "$log/help"
    holds "help $command shows its usage" grep -q "^    w2v $command " "$log/help"
    holds "help $command fits a terminal" awk 'length($0) > 79 { exit 1 }' "$log/help"
    check "$command --help" 0 -O "$log/help" -- "$w2v" "$command" --help
    check "$command: unknown option" 2 -o '' -e "w2v $command: unknown option --xyzzy.*help $command" \
        -- "$w2v" "$command" --xyzzy
done
check '--help among other words' 0 -O "$log/help" -- "$w2v" help train --help

check 'help train' 0 -- "$w2v" help train
tr -s ' \n' ' ' <"$log/out" >"$log/line"
holds 'long defaults are not cut' grep -q 'for each word, the lower)' "$log/line"
holds 'ranges and defaults are said' grep -q 'size of a vector (1 to 65536; default 100)' "$log/out"
check 'manual page' 0 -e '' -- "$w2v" help --man
cp "$log/out" "$log/man"
holds 'manual page has a title' grep -q '^\.TH W2V 1' "$log/man"
holds 'manual page names the subcommands' grep -q '^w2v\\-nn\\-graph(1),$' "$log/man"
for section in NAME SYNOPSIS DESCRIPTION SUBCOMMANDS OPTIONS OUTPUTS '"EXIT STATUS"' ENVIRONMENT \
    '"SEE ALSO"'; do
    holds "manual page section $section" grep -q "^\.SH $section\$" "$log/man"
done
check 'manual page of a subcommand' 0 -e '' -- "$w2v" help --man nn-graph
holds 'which has its title' grep -q '^\.TH W2V-NN-GRAPH 1' "$log/out"
check 'manual page of train' 0 -e '' -- "$w2v" help --man train
cp "$log/out" "$log/man"
holds 'which has every option' grep -q 'ns\\-exponent' "$log/man"
for section in NAME SYNOPSIS DESCRIPTION OPTIONS EXAMPLES '"SEE ALSO"'; do
    holds "section $section of it" grep -q "^\.SH $section\$" "$log/man"
done
if command -v groff >"$log/groff" 2>&1; then
    groff -man -ww -z "$log/man" 2>"$log/groff"
    holds 'groff has no complaint' test ! -s "$log/groff"
fi
for shell in bash zsh fish; do
    check "completion for $shell" 0 -e '' -- "$w2v" help --completion "$shell"
    holds 'which has the options' grep -q ns-exponent "$log/out"
    holds 'and the choices' grep -q 'sg cbow' "$log/out"
    if command -v "$shell" >"$log/shell"; then holds "$shell reads it" "$shell" -n "$log/out"; fi
done

# ---- Wrong usage: one line, status 2 ----------------------------------------------------------

echo 'a b c' >corpus.txt
wrong() { # NAME, what is said, arguments
    wrong_name=$1 wrong_text=$2
    shift 2
    check "$wrong_name" 2 -o '' -e "$wrong_text" -- "$w2v" "$@"
    holds "$wrong_name: one line with a hint" \
        awk "!/\\(try 'w2v help.*'\\)\$/ { exit 1 } END { if (NR != 1) exit 1 }" "$log/err"
}

wrong 'unknown subcommand' "w2v: no subcommand 'trian'; did you mean 'train'?" trian
wrong 'subcommand like no other' "w2v: no subcommand 'xyzzyx' (try 'w2v help')" xyzzyx
wrong 'help of an unknown subcommand' "no subcommand 'trian'" help trian
wrong 'option before the subcommand' 'options go after the subcommand' -q train
wrong 'dim 0' 'w2v train: --dim 0: out of range; 1 to 65536' train corpus.txt -o m --dim 0
wrong 'dim too large' '--dim 65537: out of range; 1 to 65536' train corpus.txt -o m --dim=65537
wrong 'dim past 64 bits' 'too large; 1 to 65536' train corpus.txt -o m --dim 99999999999999999999
wrong 'dim abc' '--dim abc: not a whole number; 1 to 65536' train corpus.txt -o m --dim abc
wrong 'dim 3x, short' '--dim 3x: not a whole number' train corpus.txt -o m -d3x
wrong 'dim -3' '--dim -3: out of range; 1 to 65536' train corpus.txt -o m -d -3
wrong 'dim of nothing' "--dim '': not a whole number" train corpus.txt -o m --dim=
wrong 'lr 0' '--lr 0: out of range; above 0' train corpus.txt -o m --lr 0
wrong 'lr nan' '--lr nan: not a number' train corpus.txt -o m --lr nan
wrong 'lr 1e999' '--lr 1e999: out of range' train corpus.txt -o m --lr 1e999
wrong 'lr 0.1.2' '--lr 0.1.2: not a number' train corpus.txt -o m --lr 0.1.2
wrong 'min-lr above lr' '--min-lr \.5 is above --lr \.1' train corpus.txt -o m --lr .1 --min-lr .5
wrong 'sample 2' '--sample 2: out of range; 0 to 1' train corpus.txt -o m -s 2
wrong 'memory without a size' '--memory 5X: not a size' train corpus.txt -o m --memory 5X
wrong 'memory too small' '--memory 1K: out of range; .*1M or more' train corpus.txt -o m --memory 1K
wrong 'memory past 64 bits' 'too large' train corpus.txt -o m --memory 99999999T
wrong 'choice' '--model glove: not one of the choices; sg, cbow' train corpus.txt -o m -m glove
wrong 'loss not there' '--loss xx: not one of the choices; ns, hs' train corpus.txt -o m --loss xx
wrong 'progress choice' 'auto, json, none' train corpus.txt -o m --progress=maybe
wrong 'threads -1' '--threads -1: out of range; 0 to 1024' train corpus.txt -o m -t -1
wrong 'sizes: no unit' '--memory 2GX: not a size' train corpus.txt -o m --memory 2GX
wrong 'sizes: a point alone' '--memory 2.G: not a size' train corpus.txt -o m --memory 2.G
wrong 'sizes: half a unit' '--memory 2Gi: not a size' train corpus.txt -o m --memory 2Gi
wrong 'sizes: below 1M' '--memory 1000KB: out of range' train corpus.txt -o m --memory 1000KB
wrong 'sizes: past 64 bits' 'too large' train corpus.txt -o m --memory 18446745TB
wrong 'near name' 'unknown option --dimm; did you mean --dim?' train corpus.txt -o m --dimm 3
wrong 'underscores' 'unknown option --max_final_vocab; did you mean --max-vocab?' train corpus.txt --max_final_vocab 3
wrong 'one dash, no option here' 'unknown option -wordNgrams; w2v trains no classifiers' train corpus.txt -wordNgrams 2
wrong 'an option of another subcommand' "unknown option --for; 'w2v train' has it" vocab corpus.txt --for items
wrong 'swapped letters' 'did you mean --epochs?' train corpus.txt -o m --ephocs 3
wrong 'name in another tool' 'unknown option --size; did you mean --dim?' train corpus.txt --size 3
wrong 'one dash' 'unknown option -output; did you mean --output?' train corpus.txt -output m
wrong 'one dash, another tool' 'unknown option -iter; did you mean --epochs?' train -iter 3
wrong 'one dash, size' 'unknown option -size; did you mean --dim?' train -size 100
wrong 'one dash, a value behind =' 'unknown option -size=9; did you mean --dim?' train -size=9
wrong 'one dash, the corpus' 'unknown option -train; the corpus is named without an option' \
    train -train corpus.txt -output m
wrong 'one dash, fastText' 'unknown option -input; the corpus is named without' train -input c
wrong 'one dash, hs' 'unknown option -hs; did you mean --loss?' train corpus.txt -o m -hs 1
wrong 'one dash, cbow' 'unknown option -cbow; did you mean --model?' train corpus.txt -o m -cbow 1
wrong 'one dash, binary' 'unknown option -binary; .*convert' train corpus.txt -o m -binary 1
wrong 'two dashes, the corpus' 'unknown option --train; the corpus is' train --train corpus.txt
wrong 'subcommand version' "no subcommand 'version'; did you mean 'w2v --version'?" version
wrong 'subcommand nn' "did you mean 'w2v neighbors'?" nn m
wrong 'subcommand distance' "did you mean 'w2v neighbors'?" distance m
wrong 'subcommand most-similar' "did you mean 'w2v neighbors'?" most-similar m
wrong 'subcommand print-word-vectors' "did you mean 'w2v vector'?" print-word-vectors m
wrong 'help of what is not there' "did you mean 'w2v neighbors'?" help nn
check 'min-lr above the default' 2 -o '' \
    -e '^w2v: --min-lr 1 is above the first learning rate, --lr 0.1' -- \
    "$w2v" train corpus.txt -o m --min-lr 1 --min-count 1
wrong 'unknown letter' 'unknown option -z' train corpus.txt -o m -z
wrong 'unknown letter after a flag' 'unknown option -qz' train corpus.txt -o m -qz
wrong 'value missing' '--output needs a value' train corpus.txt -o
wrong 'long value missing' '--dim needs a value: 1 to 65536' train corpus.txt -o m --dim
printf 'a b\nb c\nc a\n' >edges
check 'the graph as a value' 0 -- "$w2v" train --graph=edges -q -d 4 -e 1 -o six --min-count 1
check 'an option before the subcommand' 2 -e 'options go after the subcommand: w2v words' -- \
    "$w2v" --json words six
rm -f edges six
wrong 'value of a flag' '--keep-case takes no value' train corpus.txt -o m --keep-case=1
wrong 'empty file name' "--output '': empty" train corpus.txt --output ''
wrong 'no output' 'no output; name the model file with -o FILE' train corpus.txt
wrong 'no corpus' 'no corpus; name a file, or - for standard input' train -o m
wrong 'no corpus, tokenize' 'w2v tokenize: no corpus' tokenize
wrong 'no corpus, vocab' 'w2v vocab: no corpus' vocab --min-count 3
wrong 'checkpoint-every alone' 'needs a file.*--checkpoint' train corpus.txt -o m --checkpoint-every 1m
for command in neighbors analogy similarity odd vector eval info map; do
    wrong "no model, $command" "w2v $command: no model" "$command"
done
wrong 'eval without a set' 'no question set' eval m
wrong 'two models' 'one model at a time' info m m
wrong 'model and queries from one place' 'cannot both come' neighbors -
wrong 'model and queries from one descriptor' 'cannot both come' neighbors /dev/stdin
wrong 'analogy of two' '2 words; an analogy takes three' analogy m a b
wrong 'analogy of four' '4 words; an analogy takes three' analogy m a b c d
wrong 'similarity of one' '1 word; a pair takes two' similarity m a
wrong 'odd of two' '2 words; give three words or more' odd m a b
wrong 'k 0' '--k 0: out of range' neighbors m a -k 0
wrong 'method' '--method div: not one of the choices; add, mul' analogy m a b c --method div
wrong 'oov' '--oov no: not one of the choices; error, skip' vector m a --oov no
wrong 'hidden word' "unknown option -a; an operand that begins with '-' goes after '--'" \
    neighbors m -a
holds 'the corpus is as it was' grep -q '^a b c$' corpus.txt
only 'wrong usage leaves nothing' corpus.txt

# ---- Right usage in all its forms ------------------------------------------------------------

corpus 40 >corpus.txt
check 'short and long, joined and apart' 0 -o '' -e '' -- \
    "$w2v" train -qd 8 corpus.txt -w3 --epochs=1 -o one --min-count 1 --threads 1
check 'the same, otherwise' 0 -o '' -e '' -- \
    "$w2v" train --output=two --dim 8 --window 3 -e1 --min-count=1 --quiet -t 1 -- corpus.txt
holds 'give the same model' cmp one two
check 'an option twice with one value' 0 -- \
    "$w2v" train -q -d 8 --dim=8 -w3 -e1 -o two --min-count 1 -t1 corpus.txt -q
holds 'gives it too' cmp one two
mv corpus.txt ./-x
check 'operands after --' 0 -e '' -- "$w2v" vocab --min-count 1 -- -x
only 'and nothing else' -x one two
check 'an option given once' 0 -- \
    "$w2v" train -q -d 99 -w3 -e1 -o three --min-count 1 -t1 -- -x
check 'the last of a repeated option counts' 0 -- \
    "$w2v" train -q -d 8 --dim 99 -w3 -e1 -o four -o five --min-count 7 --min-count=1 -t1 -- -x
holds 'the same model' cmp three five
holds 'no other file' test ! -e four
for size in 2000000000 2GB 2gb 2.0GB 2000MB 2G 2GiB 2.00G 2048M 2147483648B; do
    check "--memory $size" 0 -- "$w2v" train -d 8 -w3 -e1 -o six --min-count 1 --memory $size -- -x
    case $size in
    *[gGM]*iB | 2G | 2.00G | 2048M | *8B) holds "--memory $size is 2^31" grep -q 'of 2.1 GB' "$log/err" ;;
    *) holds "--memory $size is 2 * 10^9" grep -q 'of 2.0 GB' "$log/err" ;;
    esac
done
check '-t 0 means all cores' 0 -- "$w2v" train -q -d 8 -w3 -e1 -o six --min-count 1 -t 0 -- -x
holds 'the same again' cmp one six
echo a a >once
check 'plurals agree' 0 -- "$w2v" train once -d 1 -w3 -e1 -o six --min-count 1 --sample 0 -t 1
holds 'one word, one epoch, one thread, one dimension' test -z "$(
    grep -E '(^|[^0-9.])1 (words|epochs|threads|dimensions|bytes|files|predictions)' "$log/err")"
finish
