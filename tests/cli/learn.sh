#!/bin/sh
# Training with common options on tiny corpora: it trains, or says why there is nothing to learn. The
# defaults follow the corpus.
. "${0%/*}/lib.sh"

awk -v n="${slow:+200}" 'BEGIN { n = n ? n : 1000
    for (i = 1; i <= n; i++) printf "%s ", (i % 2 ? "the" : "w" i % 37); print "" }' >two
for options in '-w 20' '-w 200 --fixed-window' '-w 200 -n 200' '-m cbow -w 200 --fixed-window' \
    '-w 20 -d 1' '-w 20 --lr 0.2'; do
    # shellcheck disable=SC2086
    check "no subsampling, $options" 0 -- "$w2v" train two -o two.bin --sample 0 --min-count 1 -e 1 \
        $options
done
yes same | head -n 2000 | tr '\n' ' ' >same
check 'one word repeated' 0 -- "$w2v" train same -o same.bin -w 50 --sample 0

awk 'BEGIN { srand(2)
    for (i = 0; i < 5000; i++) {
        g = int(rand() * 4)
        print "the n" g int(rand() * 5) " v" g int(rand() * 4) " and then n" g int(rand() * 5) \
            " v" g int(rand() * 4)
    } }' >small
check 'a small vocabulary' 0 -e '^sample  *0.0256' -- "$w2v" train small -o small.bin
"$w2v" neighbors small.bin n00 -k 4 | cut -f 2 | sort >"$log/near"
printf 'n01\nn02\nn03\nn04\n' >"$log/want"
holds 'and its groups are found' cmp "$log/near" "$log/want"

holds 'epochs of a small corpus' sh -c "'$w2v' info small.bin | grep -q '^epochs${tab}22\$'"
check 'epochs that are given' 0 -e '^epochs  *2,' -- "$w2v" train small -o small.bin -e 2
check 'a sample that is given' 0 -e '^sample  *0.5' -- "$w2v" train small -o small.bin --sample 0.5 -e 1
check 'no subsampling' 0 -e '^sample  *0$' -- "$w2v" train small -o small.bin --sample 0 -e 1

printf 'foo\nbar\nfoo\n' >lines
rm -f none.bin
check 'a token a line' 1 -e 'no line holds two words' -- "$w2v" train lines -o none.bin --min-count 1
printf 'a b\nc d\n' >four
check 'an epoch without predictions has no loss' 0 -e 'mean loss per prediction: nan 2' -- \
    "$w2v" train four -o m --min-count 1 -e 10 -d 4 --sample 0.03
check 'nor in JSON' 0 -e '"loss": \[null, 2\.' -- \
    "$w2v" train four -o m --min-count 1 -e 10 -d 4 --sample 0.03 --progress json
"$w2v" info m >info
holds 'nor in the record' sh -c '! grep -q "^loss_1.t" info && grep -q ^loss_2 info'
printf 'a\t1\nb\t1\nz\t1\n' >list
check 'with a given vocabulary it is not known how many words differ' 0 -e '^vocabulary  3 words$' -- \
    "$w2v" train four -o m --vocab list --min-count 0
rm four list m info
check 'nothing left by --sample' 1 -e 'sample 1e-09 left no pair of words' -- \
    "$w2v" train small -o none.bin --sample 1e-9
holds 'and no model is written' test ! -e none.bin
check 'little left by --sample' 0 -e 'warning: only [0-9]* predictions' -- \
    "$w2v" train small -o small.bin --sample 1e-6 -e 1

"$w2v" train small -o small.w2v -e 1 --shards 1 --progress json 2>summary
holds 'the shards of a round, for programs' grep -q '"shards": 1, ' summary
"$w2v" info small.w2v >record
holds 'and in the record' grep -q '^round_shards[[:space:]]*1$' record
if [ "$(nproc)" -gt 1 ]; then
    check 'threads without a shard' 0 -e ' on 1 of 2 threads, as a round has 1 shard (' -- \
        "$w2v" train small -o small.bin -e 1 --shards 1 -t 2
fi

printf 'n00\t1\nn01\t2\n' >given
check 'a list of low counts' 1 -e '^w2v: every count in given is below --min-count 5; lower it' -- \
    "$w2v" train small -o none.bin --vocab given
printf 'zzz\n' >given
check 'a list of words that never occur' 1 -e 'no word of given occurs in the corpus; give other words' -- \
    "$w2v" train small -o none.bin --vocab given --min-count 1
printf 'n00\t5\nzzz\t5\nn01\t5\n' >given
check 'words that never occur' 0 \
    -e '^unseen  *1 word of the vocabulary never occurs in the corpus' -- \
    "$w2v" train small -o given.bin --vocab given -e 1
check 'an absurd rate' 1 -e 'training diverged' -- "$w2v" train small -o none.bin --lr 100
finish
