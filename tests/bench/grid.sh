#!/bin/sh
# Does every combination of options train, and as well as with gensim? Skip-gram and CBOW over
# windows, negatives and samples, with w2v and with gensim: one table, then where w2v falls short.
#
#     make grid CORPUS=FILE [EVAL="FILE..."] [RESULTS=FILE] [SEEDS="1 2 3"] [PEER_SEEDS=1]
#               [WORKERS=1] [THREADS=1] [DIM=100] [EPOCHS=5] [MODELS="sg cbow"]
#               [CELLS="WINDOW,NEGATIVE,SAMPLE..."]
#
#   CORPUS   tokenized text, a paragraph a line, blanks between the tokens
#   EVAL     question sets; w2v eval scores everybody's vectors
#   RESULTS  keeps a line for each run, and a run whose line is there is not done again. So an
#            interrupted grid goes on where it stopped. A line names the program, corpus, sets
#            and options that it is of: a new build of w2v is trained, and gensim is not again.
#   WORKERS  gensim's threads; THREADS are w2v's (as many unless given)
#   CELLS    unless given, 20 cells in which each pair of a window (2 5 10 20 50), a sample
#            (0 1e-3 1e-4 1e-5) and a negative (1 5 15) occurs, and the defaults
#
# A row has the means of the seeds that trained, and their standard errors (- for one seed). A
# score of w2v is below gensim's where it is lower by more than the standard error of the
# difference, to which one seed adds nothing. A gensim that is not installed is left out, and said
# to be. The whole grid takes hours.
set -u
: "${W2V:=build/release/w2v}" "${BUILD:=build/release}"
: "${CORPUS:=}" "${EVAL:=}" "${RESULTS:=}" "${SEEDS:=1 2 3}" "${PEER_SEEDS:=1}" "${WORKERS:=1}"
: "${THREADS:=$WORKERS}" "${DIM:=100}" "${EPOCHS:=5}" "${MODELS:=sg cbow}" "${CELLS:=}"
if [ ! -r "$CORPUS" ]; then
    sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
    echo "CORPUS=$CORPUS is not a file that can be read" >&2
    exit 2
fi
for set in $EVAL; do
    [ -r "$set" ] && continue
    echo "EVAL names $set, which is not a file that can be read" >&2
    exit 2
done
. tests/bench/lib.sh
tools=w2v
if have_gensim; then
    tools="w2v gensim"
    say_gensim
    gensim_version=$("$python" -c 'import gensim; print(gensim.__version__)')
else
    echo "# gensim is not installed: left out"
fi
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
: "${RESULTS:=$folder/results}"
: >>"$RESULTS" || exit 1

# The negative is the (i + j) mod 3-rd for the i-th window and the j-th sample: a small table in
# which all pairs occur.
[ -n "$CELLS" ] || CELLS="$(awk 'BEGIN {
    split("2 5 10 20 50", window); split("0 1e-3 1e-4 1e-5", sample); split("1 5 15", negative)
    for (i = 0; i < 5; i++) for (j = 0; j < 4; j++)
        print window[i + 1] "," negative[(i + j) % 3 + 1] "," sample[j + 1] }') 5,5,1e-4"

sum() { # FILE...: stands for what is in them
    cat "$@" | cksum | cut -d ' ' -f 1
}
program=$(sum "$W2V")
corpus=$(sum "$CORPUS")
# shellcheck disable=SC2086
sets=$(sum /dev/null $EVAL)

train() { # TOOL MODEL WINDOW NEGATIVE SAMPLE SEED: prints "SECONDS MEGABYTES", leaves $vectors
    rm -f "$vectors"
    case $1 in
    w2v)
        "$BUILD/measure" "$W2V" train "$CORPUS" -o "$vectors" -m "$2" -d "$DIM" -e "$EPOCHS" \
            -w "$3" -n "$4" --sample "$5" -t "$THREADS" --seed "$6" --tokenizer whitespace --quiet
        ;;
    gensim)
        "$BUILD/measure" "$python" tests/bench/gensim_train.py "$CORPUS" "$vectors" "$2" "$DIM" \
            "$EPOCHS" "$WORKERS" "$6" "$3" "$4" "$5"
        ;;
    esac
}

# A line of $RESULTS: the key, then "yes", the seconds and the scores; or what a failed run said.
key() { # TOOL MODEL WINDOW NEGATIVE SAMPLE SEED: what the line begins with
    case $1 in
    w2v) version=$program threads=$THREADS ;;
    gensim) version=$gensim_version threads=$WORKERS ;;
    esac
    printf '%s\t' "$1" "$version" "$corpus" "$sets" "$DIM" "$EPOCHS" "$threads" "$2" "$3" "$4" \
        "$5" "$6"
}

