#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# "oom-notify pressure -- COMMAND": runs it in the box, hands its exit code on, and ends all of it.
# shellcheck disable=SC2016 # it is the shell in the box that is to expand things
. "$(dirname "$0")/lib-box.sh"
need_box

for code in 0 1 2 77 255; do
	run -- sh -c "exit $code"
	expect_rc $code
	[ ! -s "$out" ] || fail "only the command may print"
	expect_no_messages
	expect_nothing_left -
done
run -- sh -c 'kill -s USR1 $$'
expect_rc $((128 + $(kill -l USR1)))
run /nonexistent/command
expect_rc 127
[ "$(wc -l <"$err")" -eq 1 ] || fail "one line on standard error expected"
run -- /etc/passwd
expect_rc 126
expect_nothing_left -

# Options of the command are the command's; -- may be left out.
run --limit 32M echo --limit --json
expect_rc 0
[ "$(cat "$out")" = "--limit --json" ] || fail "the command got other arguments"

# It has our terminal, standard input and environment, and default signals.
MARK=here run -- sh -c 'echo "$MARK"; grep -E "^(SigBlk|SigIgn):" /proc/self/status'
expect_rc 0
grep -qx here "$out" || fail "the environment is another"
grep -qE '^SigBlk:\s0+$' "$out" || fail "signals are blocked in the command"

# More than the limit is swapped, more than limit and swap is the OOM killer's.
pages=$(swapped_pages)
run --limit 16M -- sh -c 'x=$(head -c 40000000 /dev/zero | tr "\0" a); echo ${#x}'
expect_rc 0
[ "$(cat "$out")" = 40000000 ] || fail "the command did not get its memory"
[ $(($(swapped_pages) - pages)) -gt 3000 ] || fail "nothing was swapped"
run --limit 16M --swap none -- sh -c 'x=$(head -c 80000000 /dev/zero | tr "\0" a); echo ${#x}'
if [[ $rc -eq 0 || -s $out ]]; then
	fail "the command got past the limit"
fi
expect_nothing_left -

# What it leaves running, and cgroups of its own, go with the box.
run --json -- sh -c '
	cgroup=$(sed -nE "s|^[0-9]+:([^:]*,)?memory(,[^:]*)?:.*/(oom-notify-box-[^/]*)$|\3|p" /proc/self/cgroup)
	[ -n "$cgroup" ] || cgroup=$(sed -nE "s|^0::.*/(oom-notify-box-[^/]*)$|\1|p" /proc/self/cgroup)
	mkdir -p "$0/$cgroup/a/b"
	setsid sleep 60 >/dev/null 2>&1 & echo "{\"child\":$!}"
	echo $! >"$0/$cgroup/a/b/cgroup.procs"' "$memory_root"
expect_rc 0
child=$(field child)
! runs "$child" || fail "process $child lives on"
expect_nothing_left -
