#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Makes a disk for guests with a libsystemd that has sd_event_add_memory_pressure(): this machine's, or,
# where that is older than 254, Debian's of a later suite with the C library it wants. Nothing is installed.
#
#   systemd.sh VM_DIR: VM_DIR/systemd.raw
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
PATH=$PATH:/usr/sbin:/sbin
# shellcheck source=tests/vm/lib.sh
. "$here/lib.sh"
vm=$1
SUITE=trixie

root=$(mktemp -d "$vm/systemd.XXXXXX")
debs=$root.debs
trap 'rm -rf "$root" "$debs" "$debs.list"' EXIT

# This machine's, with all that it needs; the loader is where programs look for it.
take_own() {
	local own file
	own=$(ldconfig -p | sed -n 's/.*libsystemd\.so\.0 .*x86-64.* => //p' | head -n 1)
	[ -n "$own" ] && grep -q sd_event_add_memory_pressure "$own" || return 1
	while read -r file; do
		mkdir -p "$root$(dirname "$file")"
		cp -L "$file" "$root$file"
	done < <(echo "$own"; ldd "$own" | grep -o '/[^ ]*')
}

fetch() {
	"$here/../../vmlinux/fetch-deb.sh" -d "$debs" $SUITE libsystemd0 >"$debs.list"
	make_root "$root"
	unpack "$debs.list" "$root"
}

[ ! -s "$vm/systemd.raw" ] || exit 0
take_own || fetch
mkdir -p "$root"/{dev,proc,sys}
: >"$root/sd-event"
truncate -s $(($(du -sm "$root" | cut -f 1) * 5 / 4 + 4))M "$vm/systemd.new"
mke2fs -q -F -t ext4 -O ^has_journal -d "$root" "$vm/systemd.new"
mv "$vm/systemd.new" "$vm/systemd.raw"
