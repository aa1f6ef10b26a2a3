#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Packs what a guest runs: busybox, init, the cases, the stimulus, the kernel's modules, and the binary
# under test with its shared libraries at their own paths.
#
#   initramfs.sh KERNEL_DIR STIMULUS BINARY FILE
#
# BINARY may be empty: then only cases that do not need it can run.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
kernel=$1 stimulus=$2 binary=$3 file=$4

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

shared_libraries() { ldd "$1" | grep -o '/[^ ]*'; }

copy_binary() {
	local library
	cp "$binary" "$root/bin/oom-notify"
	for library in $(shared_libraries "$binary"); do
		mkdir -p "$root$(dirname "$library")"
		cp -L "$library" "$root$library"
	done
}

mkdir -p "$root"/{bin,dev,proc,sys,tmp,data,results,cases,modules}
cp "$(command -v busybox)" "$root/bin/busybox"
ln -s busybox "$root/bin/sh"
cp "$stimulus" "$root/bin/stimulus"
cp "$here/init" "$root/init"
cp "$here/guest.sh" "$root/guest.sh"
cp "$here"/cases/*.sh "$root/cases/"
cp "$kernel"/modules/*.ko "$root/modules/"
[ -z "$binary" ] || copy_binary
(cd "$root" && find . | cpio --quiet -o -H newc -R 0:0 | gzip -1) >"$file"
