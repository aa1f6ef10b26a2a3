#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Gets one kernel of kernels.list ready to boot: DIR/vmlinuz, DIR/release and DIR/modules/NN-NAME.ko,
# numbered in the order they are loaded. Downloads once; a changed line of kernels.list starts anew.
#
#   kernel.sh NAME DIR
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
PATH=$PATH:/usr/sbin:/sbin

# What a guest may need: its disks, a file system on one of them, compressed swap. Each kernel has some
# of these built in, and the compressors of zram differ.
MODULES="virtio_pci virtio_blk ext4 crc32c lzo-rle lz4 zram"

die() { echo "vm: $*" >&2; exit 1; }

[ $# = 2 ] || die "usage: kernel.sh NAME DIR"
name=$1
mkdir -p "$2"
dir=$(cd "$2" && pwd)

line=$(awk -v name="$name" '$1 == name' "$here/kernels.list")
[ -n "$line" ] || die "no kernel '$name' in kernels.list; it has: $(awk '!/^#/ && NF {printf "%s ", $1}' "$here/kernels.list")"
if [ "$(cat "$dir/made-from" 2>/dev/null)" = "$line" ]; then
	exit 0
fi
read -r _ suite packages <<<"$line"

fetch_and_unpack() { # DIR
	local deb
	# shellcheck disable=SC2086 # one regular expression a word
	"$here/../../vmlinux/fetch-deb.sh" "$dir/debs" "$suite" $packages >"$dir/debs.list" || return 1
	while read -r deb; do
		dpkg-deb -x "$deb" "$1"
	done <"$dir/debs.list"
}

copy_module() { # FROM TO
	case $1 in
	*.xz) xz -dc "$1" >"$2" ;;
	*.zst) zstd -qdc "$1" >"$2" ;;
	*) cp "$1" "$2" ;;
	esac
}

# A kernel package has no modules.dep, and not always a list of what is built in, so that a name
# depmod does not know is taken for built in: the guest sees whether its disks are there.
copy_modules() { # ROOT RELEASE
	local module path n=10
	rm -rf "$dir/modules"
	mkdir "$dir/modules"
	depmod -b "$1" "$2" 2>/dev/null
	for module in $MODULES; do
		modprobe -d "$1" -S "$2" --show-depends "$module" 2>/dev/null || true
	done | awk '$1 == "insmod" && !seen[$2]++ {print $2}' | while read -r path; do
		module=$(basename "$path" | sed 's/\.ko.*//')
		copy_module "$path" "$dir/modules/$n-$module.ko"
		n=$((n + 1))
	done
}

root=$(mktemp -d "$dir/unpack.XXXXXX")
trap 'rm -rf "$root"' EXIT
fetch_and_unpack "$root" ||
	die "kernel $name could not be downloaded; go on without it by naming the others, as in KERNEL=\"6.1 6.12\""
# Newer packages unpack to usr/lib/modules, which depmod looks for under lib.
[ -e "$root/lib" ] || ln -s usr/lib "$root/lib"
vmlinuz=$(find "$root" -type f \( -name vmlinuz -o -name 'vmlinuz-*' \) -print -quit)
modules=$(find "$root"/lib/modules/ "$root"/usr/lib/modules/ -mindepth 1 -maxdepth 1 -type d -print -quit 2>/dev/null || true)
if [ -z "$vmlinuz" ] || [ -z "$modules" ]; then
	die "the packages of kernel $name hold no kernel or no modules"
fi
release=$(basename "$modules")
cp "$vmlinuz" "$dir/vmlinuz"
echo "$release" >"$dir/release"
copy_modules "$root" "$release"
echo "$line" >"$dir/made-from"
