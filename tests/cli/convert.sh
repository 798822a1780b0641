# Reading files of other tools, writing models in every format, and files with false headers.
. "$(dirname "$0")/lib.sh"

files=$OLDPWD/tests/formats
corpus 300 >corpus.txt
"$w2v" train corpus.txt -o a.bin -q -d 8 -e 1 --min-count 1 2>/dev/null

# ---- Read -------------------------------------------------------------------------------------

format() { # NAME, file, format, words, dim
    check "$1" 0 -e '' -- "$w2v" info "$2"
    holds "$1: it is $3" grep -qx "format${tab}$3" "$log/out"
    holds "$1: its words" grep -qx "words${tab}$4" "$log/out"
    holds "$1: its dimensions" grep -qx "dim${tab}$5" "$log/out"
}
format 'a w2v file' a.bin w2v 200 8
format "fastText's .bin" "$files/fasttext-sg.bin" fasttext 18 4
format "fastText's .ftz" "$files/fasttext-pruned.ftz" fasttext 19 5
format "fastText's .vec" "$files/fasttext-sg.vec" word2vec-text 18 4
format 'NumPy' "$files/numpy-f4.npy" npy 2 3
format "gensim's binary" "$files/gensim.bin" word2vec 3 3
format "gensim's text" "$files/gensim.txt" word2vec-text 3 3
format 'text without a header' "$files/gensim-no-header.txt" glove 3 3
check 'a word of fastText' 0 -e '' -- "$w2v" vector "$files/fasttext-sg.bin" the
printf '2 2\nx 1 2\nx 3 4\n' >twice
check 'duplicates are counted' 0 -e '' -- "$w2v" info twice
holds 'duplicates: one' grep -qx "duplicates${tab}1" "$log/out"
check 'the first one wins' 0 -o "x${tab}1 2" -e '' -- "$w2v" vector twice x

# ---- Written ----------------------------------------------------------------------------------

check 'convert: -o' 0 -e '^o.txt: word2vec-text, 200 words' -- "$w2v" convert a.bin -o o.txt
check 'convert: an operand and -o' 2 -e 'one model and one output at a time' -- \
    "$w2v" convert a.bin b.bin -o o.txt
check 'convert: no output' 2 -e 'no output; name a file' -- "$w2v" convert a.bin
check 'convert: no model' 2 -e 'no model; name a file' -- "$w2v" convert -o o.txt
rm -f o.txt

for to in word2vec word2vec-plain word2vec-text glove fasttext-vec fasttext-bin npy safetensors; do
    check "to $to" 0 -o '' -e '' -- "$w2v" convert a.bin out --to $to -q
    check "from $to" 0 -o '' -e '' -- "$w2v" convert out back.bin -q
    check "$to: the numbers" 0 -e '' -- "$w2v" vector a.bin w1 w50 w199
    cp "$log/out" want
    check "$to: the same numbers" 0 -O want -e '' -- "$w2v" vector back.bin w1 w50 w199
done
"$w2v" convert a.bin v.npy -q
"$w2v" convert a.bin v.tsv -q
gzip v.npy v.tsv
for name in v.npy.gz v.tsv.gz; do
    check "the words beside $name" 0 -O want -e '' -- "$w2v" vector $name w1 w50 w199
done
mv v.words v.txt
check 'v.txt may be anything' 1 -o '' -e 'v.npy.gz: its words should be in v.words' -- \
    "$w2v" words v.npy.gz
rm -f v.*
holds 'the words are beside' test "$(wc -l <out.words)" -eq 200
rm -f out out.words back.bin
for name in x.npy x.safetensors x.txt x.vec x.glove x.ftbin x.tsv x.bin x; do
    check "the ending tells, $name" 0 -o '' -e "^$name: " -- "$w2v" convert a.bin $name
done
holds 'x.tsv: a line a word' test "$(wc -l <x.tsv)" -eq 200
holds 'x.tsv: eight numbers' test "$(head -n 1 x.tsv | awk -F "$tab" '{ print NF }')" -eq 8
holds 'its words' cmp -s x.metadata.tsv x.words
holds 'safetensors has them inside' grep -q '"words":"w' x.safetensors
holds 'x.txt has a header' grep -qx '200 8' x.txt
holds 'x.glove has none' test "$(wc -l <x.glove)" -eq 200
holds 'x.bin and x: the container itself' cmp a.bin x.bin
holds 'x is the same' cmp x.bin x
for name in x.foo x.parquet x.tar.gz x.npy.gz x.7z; do
    check "what $name promises is not written" 2 -o '' -e "$name" -- "$w2v" convert a.bin $name
    check "nor trained, $name" 2 -o '' -e "^w2v: $name: " -- "$w2v" train nowhere.txt -o $name
