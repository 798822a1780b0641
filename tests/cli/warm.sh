# Warm starts: vectors of another model, the three vocabularies, frozen words. Memory: the plan and its
# limits.
. "$(dirname "$0")/lib.sh"

corpus 1500 >all.txt
sed 's/w1\([0-9]\)/old\1/g' all.txt | head -n 700 >old.txt
sed 's/w1\([0-9]\)/new\1/g' all.txt | tail -n 700 >new.txt
train() {
    "$w2v" train -d 16 -e 2 --min-count 1 "$@"
}
train4() { # four epochs
    "$w2v" train -d 16 -e 4 --min-count 1 "$@"
}
words() { # MODEL: its words, sorted
    "$w2v" info "$1" | sed -n "s/^words${tab}//p"
}
vectors() { # MODEL WORDS >VECTORS
    "$w2v" vector "$1" <"$2"
}

check 'a model to start from' 0 -- train old.txt -q -o plain
check 'and one with its output matrix' 0 -- train old.txt -q -o old --save-output
"$w2v" vocab old.txt | cut -f1 | sort >old.words
"$w2v" vocab new.txt | cut -f1 | sort >new.words
comm -12 old.words new.words >both.words
comm -23 old.words new.words >lost.words
n_both=$(($(wc -l <both.words))) n_new=$(($(wc -l <new.words)))
n_old=$(($(wc -l <old.words)))
vectors plain old.words >want
check 'the output matrix changes no vector' 0 -i old.words -O want -- "$w2v" vector old
holds 'some words are in one corpus alone' test "$n_both" -lt "$n_new" -a "$n_both" -lt "$n_old"

check 'new' 0 -e "note: $n_both of $n_new words" -- train new.txt -o new --init old
holds 'new: with the output matrix' grep -q 'with its output matrix' "$log/err"
holds 'new: so many words' test "$(words new)" -eq "$n_new"
check 'without an output matrix' 0 -e 'no output matrix' -- train new.txt -o other --init plain
check 'which makes a difference' 1 -- cmp -s new other
check 'old' 0 -e "note: $n_old of $n_old words" -- train new.txt -o m --init old --vocab-mode old
holds 'old: so many words' test "$(words m)" -eq "$n_old"
vectors old lost.words >want
check 'old: words that the corpus lacks keep their vectors' 0 -i lost.words -O want -- "$w2v" \
    vector m
check 'union' 0 -e "note: $n_old of" -- "$w2v" train new.txt -o m -d 16 \
    --init old --vocab-mode union --min-count 3
n_kept=$("$w2v" vocab new.txt --min-count 3 | cut -f1 | sort - old.words | uniq | wc -l)
holds 'union: so many words' test "$(words m)" -eq $((n_kept))
check 'union: words that the corpus lacks keep their vectors' 0 -i lost.words -O want -- "$w2v" \
    vector m
# The list has counts and lacks most words of the model. The text has some of these.
"$w2v" vocab new.txt | head -n 3 >few.voc
check 'union with a list' 0 -- train new.txt -o m -d 16 -e 1 --init old --vocab-mode union \
    --vocab few.voc --checkpoint few.ck
n_unseen=$(sed -n 's/^unseen *\([0-9]*\) .*/\1/p' "$log/err")
"$w2v" vocab new.txt --min-count 1 | cut -f 1 | sort >new.all
cut -f 1 few.voc | sort - old.words | uniq | comm -23 - new.all >unseen
holds 'union with a list: only words that the text lacks are unseen' \
    test "${n_unseen:-0}" -eq "$(wc -l <unseen)"
check 'union with a list: resumed' 0 -- "$w2v" train --resume few.ck -e 2 -q
rm few.voc few.ck new.all unseen
check 'start from any format' 0 -- sh -c "'$w2v' vector old w0 w1 w2 | tr '\t' ' ' >rows &&
    { echo 3 16; cat rows; } >text.vec"
