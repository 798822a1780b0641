# eval: rows, what was left out, several files.
. "$(dirname "$0")/lib.sh"

cat >model <<'END'
7 2
east 2 0
north 0 3
northeast 1 1
west -1 0
south 0 -1
uphill 3 4
capital -3 4
END

# Right: west : north = east : northeast, to northeast. Wrong: the second. Left out: the third.
cat >questions <<'END'
: compass
west north east northeast
east north west south
east north west nowhere
: other
West North East Northeast
END
check 'analogies' 0 -o "questions${tab}compass${tab}accuracy${tab}0.500000${tab}2${tab}3
questions${tab}other${tab}accuracy${tab}1.000000${tab}1${tab}1
questions${tab}total${tab}accuracy${tab}0.666667${tab}3${tab}4" \
    -e '^w2v: questions: left out 1, which ha.* not in the vocabulary' -- \
    "$w2v" eval model questions
check 'analogies: quiet' 0 -e '' -- "$w2v" eval -q model questions
check 'analogies: case kept' 0 -- "$w2v" eval model questions --keep-case
holds 'analogies: case kept, nothing to use is nan' \
    grep -q "^questions${tab}other${tab}accuracy${tab}nan${tab}0${tab}1\$" "$log/out"
check 'analogies: JSON' 0 -- "$w2v" eval model questions --keep-case --json
holds 'analogies: JSON has null' grep -q \
    '^{"file": "questions", "section": "other", "measure": "accuracy", "score": null, "used": 0, "total": 1}$' \
    "$log/out"
check 'analogies: restrict' 0 -e 'left out 2: 1 .* 1 .* beyond --restrict 4' -- \
    "$w2v" eval model questions --restrict 4
check 'analogies: mul' 0 -- "$w2v" eval model questions --method mul

# Cosines fall as the scores do: the correlation is 1; with the order turned, -1.
printf 'east\tnortheast\t9\neast\tuphill\t7.5\neast\tcapital\t1\neast\tnowhere\t5\n' >pairs
check 'similarities' 0 -e 'pairs: left out 1' -o \
    "pairs${tab}total${tab}spearman${tab}1.000000${tab}3${tab}4" -- "$w2v" eval model pairs
printf 'east,northeast,1\neast,uphill,2\neast,capital,3\n' >commas
check 'several sets, the second not there' 1 -e '^w2v: nowhere: ' -o \
    "commas${tab}total${tab}spearman${tab}-1.000000${tab}3${tab}3
pairs${tab}total${tab}spearman${tab}1.000000${tab}3${tab}4" -- \
    "$w2v" eval model commas nowhere pairs
printf 'one two\n' >neither
check 'neither kind of set' 1 -o '' -e '^w2v: neither:1: ' -- "$w2v" eval model neither
: >empty
check 'an empty set' 1 -o '' -e '^w2v: empty: ' -- "$w2v" eval model empty
finish
