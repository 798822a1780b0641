#!/bin/sh
# Tests that compute, under every table of kernels that this CPU runs, chosen through W2V_SIMD, but not
# under the best, which "make test" runs. A table that the CPU lacks is said to be skipped. Called by
# make check-tables with W2V, UNIT and SCRIPTS.
set -u
status=0
usual=$(echo "a b c a b" | "$W2V" train - -o /dev/null --min-count 1 2>&1 |
    sed -n 's/^time .*(\(.*\))$/\1/p')
# Left out: what reads, counts and writes but does not compute; test_kernel, which goes over the tables
# itself; test_sound, which is long, and whose bits test_step has found equal.
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
