# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# For the live tests of "oom-notify pressure": runs it in the background, and looks for what a box
# consists of. Boxes of other processes are no business of a test: names hold the process id.
set -euo pipefail

bin=${OOM_NOTIFY:?is set by make check-live}
tmp=$(mktemp -d)
out=$tmp/out
err=$tmp/err

skip() {
	echo "$*"
	exit 77
}

fail() {
	echo "FAILED: $*"
	echo "standard output:"
	cat "$out"
	echo "standard error:"
	cat "$err"
	exit 1
} 2>/dev/null

# Only what the test started itself, then what that may have left.
finish() {
	local rc=$? pid

	trap - EXIT
	for pid in $(jobs -p); do
		kill -TERM "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	rm -rf "$tmp"
	exit "$rc"
}
trap finish EXIT
trap 'exit 1' INT TERM

# Where memory is controlled, on v1 or v2.
memory_root=$(awk '
	{ type = ""; for (i = 7; i < NF; i++) if ($i == "-") { type = $(i + 1); opts = $(i + 3) } }
	type == "cgroup" && ("," opts ",") ~ /,memory,/ && v1 == "" { v1 = $5 }
	type == "cgroup2" && v2 == "" { v2 = $5 }
	END { print v1 != "" ? v1 : v2 }' /proc/self/mountinfo)

need_box() {
	local probe=$memory_root/oom-notify-test-$$

	[ "$(id -u)" -eq 0 ] || skip "making a box needs root"
	[ -n "$memory_root" ] || skip "no memory cgroup hierarchy is mounted"
	mkdir "$probe" 2>/dev/null || skip "cannot make cgroups in $memory_root"
	rmdir "$probe"
	[ "$(meminfo_mb MemAvailable)" -gt 600 ] || skip "under 600 MB of memory is available"
	"$bin" pressure -- true >"$out" 2>"$err" || skip "no box can be made here: $(cat "$err")"
}

meminfo_mb() {
	awk -v field="$1:" '$1 == field { print int($2 / 1024) }' /proc/meminfo
}

has_zram() {
	[ -e /sys/class/zram-control/hot_add ]
}

# Runs it in the background: its process id is in $pid, its box is called $box-something.
start() {
	"$bin" pressure "$@" >"$out" 2>"$err" &
	pid=$!
	box=oom-notify-box-$pid-
}

# Waits for it: its exit code is in $rc.
stop() {
	rc=0
	wait "$pid" 2>/dev/null || rc=$? # or bash tells of those that were killed
}

run() {
	start "$@"
	stop
}

# until_true SECONDS COMMAND...
until_true() {
	local tries=$(($1 * 50))
	shift
	until "$@"; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return 1
		sleep 0.02
	done
}

# field NAME: of the first JSON line that has it, without quotes.
field() {
	sed -nE 's/.*"'"$1"'":("([^"]*)"|([^,}]*))[,}].*/\2\3/p' "$out" | head -n 1
}

# 1024-byte units that are used of the swap PATH; nothing when it is no swap.
swap_used_kb() {
	awk -v path="$1" '$1 == path { print $4 }' /proc/swaps
}

# PID runs; one that nobody has waited for yet does not.
runs() {
	[ -e "/proc/$1" ] && ! grep -q '^State:[[:space:]]*[ZX]' "/proc/$1/status" 2>/dev/null
}

# The box has at least MB swapped out: not to its own swap necessarily, for that of another box that
# runs at the same time is as good to the kernel.
has_swapped() {
	find "$memory_root" -mindepth 2 -maxdepth 2 -path "*/$box*" \
		\( -name memory.stat -o -name memory.swap.current \) -exec awk -v mb="$1" '
		FILENAME ~ /memory.swap.current$/ { swapped = $1 }
		$1 == "swap" { swapped = $2 }
		END { if (swapped >= mb * 1048576) print "yes" }' {} + | grep -q yes
}

# What there is of a box called NAME*, SWAP being its swap's path, or "-".
remains() {
	find "$memory_root" -mindepth 1 -maxdepth 1 -name "$1*"
	find "${TMPDIR:-/var/tmp}" -maxdepth 1 -name "$1*"
	swap_used_kb "$2" | sed "s|^|$2 holds |"
	case $2 in /dev/zram*) [ ! -e "$2" ] || echo "$2" ;; esac
}

expect_nothing_left() {
	local left
	left=$(remains "$box" "$1")
	[ -z "$left" ] || fail "left behind: $left"
}

expect_rc() {
	[ "$rc" -eq "$1" ] || fail "exit code $rc, expected $1"
}

# But for what another killed run may have left.
expect_no_messages() {
	! grep -v 'removed what a killed run had left' "$err" || fail "nothing on standard error expected"
}

# Pages swapped out, whichever way, since boot; those full of zeros apart.
swapped_pages() {
	awk '$1 == "pswpout" || $1 == "swpout_zero" || $1 == "zswpout" { n += $2 } END { print n + 0 }' /proc/vmstat
}

zero_pages() {
	awk '$1 == "swpout_zero" { n = $2 } END { print n + 0 }' /proc/vmstat
}
