# The libraries: the names that they export, and their use from C and C++.
root=$PWD
. "$(dirname "$0")/lib.sh"
case ${BUILD:-build/release} in
/*) build=$BUILD ;;
*) build=$root/${BUILD:-build/release} ;;
esac
cc=${CC:-cc}
sources=$root/tests/library

# The names that w2v.h declares: a name after a type, at the start of a line or of the next one.
sed -n '/^typedef/d; s/^[a-z].*[ *]\(w2v_[a-z0-9_]*\)(.*/\1/p' "$root/include/w2v.h" | sort >declared
if command -v nm >/dev/null; then
    nm -g --defined-only "$build/libw2v.a" 2>/dev/null | awk 'NF == 3 { print $3 }' | sort >static
    holds 'the static library has the names of w2v.h alone' diff declared static
    if [ -f "$build/libw2v.so.0" ]; then
        nm -D --defined-only "$build/libw2v.so.0" | awk '$2 ~ /[A-TV-Z]/ { print $3 }' | sort >shared
        # Sanitizers add names of their own.
        holds 'and so has the shared one' sh -c 'grep -v -e ^_ -e san shared | diff declared -'
    fi
else
    skipped 'the names that the libraries export' 'no nm'
fi

# What a program prints that has functions with the names of the library's internal ones.
cat >want <<END
a${tab}400
c${tab}400
b0${tab}200
b1${tab}200
d0${tab}134
d1${tab}133
d2${tab}133
END
cat want want >twice

# shellcheck disable=SC2086
holds 'a program with such names of its own compiles' $cc ${CFLAGS-} -std=c11 -pedantic -Wall -Wextra \
    -Werror -I "$root/include" -c -o own.o "$sources/own_names.c"
# shellcheck disable=SC2086
holds 'and links with the static library' $cc ${CFLAGS-} -o own-static own.o "$build/libw2v.a" -lm -pthread
check 'which trains on its lines and counts them' 0 -O twice -e '' -- ./own-static own.bin
awk 'BEGIN { for (i = 0; i < 400; i++) printf "a b%d c d%d\n", i % 2, i % 3 }' >lines
"$w2v" train lines -o file.bin -d 10 -e 1 -q
holds 'to the bytes of a file of these lines' cmp own.bin file.bin
if [ -f "$build/libw2v.so.0" ]; then
    # shellcheck disable=SC2086
    holds 'the shared library likewise' $cc ${CFLAGS-} -o own-shared own.o -L "$build" -lw2v
    LD_LIBRARY_PATH=$build
    export LD_LIBRARY_PATH
    check 'and its program' 0 -O twice -e '' -- ./own-shared own2.bin
    holds 'to the same bytes' cmp own2.bin file.bin
fi

case $cc in
*clang*) cxx=${CXX:-clang++} ;; # whose sanitizers are not those of others
*) cxx=${CXX:-c++} ;;
esac
if command -v "$cxx" >/dev/null; then
    {
        echo '#include "w2v.h"'
        echo 'typedef void (*any)();'
        echo 'any all[] = {'
        sed 's/.*/    (any)\&&,/' declared
        echo '};'
        echo 'int main() {'
        echo '    w2v_train_options options;'
        echo '    w2v_train_options_init(&options);'
        echo '    return options.dim == 100 && all[0] ? 0 : 1;'
        echo '}'
    } >all.cpp
    # shellcheck disable=SC2086
    holds 'C++ takes all of w2v.h' "$cxx" ${CFLAGS-} -std=c++11 -pedantic -Wall -Wextra -Werror \
        -Wno-cast-function-type -I "$root/include" -o all all.cpp "$build/libw2v.a" -lm -pthread
    check 'and its program runs' 0 -e '' -- ./all
else
    skipped 'C++ takes all of w2v.h' "no $cxx"
fi
finish
