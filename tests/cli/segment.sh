# --segment: finds words in a script without spaces, the same ones in tokenize, vocab and train.
. "$(dirname "$0")/lib.sh"

# A made-up language of 120 words. A word is one to three of 40 Han characters. Words are drawn by a rough
# Zipf law and written without blanks, with some commas. words.txt has the same with blanks between words.
awk 'BEGIN {
    n = split("的 在 了 和 北 京 天 上 海 大 学 生 国 家 水 火 山 石 田 人 " \
              "口 手 木 林 鸟 鱼 马 牛 羊 车 门 书 白 红 黑 青 东 西 南 米", c, " ")
    seed = 4711
    for (w = 0; w < 120; w++) {
        word[w] = w < 4 ? c[w + 1] : ""
        for (k = 0; w >= 4 && k < 2 + w % 5 % 2; k++) {
            seed = (seed * 16807) % 2147483647
            word[w] = word[w] c[5 + seed % (n - 4)]
        }
    }
    for (line = 0; line < 2500; line++) {
        text = line % 100 == 50 ? "" : "Abc 12"
        for (i = 0; i < 12 && text != ""; i++) {
            seed = (seed * 16807) % 2147483647
            text = text (i % 6 ? " " : " , ") word[int(120 * (seed / 2147483647) ^ 2)]
        }
        print text
    }
}' >words.txt
sed 's/Abc 12/Abc_12/; s/ //g; s/Abc_12/Abc 12/; s/,/，/g' words.txt >raw.txt
sed 's/ , / /g; s/Abc/abc/' words.txt >true.txt

check 'tokenize' 0 -e '' -- "$w2v" tokenize raw.txt --segment -o found.txt
pairs() { # words of a file with their lines' numbers and places, counted in characters
    awk '{ at = 0; for (i = 1; i <= NF; i++) { print NR, at, $i; at += length($i) } }' "$1" | sort
}
pairs true.txt >true.pairs
pairs found.txt >found.pairs
holds 'most words are found' test "$(comm -12 true.pairs found.pairs | wc -l)" -gt \
    "$(($(wc -l <true.pairs) * 8 / 10))"
tr -d ' ' <true.txt >true.joined
tr -d ' ' <found.txt >found.joined
holds 'what stands in the text stays, line by line' cmp true.joined found.joined
check 'without the option each character is a word' 0 -- "$w2v" tokenize raw.txt
count() {
    awk '{ n += NF } END { print n }' "$1"
}
holds 'so there are more of them' test "$(count "$log/out")" -gt "$(count found.txt)"
check 'one thread' 0 -O found.txt -- "$w2v" tokenize raw.txt --segment -t 1
check 'standard input' 0 -i raw.txt -O found.txt -- "$w2v" tokenize --segment -
printf 'Plain text, no signs.\n\nTwo lines.' >plain
"$w2v" tokenize plain >plain.tok
check 'other text is as without it' 0 -O plain.tok -- "$w2v" tokenize --segment plain
: >empty
check 'an empty file' 0 -o '' -- "$w2v" tokenize --segment empty
printf '中\n' >one
check 'one character' 0 -o '中' -- "$w2v" tokenize --segment one

"$w2v" vocab found.txt --tokenizer whitespace >want.vocab
check 'vocab counts the same words' 0 -O want.vocab -- "$w2v" vocab raw.txt --segment
"$w2v" vocab found.txt --tokenizer whitespace --min-count 9 --max-vocab 40 >want.vocab
check 'and drops as told' 0 -O want.vocab -- \
    "$w2v" vocab raw.txt --segment --min-count 9 --max-vocab 40

train() {
    "$w2v" train -q -d 8 -e 1 "$@"
}
check 'train' 0 -o '' -e '' -- train raw.txt --segment -o one.bin -t 1 --save-vocab saved
check 'two threads' 0 -- train raw.txt --segment -o two.bin -t 2
holds 'the same file' cmp one.bin two.bin
check 'standard input' 0 -i raw.txt -- train - --segment -o stdin.bin
holds 'standard input: the same file' cmp one.bin stdin.bin
check 'little memory' 0 -- train raw.txt --segment -o little.bin --memory 13M
holds 'little memory: the same file' cmp one.bin little.bin
check 'words as they were found' 0 -- train found.txt --tokenizer whitespace -o found.bin
cut -f1 saved >list
check 'have vectors' 0 -i list -- "$w2v" vector found.bin
cp "$log/out" vectors
check 'the same' 0 -i list -O vectors -- "$w2v" vector one.bin
"$w2v" vocab raw.txt --segment --min-count 5 >counted
holds 'the saved vocabulary is what vocab counts' cmp saved counted
check 'a given vocabulary' 0 -- train raw.txt --segment --vocab counted -o given.bin
holds 'a given vocabulary: the same file' cmp one.bin given.bin
check 'info names the option' 0 -- sh -c "'$w2v' info one.bin | grep -x 'segment${tab}yes'"
check 'and that it was not given' 0 -- sh -c "'$w2v' info found.bin | grep -x 'segment${tab}no'"

check 'with phrases: words first' 0 -- train raw.txt --segment --phrases 1 \
    --phrase-min-count 5 --phrase-threshold 1 --save-vocab joined -o both.bin
"$w2v" tokenize raw.txt --segment >segmented
check 'the same in two steps' 0 -- train segmented --tokenizer whitespace --phrases 1 \
    --phrase-min-count 5 --phrase-threshold 1 --save-vocab stepwise -o steps.bin
holds 'the same words, joined and not' cmp joined stepwise
check 'w2v phrases --segment' 0 -- "$w2v" phrases raw.txt --segment --passes 1 --min-count 5 \
    --threshold 1 -o joined.txt
check 'and in two steps' 0 -- "$w2v" phrases segmented --tokenizer whitespace --passes 1 \
    --min-count 5 --threshold 1 -o stepwise.txt
holds 'the same text' cmp joined.txt stepwise.txt

check 'not with another tokenizer' 2 -e '--segment needs --tokenizer words, not chars' -- \
    "$w2v" train raw.txt --segment --tokenizer chars -o no.bin
check 'nor in tokenize' 2 -e '--segment needs' -- \
    "$w2v" tokenize raw.txt --segment --tokenizer whitespace
check 'a file that is not there' 1 -e 'nowhere' -- "$w2v" tokenize nowhere --segment
finish
