# Baskets. --whole-line gives the same file for any number of threads and after a resume, and finds items
# that belong together anywhere in a line. --for sets the options that it prints; given options override it.
. "${0%/*}/lib.sh"

# The order misleads: there are 15 groups of four items that are bought together. A basket has five
# groups, and the four items of a group stand in different quarters of the line.
awk 'BEGIN {
    x = 1
    split("a b c d", part, " ")
    for (line = 0; line < 600; line++) {
        text = ""
        for (i = 0; i < 15; i++) {
            x = x * 16807 % 2147483647
            with[i] = x % 3 == 0 }
        for (p = 1; p <= 4; p++)
            for (i = 0; i < 15; i++) if (with[i]) text = text part[p] "-" i " "
        print text } }' >baskets
train() {
    "$w2v" train -q -d 16 --for items "$@"
}
right() { # MODEL: of 45, how many neighbours are of the group
    awk 'BEGIN { for (i = 0; i < 15; i++) print "a-" i }' | "$w2v" neighbors "$1" -k 3 |
        awk -F '\t' '{ n += substr($1, 2) == substr($2, 2) } END { print n + 0 }'
}

for options in '-w 4' '-w 100' '-w 4 -m cbow -s 1e-2'; do
    # shellcheck disable=SC2086
    {
        check "whole lines, $options" 0 -o '' -e '' -- train baskets -o one --whole-line \
            $options -e 2 -t 1
        check "whole lines, $options, three threads" 0 -- train baskets -o three --whole-line \
            $options -e 2 -t 3
    }
    holds "whole lines, $options: the same file" cmp one three
done
check 'distance says nothing' 0 -- train baskets -o whole --whole-line -w 4
holds 'the groups are found' test "$(right whole)" -ge 42
check 'a window along the line' 0 -- train baskets -o along -w 4
holds 'finds fewer' test "$(right along)" -le 15
holds 'info says it' sh -c "'$w2v' info whole | grep -q '^whole_line${tab}yes\$'"

check 'a checkpoint' 0 -- train baskets -o begun --whole-line -w 4 -e 2 --checkpoint ck
check 'gone on with' 0 -- "$w2v" train -q --resume ck -e 3 -o longer -t 2
check 'and once more' 0 -- "$w2v" train -q --resume ck -e 3 -o again -t 1
holds 'are the same' cmp longer again
check 'without whole lines it does not go on' 0 -- "$w2v" train -q --resume ck -e 3 -o again \
    --whole-line

# ---- Attraction ----

everywhere attracted "$w2v" train -q baskets -d 16 -e 2 -w 4 --attract yes
check 'without attraction' 0 -- "$w2v" train -q baskets -d 16 -e 2 -w 4 -o apart
holds 'without attraction: another model' sh -c '! cmp -s attracted apart'
attracts() { # MODEL: what the record says
    "$w2v" info "$1" | sed -n "s/^attract$tab//p"
}
holds 'contexts do not attract each other by default' test "$(attracts apart)" = no
holds '--attract yes: the record says it' test "$(attracts attracted)" = yes
check 'items' 0 -- "$w2v" train -q baskets -e 1 --for items -o items
holds 'items do' test "$(attracts items)" = yes
check 'items, --attract no' 0 -- "$w2v" train -q baskets -e 1 --for items --attract no -o items
holds '--attract no counts' test "$(attracts items)" = no
check 'attraction in CBOW' 2 -e '--attract is for skip-gram, not for -m cbow' -- \
    "$w2v" train baskets -o none -m cbow --attract yes
check 'CBOW' 0 -- "$w2v" train -q baskets -o cbow -m cbow -e 1 --for items
holds 'CBOW: the record does not say it' test -z "$(attracts cbow)"

# ---- Presets ---------------------------------------------------------------------------------------

spell() { # TEXT: the options of the line "for"
    sed -n 's/^for  *//p' "$log/err"
}
check 'items' 0 -- "$w2v" train baskets -o m --for items -e 1
items=$(spell)
holds 'items: said' test "${items#items: --tokenizer whitespace --min-count }" != "$items"
check 'items as options' 0 -- sh -c "'$w2v' train -q baskets -o options -e 1 ${items#items:}"
holds 'are the same' cmp m options
for order in '-m cbow' '--loss hs'; do
    # shellcheck disable=SC2086
    check "items, $order" 0 -- "$w2v" train baskets -o m --for items -e 1 $order
    items_of=$(spell)
    check "items as options, $order" 0 -- \
        sh -c "'$w2v' train -q baskets -o options -e 1 $order ${items_of#items:}"
    holds "are the same, $order" cmp m options
done
for order in '--window 7 --for items' '--for items --window 7'; do
    # shellcheck disable=SC2086
    check "$order" 0 -- "$w2v" train baskets -o given -e 1 $order
    holds "$order: is not said" test "$(spell)" = "$(echo "$items" | sed 's/ --window [0-9]*//')"
    holds "$order: counts" sh -c "'$w2v' info given | grep -q '^window${tab}7\$'"
done
check 'graph' 0 -e '^for  *graph: --tokenizer whitespace .*--window 10' -- \
    "$w2v" train baskets -o m --for graph
"$w2v" train -q baskets -o plain -e 1
check 'text' 0 -e '^for  *text: --tokenizer words --min-count 5' -- \
    "$w2v" train baskets -o m --for text -e 1
holds 'text: the defaults' cmp m plain
check 'no preset, no line' 0 -- "$w2v" train baskets -o m -e 1
holds 'no preset, nothing said' test -z "$(spell)"
check 'for programs' 0 -e '"preset": "--tokenizer whitespace --min-count' -- \
    "$w2v" train baskets -o m --for items -e 1 --progress json
check 'no such preset' 2 -e '--for movies: not one of the choices; text, items, graph' -- \
    "$w2v" train baskets -o m --for movies
check 'a resumed run has its options' 2 -e '--for with --resume' -- "$w2v" train --resume ck --for items
check 'a whole line and a fixed window' 2 -o '' -e '--fixed-window with --whole-line' -- \
    "$w2v" train baskets -o no --whole-line --fixed-window
finish
