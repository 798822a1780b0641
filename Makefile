# w2v: make, make test, make demo, make install. CC, CFLAGS, LDFLAGS, PREFIX, DESTDIR as usual.
# V=1 shows the whole commands.
#
#   all            the program, the static library and the shared one: build/release/w2v,
#                  build/release/libw2v.a and build/release/libw2v.so.0
#   test           builds and runs every test, JOBS at a time (one a core unless it is given); the
#                  last line reads "N passed, N failed"
#   check-asan     the same tests under AddressSanitizer and UndefinedBehaviorSanitizer
#   check-clang    the same by clang, whose sanitizers find more
#   check-tsan     the same under ThreadSanitizer, without test programs that start no thread
#   faults         makes every call to the system fail in turn, and prints what came of it
#   check-large    files, corpora, vocabularies and matrices past 32 bits; ONLY=sparse: one of them
#   fuzz           feeds the readers made-up input, each for FUZZ_SECONDS; needs clang
#   check-tables   tests that compute, under each other table of kernels that this CPU runs
#   lint           include order, banned functions, formatting and cppcheck where installed
#   demo           a tour: makes a corpus, trains on it, shows the answers
#   bench          speed and accuracy against other trainers; says what it needs. With several
#                  numbers in THREADS, as in THREADS="1 2 4 8", how training scales
#   benches        the programs of the benchmarks
#   growth         time and memory by corpus, vocabulary, dimension, window and negatives
#   grid           every kind of option with w2v and gensim, one table; says what it needs
#   items          sessions and baskets with w2v and gensim, one table
#   graph          walks a second, and vectors of graphs; says what it needs
#   install        the program, the libraries, w2v.h, w2v.pc, manual pages and completion for bash,
#                  zsh and fish; "uninstall" removes them
#   dist           build/w2v-VERSION.tar.gz from the last commit, the same bytes each time
#   clean          removes build/
#   unicode-tables UCD=DIR   makes src/text/unicode_tables.c anew from the Unicode database
#
# Objects of a flavour live in build/FLAVOUR, so that flavours do not disturb each other.

comma := ,
CC ?= cc
AR ?= ar
CFLAGS ?= -O3 -g
PREFIX ?= /usr/local
FLAVOUR ?= release
B := build/$(FLAVOUR)

# One short line a file, or with V=1 the commands.
ifeq ($(V),)
Q := @
says = @printf '  %-6s%s\n' $(1) $(2)
endif

# What the code relies on, whatever CFLAGS say: results are defined to the bit, so no contraction.
# Names are hidden unless w2v.h declares them.
OURS := -std=c11 -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 -Iinclude -Isrc -Itests -pthread -fno-fast-math \
        -ffp-contract=off -fvisibility=hidden -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes \
        -Wmissing-prototypes -Wwrite-strings -Wvla -Werror=implicit-function-declaration -MMD -MP
LIBS := -lm -pthread
define link
	@mkdir -p $(@D)
	$(call says,LD,$@)
	$(Q)$(CC) $(HARDEN_LINK) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
endef

# What costs nothing and makes the most of a defect's misuse harder, as far as the compiler and the
# linker take it. CPPFLAGS, CFLAGS and LDFLAGS come later on the line and win; sources are fortified
# where that works: optimized, without a sanitizer, and not already by the flags given.
takes = $(if $(shell echo 'int main(void) { return 0; }' | $(CC) $(2) -Werror $(1) -x c - -o /dev/null \
    2>/dev/null && echo yes),$(1))
OPTIMIZED := $(filter -O -O1 -O2 -O3 -Os -Og -Ofast,$(CFLAGS))
OTHERWISE := $(findstring _FORTIFY_SOURCE,$(CPPFLAGS)$(CFLAGS))$(findstring -fsanitize,$(CFLAGS))
HARDEN := $(call takes,-fstack-protector-strong) $(call takes,-fPIC) -Wformat -Wformat-security \
    $(if $(OTHERWISE),,$(if $(OPTIMIZED),-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2))
