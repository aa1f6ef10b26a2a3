# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# For the live tests of "oom-notify watch", on top of lib-box.sh: runs loaders and boxes by name, in
# the background, and waits for what they say instead of sleeping. A loader called W writes to
# $tmp/W.json and $tmp/W.err, a box called B to $tmp/B.box. What other processes of this machine swap
# meanwhile must disturb no test: every test looks for its own cgroups.
. "$(dirname "${BASH_SOURCE[0]}")/lib-box.sh"

# How long to wait for what must come, in seconds: only a test that fails ever waits so long.
patience=60

boot_id=$(cat /proc/sys/kernel/random/boot_id)
export boot_id # for watch.jq

declare -A watch_pid watch_fd watch_bpf box_pid box_fd box_go box_path box_id
out=/dev/null # what fail prints is of no use here
err=/dev/null
to_remove=() # beside what is in $tmp

# What is stopped cannot end.
finish_watch() {
	local code=$? pid
	set +e
	rm -rf "${to_remove[@]}"
	for pid in $(jobs -p); do
		kill -s CONT "$pid" 2>/dev/null
	done
	(exit $code)
	finish
}
trap finish_watch EXIT

need_watch() {
	need_box
	command -v jq >/dev/null || skip "needs jq"
	PATH=$PATH:/usr/sbin:/sbin
	command -v bpftool >/dev/null || skip "needs bpftool"
	"$bin" check >"$tmp/check" 2>&1 || skip "watch cannot work here: $(tail -n 1 "$tmp/check")"
}

# fail, with what the loader NAME said last.
watch_fail() {
	local name=$1
	shift
	tail -n 5 "$tmp/$name.json" >"$tmp/last.json" 2>&1 || true
	out=$tmp/last.json
	err=$tmp/$name.err
	fail "$*"
}

# The BPF objects that process PID holds, as "prog 12"; nothing when it has ended.
bpf_objects() {
	sed -nE 's/^(prog|map|link)_id:[[:space:]]*([0-9]+)$/\1 \2/p' "/proc/$1/fdinfo/"* 2>/dev/null | sort -u
}

bpf_gone() {
	local type id
	while read -r type id; do
		[ -z "$type" ] || ! bpftool "$type" show id "$id" >/dev/null 2>&1 || return 1
	done <<<"$1"
}

# watch_to NAME FILE ARGUMENT...: starts a loader, its standard output to FILE, and returns when it
# counts. Its messages come through a pipe, so that nobody has to look for them again and again.
watch_to() {
	local name=$1 to=$2 fd line
	shift 2
	rm -f "$tmp/$name.pipe" "$tmp/$name.err"
	mkfifo "$tmp/$name.pipe"
	"$bin" watch "$@" >"$to" 2>"$tmp/$name.pipe" &
	watch_pid[$name]=$!
	exec {fd}<"$tmp/$name.pipe"
	watch_fd[$name]=$fd
	while IFS= read -r -t $patience -u "$fd" line; do
		echo "$line" >>"$tmp/$name.err"
		case $line in *', watching')
			watch_bpf[$name]=$(bpf_objects "${watch_pid[$name]}") || true
			return
			;;
		esac
	done
	watch_fail "$name" "watch $* is not ready"
}

# watch_start NAME ARGUMENT...
watch_start() {
	local name=$1
	shift
	watch_to "$name" "$tmp/$name.json" --json "$@"
}

# Waits for its end, which must leave nothing behind: its exit code is in $rc.
watch_wait() {
	local name=$1 fd=${watch_fd[$1]}
	rc=0
	wait "${watch_pid[$name]}" 2>/dev/null || rc=$?
	timeout $patience cat <&"$fd" >>"$tmp/$name.err" || watch_fail "$name" "it leaves a process behind"
	exec {fd}<&-
	until_true $patience bpf_gone "${watch_bpf[$name]}" ||
		watch_fail "$name" "BPF objects are left: ${watch_bpf[$name]}"
	unset "watch_pid[$name]"
}

# watch_end NAME [SIGNAL]: tells it to end.
watch_end() {
	kill -s "${2:-TERM}" "${watch_pid[$1]}" || watch_fail "$1" "it has ended before"
	watch_wait "$1"
	[ "$rc" -eq 0 ] || watch_fail "$1" "exit code $rc"
}

# await NAME PATTERN: the first line of its output that matches, be it there or yet to come, in $line.
await() {
	line=$(set +o pipefail
		timeout $patience tail -n +1 -s 0.05 --pid="${watch_pid[$1]}" -f "$tmp/$1.json" | grep -m 1 -E "$2") ||
		watch_fail "$1" "no line with $2 comes"
}