done
check 'unless the format is said' 0 -o '' -e '' -- "$w2v" convert a.bin x.foo --to glove -q
holds 'which it then is' cmp x.foo x.glove
awk 'BEGIN { for (i = 0; i < 9000; i++) w = w "w"; print "2 2"; print w, "0.1 0.2"; print "b 0.3 0.4" }' >lone.txt
check 'a first word of 9,000 bytes, binary' 0 -- "$w2v" convert lone.txt lone --to word2vec-plain -q
check 'is read' 0 -o "b${tab}0.3 0.4" -- "$w2v" vector lone b
rm lone lone.txt
"$w2v" convert a.bin plain --to word2vec-plain -q
holds "word2vec's own part comes first" \
    sh -c 'head -c "$(wc -c <plain | tr -d " ")" a.bin | cmp - plain'
check 'alone it is a word2vec file' 0 -e '' -- "$w2v" info plain
holds 'and no more' grep -qx "format${tab}word2vec" "$log/out"
"$w2v" convert plain x.vec -q
for name in t.txt t.vec t.glove t.npy t.safetensors t.tsv t.w2v t.300; do
    check "trained, $name" 0 -o '' -e '' -- \
        "$w2v" train corpus.txt -o $name -q -d 8 -e 1 --min-count 1
done
for ending in txt vec glove npy safetensors tsv w2v; do
    "$w2v" convert a.bin x.$ending -q
    holds "as if converted, $ending" cmp t.$ending x.$ending
done
holds 'and their words' sh -c 'cmp t.words x.words && cmp t.metadata.tsv x.metadata.tsv'
holds 'digits are no ending' cmp t.300 a.bin
"$w2v" convert a.bin x.300 --to npy -q
holds 'so the words are beside the whole name' cmp x.300.words x.words
cp x.tsv g_tensor.tsv
cp x.metadata.tsv g_metadata.tsv
for first in '2 1' '0 1' '3 1'; do # these may look like a header
    printf 'red %s\ngreen 3 4\nblue 5 6\n' "$first" >plain.glove
    "$w2v" convert plain.glove two.tsv -q
    check "two dimensions from $first" 0 -o 'red
green
blue' -- "$w2v" words two.tsv -q
    rm plain.glove two.tsv two.metadata.tsv
done
"$w2v" convert x.tsv g.txt -q
check "gensim's names of the projector's files" 0 -e '' -- "$w2v" convert g_tensor.tsv g.vec -q
holds 'the same words and rows' cmp g.vec g.txt
rm -f g.* g_*
check 'a name that is not UTF-8, as JSON' 0 -o '' -- \
    "$w2v" convert a.bin "$(printf 'g\377\351.bin')" --progress json
holds 'it is UTF-8' grep -q "$(printf 'g\357\277\275\357\277\275\.bin')" "$log/err"
rm -f g*.bin
cp "$files/numpy-f4.npy" n.npy
printf 'one\ntwo\n' >n.words
check "NumPy's file may replace itself and its words" 0 -o '' -e '' -- "$w2v" convert n.npy n.npy -q --top 1
holds 'with the words that are left' sh -c 'test "$(cat n.words)" = one'
echo mine >m.words
check 'a list without its matrix' 1 -e '^w2v: m.words: exists and there is no m.npy, whose words' -- \
    "$w2v" convert n.npy m.npy
cp n.npy m.npy
check 'but no other' 1 -o '' -e '^w2v: m.words: exists and was not written with m.npy' -- \
    "$w2v" convert n.npy m.npy
rm -f n.* m.*
check 'no output matrix in text' 2 -o '' \
    -e "only word2vec (w2v's own files) and fasttext-bin do" -- \
    "$w2v" train nowhere.txt -o t.txt --save-output
check 'a format for any ending' 0 -o '' -e '' -- \
    "$w2v" train corpus.txt -o t.foo --to glove -q -d 8 -e 1 --min-count 1
