#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Wrong command lines and lacking privilege: one line that says what to do, nothing loaded.
. "$(dirname "$0")/lib-watch.sh"

# nobody may not be let into the folder of the build.
chmod 755 "$tmp"
install -m 755 "$bin" "$tmp/oom-notify"
bin=$tmp/oom-notify
out=$tmp/out
err=$tmp/err

# one_line CODE TEXT COMMAND...: what it ends with, and what its one line contains.
one_line() {
	local code=$1 text=$2
	shift 2
	rc=0
	timeout 20 "$@" >"$out" 2>"$err" </dev/null || rc=$?
	[ "$rc" -eq "$code" ] || fail "$*: exit code $rc, expected $code"
	[ "$(wc -l <"$err")" -eq 1 ] || fail "$*: one line expected"
	grep -qF -- "$text" "$err" || fail "$*: the message does not contain '$text'"
	[ ! -s "$out" ] || fail "$*: nothing on standard output expected"
}

# As nobody, who could not load anything: the command line is what is complained of, so it is looked
# at first. The option, the value and what is allowed are named.
as_nobody=()
[ "$(id -u)" -ne 0 ] || as_nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups --)
refused() {
	one_line 2 "$1" "${as_nobody[@]}" "$bin" "${@:2}"
}

count=0
while read -r option value; do
	refused "$option" watch --duration 100ms "$option=$value"
	grep -qF -- "'$value'" "$err" || fail "'$value' is not named"
	count=$((count + 1))
done <<-'EOT2'
	--kind bogus
	--kind swap_outs
	--kind SWAP_OUT
	--min-level worst
	--min-level
	--duration 5
	--duration 5x
	--duration -5s
	--duration 0s
	--duration 1e3s
	--duration 99999999999999999999s
	--duration 18446744073709551616us
	--duration 18446744073710s
	--gap 10
	--gap ms
	--stats 1ms
	--stats 0
	--level-window 1us
	--level-hold x
	--medium-stall 10
	--count 0
	--count -1
	--count 1.5
	--count 18446744073709551616
	--count 0x10
	--headroom-low 100
	--headroom-low 10,
	--headroom-low ,1s
	--headroom-low 0000000555
	--headroom-medium 5,300
	--headroom-critical -1
	--headroom-within 0
	--headroom-within 101
	--headroom-reserve 51
	--headroom-reserve -1
	--low-pages 0
	--low-pages 1e9
	--low-unfreed 101
	--low-unfreed 0
	--critical-unfreed 50%
	--ring 5000
	--ring 0
	--ring 1K
	--ring 96K
	--ring 2G
	--ring 4294967296G
	--cgroup /no/such/group
	--cgroup relative
	--cgroup ../..
	--cgroup /proc/self/cgroup
EOT2
refused "'bogus'" watch --kind swap_out,bogus
refused "''" watch --kind swap_out,,oom_kill
refused "swap_out, wakeup_kswapd" watch --kind bogus
refused "none, low, medium, critical" watch --min-level bogus
refused "'--bogus'" watch --bogus
refused "'Z'" watch -Z
refused "--json" watch --json=yes
refused "--duration" watch --duration
refused "'extra'" watch extra
refused "'extra'" watch --json -- extra
refused "'wach'" wach
refused "watch" wach
refused "watch"
echo "$count values and 11 command lines refused"

# Lacking privilege: by name.
lacking() {
	one_line 1 "$1" "${@:2}" "$bin" watch --duration 100ms
}

if [ "$(id -u)" -ne 0 ]; then
	echo "skip: who lacks which privilege: that needs root to take it away"
	exit
fi
lacking CAP_BPF "${as_nobody[@]}"
lacking CAP_BPF setpriv --bounding-set -bpf,-sys_admin --
! grep -q CAP_PERFMON "$err" || fail "CAP_PERFMON is held, and said to be lacking"
lacking CAP_PERFMON setpriv --bounding-set -perfmon,-sys_admin --
! grep -q CAP_BPF "$err" || fail "CAP_BPF is held, and said to be lacking"
if unshare -Ur true 2>"$err"; then
	lacking 'user namespace' unshare -Ur --
	lacking 'user namespace' "${as_nobody[@]}" unshare -Ur --
else
	echo "skip: user namespace: $(cat "$err")"
fi
