#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Builds the debug kernel of debug.config from Debian's linux-source, and leaves in DIR what kernel.sh
# leaves of a stock kernel: vmlinuz, release, modules/ (nothing, all is built in) and build/, the tree
# to build modules in. Done once, half an hour of two cores and 6 GB on the way; a changed
# configuration, source or compiler starts anew.
#
#   build.sh DIR
set -euo pipefail

SUITE=trixie
PACKAGE='linux-source-6\.12'

here=$(cd "$(dirname "$0")" && pwd)
config=$here/debug.config

die() { echo "vm: $*" >&2; exit 1; }

has_header() { echo "#include <$1>" | gcc -E -o /dev/null - 2>/dev/null; }

need_tools() {
	local pair missing=
	for pair in gcc:gcc make:make flex:flex bison:bison bc:bc pahole:dwarves xz:xz-utils dpkg-deb:dpkg; do
		command -v "${pair%:*}" >/dev/null || missing="$missing ${pair#*:}"
	done
	has_header libelf.h || missing="$missing libelf-dev"
	has_header zlib.h || missing="$missing zlib1g-dev"
	[ -z "$missing" ] || die "the debug kernel needs these Debian packages as well:$missing"
}

settings() { grep -E '^(# )?CONFIG_' "$config"; }

unpack() {
	local deb
	deb=$("$here/../../../vmlinux/fetch-deb.sh" "$dir/debs" "$SUITE" "$PACKAGE")
	mkdir "$work/source"
	dpkg-deb --fsys-tarfile "$deb" | tar -xO --wildcards './usr/src/*.tar.xz' |
		tar -xJ --strip-components=1 -C "$work/source"
}

kernel_make() {
	nice make -s -j"$(nproc)" -C "$work/source" O="$work/build" "$@" >>"$dir/build.log" 2>&1 ||
		{ tail -n 20 "$dir/build.log" >&2; die "the debug kernel does not build, see $dir/build.log"; }
}

configure() {
	local lost
	mkdir "$work/build"
	kernel_make KCONFIG_ALLCONFIG="$config" allnoconfig
	lost=$(settings | grep -v -x -F -f "$work/build/.config" || true)
	[ -z "$lost" ] || die "this kernel does not take these lines of debug.config: $lost"
}

keep() {
	rm -rf "$dir/build" "$dir/modules"
	mkdir "$dir/modules"
	# shellcheck disable=SC2016 # srctree is make's
	kernel_make run-command KBUILD_RUN_COMMAND='$(srctree)/scripts/package/install-extmod-build '"$dir/build"
	cp "$work/build/.config" "$dir/build/"
	cp "$work/build/include/config/kernel.release" "$dir/release"
	cp "$work/build/arch/x86/boot/bzImage" "$dir/vmlinuz"
}

[ $# = 1 ] || die "usage: build.sh DIR"
mkdir -p "$1"
dir=$(cd "$1" && pwd)
need_tools
wanted="$SUITE $PACKAGE gcc $(gcc -dumpfullversion) $(settings)"
if [ "$(cat "$dir/made-from" 2>/dev/null)" = "$wanted" ]; then
	exit 0
fi
# What make check-vm-debug was called with is not for the kernel's own makefiles.
unset ARCH MAKEFLAGS MAKELEVEL MFLAGS
work=$(mktemp -d "$dir/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
echo "vm: building the debug kernel, which takes long but is done once ($dir/build.log)"
: >"$dir/build.log"
rm -f "$dir/made-from"
unpack
configure
kernel_make bzImage modules
keep
echo "$wanted" >"$dir/made-from"
