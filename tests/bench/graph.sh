#!/bin/sh
# Graphs: how fast walks are made, what a large graph takes, and how good vectors of graphs are whose
# nodes have labels.
#
#     make graph [GRAPHS="FILE..."] [SCORE="PROGRAM..."] [SEEDS="1 2 3"] [RULES="1,1 0.5,2 0.25,4"]
#                [THREADS=2] [TRAIN="-d 128 -w 10 -e 1"] [LARGE=1]
#
#   GRAPHS   lists of edges, walked besides one that is made: R-MAT, 2^20 nodes, 10 million edges
#   SCORE    is called as PROGRAM MODEL LABELS for each of GRAPHS that has labels beside it, in
#            NAME.labels.tsv for NAME.edg.xz or NAME.edg; what it prints is shown
#   RULES    p,q: of the walks that are timed and of those that are trained on
#   LARGE    1: also trains on a graph of 815,000 nodes and 72.6 million weighted edges with heavy
#            tails, the size of SSN200 (Liu and Krishnan 2021, PecanPy); takes some 5 GB of disk
#
# Of the steps a second the first number is by the wall clock, the second by the processors' time.
set -u
: "${W2V:=build/release/w2v}" "${BUILD:=build/release}" "${GRAPHS:=}" "${SCORE:=}"
: "${SEEDS:=1 2 3}" "${RULES:=1,1 0.5,2 0.25,4}" "${THREADS:=2}" "${LARGE:=}"
: "${TRAIN:=-d 128 -w 10 -e 1}"
for graph in $GRAPHS; do
    [ -r "$graph" ] && continue
    echo "GRAPHS names $graph, which is not a file that can be read" >&2
    exit 2
done
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM

"$BUILD/make_graph" rmat 20 10000000 >"$folder/rmat" || exit 1
echo "# walks alone, $THREADS threads"
printf 'graph\tp,q\tread s\tmillion steps\ta second\tof processors\tMB\n'
for graph in $GRAPHS "$folder/rmat"; do
    for rules in $RULES; do
        printf '%s\t%s\t' "$(basename "$graph")" "$rules"
        "$BUILD/bench_walk" "$graph" "${rules%,*}" "${rules#*,}" 2 "$THREADS" || exit 1
    done
done

echo "# trained: $TRAIN, seeds $SEEDS"
for graph in $GRAPHS; do
    name=${graph%.xz}
    labels=${name%.edg}.labels.tsv
    [ -n "$SCORE" ] && [ -r "$labels" ] || continue
    for rules in $RULES; do
        for seed in $SEEDS; do
            # shellcheck disable=SC2086
            cost=$("$BUILD/measure" "$W2V" train --graph "$graph" -o "$folder/vectors" $TRAIN \
                --p "${rules%,*}" --q "${rules#*,}" --seed "$seed" -t "$THREADS" -q) || exit 1
            # shellcheck disable=SC2086
            printf '%s\t%s\t%s\t%s\t%s\n' "$(basename "$graph")" "$rules" "$seed" "$cost" \
                "$($SCORE "$folder/vectors" "$labels")"
        done
    done
done

[ "$LARGE" = 1 ] || exit 0
"$BUILD/make_graph" tailed 815000 72600000 >"$folder/large" || exit 1
echo "# 815,000 nodes, 72.6 million weighted edges: seconds and MB"
# shellcheck disable=SC2086
"$BUILD/measure" "$W2V" train --graph "$folder/large" -o "$folder/vectors" $TRAIN -t "$THREADS" \
    --memory 2300MB
