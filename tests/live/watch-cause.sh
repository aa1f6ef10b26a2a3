#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Reclaim that was asked for is proactive and raises no level, whichever way it was asked for; what
# the machine itself reclaims in the meantime is its own affair.
. "$(dirname "$0")/lib-watch.sh"
need_watch

watch_start w
box_run a --cause proactive --use 64M --hold 0
watch_end w
expect_exact w
expect w "MADV_PAGEOUT is not proactive" 'of($a) | kind("swap_out") |
	map(select(.cause | is_in(["kswapd", "direct"]) | not)) |
	sum(.pages) > 64 * 256 * 0.9 and all(.[]; .cause == "proactive")'
expect w "MADV_PAGEOUT stalls nobody" 'of($a) | kind("reclaim_end") | map(select(.cause != "direct")) == []'
expect w "MADV_PAGEOUT raises a level" 'levels($a) == []'

if [ ! -e /proc/pressure/memory ]; then
	echo "skip: without PSI, reclaim that was asked for looks like a limit's"
	exit
fi

# Page cache, then asked back: on v2 by memory.reclaim, on v1 by memory.force_empty, which wants the
# cgroup without tasks, so a child of the box has it.
# shellcheck disable=SC2016
reclaim_v1='mkdir "$1/child" && sh -c '\''echo $$ >"$1/child/cgroup.procs" && cat "$2" >/dev/null'\'' sh "$1" "$2" &&
	stat -c %i "$1/child" && echo 0 >"$1/child/memory.force_empty" && rmdir "$1/child"'
# shellcheck disable=SC2016
reclaim_v2='cat "$2" >/dev/null && stat -c %i "$1" && echo 8M >"$1/memory.reclaim"'
file=$(mktemp -p "${TMPDIR:-/var/tmp}" oom-notify-test-XXXXXX)
trap 'rm -f "$file"; finish' EXIT
dd if=/dev/urandom of="$file" bs=1M count=16 status=none
dd if="$file" iflag=nocache count=0 status=none
sync "$file"
dd if="$file" iflag=nocache count=0 status=none
asked=$reclaim_v2
[ -e "$memory_root/cgroup.controllers" ] || asked=$reclaim_v1
watch_start w
# shellcheck disable=SC2016
box_run b --limit 64M -- sh -c 'dir=$1$(sed -nE "s/^[0-9]+:([^:]*,)?memory(,[^:]*)?:|^0:://p" /proc/self/cgroup | head -n 1)
	sh -c "$3" sh "$dir" "$2"' sh "$memory_root" "$file" "$asked"
id=$(sed -n 2p "$tmp/b.box")
watch_end w
expect_exact w
expect w "asked reclaim is not proactive" 'of($id) | (kind("reclaim_begin") | length > 0) and
	(kind("reclaim_end") | sum(.pages) > 1000) and
	all(.[]; .cause == "proactive")' --argjson id "$id"
expect w "asked reclaim raises a level" 'levels($id) == [] and levels($b) == []' --argjson id "$id"
