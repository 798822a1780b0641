#!/bin/sh
# Runs training with checkpoints, kills it at random moments, and resumes it, each time with another
# number of threads. The model must be that of a run that was never killed. A run that was killed before
# its first checkpoint starts again.
#
#     W2V=build/release/w2v sh tests/kill.sh [TIMES]       200 unless said; "N killed, ..."
set -u
times=${1:-200}
w2v=${W2V:-build/release/w2v}
case $w2v in
/*) ;;
*) w2v=$PWD/$w2v ;;
esac
folder=$(mktemp -d "${TMPDIR:-/tmp}/w2v-kill.XXXXXX") || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
cd "$folder" || exit 1

awk 'BEGIN {
    seed = 4711
    for (i = 0; i < 2000; i++) {
        line = ""
        for (j = 0; j < 12; j++) {
            seed = (seed * 16807) % 2147483647
            line = line (j ? " " : "") "w" int(400 * (seed / 2147483647) ^ 2)
        }
        print line
    }
}' >corpus.txt
options='corpus.txt -q -d 32 -e 30 --min-count 1 -o model'
keeps='--checkpoint ck --checkpoint-every 20000w'
# shellcheck disable=SC2086
"$w2v" train $options || exit 1
mv model whole

killed=0 resumed=0 same=0 n=0 longer=1
# A fast machine is often done before it is killed: those tries do not count. A slow one gets more time.
while { [ "$killed" -lt "$times" ] || [ "$resumed" -eq 0 ]; } && [ $n -lt $((times * 20 + 40)) ]; do
    n=$((n + 1))
    rm -f model ck
    # shellcheck disable=SC2086
    "$w2v" train $options $keeps -t $((n % 2 + 1)) &
    pid=$!
    # From before the first checkpoint to about the end, at uneven distances.
    sleep "$(awk -v n=$n -v longer=$longer \
        'BEGIN { printf "%.3f", (0.02 + n * 0.61803 % 1 * 0.25) * longer }')"
    if ! kill -s KILL $pid 2>/dev/null; then
        wait $pid
        longer=1
        continue # it was done
    fi
    { wait $pid; } 2>/dev/null
    killed=$((killed + 1))
    if [ -e ck ]; then
        resumed=$((resumed + 1)) longer=1
        "$w2v" train -q --resume ck -t $(((n + 1) % 2 + 1))
    else
        longer=$((longer * 2))
        # shellcheck disable=SC2086
        "$w2v" train $options $keeps
    fi
    if cmp -s whole model; then same=$((same + 1)); else echo "kill $n: another model"; fi
done
left=$(ls -A | grep -v -e '^corpus.txt$' -e '^whole$' -e '^model$' -e '^ck$' -e '^ck\.tmp\.' \
    -e '^model\.tmp\.')
[ -z "$left" ] || echo "left behind: $left"
echo "$killed killed, $resumed resumed from a checkpoint, $same ended with the same bytes"
[ -z "$left" ] && [ "$killed" -ge "$times" ] && [ "$same" -eq "$killed" ] && [ "$resumed" -gt 0 ]
