#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# --cgroup where a container would use it: in a cgroup namespace, with a part of the hierarchy mounted,
# by directories of any mount, and by the name of a cgroup that is made anew. Two cgroups swap, one of
# them within the namespace.
. "$(dirname "$0")/lib-watch.sh"
need_watch
[ ! -e "$memory_root/cgroup.controllers" ] ||
	skip "on cgroup v2 a box cannot have cgroups below it with tasks of their own"
unshare -C -m true 2>"$tmp/unshare.err" || skip "no namespaces: $(cat "$tmp/unshare.err")"

# "NAME" on its input: the cgroup of that name swaps. "new NAME": after it was made anew.
cat >"$tmp/swaps" <<'EOF2'
dir=$1$(grep -m 1 oom-notify-box /proc/self/cgroup | cut -d : -f 3)
make() {
	mkdir -p "$dir/$1"
	echo 1M >"$dir/$1/memory.limit_in_bytes"
}
make ns/in
make beside
stat -c %i "$dir/ns" "$dir/ns/in" "$dir/beside"
while read -r name new; do
	[ -z "$new" ] || { rmdir "$dir/$name" && make "$name"; }
	(echo "$BASHPID" >"$dir/$name/cgroup.procs" && exec dd if=/dev/urandom of=/dev/null bs=1280K \
		count=1 iflag=fullblock status=none)
	stat -c %i "$dir/$name"
done <"$2"
EOF2
mkfifo "$tmp/go"
exec {go}<>"$tmp/go"
box_start a --limit 256M -- bash -eu "$tmp/swaps" "$memory_root" "$tmp/go"
box_next a
box_next a
in=$line
box_next a
beside=$line
box=$(box_dir a)

# The loader as part of cgroup ns of the box, with more namespaces by the words of $spaces.
real=$bin
cat >"$tmp/within" <<EOF2
#!/bin/bash
echo \$\$ >$box/ns/cgroup.procs
exec \$spaces "$real" "\$@"
EOF2
# docker on version 1: what is seen of the hierarchy is the container's own directory.
cat >"$tmp/part" <<EOF2
#!/bin/bash
mount --bind "$box/ns" "$memory_root"
exec "\$@"
EOF2
chmod +x "$tmp/within" "$tmp/part"
ln -s "$box/ns" "$tmp/link"

names=()
# start NAME SPACES ARGUMENT: one more loader, for --cgroup ARGUMENT.
start() {
	export spaces=$2
	bin=$tmp/within
	watch_start "$1" --cgroup "$3"
	bin=$real
	names+=("$1")
}
start own "unshare -C" /
start inner "unshare -C" /in
start dir "unshare -C" "$box/ns/in/"
start link "unshare -C" "$tmp/link"
start part "unshare -m $tmp/part" "${box_path[a]}/ns"
start below "unshare -m $tmp/part" "${box_path[a]}/ns/in"
start mounted "unshare -m $tmp/part" "$memory_root/in"
start host "" "${box_path[a]}/ns"
start other "unshare -C" /../beside
start outer "unshare -C" /..
start part_all "unshare -m $tmp/part" /

# What there is no cgroup for is said, and what to do: as in watch-input.sh, nothing is loaded.
refused() {
	local rc=0
	export spaces=$2
	"$tmp/within" watch --duration 1ms --cgroup "$1" >"$tmp/refused.out" 2>"$tmp/refused.err" || rc=$?
	[ $rc -eq 2 ] || fail "--cgroup $1 with '$2': exit code $rc: $(cat "$tmp/refused.err")"
	grep -q -- "--cgroup: '$1': $3" "$tmp/refused.err" || fail "'$3' expected: $(cat "$tmp/refused.err")"
	[ "$(wc -l <"$tmp/refused.err")" -eq 1 ] || fail "one line expected: $(cat "$tmp/refused.err")"
}
refused /no "unshare -C" 'no such'
refused "${box_path[a]}/ns" "unshare -C" 'no such'
refused /../../../.. "unshare -C" 'not among'
refused "${box_path[a]}/beside" "unshare -m $tmp/part" 'not among'
refused /in "unshare -m $tmp/part" 'not among'
other_mount=$(awk '{ for (i = 7; i < NF; i++) if ($i == "-") break }
	$(i + 1) == "cgroup" && ("," $(i + 3) ",") !~ /,memory,/ { print $5; exit }' /proc/self/mountinfo)
[ -z "$other_mount" ] || refused "$other_mount" "" 'a cgroup of a hierarchy without the memory'
unified=$(awk '{ for (i = 7; i < NF; i++) if ($i == "-") break }
	$(i + 1) == "cgroup2" { print $5; exit }' /proc/self/mountinfo)
[ -z "$unified" ] || refused "$unified" "" 'memory is not controlled'

for name in ns/in beside "ns/in new" beside; do
	echo "$name" >&"$go"
	box_next a
	[ "$name" != "ns/in new" ] || anew=$line
done
[ "$anew" -ne "$in" ] || fail "no other directory"
for name in "${names[@]}"; do
	watch_end "$name"
	expect_quiet "$name"
	expect_well_formed "$name"
done
exec {go}<&-
box_end a

# As in watch-filter.sh: the events of one cgroup only, and the level changes of no other.
ids() {
	facts_of=$(ask "$1" 'facts | map(.cgroup_id) | unique | sort' -c)
	levels_of=$(ask "$1" 'kind("level") | map(select(.scope == "cgroup") | .cgroup_id) | unique | sort' -c)
}
expected() {
	jq -nc '$ARGS.positional | map(tonumber) | sort' --args "$@"
}
for name in "${names[@]}"; do
	ids "$name"
	case $name in
	other) want=$(expected "$beside") ;;
	outer | part_all) continue ;;
	*) want=$(expected "$in" "$anew") ;;
	esac
	[ "$facts_of" = "$want" ] || watch_fail "$name" "events of $facts_of, not of $want"
	[ "$levels_of" = "$want" ] || watch_fail "$name" "levels of $levels_of, not of $want"
done
for name in outer part_all; do
	expect $name "not all of them" '$ids - (facts | map(.cgroup_id)) == []' \
		--argjson ids "$(expected "$in" "$anew" "$beside")"
done
# The path is the host's, whatever the namespace; the id stands beside it.
expect own "paths" 'facts | all(.cgroup | rtrimstr(" (deleted)") == $path)' --arg path "${box_path[a]}/ns/in"
