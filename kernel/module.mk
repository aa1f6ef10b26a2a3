# SPDX-License-Identifier: GPL-2.0-only
# The module.

.PHONY: module module-install module-uninstall
# The kernel's own makefiles build it, in a copy: they leave their files beside the sources.
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
# the key that modules of this kernel are signed with: README.md beside this says how to sign with one's own.
module-install: module
	$(Q)$(KMAKE) INSTALL_MOD_PATH=$(DESTDIR) modules_install \
		$(if $(wildcard $(KDIR)/certs/signing_key.pem),,CONFIG_MODULE_SIG_ALL=)
	$(Q)PATH="$$PATH:/usr/sbin:/sbin"; \
		depmod $(if $(DESTDIR),-b $(DESTDIR)) $$(modinfo -F vermagic $(KMOD)/oom_notify.ko | cut -d ' ' -f 1)
	$(call say,INSTALL,$(DESTDIR)/lib/udev/rules.d/70-oom-notify.rules)
	$(Q)$(INSTALL) -D -m 644 kernel/70-oom-notify.rules $(DESTDIR)/lib/udev/rules.d/70-oom-notify.rules

# Headers may be gone by now, but then it is for the running kernel alone that this is known. In those of Debian
# 11 and 12 kernel.release has the upstream version (6.1.192), and utsrelease.h what the modules' folder is
# called. By version the kernel's makefiles install into extra or updates, packed or not; what DKMS installed is
# for DKMS to remove.
KREL_FILE = $(KDIR)/include/config/kernel.release
UTS_FILE = $(KDIR)/include/generated/utsrelease.h
KREL = $(or $(if $(wildcard $(UTS_FILE)),$(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' '$(UTS_FILE)')), \
	$(if $(wildcard $(KREL_FILE)),$(shell cat '$(KREL_FILE)')), \
	$(if $(filter file,$(origin KDIR)),$(shell uname -r)))
DEST_MODULES = $(DESTDIR)/lib/modules/$(KREL)

module-uninstall:
	$(Q)[ -n '$(KREL)' ] || { echo "no $(KREL_FILE): which kernel is KDIR=$(KDIR) of?" >&2; exit 1; }
	$(call say,RM,$(DEST_MODULES)/*/oom_notify.ko*)
	$(Q)rm -f $(foreach dir,extra updates,$(addprefix $(DEST_MODULES)/$(dir)/oom_notify,.ko .ko.gz .ko.xz .ko.zst))
	$(call say,RM,$(DESTDIR)/lib/udev/rules.d/70-oom-notify.rules)
	$(Q)rm -f $(DESTDIR)/lib/udev/rules.d/70-oom-notify.rules
	$(Q)[ ! -d $(DEST_MODULES) ] || PATH="$$PATH:/usr/sbin:/sbin" depmod $(if $(DESTDIR),-b $(DESTDIR)) $(KREL)
	$(Q)[ -n '$(DESTDIR)' ] || [ ! -d /sys/module/oom_notify ] || echo 'oom_notify is still loaded: rmmod oom_notify'