check 'a text file' 0 -e 'note: 3 of ' -- train new.txt -o m --init text.vec
check 'one thread' 0 -- train new.txt -q -o one --init old -t 1
holds 'the same file' cmp one new

check 'record' 0 -- "$w2v" info new
holds 'record: how many' grep -q "^init_words${tab}$n_both\$" "$log/out"
holds 'record: that of the old model' grep -q "^init.corpus_bytes${tab}$(($(wc -c <old.txt)))\$" \
    "$log/out"
check 'and on' 0 -- train old.txt -q -o m --init new
check 'record of both' 0 -- "$w2v" info m
holds 'record: two generations' grep -q "^init.init.loss_2${tab}" "$log/out"

check 'another dim' 2 -e 'old has 16 dimensions, not 20; give --dim 16' -- "$w2v" train new.txt \
    -o m -d 20 --init old
check 'the dim of the model' 0 -e 'model .* of 16 dimensions' -- "$w2v" train new.txt -o m2 \
    --min-count 1 -e 2 --init old
check 'the same model' 0 -- cmp m2 new
check 'and its record' 0 -- "$w2v" info m2
check 'no such model' 1 -e '^w2v: missing' -- train new.txt -o m --init missing
check 'a mode without a model' 2 -e '--init' -- train new.txt -o m --vocab-mode union
check 'old with a vocabulary' 2 -e '--vocab' -- train new.txt -o m --init old --vocab-mode old \
    --vocab old.words

# ---- Words whose vectors stay ---------------------------------------------------------------------

head -n 20 both.words >freeze.words
{ sed "s/\$/${tab}7/" freeze.words; echo missing; } >freeze
for model in sg cbow; do
    check "$model: freeze" 0 -e 'note: 20 vectors stay as they start; 1 word of freeze is not' -- \
        train new.txt -o m --init old --freeze freeze -m $model --checkpoint ck
    vectors old freeze.words >want
    check "$model: they stay" 0 -i freeze.words -O want -- "$w2v" vector m
    tail -n +21 both.words >moved.words
    vectors old moved.words >want
    vectors m moved.words >have
    holds "$model: all others move" test "$(sort want have | uniq -d | wc -l)" -eq 0
done
check 'freeze: a missing list is said before the text is read' 1 -e '^w2v: absent: cannot open' -- \
    "$w2v" train missing -o m --init old --freeze absent
{ printf '\357\273\277'; sed "s/\$/ 7/" freeze.words; } >freeze2
check 'freeze: a mark, counts behind blanks' 0 -e 'note: 20 vectors stay as they start; 0 words' -- \
    train new.txt -o m2 --init old --freeze freeze2
rm freeze2
check 'freeze: the same options on resuming' 0 -e '' -- train new.txt -q -o again --init old \
    --freeze freeze -m cbow --resume ck
holds 'freeze: the same file' cmp m again
check 'freeze: other options on resuming' 2 -e 'freeze' -- "$w2v" train --resume ck \
    --freeze both.words
