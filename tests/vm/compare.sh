#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Measures the whole of `oom-notify compare` in each kernel's guest, where the module is, so with the real
# device, and makes table and plot of it here. `make compare-vm` calls it; nothing is installed.
#
# For each kernel OUTPUT/compare-vm gets KERNEL.json, .txt and .svg, which are of all sources at once (the
# device is fed, so the timer beside it is in user space), and KERNEL-device.*: timer, fed device and
# tracepoint, each alone, so that the timer is the device.
#
# Environment: KERNEL, OUTPUT, OOM_NOTIFY, VM_JOBS as in run.sh; EPISODES (20) and SEED (1) of each run.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
PATH=$PATH:/usr/sbin:/sbin
# shellcheck source=tests/vm/lib.sh
. "$here/lib.sh"
vm=${OUTPUT:?}/vm
results=$OUTPUT/compare-vm
binary=${OOM_NOTIFY:?}

# What guests and this machine may lack or have too old: libsystemd 254, bpftrace, perf trace. They come
# with their own C library, and ours runs beside them.
TOOLS_SUITE=trixie
TOOLS="bpftrace linux-perf libsystemd0 libbpf1 libelf1t64 libcap2 libjansson4 zlib1g"

# A disk for the guests, made once.
make_tools() {
	local root list=$vm/tools.list mb
	[ "$(cat "$vm/tools.made-from" 2>/dev/null)" != "$TOOLS_SUITE $TOOLS" ] || return 0
	echo "vm: tools: downloading and unpacking from $TOOLS_SUITE"
	mkdir -p "$vm/debs"
	# shellcheck disable=SC2086 # a package a word
	"$here/../../vmlinux/fetch-deb.sh" -d "$vm/debs" "$TOOLS_SUITE" $TOOLS >"$list"
	root=$(mktemp -d "$vm/tools.XXXXXX")
	# shellcheck disable=SC2064 # the value it has now
	trap "rm -rf '$root'" EXIT
	make_root "$root"
	mkdir -p "$root"/{sys,data,results}
	: >"$root/oom-notify"
	unpack "$list" "$root"
	mb=$(du -sm "$root" | cut -f 1)
	truncate -s $((mb + mb / 4))M "$vm/tools.raw"
	mke2fs -q -F -t ext4 -O ^has_journal -d "$root" "$vm/tools.raw"
	rm -rf "$root"
	echo "$TOOLS_SUITE $TOOLS" >"$vm/tools.made-from"
}

keep() { # KERNEL RUN NAME
	local from=$vm/results/$1/compare/out/$2.json to=$results/$3
	[ -s "$from" ] || { echo "vm: $1: no results of the run '$2'" >&2; return 1; }
	cp "$from" "$to.json"
	"$binary" compare --replay "$to.json" --verbose --plot "$to.svg" >"$to.txt"
	echo "$to.txt"
}

mkdir -p "$vm" "$results"
make_tools
status=0
# Nothing but the guest that measures: a second one at the same time would be company.
CASE=compare VM_JOBS=${VM_JOBS:-1} VM_MEMORY=1024 VM_LIMIT=3600 \
	VM_APPEND="vmtest.episodes=${EPISODES:-20} vmtest.seed=${SEED:-1}" \
	VM_QEMU="-drive file=$vm/tools.raw,format=raw,if=virtio,readonly=on" "$here/run.sh" || status=$?
for kernel in ${KERNEL:-$(awk '!/^#/ && NF {print $1}' "$here/kernels.list")}; do
	kernel=$(basename "$kernel")
	keep "$kernel" all "$kernel" || status=1
	keep "$kernel" device "$kernel-device" || status=1
done
exit $status