holds 'is written' cmp t.foo x.glove
rm -f t.* plain
for tool in gzip:gz bzip2:bz2 xz:xz zstd:zst lz4:lz4; do
    ending=${tool#*:} tool=${tool%:*}
    if ! command -v "$tool" >/dev/null; then
        skipped "compressed by $tool" 'it is not installed'
        continue
    fi
    check "compressed by $tool" 0 -o '' -e '' -- "$w2v" convert a.bin "y.txt.$ending" -q
    check "$tool unpacks it" 0 -O x.txt -e '' -- "$tool" -dc "y.txt.$ending"
    check "trained and compressed by $tool" 0 -o '' -e '' -- \
        "$w2v" train corpus.txt -o "y.$ending" -q -d 8 -e 1 --min-count 1
    check "which is the model, $tool" 0 -O a.bin -e '' -- "$tool" -dc "y.$ending"
done
rm -f y.* x.* x
if command -v gzip >/dev/null; then
    echo old >x.gz
    check 'a full disk behind a tool' 1 -o '' -e '^w2v: x.gz: cannot write' -- \
        sh -c 'ulimit -f 4; exec "$0" convert a.bin x.gz' "$w2v"
    holds 'the old file is there' grep -qx old x.gz
    check 'a tool that is not there' 1 -o '' -e '^w2v: x.gz: .*gzip cannot be started' -- \
        env PATH=/nowhere "$w2v" convert a.bin x.gz
    check 'and before training' 1 -o '' -e '^w2v: x.bin.gz: .*gzip cannot be started' -- \
        env PATH=/nowhere "$w2v" train corpus.txt -o x.bin.gz --min-count 1
    holds 'which does not begin' sh -c '! grep -q ^epoch "$1"' sh "$log/err"
    rm -f x.gz
fi
check 'to standard output' 0 -e '' -- "$w2v" convert a.bin - --to glove --top 2
holds 'two lines' test "$(wc -l <"$log/out")" -eq 2
check 'half precision' 0 -e '^h.npy: ' -- "$w2v" convert a.bin h.npy --precision f16
check 'and back' 0 -e '^h.bin: ' -- "$w2v" convert h.npy h.bin
check 'a model over itself' 0 -e '' -- "$w2v" convert h.bin h.bin --normalize -q
check 'is said' 0 -e '' -- "$w2v" info h.bin --verify
holds 'it was normalized' grep -qx "transformed${tab}normalize" "$log/out"
holds 'it is verified' grep -qx "verified${tab}yes" "$log/out"
check 'info in JSON' 0 -e '' -- "$w2v" info h.bin --verify --json
holds 'verified in JSON' grep -q '"verified": "yes"}' "$log/out"
printf 'w3\nnone\nw1\tx\n' >list
check 'a list of words' 0 -e "^w2v: note: 1 word of list is not in a.bin" -- \
    "$w2v" convert a.bin h.glove --words list
"$w2v" words a.bin | cut -f 1 | grep -x 'w1\|w3' >ordered
cut -d ' ' -f 1 h.glove >got
holds "in the model's order" cmp ordered got
rm ordered got
printf '\357\273\277w3 7\r\n\r\nw1 5' >list
check 'a list with a mark and counts' 0 -e 'h.glove: glove, 2 words' -- \
    "$w2v" convert a.bin h.glove --words list
check 'a list on standard input' 0 -i list -e 'h.glove: glove, 2 words' -- \
    "$w2v" convert a.bin h.glove --words -
check 'duplicates are left out' 0 \
    -e 'note: 1 row left out, since an equal word comes before it' -- "$w2v" convert twice h.bin
printf 'a 1 2\nb 1 2\na 1 2\nb 1 2\nc 1 2\nc 1 2\n' >again
echo c >list
check 'only duplicates of words of the list are told' 0 \
    -e 'note: 1 row left out' -- "$w2v" convert again h.txt --words list
echo b >list
check 'and none beyond --top' 0 -e '^h.txt: ' -- "$w2v" convert again h.txt --words list --top 2
holds 'no note' test "$(wc -l <"$log/err")" -eq 1
check 'several of them' 0 \
    -e 'note: 3 rows left out, since an equal word comes before them' -- "$w2v" convert again h.txt
rm again
check 'subwords stay behind where vectors change' 0 -e 'note: only words of the vocabulary' -- \
    "$w2v" convert "$files/fasttext-cbow.bin" h.bin --normalize
check 'and so do the facts about them' 0 -e '' -- "$w2v" info h.bin
holds 'from a file of fastText' sh -c '! grep -q -e ^subwords -e ^minn -e ^maxn -e ^buckets "$1"' \
    sh "$log/out"
"$w2v" convert "$files/fasttext-cbow.bin" h.bin -q
"$w2v" convert h.bin h2.bin --normalize -q
check 'they stay behind from our own file' 0 -e '' -- "$w2v" info h2.bin
holds 'likewise' sh -c '! grep -q -e ^subwords -e ^minn -e ^maxn -e ^buckets "$1"' sh "$log/out"
holds 'and other facts are there' grep -qx "transformed${tab}normalize" "$log/out"
"$w2v" train corpus.txt -o h.bin --subwords --buckets 100 -q -d 8 -e 1 --min-count 1
"$w2v" info h.bin | grep -v -e ^subwords -e ^minn -e ^maxn -e ^buckets -e ^ngrams >h.want
"$w2v" convert h.bin h2.bin --normalize -q
check 'nor do they go along after training' 0 -e '' -- "$w2v" info h2.bin
holds 'the rest does' sh -c 'grep -v ^transformed "$1" | cmp - h.want' sh "$log/out"
check 'subwords stay behind in text' 0 -e 'note: only words of the vocabulary' -- \
    "$w2v" convert "$files/fasttext-cbow.bin" h.txt
check 'quantized subwords stay behind' 0 -e 'note: only words of the vocabulary' -- \
    "$w2v" convert "$files/fasttext-pruned.ftz" h.bin
for name in sg cbow plain; do # what fastText wrote comes back bit for bit, by way of w2v's own file
    check "$name: from fastText's file" 0 -e '^h.bin: word2vec, 18 words of 4 dimensions$' -- \
        "$w2v" convert "$files/fasttext-$name.bin" h.bin
    holds "$name: nothing was left behind" test "$(wc -l <"$log/err")" -eq 1
    check "$name: it is whole" 0 -e '' -- "$w2v" info h.bin --verify
    check "$name: and back" 0 -e '^h.ftbin: fasttext-bin, 18 words' -- "$w2v" convert h.bin h.ftbin
    holds "$name: bit for bit" cmp "$files/fasttext-$name.bin" h.ftbin
    check "$name: at once" 0 -e '' -- "$w2v" convert "$files/fasttext-$name.bin" h.ftbin -q
    holds "$name: likewise" cmp "$files/fasttext-$name.bin" h.ftbin
done
"$w2v" convert "$files/fasttext-sg.bin" h.bin -q
check 'a part of it' 0 -e 'fasttext-bin, 5 words' -- "$w2v" convert h.bin h.ftbin --top 5
"$w2v" words h.ftbin | cut -f 1 >h.words
echo unseen >>h.words
"$w2v" vector h.bin -q <h.words >h.want
check 'makes the same vectors' 0 -i h.words -O h.want -- "$w2v" vector h.ftbin -q
cp "$files/fasttext-sg.bin" tree.bin # its loss is hierarchical softmax
printf '\001' | dd of=tree.bin bs=1 seek=32 conv=notrunc 2>/dev/null
n_row=$((4 * $("$w2v" info tree.bin | sed -n "s/^dim${tab}//p"))) # a tree leaves the last row unused
dd if=/dev/zero of=tree.bin bs=1 seek=$(($(wc -c <tree.bin) - n_row)) count=$n_row conv=notrunc \
    2>/dev/null
check 'all of a tree' 0 -e '' -- "$w2v" convert tree.bin h.ftbin -q
holds 'it is there' cmp tree.bin h.ftbin
check 'a part of a tree is none' 0 -e 'the model has no output matrix' -- \
    "$w2v" convert tree.bin h.ftbin --top 5
printf '2 1\na 1\nb 2\n' >h.txt
for name in glove tsv; do
    check "$name: one dimension" 2 -o '' -e 'format needs two dimensions or more' -- \
        "$w2v" convert h.txt h.$name
    check "$name: training to one dimension" 2 -o '' -e 'format needs two dimensions or more' -- \
        "$w2v" train corpus.txt -o h.$name -d 1 -e 1
done
printf '2 2\na 1 0\nb 0 1\n' >h.txt
check 'no counts' 0 -e 'the model has no counts, so each word is written with the count 1$' -- \
    "$w2v" convert h.txt h.ftbin
rm h.txt
check 'no output matrix' 0 -e 'the model has no output matrix, so zeros are written' -- \
    "$w2v" convert a.bin h.ftbin
"$w2v" words a.bin >h.want
check 'with the same counts' 0 -O h.want -- "$w2v" words h.ftbin
"$w2v" train corpus.txt -o h.ftbin -q -d 8 -e 1 --min-count 1
"$w2v" train corpus.txt -o h.bin --save-output -q -d 8 -e 1 --min-count 1
check 'training writes it with the output matrix' 0 -e '^h2.ftbin: ' -- "$w2v" convert h.bin h2.ftbin
holds 'as convert does' cmp h.ftbin h2.ftbin
check 'training goes on from it' 0 -e 'start from h.ftbin.*, with its output matrix' -- \
    "$w2v" train corpus.txt -o h3.bin --init h.ftbin -d 8 -e 1 --min-count 1
"$w2v" train corpus.txt -o h4.bin --init h.bin -d 8 -e 1 --min-count 1 -q
holds 'as from our own' sh -c '"$0" vector h3.bin w1 w2 w3 >h3; "$0" vector h4.bin w1 w2 w3 | cmp - h3' "$w2v"
check 'compressed' 0 -o '' -e '' -- "$w2v" convert h.bin h.ftbin.gz -q
holds 'it is the same' sh -c 'gzip -dc h.ftbin.gz | cmp - h.ftbin'
rm -f h2.* h3* h4.* tree.bin
printf 'New York 1 2\nthe 3 4\n' >spaces
check 'a word with a space' 0 -e "note: 1 word written with '_'" -- "$w2v" convert spaces h.bin
check 'is found by its new name' 0 -o "New_York${tab}1 2" -e '' -- "$w2v" vector h.bin New_York
printf '5 2\nNew York 1 2\nNew_York 3 4\nthe 3 4\nx y 5 6\nx\vy 7 8\n' >spaces
for name in h.bin h.txt h.ftbin; do
    check "words that would be equal, $name" 0 -e 'note: 2 words left out: written with' -- \
        "$w2v" convert spaces $name
    check "each is there once, $name" 0 -o 'New_York the x_y' -- \
        sh -c '"$0" words "$1" | cut -f 1 | paste -sd " " -' "$w2v" $name
    check "the word itself stays, $name" 0 -o "New_York${tab}3 4" -e '' -- "$w2v" vector $name New_York
done
cp "$files/numpy-f4.npy" h.npy
printf 'a\000b\na_b\n' >h.words
check "a zero byte would end a word in fastText's file" 0 -e 'note: 1 word left out: written with' -- \
    "$w2v" convert h.npy h.ftbin
check 'the word itself stays' 0 -o 'a_b' -- sh -c '"$0" words h.ftbin | cut -f 1' "$w2v"
printf 'a\000b\nc\n' >h.words
check 'and one is respelt' 0 -e "note: 1 word written with '_' for what fasttext-bin cannot" -- \
    "$w2v" convert h.npy h.ftbin
printf 'a\vb 5 6\na_b 1 2\nc 3 4\nd\ve 7 8\n' >h.glove # training writes words as convert does
printf 'c a_b c a_b c c\nc a_b c c\n' >h.corpus
printf 'c\na_b\na\vb\nd\ve\n' >h.list
printf 'c\t3 4\na_b\t1 2\nd_e\t7 8\n' >h.want
sed 's/$/ aXb dXe/' h.corpus >h2.corpus
"$w2v" train h2.corpus -o h2.ftbin -q --tokenizer whitespace --subwords --buckets 50 -d 2 -e 1 \
    --min-count 1
tr X '\v' <h2.ftbin >h3.ftbin
old='--init h.glove --freeze h.list'
for options in "$old" "$old --save-output" "$old --save-output --loss hs" \
    '--init h3.ftbin --save-output --subwords --buckets 50'; do
    case $options in
    *save*) names='h.bin h.ftbin' ;;
    *) names='h.bin h.ftbin h.txt' ;;
    esac
    for name in $names; do
        check "trained: words that would be equal, $name $options" 0 \
            -e "note: 1 word left out: written with '_' it would equal another word" -- \
            "$w2v" train h.corpus -o $name --vocab-mode old --tokenizer whitespace -d 2 -e 1 $options
        holds 'one is respelt' grep -q "note: 1 word written with '_' for what " "$log/err"
        holds 'the summary counts those that are written' \
            grep -q "^model  *$name: 3 words of 2 dimensions" "$log/err"
        check 'each is there once' 0 -o 'c a_b d_e' -- \
            sh -c '"$0" words "$1" -q | cut -f 1 | paste -sd " " -' "$w2v" $name
        check 'it is whole' 0 -e '' -- "$w2v" info $name --verify
        case $options in *subwords*) continue ;; esac
        check 'each has its row' 0 -O h.want -- "$w2v" vector $name c a_b d_e
    done
    case $options in *save*) ;; *) continue ;; esac
    "$w2v" convert h.bin h2.ftbin -q
    holds 'both binary formats have the same' cmp h.ftbin h2.ftbin
