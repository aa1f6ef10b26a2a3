#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Boots the kernels of kernels.list in QEMU and runs the cases in them; installs nothing on the machine.
#
#   run.sh [KERNEL...]
#
# Environment:
#   KERNEL      kernels to run when no argument names them   (default: all of kernels.list)
#   CASE        cases to run                                 (default: all of cases/)
#   OOM_NOTIFY  the dynamically linked binary to test        (default: $O/oom-notify)
#   O           products; downloads and results go to $O/vm  (default: .output of the tree)
#   VM_ACCEL, VM_MEMORY, VM_LIMIT as in boot.sh; DEBIAN_MIRROR as in fetch-deb.sh
#
# A case is one file: guest() runs in the guest, verify() judges on the host what came out, and
# skip_on() may say why a kernel cannot have it. Ends with "N passed, N failed, N skipped".
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
PATH=$PATH:/usr/sbin:/sbin
vm=${O:-$here/../../.output}/vm
binary=${OOM_NOTIFY:-${O:-$here/../../.output}/oom-notify}
# WARNING and BUG as the kernel prints them, not as words in other messages.
SPLATS='WARNING: |BUG: |Oops|general protection fault|Kernel panic|KASAN|UBSAN|rcu.*(stall|detected stalls)|soft lockup|INFO: task .* blocked|unable to handle'
passed=0 failed=0 skipped=0

die() { echo "vm: $*" >&2; exit 1; }

need_tools() {
	local tool missing=
	for tool in qemu-system-x86_64 busybox cpio depmod mke2fs jq xz cc; do
		command -v $tool >/dev/null || missing="$missing $tool"
	done
	[ -z "$missing" ] ||
		die "missing:$missing (Debian: qemu-system-x86 busybox-static cpio kmod e2fsprogs jq xz-utils gcc)"
}

build_stimulus() {
	mkdir -p "$vm"
	vm=$(cd "$vm" && pwd)
	${CC:-cc} -static -O2 -Wall -Wextra -Werror -o "$vm/stimulus" "$here/stimulus.c" || die "no stimulus"
}

find_splats() { # DIR
	cat "$1/console.log" "$1/out/dmesg" 2>/dev/null | grep -a -E "$SPLATS" |
		grep -a -v -E -f <(grep -v -E '^(#|$)' "$here/splats.allow" || true) | sort -u | head -n 5
}

last_words() { # CONSOLE_LOG
	{ grep -a -o 'vmtest: .*' "$1" || tail -n 1 "$1"; } | tail -n 1 | tr -cd '[:print:]'
}

# Everything a case is judged by goes to DIR/failures.
judge() { # CASE DIR BOOTED
	: >"$2/failures"
	(
		# shellcheck disable=SC2034 # read by the cases
		DIR=$2
		# shellcheck source=/dev/null
		. "$here/expect.sh"
		# shellcheck source=/dev/null
		. "$here/cases/$1.sh"
		if [ "$3" != 0 ]; then
			fail "the guest did not finish: $(last_words "$2/console.log")"
		elif [ "$(result exit)" != 0 ]; then
			fail "guest() ended with $(result exit): $(result case.log | tail -n 3)"
			result watch.err | head -n 20 >>"$2/failures"
		else
			verify
		fi
	) 2>>"$2/failures"
	find_splats "$2" | sed 's/^/kernel splat: /' >>"$2/failures"
}

reason_to_skip() { # CASE
	(
		skip_on() { :; }
		# shellcheck source=/dev/null
		. "$here/cases/$1.sh"
		skip_on
	)
}

run_case() { # CASE
	local dir=$vm/results/$KERNEL/$1 begin took booted=0 reason
	reason=$(reason_to_skip "$1")
	if [ -n "$reason" ]; then
		echo "skip $KERNEL $1: $reason"
		skipped=$((skipped + 1))
		return
	fi
	begin=$(date +%s%N)
	"$here/boot.sh" "$KERNEL_DIR" "$vm/$KERNEL.cpio.gz" "$1" "$dir" || booted=1
	judge "$1" "$dir" $booted
	took=$((($(date +%s%N) - begin) / 100000000))
	if [ -s "$dir/failures" ]; then
		failed=$((failed + 1))
		echo "FAIL $KERNEL $1 ($((took / 10)).$((took % 10)) s), see $dir"
		sed 's/^/    /' "$dir/failures"
	else
		passed=$((passed + 1))
		echo "ok $KERNEL $1 ($((took / 10)).$((took % 10)) s)"
	fi
}

run_kernel() {
	local name
	export KERNEL_DIR=$vm/kernels/$KERNEL
	if ! "$here/kernel.sh" "$KERNEL" "$KERNEL_DIR" ||
		! "$here/initramfs.sh" "$KERNEL_DIR" "$vm/stimulus" "$binary" "$vm/$KERNEL.cpio.gz"; then
		failed=$((failed + 1))
		echo "FAIL $KERNEL could not be made ready"
		return
	fi
	for name in $cases; do
		run_case "$name"
	done
}

need_tools
build_stimulus
kernels="$*"
kernels=${kernels:-${KERNEL:-$(awk '!/^#/ && NF {print $1}' "$here/kernels.list")}}
cases=${CASE:-$(basename -s .sh "$here"/cases/*.sh)}
if [ ! -x "$binary" ]; then
	[ "$cases" = boot ] || die "no binary $binary: build it, or set OOM_NOTIFY"
	binary=
fi
for name in $cases; do
	[ -e "$here/cases/$name.sh" ] || die "no case '$name' in cases/"
done
for KERNEL in $kernels; do
	export KERNEL
	run_kernel
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
