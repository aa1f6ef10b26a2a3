#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# `make module-uninstall` removes what module-install copies, for whichever kernel KDIR is of, and nothing
# else. In a folder of its own; needs no root.
set -euo pipefail
cd "$(dirname "$0")/../.."

PATH=$PATH:/usr/sbin:/sbin
if ! command -v depmod >/dev/null; then
	echo "skip: needs depmod (Debian: apt-get install kmod)"
	exit 77
fi
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
root=$tmp/root
release=9.9.9-test
modules=$root/lib/modules/$release

fail() {
	echo "FAILED: $*"
	find "$root" -type f
	cat "$tmp/log"
	exit 1
}

uninstall() {
	env -u MAKEFLAGS -u MFLAGS make -s O="$tmp/out" DESTDIR="$root" module-uninstall "$@" >"$tmp/log" 2>&1
}

# fill DIR FILE: as module-install leaves it there.
fill() {
	rm -rf "$root"
	mkdir -p "$modules/extra" "$modules/updates/dkms" "$root/lib/udev/rules.d"
	echo "module" >"$modules/$1/$2"
	echo "kept" >"$modules/updates/dkms/oom_notify.ko"
	echo "rule" >"$root/lib/udev/rules.d/70-oom-notify.rules"
	echo "rule" >"$root/lib/udev/rules.d/60-other.rules"
	echo "$1/$2:" >"$modules/modules.dep"
	touch "$modules/modules.order" "$modules/modules.builtin"
}

mkdir -p "$tmp/kdir/include/config"
echo "$release" >"$tmp/kdir/include/config/kernel.release"
for file in extra/oom_notify.ko updates/oom_notify.ko extra/oom_notify.ko.xz updates/oom_notify.ko.zst \
	updates/oom_notify.ko.gz; do
	fill "${file%/*}" "${file##*/}"
	uninstall KDIR="$tmp/kdir" || fail "$file: make module-uninstall"
	[ ! -e "$modules/$file" ] || fail "$file is still there"
	[ ! -e "$root/lib/udev/rules.d/70-oom-notify.rules" ] || fail "the udev rule is still there"
	! grep -q "^${file}:" "$modules/modules.dep" || fail "$file: depmod was not run"
	[ -e "$modules/updates/dkms/oom_notify.ko" ] || fail "what DKMS installed is gone"
	[ -e "$root/lib/udev/rules.d/60-other.rules" ] || fail "another rule is gone"
done
# A second time there is nothing to do.
uninstall KDIR="$tmp/kdir" || fail "make module-uninstall, again"

# Debian 11 and 12: the one file has the upstream version, the other that of the folder.
fill extra oom_notify.ko
mkdir -p "$tmp/kdir/include/generated"
echo "9.9.10" >"$tmp/kdir/include/config/kernel.release"
echo "#define UTS_RELEASE \"$release\"" >"$tmp/kdir/include/generated/utsrelease.h"
uninstall KDIR="$tmp/kdir" || fail "make module-uninstall, two versions"
[ ! -e "$modules/extra/oom_notify.ko" ] || fail "the folder of another version was looked at"

# Headers whose kernel is not known: not that of the running one instead.
fill extra oom_notify.ko
! uninstall KDIR="$tmp/none" || fail "it went on without knowing the kernel"
grep -q "which kernel is KDIR=$tmp/none of" "$tmp/log" || fail "it does not say what is missing"
[ -e "$root/lib/udev/rules.d/70-oom-notify.rules" ] || fail "something was removed"

# Without headers: the running kernel.
release=$(uname -r)
modules=$root/lib/modules/$release
if [ ! -e "/lib/modules/$release/build/include/config/kernel.release" ]; then
	fill extra oom_notify.ko
	uninstall || fail "make module-uninstall without headers"
	[ ! -e "$modules/extra/oom_notify.ko" ] || fail "the running kernel's is still there"
fi

env -u MAKEFLAGS -u MFLAGS make -s O="$tmp/out" help >"$tmp/log"
grep -q '^  module-uninstall ' "$tmp/log" || fail "make help does not tell it"
