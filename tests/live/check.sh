#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# `oom-notify check` as root, as nobody and with less; its JSON, its exit codes, bad command lines.
set -uo pipefail

bin=${OOM_NOTIFY:?make check-live sets it}
passed=0
failed=0
skipped=0
# nobody may not be let into the folder of the build
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
chmod 755 "$dir"
install -m 755 "$bin" "$dir/oom-notify"
bin=$dir/oom-notify
out=$dir/out
err=$dir/err

# run [COMMAND...] -- [ARGUMENT...]: check with these arguments, run by that command.
run() {
	local by=()
	while [ "$1" != -- ]; do
		by+=("$1")
		shift
	done
	shift
	"${by[@]}" "$bin" check "$@" >"$out" 2>"$err" </dev/null
	rc=$?
}

# expect WHAT COMMAND...: the command succeeds, or this is how it went.
expect() {
	local what=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
		return
	fi
	failed=$((failed + 1))
	echo "FAILED: $what ($*)"
	echo "exit code $rc; stdout:"
	head -n 60 "$out"
	echo "stderr:"
	cat "$err"
}

skip() {
	echo "skip: $*"
	skipped=$((skipped + 1))
}

json() {
	jq -e "$@" "$out" >/dev/null
}

one_line() {
	[ "$(wc -l <"$1")" -eq 1 ]
}

nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups -- "$@"
}

well_formed='
	(keys == ["checks", "kernel", "will_work"]) and (.checks | length > 20) and
	([.checks[] | keys == ["cost", "detail", "name", "remedy", "state"]] | all) and
	([.checks[] | .state | IN("ok", "optional", "degraded", "unknown", "missing")] | all) and
	([.checks[] | (.state == "ok") == (.cost == null)] | all) and
	([.checks[].name] | unique | length) == (.checks | length)'

if [ "$(id -u)" -ne 0 ]; then
	echo "needs root"
	exit 77
fi

run -- --json
expect "JSON is well formed" json "$well_formed"
RELEASE=$(uname -r)
export RELEASE
expect "JSON names the kernel" json '.kernel == env.RELEASE'
expect "JSON is one line" one_line "$out"
expect "nothing on stderr" [ ! -s "$err" ]
verdict=$rc
# The one thing check promises: watch agrees with it.
"$bin" watch --duration 100ms >"$out" 2>"$err" </dev/null
rc=$?
expect "check ($verdict) is right about watch" [ "$rc" -eq "$verdict" ]
if [ "$verdict" -ne 0 ]; then
	skip "what root is told where watch works: here it does not"
else
	run -- --json
	expect "watch will work" json .will_work
	run --
	expect "exit code as root" [ "$rc" -eq 0 ]
	expect "nothing is missing where watch works" [ "$(grep -c '^ missing' "$out")" -eq 0 ]
	expect "the module is optional" grep -qE '^ (ok|optional) +module' "$out"
	expect "verdict is the last line" grep -q "watch. will work" <(tail -n 1 "$out")
	expect "at most 80 columns" [ "$(wc -L <"$out")" -le 80 ]
	expect "no colour in a file" [ "$(grep -c $'\x1b' "$out")" -eq 0 ]
	run setpriv --bounding-set -perfmon,-sys_admin -- --
	expect "exit code without CAP_PERFMON" [ "$rc" -eq 1 ]
	expect "says that it is missing" grep -qE '^ missing +CAP_PERFMON +not held' "$out"
	expect "and that CAP_BPF is not" grep -qE '^ ok +CAP_BPF +held' "$out"
	expect "root is told what a container must be given" grep -q -- '--cap-add PERFMON' "$out"
	expect "root is not told to become root" [ "$(grep -c 'Run it as root' "$out")" -eq 0 ]
fi

run nobody -- --json
expect "JSON as nobody is well formed" json "$well_formed"
expect "JSON as nobody" json '(.will_work | not) and
	([.checks[] | select(.state == "missing") | .name] | contains(["CAP_BPF", "CAP_PERFMON"]))'
run nobody --
expect "exit code as nobody" [ "$rc" -eq 1 ]
expect "says that CAP_BPF is missing" grep -qE '^ missing +CAP_BPF +not held' "$out"
expect "verdict names what is missing" grep -q 'will not work, for want of CAP_BPF, CAP_PERFMON\.$' <(tail -n 1 "$out")
expect "says what it could not see" grep -q 'not tried' "$out"

