#!/bin/sh
# Speed, memory and accuracy beside other trainers: the same text, the same hyper-parameters, in
# turn, several rounds. Prints each run, then medians and ratios, then the kernels' own speed.
#
#     make bench CORPUS=FILE [EVAL="FILE..."] [ROUNDS=3] [THREADS=2] [DIM=100] [EPOCHS=5]
#                [MODELS="sg cbow"] [PEERS="gensim fasttext"]
#
#   CORPUS   tokenized text, a paragraph a line, blanks between the tokens: all the tools here can
#            split at white space
#   EVAL     question sets; w2v eval scores everybody's vectors
#
# Needs, for the peers, what Debian calls fasttext, python3-gensim and libopenblas0. Without the last,
# gensim calls the reference BLAS and takes 1.4 to 1.8 times as long. A peer that is not installed is
# left out, and said to be. Nothing else should run on the machine meanwhile.
set -u
: "${W2V:=build/release/w2v}" "${BUILD:=build/release}"
: "${CORPUS:=}" "${EVAL:=}" "${ROUNDS:=3}" "${THREADS:=2}" "${DIM:=100}" "${EPOCHS:=5}"
: "${MODELS:=sg cbow}" "${PEERS:=gensim fasttext}"
if [ ! -r "$CORPUS" ]; then
    sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
    echo "CORPUS=$CORPUS is not a file that can be read" >&2
    exit 2
fi
. tests/bench/lib.sh
tools=w2v
for peer in $PEERS; do
    case $peer in
    gensim) have_gensim && tools="$tools gensim" && { say_gensim; continue; } ;;
    fasttext) command -v fasttext >/dev/null && tools="$tools fasttext" && continue ;;
    esac
    echo "# $peer is not installed: left out"
done
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM

vectors=$folder/vectors
train() { # TOOL MODEL SEED: prints "SECONDS MEGABYTES", leaves $vectors
    rm -f "$vectors"
    case $1 in
    w2v)
        "$BUILD/measure" "$W2V" train "$CORPUS" -o "$vectors" -m "$2" -d "$DIM" -e "$EPOCHS" \
            -t "$THREADS" --seed "$3" --tokenizer whitespace --quiet
        ;;
    gensim)
        "$BUILD/measure" "$python" tests/bench/gensim_train.py "$CORPUS" "$vectors" "$2" "$DIM" \
            "$EPOCHS" "$THREADS" "$3"
        ;;
    fasttext)
        name=skipgram lr=0.025
        [ "$2" = cbow ] && name=cbow lr=0.05
        "$BUILD/measure" fasttext "$name" -input "$CORPUS" -output "$vectors" -dim "$DIM" \
            -epoch "$EPOCHS" -thread "$THREADS" -ws 5 -neg 5 -t 1e-4 -minCount 5 -minn 0 -maxn 0 \
            -lr "$lr" -seed "$3" -verbose 0 || return
        mv "$vectors.vec" "$vectors"
        ;;
    esac
}

echo "# $CORPUS, dim $DIM, $EPOCHS epochs, $THREADS threads"
printf 'tool\tmodel\tround\tseconds\tMB'
for set in $EVAL; do printf '\t%s' "$(basename "$set")"; done
echo
: >"$folder/results"
round=1
while [ "$round" -le "$ROUNDS" ]; do
    for model in $MODELS; do
        for tool in $tools; do
            cost=$(train "$tool" "$model" "$round" 2>"$folder/log") || {
                echo "# $tool $model failed:"
                tail -n 3 "$folder/log"
                continue
            }
            printf '%s\t%s\t%s\t%s%s\n' "$tool" "$model" "$round" \
                "$(echo "$cost" | tr ' ' '\t')" "$(score "$vectors")" | tee -a "$folder/results"
        done
    done
    round=$((round + 1))
done

echo "# medians over the rounds (accuracy: means), and how many times w2v's time"
for model in $MODELS; do
    for tool in $tools; do
        seconds=$(awk -F '\t' -v t="$tool" -v m="$model" '$1 == t && $2 == m { print $4 }' \
            "$folder/results" | sort -n | awk '{ a[NR] = $1 }
            END { print (a[int((NR + 1) / 2)] + a[int(NR / 2) + 1]) / 2 }')
        [ "$tool" = w2v ] && ours=$seconds
        awk -F '\t' -v t="$tool" -v m="$model" -v s="$seconds" -v o="$ours" '
            $1 == t && $2 == m { n++; if ($5 > mb) mb = $5; f = NF
                for (i = 6; i <= NF; i++) sum[i] += $i }
            END { if (n == 0) exit
                printf "%s\t%s\t%.2f s\t%.1f x\t%.0f MB", t, m, s, s / o, mb
                for (i = 6; i <= f; i++) printf "\t%.4f", sum[i] / n
                print "" }' "$folder/results"
    done
done

echo "# text: MB/s of w2v vocab on $THREADS threads"
for tokenizer in whitespace words chars; do
    cost=$("$BUILD/measure" "$W2V" vocab "$CORPUS" -o "$folder/vocab" --tokenizer "$tokenizer" \
        -t "$THREADS" 2>/dev/null) &&
        echo "$tokenizer	$(wc -c <"$CORPUS" | awk -v c="$cost" \
            '{ split(c, a, " "); printf "%.0f", $1 / 1e6 / a[1] }')"
done
echo "# training, one thread: table, model, ns a centre of the 10th, 25th and 50th of 100 rounds"
"$BUILD/bench_train" "$CORPUS"
"$BUILD/bench_train" "$CORPUS" cbow
echo "# kernels"
"$BUILD/bench_kernels"
