#!/bin/sh
# Writes files as C. Of page.html it makes page_html, an array of its bytes, and page_html_bytes, how
# many they are.
#
#     sh src/draw/embed.sh FILE... >page_files.c
set -eu
echo "/* Made by src/draw/embed.sh of $(echo "$@"). */"
echo '#include "draw/page_files.h"'
for file; do
    name=$(basename "$file" | tr . _)
    echo
    echo "const unsigned char $name[] = {"
    od -An -v -tu1 "$file" | sed 's/  */,/g; s/^,//; s/$/,/'
    echo "};"
    echo "const size_t ${name}_bytes = sizeof $name;"
done
