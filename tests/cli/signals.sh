# Signals: the exit status is the signal's, no output, no temporary file, an old output untouched.
. "$(dirname "$0")/lib.sh"

corpus 3000 >corpus.txt
echo old >kept

# The whole is long enough that the signal always comes before its end.
long() {
    sh -c 'echo $$ >"$0/pid"; exec "$@"' "$log" "$w2v" train corpus.txt -d 50 -e 100000 \
        --progress json "$@" 2>"$log/err"
}

# send SIGNAL...: one after the other, two seconds between, once training has begun. What still runs
# long after is ended for good, so that a fault does not make an endless test.
send() {
    tries=0
    while [ $tries -lt 60 ] && ! grep -q '"train"' "$log/err" 2>"$log/sent"; do
        sleep 1
        tries=$((tries + 1))
    done
    kill -s "$1" "$(cat "$log/pid")"
    shift
    for signal_sent; do
        sleep 2
        kill -s "$signal_sent" "$(cat "$log/pid")"
    done
    tries=0
    while kill -s 0 "$(cat "$log/pid")" 2>"$log/sent"; do
        [ $tries -lt 20 ] || kill -s KILL "$(cat "$log/pid")"
        sleep 1
        tries=$((tries + 1))
    done
}

# A signal that the parent ignores stays ignored, so INT is tried only where it can arrive.
for pair in INT:130 TERM:143 HUP:129; do
    signal=${pair%:*}
    sh -c "kill -s $signal \$\$" 2>"$log/held"
    if [ $? -ne "${pair#*:}" ]; then
        skipped "$signal" 'ignored by the parent'
        continue
    fi
    : >"$log/err"
    send "$signal" &
    long -o kept --memory 13M --save-vocab vocab.tsv
    got=$?
    wait
    holds "$signal: status ${pair#*:}" test "$got" -eq "${pair#*:}"
    holds "$signal: nothing said" sh -c "! grep -q '^w2v' '$log/err'"
    holds "$signal: the old output is as it was" grep -q '^old$' kept
    rm -f vocab.tsv # written before training, and whole
    only "$signal: nothing is left" corpus.txt kept
done

: >"$log/err"
send TERM &
long -o new
holds 'TERM, new output: status 143' test $? -eq 143
wait
only 'TERM: no new output' corpus.txt kept

# An ignored signal is not heeded: what nohup is for.
: >"$log/err"
send HUP TERM &
(
    trap '' HUP
    long -o new
)
holds 'ignored HUP: TERM ends it' test $? -eq 143
wait

# Endless text: one signal is enough for tokenize and vocab too.
for subcommand in tokenize vocab; do
    yes 'some words of an endless text' |
        sh -c 'echo $$ >"$0/pid"; exec "$@"' "$log" "$w2v" $subcommand - -q -o new &
    sleep 2
    kill -s TERM "$(cat "$log/pid")"
    tries=0
    while kill -s 0 "$(cat "$log/pid")" 2>"$log/sent" && [ $tries -lt 10 ]; do
        sleep 1
        tries=$((tries + 1))
    done
    holds "$subcommand: ended by one signal" test $tries -lt 10
    kill -s KILL "$(cat "$log/pid")" 2>"$log/sent" # gone already, if all is well
    wait
    only "$subcommand: nothing is left" corpus.txt kept
done

# Standard input that stays silent: a signal ends it, for there is nothing yet to be lost. On one
# thread: ThreadSanitizer holds signals back from one that waits for another to read.
mkfifo silent
sh -c 'echo $$ >"$0/pid"; exec "$@"' "$log" "$w2v" train - -q -o new --threads 1 <silent &
exec 3>silent
sleep 1
kill -s TERM "$(cat "$log/pid")"
waited=0 # a slow machine is no failure
while kill -s 0 "$(cat "$log/pid")" 2>"$log/held" && [ "$waited" -lt 60 ]; do
    [ "$(ps -o stat= -p "$(cat "$log/pid")" 2>/dev/null | cut -c 1)" = Z ] && break
    sleep 1
    waited=$((waited + 1))
done
kill -s KILL "$(cat "$log/pid")" 2>"$log/held" # gone already, if all is well
wait $!
holds 'silent input: ended by the first signal' test $? -eq 143
exec 3>&-
rm silent
only 'silent input: nothing is left' corpus.txt kept
finish
