#!/bin/sh
# Run the conformance tests against an installed Unicode Character Database.
#
#     run.sh CONFORMANCE [UCD]
#
# UCD defaults to where Debian's package unicode-data puts it. A compressed test file is unpacked
# to a temporary directory. Without a database it says so and exits with 77 (skipped).
set -eu
program=$1
ucd=${2:-/usr/share/unicode}
if [ ! -f "$ucd/auxiliary/WordBreakTest.txt" ]; then
    echo "# skipped: no Unicode Character Database in $ucd" >&2
    exit 77
fi
unpacked=$(mktemp -d)
trap 'rm -rf "$unpacked"' EXIT
if [ -f "$ucd/NormalizationTest.txt.bz2" ]; then
    bzip2 -dc "$ucd/NormalizationTest.txt.bz2" >"$unpacked/NormalizationTest.txt"
fi
"$program" "$ucd" "$unpacked"
