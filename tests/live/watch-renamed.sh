#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A cgroup that is renamed (version 1) while somebody watches: what comes after that is told by its new
# name, and --cgroup with the old one still shows it, for it is the same cgroup.
. "$(dirname "$0")/lib-watch.sh"
need_watch
[ ! -e "$memory_root/cgroup.controllers" ] || skip "cgroups of version 2 cannot be renamed"

mkfifo "$tmp/go"
exec {go}<>"$tmp/go"
# shellcheck disable=SC2016 # the inner shells'
box_start a --limit 16M -- bash -euc 'dir=$1$(grep -m 1 oom-notify-box /proc/self/cgroup | cut -d : -f 3)
	while read -r name; do
		sh -c '\''echo $$ >"$1/cgroup.procs" && shift && exec "$@"'\'' sh "$dir/$name" \
			dd if=/dev/urandom of=/dev/null bs=32M count=1 iflag=fullblock status=none
		echo "$name"
	done <"$2"' bash "$memory_root" "$tmp/go"
dir=$(box_dir a)
mkdir "$dir/old"
id=$(stat -c %i "$dir/old")
watch_start w --kind swap_out
watch_start old --kind swap_out --cgroup "${box_path[a]}/old"
echo old >&"$go"
box_next a
# Gates have sent what they held, so that all that comes now is later.
await w "\"cgroup_id\":$id,"
mv -T "$dir/old" "$dir/new" || fail "cannot rename"
echo new >&"$go"
box_next a
watch_end old
watch_end w
box_end a
for name in w old; do
	expect_well_formed $name
	expect $name "the names" 'of($id) | map(.cgroup) |
		.[0] == $path + "/old" and .[-1] == $path + "/new" and unique == [$path + "/new", $path + "/old"] and
		(map(endswith("/old")) | . == (sort | reverse))' --argjson id "$id" --arg path "${box_path[a]}"
done