done
check 'safetensors holds all' 0 -e '5 words' -- "$w2v" convert spaces h.safetensors
printf 'the\nx y\n' >list
check 'words beyond --top' 0 -e 'note: 1 word of list is not among the first 3' -- \
    "$w2v" convert spaces h.txt --words list --top 3
check 'all are beyond' 1 -e 'list: none of its words is among the first 2' -- \
    "$w2v" convert spaces h.txt --words list --top 2
rm -f h.* h2.* h3.* spaces list

# Room is made for the rows that there are: one row of a million numbers takes 4 MB.
if sh -c 'ulimit -v 1000000' 2>"$log/held" && ! ldd "$w2v" 2>"$log/held" | grep -q -e asan -e tsan &&
    sh -c "ulimit -v 1000000; '$w2v' --version" >"$log/held" 2>&1; then
    header="{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1000000), }"
    printf '\223NUMPY\001\000\166\000%-117s\n' "$header" >h.npy
    dd if=/dev/zero bs=4000 count=1000 2>"$log/held" >>h.npy
    echo wide >h.words
    check 'one wide row' 0 -e '^h.bin: word2vec, 1 word of 1000000 dimensions' -- \
        sh -c 'ulimit -v 1000000; exec "$0" convert h.npy h.bin --threads 1' "$w2v"
    rm h.*
