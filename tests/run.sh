#!/bin/sh
# Runs test programs and scripts, which print "ok NAME" and "not ok NAME" lines. Shows what failed and
# ends with "N passed, N failed". $JOBS run at the same time. By default that is one more than there
# are cores, since some tests mostly wait. A program that dies, or that prints no such line, counts as
# one failure. Scripts find the program under test in $W2V. With THREADED=yes test programs without
# threads are skipped, for a tool that finds only races.
#
#     W2V=build/release/w2v sh tests/run.sh PROGRAM-OR-SCRIPT...
set -u

# Runs one of them: prints its report at once and writes its counts to COUNTS.
if [ "${1-}" = --one ]; then # COUNTS PROGRAM-OR-SCRIPT
    test=$3 began=$(date +%s) log=$(mktemp) || exit 1
    trap 'rm -f "$log"' EXIT
    case $test in
    *.sh) sh "$test" >"$log" 2>&1 ;;
    *)
        if [ -n "${THREADED-}" ] && nm "$test" >"$log" 2>&1 && ! grep -q pthread_create "$log"; then
            echo "ok $test # skipped: starts no thread" >"$log"
        else
            "$test" >"$log" 2>&1
        fi
        ;;
    esac
    status=$?
    p=$(grep -c '^ok ' "$log")
    f=$(grep -c '^not ok ' "$log")
    if [ "$f" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$p" -eq 0 ]; }; then
        echo "not ok $test: exit status $status, $p tests" >>"$log"
        f=1
    fi
    echo "$p $f" >>"$2"
    if [ "$f" -eq 0 ]; then
        echo "$test: $p passed, $(($(date +%s) - began)) s"
    else
        printf '%s: %s passed, %s FAILED\n%s\n' "$test" "$p" "$f" "$(grep -v '^ok ' "$log")"
    fi
    exit 0
fi

jobs=${JOBS:-$(($(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1) + 1))}
counts=$(mktemp) || exit 1
trap 'rm -f "$counts"' EXIT
at_once=
[ "$jobs" -gt 1 ] && at_once="-P $jobs"
# shellcheck disable=SC2086
printf '%s\n' "$@" | xargs $at_once -n 1 sh "$0" --one "$counts"
awk -v wanted=$# '{ p += $1; f += $2 } END {
    if (NR < wanted) f += wanted - NR # those that did not even begin
    printf "%d passed, %d failed\n", p, f
    exit !(f == 0 && p > 0)
}' "$counts"
