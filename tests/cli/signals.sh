# Signals: the exit status is that of the signal; there is no output and no temporary file; an old output
# is unchanged.
. "$(dirname "$0")/lib.sh"

corpus 3000 >corpus.txt
echo old >kept

# The run is so long that the signal always comes before its end.
long() { # SIGNALS, options
    long_signals=$1
    shift
    signalled "$long_signals" "$w2v" train corpus.txt -d 50 -e 100000 --progress json "$@"
}

# A signal that the parent ignores stays ignored, so INT is tried only where it can arrive.
for pair in INT:130 TERM:143 HUP:129 USR2:140 XCPU:152 QUIT:131; do
    signal=${pair%:*}
    sh -c "ulimit -c 0; kill -s $signal \$\$" 2>"$log/held"
    if [ $? -ne "${pair#*:}" ]; then
        skipped "$signal" 'ignored by the parent, or of another number here'
        continue
    fi
    long "$signal" -o kept --memory 13M --save-vocab vocab.tsv
    got=$?
    holds "$signal: status ${pair#*:}" test "$got" -eq "${pair#*:}"
    holds "$signal: nothing said" sh -c "! grep -q '^w2v' '$log/err'"
    holds "$signal: the old output is as it was" grep -q '^old$' kept
    rm -f vocab.tsv # written before training, and whole
    only "$signal: nothing is left" corpus.txt kept
done

long TERM -o new
holds 'TERM, new output: status 143' test $? -eq 143
only 'TERM: no new output' corpus.txt kept

# A signal that the parent ignored is ignored, as nohup needs it.
(
    trap '' HUP
    gap=2
    long 'HUP TERM' -o new
)
holds 'ignored HUP: TERM ends it' test $? -eq 143

# With endless text one signal also ends tokenize and vocab.
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

# One signal ends w2v while it waits: for input, or for someone to open the other end of a pipe that is
# its input or output. On one thread, since ThreadSanitizer delays the signals of a thread that waits for
# another thread.
begin() { # INPUT, arguments: runs w2v, its process in $log/pid
    begin_in=$1
    shift
    : >"$log/pid"
    sh -c 'echo $$ >"$0/pid"; exec "$@"' "$log" "$w2v" "$@" <"$begin_in" 2>"$log/err" &
}

ended() { # NAME STATUS: the process that was begun ends with it; a slow machine is no failure
    waited=0
    while kill -s 0 "$(cat "$log/pid")" 2>"$log/held" && [ "$waited" -lt 60 ]; do
        [ "$(ps -o stat= -p "$(cat "$log/pid")" 2>/dev/null | cut -c 1)" = Z ] && break
        sleep 1
        waited=$((waited + 1))
    done
    kill -s KILL "$(cat "$log/pid")" 2>"$log/held" # gone already, if all is well
    wait $!
    holds "$1" test $? -eq "$2"
}

mkfifo silent unopened
"$w2v" train corpus.txt -q -d 4 -e 1 -o kept.bin
for line in 'train - -q -o new' 'vocab - -q -o new' 'phrases - -q -o new --save new2' \
    'tokenize - -q -o new' 'neighbors kept.bin' 'train corpus.txt -q -o new --vocab /dev/stdin' \
    'tokenize unopened -o new' 'vocab corpus.txt -o unopened' 'neighbors unopened w1'; do
    # shellcheck disable=SC2086
    begin silent $line --threads 1
    exec 3>silent
    sleep 1
    kill -s TERM "$(cat "$log/pid")"
    ended "$line: ended by the first signal" 143
    exec 3>&-
done
begin silent train - -o new --checkpoint new.ck --threads 1
exec 3>silent
sleep 1
kill -s TERM "$(cat "$log/pid")"
ended 'before training, with --checkpoint: ended by the first signal' 143
exec 3>&-
holds 'before training: it says that there is no checkpoint' \
    grep -q '^w2v: stopped before training began, so there is nothing to save$' "$log/err"
rm silent unopened
only 'silent input: nothing is left' corpus.txt kept kept.bin

# If a run saves its state, the first signal makes it do so. The second ends it at once, also without a
# temporary file. This run writes checkpoints all the time.
yes 'some words of a text that takes long' | head -n 100000 >many.txt
saving='train many.txt -o new -d 200 -w 20 -e 1000 --min-count 1 -s 0 --progress json
    --checkpoint ck --checkpoint-every 1w'
for pair in TERM:143 USR2:140; do
    signal=${pair%:*}
    : >"$log/err"
    begin /dev/null $saving
    tries=0
    while [ $tries -lt 60 ] && ! grep -q '"train"' "$log/err"; do
        sleep 1
        tries=$((tries + 1))
    done
    for time in 1 2 3; do kill -s "$signal" "$(cat "$log/pid")" 2>"$log/held"; done
    ended "two $signal at once end it" "${pair#*:}"
    rm -f ck
    only "two $signal: nothing is left" corpus.txt kept kept.bin many.txt
done

# SIGQUIT ends it at once even so. Background jobs of a shell ignore it.
sh -c "ulimit -c 0; kill -s QUIT \$\$" 2>"$log/held"
if [ $? -eq 131 ]; then
    ulimit -c 0
    signalled QUIT "$w2v" $saving
    holds 'QUIT with --checkpoint: status 131' test $? -eq 131
    rm -f ck
    only 'QUIT with --checkpoint: nothing is left' corpus.txt kept kept.bin many.txt
else
    skipped 'QUIT with --checkpoint' 'ignored by the parent'
fi
finish