else
    skipped 'one wide row' 'no limit can be set, or not under this sanitizer'
fi

check 'no output' 2 -o '' -e 'no output; name a file' -- "$w2v" convert a.bin
check 'no such format' 2 -o '' -e 'npy' -- "$w2v" convert a.bin x --to numpy
check 'two files to standard output' 2 -o '' -e 'name a file' -- "$w2v" convert a.bin - --to npy
check 'no half in text' 2 -o '' -e 'precision f16' -- \
    "$w2v" convert a.bin x.txt --precision f16
check 'too many directions' 2 -o '' -e '8 directions' -- "$w2v" convert a.bin x --remove-top 8
check 'no folder for it' 1 -o '' -e '^w2v: nowhere/x: ' -- "$w2v" convert a.bin nowhere/x
check 'the words cannot be written' 1 -o '' -e '^w2v: x.words: is a directory' -- \
    sh -c 'mkdir x.words; "$0" convert a.bin x.npy; s=$?; rmdir x.words; exit $s' "$w2v"
"$w2v" convert twice x.npy -q
cp x.npy old.npy
cp x.words old.words
check 'a full disk' 1 -o '' -e 'File too large' -- \
    sh -c 'ulimit -f 4; exec "$0" convert a.bin x.npy' "$w2v"
holds 'the old numbers are there' cmp x.npy old.npy
holds 'and the old words' cmp x.words old.words
echo mine >x.words
check "somebody's list is not replaced" 1 -o '' -e '^w2v: x.words: exists and was not written with' -- \
    "$w2v" convert a.bin x.npy
