#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A cgroup with a limit and without swap: how much is left is told before anybody is killed, by the share
# of the limit, at each line once, and that it is over.
. "$(dirname "$0")/lib-headroom.sh"
need_headroom

group a 65536
a=$id
watch_start w --headroom-within 1 # by share alone: a test grows as fast as it can
grower g a
# Memory of the program itself is charged as well, if it is little.
used() {
	cat "$groups/a/memory.usage_in_bytes" "$groups/a/memory.current" 2>/dev/null || true
}
grow_to() { # PERMILLE of the limit
	does g grow $(((65536 * $1 / 1000) - $(used) / 1024))
}

grow_to 780
grow_to 905
told "$a" falls low
expect w "nothing at 78 %, and all of it" "$(headroom_of "$a") | length == 1 and (.[0] |
	.scope == \"cgroup\" and .limit_bytes == 67108864 and .left_percent <= 10 and
	.left_bytes >= 67108864 * 0.08 and .to_free_bytes > 67108864 * 0.02 and
	.to_free_bytes + .left_bytes < 67108864 * 0.2 and (.cgroup | endswith(\"/a\")))"
grow_to 955
told "$a" falls medium
grow_to 985
told "$a" falls critical
does g free 40960
told "$a" recovers none
grow_to 910
told "$a" falls low
does g free 40960
await w '"event":"level".*"level":"none".*"cgroup_id":'"$a"'\}'
grower_end g
watch_end w
expect_quiet w
expect_well_formed w
expect w "each edge once" "$(headroom_of "$a") | map([.edge, .level]) == [[\"falls\", \"low\"],
	[\"falls\", \"medium\"], [\"falls\", \"critical\"], [\"recovers\", \"none\"], [\"falls\", \"low\"],
	[\"recovers\", \"none\"]]"
expect w "the cgroup's level" "map(select(.event == \"level\" and .cgroup_id == $a)) | map(.level) |
	.[:3] == [\"low\", \"medium\", \"critical\"] and .[-1] == \"none\""
expect w "nobody was killed" "map(select(.event == \"oom_kill\" and .cgroup_id == $a)) == []"
expect w "the machine has headroom" 'map(select(.event == "headroom" and .scope == "global")) == []'
expect w "figures" '.[-1].headroom | .told >= 6 and .cgroups >= 1 and .unwatched_cgroups == 0 and .looks > 0 and
	.bpf_looks > 0'
