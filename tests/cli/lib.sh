# What the tests of the command line share. Each is a script of its own:
#
#     W2V=build/release/w2v sh tests/cli/NAME.sh
#
# It prints "ok NAME" or "not ok NAME" for each test, and the difference on standard error. It works in a
# folder of its own under $TMPDIR, which it removes. It exits with 0 if all tests passed.

set -u
LC_ALL=C
export LC_ALL
w2v=${W2V:-build/release/w2v}
case $w2v in
/*) ;;
*) w2v=$PWD/$w2v ;;
esac
if [ ! -x "$w2v" ]; then
    echo "not ok $0: no program at $w2v"
    exit 1
fi

folder=$(mktemp -d "${TMPDIR:-/tmp}/w2v-cli.XXXXXX") || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
mkdir "$folder/here" "$folder/log" "$folder/spare"
TMPDIR=$folder/spare # what the program puts there is seen
export TMPDIR
cd "$folder/here" || exit 1
log=$folder/log
n_failed=0
n_run=0
tab=$(printf '\t')

# Not empty if the program is many times slower than usual; tests should then train on less.
case ${BUILD-}:${W2V_SIMD-} in
*/asan:* | */clang:* | */tsan:* | *:scalar | *:sse2) slow=yes ;;
*) slow= ;;
esac

passed() {
    n_run=$((n_run + 1))
    echo "ok $1"
}

failed() { # NAME, what is said of it
    n_run=$((n_run + 1))
    n_failed=$((n_failed + 1))
    echo "not ok $1"
    echo "  $1: $2" >&2
}

skipped() { # NAME, why
    echo "ok $1 # skipped: $2"
}

# check NAME STATUS [-o TEXT | -O FILE] [-e PATTERN] [-i FILE] -- COMMAND...
# The command must end with STATUS. Its standard output must be TEXT and a newline (or nothing, if TEXT is
# empty), or the content of FILE with -O. A line of its standard error must match the basic regular
# expression PATTERN; with an empty PATTERN there must be none. -i gives standard input. The output stays
# in $log/out and $log/err.
check() {
    check_name=$1 check_status=$2 check_fault=
    shift 2
    check_in=/dev/null check_out= check_err=
    while [ "$1" != -- ]; do
        case $1 in
        -o)
            check_out=$log/want
            if [ -n "$2" ]; then printf '%s\n' "$2" >"$check_out"; else : >"$check_out"; fi
            ;;
        -O) check_out=$2 ;;
        -e) check_err=${2:-none} ;;
        -i) check_in=$2 ;;
        esac
        shift 2
    done
    shift
    "$@" <"$check_in" >"$log/out" 2>"$log/err"
    check_got=$?
    if [ "$check_got" -ne "$check_status" ]; then
        check_fault="exit status $check_got, not $check_status: $(head -n 3 "$log/err")"
    elif [ -n "$check_out" ] && ! cmp -s "$check_out" "$log/out"; then
        check_fault="standard output differs: $(diff "$check_out" "$log/out" | head -n 6)"
    elif [ "$check_err" = none ] && [ -s "$log/err" ]; then
        check_fault="something on standard error: $(head -n 3 "$log/err")"
    elif [ -n "$check_err" ] && [ "$check_err" != none ] &&
        ! grep -q -e "$check_err" "$log/err"; then
        check_fault="standard error lacks '$check_err': $(head -n 3 "$log/err")"
    fi
    if [ -n "$check_fault" ]; then failed "$check_name" "$check_fault"; else passed "$check_name"; fi
}

# holds NAME COMMAND...: the command must succeed.
holds() {
    holds_name=$1
    shift
    if "$@" >"$log/held" 2>&1; then
        passed "$holds_name"
    else
        failed "$holds_name" "does not hold: $* $(head -n 3 "$log/held")"
    fi
}

# only NAME FILE...: the working folder must have these files and no others, and $TMPDIR none.
only() {
    only_name=$1
    shift
    printf '%s\n' "$@" | sort >"$log/want"
    ls -A . "$folder/spare" | sed "/^$/d; /:\$/d" | sort >"$log/have"
    if cmp -s "$log/want" "$log/have"; then
        passed "$only_name"
    else
        failed "$only_name" "files are $(tr '\n' ' ' <"$log/have")"
    fi
}