STATIC := $(filter -static,$(CFLAGS) $(LDFLAGS))
NO_PIE := $(findstring no-pie,$(CFLAGS) $(LDFLAGS))$(STATIC)
HARDEN_LINK := $(if $(NO_PIE),,$(call takes,-pie,-fPIC)) \
    $(call takes,-Wl$(comma)-z$(comma)relro) $(call takes,-Wl$(comma)-z$(comma)now)

GENERATOR := src/text/unicode_gen.c
SOURCES := $(filter-out src/cli/% $(GENERATOR),$(wildcard src/*/*.c))
CLI := $(wildcard src/cli/*.c)
PARTS := $(SOURCES:%.c=$(B)/%.o) $(B)/src/draw/page_files.o
LIB := $(B)/libw2v.a
INTERNAL := $(B)/internal.a
W2V := $(B)/w2v
UNIT := $(patsubst tests/unit/%.c,$(B)/tests/%,$(wildcard tests/unit/test_*.c))
FUZZ := $(patsubst tests/fuzz/%.c,$(B)/tests/%,$(wildcard tests/fuzz/fuzz_*.c))
SCRIPTS := $(filter-out %/lib.sh,$(wildcard tests/cli/*.sh))
VERSION := $(shell sed -n 's/^.define W2V_VERSION "\(.*\)"/\1/p' include/w2v.h)

# The shared library, where the linker makes one and the program is not wanted without any.
SONAME := libw2v.so.0
SHARED := $(if $(STATIC),,$(if $(call takes,-shared -Wl$(comma)-soname$(comma)$(SONAME),-fPIC),$(B)/$(SONAME)))

all: $(W2V) $(LIB) $(SHARED)

# The page that maps are written as: its files as bytes in a source that is made of them.
PAGE := src/draw/page.html src/draw/page.css src/draw/page_data.js src/draw/page.js
$(B)/src/draw/page_files.c: $(PAGE) src/draw/embed.sh
	@mkdir -p $(@D)
	$(call says,GEN,$@)
	$(Q)sh src/draw/embed.sh $(PAGE) >$@.tmp
	$(Q)mv $@.tmp $@

$(B)/src/draw/page_files.o: $(B)/src/draw/page_files.c Makefile
	$(call says,CC,$@)
	$(Q)$(CC) $(OURS) $(HARDEN) $(CFLAGS) $(CPPFLAGS) -c -o $@ $<

# The library as others link it is one object, in which all names but those of w2v.h are local: no
# function of a program can meet one of the library's. Apple's linker does that by itself.
OBJCOPY := $(shell $(CC) -print-prog-name=objcopy 2>/dev/null)
HIDES := $(if $(OBJCOPY),$(shell command -v $(OBJCOPY)))
WHOLE := $(if $(findstring -flto,$(CFLAGS)),$(CFLAGS) -flinker-output=nolto-rel)
$(B)/libw2v.o: $(PARTS)
	$(call says,LD,$@)
	$(Q)$(CC) $(WHOLE) -r -nostdlib -o $@ $^
	$(if $(HIDES),$(Q)$(HIDES) --localize-hidden $@)

$(LIB): $(B)/libw2v.o
	$(call says,AR,$@)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

# The same with all names, for the tests of what is inside.
$(INTERNAL): $(PARTS)
	$(call says,AR,$@)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

$(B)/$(SONAME): $(PARTS)
	$(call says,LD,$@)
	$(Q)$(CC) -shared -Wl,-soname,$(SONAME) $(HARDEN_LINK:-pie=) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
	@ln -sf $(SONAME) $(B)/libw2v.so

$(W2V): $(CLI:%.c=$(B)/%.o) $(LIB)
	$(link)

$(B)/cli.a: $(filter-out %/main.o,$(CLI:%.c=$(B)/%.o))
	@rm -f $@
	$(call says,AR,$@)
	$(Q)$(AR) rcs $@ $^

$(B)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call says,CC,$@)
	$(Q)$(CC) $(OURS) $(HARDEN) $(CFLAGS) $(ISA) $(CPPFLAGS) -c -o $@ $<

# Only these files may use their instructions; kernel.c calls them on CPUs that have them.
ifneq ($(filter x86_64%,$(shell $(CC) -dumpmachine)),)
$(B)/src/kernel/kernel_avx2.o: ISA := -mavx2 -mfma
$(B)/src/kernel/kernel_avx512.o: ISA := -mfma -mavx512f -mavx512vl -mavx512dq -mavx512bw
endif

$(UNIT): $(B)/tests/%: $(B)/tests/unit/%.o $(INTERNAL)
	$(link)

# The Unicode Consortium's own test files; tests/unicode/run.sh runs it where they are installed.
$(B)/tests/conformance: $(B)/tests/unicode/conformance.o $(INTERNAL)
	$(link)

# A fuzz target with a plain main that replays the seeds and past crashes kept in the tree; for
# "make fuzz" the fuzzer brings the main.
FUZZ_MAIN := $(B)/tests/fuzz/replay.o
$(FUZZ): $(B)/tests/%: $(B)/tests/fuzz/%.o $(FUZZ_MAIN) $(B)/cli.a $(INTERNAL)
	$(link)

# The program with the fault layer between it and libc, where the linker can put one there; inject
# runs it. "make faults" injects all faults and prints the table, "make test" a part of them.
WRAPPED := aligned_alloc calloc close fclose fcntl fflush fopen fstat fsync ftruncate getcwd getline \
    link lstat malloc mmap newlocale open pipe poll posix_fallocate posix_spawn_file_actions_adddup2 \
    posix_spawn_file_actions_init posix_spawnattr_init posix_spawnp pread pthread_cond_init \
    pthread_create pthread_mutex_init pwrite read realloc realpath rename send socketpair stat strdup \
    strndup waitpid write fcntl64 fopen64 fstat64 ftruncate64 lstat64 mmap64 open64 \
    posix_fallocate64 pread64 pwrite64 stat64
LAYERED := $(HARDEN_LINK) $(CFLAGS) $(LDFLAGS) $(WRAPPED:%=-Wl,--wrap=%)
WRAPS := $(shell echo 'int main(void) { return 0; }' | $(CC) -x c -Wl,--wrap=open -o /dev/null - \
    2>/dev/null && echo yes)
FAULTS := $(if $(WRAPS),$(B)/tests/inject)

$(B)/w2v-faults: $(CLI:%.c=$(B)/%.o) $(B)/tests/faults/layer.o $(LIB)
	$(call says,LD,$@)
	$(Q)$(CC) $(LAYERED) -o $@ $^ $(LIBS)

$(B)/tests/inject: $(B)/tests/faults/inject.o $(B)/w2v-faults
	@mkdir -p $(@D)
	$(call says,LD,$@)
	$(Q)$(CC) $(HARDEN_LINK) $(CFLAGS) $(LDFLAGS) -o $@ $<

faults: all $(FAULTS)
	@BUILD=$(B) $(B)/tests/inject all

# A terminal for the tests of prompts.
$(B)/pty: tests/cli/pty.c Makefile
	@mkdir -p $(@D)
	$(call says,LD,$@)
	$(Q)$(CC) $(OURS) $(CFLAGS) $(CPPFLAGS) $(LDFLAGS) -o $@ $<

test: all $(UNIT) $(FUZZ) $(FAULTS) $(B)/gen_corpus $(B)/pty
	@W2V=$(W2V) BUILD=$(B) CC="$(CC)" CFLAGS="$(CFLAGS)" sh tests/run.sh $(UNIT) $(SCRIPTS) $(FUZZ) $(FAULTS)

SANITIZED := -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all
check-asan:
	@$(MAKE) test FLAVOUR=asan CFLAGS="$(SANITIZED) -fsanitize=address,undefined" LDFLAGS=
check-clang: # which finds more of what is undefined, offsets to a null pointer for one
	@$(MAKE) test FLAVOUR=clang CC=clang CFLAGS="$(SANITIZED) -fsanitize=address,undefined" LDFLAGS=
check-tsan:
	@THREADED=yes $(MAKE) test FLAVOUR=tsan CFLAGS="$(SANITIZED) -fsanitize=thread" LDFLAGS=
check-tables: all $(UNIT) $(FUZZ) $(B)/gen_corpus $(B)/pty
	@W2V=$(W2V) BUILD=$(B) UNIT="$(UNIT)" SCRIPTS="$(SCRIPTS)" sh tests/tables.sh

check-large: all
	@W2V=$(W2V) sh tests/large.sh $(ONLY)

# Every fuzz target for FUZZ_SECONDS each, from its seeds on; ONLY="vocab json": those alone.
FUZZ_SECONDS ?= 60
FUZZING := fuzzer,address,undefined
fuzzers: $(FUZZ)
fuzz:
	@$(MAKE) -s fuzzers FLAVOUR=fuzz CC=clang FUZZ_MAIN= LDFLAGS=-fsanitize=$(FUZZING) \
	    CFLAGS="-O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined"
	@BUILD=build/fuzz FUZZ_SECONDS=$(FUZZ_SECONDS) sh tests/fuzz/run.sh $(ONLY)

lint:
	@sh tests/lint.sh

demo: all
	@$(MAKE) --no-print-directory $(B)/gen_corpus
	@W2V=$(W2V) GENERATOR=$(B)/gen_corpus sh data/demo.sh $(B)/demo

$(B)/gen_corpus: data/gen_corpus.c Makefile
	@mkdir -p $(@D)
	$(call says,LD,$@)
	$(Q)$(CC) $(OURS) $(CFLAGS) $(CPPFLAGS) $(LDFLAGS) -o $@ $<

BENCH := $(B)/measure $(B)/bench_kernels $(B)/bench_search $(B)/bench_train $(B)/make_vectors $(B)/make_items \
    $(B)/bench_walk $(B)/make_graph
$(BENCH): $(B)/%: $(B)/tests/bench/%.o $(INTERNAL)
	$(link)

benches: $(BENCH)

bench: all benches
ifneq ($(word 2,$(THREADS)),)
	@W2V=$(W2V) BUILD=$(B) sh tests/bench/threads.sh
else
	@BUILD=$(B) sh tests/bench/files.sh
	@W2V=$(W2V) BUILD=$(B) sh tests/bench/run.sh
	@W2V=$(W2V) BUILD=$(B) sh tests/bench/queries.sh
	@W2V=$(W2V) BUILD=$(B) sh tests/bench/map.sh
endif

growth: all $(B)/measure
	@W2V=$(W2V) BUILD=$(B) sh tests/bench/growth.sh

# What the command line names (CORPUS, CELLS, ...) reaches the scripts by the environment.
grid: all $(B)/measure
	@W2V=$(W2V) BUILD=$(B) sh tests/bench/grid.sh
	@W2V=$(W2V) BUILD=$(B) sh tests/bench/sessions.sh

items: all $(B)/measure $(B)/make_items
	@W2V=$(W2V) BUILD=$(B) sh tests/bench/items.sh

graph: all $(B)/measure $(B)/bench_walk $(B)/make_graph
	@W2V=$(W2V) BUILD=$(B) sh tests/bench/graph.sh

# A manual page a subcommand, which are the files cmd_NAME.c.
COMMANDS := $(subst _,-,$(patsubst src/cli/cmd_%.c,%,$(wildcard src/cli/cmd_*.c)))
BINDIR := $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
HEADERS := $(PREFIX)/include
MAN := $(PREFIX)/share/man/man1
BASH_DIR := $(PREFIX)/share/bash-completion/completions
ZSH_DIR := $(PREFIX)/share/zsh/site-functions
FISH_DIR := $(PREFIX)/share/fish/vendor_completions.d
INSTALLED := $(BINDIR)/w2v $(LIBDIR)/libw2v.a $(LIBDIR)/libw2v.so.0 $(LIBDIR)/libw2v.so \
    $(LIBDIR)/pkgconfig/w2v.pc $(HEADERS)/w2v.h $(MAN)/w2v.1 $(COMMANDS:%=$(MAN)/w2v-%.1) \
    $(BASH_DIR)/w2v $(ZSH_DIR)/_w2v $(FISH_DIR)/w2v.fish

# What is generated is made first, so that nothing of it is half there.
install: all
	@rm -rf $(B)/installed
	@mkdir -p $(B)/installed
	$(call says,GEN,$(B)/installed)
	$(Q)$(W2V) help --man >$(B)/installed/w2v.1
	$(Q)for name in $(COMMANDS); do $(W2V) help --man $$name >$(B)/installed/w2v-$$name.1 || exit 1; done
	$(Q)$(W2V) help --completion bash >$(B)/installed/w2v
	$(Q)$(W2V) help --completion zsh >$(B)/installed/_w2v
	$(Q)$(W2V) help --completion fish >$(B)/installed/w2v.fish
	$(Q)printf '%s\n' 'libdir=$(LIBDIR)' 'includedir=$(HEADERS)' '' 'Name: w2v' \
	    'Description: word vectors: training, files, queries' 'Version: $(VERSION)' \
	    'Libs: -L$${libdir} -lw2v' 'Libs.private: -lm -pthread' 'Cflags: -I$${includedir}' \
	    >$(B)/installed/w2v.pc
	$(call says,INST,$(DESTDIR)$(PREFIX))
	$(Q)install -d $(addprefix $(DESTDIR),$(sort $(patsubst %/,%,$(dir $(INSTALLED)))))
	$(Q)install -m 755 $(W2V) $(DESTDIR)$(BINDIR)/w2v
	$(Q)install -m 644 $(LIB) $(DESTDIR)$(LIBDIR)/libw2v.a
ifneq ($(SHARED),)
	$(Q)install -m 755 $(SHARED) $(DESTDIR)$(LIBDIR)/$(SONAME)
	$(Q)ln -sf $(SONAME) $(DESTDIR)$(LIBDIR)/libw2v.so
endif
	$(Q)install -m 644 include/w2v.h $(DESTDIR)$(HEADERS)/w2v.h
	$(Q)install -m 644 $(B)/installed/w2v.pc $(DESTDIR)$(LIBDIR)/pkgconfig/w2v.pc
	$(Q)install -m 644 $(B)/installed/*.1 $(DESTDIR)$(MAN)
	$(Q)install -m 644 $(B)/installed/w2v $(DESTDIR)$(BASH_DIR)/w2v
	$(Q)install -m 644 $(B)/installed/_w2v $(DESTDIR)$(ZSH_DIR)/_w2v
	$(Q)install -m 644 $(B)/installed/w2v.fish $(DESTDIR)$(FISH_DIR)/w2v.fish

uninstall:
	rm -f $(addprefix $(DESTDIR),$(INSTALLED))

# What the last commit holds, and nothing else of the folder.
DIST := w2v-$(VERSION)
dist:
	@mkdir -p build
	$(call says,TAR,build/$(DIST).tar.gz)
	$(Q)git -c tar.umask=0022 archive --format=tar --prefix=$(DIST)/ -o build/$(DIST).tar HEAD
	$(Q)gzip -9nf build/$(DIST).tar

UCD ?= /usr/share/unicode
unicode-tables:
	@mkdir -p build
	$(CC) $(OURS) $(CFLAGS) -o build/unicode_gen $(GENERATOR)
	build/unicode_gen $(UCD) >build/unicode_tables.c
	mv build/unicode_tables.c src/text/unicode_tables.c

clean:
	rm -rf build

.PHONY: all test check-asan check-clang check-tsan check-tables check-large faults fuzz fuzzers lint demo benches bench growth grid items graph install \
        uninstall dist clean unicode-tables
.PRECIOUS: $(B)/tests/unit/%.o $(B)/tests/fuzz/%.o

-include $(shell find $(B) -name '*.d' 2>/dev/null)
