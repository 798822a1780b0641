#!/bin/sh
# Runs fuzz targets, libFuzzer's programs in $BUILD/tests, one after the other, each for
# $FUZZ_SECONDS from the seeds in the tree and from what earlier runs found in $BUILD/found/NAME.
# Crashes go to $BUILD/crashes/NAME; kept in tests/fuzz/seeds/NAME they are replayed by "make test".
# Prints a table and ends with "N passed, N failed". Called by make fuzz.
#
#     BUILD=build/fuzz FUZZ_SECONDS=60 sh tests/fuzz/run.sh [NAME...]
set -u
build=${BUILD:-build/fuzz} seconds=${FUZZ_SECONDS:-60}
passed=0 failed=0
ASAN_OPTIONS=allocator_may_return_null=1:quarantine_size_mb=16:malloc_context_size=5
UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
export ASAN_OPTIONS UBSAN_OPTIONS
[ $# -gt 0 ] || set -- $(ls tests/fuzz/fuzz_*.c | sed 's,.*/fuzz_\(.*\)\.c$,\1,')
printf '# %-16s %14s %9s %9s %9s\n' target executions 'a second' seconds findings
for name; do
    found=$build/found/$name crashes=$build/crashes/$name log=$build/$name.log
    mkdir -p "$found" "$crashes"
    "$build/tests/fuzz_$name" -max_total_time="$seconds" -timeout=25 -rss_limit_mb=2048 \
        -print_final_stats=1 -artifact_prefix="$crashes/" "$found" "tests/fuzz/seeds/$name" \
        >"$log" 2>&1
    status=$?
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    pace=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
    n=$(ls "$crashes" | wc -l)
    printf '# %-16s %14s %9s %9s %9s\n' "$name" "${runs:-?}" "${pace:-?}" "$seconds" "$n"
    if [ "$status" -eq 0 ] && [ "$n" -eq 0 ]; then
        echo "ok $name"
        passed=$((passed + 1))
    else
        echo "not ok $name: see $log and $crashes"
        failed=$((failed + 1))
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
