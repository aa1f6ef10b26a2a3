# SPDX-License-Identifier: GPL-2.0-only
# Builds, tests and installs oom-notify. `make` builds, `make help` says what else there is.

VERSION := 0.1.0

O ?= .output
PREFIX ?= /usr/local
V ?= 0

# The folder under vmlinux/, named as the kernel names its architectures.
ARCH := $(or $(ARCH),$(shell uname -m | sed -e 's/x86_64/x86/' -e 's/aarch64/arm64/'))

CLANG ?= clang
CLANG_FORMAT ?= clang-format
PKG_CONFIG ?= pkg-config
INSTALL ?= install
# Debian keeps it in /usr/sbin, which other users than root do not search.
BPFTOOL := $(or $(BPFTOOL),$(shell PATH="$$PATH:/usr/sbin:/sbin" command -v bpftool),bpftool)

ifeq ($(V),1)
Q :=
say = @:
else
Q := @
# make -s says nothing at all.
say = @$(if $(findstring s,$(firstword -$(MAKEFLAGS))),:,printf '  %-8s%s\n' '$(1)' '$(2)')
endif

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
# No built-in rules, no "Entering directory" for the calls below.
MAKEFLAGS += -r --no-print-directory

.PHONY: help
help:
	@echo 'Targets (products go to O=$(O); V=1 shows the commands):'
	@echo '  all         build $(O)/oom-notify; what `make` alone does'
	@echo '  demo        install what is missing, build, show events of real memory pressure (root)'
	@echo '  test        install what is missing, build, run every test this machine can run (root)'
	@echo '  check       unit tests with ASan and UBSan, lint, format; no root needed'
	@echo '  check-live  tests that load the BPF programs into this kernel (root)'
	@echo '  check-vm    module and binary on other kernels, in QEMU (KERNEL="6.1 7.x" CASE=boot: those only)'
	@echo '  compare-vm  every source in a guest of each kernel, with the module; KERNEL=, EPISODES='
	@echo '  check-vm-debug  the same on a kernel that looks for faults; builds it once, half an hour'
	@echo '  check-fresh  demo and test in a bare Debian 12 and 13, made here and removed (root; FRESH=13: that one)'
	@echo '  bench       measure cost and latency (root)'
	@echo '  deps        install the Debian packages that are missing, or print what to install'
	@echo '  install     copy the binary, header and man pages to DESTDIR=$(DESTDIR) PREFIX=$(PREFIX)'
	@echo '  uninstall   remove what install copied'
	@echo '  module      build $(O)/kernel/oom_notify.ko for KDIR=$(KDIR)'
	@echo '  module-install  copy it and its udev rule to DESTDIR=$(DESTDIR)'
	@echo '  module-uninstall  remove what module-install copied, for the kernel of KDIR'
	@echo '  format      rewrite the C sources in the style of .clang-format'
	@echo '  vmlinux     make vmlinux/$(ARCH)/vmlinux.h anew from a Debian kernel package'
	@echo '  clean       remove $(O)'

# ---------------------------------------------------------------------------------------------
# Flags. CFLAGS, CPPFLAGS and LDFLAGS are the user's; what the sources need is added to them.

CFLAGS ?= -O2 -g
WARN := -Wall -Wextra -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Werror

PKGS := libbpf libelf zlib libcap jansson
PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PKGS) 2>/dev/null)
PKG_LIBS := $(shell $(PKG_CONFIG) --libs $(PKGS) 2>/dev/null)