holds 'it is as it was' grep -qx mine x.words
mkdir x.metadata.tsv.d
echo mine >x.metadata.tsv.d/x.words
echo other >x.metadata.tsv.d/x.npy
check 'whatever the folder is called' 1 -o '' -e '/x.words: exists and was not written with' -- \
    "$w2v" convert a.bin x.metadata.tsv.d/x.npy
holds 'there too it is as it was' grep -qx mine x.metadata.tsv.d/x.words
rm -r x.metadata.tsv.d
check 'nor are its words taken' 1 -o '' -e '^w2v: x.words: ' -- "$w2v" info x.npy
rm -f x.* old.*
only 'nothing is left' a.bin corpus.txt twice want

# ---- Damage -----------------------------------------------------------------------------------

cp a.bin damaged.bin
printf x | dd of=damaged.bin bs=1 seek=900 conv=notrunc 2>/dev/null
check 'damaged rows are not seen at once' 0 -e '' -- "$w2v" info damaged.bin
check 'but where they are looked for' 1 -e 'damaged w2v file: its rows were changed' -- \
    "$w2v" info damaged.bin --verify
holds 'and said' grep -qx "verified${tab}no" "$log/out"
check 'and when converted' 1 -o '' -e 'damaged w2v file: its rows' -- \
    "$w2v" convert damaged.bin x.txt
"$w2v" convert a.bin a.glove -q
head -c 2000 a.glove >cut.glove
rows=$(head -c 2000 a.glove | awk 'END { print NR - 1 }')
for command in info 'neighbors -k 1' 'vector' 'convert --to glove'; do
    case $command in
    info) rest= ;;
    convert*) rest=- ;;
    *) rest=w1 ;;
    esac
    check "a file that is cut, $command" 1 -o '' -e "^w2v: cut.glove:$((rows + 1)): " -- \
        "$w2v" $command cut.glove $rest
    check "tolerated, $command" 0 -e "^w2v: note: cut.glove:$((rows + 1)): .*skipped: $((rows + 1)); $rows rows" -- \
        "$w2v" $command --tolerant cut.glove $rest
done
rm -f damaged.bin cut.glove a.glove

# ---- Files that are none ------------------------------------------------------------------------

none() { # NAME, what is said of the file `none`
    check "$1 is named" 1 -o '' -e "^w2v: none: is not a vector file but $2" -- "$w2v" vector none x
    check "$1 in a pipe is named" 1 -o '' -e "^w2v: standard input: is not a vector file but $2" \
        -i none -- "$w2v" vector - x
}
printf 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n' >none
none 'a Git LFS pointer' 'a Git LFS pointer'
printf '\n<!DOCTYPE html>\n<html><body>404</body></html>\n' >none
none 'an HTML page' 'an HTML page'
printf '\200\004\225\013\000\000\000\000\000\000\000}\224' >none
none 'a pickle' 'a Python pickle'
printf '\377\376c\000a\000t\000 \0001\000\n\000' >none
none 'UTF-16' 'text in UTF-16'
rm none # a checkpoint takes no other file's place
"$w2v" train corpus.txt -o c.bin -q -d 8 -e 1 --min-count 1 --checkpoint none
none 'a checkpoint' 'a checkpoint of w2v'
check 'but info shows it' 0 -e '' -- "$w2v" info none --verify
holds 'what it is' grep -qx "format${tab}checkpoint" "$log/out"
holds 'its place' grep -qx "epochs_done${tab}1" "$log/out"
holds 'its options' grep -qx "dim${tab}8" "$log/out"
holds 'and that it is whole' grep -qx "verified${tab}yes" "$log/out"
check 'in JSON' 0 -e '' -- "$w2v" info none --json
holds 'one object' grep -q '^{"format": "checkpoint", .*"dim": 8, .*}$' "$log/out"
if command -v tar >/dev/null && command -v gzip >/dev/null; then
    tar cf none corpus.txt
    none 'a tar archive' 'a tar archive'
    tar cf - corpus.txt | gzip >none
    none 'a compressed one' 'a tar archive'
fi
rm -f none c.bin

# ---- Compressed, and through pipes -------------------------------------------------------------

