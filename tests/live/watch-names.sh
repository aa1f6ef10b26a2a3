#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Names of cgroups and tasks may hold almost any byte, and a filter for a cgroup takes in those below
# it: the output stays valid, and right.
. "$(dirname "$0")/lib-watch.sh"
need_watch
[ ! -e "$memory_root/cgroup.controllers" ] ||
	skip "on cgroup v2 a box cannot have cgroups below it with tasks of its own"

child=$'q"uo\\te \x01\x7f\xff\xc3\xa9 x'
# As long as a name may be.
pad=$(printf '%*s' $((255 - $(printf %s "$child" | wc -c))) '' | tr ' ' n)
child=$child$pad
comm=$'c"\\\x02\xff\xc3\xa9 y'
cp "$(command -v dd)" "$tmp/$comm"
cat >"$tmp/swap" <<'EOF'
dir=$1$(grep -m 1 oom-notify-box /proc/self/cgroup | cut -d : -f 3)/$2
mkdir "$dir"
stat -c %i "$dir"
read -r _ <"$4" # until all are ready
sh -c 'echo $$ >"$1/cgroup.procs" && shift && exec "$@"' sh "$dir" "$3" \
	if=/dev/urandom of=/dev/null bs=32M count=1 iflag=fullblock status=none
EOF
watch_start w
mkfifo "$tmp/go"
box_start a --limit 16M -- bash -eu "$tmp/swap" "$memory_root" "$child" "$tmp/$comm" "$tmp/go"
box_next a
id=$line
watch_start below --cgroup "${box_path[a]}"
watch_to text "$tmp/text.out"
echo >"$tmp/go"
box_wait a
[ "$rc" -eq 0 ] || fail "exit code $rc: $(cat "$tmp/a.err")"
watch_end below
watch_end w
watch_end text
expect_exact w
expect_well_formed below

# Bytes that are no UTF-8 come as U+FFFD. Spelt in bytes: \u means nothing to bash in the C locale.
replacement=$'\xef\xbf\xbd'
for name in w below; do
	expect $name "the cgroup's name" 'of($id) | kind("swap_out") | length > 0 and
		all(.[]; .cgroup | rtrimstr(" (deleted)") == $path)' --argjson id "$id" \
		--arg path "${box_path[a]}/"$'q"uo\\te \x01\x7f'"$replacement"$'\xc3\xa9 x'"$pad"
	expect $name "the task's name" 'of($id) | kind("swap_out") | any(.comm == $comm)' --argjson id "$id" \
		--arg comm $'c"\\\x02'"$replacement"$'\xc3\xa9 y'
done
expect below "others" 'facts | all(.cgroup | startswith($path))' --arg path "${box_path[a]}"
! LC_ALL=C grep -q $'[\x01-\x09\x0b-\x1f\x7f]' "$tmp/text.out" || fail "control characters for people"
