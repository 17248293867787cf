# scimscope: one Makefile for everything. `make help` lists the targets.
#
# MODE  release (default) | debug | asan | tsan    CC  gcc (default) | clang    V=1  show commands
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.SECONDARY:
MAKEFLAGS += --no-builtin-rules

MODE ?= release
CC ?= gcc
ifeq ($(origin CC),default)
CC := gcc
endif
BUILD := build/$(MODE)$(if $(findstring clang,$(CC)),-clang)
PREFIX ?= /usr/local
Q := $(if $(V),,@)
quiet := $(V)$(findstring s,$(filter-out --%,-$(firstword $(MAKEFLAGS))))
say = $(if $(quiet),,@printf '  %-6s %s\n' '$(1)' '$(2)')

# Every package that building and testing need, and what it is for.
BUILD_PACKAGES := gcc make pkg-config libc6-dev binutils gettext \
    libncurses-dev libcjson-dev libsqlite3-dev libyaml-dev libexpat1-dev libzstd-dev libssl-dev \
    libpcre2-dev libutf8proc-dev zlib1g-dev libbrotli-dev libarchive-dev
TEST_PACKAGES := clang clang-tidy clang-format cppcheck shellcheck libcriterion-dev tmux python3 \
    sqlite3 git ncurses-term

LIBS := ncursesw libcjson sqlite3 yaml-0.1 expat libzstd libcrypto libpcre2-8 libutf8proc \
        zlib libbrotlidec libarchive
WARNINGS := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wformat=2 -Wvla -Wundef \
            -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wcast-qual -Werror
CPPFLAGS += -I. -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64
CFLAGS_release := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong
CFLAGS_debug := -O0 -g3
CFLAGS_asan := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
               -fno-sanitize-recover=all -DARENA_MALLOC
# clang only: libFuzzer's own counters, AddressSanitizer and UBSan.
CFLAGS_fuzz := -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined \
               -fno-sanitize-recover=all -DARENA_MALLOC
CFLAGS_tsan := -O1 -g -fno-omit-frame-pointer -fsanitize=thread
LDFLAGS_asan := -fsanitize=address,undefined
LDFLAGS_fuzz := -fsanitize=fuzzer,address,undefined
LDFLAGS_tsan := -fsanitize=thread
# := asks pkg-config once; targets that install packages build in a make of their own.
LIBS_CFLAGS := $(shell pkg-config --cflags $(LIBS) 2>/dev/null | sed 's/-I/-isystem /g')
LIBS_LDLIBS := $(shell pkg-config --libs $(LIBS) 2>/dev/null)
CFLAGS += -std=c11 -pthread $(WARNINGS) $(CFLAGS_$(MODE)) $(LIBS_CFLAGS)
LDFLAGS += -pthread $(LDFLAGS_$(MODE))
LDLIBS += $(LIBS_LDLIBS) -lm

SOURCES := $(sort $(wildcard core/*.c core/*/*.c core/*/*/*.c import/*.c import/*/*.c) \
                  $(filter-out tui/main.c,$(wildcard tui/*.c)) $(wildcard tui/*/*.c))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/embed.o
CATALOGUES := $(patsubst %.po,$(BUILD)/%.mo,$(wildcard po/*.po))
LIBRARY := $(BUILD)/libscimscope.a
PROGRAM := $(BUILD)/scimscope
EMBEDDED := $(sort $(wildcard core/rules/*.yaml themes/*.yaml tui/*.yaml samples/*))
TESTS := $(filter-out tests/threads/%,$(sort $(wildcard tests/*/test_*.c tests/*/*/test_*.c \
         tests/*/*/*/test_*.c)))
