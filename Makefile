# SPDX-License-Identifier: GPL-3.0-or-later
#
# reelsim is built by this one file. Objects live under build/<mode>/, so that the modes stand side
# by side; `make help` lists what there is to ask for.
#
#   make MODE=debug              another mode: release (default), debug, asan, tsan, fuzz
#   make V=1                     show the commands
#   make check TESTS=tests/base/test_maths.c       some tests only
#   make check GROUP="base engine" BUILD=/tmp/b    some groups of src/ and tests/ only
#   make CI=true                 warnings are errors

MODE  ?= release
BUILD ?= build
GROUP ?= *
JOBS  ?= $(shell nproc 2>/dev/null || echo 1)
OUT   := $(BUILD)/$(MODE)

PREFIX  ?= /usr/local
DESTDIR ?=
FUZZ_SECONDS ?= 20

MAKEFLAGS += --no-print-directory --no-builtin-rules
ifeq ($(MAKELEVEL)$(filter -j% --jobserver%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(JOBS)
endif
.DELETE_ON_ERROR:
.SUFFIXES:
Q := $(if $(V),,@)

# ---------------------------------------------------------------------------------- compiler

ifeq ($(origin CC),default)
CC := $(if $(filter tsan fuzz,$(MODE)),clang,gcc)
endif

# No -march, no -ffast-math, no contraction: the same bits on every x86-64.
STANDARD := -std=c11 -ffp-contract=off -fno-common -pthread
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
            -Wmissing-prototypes -Wcast-qual -Wwrite-strings -Wpointer-arith -Wformat=2 -Wvla
WERROR   := $(if $(filter-out 0 false no,$(CI)),-Werror)

UNDEFINED := -fsanitize=undefined -fno-sanitize-recover=undefined
MODE_release := -O3 -g1 -DNDEBUG
MODE_debug   := -O0 -g3
MODE_asan    := -O1 -g -fno-omit-frame-pointer -fsanitize=address $(UNDEFINED)
MODE_tsan    := -O1 -g -fno-omit-frame-pointer -fsanitize=thread
# The macro, which clang does not set of itself, takes the checkpoint's sums out of the way.
MODE_fuzz    := -O1 -g -fno-omit-frame-pointer -fsanitize=address $(UNDEFINED) \
    -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
$(if $(MODE_$(MODE)),,$(error MODE=$(MODE): must be release, debug, asan, tsan or fuzz))

# Libraries, wherever pkg-config knows them: CPPFLAGS and LDFLAGS add what it does not know.
PKG_CONFIG ?= pkg-config
CFLAGS     ?=
FOUND      := $(shell PKG_CONFIG="$(PKG_CONFIG)" scripts/find_libraries.sh flags)
# Optional, and known to one source alone.
SQLITE     := $(shell PKG_CONFIG="$(PKG_CONFIG)" scripts/find_libraries.sh sqlite)
SEARCHED   := PKG_CONFIG="$(PKG_CONFIG)" CC="$(CC)" CPPFLAGS="$(CPPFLAGS)" CFLAGS="$(CFLAGS)" \
              LDFLAGS="$(LDFLAGS)"
override CPPFLAGS += -D_GNU_SOURCE -Iinclude -Isrc $(filter -I% -D%,$(FOUND))
COMPILE  := $(CC) $(STANDARD) $(WARNINGS) $(MODE_$(MODE)) $(CPPFLAGS) $(CFLAGS)
LIBS     := $(filter-out -I% -D%,$(FOUND) $(SQLITE)) -ldl

# The second machine code of the kernels. AVX2 without FMA: fused bits would differ.
%_avx2.o: private COMPILE += -mavx2 -mno-fma
# A fuzz target brings its own main; the library needs only the coverage counters.
ifeq ($(MODE),fuzz)
$(OUT)/src/%.o: private COMPILE += -fsanitize=fuzzer-no-link
endif

# --------------------------------------------------------------------------- what there is

MAIN       := src/cli/start.c
# What knows MPI is built by `make mpi` alone.
MPI_SOURCES := src/engine/exchange_mpi.c src/cli/start_mpi.c
SOURCES    := $(filter-out $(MPI_SOURCES),\
    $(sort $(foreach g,$(GROUP),$(wildcard src/$(g)/*.c src/$(g)/*/*.c))))
OBJECTS    := $(patsubst %.c,$(OUT)/%.o,$(filter-out $(MAIN),$(SOURCES)))
# The release program holds all code twice, for any x86-64 and for AVX2, and chooses when it starts
# (src/cli/start.c). The second copy's names begin with avx2_.
ifeq ($(MODE) $(GROUP) $(shell uname -m),release * x86_64)
FAST       := $(OUT)/avx2.o
FAST_FLAGS := -mavx2 -mbmi -mbmi2 -mpopcnt -mno-fma
FAST_OBJECTS := $(OBJECTS:$(OUT)/%=$(OUT)/avx2/%)
endif
LIBRARY    := $(OUT)/libreelsim.a
FAST_LIBRARY := $(OUT)/avx2/libreelsim.a
PROGRAM    := $(if $(filter $(MAIN),$(SOURCES)),$(OUT)/reelsim)

TESTS      ?= $(sort $(foreach g,$(GROUP),$(wildcard tests/$(g)/test_*.c tests/$(g)/*/test_*.c)))
ALL_TESTS  := $(strip $(TESTS))
SLOW_TESTS := $(if $(ALL_TESTS),$(shell grep -l '/\* SLOW \*/' $(ALL_TESTS)))
SHELL_TESTS := $(if $(filter command line,$(origin TESTS)),,$(sort $(wildcard tests/cli/*.sh)))

# Sanitizers take what is worth their time. Slow ones come first, then shell tests, then programs,
# most of which take no second: at the end no core is left waiting.
ifeq ($(MODE),tsan)
RUN_TESTS  := $(if $(ALL_TESTS),$(shell grep -l '/\* THREADS \*/' $(ALL_TESTS)))
RUN_SHELL  :=
else ifeq ($(MODE),asan)
RUN_TESTS  := $(filter-out $(SLOW_TESTS),$(ALL_TESTS))
RUN_SHELL  := $(if $(SHELL_TESTS),$(shell grep -L '^\# SLOW' $(SHELL_TESTS)))
else
RUN_TESTS  := $(ALL_TESTS)
RUN_SHELL  := $(SHELL_TESTS)
endif
TEST_PROGRAMS := $(patsubst %.c,$(OUT)/%,$(RUN_TESTS))
# Slow ones take the quicker of the two codes where this CPU can: a third less time for the same bits.
CAN_AVX2   := $(if $(FAST),$(shell for flag in avx2 bmi1 bmi2 popcnt; do \
    grep -qw $$flag /proc/cpuinfo 2>/dev/null || exit 0; done; echo yes))
FAST_TESTS := $(if $(CAN_AVX2),$(SLOW_TESTS:%.c=$(OUT)/%))
SLOW_ONES  := $(SLOW_TESTS:%.c=$(OUT)/%) \
    $(if $(RUN_SHELL),$(shell grep -l '^\# SLOW' $(RUN_SHELL)))
IN_ORDER   := $(filter $(SLOW_ONES),$(TEST_PROGRAMS) $(RUN_SHELL)) \
    $(filter-out $(SLOW_ONES),$(RUN_SHELL) $(TEST_PROGRAMS))

FUZZERS    := $(patsubst fuzz/%.c,%,$(sort $(wildcard fuzz/fuzz_*.c)))

ENV_asan := ASAN_OPTIONS=strict_string_checks=1:detect_stack_use_after_return=1 \
            UBSAN_OPTIONS=print_stacktrace=1
ENV_tsan := OMP_NUM_THREADS=4

# ------------------------------------------------------------------------------- for people

.PHONY: all mpi demo check picture test lint format asan tsan fuzz bench verify calibration docs install clean help FORCE

all: $(if $(filter release,$(MODE)),reelsim,$(PROGRAM)) $(LIBRARY) ## build ./reelsim (the default)

demo: ## install what is missing, build, run the quick start, say where its report is
	$(Q)scripts/install_packages.sh build run
	$(Q)$(MAKE) all
	$(Q)./reelsim run scenarios/01_quickstart.cfg --force
	@echo "Open output/quickstart/report.html in a browser."

check: ## install what tests need, build, run every test
	$(Q)scripts/install_packages.sh build run test
	$(Q)$(MAKE) test

mpi: $(OUT)/reelsim-mpi ## ./reelsim-mpi, one world in several processes (MPICC=mpicc)
	$(Q)$(if $(filter release,$(MODE)),install -m 755 $< reelsim-mpi)

picture: demo ## docs/quickstart.png from the quick start
	$(Q)mkdir -p docs && cp output/quickstart/plots/overview.png docs/quickstart.png

lint: ## levels of includes, forbidden libm calls, format, cppcheck, sizes, words
	$(Q)scripts/install_packages.sh build lint
	$(Q)$(MAKE) --keep-going MODE=release $(BUILD)/release/objects || true
	$(Q)scripts/lint.sh $(BUILD)/release

format: ## let clang-format write what lint's format check asks for
	$(Q)find src include tests fuzz plugins -name '*.[ch]' -exec clang-format -i {} +

asan: ## the tests under AddressSanitizer and UBSan (gcc)
	$(Q)scripts/install_packages.sh build run test
	$(Q)$(MAKE) MODE=asan test

tsan: ## the tests of threaded code under ThreadSanitizer (clang)
	$(Q)scripts/install_packages.sh build test clang
	$(Q)$(MAKE) MODE=tsan test

fuzz: ## every fuzz/fuzz_*.c for FUZZ_SECONDS (20) each
	$(Q)scripts/install_packages.sh build clang
	$(Q)$(MAKE) MODE=fuzz run-fuzzers

bench: all ## speed of this machine: the engine alone, then the whole program (a few min)
	$(Q)./reelsim bench

verify: all ## windows of 2 to 20 minutes, 200 kills, a sweep under Slurm, 100 fits of calibrate; with DATA=DIR real data, too
	$(Q)scripts/verify.sh ./reelsim $(OUT)/tests $(DATA)

calibration: all ## docs/CALIBRATION.md: china_like.cfg against measured facts (about 12 min)
	$(Q)./reelsim run scenarios/china_like.cfg --force
	$(Q)scripts/calibration.sh ./reelsim output/china_like docs/CALIBRATION.md

docs: all ## regenerate the reference pages of docs/ from the schema
	$(Q)scripts/generate_docs.sh ./reelsim

install: all ## copy to $(DESTDIR)$(PREFIX)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/reelsim
	install -m 755 reelsim $(DESTDIR)$(PREFIX)/bin/reelsim
	cp -R --no-preserve=ownership scenarios plots include plugins $(DESTDIR)$(PREFIX)/share/reelsim/

clean: ## remove what was built; results under output/ stay
	rm -rf $(BUILD) reelsim

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-11s %s\n", $$1, $$2 }' Makefile

# ------------------------------------------------------------------------------------ rules

# $(call write_if_changed,TEXT): the recipe of a file that is new only when its text is.
define write_if_changed
@mkdir -p $(@D)
@printf '%s\n' $(1) >$@.new
@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi
endef

reelsim: $(PROGRAM)
	$(Q)$(if $(PROGRAM),install -m 755 $< $@)
	$(Q)$(SEARCHED) scripts/find_libraries.sh optional

$(OUT)/reelsim: $(MAIN:%.c=$(OUT)/%.o) $(FAST) $(LIBRARY)
	@echo "  LD    $@"
	$(Q)$(COMPILE) -rdynamic -o $@ $^ $(LDFLAGS) $(LIBS)

# With the compiler of the MPI that is there: MPICC=mpicc.mpich chooses.
MPICC ?= mpicc
$(OUT)/reelsim-mpich: private MPICC := mpicc.mpich
MPI_PARTS := $(MPI_SOURCES) $(MAIN) $(FAST) $(LIBRARY)
$(OUT)/reelsim-mpi $(OUT)/reelsim-mpich: $(MPI_PARTS) $(OUT)/mpi_flags
	@echo "  MPI   $@"
	$(Q)command -v $(MPICC) >/dev/null || { echo "$(MPICC) is not there: install Open MPI or" \
	    "MPICH (Debian: libopenmpi-dev openmpi-bin), or name its compiler: MPICC=..."; exit 1; }
	$(Q)$(MPICC) $(subst $(CC) $(STANDARD),$(STANDARD),$(COMPILE)) $(WERROR) -DWITH_RANKS \
	    $(if $(FAST),-DTWO_CODES) -rdynamic -o $@ $(MPI_PARTS) $(LDFLAGS) $(LIBS)
$(OUT)/mpi_flags: FORCE
	$(call write_if_changed,'$(MPICC) $(COMPILE)')

$(LIBRARY): $(OBJECTS) $(OUT)/sources
	@echo "  AR    $@"
	$(Q)rm -f $@.new && $(AR) rcs $@.new $(OBJECTS) && mv $@.new $@

$(FAST_LIBRARY): $(FAST_OBJECTS) $(OUT)/sources
	$(Q)rm -f $@.new && $(AR) rcs $@.new $(FAST_OBJECTS) && mv $@.new $@

$(OUT)/avx2/%.o: private COMPILE += $(FAST_FLAGS)
$(OUT)/avx2/%.o: %.c $(OUT)/flags | $(OUT)/libraries
	@mkdir -p $(@D)
	$(Q)$(COMPILE) $(WERROR) -MMD -MP -MF $(@:.o=.d) -c -o $@ $<

$(OUT)/avx2.o: $(FAST_OBJECTS) $(OUT)/sources
	@echo "  AVX2  $@"
	$(Q)$(LD) -r -o $@.all $(FAST_OBJECTS)
	$(Q)nm -g --defined-only $@.all | awk '{ print $$3, "avx2_" $$3 }' >$@.names
	$(Q)objcopy --redefine-syms=$@.names $@.all $@ && rm $@.all

$(OUT)/%.o: %.c $(OUT)/flags | $(OUT)/libraries
	@mkdir -p $(@D)
	@echo "  CC    $<"
	$(Q)$(COMPILE) $(WERROR) -MMD -MP -MF $(@:.o=.d) -c -o $@ $<

# A test is one source and the library; it may ask for linker flags: /* LINK: -Wl,--wrap=malloc */
# Its own code is compiled faster than it could be, but where it measures or works through all floats.
TEST_LEVEL := $(if $(filter release,$(MODE)),-O1)
$(OUT)/tests/base/% $(OUT)/tests/engine/%: private TEST_LEVEL :=
TEST_LIBRARY := $(LIBRARY)
TEST_LINKER := $(if $(shell command -v ld.gold),-fuse-ld=gold)
$(FAST_TESTS): private TEST_LIBRARY := $(FAST_LIBRARY)
$(FAST_TESTS): $(FAST_LIBRARY)
$(OUT)/tests/%: tests/%.c $(LIBRARY) $(OUT)/flags
	@mkdir -p $(@D)
	@echo "  TEST  $<"
	$(Q)$(COMPILE) $(TEST_LEVEL) $(WERROR) -Itests -MMD -MP -MF $@.d -MT $@ -o $@ $< $(TEST_LIBRARY) \
	    $$(sed -n 's|.*/\* LINK: \(.*\) \*/.*|\1|p' $<) -rdynamic $(TEST_LINKER) $(LDFLAGS) -lcmocka $(LIBS)

$(OUT)/fuzz/%: fuzz/%.c $(LIBRARY) $(OUT)/flags
	@mkdir -p $(@D)
	@echo "  FUZZ  $<"
	$(Q)$(COMPILE) -fsanitize=fuzzer -MMD -MP -MF $@.d -MT $@ -o $@ $< $(LIBRARY) \
	    $(LDFLAGS) $(LIBS)

# Version and revision reach one object only, and only when they change.
$(OUT)/src/base/version.o $(OUT)/avx2/src/base/version.o: private COMPILE += -I$(OUT)
$(OUT)/src/base/version.o $(OUT)/avx2/src/base/version.o: $(OUT)/version.h
$(OUT)/src/cli/start.o: private COMPILE += $(if $(FAST),-DTWO_CODES)
$(OUT)/version.h: FORCE
	$(call write_if_changed,\
	    '#define VERSION_NUMBER "$(shell cat VERSION)"' \
	    '#define VERSION_GIT "$(shell git --no-optional-locks describe --always --dirty \
	                          2>/dev/null || echo unknown)"' \
	    '#define VERSION_DATA "$(PREFIX)/share/reelsim"')

# SQLite came or went: one object, and what is linked with it.
DATABASE := $(OUT)/src/io/database.o $(OUT)/avx2/src/io/database.o
$(DATABASE): private COMPILE += $(if $(SQLITE),-DWITH_SQLITE $(filter -I% -D%,$(SQLITE)))
$(DATABASE): $(OUT)/sqlite
$(OUT)/sqlite: FORCE
	$(call write_if_changed,'$(SQLITE)')

# A change of flags, or a source that came or went, rebuilds what it must.
$(OUT)/flags: FORCE
	$(call write_if_changed,'$(COMPILE)')
# Before the first object: every library that is missing, by name.
$(OUT)/libraries: $(OUT)/flags
	$(Q)$(SEARCHED) scripts/find_libraries.sh check
	$(Q)touch $@
$(OUT)/sources: FORCE
	$(call write_if_changed,'$(OBJECTS)')

.PHONY: objects $(OUT)/objects run-fuzzers $(FUZZERS:%=run-%)
$(OUT)/objects: $(OBJECTS) $(if $(PROGRAM),$(MAIN:%.c=$(OUT)/%.o))

# The test of several processes takes the MPIs that are there.
MPI_TESTED := $(if $(filter tests/cli/mpi.sh,$(RUN_SHELL)),\
    $(if $(shell command -v mpicc.mpich),$(OUT)/reelsim-mpich) \
    $(if $(shell command -v mpicc),$(OUT)/reelsim-mpi))

test: all $(TEST_PROGRAMS) $(MPI_TESTED)
	$(Q)$(ENV_$(MODE)) REELSIM=$(abspath $(PROGRAM)) CC="$(CC)" JOBS=$(JOBS) \
	    scripts/run_tests.sh $(OUT)/tests $(IN_ORDER)

# One after another: each has the machine for its seconds.
run-fuzzers: $(FUZZERS:%=$(OUT)/fuzz/%)
	$(Q)for name in $(FUZZERS); do \
	    scripts/run_fuzzer.sh $(OUT)/fuzz/$$name fuzz/corpus/$${name#fuzz_} $(FUZZ_SECONDS) \
	        || exit 1; \
	done

-include $(wildcard $(OBJECTS:.o=.d) $(MAIN:%.c=$(OUT)/%.d) $(FAST_OBJECTS:.o=.d) $(TEST_PROGRAMS:=.d) $(OUT)/fuzz/*.d)
