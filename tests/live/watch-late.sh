#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Coalescing delays records, never levels: a gate that keeps what follows for an hour does not keep the
# level that it raises.
. "$(dirname "$0")/lib-watch.sh"
need_watch

watch_start w --gap 1h --medium-stall 100ms
box_run a --limit 16M --use 96M --hold 0
await w '"event":"level".*"level":"(medium|critical)".*"cgroup_id":'"${box_id[a]}"'\}'
watch_end w
expect_exact w
expect w "the level came with the stalls that waited" '
	(map(.event == "level" and .cgroup_id == $a and (.level | is_in(["medium", "critical"]))) | index(true)) <
	(map(.event == "reclaim_end" and .cgroup_id == $a and .trailing) | index(true))'
expect w "levels are no chain" 'levels($a) | is_chain'
expect w "the machine's level" machine_at_rest
# Each CPU's first one did not wait.
ask w 'of($a) | kind("reclaim_end") | map(select(.trailing | not)) | sum(.stall_ns) < 100e6' -e >/dev/null ||
	skip "single stalls so long that they raised the level by themselves"
