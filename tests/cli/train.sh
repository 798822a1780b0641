# train: every form of the same text gives the same model; summary and progress.
. "$(dirname "$0")/lib.sh"

corpus 1500 >corpus.txt
train() {
    "$w2v" train -q -d 16 -e 2 "$@"
}

# ---- The same bits -----------------------------------------------------------------------------

check 'one thread' 0 -o '' -e '' -- train corpus.txt -o one -t 1
check 'again' 0 -- train corpus.txt -o again -t 1
holds 'gives the same file' cmp one again
check 'two threads' 0 -- train corpus.txt -o two -t 2
holds 'give the same file' cmp one two
check 'all cores' 0 -- train corpus.txt -o all
holds 'give the same file' cmp one all
check 'another seed' 0 -- train corpus.txt -o seed --seed 2
check 'gives another file' 1 -- cmp -s one seed
check 'cbow, one thread' 0 -- train -m cbow corpus.txt -o cbow1 -t 1
check 'cbow, two threads' 0 -- train -m cbow corpus.txt -o cbow2 -t 2
holds 'cbow: the same file' cmp cbow1 cbow2
check 'cbow is not skip-gram' 1 -- cmp -s one cbow1
everywhere many "$w2v" train -q -d 16 -e 2 corpus.txt -n 45
everywhere many "$w2v" train -q -d 16 -e 2 corpus.txt -n 45 -m cbow
rm -f many scalar again

# ---- The same text in other forms -----------------------------------------------------------------

same_vectors() { # NAME, model: every vector is that of `one` (the record may differ: bytes read)
    "$w2v" vocab corpus.txt --min-count 5 | cut -f1 >words
    check "$1" 0 -i words -- "$w2v" vector one
    cp "$log/out" vectors
    check "$1, vectors" 0 -i words -O vectors -- "$w2v" vector "$2"
}
check 'standard input' 0 -i corpus.txt -- train - -o stdin
holds 'standard input: the same file' cmp one stdin
head -n 700 corpus.txt >part1
tail -n +701 corpus.txt >part2
check 'two files' 0 -- train part1 part2 -o parts
holds 'two files: the same file' cmp one parts
sed 's/$/\r/' corpus.txt >crlf
check 'CRLF' 0 -- train crlf -o m_crlf
same_vectors 'CRLF: the same' m_crlf
{ printf '\357\273\277'; cat corpus.txt; } >bom
check 'BOM' 0 -- train bom -o m_bom
same_vectors 'BOM: the same' m_bom
tr ' ' '\000' <corpus.txt >nul
check 'NUL between words' 0 -- train nul -o m_nul --any-bytes
same_vectors 'NUL: the same' m_nul
awk 'BEGIN { for (i = 1; i <= 400; i++) print "item-" i % 9 " user-" i % 7 }' >items
check 'a note on words that are cut' 0 -e '^w2v: note: .*--tokenizer whitespace' -- \
    "$w2v" train items -o m_items
check 'the same for programs' 0 -e '^{"phase": "note", "text": ".*--tokenizer whitespace' -- \
    "$w2v" train items -o m_items --progress json
check 'no note where they are not' 0 -e '' -- train items -o m_items --tokenizer whitespace
printf '%s' "$(cat corpus.txt)" >cut
check 'no final newline' 0 -- train cut -o m_cut
same_vectors 'no final newline: the same' m_cut
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do cat corpus.txt; done >large
"$w2v" train large -q -o m_large -d 4 -e 1
check 'a memory limit that makes it use a file' 0 -e '^plan .* in a temporary file' -- \
    "$w2v" train large -o m_memory -d 4 -e 1 --memory 13M
holds 'memory limit: the same file' cmp m_large m_memory
# Whether the words fit does not depend on the threads, though each may meet all words.
awk 'BEGIN { for (n = 0; n < 4; n++) for (i = 0; i < 120000; i++) print "word" i }' >many
for pair in 66M:1 86M:0; do
    for threads in 1 2 8; do
        check "memory limit: ${pair%:*}, threads $threads" "${pair#*:}" -- "$w2v" phrases many -o joined -q \
            --memory "${pair%:*}" -t $threads
    done
