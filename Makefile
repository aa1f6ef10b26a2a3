# SPDX-License-Identifier: GPL-2.0-only
# Builds and installs oom-notify. `make` builds, `make help` says what else there is. The tests are in
# tests/tests.mk, the module is in kernel/module.mk.

.PHONY: all
all:

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
	@echo '  bench       measure cost and latency (root); BENCH="programs slowdown": those only'
	@echo '  deps        install the Debian packages that are missing, or print what to install'
	@echo '  install     copy the binary, header and man pages to DESTDIR=$(DESTDIR) PREFIX=$(PREFIX)'
	@echo '  uninstall   remove what install copied'
	@echo '  module      build $(O)/kernel/oom_notify.ko for KDIR=$(KDIR)'
	@echo '  module-install  copy it and its udev rule to DESTDIR=$(DESTDIR)'
	@echo '  module-uninstall  remove what module-install copied, for the kernel of KDIR'
	@echo '  format      rewrite the C sources in the style of .clang-format'
	@echo '  picture     docs/watch.svg anew: watch in a terminal under real pressure (root; RECORDING=: draw that)'
	@echo '  vmlinux     make vmlinux/$(ARCH)/vmlinux.h anew from a Debian kernel package'
	@echo '  clean       remove $(O)'

# ---------------------------------------------------------------------------------------------
# Flags. CFLAGS, CPPFLAGS and LDFLAGS are the user's; what the sources need is added to them.

CFLAGS ?= -O2 -g
WARN := -Wall -Wextra -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Werror

PKGS := libbpf libelf zlib libcap
# The comparison reads its saved runs with jansson; oom-notify itself does not need it.
COMPARE_PKGS := jansson
PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PKGS) $(COMPARE_PKGS) 2>/dev/null)
PKG_LIBS := $(shell $(PKG_CONFIG) --libs $(PKGS) 2>/dev/null)
COMPARE_LIBS := $(shell $(PKG_CONFIG) --libs $(COMPARE_PKGS) 2>/dev/null) -lm

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
	$(eval why := $(shell scripts/tools.sh '$(CC)' '$(CLANG)' '$(BPFTOOL)' '$(PKG_CONFIG)' $(PKGS) $(COMPARE_PKGS)))
	$(if $(why),$(error $(why)))

# ---------------------------------------------------------------------------------------------
# The programs: oom-notify, and oom-notify-compare, which measures

BIN := $(O)/oom-notify
COMPARE_BIN := $(O)/oom-notify-compare
all: $(BIN) $(COMPARE_BIN)

USER_SRC := user/main.c $(sort $(wildcard $(patsubst %,user/%/*.c,common core box sinks cmd)))
COMPARE_SRC := $(sort $(wildcard user/compare/*.c user/compare/*/*.c))
USER_OBJ := $(USER_SRC:%.c=$(O)/%.o)
COMPARE_OBJ := $(COMPARE_SRC:%.c=$(O)/%.o)
# Everything but main(), as archives: who links one takes only what it calls, so that a unit test of a
# pure file needs no skeleton.
LIB_SRC := $(filter-out user/main.c,$(USER_SRC))
LIB := $(O)/libuser.a

# A source that is gone makes no object newer: what links objects depends on their list as well.
USER_LIST := $(O)/user.list
BPF_LIST := $(O)/bpf.list
$(USER_LIST) $(BPF_LIST): FORCE
	@mkdir -p $(@D)
	@echo '$(SOURCES)' | cmp -s - $@ || echo '$(SOURCES)' >$@
$(USER_LIST): SOURCES = $(USER_SRC) $(COMPARE_SRC)
$(BPF_LIST): SOURCES = $(BPF_SRC)

.PHONY: FORCE
FORCE:

$(BIN): $(O)/user/main.o $(LIB)
	$(call say,LD,$@)
	$(Q)$(LD_USER) -o $@ $(filter %.o %.a,$^) $(PKG_LIBS)

$(COMPARE_BIN): $(COMPARE_OBJ) $(LIB)
	$(call say,LD,$@)
	$(Q)$(LD_USER) -o $@ $(filter %.o,$^) $(LIB) $(PKG_LIBS) $(COMPARE_LIBS)

$(USER_OBJ) $(COMPARE_OBJ): $(O)/%.o: %.c Makefile | tools
	$(call say,CC,$*.o)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC_USER) $(EXTRA) -c -o $@ $<

$(LIB): $(LIB_SRC:%.c=$(O)/%.o) $(USER_LIST)
	$(call say,AR,$@)
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $(filter %.o,$^)

$(O)/user/main.o: EXTRA := -DVERSION='"$(VERSION)"'

