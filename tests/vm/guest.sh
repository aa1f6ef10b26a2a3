# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# What the cases share inside the guest. Each runs in a folder of its own: files it writes there are what
# the host gets.

OOM_NOTIFY=/bin/oom-notify

meminfo_mb() { awk -v field="$1:" '$1 == field {print int($2 / 1024)}' /proc/meminfo; }

# Every page the kernel counts as swapped out, however it got rid of it, once: what zswap writes back to
# the device is counted there again.
swapped_out() {
	awk '$1 == "pswpout" || $1 == "swpout_zero" || $1 == "zswpout" {n += $2} $1 == "zswpwb" {n -= $2}
		END {print n + 0}' /proc/vmstat
}

# Every page that reclaim handed over to be written; swapped_out() lacks of these the ones that nobody
# needed any more when their turn came, and on old kernels those of files. Folded: it is kept per CPU.
written_out() {
	echo 1 >/proc/sys/vm/stat_refresh
	awk '$1 == "nr_vmscan_write" {print $2}' /proc/vmstat
}

# What reclaim tried to write out: also what then failed, and on old kernels file pages.
reclaim_writes() { awk '$1 == "nr_vmscan_write" {print $2}' /proc/vmstat; }

swap_on_disk() { mkswap /dev/vda >/dev/null && swapon /dev/vda; }

swap_on_zram() {
	echo 256M >/sys/block/zram0/disksize
	mkswap /dev/zram0 >/dev/null
	swapon /dev/zram0
}

wait_for() { # SECONDS COMMAND...
	local left=$(($1 * 10))
	shift
	while ! "$@"; do
		left=$((left - 1))
		[ $left -gt 0 ] || return 1
		usleep 100000
	done
}

# Readings of the kernel's counters on either side, the wide one outside, so that the host can bracket what was told.
start_watch() { # ARGUMENTS...
	written_out >before.outer
	$OOM_NOTIFY watch --json --duration 120s "$@" >events.json 2>watch.err &
	watch_pid=$!
	wait_for 30 grep -q ready watch.err || { echo "watch did not get ready"; return 1; }
	swapped_out >before.inner
}

# Not SIGINT: a shell without job control starts its background commands with SIGINT ignored.
stop_watch() {
	local status=0
	swapped_out >after.inner
	kill -TERM "$watch_pid"
	wait "$watch_pid" || status=$?
	echo $status >watch.exit
	written_out >after.outer
}

all_clear() { grep '"event":"level"' events.json | tail -n 1 | grep -q '"level":"none"'; }

both_touched() { grep -qs touched stimulus.1 && grep -qs touched stimulus.2; }

both_live() { readlink /proc/"$1"/exe >/dev/null && readlink /proc/"$2"/exe >/dev/null; }

touched_or_killed() { both_touched || ! both_live "$1" "$2"; }

# Two tasks at once, so that they overtake kswapd and stall in reclaim themselves; neither ends before
# both have what they want.
try_global_pressure() { # MEGABYTES-MORE-THAN-AVAILABLE
	local each first second status=0
	rm -f stimulus.1 stimulus.2
	each=$((($(meminfo_mb MemAvailable) + $1) / 2))
	stimulus touch $each 100000 >stimulus.1 &
	first=$!
	stimulus touch $each 100000 >stimulus.2 &
	second=$!
	wait_for 100 touched_or_killed "$first" "$second" || :
	both_touched || status=1
	kill $first $second || :
	wait $first $second || :
	return $status
}

# When its disk stands still, because the host has other things to do, a kernel may find that nothing comes
# free and kill one of them, though most of the swap is (7.3): that is then done again.
global_pressure() { # MEGABYTES-MORE-THAN-AVAILABLE
	try_global_pressure "$1" || try_global_pressure "$1" || try_global_pressure "$1"
}

load_module() { insmod /modules-under-test/oom_notify.ko "$@"; }

unload_module() { rmmod oom_notify; }

as_nobody() { su -s /bin/sh nobody -c "$*"; }

TRACING=/sys/kernel/tracing

# When the OOM killer chose, on the clock of the records, and how long tasks slept before it did.
trace_kills() {
	local events=$TRACING/events
	awk '/^jiffies:/ {jiffies = $2; exit} END {print jiffies}' /proc/timer_list >jiffies
	# They start 300 s before they overflow 32 bit.
	awk -v jiffies="$(cat jiffies)" '{printf "%.0f\n", (jiffies - 4294967296) / ($1 - 300)}' /proc/uptime >hz
	echo mono >$TRACING/trace_clock
	echo 'comm == "stimulus" || comm == "critical"' >$events/timer/timer_start/filter
	echo 1 >$events/timer/timer_start/enable
	echo 1 >$events/oom/mark_victim/enable
}

oom_kills() { awk '$1 == "oom_kill" {print $2}' /proc/vmstat; }

statistic() { cat /sys/class/misc/oom_notify/statistics/"$1"; }

# Without a COMMAND a stimulus that has no bounds; it is killed.
run_out_of_memory() { # NAME [COMMAND...]
	local name=$1 before
	before=$(oom_kills)
	shift
	[ $# != 0 ] || set -- stimulus oom
	echo >$TRACING/trace
	"$@" >"$name.hog" || :
	cat $TRACING/trace >"$name.trace"
	statistic graces >"$name.graces"
	statistic averted >"$name.averted"
	echo $(($(oom_kills) - before)) >"$name.kills"
}

# One reader of /dev/oom_notify, and vmstat on either side. The module is loaded.
start_herd() { # FILE STEP...
	herd_file=$1
	shift
	: >"$herd_file"
	cat /proc/vmstat >vmstat.before
	before=$(swapped_out)
	herd 1 "$@" term >"$herd_file" &
	herd_pid=$!
	wait_for 20 grep -q ready "$herd_file"
}

told_pages() { sed -n 's/.*"pages":\([0-9]*\).*/\1/p' "$herd_file" | awk '{n += $1} END {print n + 0}'; }

told_every_page() { [ "$(told_pages)" = $(($(swapped_out) - before)) ]; }

stop_herd() {
	wait_for 20 told_every_page || echo "told of $(told_pages) pages, $(($(swapped_out) - before)) were swapped out"
	kill "$herd_pid"
	wait "$herd_pid"
	cat /proc/vmstat >vmstat.after
}
