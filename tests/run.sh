#!/bin/sh
# Runs test programs and scripts, each of which prints "ok NAME" or "not ok NAME" lines, shows what
# failed and ends with "N passed, N failed". A program that dies, or that prints no such line,
# counts as one failure. Scripts find the program under test in $W2V.
#
#     W2V=build/release/w2v sh tests/run.sh PROGRAM-OR-SCRIPT...
set -u
passed=0 failed=0
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
for test in "$@"; do
    case $test in
    *.sh) sh "$test" >"$log" 2>&1 ;;
    *) "$test" >"$log" 2>&1 ;;
    esac
    status=$?
    p=$(grep -c '^ok ' "$log")
    f=$(grep -c '^not ok ' "$log")
    if [ "$f" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$p" -eq 0 ]; }; then
        echo "not ok $test: exit status $status, $p tests" >>"$log"
        f=1
    fi
    passed=$((passed + p)) failed=$((failed + f))
    if [ "$f" -eq 0 ]; then
        echo "$test: $p passed"
    else
        echo "$test: $p passed, $f FAILED"
        grep -v '^ok ' "$log"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