# Compilers do not tell of what is embedded.
$(O)/user/compare/gnuplot_scripts.o $(O)/asan/user/compare/gnuplot_scripts.o: $(wildcard user/compare/*/*.gnuplot)

# Who loads BPF programs alone sees their skeletons: no other file is given the folder they are in. As
# system headers, because what bpftool generates is not ours to be warned about.
SKEL := $(O)/oom_notify.skel.h
SKEL_USERS := user/core/loader.c
$(O)/user/core/loader.o: $(SKEL)
$(O)/user/core/loader.o: EXTRA := -isystem $(O)
# bpf/compare/NAME.bpf.c stands alone, and becomes compare/NAME.skel.h.
COMPARE_BPF := zero empty wake tick
COMPARE_SKEL := $(COMPARE_BPF:%=$(O)/compare/%.skel.h)
COMPARE_SKEL_USERS := $(patsubst %,user/compare/%.c,latency/zero sources/empty sources/wake bench/tick)
$(COMPARE_SKEL_USERS:%.c=$(O)/%.o): $(COMPARE_SKEL)
$(COMPARE_SKEL_USERS:%.c=$(O)/%.o): EXTRA := -isystem $(O)/compare

# ---------------------------------------------------------------------------------------------
# BPF

# Files that define maps which others use come first, and in this order: where libbpf's linker meets
# the use of a map before its definition, it leaves the map at offset 0 (seen with 1.1, "map relo
# failed to find map").
BPF_FIRST := $(wildcard $(patsubst %,bpf/%.bpf.c,cgroup emit task tails reclaim))
BPF_SRC := $(BPF_FIRST) $(filter-out $(BPF_FIRST),$(sort $(wildcard bpf/*.bpf.c)))
BPF_OBJ := $(BPF_SRC:%.c=$(O)/%.o)
$(O)/%.bpf.o: %.bpf.c Makefile | tools
	$(call say,BPF,$*.bpf.o)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC_BPF) -c -o $@ $<

$(O)/oom_notify.bpf.o: $(BPF_OBJ) $(BPF_LIST)
	$(call say,BPFLINK,$@)
	$(Q)$(BPFTOOL) gen object $@ $(filter %.o,$^)

$(SKEL): $(O)/oom_notify.bpf.o
	$(call say,SKEL,$@)
	$(Q)$(BPFTOOL) gen skeleton $< name oom_notify >$@

# Linked, though it is one object: that leaves the debug information behind, 0.7 MB in every process.
$(COMPARE_SKEL): $(O)/compare/%.skel.h: $(O)/bpf/compare/%.bpf.o
	$(call say,SKEL,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(BPFTOOL) gen object $(@:.skel.h=.linked.o) $<
	$(Q)$(BPFTOOL) gen skeleton $(@:.skel.h=.linked.o) name $*_bpf >$@

# ---------------------------------------------------------------------------------------------
# The rest

.PHONY: deps demo install uninstall clean format picture vmlinux
deps:
	@scripts/deps.sh

demo:
	@scripts/plan.sh demo
	@scripts/deps.sh build
	@scripts/build.sh $(MAKE) $(JOBS) all
	@scripts/demo.sh

MAN := $(sort $(wildcard man/*.[1-8]))
DEST_BIN = $(DESTDIR)$(PREFIX)/bin
DEST_LIBEXEC = $(DESTDIR)$(PREFIX)/libexec
DEST_MAN = $(DESTDIR)$(PREFIX)/share/man
DEST_INCLUDE = $(DESTDIR)$(PREFIX)/include
# man/NAME.N goes to manN/NAME.N.
MAN_PATHS = $(foreach page,$(MAN),man$(patsubst .%,%,$(suffix $(page)))/$(notdir $(page)))

install: all
	$(call say,INSTALL,$(DEST_BIN)/oom-notify)
	$(Q)$(INSTALL) -D -m 755 $(BIN) $(DEST_BIN)/oom-notify
	$(call say,INSTALL,$(DEST_LIBEXEC)/oom-notify-compare)
	$(Q)$(INSTALL) -D -m 755 $(COMPARE_BIN) $(DEST_LIBEXEC)/oom-notify-compare
	$(call say,INSTALL,$(DEST_INCLUDE)/oom_notify.h)
	$(Q)$(INSTALL) -D -m 644 kernel/oom_notify.h $(DEST_INCLUDE)/oom_notify.h
	$(call say,INSTALL,$(DEST_MAN))
	$(Q)for page in $(MAN_PATHS); do \
		$(INSTALL) -D -m 644 "man/$${page##*/}" "$(DEST_MAN)/$$page" || exit; \
	done

uninstall:
	$(call say,RM,$(DEST_BIN)/oom-notify $(DEST_LIBEXEC)/oom-notify-compare $(DEST_INCLUDE)/oom_notify.h \
		$(DEST_MAN)/*/oom*notify*)
	$(Q)rm -f $(DEST_BIN)/oom-notify $(DEST_LIBEXEC)/oom-notify-compare $(DEST_INCLUDE)/oom_notify.h \
		$(MAN_PATHS:%=$(DEST_MAN)/%)

clean:
	$(call say,CLEAN,$(O))
	$(Q)rm -rf $(O)

format:
	$(Q)$(CLANG_FORMAT) -i $$(scripts/c-files.sh)

# RECORDING: what a terminal of 80 columns was sent on another machine.
picture: all $(O)/tests/live/pty
	@scripts/picture.sh docs/watch.svg $(RECORDING)

vmlinux:
	@vmlinux/generate.sh

include tests/tests.mk kernel/module.mk

# Not those of the kernels' own folders.
-include $(shell find $(O) -path '$(O)/vm' -prune -o -name '*.d' -type f -print 2>/dev/null)
