#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Streaming a file much larger than the box through the page cache, written and read, is reclaim all
# day and raises no level.
. "$(dirname "$0")/lib-watch.sh"
need_watch

dir=${TMPDIR:-/var/tmp}
[ "$(df --output=avail -m "$dir" | tail -n 1)" -gt 1024 ] || skip "under 1 GB is free in $dir"
[ "$(stat -f -c %T "$dir")" != tmpfs ] || skip "$dir is memory, not page cache"
file=$(mktemp -p "$dir" oom-notify-test-XXXXXX)
to_remove+=("$file")

watch_start w
box_run a --swap none --limit 64M -- dd if=/dev/zero of="$file" bs=1M count=300 conv=fsync status=none
dd if="$file" iflag=nocache count=0 status=none # drops it from the page cache
box_run b --limit 64M -- dd if="$file" of=/dev/null bs=1M status=none
watch_end w
expect_quiet w
expect_exact w
for name in b a; do
	expect w "no page cache is reclaimed (box $name)" 'of($id) | kind("reclaim_end") |
		sum(.pages) > (300 - 64) * 256 * 0.8' --argjson id "${box_id[$name]}"
	ask w 'of($id) | kind("reclaim_end") |
		"box \($name): \(sum(.hits)) stalls, \(sum(.stall_ns) / 1e6) ms, " +
		"\(sum(.pages)) of \(sum(.scanned_pages)) pages freed"' \
		-r --argjson id "${box_id[$name]}" --arg name $name
	expect w "streaming raises a level (box $name)" 'levels($id) == [] and
		(of($id) | facts | all(.level == "none"))' --argjson id "${box_id[$name]}"
done
expect w "the machine's level" machine_at_rest