# box STATE: what `check` says of it is what `pressure` then meets.
box() {
	expect "the box is $1" json --arg state "$1" '.checks[] | select(.name == "box") | .state == $state'
}
run -- --json
if json '.checks[] | select(.name == "box") | .state == "ok"'; then
	before=$(cat /proc/swaps; ls -d /sys/fs/cgroup/*/ /sys/fs/cgroup/memory/*/ /var/tmp/* 2>"$err")
	"$bin" check >"$out" 2>"$err"
	expect "nothing is left of a look at the box" \
		[ "$before" = "$(cat /proc/swaps; ls -d /sys/fs/cgroup/*/ /sys/fs/cgroup/memory/*/ /var/tmp/* 2>"$err")" ]
	"$bin" pressure --hold 0 >"$out" 2>"$err"
	rc=$?
	expect "a box that is possible is made" [ "$rc" -eq 0 ]
	run setpriv --bounding-set -sys_admin -- --json
	box optional
	"$bin" check >"$out" 2>"$err"
	run env TMPDIR=/dev/shm -- --json
	[ -e /sys/class/zram-control ] || box optional
else
	skip "a box: $(jq -r '.checks[] | select(.name == "box") | .detail' "$out")"
fi

# in_ns COMMAND: that, in a mount namespace, then the check in JSON.
in_ns() {
	unshare -m sh -c "$1 && exec \"\$0\" check --json" "$bin" >"$out" 2>"$err" </dev/null
	rc=$?
}
if unshare -m true 2>"$err"; then
	in_ns 'mount -t tmpfs none /proc'
	expect "without /proc nothing is promised" json '.will_work == false'
	expect "and its mount is what is missing" json '.checks[0] | .name == "proc" and .state == "missing"'
	expect "what /proc tells is unknown" json '[.checks[] | select(.state == "unknown") | .name] |
		contains(["swap", "psi", "cgroup"])'
	expect "exit code without /proc" [ "$rc" -eq 1 ]
	expect "nothing on stderr without /proc" [ ! -s "$err" ]
	unshare -m sh -c 'mount -t tmpfs none /proc && exec "$0" watch --duration 50ms' "$bin" >"$out" 2>"$err"
	rc=$?
	expect "check is right: watch does not work without /proc" [ "$rc" -eq 1 ]
	in_ns 'mount -t tmpfs none /sys'
	expect "without /sys it is what is missing" json '(.will_work == false) and
		(.checks[] | select(.name == "btf") | .detail == "/sys is not mounted")'
	expect "nothing on stderr without /sys" [ ! -s "$err" ]
else
	skip "without /proc and /sys: $(cat "$err")"
fi

if unshare -Ur true 2>"$err"; then
	run unshare -Ur -- --json
	expect "capabilities of a user namespace do not count" json '(.will_work | not) and
		([.checks[] | select(.state == "missing") | .name] |
		 contains(["CAP_BPF", "user_namespace"]))'
else
	skip "user namespace: $(cat "$err")"
fi

"$bin" check >&- 2>"$err"
rc=$?
expect "exit code when the output is closed" [ "$rc" -eq 1 ]
expect "which is what the line says" grep -q 'standard output: Bad file descriptor' "$err"
for arg in --json --; do
	"$bin" check "$arg" >/dev/full 2>"$err"
	rc=$?
	expect "exit code when the output is full ($arg)" [ "$rc" -eq 1 ]
	expect "one line about it" one_line "$err"
done
"$bin" check 2>"$err" | head -n 1 >"$out"
rc=${PIPESTATUS[0]}
expect "nothing said when the reader leaves" [ ! -s "$err" ]

# getopt names a short option by its letter, and one that takes no value without it.
for arg in --bogus -x -jx --json=3 extra ''; do
	named=$arg
	case $arg in -x | -jx) named=x ;; --json=3) named=--json ;; esac
	run -- "$arg"
	expect "exit code of '$arg'" [ "$rc" -eq 2 ]
	expect "one line about '$arg'" one_line "$err"
	expect "which names it" grep -qF -- "'$named'" "$err"
	expect "nothing on stdout for '$arg'" [ ! -s "$out" ]
done

run -- --help
expect "help" grep -q -- '--json' "$out"
expect "exit code of --help" [ "$rc" -eq 0 ]

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
