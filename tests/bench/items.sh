#!/bin/sh
# Sessions and baskets: is the next item found, and do items that belong together come together?
# Made data whose structure is known (make_items.c), with w2v and with gensim: one table.
#
#     make items [CELLS="KIND,ITEMS,LINES,LENGTH,EXPONENT..."] [SEEDS="1 2"] [PEER_SEEDS=1]
#                [THREADS=1] [OPTIONS="..."]
#
#   CELLS    sessions or baskets, the catalogue, how many lines, how long they are on average, and the
#            exponent of the popularity
#   OPTIONS  more options for w2v
#
#   hit rate   of the lines' last items, which training did not see: how many are among the ten
#              nearest of the item before. `bound` is the best that is possible
#   purity     of the ten nearest of these items, how many are of their group
#
# w2v is run with --for items, for baskets with --whole-line as well; gensim with those settings, as
# the training record has them, and with its defaults.
set -u
: "${W2V:=build/release/w2v}" "${BUILD:=build/release}" "${SEEDS:=1}" "${PEER_SEEDS:=1}"
: "${THREADS:=1}" "${OPTIONS:=}" "${CELLS:=sessions,100,4000,6,1 sessions,1000,20000,8,1
    sessions,10000,60000,6,0.8 sessions,50000,200000,8,1 baskets,100,3000,5,1 baskets,1000,20000,6,1
    baskets,10000,40000,12,1 baskets,50000,200000,8,1}"
. tests/bench/lib.sh
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
vectors=$folder/vectors

points() { # the hit rate, a tab, the purity
    head -n 5000 "$folder/test" | cut -f 1 | sort -u >"$folder/asked"
    "$W2V" neighbors "$vectors" -k 10 --oov skip <"$folder/asked" >"$folder/near" 2>"$folder/log"
    awk -F '\t' '
        FILENAME == ARGV[1] { group[$1] = $2; next }
        FILENAME == ARGV[2] { near[$1, $2] = 1; n++; same += group[$1] == group[$2]; next }
        FNR <= 5000 { tests++; hits += ($1, $2) in near }
        END { printf "%.4f\t%.4f", hits / tests, n ? same / n : 0 }' \
        "$folder/groups" "$folder/near" "$folder/test"
}

of() { # KEY: what the training record of w2v's last model has
    "$W2V" info "$folder/ours" | awk -F '\t' -v key="$1" '$1 == key { print $2 }'
}

run() { # WHAT SEEDS COMMAND...: a row, its points and seconds the means of the seeds
    what=$1 seeds=$2
    shift 2
    for seed in $seeds; do
        cost=$("$BUILD/measure" "$@" "$seed" 2>"$folder/log") || {
            echo "# $what failed: $(tail -n 1 "$folder/log")" >&2
            return
        }
        printf '%s\t%s\n' "$(points)" "${cost% *}"
    done | awk -v cell="$cell" -v what="$what" -v bound="$bound" '
        { hits += $1; purity += $2; seconds += $3 }
        END { if (NR) printf "%s\t%s\t%s\t%.4f\t%.4f\t%.1f\n", cell, bound, what, hits / NR,
            purity / NR, seconds / NR }'
}

have_gensim && say_gensim
printf 'data\tbound\ttool\thit rate\tpurity\tseconds\n'
for cell in $CELLS; do
    set -- $(echo "$cell" | tr ',' ' ')
    bound=$("$BUILD/make_items" "$@" 1 "$folder") || exit 1
    whole=
    [ "$1" = baskets ] && whole=--whole-line
    # shellcheck disable=SC2086
    run w2v "$SEEDS" "$W2V" train "$folder/train" -o "$vectors" --for items $whole $OPTIONS \
        -t "$THREADS" -q --seed
    have_gensim || continue
    mv "$vectors" "$folder/ours"
    window=$(of window) fixed=
    [ -n "$whole" ] && window=50 fixed=shrink_windows=False # all of any line
    # shellcheck disable=SC2086
    run 'gensim, the same' "$PEER_SEEDS" "$python" tests/bench/gensim_items.py "$folder/train" \
        "$vectors" "$THREADS" sg=1 window="$window" $fixed negative="$(of negative)" sample="$(of sample)" \
        ns_exponent="$(of ns_exponent)" epochs="$(of epochs)" min_count="$(of min_count)"
    run 'gensim, its defaults' "$PEER_SEEDS" "$python" tests/bench/gensim_items.py \
        "$folder/train" "$vectors" "$THREADS"
done
