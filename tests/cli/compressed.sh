# Compressed input is unpacked by its tool, whatever its name is. A file that is cut off, or whose tool is
# missing, is an error that leaves nothing behind. The tool is a script here; real tools are tried too,
# if they are installed.
. "$(dirname "$0")/lib.sh"

mkdir bin
cat >bin/gzip <<'END'
#!/bin/sh
[ "$*" = -dc ] || exit 9
exec tail -c +3
END
cat >bin/bzip2 <<'END'
#!/bin/sh
tail -c +11
echo 'bzip2: the end is missing;' >&2
exit 2
END
chmod +x bin/gzip bin/bzip2
outer=$PATH
PATH=$PWD/bin:$PATH

corpus 3000 >plain
{ printf '\037\213'; cat plain; } >packed.txt
{ printf 'BZh91AY&SY'; cat plain; } >cut.txt
"$w2v" tokenize plain >tokens
echo old >kept

check 'a compressed file' 0 -e '' -O tokens -- "$w2v" tokenize packed.txt
check 'as standard input' 0 -e '' -O tokens -i packed.txt -- "$w2v" tokenize -
check 'through a pipe' 0 -e '' -O tokens -- sh -c 'cat packed.txt | "$0" tokenize -' "$w2v"
cat tokens tokens tokens >thrice
check 'several files, mixed' 0 -e '' -O thrice -- "$w2v" tokenize packed.txt plain packed.txt
"$w2v" train plain -o want.bin -q -e 1
check 'training' 0 -e '' -- "$w2v" train packed.txt -o got.bin -q -e 1
holds 'training: the same model' cmp want.bin got.bin
check 'counting' 0 -- "$w2v" vocab plain -o want.tsv
check 'counting, packed' 0 -- "$w2v" vocab packed.txt -o got.tsv
holds 'counting: the same words' cmp want.tsv got.tsv

"$w2v" convert got.bin half.safetensors --precision f16 -q
{ printf '\037\213'; cat half.safetensors; } >half.packed
head -n 2 plain | tr ' ' '\n' | head -n 1 >query
"$w2v" neighbors half.safetensors <query >neighbors
check 'a model of 16-bit numbers, and queries on standard input' 0 -e '' -O neighbors -i query \
    -- "$w2v" neighbors half.packed

for command in train tokenize vocab; do
    check "$command, cut" 1 -e '^w2v: cut.txt: bzip2 cannot unpack it (bzip2: the end is missing)' \
        -- "$w2v" $command plain cut.txt -o kept -q
    holds "$command, cut: the old output is as it was" grep -q '^old$' kept
    check "$command, cut, standard input" 1 -i cut.txt -e '^w2v: standard input: bzip2 cannot unpack it' \
        -- "$w2v" $command - -o kept -q
done
printf '\3757zXZ\000 and so on' >other.txt
check 'no tool' 1 \
    -e '^w2v: other.txt: is compressed by xz, but the program xz cannot be started (install it' \
    -- env PATH="$PWD/bin" "$w2v" train other.txt -o kept
printf 'PK\003\004 and so on' >other.txt
check 'an archive' 1 -e '^w2v: other.txt: is a zip archive; unpack it first' \
    -- "$w2v" train other.txt -o kept
holds 'no tool: the old output is as it was' grep -q '^old$' kept

# A damaged compressed model gives --tolerant the rows before the damage, wherever it is: the file is
# read by stretches of 8 MiB.
awk 'BEGIN {
    s = "\001\002\003?"; while (length(s) < 4000) s = s s
    print "3000 1000"; for (i = 0; i < 3000; i++) printf "w%d %s", i, substr(s, 1, 4000)
}' >large.bin
for size in 5000000 11000000; do
    { printf 'BZh91AY&SY'; head -c $size large.bin; } >damaged
    check "a damaged model, $size bytes" 1 -o '' -e '^w2v: damaged: bzip2 cannot unpack it' -- \
        "$w2v" info damaged
    check "--tolerant, $size bytes" 0 -e 'note: damaged: bzip2 cannot unpack it.*[0-9] rows are taken$' -- \
        "$w2v" info damaged --tolerant
    sed -n 's/^words\t//p' "$log/out" >got
    head -c $size large.bin >whole
    "$w2v" info whole --tolerant 2>"$log/held" | sed -n 's/^words\t//p' >want
    holds "--tolerant, $size bytes: all rows that are whole" cmp got want