line() { # KEY: the line of $RESULTS, if there is one
    KEY=$1 awk 'index($0, ENVIRON["KEY"]) == 1 { found = $0 } END { if (found) print found }' \
        "$RESULTS"
}

# Not every trainer looks at its vectors: w2v convert refuses those that are not finite. A run that
# was killed together with measure is no result, so it leaves no line.
vectors=$folder/vectors
run() { # TOOL MODEL WINDOW NEGATIVE SAMPLE SEED: appends the line
    if cost=$(train "$@" 2>"$folder/log") &&
        "$W2V" convert "$vectors" "$folder/copy.bin" --quiet 2>"$folder/log"; then
        rest=$(printf 'yes\t%s%s' "${cost% *}" "$(score "$vectors")")
    else
        [ -n "$cost" ] || {
            echo "# $* was killed; the same command goes on there" >&2
            exit 1
        }
        rest=$(tail -n 1 "$folder/log" | tr '\t' ' ')
        [ -n "$rest" ] || rest="failed, and said nothing"
    fi
    printf '%s%s\n' "$(key "$@")" "$rest" >>"$RESULTS"
}

row() { # TOOL MODEL WINDOW NEGATIVE SAMPLE, lines of its seeds on standard input
    printf '%s\t' "$2" "$3" "$4" "$5" "$1"
    # shellcheck disable=SC2086
    awk -F '\t' -v sets="$(set -- $EVAL && echo $#)" '
        $13 != "yes" { failed++; said = $13; next }
        { n++; seconds += $14
            for (i = 1; i <= sets; i++) {
                v[n, i] = $(14 + i); sum[i] += v[n, i]; if (v[n, i] ~ /nan/) nan[i] = 1 } }
        END {
            printf "%s", failed ? "no, " failed " of " n + failed ": " said : "yes"
            for (i = 1; i <= sets; i++) {
                if (n == 0 || nan[i]) { printf "\tnan\t-"; continue }
                mean = sum[i] / n; square = 0; se = "-"
                for (k = 1; k <= n; k++) square += (v[k, i] - mean) ^ 2
                if (n > 1) se = sprintf("%.4f", sqrt(square / (n - 1) / n))
                printf "\t%.4f\t%s", mean, se }
            printf "\t%s\n", n ? sprintf("%.1f", seconds / n) : "-" }'
}

echo "# $CORPUS, dim $DIM, $EPOCHS epochs; w2v: $THREADS threads, seeds $SEEDS;" \
    "gensim: $WORKERS threads, seeds $PEER_SEEDS"
{
    printf 'model\twindow\tnegative\tsample\ttool\tfinite'
    for set in $EVAL; do printf '\t%s\tse' "$(basename "$set")"; done
    printf '\tseconds\n'
} | tee "$folder/table"
for model in $MODELS; do
    for cell in $CELLS; do
        window=${cell%%,*} sample=${cell##*,} negative=${cell#*,}
        set -- "$model" "$window" "${negative%,*}" "$sample"
        for tool in $tools; do
            seeds=$SEEDS
            [ "$tool" = gensim ] && seeds=$PEER_SEEDS
            : >"$folder/cell"
            for seed in $seeds; do
                key=$(key "$tool" "$@" "$seed")
                [ -n "$(line "$key")" ] || run "$tool" "$@" "$seed"
                line "$key" >>"$folder/cell"
            done
            row "$tool" "$@" <"$folder/cell" | tee -a "$folder/table"
        done
    done
done

awk -F '\t' '
    NR == 1 { for (i = 7; i < NF; i += 2) name[i] = $i; next }
    { cell = $1 " " $2 " " $3 " " $4 }
    $5 == "w2v" { cells++; if ($6 != "yes") failed++; for (i = 7; i <= NF; i++) ours[i] = $i }
    $5 == "gensim" && $6 == "yes" {
        bad = 0; compared++
        for (i = 7; i < NF; i += 2) {
            if ($i == "nan") continue
            slack = sqrt(ours[i + 1] ^ 2 + $(i + 1) ^ 2)
            if (ours[i] != "nan" && ours[i] + slack >= $i + 0) continue
            bad = 1
            printf "# below: %s: %s %s, %s %s\n", cell, name[i], ours[i], $5, $i }
        below += bad }
    END { printf "# %d cells: w2v failed in %d; of %d that gensim trained, a score lies more than " \
        "one standard error below in %d\n", cells, failed, compared, below }' "$folder/table"