"$w2v" convert a.bin a.txt -q
"$w2v" info a.txt >want
tail -n +2 a.txt >a.glove
for tool in gzip bzip2 xz zstd; do
    if ! command -v $tool >/dev/null; then
        skipped "compressed by $tool" 'it is not installed'
        continue
    fi
    $tool -c <a.txt >a.packed
    check "text by $tool" 0 -O want -e '' -- "$w2v" info a.packed
    $tool -c <a.bin >a.packed
    check "our own file by $tool" 0 -e '' -- "$w2v" convert a.packed back.bin -q
    holds "comes back from $tool" cmp a.bin back.bin
    $tool -c <a.txt | head -c 900 >a.packed
    check "cut, $tool" 1 -o '' -e '^w2v: a.packed: .*cut or damaged' -- "$w2v" info a.packed
done
check 'text through a pipe' 0 -O want -e '' -i a.txt -- "$w2v" info -
check 'a model through a pipe' 0 -e '' -i a.bin -- "$w2v" convert - back.bin -q
holds 'is the same' cmp a.bin back.bin
check 'without a header' 0 -e '' -i a.glove -- "$w2v" info -
holds 'all rows' grep -qx "words${tab}200" "$log/out"
head -c 2000 a.glove >cut
check 'a cut pipe' 1 -o '' -e "^w2v: standard input:[0-9]*: the last line" -i cut -- "$w2v" info -
check 'tolerated' 0 -e "^w2v: note: standard input:" -i cut -- "$w2v" info - --tolerant
printf '3 2\nking 0.5 0.25\nqueen 0.5 1.5' >cut # of 1.5e-05
check 'cut within its last number' 0 -o "king${tab}0.5 0.25" -e 'ends after 1 of 3 rows' -- \
    "$w2v" vector cut king --tolerant
check 'that row is left out' 1 -o '' -e 'queen' -- "$w2v" vector cut queen --tolerant
head -c 2000 a.bin >cut
# A vector that is not finite is an error. --tolerant leaves its word out.
printf '3 1\na \000\000\200?b \000\000\300\177c \000\000\000@' >nan
for name in nan.txt nan.npy nan.bin; do
    check "not finite, $name" 1 -o '' -e 'not written: the vector of "b" (row 2) is not finite' -- \
        "$w2v" convert nan $name
    check "not finite, $name, --tolerant" 0 -e 'note: 1 word left out: its vector is not finite' -- \
        "$w2v" convert nan $name --tolerant
    holds "not finite, $name: the others" sh -c '"$0" words "$1" | cut -f 1 | tr "\n" " " | grep -qx "a c "' \
        "$w2v" $name
done
rm nan*
check 'a cut binary file' 1 -o '' -e '^w2v: cut:1: the header promises 200' -- "$w2v" info cut
check 'its whole rows' 0 -e '^w2v: note: cut: the file ends in row .*; .* rows are taken' -- \
    "$w2v" words cut --tolerant
cp "$log/out" some
"$w2v" words a.bin | head -n "$(wc -l <some)" | cut -f 1 >want
holds 'are the first words' cmp some want
check 'the note is an object' 0 -e '^{"phase": "note", "text": "cut:' -- \
    "$w2v" convert cut part.txt --tolerant --progress json
holds 'every line is one' test "$(grep -vc '^{.*}$' "$log/err")" -eq 0
rm -f part.txt
check 'through a pipe' 0 -O some -i cut -- "$w2v" words - --tolerant
head -c $(($(wc -c <a.bin) - 30)) a.bin >cut
check 'cut in its trailer' 1 -o '' -e 'bytes behind the last row' -- "$w2v" info cut
check 'has all its rows' 0 -e 'bytes behind the last row.*; 200 rows are taken' -- \
    "$w2v" neighbors cut "$(head -n 1 some)" --tolerant
check 'more directions than vectors span' 2 -o '' -e '^w2v convert: 4 directions cannot be removed from 5' -- \
    "$w2v" convert a.bin lone --top 5 --remove-top 4
cp "$files/fasttext-sg.bin" lone.bin
printf '\3' | dd of=lone.bin bs=1 seek=32 conv=notrunc 2>"$log/held"
check 'the output matrix of softmax is of no use' 0 -e 'no output matrix, so zeros are written' -- \
    "$w2v" convert lone.bin lone.ftbin
check 'a classifier' 0 -e 'note: the model is a classifier: its labels and their matrix are left out' -- \
    "$w2v" convert "$files/fasttext-sup.bin" lone.ftbin
check 'n-grams of changed vectors' 0 -e 'do not fit vectors that were changed' -- \
    "$w2v" convert lone.bin lone --center
for kind in pruned quantized; do
    check "n-grams that are $kind" 0 -e 'n-grams that are pruned or quantized cannot be written' -- \
        "$w2v" convert "$files/fasttext-$kind.ftz" lone
done
printf '\2\0\0\0\0\0\0\0{}' >none.safetensors
check 'no tensor at all' 1 -o '' -e ': 0 tensors of two dimensions' -- "$w2v" info none.safetensors
rm none.safetensors
for fields in "[('a]', '<f4'), ('b', [('c', '<f4')])]" "{'names': ['a'], 'formats': ['<f4']}"; do
    text=$(printf "%-117s" "{'descr': $fields, 'fortran_order': False, 'shape': (3, 2)}")
    printf '\223NUMPY\1\0v\0%s\n' "$text" >none.npy
    check 'a structured type' 1 -o '' -e "numbers of type 'structured'" -- "$w2v" info none.npy