TEST_PROGRAMS := $(TESTS:%.c=$(BUILD)/%)
THREAD_TESTS := $(sort $(wildcard tests/threads/*.c))
THREAD_PROGRAMS := $(THREAD_TESTS:%.c=$(BUILD)/%)
FUZZERS := $(sort $(wildcard tests/fuzz/fuzz_*.c))
FUZZ_PROGRAMS := $(FUZZERS:%.c=$(BUILD)/%)
REPLAYS := $(FUZZERS:tests/fuzz/fuzz_%.c=$(BUILD)/tests/fuzz/replay_%)
BENCHES := $(sort $(wildcard tests/bench/*.c))
BENCH_PROGRAMS := $(BENCHES:%.c=$(BUILD)/%)

.PHONY: all lib tests threads benches fuzzers replays check deps run test lint words format bench \
        bench-check bench-readme fuzz faults monkey install uninstall clean help
all: $(PROGRAM)
lib: $(LIBRARY)
tests: $(TEST_PROGRAMS)
threads: $(THREAD_PROGRAMS)
fuzzers: $(FUZZ_PROGRAMS)
replays: $(REPLAYS)
benches: $(BENCH_PROGRAMS)

help:
	@printf '%s\n' \
	  'make               build $(PROGRAM)   (MODE=debug|asan|tsan, CC=clang, V=1)' \
	  'make deps          install the packages that are missing' \
	  'make run           build, import the sample logs, open the explorer (FILES="a.evtx b.har")' \
	  'make test          everything: gcc and clang, ASan, UBSan, TSan, end to end, lint' \
	  'make check         the unit tests of this MODE (T=test_name for one)' \
	  'make lint          doors between the parts, banned calls, lengths, static analysis' \
	  'make words         bring new texts of the program into po/*.po, to be translated' \
	  'make format        clang-format (version 14, as Debian 12 has it) over all sources' \
	  'make bench         how fast it is, side by side with its libraries and other programs' \
	  'make bench-check   the same; fails when a ratio that holds has fallen below its line' \
	  'make bench-readme  puts the table of the last make bench into the README' \
	  'make fuzz          each fuzz target for FUZZ_SECONDS (60); T=name for one' \
	  'make faults        imports with every allocation and every write failing once' \
	  'make monkey        $$(KEYS) random keys and resizes in the explorer (SEED=n for others)' \
	  'make install       to $$(DESTDIR)$(PREFIX); make uninstall takes it out again' \
	  'make clean         remove build/'

# --- building -------------------------------------------------------------------------------------

$(PROGRAM): $(BUILD)/tui/main.o $(LIBRARY)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# Appended to, not replaced: two objects may have the same file name in different folders.
$(LIBRARY): $(OBJECTS) $(BUILD)/objects.list
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar qcsS $@ $(OBJECTS) && ranlib $@

$(BUILD)/%.o: %.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# Translations; that none is missing, a test proves (tests/e2e/words.sh).
$(BUILD)/po/%.mo: po/%.po
	$(call say,MSGFMT,$<)
	$(Q)mkdir -p $(@D) && msgfmt --check-format --check-domain -o $@ $<

# Rule packs, themes, keys, samples and translations become bytes of the program.
$(BUILD)/embed.S: $(EMBEDDED) $(CATALOGUES) tools/embed.sh $(BUILD)/embed.list
	$(call say,EMBED,$@)
	$(Q)mkdir -p $(@D) && tools/embed.sh $(EMBEDDED) $(CATALOGUES) > $@

$(BUILD)/embed.o: $(BUILD)/embed.S
	$(Q)$(CC) -c -o $@ $<

# Lists that change only when files come or go, so that a deleted file leaves nothing behind.
$(BUILD)/objects.list: LISTED = $(OBJECTS)
$(BUILD)/embed.list: LISTED = $(EMBEDDED) $(CATALOGUES)
$(BUILD)/%.list: FORCE
	$(Q)mkdir -p $(@D); echo '$(LISTED)' | cmp -s - $@ || echo '$(LISTED)' > $@
FORCE:

# Criterion's macros are not clean under these; the project's own code stays under all of them.
$(BUILD)/tests/%.o: CFLAGS += -Wno-conversion -Wno-cast-qual -Wno-pedantic \
                              -Wno-missing-prototypes -Wno-unused-parameter \
                              -Wno-string-concatenation

# One Criterion program per test file: the archive gives each just the objects it needs.
$(BUILD)/tests/%: $(BUILD)/tests/%.o $(LIBRARY)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(LDLIBS) -lcriterion

# Criterion does not start under ThreadSanitizer, so these have a main of their own.
$(BUILD)/tests/threads/%: $(BUILD)/tests/threads/%.o $(LIBRARY)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(LDLIBS)

# A fuzz target, and the same with a main that runs files of past findings and seeds.
$(BUILD)/tests/fuzz/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(LIBRARY)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(LDLIBS)

$(BUILD)/tests/fuzz/replay_%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/tests/fuzz/replay.o $(LIBRARY)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(LDLIBS)

$(BUILD)/tests/bench/%: $(BUILD)/tests/bench/%.o $(LIBRARY)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(LDLIBS)

clean:
	rm -rf build

# --- using ----------------------------------------------------------------------------------------

deps:
	$(Q)tools/deps.sh $(BUILD_PACKAGES) $(DEPS_MORE)

FILES ?= $(sort $(wildcard samples/*))
run: deps
	$(Q)$(MAKE) --no-print-directory MODE=release all >&2
	$(Q)mkdir -p build/run
	$(Q)build/release/scimscope --db build/run/index.db $(FILES)

# The translations are in the program; the man page is written by it in each language.
MAN := $(PREFIX)/share/man
install: all
	install -D -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/scimscope
	install -d $(DESTDIR)$(MAN)/man1 $(DESTDIR)$(MAN)/ja/man1
	$(PROGRAM) --lang en help --man > $(DESTDIR)$(MAN)/man1/scimscope.1
	$(PROGRAM) --lang ja help --man > $(DESTDIR)$(MAN)/ja/man1/scimscope.1
	chmod 644 $(DESTDIR)$(MAN)/man1/scimscope.1 $(DESTDIR)$(MAN)/ja/man1/scimscope.1
	install -D -m 644 tools/completion.bash \
	    $(DESTDIR)$(PREFIX)/share/bash-completion/completions/scimscope

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/scimscope $(DESTDIR)$(MAN)/man1/scimscope.1 \
	    $(DESTDIR)$(MAN)/ja/man1/scimscope.1 \
	    $(DESTDIR)$(PREFIX)/share/bash-completion/completions/scimscope

# --- proving --------------------------------------------------------------------------------------

# Runs the unit tests of this MODE (T=pattern for some of them).
CHECKED := $(foreach t,$(TEST_PROGRAMS),$(if $(findstring $(T),$(t)),$(t)))
check: $(if $(T),$(CHECKED),$(TEST_PROGRAMS))
	$(Q)for t in $^; do $$t --quiet || { echo "failed: $$t"; exit 1; }; done

lint:
	$(Q)tools/lint.sh $(if $(DEEP),--deep)

words:
	$(Q)tools/words.sh update

format:
	clang-format -i $$(git ls-files -co --exclude-standard '*.c' '*.h')

# Everything that is run must have been built with every warning an error, by both compilers.
test:
	$(Q)$(MAKE) --no-print-directory deps DEPS_MORE='$(TEST_PACKAGES)'
	$(Q)$(MAKE) --no-print-directory MODE=asan all tests replays
	$(Q)$(MAKE) --no-print-directory MODE=debug CC=clang all tests threads
	$(Q)$(MAKE) --no-print-directory MODE=tsan threads
	$(Q)$(MAKE) --no-print-directory MODE=release all benches
	$(Q)tests/run.sh

bench:
	$(Q)$(MAKE) --no-print-directory MODE=release all benches
	$(Q)BENCH_TABLE=build/bench/table.txt tests/bench/run.sh

bench-readme:
	$(Q)tests/bench/readme.sh

bench-check:
	$(Q)$(MAKE) --no-print-directory MODE=release all benches
	$(Q)BENCH_CHECK=1 tests/bench/run.sh

# Random keys and resizes on a terminal, under AddressSanitizer; the same SEED, the same keys.
KEYS ?= 10000
SEED ?= 20261122
monkey:
	$(Q)$(MAKE) --no-print-directory MODE=asan all
	$(Q)rm -rf build/monkey && mkdir -p build/monkey
	$(Q)build/asan/scimscope --db build/monkey/index.db import $(sort $(wildcard samples/*)) \
	    >build/monkey/import.txt 2>&1 || [ $$? -eq 3 ]
	$(Q)ASAN_OPTIONS=log_path=$(CURDIR)/build/monkey/asan \
	    python3 tests/pty/monkey.py build/asan/scimscope build/monkey/index.db $(KEYS) $(SEED)
	$(Q)! cat build/monkey/asan* 2>/dev/null

# --- fuzzing and fault injection -----------------------------------------------------------------

FUZZ_SECONDS ?= 60
fuzz:
	$(Q)FUZZ_SECONDS=$(FUZZ_SECONDS) tests/fuzz/run.sh $(T)

faults:
	$(Q)$(MAKE) --no-print-directory MODE=release all
	$(Q)tests/faults/run.sh $(POINTS)

-include $(OBJECTS:.o=.d) $(BUILD)/tui/main.d $(TEST_PROGRAMS:=.d) $(THREAD_PROGRAMS:=.d) \
         $(BENCH_PROGRAMS:=.d) $(FUZZ_PROGRAMS:=.d) $(BUILD)/tests/fuzz/replay.d
