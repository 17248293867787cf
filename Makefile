# scimscope: one Makefile for everything. `make help` lists the targets.
#
# MODE  release (default) | debug | asan | tsan      V=1  show commands
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
BUILD := build/$(MODE)
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-6s %s\n' '$(1)' '$(2)')

LIBS := ncursesw libcjson sqlite3 yaml-0.1 expat libzstd libcrypto libpcre2-8 libutf8proc
WARNINGS := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wformat=2 -Wvla -Wundef \
            -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wcast-qual -Werror
CPPFLAGS += -I. -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64
CFLAGS_release := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong
CFLAGS_debug := -O0 -g3
CFLAGS_asan := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
               -fno-sanitize-recover=all -DARENA_MALLOC
CFLAGS_tsan := -O1 -g -fno-omit-frame-pointer -fsanitize=thread
LDFLAGS_asan := -fsanitize=address,undefined
LDFLAGS_tsan := -fsanitize=thread
CFLAGS += -std=c11 -pthread $(WARNINGS) $(CFLAGS_$(MODE)) \
          $(shell pkg-config --cflags $(LIBS) 2>/dev/null | sed 's/-I/-isystem /g')
LDFLAGS += -pthread $(LDFLAGS_$(MODE))
LDLIBS += $(shell pkg-config --libs $(LIBS) 2>/dev/null) -lm

SOURCES := $(sort $(wildcard core/*.c core/*/*.c core/*/*/*.c import/*.c \
                    $(filter-out tui/main.c,$(wildcard tui/*.c)) tui/*/*.c))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/embed.o
LIBRARY := $(BUILD)/libscimscope.a
PROGRAM := $(BUILD)/scimscope
EMBEDDED := $(sort $(wildcard core/rules/*.yaml themes/*.yaml tui/*.yaml samples/*))
TESTS := $(sort $(wildcard tests/*/test_*.c tests/*/*/test_*.c))
TEST_PROGRAMS := $(TESTS:%.c=$(BUILD)/%)

.PHONY: all lib tests check clean
all: $(PROGRAM)
lib: $(LIBRARY)
tests: $(TEST_PROGRAMS)

$(PROGRAM): $(BUILD)/tui/main.o $(LIBRARY)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(LIBRARY): $(OBJECTS)
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar qcsS $@ $^ && ranlib $@

$(BUILD)/%.o: %.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# Rule packs, themes, keys and samples become bytes of the program.
$(BUILD)/embed.S: $(EMBEDDED) Makefile
	$(call say,EMBED,$@)
	$(Q)mkdir -p $(@D) && tools/embed.sh $(EMBEDDED) > $@

$(BUILD)/embed.o: $(BUILD)/embed.S
	$(Q)$(CC) -c -o $@ $<

# Criterion's macros are not clean under these; the project's own code stays under all of them.
$(BUILD)/tests/%.o: CFLAGS += -Wno-conversion -Wno-cast-qual -Wno-pedantic \
                              -Wno-missing-prototypes -Wno-unused-parameter

# One Criterion program per test file: the archive gives each just the objects it needs.
$(BUILD)/tests/%: $(BUILD)/tests/%.o $(LIBRARY)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(LDLIBS) -lcriterion

# Runs all test programs of this MODE (T=pattern for some of them).
check: $(TEST_PROGRAMS)
	$(Q)for t in $(filter $(if $(T),%$(T)%,%),$(TEST_PROGRAMS)); do $$t --quiet || exit 1; done

clean:
	rm -rf build

-include $(OBJECTS:.o=.d) $(BUILD)/tui/main.d $(TEST_PROGRAMS:=.d)