# User space includes by path below user/ ("common/log.h"), and of bpf/ and kernel/ the contracts.
BASE_CPPFLAGS := -D_GNU_SOURCE -Iuser -Ibpf -Ikernel $(PKG_CFLAGS)
HARDEN := -fstack-protector-strong -fPIE
# Fortification works on optimised code only, and some compilers come with it switched on.
FORTIFY := $(if $(filter -O1 -O2 -O3 -Os,$(CFLAGS)),-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

DEPGEN = -MMD -MP -MF $(@:.o=.d)
COMPILE = $(CC) -std=gnu11 $(WARN) $(BASE_CPPFLAGS) $(CPPFLAGS) $(DEPGEN)
CC_USER = $(COMPILE) $(FORTIFY) $(CFLAGS) $(HARDEN)
CC_ASAN = $(COMPILE) -O1 -g $(SANITIZE)
LD_USER = $(CC) $(CFLAGS) -pie -Wl,-z,relro,-z,now $(LDFLAGS)

# v3 (32-bit registers and jumps) is understood from 5.1 on, and its bounds are what the verifier
# follows: v2 shifts every 32-bit value up and down again, and the bounds are lost on the way.
CC_BPF = $(CLANG) -target bpf -mcpu=v3 -O2 -g -std=gnu11 -Wall -Werror -D__TARGET_ARCH_$(ARCH) \
	 -Ivmlinux/$(ARCH) -Ibpf $(PKG_CFLAGS) $(DEPGEN)

# Before anything is compiled: one line that says what to do instead of "Error 127".
.PHONY: tools
tools:
	$(eval why := $(shell scripts/tools.sh '$(CC)' '$(CLANG)' '$(BPFTOOL)' '$(PKG_CONFIG)' $(PKGS)))
	$(if $(why),$(error $(why)))

# ---------------------------------------------------------------------------------------------
# The binary

BIN := $(O)/oom-notify
USER_SRC := $(sort user/main.c $(wildcard user/*/*.c))
USER_OBJ := $(USER_SRC:%.c=$(O)/%.o)
# What tests link: everything but main(). An archive, so that a test takes only what it calls and a
# unit test of a pure file needs no skeleton.
LIB_SRC := $(filter-out user/main.c,$(USER_SRC))
LIB := $(O)/libuser.a
ASAN_SRC := $(filter-out user/core/loader.c user/compare/reference.c,$(LIB_SRC))
ASAN_LIB := $(O)/asan/libuser.a

.PHONY: all
all: $(BIN)

# A source that is gone makes no object newer: what links objects depends on their list as well.
USER_LIST := $(O)/user.list
BPF_LIST := $(O)/bpf.list
$(USER_LIST) $(BPF_LIST): FORCE
	@mkdir -p $(@D)
	@echo '$(SOURCES)' | cmp -s - $@ || echo '$(SOURCES)' >$@
$(USER_LIST): SOURCES = $(USER_SRC)
$(BPF_LIST): SOURCES = $(BPF_SRC)

.PHONY: FORCE
FORCE:

$(BIN): $(USER_OBJ) $(USER_LIST)
	$(call say,LD,$@)
	$(Q)$(LD_USER) -o $@ $(filter %.o,$^) $(PKG_LIBS)

$(USER_OBJ): $(O)/%.o: %.c Makefile | tools
	$(call say,CC,$*.o)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC_USER) $(EXTRA) -c -o $@ $<

# The loader alone sees the skeleton: no other file is given the folder it is in. As a system header,
# because what bpftool generates is not ours to be warned about. Likewise the reference of `compare`,
# which is an object of its own, because it serves no source.
SKEL := $(O)/oom_notify.skel.h
REFERENCE_SKEL := $(O)/compare/reference.skel.h
$(O)/user/core/loader.o: $(SKEL)
$(O)/user/compare/reference.o: $(REFERENCE_SKEL)
$(O)/user/compare/reference.o: EXTRA := -isystem $(O)/compare
$(O)/user/main.o: EXTRA := -DVERSION='"$(VERSION)"'
$(O)/user/core/loader.o: EXTRA := -isystem $(O)

$(LIB): $(LIB_SRC:%.c=$(O)/%.o)
$(ASAN_LIB): $(ASAN_SRC:%.c=$(O)/asan/%.o)
$(LIB) $(ASAN_LIB): $(USER_LIST)
	$(call say,AR,$@)
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $(filter %.o,$^)

# ---------------------------------------------------------------------------------------------
# BPF

# Files that define maps which others use come first, and in this order: where libbpf's linker meets
# the use of a map before its definition, it leaves the map at offset 0 (seen with 1.1, "map relo
# failed to find map").
BPF_FIRST := $(wildcard $(patsubst %,bpf/%.bpf.c,cgroup emit task reclaim))
BPF_SRC := $(BPF_FIRST) $(filter-out $(BPF_FIRST),$(sort $(wildcard bpf/*.bpf.c)))
BPF_OBJ := $(BPF_SRC:%.c=$(O)/%.o)
# tests/prog/NAME.bpf.c is linked with the real programs and becomes tests/prog/NAME.skel.h, for the
# C programs beside it to drive.
PROG_BPF_SRC := $(sort $(wildcard tests/prog/*.bpf.c))
PROG_BPF_OBJ := $(PROG_BPF_SRC:%.c=$(O)/%.o)
REFERENCE_OBJ := $(O)/bpf/compare/reference.bpf.o
# tests/bench/NAME.bpf.c stands alone, and is loaded as it is.
BENCH_BPF_OBJ := $(patsubst %.c,$(O)/%.o,$(sort $(wildcard tests/bench/*.bpf.c)))

$(BPF_OBJ) $(REFERENCE_OBJ) $(PROG_BPF_OBJ) $(BENCH_BPF_OBJ): $(O)/%.o: %.c Makefile | tools
	$(call say,BPF,$*.o)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC_BPF) -c -o $@ $<

$(O)/oom_notify.bpf.o: $(BPF_OBJ) $(BPF_LIST)
	$(call say,BPFLINK,$@)
	$(Q)$(BPFTOOL) gen object $@ $(filter %.o,$^)

$(SKEL): $(O)/oom_notify.bpf.o
	$(call say,SKEL,$@)
	$(Q)$(BPFTOOL) gen skeleton $< name oom_notify >$@

# Linked, though it is one object: that leaves the debug information behind, 0.7 MB in every process.
$(REFERENCE_SKEL): $(REFERENCE_OBJ)
	$(call say,SKEL,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(BPFTOOL) gen object $(@:.skel.h=.linked.o) $<
	$(Q)$(BPFTOOL) gen skeleton $(@:.skel.h=.linked.o) name reference_bpf >$@

PROG_NAMES := $(PROG_BPF_SRC:%.bpf.c=%)
$(PROG_NAMES:%=$(O)/%.linked.o): $(O)/%.linked.o: $(BPF_OBJ) $(O)/%.bpf.o $(BPF_LIST)
	$(call say,BPFLINK,$@)
	$(Q)$(BPFTOOL) gen object $@ $(filter %.o,$^)

$(PROG_NAMES:%=$(O)/%.skel.h): $(O)/%.skel.h: $(O)/%.linked.o
	$(call say,SKEL,$@)
	$(Q)$(BPFTOOL) gen skeleton $< name $(notdir $*) >$@

# ---------------------------------------------------------------------------------------------
# Tests. A program or script is one test for tests/run.sh; 77 as exit code means skipped.

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
# All of tests/bench is one program.
BENCH_OBJ := $(call tool_obj,tests/bench)
BENCH_BIN := $(O)/tests/bench/bench
# lib*.sh are read by the others.
LIVE_SH := $(sort $(filter-out tests/live/lib%,$(wildcard tests/live/*.sh)))
SETUP_SH := $(sort $(filter-out tests/setup/lib%,$(wildcard tests/setup/*.sh)))
LINT_SH := $(sort $(filter-out tests/lint/lib%,$(wildcard tests/lint/*.sh)))

$(UNIT_SRC:%.c=$(O)/asan/%.o) $(UNIT_LIB) $(ASAN_SRC:%.c=$(O)/asan/%.o): $(O)/asan/%.o: %.c Makefile | tools
	$(call say,CC,asan/$*.o)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC_ASAN) -c -o $@ $<

$(UNIT_BIN): $(O)/%: $(O)/asan/%.o $(UNIT_LIB) $(ASAN_LIB)
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(SANITIZE) $(LDFLAGS) -o $@ $^ -lcriterion $(PKG_LIBS)

define tool_rules
$(call tool_obj,$(1)): $(call tool_skel,$(1))
$(call tool_bin,$(1)): $(call tool_lib,$(1))
endef
$(foreach dir,$(TOOL_DIRS),$(eval $(call tool_rules,$(dir))))

$(TOOL_OBJ) $(BENCH_OBJ): $(O)/%.o: %.c Makefile | tools
	$(call say,CC,$*.o)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC_USER) -isystem $(@D) -c -o $@ $<

$(TOOL_BIN): %: %.o
$(BENCH_BIN): $(BENCH_OBJ)
$(TOOL_BIN) $(BENCH_BIN): $(LIB)
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
check: all $(UNIT_BIN) $(foreach dir,$(TOOL_DIRS),$(call tool_skel,$(dir)))
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

bench: all $(BENCH_BIN) $(BENCH_BPF_OBJ)
	@$(BENCH_BIN) $(BENCH)

# ---------------------------------------------------------------------------------------------
# The rest

.PHONY: deps demo install uninstall module module-install module-uninstall clean format vmlinux
deps:
	@scripts/deps.sh

demo:
	@scripts/plan.sh demo
	@scripts/deps.sh build
	@scripts/build.sh $(MAKE) $(JOBS) all
	@scripts/demo.sh

MAN := $(sort $(wildcard man/*.[1-8]))
DEST_BIN = $(DESTDIR)$(PREFIX)/bin
DEST_MAN = $(DESTDIR)$(PREFIX)/share/man
DEST_INCLUDE = $(DESTDIR)$(PREFIX)/include
# man/NAME.N goes to manN/NAME.N.
MAN_PATHS = $(foreach page,$(MAN),man$(patsubst .%,%,$(suffix $(page)))/$(notdir $(page)))

install: all
	$(call say,INSTALL,$(DEST_BIN)/oom-notify)
	$(Q)$(INSTALL) -D -m 755 $(BIN) $(DEST_BIN)/oom-notify
	$(call say,INSTALL,$(DEST_INCLUDE)/oom_notify.h)
	$(Q)$(INSTALL) -D -m 644 kernel/oom_notify.h $(DEST_INCLUDE)/oom_notify.h
	$(call say,INSTALL,$(DEST_MAN))
	$(Q)for page in $(MAN_PATHS); do \
		$(INSTALL) -D -m 644 "man/$${page##*/}" "$(DEST_MAN)/$$page" || exit; \
	done

uninstall:
	$(call say,RM,$(DEST_BIN)/oom-notify $(DEST_INCLUDE)/oom_notify.h $(DEST_MAN)/*/oom*notify*)
	$(Q)rm -f $(DEST_BIN)/oom-notify $(DEST_INCLUDE)/oom_notify.h $(MAN_PATHS:%=$(DEST_MAN)/%)

# The kernel's own makefiles build the module, in a copy: they leave their files beside the sources.
# What this make was called with is not for them, but for CC and V.
KDIR ?= /lib/modules/$(shell uname -r)/build
KMOD := $(O)/kernel
KMAKE = env -u MAKEFLAGS -u MFLAGS -u O -u ARCH $(MAKE) -C $(KDIR) M=$(abspath $(KMOD)) V=$(V) \
	$(if $(filter command environment,$(firstword $(origin CC))),CC='$(CC)')
MODULE_SRC := $(wildcard kernel/*.[ch]) kernel/Kbuild

module:
	$(Q)[ -e '$(KDIR)/Makefile' ] || { \
		echo "no kernel headers in $(KDIR): install linux-headers-$$(uname -r), or set KDIR" >&2; exit 1; }
	$(Q)mkdir -p $(KMOD)
	$(Q)cp -p $(MODULE_SRC) $(KMOD)/
	$(Q)$(KMAKE) modules

# Headers come without a System.map, and then the kernel's own makefiles do not call depmod; and without
# the key that modules of this kernel are signed with: README.md says how to sign with one's own.
module-install: module
	$(Q)$(KMAKE) INSTALL_MOD_PATH=$(DESTDIR) modules_install \
		$(if $(wildcard $(KDIR)/certs/signing_key.pem),,CONFIG_MODULE_SIG_ALL=)
	$(Q)PATH="$$PATH:/usr/sbin:/sbin"; \
		depmod $(if $(DESTDIR),-b $(DESTDIR)) $$(modinfo -F vermagic $(KMOD)/oom_notify.ko | cut -d ' ' -f 1)
	$(call say,INSTALL,$(DESTDIR)/lib/udev/rules.d/70-oom-notify.rules)
	$(Q)$(INSTALL) -D -m 644 kernel/70-oom-notify.rules $(DESTDIR)/lib/udev/rules.d/70-oom-notify.rules

# Headers may be gone by now, but then it is for the running kernel alone that this is known. By version the
# kernel's makefiles install into extra or updates, packed or not; what DKMS installed is for DKMS to remove.
KREL_FILE = $(KDIR)/include/config/kernel.release
KREL = $(if $(wildcard $(KREL_FILE)),$(shell cat '$(KREL_FILE)'),$(if $(filter file,$(origin KDIR)),$(shell uname -r)))
DEST_MODULES = $(DESTDIR)/lib/modules/$(KREL)

module-uninstall:
	$(Q)[ -n '$(KREL)' ] || { echo "no $(KREL_FILE): which kernel is KDIR=$(KDIR) of?" >&2; exit 1; }
	$(call say,RM,$(DEST_MODULES)/*/oom_notify.ko*)
	$(Q)rm -f $(foreach dir,extra updates,$(addprefix $(DEST_MODULES)/$(dir)/oom_notify,.ko .ko.gz .ko.xz .ko.zst))
	$(call say,RM,$(DESTDIR)/lib/udev/rules.d/70-oom-notify.rules)
	$(Q)rm -f $(DESTDIR)/lib/udev/rules.d/70-oom-notify.rules
	$(Q)[ ! -d $(DEST_MODULES) ] || PATH="$$PATH:/usr/sbin:/sbin" depmod $(if $(DESTDIR),-b $(DESTDIR)) $(KREL)
	$(Q)[ -n '$(DESTDIR)' ] || [ ! -d /sys/module/oom_notify ] || echo 'oom_notify is still loaded: rmmod oom_notify'

clean:
	$(call say,CLEAN,$(O))
	$(Q)rm -rf $(O)

format:
	$(Q)$(CLANG_FORMAT) -i $$(scripts/c-files.sh)

vmlinux:
	@vmlinux/generate.sh

# Not those of the kernels' own folders.
-include $(shell find $(O) -path '$(O)/vm' -prune -o -name '*.d' -type f -print 2>/dev/null)
