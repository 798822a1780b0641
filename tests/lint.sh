#!/bin/sh
# Checks the rules of this code that a compiler does not check: rooms include only from their left,
# banned functions, names of functions and, if the tools are installed, formatting and cppcheck.
# Prints "ok NAME" and "not ok NAME" lines and ends with "N passed, N failed".
#
#     sh tests/lint.sh [SRC]       SRC: the folder of rooms, src unless a test says otherwise
set -u
src=${1:-src}
rooms="base kernel text graph train model query draw api cli"
passed=0 failed=0

verdict() { # NAME, what is wrong (nothing: all is well)
    if [ -z "$2" ]; then
        echo "ok $1"
        passed=$((passed + 1))
    else
        echo "not ok $1"
        printf '%s\n' "$2" | sed 's/^/  /'
        failed=$((failed + 1))
    fi
}

position() {
    n=0
    for room in $rooms; do
        n=$((n + 1))
        [ "$room" = "$1" ] && break
    done
    [ "$room" = "$1" ] && echo "$n" || echo 0
}

# A file may include w2v.h, its own room and rooms to the left; a file of cli/ only w2v.h and cli/.
include_order() {
    for file in "$src"/*/*.[ch]; do
        room=$(basename "$(dirname "$file")")
        here=$(position "$room")
        [ "$here" -gt 0 ] || echo "$file: no room is called $room"
        sed -n 's/^#include "\(.*\)"$/\1/p' "$file" | while read -r header; do
            case $header in
            w2v.h) ;;
            */*)
                there=$(position "${header%%/*}")
                if [ "$there" -eq 0 ] || [ "$there" -gt "$here" ]; then
                    echo "$file includes $header"
                elif [ "$room" = cli ] && [ "${header%%/*}" != cli ]; then
                    echo "$file includes $header: the command line uses w2v.h alone"
                fi
                ;;
            *) echo "$file includes $header without its room" ;;
            esac
        done
    done
}

banned() {
    grep -nE '\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atof|atol)[[:space:]]*\(' \
        "$src"/*/*.[ch] include/*.h tests/*.h tests/*/*.[ch] data/*.c
    grep -nEi '(^|[^A-Za-z.])(TODO|FIXME|XXX|HACK)([^A-Za-z]|$)' "$src"/*/*.[ch] include/*.h
    grep -nE '\b(exit|abort)[[:space:]]*\(|\b(printf|puts|perror)[[:space:]]*\(' \
        $(ls "$src"/*/*.c | grep -v -e /cli/ -e unicode_gen.c)
}

# Only base/ may depend on the system, and only base/ and kernel/ on the processor.
systems() {
    grep -nE '^ *# *(if|elif).*(linux|APPLE|GLIBC|BSD|WIN32|MAP_ANON|MADV_|_SC_)' \
        $(ls "$src"/*/*.[ch] | grep -v /base/)
    grep -nE '^ *# *(if|elif).*(__x86|__SSE|__AVX|__aarch|__ARM|__riscv|__powerpc)' \
        $(ls "$src"/*/*.[ch] | grep -v -e /base/ -e /kernel/)
}

long_files() {
    wc -l $(ls "$src"/*/*.[ch] | grep -v unicode_tables.c) | awk '$2 != "total" && $1 > 700 {
        print $2 ": " $1 " lines" }'
}

# Every global function of the library begins with its file's name, or with w2v_.
names() {
    lib=build/release/internal.a
    [ -f "$lib" ] && command -v nm >/dev/null || return 0
    nm -g --defined-only "$lib" 2>/dev/null | awk '
        /\.o:$/ { stem = $0; sub(/\.o:$/, "", stem); sub(/_.*/, "", stem) }
        NF == 3 { name = $3; if (name !~ "^" stem && name !~ /^w2v_/) print stem ": " name }'
}

# Every file is on the map.
map() {
    for file in "$src"/*/*.[ch]; do
        name=$(basename "$file")
        stem=${name%.*}
        grep -qE "(^|[^a-z_0-9])$stem([^a-z_0-9]|$)" "$src/README.md" ||
            echo "$file is not in $src/README.md"
    done
}

format() {
    clang-format --dry-run -Werror $(ls "$src"/*/*.[ch] include/*.h tests/*.h tests/*/*.[ch] \
        data/*.c | grep -v unicode_tables.c) 2>&1 | grep -E 'error|warning' | head -20
}

check_c() {
    cppcheck --quiet --std=c11 --enable=warning,portability --inline-suppr --error-exitcode=1 \
        -DUINT32_MAX=4294967295U -Iinclude -I"$src" "$src" --suppress=missingIncludeSystem 2>&1
}

verdict "include order" "$(include_order)"
verdict "banned words" "$(banned)"
verdict "systems are told apart in base" "$(systems)"
verdict "long files" "$(long_files)"
verdict "names of functions" "$(names)"
if [ "$src" = src ]; then
    verdict "the map is complete" "$(map)"
    command -v clang-format >/dev/null && verdict "formatting" "$(format)"
    command -v cppcheck >/dev/null && verdict "cppcheck" "$(check_c)"
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
