#!/bin/sh
# The test suite under every table of kernels that this CPU runs, chosen through W2V_SIMD. A table
# that the CPU lacks is said to be skipped. Called by make check-tables with W2V, UNIT and SCRIPTS.
set -u
status=0
for table in scalar sse2 avx2 avx512 neon; do
    echo "a b c a b" | W2V_SIMD=$table "$W2V" train - -o /dev/null --min-count 1 --quiet \
        2>/dev/null || {
        echo "# $table: not on this machine"
        continue
    }
    echo "# $table"
    W2V_SIMD=$table sh tests/run.sh $UNIT $SCRIPTS || status=1
done
exit $status
