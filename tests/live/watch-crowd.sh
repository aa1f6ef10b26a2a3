#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A hundred and fifty cgroups at their limits, one after another but all within the time that a level holds:
# each has a level of its own, --min-level hides none of them, nor the OOM kill in the last one.
. "$(dirname "$0")/lib-watch.sh"
need_watch
[ ! -e "$memory_root/cgroup.controllers" ] ||
	skip "on cgroup v2 a box cannot have cgroups below it with tasks of their own"
crowd=150

cat >"$tmp/crowd" <<'EOF2'
dir=$1$(grep -m 1 oom-notify-box /proc/self/cgroup | cut -d : -f 3)
use() {
	(echo "$BASHPID" >"$1/cgroup.procs" && exec dd if=/dev/urandom of=/dev/null bs=1280K count=1 \
		iflag=fullblock status=none)
}
for ((i = 0; i < $2; i++)); do
	dirs+=("$dir/$i")
	mkdir "$dir/$i"
	echo 1M >"$dir/$i/memory.limit_in_bytes"
	use "$dir/$i"
done
echo 0 >"$dir/$((i - 1))/memory.swappiness"
! use "$dir/$((i - 1))" 2>/dev/null
stat -c %i "${dirs[@]}"
EOF2
levels=(--level-hold 10m)
watch_start w "${levels[@]}"
watch_start low "${levels[@]}" --min-level low
watch_start critical "${levels[@]}" --min-level critical --kind oom_kill
box_run a --limit 64M -- bash -eu "$tmp/crowd" "$memory_root" $crowd
for name in w low critical; do
	watch_end $name
	expect_well_formed $name
done
ids=$(tail -n +2 "$tmp/a.box" | jq -sc .)
[ "$(jq length <<<"$ids")" -eq $crowd ] || fail "not $crowd cgroups: $ids"

for name in w low; do
	expect $name "a cgroup has no level, or more than one" '
		(kind("level") | map(select(.from == "none") | .cgroup_id)) as $risen |
		$ids - $risen == [] and ($risen | length) == ($risen | unique | length)' --argjson ids "$ids"
	expect $name "a level could not be kept" 'kind("lost") | all(.level_hits == 0)'
done
expect low "what swapped out is hidden" '$ids - (kind("swap_out") | map(.cgroup_id)) == []' --argjson ids "$ids"
expect critical "the OOM kill is hidden" 'kind("oom_kill") | any(.cgroup_id == $ids[-1])' --argjson ids "$ids"