done
check 'memory limit: a pipe cannot be read twice' 1 -i many -e 'one thread alone needs less' -- \
    "$w2v" phrases - -o joined -q --memory 86M -t 8
rm many joined
check 'memory limit: less than the program takes' 1 \
    -e '^w2v: --memory 5.2 MB is too little: .* 12.6 MB, and a corpus some more; give --memory 13M or more$' -- \
    "$w2v" train corpus.txt -o planned -e 1 -d 4 --memory 5M -q
for limit in 13M 14M 20M 55M 100M; do
    "$w2v" train corpus.txt -o planned -e 1 -d 300 --memory $limit 2>"$log/plan"
    holds "memory limit: the plan for $limit is within it" awk '
        / at the peak, of / { # "12.6 MB at the peak, of 13.6 MB (...)", or it is refused
            for (i = 2; i < NF; i++) if ($i == "at" && $(i + 1) == "the") planned = $(i - 2)
            for (i = 2; i < NF; i++) if ($i == "peak,") allowed = $(i + 2)
            kept = planned <= allowed
        }
        / more than the .* allowed / { kept = 1 }
        END { exit !kept }' "$log/plan"
done
rm -f planned

# Tiny corpora: most stretches have no centre, or subsampling drops all of them.
for text in 'a b' 'a a a a a a' 'a\n\na b\n\nb'; do
    # shellcheck disable=SC2059
    printf "$text\n" >tiny
    for options in '-w 1' '-m cbow -n 1' '--phrases 1' '--segment'; do
        # shellcheck disable=SC2086
        check "tiny corpus $text, $options" 0 -o '' -e '' -- train tiny -o m_tiny --min-count 1 \
            --sample 0 $options
    done
done
for text in 'a' 'a\n\n\nb'; do
    # shellcheck disable=SC2059
    printf "$text\n" >tiny
    for options in '-s 0' '-m cbow -n 1' '--phrases 1' '--segment'; do
        # shellcheck disable=SC2086
        check "nothing to learn from $text, $options" 1 -o '' -e 'no line holds two words' -- \
            train tiny -o m_tiny --min-count 1 $options
    done
done
rm tiny m_tiny

# ---- Vocabulary -----------------------------------------------------------------------------------

check 'save-vocab' 0 -- train corpus.txt -o saved --save-vocab vocab.tsv
holds 'save-vocab: the same model' cmp one saved
check 'save-vocab: what vocab writes' 0 -O vocab.tsv -- "$w2v" vocab corpus.txt --min-count 5
for word in 'new york' ' '; do
    printf 'w1\t9\n%s\t5\n' "$word" >blank.tsv
    check "vocab: '$word', which no model file holds, is refused before any work" 1 \
        -e "^w2v: blank.tsv: the word \"$word\" holds a blank" -- train nowhere.txt -o m --vocab blank.tsv
done
rm blank.tsv
check 'vocab' 0 -- train corpus.txt -o used --vocab vocab.tsv
holds 'vocab: the same model' cmp one used
{ echo '</s> 0'; tr '\t' ' ' <vocab.tsv; } >blanks.txt
check 'vocab: as word2vec writes it' 0 -- train corpus.txt -o blanks --vocab blanks.txt
holds 'vocab: as word2vec writes it, the same model' cmp one blanks
cut -f1 vocab.tsv | sort >plain.txt
check 'vocab: a plain list is counted' 0 -e 'note: plain.txt has no counts; .* counted in the corpus' \
    -- "$w2v" train -d 16 -e 2 corpus.txt -o plain --vocab plain.txt
holds 'vocab: a plain list, the same words and vectors' cmp one plain
check 'vocab: of a plain list rare words are left out' 0 -- train corpus.txt -o plain \
    --vocab plain.txt --min-count 300
holds 'vocab: as without it' test "$("$w2v" words plain)" = "$("$w2v" vocab corpus.txt --min-count 300)"
printf 'w1 5\nw2\n' >mixed.txt
check 'vocab: a count that is missing' 1 -e '^w2v: mixed.txt:2: not a word and its count' -- \
    train corpus.txt -o mixed --vocab mixed.txt
