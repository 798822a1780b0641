# At a terminal: prompt, answers at once, nearest spellings, Ctrl-D, Ctrl-C. Needs the helper program pty.
# In a pipe there is never a prompt.
pty=$PWD/${BUILD:-build/release}/pty
. "$(dirname "$0")/lib.sh"

cat >model <<'END'
5 2
kings 2 0
north 0 3
king 9 1
kin 1 9
ring 3 1
END
printf 'king\n' >one
check 'in a pipe no prompt' 0 -i one -e '' -o "king${tab}kings${tab}0.993884" -- \
    "$w2v" neighbors model -k 1
if ! [ -x "$pty" ]; then
    skipped 'prompts' 'pty is not built'
    finish
fi

# typed NAME STATUS LINES COMMAND...: writes what the terminal shows to ./shown
typed() {
    typed_name=$1 typed_status=$2
    printf "$3" >lines
    shift 3
    "$pty" "$@" <lines 2>"$log/err" | tr -d '\r' >shown
    "$pty" "$@" <lines >"$log/again" 2>&1
    holds "$typed_name: status $typed_status" test $? -eq "$typed_status"
}

typed 'a binary model' 2 '' "$w2v" convert model -
holds 'is not written on a terminal' grep -q 'standard output is a terminal' shown
typed 'a model as text' 0 '' "$w2v" convert model - --to glove
holds 'is' grep -qx 'kings 2 0' shown
typed 'a new model' 2 '' "$w2v" train one -o -
holds 'is not trained for a terminal' grep -q 'standard output is a terminal' shown

typed 'Ctrl-D' 0 'king\n' "$w2v" neighbors model -k 1
holds 'how to end' grep -qx 'one query a line; Ctrl-D ends' shown
holds 'a prompt' grep -q '^neighbors> king$' shown
holds 'an answer' grep -q "^king${tab}kings${tab}0.993884\$" shown
holds 'a prompt again, and a newline at the end' test "$(tail -n 1 shown)" = 'neighbors> '
typed 'an unknown word' 0 'kign\nKING\nxyzzyx\n' "$w2v" neighbors model -k 1
holds 'nearest spellings, the frequent first' \
    grep -q "^w2v: 'kign' is not in the vocabulary; the nearest: kings, king, kin, ring\$\|^w2v: 'kign' is not in the vocabulary; the nearest: king, " shown
holds 'one that is known folded' grep -q "'KING' is not in the vocabulary; 'king' is\$" shown
holds 'one like no other' grep -q "'xyzzyx' is not in the vocabulary\$" shown
typed 'Ctrl-C' 130 'king\n' -c "$w2v" neighbors model -k 1
typed 'an expression' 0 'king - north\nking north\n' "$w2v" analogy model --expr -k 1
holds 'an expression: answered' grep -q "^king - north${tab}kings${tab}" shown
holds 'an expression: what is wrong' grep -q "^w2v: 'king north': column 6: " shown
for command in 'analogy:king kings ring' 'similarity:king ring' 'odd:king kings north' 'vector:king'; do
    typed "${command%%:*}" 0 "${command#*:}\n" "$w2v" "${command%%:*}" model
    holds "${command%%:*}: a prompt" grep -q "^${command%%:*}> ${command#*:}\$" shown
done
typed 'words on the command line: no prompt' 0 '' "$w2v" neighbors model king -k 1
holds 'words on the command line: the answer alone' test "$(cat shown)" = \
    "king${tab}kings${tab}0.993884"
sh -c '"$0" sh -c "$1 neighbors model -k 1 <one"' "$pty" "$w2v" <one | tr -d '\r' >shown
holds 'standard input no terminal: no prompt' test "$(cat shown)" = "king${tab}kings${tab}0.993884"

# A line of progress is as long as the terminal is wide, at most.
corpus 3000 >text
"$pty" sh -c 'stty cols 30; "$0" train text -o m -d 50 -e 60 --min-count 1' "$w2v" <one |
    tr '\r\033' '\n#' | sed -n 's/^\(epoch .*\)#\[K.*/\1/p' >drawn
holds 'progress: drawn' test -s drawn
holds 'progress: no line is longer than the terminal' \
    awk 'length > 29 { exit 1 } length == 29 { cut = 1 } END { exit !cut }' drawn
finish
