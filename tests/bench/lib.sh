# shellcheck shell=sh
# What the benchmarks share; a script reads it with ". tests/bench/lib.sh". Needs $W2V, and for
# scores $EVAL, a list of question sets.

# The interpreter that has gensim, if one has: the machine's own may be another than the first one.
python=python3
"$python" -c 'import gensim' 2>/dev/null || python=/usr/bin/python3

have_gensim() {
    "$python" -c 'import gensim' 2>/dev/null
}

say_gensim() { # its version, and the BLAS library that it calls for every vector
    "$python" -c '
import os, gensim, scipy.linalg.cython_blas
mapped = {line.split()[-1] for line in open("/proc/self/maps") if "/" in line}
blas = sorted(path for path in mapped
              if "blas" in os.path.basename(path) and "cpython" not in path)
print("# gensim", gensim.__version__, "with", " ".join(blas) or "an unknown BLAS")'
}

score() { # VECTORS: a tab and the total of each question set
    for set in $EVAL; do
        restrict=
        grep -q '^:' "$set" && restrict="--restrict 30000" # as the papers' tables have it
        # shellcheck disable=SC2086
        "$W2V" eval "$1" "$set" $restrict 2>/dev/null |
            awk -F '\t' '$2 == "total" { v = $4; exit } END { printf "\t%s", v == "" ? "nan" : v }'
    done
}
