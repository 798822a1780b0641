#!/bin/sh
# Runs the tests that compute with each table of kernels that this CPU has, chosen by W2V_SIMD. The
# fastest table is left out, since "make test" uses it. A table that the CPU lacks is reported as skipped.
# Called by make check-tables with W2V, UNIT and SCRIPTS.
set -u
status=0
usual=$(echo "a b c a b" | "$W2V" train - -o /dev/null --min-count 1 2>&1 |
    sed -n 's/^time .*(\(.*\))$/\1/p')
# Left out: tests that read, count and write but do not compute; test_kernel, which tries all tables
# itself; test_sound, which is long, while test_step checks the same bits.
units='base|container|corpus|fasttext|foreign|infile|kernel|lines|number|options|phrase|sampler'
units="$units|schedule|segment|sound|tensor|textfile|tokenizer|unicode|utf8|word2vec|wordtable"
scripts='changed|compressed|files|full|library|outputs|phrases|prompt|readme|segment|signals|text|usage'
tests=$(printf '%s\n' $UNIT $SCRIPTS | grep -vE "/test_($units)\$|/($scripts)\.sh\$")
for table in scalar sse2 avx2 avx512 neon; do
    echo "a b c a b" | W2V_SIMD=$table "$W2V" train - -o /dev/null --min-count 1 --quiet \
        2>/dev/null || {
        echo "# $table: not on this machine"
        continue
    }
    if [ "$table" = "$usual" ]; then
        echo "# $table: the usual one, as in make test"
        continue
    fi
    echo "# $table"
    W2V_SIMD=$table sh tests/run.sh $tests || status=1
done
exit $status
