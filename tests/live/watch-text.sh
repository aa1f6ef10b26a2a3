#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What people see: aligned lines under a header, interim figures, a summary that adds up; on a
# terminal colours and a line that shows a quiet machine is being watched.
. "$(dirname "$0")/lib-watch.sh"
need_watch

text=$tmp/w.json # where watch_fail looks
watch_to w "$text" --stats 100ms
box_run a --limit 16M --use 48M --hold 200ms
watch_end w
expect_quiet w
[ "$(head -n 1 "$text" | cut -d ' ' -f 1)" = TIME ] || watch_fail w "no header"
! grep -q $'\x1b' "$text" || watch_fail w "colours in a file"
grep -qE '^[0-9:.]{12} +# swapped out [0-9]+ pages, ' "$text" || watch_fail w "no interim figures"
grep -qE "^[0-9:.]{12} +[0-9.]+[a-z]s low +level +was none .*${box_path[a]}" "$text" ||
	watch_fail w "no level"

# TIME LATE LVL EVENT CAUSE PAGES STALL TASK CGROUP
grep -E '^[0-9:.]{12} +[0-9.]+(ns|us|ms|s) ' "$text" >"$tmp/events"
grep -vE '^.{12} +[^ ]+ +[a-z]+ +level ' "$tmp/events" >"$tmp/facts"
! grep -vE '^[0-9:.]{12} +[0-9.]+[a-z]s (none|low|med|crit) +[a-z_]+ +[a-z]+ +[0-9]+ +([0-9.]+[a-z]+|-) +[0-9]+/' \
	"$tmp/facts" || watch_fail w "odd lines"
awk -v path="${box_path[a]}" -v column="$(head -n 1 "$text" | grep -bo CGROUP | cut -d : -f 1)" '
	index($0, path) && index($0, path) != column + 1 { print; exit 1 }' "$tmp/events" ||
	watch_fail w "the cgroup is not below its heading"
told=$(awk '$4 == "swap_out" { n += $6 } END { print n + 0 }' "$tmp/facts")
awk -v told="$told" '
	$1 == "swap_out" && $2 == "hits" && $3 == $4 + $5 + $6 { hits = NR }
	hits && NR == hits + 1 && $1 == "pages" && $2 == $3 + $4 + $5 && $3 == told { pages = told }
	END { exit !pages }' "$text" || watch_fail w "the events have $told pages, the summary not"
tail -n 1 "$text" | grep -q '^ready in ' || watch_fail w "the last line"

command -v script >/dev/null || { echo "skip: on a terminal: no script(1)" && exit; }
# Nobody can make a machine quiet: a moment in which it was must be among those looked at.
watch_on_terminal() {
	TERM=xterm script -qec "'$bin' watch --kind oom_kill --duration 1500ms" /dev/null </dev/null >"$text"
	grep -q 'watching: machine level' "$text"
}
watch_on_terminal || watch_on_terminal || watch_on_terminal || watch_fail w "no line that shows it watches"
grep -q $'\x1b\\[1mTIME' "$text" || watch_fail w "no colours on a terminal"
