# SPDX-License-Identifier: GPL-2.0-only
# Tests and measurements. A program or script is one test for tests/run.sh; 77 as exit code means skipped.

# Nothing here installs but `test` and check-fresh: the others name what is missing.
.PHONY: test-tools
test-tools: | tools
	$(eval why := $(shell scripts/tools.sh '$(CC)' '$(CLANG)' '$(BPFTOOL)' '$(PKG_CONFIG)' criterion))
	$(if $(why),$(error $(why)))

# With ASan and UBSan, for the unit tests; who sees a skeleton is left out.
ASAN_SRC := $(filter-out $(SKEL_USERS),$(LIB_SRC))
ASAN_COMPARE_SRC := $(filter-out $(COMPARE_SKEL_USERS) user/compare/main.c user/compare/cmd/bench.c \
	$(wildcard user/compare/bench/*.c),$(COMPARE_SRC))
ASAN_LIB := $(O)/asan/libuser.a
ASAN_COMPARE_LIB := $(O)/asan/libcompare.a

# tests/prog/NAME.bpf.c is linked with the real programs and becomes tests/prog/NAME.skel.h, for the
# C programs beside it to drive.
PROG_BPF_SRC := $(sort $(wildcard tests/prog/*.bpf.c))
PROG_NAMES := $(PROG_BPF_SRC:%.bpf.c=%)
$(PROG_NAMES:%=$(O)/%.linked.o): $(O)/%.linked.o: $(BPF_OBJ) $(O)/%.bpf.o $(BPF_LIST)
	$(call say,BPFLINK,$@)
	$(Q)$(BPFTOOL) gen object $@ $(filter %.o,$^)

$(PROG_NAMES:%=$(O)/%.skel.h): $(O)/%.skel.h: $(O)/%.linked.o
	$(call say,SKEL,$@)
	$(Q)$(BPFTOOL) gen skeleton $< name $(notdir $*) >$@

UNIT_SRC := $(sort $(wildcard tests/unit/test_*.c))
UNIT_BIN := $(UNIT_SRC:%.c=$(O)/%)
UNIT_LIB := $(O)/asan/tests/unit/quiet_fork.o
# Each C file of these folders is a program, but lib*.c, which are linked with each of its folder.
# All of them see the skeletons of their folder.
TOOL_DIRS := tests/prog tests/live
tool_skel = $(patsubst %.bpf.c,$(O)/%.skel.h,$(wildcard $(1)/*.bpf.c))
tool_obj = $(patsubst %.c,$(O)/%.o,$(sort $(filter-out %.bpf.c,$(wildcard $(1)/*.c))))
tool_lib = $(filter $(O)/$(1)/lib%,$(call tool_obj,$(1)))
tool_bin = $(patsubst %.o,%,$(filter-out $(call tool_lib,$(1)),$(call tool_obj,$(1))))
PROG_BIN := $(call tool_bin,tests/prog)
TOOL_BIN := $(foreach dir,$(TOOL_DIRS),$(call tool_bin,$(dir)))
TOOL_OBJ := $(foreach dir,$(TOOL_DIRS),$(call tool_obj,$(dir)))
# lib*.sh are read by the others.
LIVE_SH := $(sort $(filter-out tests/live/lib%,$(wildcard tests/live/*.sh)))
SETUP_SH := $(sort $(filter-out tests/setup/lib%,$(wildcard tests/setup/*.sh)))
LINT_SH := $(sort $(filter-out tests/lint/lib%,$(wildcard tests/lint/*.sh)))

$(patsubst %.c,$(O)/asan/%.o,$(UNIT_SRC) $(ASAN_SRC) $(ASAN_COMPARE_SRC)) $(UNIT_LIB): \
		$(O)/asan/%.o: %.c Makefile | tools test-tools
	$(call say,CC,asan/$*.o)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC_ASAN) -c -o $@ $<

$(ASAN_LIB): $(ASAN_SRC:%.c=$(O)/asan/%.o)
$(ASAN_COMPARE_LIB): $(ASAN_COMPARE_SRC:%.c=$(O)/asan/%.o)
$(ASAN_LIB) $(ASAN_COMPARE_LIB): $(USER_LIST)
	$(call say,AR,$@)
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $(filter %.o,$^)

$(UNIT_BIN): $(O)/%: $(O)/asan/%.o $(UNIT_LIB) $(ASAN_COMPARE_LIB) $(ASAN_LIB)
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(SANITIZE) $(LDFLAGS) -o $@ $^ -lcriterion $(PKG_LIBS) $(COMPARE_LIBS)

define tool_rules
$(call tool_obj,$(1)): $(call tool_skel,$(1))
$(call tool_bin,$(1)): $(call tool_lib,$(1))
endef
$(foreach dir,$(TOOL_DIRS),$(eval $(call tool_rules,$(dir))))

$(TOOL_OBJ): $(O)/%.o: %.c Makefile | tools
	$(call say,CC,$*.o)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC_USER) -isystem $(@D) -c -o $@ $<

$(TOOL_BIN): %: %.o
$(TOOL_BIN): $(LIB)
	$(call say,LD,$@)
	$(Q)$(LD_USER) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(PKG_LIBS)

# Each C file of tests/vm is a program for the guests, which have no libraries but ours; one wants another.
VM_BIN := $(patsubst tests/vm/%.c,$(O)/vm/bin/%,$(sort $(wildcard tests/vm/*.c)))

VM_LDFLAGS := -static -pthread
$(O)/vm/bin/sd-event: VM_LDFLAGS := -ldl

$(VM_BIN): $(O)/vm/bin/%: tests/vm/%.c Makefile
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D) $(O)/tests/vm
	$(Q)$(CC) -std=gnu11 $(WARN) -D_GNU_SOURCE -Ikernel $(CPPFLAGS) -MMD -MP -MF $(O)/tests/vm/$*.d \
		$(CFLAGS) $(LDFLAGS) -o $@ $< $(VM_LDFLAGS)

# What scripts are told about the build.
export OOM_NOTIFY = $(abspath $(BIN))
export OUTPUT = $(abspath $(O))
export LINT_CPPFLAGS = $(BASE_CPPFLAGS)
export CLANG_FORMAT

RUN_TESTS := tests/run.sh

.PHONY: check check-fresh check-live check-vm check-vm-debug compare-vm test test-programs run-all-tests bench
# clang-tidy wants the skeletons that the tests include.
check: test-tools all $(UNIT_BIN) $(foreach dir,$(TOOL_DIRS),$(call tool_skel,$(dir)))
	@$(RUN_TESTS) $(UNIT_BIN) $(SETUP_SH) $(LINT_SH)

check-live: all $(TOOL_BIN)
	@$(RUN_TESTS) $(PROG_BIN) $(LIVE_SH)

check-vm: all $(VM_BIN)
	@tests/vm/run.sh

# The comparison of all sources, measured where the module is.
compare-vm: all $(VM_BIN)
	@tests/vm/compare.sh

# Its checks take a third of the memory, and make it many times slower: its clock therefore counts
# instructions, of which this guest has a thousand million a second.
check-vm-debug: all $(VM_BIN)
	@tests/vm/debug/build.sh $(OUTPUT)/vm/debug
	@KERNEL=$(OUTPUT)/vm/debug VM_MEMORY=448 VM_LIMIT=600 VM_QEMU='-icount shift=0' tests/vm/run.sh

test-programs: all $(UNIT_BIN) $(TOOL_BIN) $(VM_BIN)

run-all-tests: test-programs
	@$(RUN_TESTS) $(UNIT_BIN) $(SETUP_SH) $(LINT_SH) $(PROG_BIN) $(LIVE_SH) $(call vm_only,-f tests/vm/run.sh) \
		tests/output-size.sh

# Both begin with a make of its own, as this one looked for compilers and libraries before they were there,
# and use all processors unless told how many.
JOBS = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))
# Without the virtual machines: make test VM=no
VM ?= yes
vm_only = $(if $(filter no,$(VM)),,$(1))

test:
	@scripts/plan.sh test $(call vm_only,vm)
	@scripts/deps.sh build tests $(call vm_only,vm)
	@scripts/build.sh $(MAKE) $(JOBS) test-programs
	@$(MAKE) $(JOBS) run-all-tests

# Not after `make test`, but as somebody who has neither packages nor a locale.
check-fresh:
	@scripts/deps.sh fresh
	@tests/fresh/run.sh

bench: all
	@$(COMPARE_BIN) bench $(BENCH)