rm -f blanks blanks.txt plain plain.txt mixed.txt
tail -n +2 vocab.tsv >fewer.tsv
check 'vocab: a list without a word' 0 -- train corpus.txt -o fewer --vocab fewer.tsv
check 'vocab: is what the model has' 1 -e "'$(head -n 1 vocab.tsv | cut -f1)' is not in" -- \
    "$w2v" neighbors fewer "$(head -n 1 vocab.tsv | cut -f1)"
check 'max-vocab' 0 -- train corpus.txt -o m_max --max-vocab 10
check 'max-vocab: so many words' 0 -- "$w2v" info m_max
holds 'max-vocab: ten' grep -q "^words${tab}10\$" "$log/out"

# ---- What is said -----------------------------------------------------------------------------------

check 'info' 0 -e '' -- "$w2v" info one
for pair in format:w2v dim:16 epochs:2 seed:1 window:5; do
    holds "info: $pair" grep -q "^${pair%:*}${tab}${pair#*:}\$" "$log/out"
done
check 'info, JSON' 0 -e '' -- "$w2v" info --json one
holds 'info, JSON: one line' test "$(wc -l <"$log/out")" -eq 1
holds 'info, JSON: numbers and strings' grep -q '^{"format": "w2v", .*"dim": 16, .*}$' "$log/out"

tokens=$(wc -w <corpus.txt)
check 'summary' 0 -o '' -- "$w2v" train corpus.txt -d 16 -e 2 -o m --min-count 1
holds 'summary: tokens' grep -q "^tokens  *$((tokens)); $((tokens)) are in" "$log/err"
holds 'summary: trained' grep -q "^trained  *$((2 * tokens)) words = 2 epochs x $((tokens));" \
    "$log/err"
holds 'summary: loss by epoch' \
    grep -q '^epochs  *2, mean loss per prediction: [0-9.]* [0-9.]*$' "$log/err"
for word in corpus vocabulary sample rate time memory model; do
    holds "summary: $word" grep -q "^$word  " "$log/err"
done
check 'no progress, but a summary' 0 -- "$w2v" train corpus.txt -d 4 -e 1 -o m --progress none
holds 'is that' sh -c "! grep -q '^epoch ' '$log/err' && grep -q '^epochs ' '$log/err'"
check 'JSON progress' 0 -- "$w2v" train corpus.txt -d 16 -e 2 -o m --progress json
holds 'is objects only' sh -c "! grep -q -v '^{\"phase\": .*}\$' '$log/err'"
holds 'and ends with the summary' sh -c "tail -n 1 '$log/err' | grep -q '^{\"phase\": \"done\".*\"trained\": '"
printf 'w1 \377 w2\n' >>corpus.txt
check 'invalid bytes' 0 -e '^invalid  *1 byte was not UTF-8' -- "$w2v" train corpus.txt -d 4 -e 1 -o m

# ---- What is written opens elsewhere ----------------------------------------------------------------

head -n 1 one >"$log/header"
holds 'a word2vec header' grep -q "^$(wc -l <words | tr -d ' ') 16\$" "$log/header"
W2V_SIMD=nonsense
export W2V_SIMD
"$w2v" train corpus.txt -q -o m >"$log/out" 2>"$log/err"
holds 'W2V_SIMD of nonsense is an error' test $? -ne 0
holds 'that names it' grep -q nonsense "$log/err"
W2V_SIMD=scalar
check 'W2V_SIMD=scalar' 0 -- train part1 part2 -o scalar
unset W2V_SIMD
"$w2v" info one | grep -q "^arithmetic${tab}fma\$" && holds 'scalar: the same file' cmp one scalar
ls "$folder/spare" >"$log/tmp"
holds 'nothing is left in the folder of temporary files' test ! -s "$log/tmp"
# A digest that looks like a number, and a number of more than 15 characters.
echo 'b a b a b b a a a a a b a b' >digest.txt
"$w2v" train digest.txt -o digest.bin -q -d 1 -e 1 --min-count 1 --sample 0 --lr 0.012345678901234567
check 'info --json' 0 -- "$w2v" info digest.bin --json
holds 'info --json: a digest is a string' grep -q '"corpus_digest": "9722518008e50233",' "$log/out"
holds 'info --json: a real number is a number' grep -q '"lr": 0.012345678901234567,' "$log/out"
finish
