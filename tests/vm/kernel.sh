#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Gets one kernel of kernels.list ready to boot and to build a module for. Downloads once; a changed
# line of kernels.list starts anew.
#
#   kernel.sh NAME DIR CACHE
#
# DIR gets vmlinuz, release, modules/NN-NAME.ko (numbered in the order they are loaded) and root.tar.gz:
# the kernel's headers and the compiler they ask for, of the same suite. Kernels are built by compilers, and
# their tools need a libc, that this machine may not have. Packed, it takes a quarter of the room. CACHE
# keeps the packages, of which kernels share some.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
PATH=$PATH:/usr/sbin:/sbin

# What a guest may need: its disks, a file system on one of them, compressed swap. Each kernel has some
# of these built in, and the compressors of zram differ.
MODULES="virtio_pci virtio_blk ext4 crc32c lzo-rle lz4 zram"
# Beside the compiler, what the kernel's Makefiles call.
BUILD_TOOLS="make bash coreutils findutils diffutils sed grep mawk"

# shellcheck source=tests/vm/lib.sh
. "$here/lib.sh"

[ $# = 3 ] || die "usage: kernel.sh NAME DIR CACHE"
name=$1
mkdir -p "$2" "$3/debs"
dir=$(cd "$2" && pwd)
cache=$(cd "$3" && pwd)

all=$(awk '!/^#/ && NF {printf "%s ", $1}' "$here/kernels.list")
line=$(awk -v name="$name" '$1 == name' "$here/kernels.list")
[ -n "$line" ] || die "no kernel '$name' in kernels.list; it has: $all"
if [ "$(cat "$dir/made-from" 2>/dev/null)" = "$line" ] && [ -e "$dir/root.tar.gz" ]; then
	exit 0
fi
read -r _ suite packages <<<"$line"
echo "vm: $name: downloading and unpacking from $suite"

fetch() { "$here/../../vmlinux/fetch-deb.sh" "$@"; }

# fetch_to LIST ARGUMENT...: the packages' files go to LIST.
fetch_to() {
	local list=$1
	shift
	fetch "$@" >"$list" || die "kernel $name could not be downloaded (see above);" \
		"without it: make check-vm KERNEL=\"$(sed -E "s/(^| )$name( |\$)/\1/; s/ *\$//" <<<"$all")\""
}

copy_module() { # FROM TO
	case $1 in
	*.xz) xz -dc "$1" >"$2" ;;
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

get_kernel() {
	local root=$work/kernel vmlinuz modules
	# shellcheck disable=SC2086 # one regular expression a word
	fetch_to "$dir/kernel.list" "$cache/debs" "$suite" $packages
	mkdir "$root"
	unpack "$dir/kernel.list" "$root"
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
}

# What the headers depend on names the compiler, the common headers and the build tools of just this
# kernel. Not taken whole: newer ones depend on the kernel itself and what installs it. sparse needs
# none of what its package depends on.
get_headers() {
	local depends common kbuild gcc root=$work/root
	local headers=linux-headers-$release
	depends=$(fetch -p "$cache/debs" "$suite" "${headers//[.+]/\\&}") ||
		die "kernel $name: no package $headers in $suite"
	common=$(grep -o -m 1 'linux-headers-[^ ,]*-common' <<<"$depends")
	kbuild=$(grep -o -m 1 'linux-kbuild-[^ ,]*' <<<"$depends")
	gcc=$(grep -o -m 1 'gcc-[0-9]*' <<<"$depends")
	fetch_to "$dir/headers.list" "$cache/debs" "$suite" "${headers//[.+]/\\&}" "${common//[.+]/\\&}" sparse
	# shellcheck disable=SC2086 # a package a word
	fetch_to "$dir/tools.list" -d "$cache/debs" "$suite" "$gcc" "${kbuild//[.+]/\\&}" $BUILD_TOOLS
	make_root "$root"
	unpack "$dir/headers.list" "$root"
	unpack "$dir/tools.list" "$root"
	# 16 MB that building a module does not look at: the kernel's BTF, and the linker that is not used.
	rm -f "$root"/usr/src/linux-headers-*/vmlinux "$root"/usr/bin/*-ld.gold
	tar -C "$root" -c . | gzip -1 >"$dir/root.tar.gz"
}

work=$(mktemp -d "$dir/unpack.XXXXXX")
trap 'rm -rf "$work"' EXIT
get_kernel
get_headers
echo "$line" >"$dir/made-from"
