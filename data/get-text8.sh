#!/bin/sh
# get-text8.sh [DIR]: fetches text8, the first 100 million bytes of a cleaned English Wikipedia
# (Matt Mahoney, 2006), into DIR (default: where you are) and checks its size. Needs a network,
# curl or wget, and unzip or python3. A finished file is never fetched again.
set -eu

url=http://mattmahoney.net/dc/text8.zip
size=100000000
dir=${1:-.}

fail() {
    echo "get-text8.sh: $*" >&2
    exit 1
}

size_of() {
    wc -c <"$1" | tr -d ' '
}

[ $# -le 1 ] || fail "usage: get-text8.sh [DIR]"
mkdir -p "$dir" || fail "cannot make the directory $dir"
if [ -f "$dir/text8" ]; then
    if [ "$(size_of "$dir/text8")" = "$size" ]; then
        echo "$dir/text8 is already there"
        exit 0
    fi
    fail "$dir/text8 exists but is not $size bytes long; remove it and try again"
fi

part=$dir/text8.part
zip=$part.zip
trap 'rm -f "$part" "$zip"' EXIT
trap 'exit 1' HUP INT TERM

echo "fetching $url (31 MB)"
if command -v curl >/dev/null 2>&1; then
    curl -fL --retry 3 -o "$zip" "$url" || fail "curl could not fetch $url; is there a network?"
elif command -v wget >/dev/null 2>&1; then
    wget -O "$zip" "$url" || fail "wget could not fetch $url; is there a network?"
else
    fail "neither curl nor wget is installed"
fi

if command -v unzip >/dev/null 2>&1; then
    unzip -p "$zip" text8 >"$part" || fail "what came from $url is not the zip file expected"
elif command -v python3 >/dev/null 2>&1; then
    python3 -c 'import shutil, sys, zipfile
with zipfile.ZipFile(sys.argv[1]).open("text8") as text: shutil.copyfileobj(text, sys.stdout.buffer)' \
        "$zip" >"$part" || fail "what came from $url is not the zip file expected"
else
    fail "neither unzip nor python3 is installed"
fi

got=$(size_of "$part")
[ "$got" = "$size" ] || fail "text8 is $got bytes long, not $size; try again"
mv "$part" "$dir/text8"
echo "$dir/text8: $size bytes"
