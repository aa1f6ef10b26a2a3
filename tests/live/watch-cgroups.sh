#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Two boxes that swap at the same time: each page is told of the cgroup that owns it.
#
# Pages swapped out can be compared with what a box has in swap only from below: a page may go there
# again after it was read back, as when somebody ends a swap that holds it.
. "$(dirname "$0")/lib-watch.sh"
need_watch
page_bytes=$(getconf PAGESIZE)

# Pages of the box that are in swap.
in_swap() {
	local bytes
	if [ -e "$(box_dir "$1")/memory.swap.current" ]; then
		bytes=$(cat "$(box_dir "$1")/memory.swap.current")
	else
		bytes=$(awk '$1 == "swap" { print $2 }' "$(box_dir "$1")/memory.stat")
	fi
	echo $((bytes / page_bytes))
}

has_in_swap() {
	[ "$(in_swap "$1")" -ge "$2" ]
}

watch_start w
box_start a --limit 16M --use 80M --hold 60s
box_start b --limit 16M --use 40M --hold 60s
until_true $patience has_in_swap a $((64 * 256 * 95 / 100)) || fail "box a does not swap"
until_true $patience has_in_swap b $((24 * 256 * 95 / 100)) || fail "box b does not swap"
declare -A swapped tasks
for name in a b; do
	swapped[$name]=$(in_swap $name)
	tasks[$name]=$(jq -sc . "$(box_dir $name)/cgroup.procs")
	[ "${tasks[$name]}" != "[]" ] || fail "nobody is in box $name"
done
watch_end w
box_end a
box_end b
expect_exact w

for name in a b; do
	# A page that has its place in swap may not be written yet.
	expect w "pages of box $name, which has ${swapped[$name]} pages in swap" \
		'of($id) | kind("swap_out") | sum(.pages) >= $swapped * 0.98 and
		all(.[]; .cgroup | startswith($path))' --argjson id "${box_id[$name]}" \
		--argjson swapped "${swapped[$name]}" --arg path "${box_path[$name]}"
	expect w "sum of box $name" '(of($id) | kind("swap_out") | sum(.pages)) as $pages |
		total($id) | . == null or .swap_out_pages == $pages' --argjson id "${box_id[$name]}"
done
# A task that reads a page of its own back from a swap file takes along those beside it, whoever's they are
# (vm.page-cluster), and their box, full, has to make room for them. That may happen now and then.
expect w "a task of one box swaps out pages of the other" '
	def foreign($tasks): kind("swap_out") | map(select(.pid | is_in($tasks))) | sum(.pages);
	(of($a) | foreign($tasks_b) <= $swapped_a * 0.02) and (of($b) | foreign($tasks_a) <= $swapped_b * 0.02)' \
	--argjson tasks_a "${tasks[a]}" --argjson tasks_b "${tasks[b]}" \
	--argjson swapped_a "${swapped[a]}" --argjson swapped_b "${swapped[b]}"
# What nobody but the box itself swapped out, it swapped out about once.
for name in a b; do
	expect w "too many pages of box $name" 'of($id) | kind("swap_out") |
		any(.pid | is_in($tasks) | not) or sum(.pages) < 1.25 * $swapped' \
		--argjson id "${box_id[$name]}" --argjson tasks "${tasks[$name]}" \
		--argjson swapped "${swapped[$name]}"
	echo "box $name: ${swapped[$name]} pages in swap, told:" \
		"$(ask w 'of($id) | kind("swap_out") | sum(.pages)' --argjson id "${box_id[$name]}")"
done

# Within one box, the task of one cgroup makes room at the cost of another cgroup: the pages are told
# of the one that owned them, and of the task that took them.
if [ -e "$memory_root/cgroup.controllers" ]; then
	echo "skip: cgroups within a box: on cgroup v2 it cannot have any with tasks of their own"
	exit
fi
cat >"$tmp/two" <<'EOF'
dir=$1$(grep -m 1 oom-notify-box /proc/self/cgroup | cut -d : -f 3)
mkdir "$dir/x" "$dir/y"
stat -c %i "$dir/x" "$dir/y"
hold() {
	sh -c 'echo $$ >"$1/cgroup.procs" && shift && exec dd if=/dev/urandom bs=12M count=1 "$@"' \
		sh "$1" of="$2" iflag=fullblock status=none
}
hold "$dir/x" /dev/stdout | {
	head -c 1 >/dev/null
	hold "$dir/y" /dev/null
}
EOF
watch_start w
box_run a --limit 16M -- bash -eu "$tmp/two" "$memory_root"
watch_end w
expect_exact w
mapfile -t ids < <(tail -n +2 "$tmp/a.box")
expect w "pages of another cgroup" '
	(of($x) | kind("reclaim_end") | map(.pid) | unique) as $tasks_x |
	(of($x) | kind("swap_out") | map(select(.pid | is_in($tasks_x) | not))) as $taken |
	($taken | sum(.pages) > 1000) and ($taken | map(.pid) | unique) - (of($y) | map(.pid)) == []' \
	--argjson x "${ids[0]}" --argjson y "${ids[1]}"
expect w "paths" 'def is($path): all(.[]; .cgroup | rtrimstr(" (deleted)") == $path);
	facts | (of($x) | is($path + "/x")) and (of($y) | is($path + "/y"))' \
	--arg path "${box_path[a]}" --argjson x "${ids[0]}" --argjson y "${ids[1]}"
