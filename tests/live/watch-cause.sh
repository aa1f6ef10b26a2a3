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
expect w "MADV_PAGEOUT stalls nobody" '
	of($a) | kind("reclaim_end") | map(select(.cause != "direct")) == []'
expect w "MADV_PAGEOUT raises a level" 'levels($a) == []'

if [ ! -e /proc/pressure/memory ]; then
	echo "skip: without PSI, reclaim that was asked for looks like a limit's"
	exit
fi

# Page cache, then asked back: on v2 by memory.reclaim, on v1 by memory.force_empty, which wants the
# cgroup without tasks, so a child of the box has it. Before 7.1 the kernel does not tell whose memory
# was asked for, only who asked: the box, or the test.
cat >"$tmp/ask" <<'EOF'
dir=$1$(grep -m 1 oom-notify-box /proc/self/cgroup | cut -d : -f 3) file=$2
if [ -e "$dir/memory.reclaim" ] && [ ! -e "$dir/memory.force_empty" ]; then
	cat "$file" >/dev/null
	echo 8M >"$dir/memory.reclaim"
else
	mkdir "$dir/child"
	sh -c 'echo $$ >"$1/cgroup.procs" && cat "$2" >/dev/null' sh "$dir/child" "$file"
	echo 0 >"$dir/child/memory.force_empty"
	rmdir "$dir/child"
fi
EOF
file=$(mktemp -p "${TMPDIR:-/var/tmp}" oom-notify-test-XXXXXX)
to_remove+=("$file")
dd if=/dev/urandom of="$file" bs=1M count=16 conv=fsync status=none
dd if="$file" iflag=nocache count=0 status=none # drops it from the page cache
watch_start w
box_run b --limit 64M -- bash -eu "$tmp/ask" "$memory_root" "$file"
watch_end w
expect_exact w
expect w "reclaim that was asked for is not proactive" 'of($b) |
	(kind("reclaim_begin") | length > 0) and (kind("reclaim_end") | sum(.pages) > 1000) and
	all(.[]; .cause == "proactive")'
expect w "reclaim that was asked for raises a level" 'kind("level") |
	all(.[]; .cgroup // "" | startswith($path) | not)' --arg path "${box_path[b]}"
