#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Boots one kernel in QEMU and runs cases in it, one after the other. As each ends, RESULTS/CASE has
# console.log (what the kernel said meanwhile) and out/ (what the guest left in its /results), and
# judge.sh judges it while the guest goes on. What a case says goes by the guest's marks on the console:
# QEMU's own exit code says nothing, it is 0 even after a panic.
#
#   boot.sh KERNEL_DIR INITRAMFS RESULTS CASE...
#
# A case alone may set APPEND, MEMORY, QEMU, SWAP_IOPS and LIMIT (see run.sh). Environment: KERNEL, VERDICTS, VM_ACCEL
# (default tcg,thread=single: hardware virtualisation may be there and yet not boot a stock kernel),
# VM_MEMORY (MB, default 320), VM_LIMIT (seconds a case, default 120), VM_APPEND (more of the kernel's
# command line), VM_QEMU (more arguments).
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
PATH=$PATH:/usr/sbin:/sbin
# shellcheck source=tests/vm/lib.sh
. "$here/lib.sh"
export KERNEL_DIR=$1
initramfs=$2 results=$3
shift 3
cases=("$@")
# Of a case alone in its boot.
own_limit() {
	local LIMIT=0
	# shellcheck source=/dev/null
	. "$here/cases/${cases[0]}.sh"
	echo "$LIMIT"
}

limit=$(own_limit)
[ "$limit" -gt "${VM_LIMIT:-120}" ] || limit=${VM_LIMIT:-120}
boot=$results/boot.$1
declare -A begun=() finished=()

# Of the results' disk, a part for each case, in the order they run.
PART_MB=32

# Sparse, and gone afterwards: swap, results, a file system for the page cache.
make_disks() {
	truncate -s 256M "$boot/swap.raw"
	truncate -s $((PART_MB * ${#cases[@]}))M "$boot/out.raw"
	truncate -s 1536M "$boot/data.raw"
	mke2fs -q -F -t ext4 -O ^has_journal "$boot/data.raw"
}

disk() { echo "-drive file=$boot/$1.raw,format=raw,if=virtio,cache=unsafe${2-}"; }

# One host thread for both processors, and no cmpxchg16b: otherwise QEMU 7.2 now and then broke a kernel
# (an int3 of code patching seen by the other processor at the wrong moment, the flags register full of
# garbage in the allocator, then a double fault). On a loaded host the guest's clock goes on while it gets
# nothing: no_timer_check, for the timer is late then, and a patience with processors that RCU waits for of
# more than the 21 s that a pause of the host has been seen to be.
run_qemu() {
	local APPEND="" MEMORY="" QEMU="" SWAP_IOPS="" names
	# shellcheck source=/dev/null
	. "$here/cases/${cases[0]}.sh"
	names=$(IFS=,; echo "${cases[*]}")
	# shellcheck disable=SC2046,SC2086 # each disk is two words, and so may what a case adds be
	exec qemu-system-x86_64 -accel "${VM_ACCEL:-tcg,thread=single}" -cpu max,-cx16 \
		-m "${MEMORY:-${VM_MEMORY:-320}}" -smp 2 -nodefaults -nographic -no-reboot -serial stdio -monitor none \
		-kernel "$KERNEL_DIR/vmlinuz" -initrd "$initramfs" \
		-append "console=ttyS0 panic=-1 loglevel=5 mitigations=off no_timer_check rcupdate.rcu_cpu_stall_timeout=120 vmtest.cases=$names vmtest.limit=$limit vmtest.part=$PART_MB $APPEND ${VM_APPEND-}" \
		$(disk swap "${SWAP_IOPS:+,throttling.iops-total=$SWAP_IOPS}") $(disk out) $(disk data) $QEMU ${VM_QEMU-} </dev/null 2>&1
}

collect() { # CASE INDEX
	dd if="$boot/out.raw" bs=1M skip=$(($2 * PART_MB)) count=$PART_MB status=none |
		tar -xmf - -C "$results/$1" 2>/dev/null
	mv "$results/$1/$1" "$results/$1/out"
}

# The guest's lines go to the log of the case they belong to. A guest that says nothing for so long will
# not do so any more.
follow() {
	local line name="" log=$boot/console.log index=0
	while IFS= read -r -t $((limit + 60)) line; do
		line=${line%$'\r'}
		case $line in
		*'vmtest: begin '*)
			name=${line##*vmtest: begin }
			mkdir -p "$results/$name"
			log=$results/$name/console.log
			begun[$name]=$EPOCHREALTIME
			;;
		esac
		printf '%s\n' "$line" >>"$log"
		case $line in
		*'vmtest: finished '*)
			collect "$name" $index
			index=$((index + 1))
			finished[$name]=yes
			log=$boot/console.log
			"$here/judge.sh" "$name" "$results/$name" "$(seconds_since "${begun[$name]}")" 3<&- &
			;;
		esac
	done <&3
}

# Why a guest ended, or where.
last_words() { # CASE
	local line log
	log=$(cat "$boot/console.log" "$results/${1:-none}/console.log" 2>/dev/null)
	line=$(grep -a -E 'Kernel panic|vmtest: (.* time limit|no disks)' <<<"$log" ||
		grep -a '[[:print:]]' <<<"$log" || echo "QEMU said nothing")
	tail -n 1 <<<"$line" | tr -cd '[:print:]'
}

# Nothing is lost silently: the case that did not end, and those whose turn never came.
judge_the_rest() {
	local name at=""
	for name in "${cases[@]}"; do
		[ -z "${finished[$name]-}" ] || continue
		mkdir -p "$results/$name"
		if [ -n "${begun[$name]-}" ]; then
			at=$name
			"$here/judge.sh" "$name" "$results/$name" "$(seconds_since "${begun[$name]}")" "$(last_words "$name")"
		else
			echo "did not run: the guest ended in ${at:-its boot}: $(last_words "$at")" >"$results/$name/failures"
			verdict FAILED 0.00s "$name" "$results/$name/failures"
		fi
	done
}

for name in "${cases[@]}"; do
	rm -rf "${results:?}/$name"
done
rm -rf "$boot"
mkdir -p "$boot"
make_disks
exec 3< <(run_qemu)
qemu=$!
trap 'kill $qemu 2>/dev/null; rm -f "$boot"/*.raw' EXIT
trap 'exit 130' INT TERM
follow
kill $qemu 2>/dev/null
judge_the_rest
wait
find_splats "$boot/console.log" >"$boot/failures"
[ ! -s "$boot/failures" ] || verdict FAILED 0.00s "outside of a case, see $boot" "$boot/failures"
