#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What people see on a terminal of 80 columns and 24 rows: a storm that can be read, who and whose, and a
# line that shows a quiet machine is being watched, which stands in front of nothing.
. "$(dirname "$0")/lib-watch.sh"
need_watch

pty=${OUTPUT:?is set by make check-live}/tests/live/pty
raw=$tmp/w.json # where watch_fail looks
touch "$tmp/w.err"
export TERM=xterm LC_ALL=C.UTF-8
unset NO_COLOR

# on_terminal NAME COMMAND...: in the background; returns when the loader counts.
on_terminal() {
	local name=$1
	shift
	"$pty" 80x24 "$@" >"$tmp/$name.json" &
	watch_pid[$name]=$!
	await "$name" ', watching'
}

# What stays on the terminal: what was drawn over is gone, and so are the colours.
seen() {
	sed 's/\r$//; s/.*\r\x1b\[K//; s/\x1b\[[0-9;]*m//g' "$1"
}

stop() {
	kill -TERM "${watch_pid[$1]}"
	ended "$1"
}

ended() {
	wait "${watch_pid[$1]}" || watch_fail "$1" "exit code $?"
	unset "watch_pid[$1]"
}

# The line is drawn in each second in which nothing came, and in this box's last two seconds nothing does
# but the all-clear.
on_terminal w "$bin" watch --stats 700ms
await w 'watching: machine level'
box_run a --limit 16M --use 48M --hold 0
await w 'all clear'
stop w
seen "$raw" >"$tmp/seen"
grep -q $'\x1b\\[1mTIME' "$raw" || watch_fail w "no colours"
grep -qE ' none level +was .*\(all clear\)' "$tmp/seen" || watch_fail w "no all-clear"
grep -qE '^[0-9:.]{12} +# swapped out' "$tmp/seen" || watch_fail w "no interim figures"
! grep 'watching: machine' "$tmp/seen" || watch_fail w "the line that shows it watches is left in front of another"
! grep -n $'[\x1b\r]' "$tmp/seen" || watch_fail w "something else is sent to the terminal"

# What one row tells for many, and what its end tells, is counted as told.
awk '/^[a-z_]+ +hits / { n++; if ($3 != $4 + $5 + $6) bad = 1 }
	/^ +pages / { if ($2 != $3 + $4 + $5) bad = 1 }
	END { exit bad || n < 3 }' "$tmp/seen" || watch_fail w "the summary does not add up"

# The text of a pager or of jq is not written into, though standard error is the terminal.
on_terminal p sh -c "'$bin' watch --duration 2s | cat >'$tmp/piped'"
ended p
! grep $'\x1b' "$tmp/p.json" "$tmp/piped" || watch_fail p "a live line beside a pager"
! grep 'watching: machine' "$tmp/p.json" || watch_fail p "a live line beside a pager"

TERM=dumb on_terminal d "$bin" watch --duration 2s
ended d
! grep $'\x1b' "$tmp/d.json" || watch_fail d "orders for a terminal that knows none"
! grep 'watching: machine' "$tmp/d.json" || watch_fail d "a live line on a terminal that knows none"

NO_COLOR=1 on_terminal n "$bin" watch --duration 2s
ended n
! grep $'\x1b\\[[0-9;]*m' "$tmp/n.json" || watch_fail n "colours in spite of NO_COLOR"

if [ -e "$memory_root/cgroup.controllers" ]; then
	echo "skip: whose memory: on cgroup v2 a box cannot have cgroups below it with tasks of its own"
	exit
fi
# A storm of some seconds, in a cgroup that is called as services are.
cat >"$tmp/storm" <<'EOT'
dir=$1$(grep -m 1 oom-notify-box /proc/self/cgroup | cut -d : -f 3)/db.service
mkdir "$dir"
sh -c 'echo $$ >"$1/cgroup.procs" && shift && exec "$@"' sh "$dir" \
	dd if=/dev/urandom of=/dev/null bs=48M count=8 iflag=fullblock status=none
rmdir "$dir"
EOT
on_terminal s "$bin" watch
LC_ALL=C on_terminal c "$bin" watch
# shellcheck disable=SC2016
box_run a --limit 16M -- bash -eu "$tmp/storm" "$memory_root"
for name in s c; do
	stop $name
	seen "$tmp/$name.json" >"$tmp/$name.seen"
done
raw=$tmp/s.seen
! grep -v '^oom-notify watch: ' "$raw" | awk '{ gsub(/\342\200\246/, "~") } length($0) > 80 { print; found = 1 } END { exit !found }' ||
	watch_fail s "wider than the terminal"
grep -qE ' swap_out memcg +[0-9.]+[KM] dd/[0-9]+ +(/.*|…)/db\.service' "$raw" || watch_fail s "who, and whose"
grep -qE ' swap_out memcg +[0-9.]+[KM] dd/[0-9]+ +\.\./db\.service' "$tmp/c.seen" || watch_fail c "who, and whose, in ASCII"
! LC_ALL=C grep -n '[^ -~]' "$tmp/c.seen" || watch_fail c "not ASCII"

# The first row at once, and then for each event and cgroup one in half a second.
awk '
	function ms(clock,  part) {
		split(clock, part, /[:.]/)
		return ((part[1] * 60 + part[2]) * 60 + part[3]) * 1000 + part[4]
	}
	!/^[0-9:.]+ +burst / { next }
	{
		key = $4 " " $5 " " $NF
		if (key in last && (ms($1) - last[key] + 86400000) % 86400000 < 495) {
			print "too soon: " $0
			bad = 1
		}
		last[key] = ms($1)
		rows++
	}
	END { exit bad || !rows }' "$raw" || watch_fail s "a storm cannot be read"
# Before the row that needs it: 21 rows, and no more, have one.
[ "$(grep -c '^TIME ' "$raw")" -eq $((1 + ($(grep -c '^[0-9:.]\{12\} ' "$raw") - 1) / 21)) ] ||
	watch_fail s "a header for each screen"
