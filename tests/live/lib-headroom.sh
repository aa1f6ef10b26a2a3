# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# For the live tests of headroom, on top of lib-watch.sh: cgroups with a limit and without swap, and who
# grows in them as far as a test says.
. "$(dirname "${BASH_SOURCE[0]}")/lib-watch.sh"

groups=$memory_root/oom-notify-test-$$
limit_file=memory.limit_in_bytes
export no_limit=-1
declare -A grower_pid grower_in grower_out

finish_headroom() {
	local code=$?
	set +e
	for pid in "${grower_pid[@]}"; do
		kill -KILL "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	[ ! -d "$groups" ] || find "$groups" -depth -type d -exec rmdir {} +
	(exit $code)
	finish_watch
}

need_headroom() {
	need_watch
	trap finish_headroom EXIT
	mkdir "$groups"
	if [ -e "$memory_root/cgroup.controllers" ]; then
		limit_file=memory.max
		no_limit=max
		echo +memory >"$memory_root/cgroup.subtree_control"
		echo +memory >"$groups/cgroup.subtree_control"
	fi
}

# group NAME KB: a cgroup, with its id in $id.
group() {
	mkdir -p "$groups/$1"
	if [ -e "$groups/$1/memory.swappiness" ]; then
		echo 0 >"$groups/$1/memory.swappiness"
	elif [ -e "$groups/$1/memory.swap.max" ]; then
		echo 0 >"$groups/$1/memory.swap.max"
	fi
	set_limit "$1" $(($2 << 10))
	id=$(stat -c %i "$groups/$1")
}

set_limit() { # NAME BYTES
	echo "$2" >"$groups/$1/$limit_file"
}

# grower NAME GROUP
grower() {
	local in out
	rm -f "$tmp/$1.in" "$tmp/$1.out"
	mkfifo "$tmp/$1.in" "$tmp/$1.out"
	"$OUTPUT/tests/live/grower" "$groups/$2" <"$tmp/$1.in" >"$tmp/$1.out" &
	grower_pid[$1]=$!
	exec {in}>"$tmp/$1.in" {out}<"$tmp/$1.out"
	grower_in[$1]=$in
	grower_out[$1]=$out
}

# does NAME COMMAND...: returns when it is done.
does() {
	local name=$1
	shift
	echo "$*" >&"${grower_in[$name]}"
	IFS= read -r -t $patience -u "${grower_out[$name]}" line || fail "$name does not $*"
}

# grower_end NAME
grower_end() {
	local in=${grower_in[$1]} out=${grower_out[$1]}
	exec {in}>&- {out}<&-
	wait "${grower_pid[$1]}" || fail "$1: $?"
	unset "grower_pid[$1]"
}

# headroom_of ID: as a filter, all that was told of its headroom.
headroom_of() {
	echo "map(select(.event == \"headroom\" and .cgroup_id == $1))"
}

# told ID EDGE LEVEL: waits for it.
told() {
	await w "\"event\":\"headroom\".*\"edge\":\"$2\",\"level\":\"$3\".*\"cgroup_id\":${1}[,}]"
}