rm -f ck
train4 new.txt -q -o whole --init old --freeze freeze
train4 new.txt -q -o part --init old --freeze freeze --checkpoint ck --checkpoint-every 1w &
pid=$!
tries=0
while [ ! -e ck ] && [ $tries -lt 100 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
kill -s KILL $pid 2>"$log/sent"
wait $pid 2>"$log/sent"
mv old elsewhere
mv freeze elsewhere2
check 'freeze: killed and resumed, without the model and the list' 0 -e '' -- "$w2v" train -q \
    --resume ck -o part
mv elsewhere old
mv elsewhere2 freeze
holds 'freeze: gives the same file' cmp whole part
check 'freeze: no such file' 1 -e '^w2v: missing' -- train new.txt -o m --freeze missing

"$w2v" convert old whole.npy -q
head -c $(($(wc -c <whole.npy) - 28)) whole.npy >blank.npy # as NumPy writes it, without the list that it goes with
mv whole.words blank.words
rm whole.npy
sed '2s/.*/new york/' blank.words >blank.new && mv blank.new blank.words
for mode in union old; do
    check "$mode: a word that no model file holds is refused before any work" 1 \
        -e '^w2v: blank.npy: the word "new york" holds a blank' -- \
        train4 nowhere.txt -o m --init blank.npy --vocab-mode $mode
done
check 'new: such a word does no harm' 0 -- train4 new.txt -o m --init blank.npy
rm -f blank.npy blank.words

# Words that do not occur in the text change no default and no round.
awk 'BEGIN { for (i = 0; i < 3000; i++) printf "%sw%d", i % 8 ? " " : "\n", i * i % 997 % 600 }' >many.txt
awk 'BEGIN { for (i = 0; i < 4000; i++) printf "w%d ", i * i % 7 }' >few.txt
check 'a model of many words' 0 -- "$w2v" train many.txt -q -o many.bin -d 4 -e 1 --min-count 0
for mode in new union; do
    check "$mode: a text of four words" 0 -- "$w2v" train few.txt -q -o m -d 4 -e 1 --min-count 0 \
        --init many.bin --vocab-mode $mode
    check "$mode: defaults and rounds" 0 -o "sample${tab}0.25
lr${tab}0.025
round_shards${tab}2" -- sh -c "'$w2v' info m | grep -E '^(sample|lr|round_shards)'"
done
rm -f many.bin many.txt few.txt

# ---- Memory ---------------------------------------------------------------------------------------

check 'the plan' 0 -e '^plan  *vocabulary .* matrices .* corpus .* at the peak, of ' -- \
    train new.txt -o m
check 'the plan, quiet' 0 -e '' -- train new.txt -q -o m
awk 'BEGIN { print 9000, 40; for (i = 0; i < 9000; i++) { printf "%s%d", i ? "v" : "w", i; for (k = 0; k < 40; k++) printf " %d", k; print "" } }' >large.txt
check 'the plan counts a model that was read into memory' 0 \
    -e '^plan .*, model to start from 2.* MB; .* at the peak' -- \
    "$w2v" train new.txt -o m -e 1 --min-count 1 --init large.txt
check 'a limit that is too low for both' 1 -e '^w2v: with the model of --init .* more than the 14.* MB allowed .*w2v convert' -- \
    "$w2v" train new.txt -o m -e 1 --min-count 1 --init large.txt --memory 14M
check 'but not for the run alone' 0 -- \
    "$w2v" train new.txt -q -o m -e 1 --min-count 1 -d 40 --memory 14M
printf '1 2\nnobody 1 2\n' >stranger.txt
check 'a model of other words' 1 -e '^w2v: no word of the vocabulary is in stranger.txt' -- \
    "$w2v" train new.txt -q -o m --min-count 1 --init stranger.txt
echo nobody >stay
check 'no word that could stay' 1 -e '^w2v: none of the words of --freeze is in the vocabulary' -- \
    "$w2v" train new.txt -q -o m --min-count 1 --init old --freeze stay
rm large.txt stranger.txt stay
check 'a limit that is too low' 1 -e 'more than the 13.6 MB allowed .*--max-vocab.*--dim.*--memory' \
    -- "$w2v" train new.txt -o m -d 65536 --min-count 1 --memory 13M
if sh -c 'ulimit -v 200000' 2>"$log/held" && ! ldd "$w2v" 2>"$log/held" | grep -q -e asan -e tsan &&
    sh -c "ulimit -v 200000; '$w2v' --version" >"$log/held" 2>&1; then
    check 'a limit of the shell' 1 -e 'of 204.8 MB, ulimit -v.*--max-vocab' -- sh -c \
        "ulimit -v 200000; '$w2v' train new.txt -o limited --min-count 1 -d 65536"
    holds 'a limit of the shell: no model' test ! -e limited
else
    skipped 'a limit of the shell' 'cannot be set, or not under this sanitizer'
fi
finish
