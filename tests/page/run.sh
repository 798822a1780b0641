#!/bin/sh
# The page of w2v map in a real browser, Chromium without a window: a copy of the page is used as a
# reader would (before.js, after.js), and a picture is taken of the page as it is. With a folder, the
# pictures are kept there. Prints "ok NAME" lines and ends with "N passed, N failed".
#
#     W2V=build/release/w2v GENERATOR=build/release/gen_corpus sh tests/page/run.sh [FOLDER]
set -u
here=$(dirname "$0")
browser=$(command -v chromium || command -v chromium-browser) || {
    echo "skipped: no chromium"
    exit 0
}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
keep=${1:-$work}
mkdir -p "$keep"

chromium() { # ARGUMENT...
    rm -rf "$work/profile"
    timeout 180 "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
        --disable-background-networking --disable-component-update --disable-sync \
        --hide-scrollbars --user-data-dir="$work/profile" "$@" 2>"$work/browser.log"
}

json_list() { # lines to a list of strings
    sed 's/.*/"&"/' | paste -s -d , -
}

# A copy of page $1 with the test in it, told to look for word $2 of model $3 (none: its neighbours
# are not compared), with $4 groups; a frame may take $5 ms; the page has $6 words; the window is $7
# (none: a wide one). The page's policy allows what stands in it, so the test does too.
try() {
    near=
    [ "$3" = none ] || near=$("$W2V" neighbors "$3" "$2" -k 10 --restrict "$6" | cut -f 2 | json_list)
    wanted="{\"word\":\"$2\",\"near\":[$near],\"groups\":$4,\"milliseconds\":$5,\"scripts\":5}"
    awk -v wanted="$wanted" -v before="$here/before.js" -v after="$here/after.js" '
        function copy(file, line) { while ((getline line <file) > 0) print line }
        /^<script>$/ { print "<script>"; copy(before); print "</script>" }
        /^<\/body>$/ { print "<script id=\"wanted\" type=\"application/json\">" wanted "</script>"
                       print "<script>"; copy(after); print "</script>" }
        { print }' "$1" >"$work/test.html"
    chromium --window-size="${7:-1280,800}" --dump-dom "file://$work/test.html" >"$work/dom.html"
    sed -n '/<pre id="verdict">/,/<\/pre>/p' "$work/dom.html" | grep -E '^(ok|not ok|#)' >"$work/lines"
    [ -s "$work/lines" ] || {
        echo "not ok page: no verdict: $(tail -n 2 "$work/browser.log" | tr '\n' ' ')" >"$work/lines"
    }
    cat "$work/lines" >>"$work/all"
    cat "$work/lines"
}

picture() { # PAGE NAME WIDTH,HEIGHT
    chromium --window-size="$3" --virtual-time-budget=3000 --screenshot="$keep/$2.png" "file://$1" \
        >"$work/shot.log"
    if [ -s "$keep/$2.png" ] && [ "$(wc -c <"$keep/$2.png")" -gt 15000 ]; then
        echo "ok page: picture $2" | tee -a "$work/all"
    else
        echo "not ok page: picture $2: $(tail -n 1 "$work/browser.log")" | tee -a "$work/all"
    fi
}

: >"$work/all"
"$GENERATOR" data "$work" >"$work/made" || exit 1
"$W2V" train "$work/en.txt" -o "$work/en.bin" -q || exit 1
"$W2V" map "$work/en.bin" -o "$work/en.html" -q --clusters 10 || exit 1
try "$work/en.html" king "$work/en.bin" 10 0 2000
try "$work/en.html" king "$work/en.bin" 10 0 2000 420,800
picture "$work/en.html" wide 1280,800
picture "$work/en.html#king" narrow 400,800

# Words that would be elements, end the data, or turn the line around.
printf '6 2\nplain 1 0.1\n</script><img/src=x/onerror=faults.push(1)> 1 0\n<b>bold</b> 0.9 0.1\n\001\377b 0 1\n\342\200\256\327\251\327\234 0.1 0.9\n]]>--><!--<script> 1 1\n' >"$work/hostile"
"$W2V" map "$work/hostile" -o "$work/hostile.html" -q || exit 1
try "$work/hostile.html" plain none 0 0 6

# As many words as a page is meant for.
awk 'BEGIN { srand(3); print 100000, 4
    for (i = 0; i < 100000; i++) printf "word%d %.4f %.4f %.4f %.4f\n", i, rand() - 0.5, rand() - 0.5, rand() - 0.5, rand() - 0.5 }' >"$work/many"
"$W2V" map "$work/many" -o "$work/many.html" -q --top 100000 --method pca || exit 1
try "$work/many.html" word77 "$work/many" 0 "${FRAME_MS:-50}" 100000
passed=$(grep -c '^ok ' "$work/all")
failed=$(grep -c '^not ok ' "$work/all")
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
