#!/bin/sh
# The demo: makes an English and a Chinese corpus from the facts beside this file, trains on both
# and shows the answers. `make demo` runs it with W2V and GENERATOR set.
#
#     W2V=build/release/w2v GENERATOR=build/release/gen_corpus sh data/demo.sh FOLDER
set -eu
data=$(dirname "$0")
folder=$1
mkdir -p "$folder"

show() { # prints a command as one would type it, and runs it
    echo
    echo "\$ w2v $*" | sed "s|$folder/||g"
    "$W2V" "$@"
}

"$GENERATOR" "$data" "$folder"
echo "made $(wc -w <"$folder/en.txt") words of English and $(wc -w <"$folder/zh.txt") of Chinese" \
    "in $folder from the facts in $data"

show train "$folder/en.txt" -o "$folder/en.bin" --progress none
show analogy "$folder/en.bin" king man woman -k 3
show analogy "$folder/en.bin" walking swimming swam -k 3
show analogy "$folder/en.bin" paris france japan -k 3
show neighbors "$folder/en.bin" france violin tuesday -k 4
show odd "$folder/en.bin" paris london tokyo king
show train "$folder/zh.txt" -o "$folder/zh.bin" --tokenizer whitespace --progress none
show analogy "$folder/zh.bin" 北京 中国 法国 -k 3
show analogy "$folder/zh.bin" 国王 男人 女人 -k 3
show neighbors "$folder/zh.bin" 北京 -k 4
tr -d ' ' <"$folder/zh.txt" >"$folder/zh-raw.txt"
echo
echo "The same without the blanks (zh-raw.txt), its words found by statistics:"
show train "$folder/zh-raw.txt" -o "$folder/zh-raw.bin" --segment --progress none
show analogy "$folder/zh-raw.bin" 北京 中国 法国 -k 3
echo
echo "Of every relation a fifth of the pairs is held out (sections ...-heldout): the two words never"
echo "stand together in one line of the corpus. See data/README.md."
show eval "$folder/en.bin" "$folder/en-questions.txt"
show eval "$folder/zh.bin" "$folder/zh-questions.txt"

show map "$folder/en.bin" -o "$folder/en.html" --clusters 12 --progress none
show map "$folder/zh.bin" -o "$folder/zh.svg" --top 600 --clusters 8 --progress none
echo "Maps of both: $folder/en.html, a page to open in a browser, and $folder/zh.svg, a figure."

# What the demo promises; a wrong answer is a failure.
expect() { # ANSWER MODEL A B C
    answer=$("$W2V" analogy "$2" "$3" "$4" "$5" -k 1 | cut -f 2)
    [ "$answer" = "$1" ] && return
    echo "demo: $3 - $4 + $5 should be $1, not $answer" >&2
    exit 1
}
expect queen "$folder/en.bin" king man woman
expect walked "$folder/en.bin" walking swimming swam
expect 巴黎 "$folder/zh.bin" 北京 中国 法国
expect 巴黎 "$folder/zh-raw.bin" 北京 中国 法国
echo
echo "king - man + woman = queen; walking - swimming + swam = walked; 北京 - 中国 + 法国 = 巴黎"
