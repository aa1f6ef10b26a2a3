# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# For the live tests of "oom-notify compare", on top of those of boxes.
. "$(dirname "${BASH_SOURCE[0]}")/lib-box.sh"

json=$tmp/run.json

# Runs it in the background: its process id is in $pid, its box is called $box-something.
start_compare() {
	rm -f "$json"
	: >"$err" # which the run itself does only after a while
	"$bin" compare --json "$json" "$@" >"$out" 2>"$err" &
	pid=$!
	box=oom-notify-box-$pid-
}

run_compare() {
	start_compare "$@"
	stop
}

need_compare() {
	need_box
	"$bin" check >"$out" 2>"$err" || skip "watch does not work here: $(cat "$out")"
}

# Direct children of PID.
children_of() {
	[ ! -e "/proc/$1/task/$1/children" ] || tr ' ' '\n' 2>/dev/null <"/proc/$1/task/$1/children" || true
}

# The process that waits for SOURCE in the run.
watcher() {
	local p
	while read -r p; do
		[ "$(cat "/proc/$p/comm" 2>/dev/null)" != "$1" ] || echo "$p"
	done < <(children_of "$pid")
}

has_watcher() {
	[ -n "$(watcher "$1")" ]
}

# So many episodes have been told.
episodes_done() {
	[ "$(grep -c '^episode' "$err")" -ge "$1" ]
}

# expect_json FILTER TEXT: of the saved run.
expect_json() {
	jq -e "$1" "$json" >/dev/null || fail "$2: $(jq -c '[.sources[] | del(.what)]' "$json")"
}

# What a run may leave beside its box: processes, and tracefs instances.
expect_no_watchers() {
	local p left=""
	for p in "$@"; do
		! runs "$p" || left+=" $p"
	done
	[ -z "$left" ] || fail "processes live on:$left"
	expect_nothing_left -
	# They bear the name of the process that waits for them.
	[ ! -d /sys/kernel/tracing/instances ] ||
		! find /sys/kernel/tracing/instances -name "oom-notify-box-*" | grep . || fail "tracefs instance left"
}