# box_start NAME ARGUMENT...: "pressure" in the background; returns when the box is there.
box_start() {
	local name=$1 fd line
	shift
	rm -f "$tmp/$name.pipe"
	mkfifo "$tmp/$name.pipe"
	"$bin" pressure --json "$@" >"$tmp/$name.pipe" 2>"$tmp/$name.err" &
	box_pid[$name]=$!
	exec {fd}<"$tmp/$name.pipe"
	box_fd[$name]=$fd
	IFS= read -r -t $patience -u "$fd" line || fail "no box: $(cat "$tmp/$name.err")"
	echo "$line" >"$tmp/$name.box"
	box_path[$name]=$(jq -r .cgroup <<<"$line")
	box_id[$name]=$(jq -r .cgroup_id <<<"$line")
}

# Returns when its next episode, or what its command prints, is there: in $line.
box_next() {
	IFS= read -r -t $patience -u "${box_fd[$1]}" line || fail "box $1: $(cat "$tmp/$1.err")"
	echo "$line" >>"$tmp/$1.box"
}

box_wait() {
	local name=$1 fd=${box_fd[$1]}
	timeout $patience cat <&"$fd" >>"$tmp/$name.box" || fail "box $name does not end"
	exec {fd}<&-
	rc=0
	wait "${box_pid[$name]}" 2>/dev/null || rc=$?
	box=${box_path[$name]##*/}
	# A zram that is removed may at once be another process's by the same number.
	expect_nothing_left "$(head -n 1 "$tmp/$name.box" |
		jq -r '.swap_path // "-" | if startswith("/dev/") then "-" else . end')"
}

# box_swaps NAME: a box whose command swaps each time it is told to by box_go.
box_swaps() {
	local name=$1 fd
	rm -f "$tmp/$name.go"
	mkfifo "$tmp/$name.go"
	exec {fd}<>"$tmp/$name.go"
	box_go[$name]=$fd
	# shellcheck disable=SC2016
	box_start "$name" --limit 16M -- sh -c 'while read -r _; do
		dd if=/dev/urandom of=/dev/null bs=40M count=1 iflag=fullblock status=none & wait $!; echo $!
	done <"$1"' sh "$tmp/$name.go"
}

# Returns when it has swapped: the process id of who did is in $line.
box_go() {
	echo >&"${box_go[$1]}"
	box_next "$1"
}

# Ends it before its time.
box_end() {
	kill -s TERM "${box_pid[$1]}"
	box_wait "$1"
	[ "$rc" -eq 143 ] || fail "pressure: exit code $rc: $(cat "$tmp/$1.err")"
}

# box_run NAME ARGUMENT...: all of it.
box_run() {
	box_start "$@"
	box_wait "$1"
	[ "$rc" -eq 0 ] || fail "pressure: exit code $rc: $(cat "$tmp/$1.err")"
}

# The box's folder in the memory hierarchy.
box_dir() {
	echo "$memory_root${box_path[$1]}"
}

# ask NAME FILTER [ARGUMENT...]: jq over all lines of its output, as an array, with what watch.jq
# defines. $a and $b are the ids of the boxes of these names.
ask() {
	local name=$1 filter=$2
	shift 2
	jq -s -L "$(dirname "${BASH_SOURCE[0]}")" --argjson a "${box_id[a]:-0}" \
		--argjson b "${box_id[b]:-0}" "$@" "include \"watch\"; $filter" "$tmp/$name.json"
}

# expect NAME WHAT FILTER [ARGUMENT...]: the filter holds for its output.
expect() {
	local name=$1 what=$2
	shift 2
	ask "$name" "$@" -e >/dev/null || watch_fail "$name" "$what: $(ask "$name" brief -c)"
}

# What holds for the output of every run; "exact" when it was not told to leave anything out.
expect_well_formed() {
	local wrong
	jq -Rn -e '[inputs | fromjson | type == "object"] | all' "$tmp/$1.json" >/dev/null ||
		watch_fail "$1" "a line is no JSON object"
	iconv -f UTF-8 -t UTF-8 "$tmp/$1.json" >/dev/null || watch_fail "$1" "invalid UTF-8"
	wrong=$(ask "$1" "wrong(${2:-false})" -r)
	[ -z "$wrong" ] || watch_fail "$1" "$wrong: $(ask "$1" brief -c)"
}

expect_exact() {
	expect_well_formed "$1" true
}

# Nothing on standard error but that it is ready, and warnings.
expect_quiet() {
	! grep -vE ': warning: |: ready in [0-9.]+ ms, watching$' "$tmp/$1.err" ||
		watch_fail "$1" "a message was not expected"
}
