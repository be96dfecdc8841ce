# SPDX-License-Identifier: MIT
# autodiff: build, test, demo, bench, docs, install. `make help` lists the targets.
#
# Sources are globbed: a new file in tape/, ops/, autodiff/, tests/ or demos/ needs no line here.
# Every variant (BLAS=builtin, SANITIZE=1, another compiler) is built in a folder of its own under
# $(BUILD), so that no two ever mix; build/autodiff and build/libautodiff.* lead to the one that
# `make` built last.

BUILD    ?= build
PREFIX   ?= /usr/local
LIBDIR   ?= $(PREFIX)/lib
BINDIR   ?= $(PREFIX)/bin
INCDIR   ?= $(PREFIX)/include
MANDIR   ?= $(PREFIX)/share/man
DOCDIR   ?= $(PREFIX)/share/doc/autodiff
BLAS     ?= openblas
SANITIZE ?=
FUZZ_SECONDS ?= 60
FUZZ_SEED ?= 0
OBJCOPY  ?= objcopy
ifeq ($(origin AR),default)
AR := ar
endif
ifeq ($(origin LD),default)
LD := ld
endif

MAKEFLAGS += --no-builtin-rules --no-print-directory
SHELL := /bin/sh
.DEFAULT_GOAL := all
.SUFFIXES:
.DELETE_ON_ERROR:
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' $(1) $(patsubst $(CURDIR)/%,%,$(2)))
goals := $(or $(MAKECMDGOALS),all)

# All processors, unless -j says otherwise or several goals are to follow one another.
ifeq ($(MAKELEVEL)-$(words $(goals))$(filter -j%,$(MAKEFLAGS)),0-1)
  MAKEFLAGS += -j$(shell nproc)
endif

# ---- Variant --------------------------------------------------------------------------------

variant := $(if $(filter builtin,$(BLAS)),builtin,blas)$(if $(findstring clang,$(CC)),-clang)
sanitizer-1      := -fsanitize=address,undefined -fno-sanitize-recover=all
sanitizer-thread := -fsanitize=thread -fno-sanitize-recover=all
sanitizer-fuzz   := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
ifneq ($(SANITIZE),)
  variant := $(variant)-sanitize$(filter-out -1,-$(SANITIZE))
  INSTRUMENT := -O1 -fno-omit-frame-pointer $(or $(sanitizer-$(SANITIZE)),\
                  $(error SANITIZE is 1 (address, undefined) or thread))
endif
ifneq ($(COVERAGE),)
  variant := $(variant)-coverage
  INSTRUMENT := -O0 --coverage
endif
OUT := $(BUILD)/$(variant)

# ---- Set-up: what is missing is installed, or named (.setup) --------------------------------

needs := $(if $(filter-out clean dist help uninstall,$(goals)),build)
needs += $(if $(filter-out all demo bench compare dist docs format lint install uninstall clean help,$(goals)),tests)
needs += $(filter compare docs fuzz lint test-valgrind,$(patsubst format,lint,$(goals)))
needs += $(if $(filter bench,$(goals)),$(if $(filter install,$(PEERS)),peers))
needs := $(strip $(needs))
empty :=
settings := $(OUT)/setup/$(subst $(empty) ,-,$(needs)).mk
ifneq ($(needs),)
  include $(settings)
endif

$(settings): .setup
	@mkdir -p $(@D)
	@CC='$(CC)' CXX='$(CXX)' BLAS='$(BLAS)' BLAS_LIBS='$(BLAS_LIBS)' DEPS='$(DEPS)' \
	    ./.setup $(needs) > $@

# ---- Sources and flags ----------------------------------------------------------------------

