#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Builds kernel/ for a kernel that is ready (see kernel.sh), with the compiler of the kernel's own suite,
# all its warnings (W=1) and sparse, none of which may complain: DIR/oom_notify.ko.
#
#   module.sh DIR
#
# A DIR without a root.tar.gz has build/ instead, the kernel's build tree; there this machine's compiler
# builds.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
source=$here/../../kernel
dir=$(cd "$1" && pwd)
release=$(cat "$dir/release")

copy_source() { # TO
	rm -rf "$1"
	mkdir -p "$1"
	cp "$source"/*.[ch] "$source/Kbuild" "$1"
}

# A chroot that sees the machine's /dev and /proc, in a mount namespace of its own, which nothing is left
# of. In a chroot or a container there may be none to be had: then with a /dev/null and, if that is
# allowed, a /proc of its own, which the tools of 7.x want.
in_root() { # ROOT COMMAND...
	local root=$1 private=(unshare --mount) status=0
	shift
	[ "$(id -u)" = 0 ] || private+=(--map-root-user)
	if "${private[@]}" true 2>/dev/null; then
		# shellcheck disable=SC2016 # the inner shell's
		"${private[@]}" sh -c 'mount --rbind /dev "$0/dev" && mount --rbind /proc "$0/proc" &&
			exec chroot "$0" "$@"' "$root" "$@"
		return
	fi
	[ -e "$root/dev/null" ] || mknod -m 666 "$root/dev/null" c 1 3
	mount -t proc proc "$root/proc" || true
	chroot "$root" "$@" || status=$?
	umount "$root/proc" || true
	return $status
}

# Variables of the make that called us are not for the kernel's. The check of documentation comments
# needs Perl or Python, and here are none. Where the headers know that they are too new for any sparse
# there is (7.x), C=1 is without effect.
build() {
	local args=(W=1 C=1 cmd_checkdoc= modules)
	local clean=(env -i PATH=/usr/bin:/usr/sbin:/bin:/sbin LC_ALL=C)
	if [ -e "$dir/root.tar.gz" ]; then
		tar -xz -C "$unpacked" -f "$dir/root.tar.gz"
		work=$unpacked/build/$release
		copy_source "$work"
		in_root "$unpacked" "${clean[@]}" make -C "/usr/src/linux-headers-$release" M="/build/$release" "${args[@]}"
	else
		work=$dir/module
		copy_source "$work"
		command -v sparse >/dev/null || args=(W=1 cmd_checkdoc= modules)
		"${clean[@]}" make -C "$dir/build" M="$work" "${args[@]}"
	fi
}

sum=$(cat "$source"/*.[ch] "$source/Kbuild" "$0" | sha256sum)
[ "$(cat "$dir/module.sum" 2>/dev/null)" != "$sum" ] || exit 0
rm -f "$dir/oom_notify.ko" "$dir/module.sum"
unpacked=$(mktemp -d "$dir/root.XXXXXX")
trap 'rm -rf --one-file-system "$unpacked"' EXIT
if ! build >"$dir/module.log" 2>&1; then
	tail -n 20 "$dir/module.log"
	exit 1
fi
# What sparse has against the kernel's own headers is not ours.
if grep -E '(main|pressure|oom_notify)\.[ch].*(warning|error):|WARNING: modpost' "$dir/module.log"; then
	echo "the module must build without a warning; see $dir/module.log"
	exit 1
fi
cp "$work/oom_notify.ko" "$dir/oom_notify.ko"
echo "$sum" >"$dir/module.sum"