# signalled SIGNALS COMMAND...: runs a training with --progress json, sends it the signals once training
# has begun, and returns its status. Between two signals it waits $gap seconds. A run that has not ended
# long after is killed, so that a fault does not make an endless test. $log/err has the standard error.
signalled() {
    : >"$log/err" # before the first look at it: an older run's would do
    send_signals "$1" &
    shift
    sh -c 'echo $$ >"$0/pid"; exec "$@"' "$log" "$@" 2>"$log/err"
    signalled_status=$?
    wait
    return $signalled_status
}

send_signals() { # SIGNALS, separated by blanks
    tries=0
    while [ $tries -lt 3000 ] && ! grep -q '"train"' "$log/err"; do
        sleep 0.02
        tries=$((tries + 1))
    done
    pause=0
    for signal_sent in $1; do
        sleep $pause
        kill -s "$signal_sent" "$(cat "$log/pid")" 2>"$log/sent"
        pause=${gap:-0}
    done
    tries=0
    while kill -s 0 "$(cat "$log/pid")" 2>"$log/sent"; do
        [ $tries -lt 200 ] || kill -s KILL "$(cat "$log/pid")"
        sleep 0.1
        tries=$((tries + 1))
    done
}

# everywhere FILE COMMAND...: a training must write the same FILE with any number of threads, and with any
# table of kernels whose bits are those of scalar. The command gets -o and -t. The program uses no more
# threads than there are cores; tests/unit/test_trainer.c tries more.
everywhere() {
    everywhere_file=$1
    shift
    check "$everywhere_file: one thread" 0 -e '' -- "$@" -o "$everywhere_file" -t 1
    for everywhere_threads in 2 8 64; do
        check "$everywhere_file: $everywhere_threads threads" 0 -- "$@" -o again -t $everywhere_threads
        holds "$everywhere_file: $everywhere_threads threads, the same file" cmp "$everywhere_file" again
    done
    check "$everywhere_file: scalar" 0 -- env W2V_SIMD=scalar "$@" -o scalar -t 2
    for everywhere_table in avx2 avx512 neon; do
        if W2V_SIMD=$everywhere_table "$@" -o again -t 2 2>"$log/held"; then
            holds "$everywhere_file: $everywhere_table, the same file as scalar" cmp scalar again
        else
            skipped "$everywhere_file: $everywhere_table" "$(cat "$log/held")"
        fi
    done
    rm -f again scalar
}

# continued THREADS COMMAND...: a training on two threads is stopped by a signal, and goes on from its
# checkpoint on so many threads. It must write the file that it writes when it is not stopped. The command
# gets -o, -t and -e, with epochs for half a second or so, and --checkpoint.
continued() {
    continued_threads=$1
    shift
    if [ -n "$slow" ]; then set -- "$@" -e 12; else set -- "$@" -e 60; fi
    check "$continued_threads threads: not stopped" 0 -- "$@" -q -o whole -t 1
    signalled TERM "$@" --progress json -o part -t 2 --checkpoint ck
    holds "$continued_threads threads: stopped" test $? -eq 143
    check "$continued_threads threads: resumed" 0 -e '' -- "$w2v" train -q --resume ck \
        -t "$continued_threads"
    holds "$continued_threads threads: the same file" cmp whole part
    rm -f ck whole part
}

# corpus LINES: prints so many lines of words drawn by a rough Zipf law, always the same.
corpus() {
    awk -v lines="$1" 'BEGIN {
        seed = 12345
        for (i = 0; i < lines; i++) {
            line = ""
            for (j = 0; j < 12; j++) {
                seed = (seed * 16807) % 2147483647
                line = line (j ? " " : "") "w" int(200 * (seed / 2147483647) ^ 3)
            }
            print line
        }
    }'
}

# The last line of a script.
finish() {
    [ "$n_run" -gt 0 ] && [ "$n_failed" -eq 0 ]
    exit
}
