#!/bin/sh
# Runs "make install" into a temporary folder and checks the files, then checks that "make uninstall"
# removes them all. Manual pages and completion are read by the tools that are installed. Prints "ok NAME" and
# "not ok NAME" lines and ends with "N passed, N failed".
#
#     sh tests/install.sh
set -u
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
passed=0 failed=0
unset MAKEFLAGS MFLAGS MAKELEVEL

# NAME COMMAND...: the command must succeed.
holds() {
    name=$1
    shift
    if "$@" >"$folder/log" 2>&1; then
        echo "ok $name"
        passed=$((passed + 1))
    else
        echo "not ok $name"
        sed 's/^/  /' "$folder/log" | head -n 20
        failed=$((failed + 1))
    fi
}

# The same, but only if the tool NEEDED is installed.
holds_with() { # NEEDED NAME COMMAND...
    needed=$1
    shift
    if command -v "$needed" >/dev/null; then holds "$@"; else echo "ok $1 # skipped: no $needed"; fi
}

there=$folder/opt/w2v
holds 'make install' make install DESTDIR="$folder" PREFIX=/opt/w2v
holds 'files are at their places' ls "$there/bin/w2v" "$there/include/w2v.h" "$there/lib/libw2v.a" \
    "$there/lib/libw2v.so.0" "$there/lib/libw2v.so" "$there/lib/pkgconfig/w2v.pc" \
    "$there/share/man/man1/w2v.1" "$there/share/bash-completion/completions/w2v" \
    "$there/share/zsh/site-functions/_w2v" "$there/share/fish/vendor_completions.d/w2v.fish"
for command in $("$there/bin/w2v" help | sed -n 's/^  \([a-z-]*\)  .*/\1/p'); do
    holds "a page for $command" test -s "$there/share/man/man1/w2v-$command.1"
done

# A page must give no warning, except that it has no date.
by_man() {
    for page in "$there"/share/man/man1/*.1; do
        man --warnings -E UTF-8 -l "$page" 2>&1 >/dev/null | grep . && return 1
    done
    return 0
}
by_mandoc() {
    ! mandoc -T lint -W warning "$there"/share/man/man1/*.1 | grep -v 'missing date'
}
holds_with man 'man takes the pages' by_man
holds_with mandoc 'mandoc takes the pages' by_mandoc
has_options() {
    "$there/bin/w2v" help train | sed -n 's/^  .*--\([a-z-]*\).*/\1/p' | while read -r option; do
        tr -d '\\' <"$there/share/man/man1/w2v-train.1" | grep -q -e "--$option" || exit 1
    done
}
holds 'the page of train has its options' has_options

# What the shells propose for the beginning of a command line.
bash_says() { # WORD... WANTED
    bash --norc -c '
        . "$1"
        wanted=${!#}
        COMP_WORDS=("${@:2:$#-2}")
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        compopt() { :; }
        _w2v
        [ "${COMPREPLY[*]}" = "$wanted" ] || { echo "${COMPREPLY[*]}"; exit 1; }
    ' bash "$there/share/bash-completion/completions/w2v" "$@"
}
holds_with bash 'bash completes subcommands' bash_says w2v ph phrases
holds_with bash 'options' bash_says w2v train --save-v --save-vocab
holds_with bash 'choices' bash_says w2v train --model '' 'sg cbow'
holds_with bash 'choices of a letter' bash_says w2v train -m c cbow
holds_with bash 'choices behind =' bash_says w2v train --model = c cbow
holds_with bash 'subcommands behind help' bash_says w2v help tok tokenize
holds_with bash 'and leaves files to the shell' bash_says w2v train corp ''
holds_with zsh 'zsh takes its file' zsh -n "$there/share/zsh/site-functions/_w2v"
fish_says() { # COMMAND-LINE WANTED
    fish --no-config -c "source $there/share/fish/vendor_completions.d/w2v.fish; complete -C '$1'" |
        cut -f 1 | grep -q -x -e "$2"
}
holds_with fish 'fish completes subcommands' fish_says 'w2v ph' phrases
holds_with fish 'options and' fish_says 'w2v train --save-v' --save-vocab
fish_is_silent() { # COMMAND-LINE
    test -z "$(fish --no-config -c "source $there/share/fish/vendor_completions.d/w2v.fish; complete -C '$1'")"
}
holds_with fish 'options of the subcommand alone' fish_is_silent 'w2v train --tokenizer words --js'
holds_with fish 'choices' fish_says 'w2v train --model ' cbow

# A program finds the library by pkg-config.
compiled() { # OUT FLAG...
    out=$1
    shift
    # shellcheck disable=SC2046
    ${CC:-cc} -o "$folder/$out" tests/library/own_names.c $(PKG_CONFIG_PATH="$there/lib/pkgconfig" \
        pkg-config --define-variable=libdir="$there/lib" \
        --define-variable=includedir="$there/include" --cflags --libs "$@" w2v)
}
holds_with pkg-config 'a program is compiled by w2v.pc' compiled own
holds_with pkg-config 'and runs' env LD_LIBRARY_PATH="$there/lib" "$folder/own" "$folder/own.bin"
holds_with pkg-config 'it says the version' sh -c "[ \"\$(PKG_CONFIG_PATH='$there/lib/pkgconfig' \
    pkg-config --modversion w2v)\" = \"\$('$there/bin/w2v' --version | cut -d ' ' -f 2)\" ]"

holds 'make uninstall' make uninstall DESTDIR="$folder" PREFIX=/opt/w2v
holds 'leaves no file' sh -c "! find '$folder/opt' ! -type d | grep ."
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
