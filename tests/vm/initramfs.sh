#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Packs what a guest runs: busybox, init, the cases, the programs of this folder, the kernel's modules,
# ours, and the programs under test with their shared libraries at their own paths.
#
#   initramfs.sh KERNEL_DIR PROGRAMS_DIR BINARY FILE
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
kernel=$1 programs=$2 binary=$3 file=$4

root=$(mktemp -d)
chmod 755 "$root"
trap 'rm -rf "$root"' EXIT

shared_libraries() { ldd "$1" | grep -o '/[^ ]*'; }

copy_program() { # PROGRAM
	local library
	cp "$1" "$root/bin/"
	for library in $(shared_libraries "$1"); do
		mkdir -p "$root$(dirname "$library")"
		cp -L "$library" "$root$library"
	done
}

mkdir -p "$root"/{bin,dev,etc,proc,sys,tmp,data,results,cases,modules,modules-under-test}
cp "$(command -v busybox)" "$root/bin/busybox"
ln -s busybox "$root/bin/sh"
cp "$programs"/* "$root/bin/"
cp "$here/init" "$here/guest.sh" "$root/"
cp "$here"/cases/*.sh "$root/cases/"
find "$kernel/modules" -name '*.ko' -exec cp -t "$root/modules" {} +
[ ! -e "$kernel/oom_notify.ko" ] || cp "$kernel/oom_notify.ko" "$root/modules-under-test/"
printf '%s\n' 'root::0:0:root:/:/bin/sh' 'nobody::65534:65534:nobody:/:/bin/sh' >"$root/etc/passwd"
printf '%s\n' 'root:x:0:' 'nogroup:x:65534:' >"$root/etc/group"
copy_program "$binary"
copy_program "$binary-compare"
(cd "$root" && find . | cpio --quiet -o -H newc -R 0:0 | gzip -1) >"$file"