other-kernels  := ops/kernels/$(if $(filter builtin,$(KERNELS)),blas,builtin)%.c
# The program alone needs these: linked statically, their LAPACK asks for Fortran's library.
decompositions := ops/kernels/%_decompositions.c
library-source := $(filter-out $(other-kernels) $(decompositions),\
                    $(wildcard tape/*.c ops/*.c ops/*/*.c autodiff/*.c))
script-source  := $(wildcard autodiff/script/*/*.c) \
                  $(filter-out $(other-kernels),$(wildcard $(subst %,*,$(decompositions))))
suite-source   := $(wildcard tests/test_*.c)
helper-source  := $(filter-out $(suite-source) tests/strict_arena.c,$(wildcard tests/*.c))
public-headers := autodiff/autodiff.h autodiff/autodiff.hpp autodiff/inline.h \
                  $(shell sed -n 's|^.include <\(autodiff/.*\)>|\1|p' autodiff/autodiff.h)

version-part = $(shell sed -n 's/^.define AD_VERSION_$(1) *//p' autodiff/autodiff.h)
MAJOR   := $(call version-part,MAJOR)
VERSION := $(MAJOR).$(call version-part,MINOR).$(call version-part,PATCH)

CFLAGS   ?= -O2 -g
WARNINGS ?= -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
# The shared library and the program stop what overruns a buffer; the static library does without,
# which costs small operations some 3 % less. Some compilers set a level of their own.
HARDEN   := $(if $(INSTRUMENT),,-fstack-protector-strong \
            $(if $(filter -O1 -O2 -O3 -Os -Ofast,$(CFLAGS)),-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2))
FLAGS    := -std=c11 $(CFLAGS) $(WARNINGS) -ffp-contract=off -fvisibility=hidden $(INSTRUMENT) -I. \
            $(CPPFLAGS)
LINK      = $(CC) $(CFLAGS) $(INSTRUMENT) -Wl,-z,relro,-z,now $(LDFLAGS)

library := $(OUT)/libautodiff.a $(OUT)/libautodiff.so
program := $(if $(filter %/main.c,$(script-source)),$(OUT)/autodiff)
# With ONLY the suites whose names have one of its words.
having   = $(foreach s,$(2),$(if $(findstring $(1),$(notdir $(s))),$(s)))
chosen   = $(if $(ONLY),$(sort $(foreach word,$(ONLY),$(call having,$(word),$(1)))),$(1))
suites  := $(call chosen,$(suite-source:%.c=$(OUT)/%))
scripts := $(if $(INSTRUMENT),,$(call chosen,$(wildcard tests/test_*.sh)))
demos   := $(patsubst %.c,$(OUT)/%,$(wildcard demos/*.c))
benches := $(patsubst %.c,$(OUT)/%,$(wildcard tests/bench/*.c)) \
           $(if $(wildcard autodiff/inline.h),$(OUT)/tests/bench/scalar_inline)
# Other libraries: ADOL-C where it is installed, the rest from their sources: ADEPT=folder CODIPACK=folder
peers := $(if $(filter bench,$(goals)),$(patsubst %,$(OUT)/tests/bench/peers/%, \
           $(if $(wildcard /usr/include/adolc/adolc.h),adolc) $(if $(ADEPT),adept) \
           $(if $(CODIPACK),codipack)))
fuzzers := $(patsubst %.c,$(OUT)/%,$(wildcard tests/fuzz/*.c))
fuzz-source := $(wildcard tests/fuzz/interface/*.c)
objects  = $(patsubst %.c,$(OUT)/$(1)/%.o,$(2))

.PHONY: all demo test test-valgrind coverage fuzz lint format check-all bench compare canary docs install uninstall dist clean help FORCE
.SECONDARY:

# What $(BUILD) itself shows of this variant: links to what is built. Those that are right stay, so
# that what someone else built can be installed.
show = $(if $(INSTRUMENT),,@cd $(BUILD) && for file in $(patsubst $(OUT)/%,$(variant)/%,$(1)); do \
    [ "$$(readlink $${file##*/})" = $$file ] || ln -sfn $$file .; done)

## the libraries and the program
all: $(library) $(program)
	$(call show,$(OUT)/libautodiff.* $(program))

# ---- Compiling and linking ------------------------------------------------------------------

# A file that changes when the text in it does: what depends on it is made again then.
define stamp
$(OUT)/$(1): FORCE
	@mkdir -p $$(@D)
	@printf '%s\n' '$(2)' | cmp -s - $$@ || printf '%s\n' '$(2)' > $$@
endef
$(eval $(call stamp,flags,$(CC) $(FLAGS) $(BLAS_CFLAGS) $(EDIT_CFLAGS) $(BLAS_LIBS)))
$(eval $(call stamp,sources,$(library-source) $(script-source) $(helper-source) $(fuzz-source)))

# Compilation of $< into $@, with its header dependencies.
define compile
@mkdir -p $(@D)
$(call say,CC,$<)
$(Q)$(CC) $(FLAGS) $(EXTRA) -MMD -MP -c $< -o $@
endef

$(OUT)/pic/%.o: EXTRA = $(BLAS_CFLAGS) -fPIC -fno-semantic-interposition $(HARDEN)
$(OUT)/obj/%.o: EXTRA = $(BLAS_CFLAGS)
$(OUT)/obj/autodiff/script/%.o: EXTRA = $(EDIT_CFLAGS) $(HARDEN)
$(OUT)/obj/tests/%.o: EXTRA = $(CHECK_CFLAGS) $(EDIT_CFLAGS) -DTEST_BUILD='"$(TEST_BUILD)"' \
                                 -DTEST_KERNELS='"$(KERNELS)"'
$(OUT)/obj/tests/bench/%.o: EXTRA = $(BLAS_CFLAGS) $(if $(filter builtin,$(KERNELS)),,-DHAVE_LAPACK)
$(OUT)/obj/tests/bench/scalar_inline.o: EXTRA += -DBENCH_INLINE
$(OUT)/obj/tests/bench/scalar_inline.o: tests/bench/scalar.c $(OUT)/flags
	$(compile)
$(OUT)/pic/%.o: %.c $(OUT)/flags
	$(compile)
$(OUT)/obj/%.o: %.c $(OUT)/flags
	$(compile)

# The functions of scripts that are written as a script: its lines as strings, without comments.
prelude := $(OUT)/obj/prelude.o
$(OUT)/prelude.c: $(wildcard autodiff/script/library/prelude/*.ad)
	@mkdir -p $(@D)
	$(Q){ echo 'extern const char *const prelude_lines[];'; \
	    echo 'const char *const prelude_lines[] = {'; \
	    sed '/^ *%/d; /^$$/d; s/[\\"]/\\&/g; s/.*/    "&",/' $^; echo '    0};'; } > $@
$(prelude): $(OUT)/prelude.c $(OUT)/flags
	$(compile)

$(OUT)/%.a: $(OUT)/sources
	@mkdir -p $(@D)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $(filter %.o,$^)
$(OUT)/internal.a: $(call objects,obj,$(library-source))
# One object whose hidden symbols are local: a program may have an arena_free of its own.
$(OUT)/libautodiff.a: $(OUT)/public.o
$(OUT)/public.o: $(call objects,obj,$(library-source)) $(OUT)/sources
	$(call say,LINK,$@)
	$(Q)$(LD) -r $(filter %.o,$^) -o $@ && $(OBJCOPY) --localize-hidden $@
$(OUT)/script.a: $(prelude) $(call objects,obj,$(filter-out %/main.c,$(script-source)))
$(OUT)/helpers.a: $(call objects,obj,$(helper-source))
$(OUT)/interface.a: $(call objects,obj,$(fuzz-source))

$(OUT)/libautodiff.so.$(VERSION): $(call objects,pic,$(library-source)) $(OUT)/sources
	$(call say,LINK,$@)
	$(Q)$(LINK) -shared -Wl,-soname,libautodiff.so.$(MAJOR) $(if $(INSTRUMENT),,-Wl,-z,defs) \
	    $(filter %.o,$^) $(BLAS_LIBS) -lm -o $@
$(OUT)/libautodiff.so: $(OUT)/libautodiff.so.$(VERSION)
	@ln -sfn $(<F) $@.$(MAJOR) && ln -sfn $(@F).$(MAJOR) $@

# A program from its object and whatever archives it names.
define link
@mkdir -p $(@D)
$(call say,LINK,$@)
$(Q)$(LINK) $(filter %.o,$^) $(filter %.a,$^) $(LIBS) $(BLAS_LIBS) -lm -o $@
endef

$(OUT)/autodiff: LIBS = $(EDIT_LIBS)
$(OUT)/autodiff: $(prelude) $(call objects,obj,$(script-source)) $(call objects,pic,$(library-source))
	$(link)
$(OUT)/tests/test_%: LIBS = $(CHECK_LIBS) -lgmp -lpthread
$(OUT)/tests/test_%: $(OUT)/obj/tests/test_%.o $(OUT)/helpers.a $(OUT)/interface.a \
                     $(if $(script-source),$(OUT)/script.a) $(OUT)/internal.a
	$(link)
# An arena of its own, in place of the library's, for this suite alone.
$(OUT)/tests/test_allocation_failures: $(OUT)/obj/tests/strict_arena.o
$(OUT)/tests/bench/%: $(OUT)/obj/tests/bench/%.o $(OUT)/libautodiff.a
	$(link)
$(OUT)/tests/bench/peers/adolc: PEER = -ladolc
$(OUT)/tests/bench/peers/adept: PEER = -I$(ADEPT)/include $(wildcard $(ADEPT)/adept/*.cpp)
$(OUT)/tests/bench/peers/codipack: PEER = -I$(CODIPACK)/include
$(OUT)/tests/bench/peers/%: tests/bench/peers/%.cpp tests/bench/peers/peers.hpp tests/bench/bench.h
	@mkdir -p $(@D)
	$(call say,CXX,$<)
	$(Q)$(CXX) -O2 -I. $< $(PEER) -o $@
$(OUT)/tests/compare/%: $(OUT)/obj/tests/compare/%.o $(OUT)/libautodiff.a
	$(link)
$(OUT)/tests/fuzz/%: LIBS = -fsanitize=fuzzer
$(OUT)/tests/fuzz/%: $(OUT)/obj/tests/fuzz/%.o $(OUT)/interface.a \
                     $(if $(script-source),$(OUT)/script.a) $(OUT)/internal.a
	$(link)
$(OUT)/demos/%: $(OUT)/obj/demos/%.o $(OUT)/libautodiff.a
	$(link)

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)

# ---- Running --------------------------------------------------------------------------------

# What the test scripts in tests/ are told.
export CC CXX MAKE BUILD BLAS
export TEST_BUILD := $(abspath $(OUT))
export TEST_LIBS = $(BLAS_LIBS) -lm
slow := $(or $(SANITIZE),$(COVERAGE),$(WRAP))
export CK_DEFAULT_TIMEOUT ?= 30
export CK_TIMEOUT_MULTIPLIER ?= $(if $(slow),20,1)
export ASAN_OPTIONS ?= detect_leaks=1
export UBSAN_OPTIONS ?= print_stacktrace=1
ifneq ($(slow),)
export OPENBLAS_NUM_THREADS ?= 1
endif

## every demo and gradient script on its data; with gnuplot their pictures, into build/pictures
demo: $(program) $(demos)
	$(if $(program),$(call show,$(program)))
	@sh demos/run.sh '$(BUILD)/pictures' $(program) $(demos) $(wildcard demos/*.ad)

## every test (SANITIZE=1: address and undefined, SANITIZE=thread: data races)
test: all $(suites)
	@sh tests/run.sh $(suites) $(scripts)

## the Check suites under valgrind
test-valgrind: all $(suites)
	@WRAP='valgrind -q --leak-check=full --error-exitcode=99' CK_TIMEOUT_MULTIPLIER=50 \
	    OPENBLAS_NUM_THREADS=1 sh tests/run.sh $(suites)

## line coverage of the tests, file by file
coverage:
	@$(MAKE) COVERAGE=1 test
	@sh tests/coverage.sh $(OUT)-coverage/obj

## the fuzzers in tests/fuzz, FUZZ_SECONDS=60 each; FUZZ_SEED=1: the same bytes each time
fuzz:
	@$(MAKE) CC=clang SANITIZE=fuzz fuzz-run
fuzz-run: $(fuzzers)
	@for fuzzer in $(fuzzers); do \
	    mkdir -p $$fuzzer.corpus; seeds=tests/fuzz/$${fuzzer##*/}.seeds; [ -d $$seeds ] || seeds=; \
	    [ $${fuzzer##*/} != fuzz_script ] || seeds="$$seeds tests/data/programs"; \
	    echo "$${fuzzer##*/}: $(FUZZ_SECONDS) seconds"; \
	    $$fuzzer -max_total_time=$(FUZZ_SECONDS) -seed=$(FUZZ_SEED) -timeout=20 -print_final_stats=1 \
	        -artifact_prefix=$$fuzzer- $$fuzzer.corpus $$seeds >$$fuzzer.log 2>&1 || \
	        { tail -n 40 $$fuzzer.log; exit 1; }; \
	    sed -n 's/^stat::number_of_executed_units: */  nothing found, runs: /p' $$fuzzer.log; \
	done

## the sources, read by clang-format, clang-tidy, cppcheck and shellcheck
lint:
	@LINT_FLAGS='$(BLAS_CFLAGS) $(EDIT_CFLAGS)' sh tests/lint.sh
## the sources, formatted
format:
	@find tape ops autodiff tests demos '(' -name '*.[ch]' -o -name '*.[ch]pp' ')' \
	    -exec clang-format -i {} +
## everything that must hold before a change goes in
check-all:
	@MAKEFLAGS= .ci/run

## breaks a rule, an expected output and an exit code in a copy: the tests must report each
canary:
	@sh tests/canary.sh

## speed side by side with plain C, LAPACK and the peers that are installed
bench: $(benches) $(peers) $(program)
	@for bench in $(benches) $(peers); do $$bench $(program) || exit 1; done

## the same formulas by PyTorch and by autodiff: docs/comparison.md and its pictures
compare: $(OUT)/tests/compare/engine
	@$(PYTHON) -B tests/compare/compare.py $< "$$($(CC) --version | head -n 1)"

pictures := $(patsubst %.dot,$(BUILD)/%.svg,$(wildcard docs/*.dot)) \
            $(patsubst %.gnuplot,$(BUILD)/%.svg,$(wildcard docs/*.gnuplot))
## the pictures of docs/, into build/docs
docs: $(pictures)
$(BUILD)/docs/%.svg: docs/%.dot
	@mkdir -p $(@D)
	$(call say,DOT,$@)
	$(Q)dot -Tsvg $< -o $@
$(BUILD)/docs/%.svg: docs/%.gnuplot
	@mkdir -p $(@D)
	$(call say,PLOT,$@)
	$(Q)gnuplot -e "set terminal svg size 760,480; set output '$@'" $<

# ---- Installing -----------------------------------------------------------------------------

install uninstall: export OUT := $(OUT)
install uninstall: export VERSION := $(VERSION)
install uninstall: export HEADERS := $(public-headers)
install uninstall: export PROGRAM := $(program)
$(foreach v,DESTDIR PREFIX LIBDIR INCDIR BINDIR MANDIR DOCDIR,\
    $(eval install uninstall: export $(v) := $$($(v))))
install: export BLAS_LIBS := $(BLAS_LIBS)

## into PREFIX=/usr/local (DESTDIR, LIBDIR, INCDIR, BINDIR, MANDIR, DOCDIR)
install: all
	@./.install install

## removes what install put there
uninstall:
	@./.install uninstall

dist := autodiff-$(VERSION)
# The time of the commit, or that of this file: the same sources make the same bytes anywhere.
dist-time = $(or $(SOURCE_DATE_EPOCH), \
              $(shell git log -1 --format=%ct 2>/dev/null || stat -c %Y Makefile))
## the sources as $(BUILD)/autodiff-VERSION.tar.gz
dist:
	@mkdir -p $(BUILD)
	tar -czf $(BUILD)/$(dist).tar.gz --sort=name --owner=0 --group=0 --numeric-owner \
	    --mode=u=rwX,go=rX --mtime=@$(dist-time) --transform='s,^,$(dist)/,' Makefile README.md \
	    .setup .install .gitignore .ci .clang-format .clang-tidy autodiff demos docs ops tape tests

## removes build/
clean:
	rm -rf $(BUILD)

## this list
help:
	@awk '/^## / { text = substr($$0, 4) } \
	    /^[a-z-]+:/ && text { sub(":.*", ""); printf "  make %-14s %s\n", $$0, text; text = "" }' Makefile
	@echo 'Variables: BLAS=builtin (no BLAS, no LAPACK), SANITIZE=1, BUILD=build, V=1, DEPS=check,'
	@echo '           ONLY="solve norms" (suites with these words in their names), CC, CFLAGS, LDFLAGS,'
	@echo '           PREFIX, DESTDIR, for bench PEERS=install, ADEPT=folder, CODIPACK=folder'