done
rm large.bin damaged whole got want

# Descriptors do not pile up: more files than may be open at once.
files=
i=0
while [ $i -lt 25 ]; do
    files="$files packed.txt"
    i=$((i + 1))
done
# shellcheck disable=SC2086
check 'more files than descriptors' 0 -o '' -e '' -- \
    sh -c 'ulimit -n 16; exec "$@"' sh "$w2v" tokenize -q -o many $files
holds 'more files than descriptors: all of them' \
    test "$(wc -l <many)" -eq $((25 * $(wc -l <tokens)))

# A tool that says more than a pipe holds before it reads.
cat >bin/gzip <<'END'
#!/bin/sh
yes 'a note of the tool' | head -c 200000 >&2
exec cat
END
i=0
while [ $i -lt 40 ]; do
    cat plain
    i=$((i + 1))
done >many
"$w2v" tokenize many >want
check 'a tool that says much' 0 -e '' -- timeout 60 "$w2v" tokenize many -o many.gz -q
holds 'a tool that says much: all is written' cmp many.gz want

# A signal also ends the tool. If w2v is killed, the tool gets a closed pipe.
cat >bin/gzip <<'END'
#!/bin/sh
trap 'echo >gone; exit' PIPE
echo $$ >tool.pid
while :; do echo some words; done
END
start() {
    rm -f gone tool.pid
    sh -c 'echo $$ >"$0/pid"; exec "$@"' "$log" "$w2v" tokenize packed.txt -q -o kept &
    tries=0
    while [ $tries -lt 10 ] && [ ! -s tool.pid ]; do
        sleep 1
        tries=$((tries + 1))
    done
}
start
kill -s TERM "$(cat "$log/pid")"
wait $!
holds 'a signal: status 143' test $? -eq 143
holds 'a signal: the tool was ended' sh -c '! kill -s 0 "$(cat tool.pid)"'
start
kill -s KILL "$(cat "$log/pid")"
wait $! 2>"$log/held"
tries=0
while [ $tries -lt 10 ] && [ ! -f gone ]; do
    sleep 1
    tries=$((tries + 1))
done
holds 'killed: the tool has ended' test -f gone
rm -f kept.tmp.*
holds 'signals: the old output is as it was' grep -q '^old$' kept

PATH=$outer
for real in gzip bzip2 xz zstd; do
    if ! command -v $real >"$log/held"; then
        skipped "real $real" 'not installed'
        continue
    fi
    $real -c plain >real 2>"$log/held"
    check "real $real" 0 -e '' -O tokens -- "$w2v" tokenize real
    check "real $real, a pipe" 0 -e '' -O tokens -- sh -c 'cat real | "$0" tokenize -' "$w2v"
    head -c 5000 real >short
    { cat real; echo garbage; } >behind
    check "real $real, something behind it" 1 \
        -e '^w2v: behind: .*something else follows the \(data compressed by\|compressed data\)' -o '' \
        -- "$w2v" tokenize behind
    check "real $real, cut" 1 -e "^w2v: short: $real cannot unpack it (.*the file is cut" \
        -- "$w2v" tokenize short -o kept
    : >empty
    $real -c empty >real
    check "real $real, of nothing" 0 -o '' -e '' -- "$w2v" tokenize real
done
holds 'real tools: the old output is as it was' grep -q '^old$' kept

# What is written under such a name is compressed, whichever subcommand writes it.
printf 'a b\nb c\n' >edges
while read -r name command; do
    if ! command -v gzip >"$log/held"; then
        skipped "$name, compressed" 'no gzip'
        continue
    fi
    # shellcheck disable=SC2086
    "$w2v" $command --quiet >want
    # shellcheck disable=SC2086
    check "$name, compressed" 0 -o '' -e '' -- "$w2v" $command --quiet -o out.GZ
    gzip -dc <out.GZ >out
    holds "$name, compressed: the same" cmp want out
done <<'END'
tokens tokenize plain
counts vocab plain
phrases phrases plain
walks walk edges
words words want.bin
clusters cluster want.bin -k 3
neighbours nn-graph want.bin -k 2
END
finish