done
rm none.npy
printf 'new york\nroute 66\n66\n' >some
awk 'BEGIN { print "10 2"; for (i = 0; i < 10; i++) print "w" i, 1, 2, i }' >cut
check 'a header with too few dimensions' 1 -o '' -e '^w2v: cut:2: rows have 3 numbers' -- "$w2v" info cut
printf '3 2\nnew york 1 2\nroute 66 2 4\n66 2 5\n' >cut
check 'words with blanks, and of digits' 0 -O some -- "$w2v" words cut
"$w2v" convert a.bin lone.npy -q
check 'a matrix from standard input' 1 -o '' -e '^w2v: standard input: has numbers only.*beside it$' \
    -i lone.npy -- "$w2v" info -
"$w2v" convert a.bin lone.tsv -q
check "the projector's, likewise" 1 -o '' -e '^w2v: standard input: has numbers only.*beside it$' \
    -i lone.tsv -- "$w2v" info -
rm some lone lone.*
if command -v gzip >/dev/null; then
    head -c 90000000 /dev/zero | tr '\0' ' ' | gzip >bomb
    cat_bomb() { cat bomb | "$w2v" "$@"; }
    check 'what unpacks to a thousand times its size, from a pipe' 1 -o '' \
        -e 'standard input: unpacks to more than' -- cat_bomb info -
    check 'what unpacks to a thousand times its size' 1 -o '' -e 'bomb: unpacks to more than' -- \
        "$w2v" info bomb
fi
rm -f a.txt a.glove a.packed back.bin cut bomb

# ---- Lies: refused at once, in little memory ------------------------------------------------------

lie() { # NAME: the file `lie` is refused
    check "$1 is refused" 1 -o '' -e '^w2v: lie' -- sh -c '
        if (ulimit -v 51200; "$0" --version) >/dev/null 2>&1; then ulimit -v 51200; fi
        exec "$0" info "$1"' "$w2v" "$lie_file"
}
lie_file=lie
for header in '1152921504606846976 100' '100 2147483648' '5 0' '0 5' '-1 5' '5 -1' \
    '4294967296 4294967296' '6148914691236517206 3' '99999999999999999999 1'; do
    printf '%s\nthe \1\2\3\4\5\6\7\10the \1\2\3\4\5\6\7\10' "$header" >lie
    lie "binary $header"
    printf '%s\nthe 0.5 0.25\nof 0.5 0.25\n' "$header" >lie
    lie "text $header"
done
lie_file=lie.npy
printf 'the\n' >lie.words
for shape in '1152921504606846976, 100' '100, 2147483648' '5, 0' '0, 5' '-1, 5' \
    '4294967296, 4294967296' '6148914691236517206, 3'; do
    {
        printf '\223NUMPY\2\0\200\0\0\0'
        printf '%-127s\n' "{'descr': '<f4', 'fortran_order': False, 'shape': ($shape), }"
        printf '12345678'
    } >lie.npy
    lie "npy $shape"
done
lie_file=lie.safetensors
for shape in '1152921504606846976,100' '100,2147483648' '5,0' '0,5' '-1,5' \
    '4294967296,4294967296' '6148914691236517206,3'; do
    {
        printf '\200\0\0\0\0\0\0\0'
        printf '%-128s' "{\"a\":{\"dtype\":\"F32\",\"shape\":[$shape],\"data_offsets\":[0,8]}}"
        printf '12345678'
    } >lie.safetensors
    lie "safetensors $shape"
done
lie_file=lie.bin
lie_bytes() { # NAME, offset, bytes: fastText's file with other bytes there
    cp "$files/fasttext-sg.bin" lie.bin
    printf "$3" | dd of=lie.bin bs=1 seek="$2" conv=notrunc 2>/dev/null
    lie "fastText, $1"
}
lie_bytes 'dim 0' 8 '\0\0\0\0'
lie_bytes 'dim 2^31' 8 '\0\0\0\200'
lie_bytes 'words 2^31 - 1' 64 '\377\377\377\177\377\377\377\177'
lie_bytes 'no words' 64 '\0\0\0\0\0\0\0\0'
lie_bytes 'n-grams 2^60 left' 84 '\0\0\0\0\0\0\0\020'
lie_bytes 'buckets 2^31 - 1' 40 '\377\377\377\177'
size=$(wc -c <"$files/fasttext-sg.bin")
lie_bytes 'output rows 2^60' $((size - 16 * 18 - 16)) '\0\0\0\0\0\0\0\020'
lie_bytes 'output columns 0' $((size - 16 * 18 - 8)) '\0\0\0\0\0\0\0\0'
rm -f lie*
only 'nothing is left of lies' a.bin corpus.txt twice want
finish
