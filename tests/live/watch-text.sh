#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What people see in a file: aligned rows under a header, interim figures, a summary that adds up.
. "$(dirname "$0")/lib-watch.sh"
need_watch

text=$tmp/w.json # where watch_fail looks
watch_to w "$text" --stats 100ms
watch_to b "$tmp/b.json" --kind reclaim_begin
box_run a --limit 16M --use 48M --hold 200ms
watch_end b
watch_end w
expect_quiet w
[ "$(head -n 1 "$text" | cut -d ' ' -f 1)" = TIME ] || watch_fail w "no header"
! grep -q $'\x1b' "$text" || watch_fail w "colours in a file"
grep -qE '^[0-9:.]{12} # swapped out [0-9.]+[KMG]?, [0-9]+ stalls of ' "$text" ||
	watch_fail w "no interim figures"
grep -qE "^[0-9:.]{12} +[0-9.]+[a-z]s (low|med|crit) +level was none +${box_path[a]}" "$text" ||
	watch_fail w "no level"

# TIME LATE LVL EVENT, CAUSE SIZE/STALL TASK CGROUP
grep -E '^[0-9:.]{12} +([0-9.]+(ns|us|ms|s)|burst|still) ' "$text" >"$tmp/events"
grep -vE '^.{12} +[^ ]+ +[a-z]+ +level ' "$tmp/events" >"$tmp/facts"
! grep -vE '^.{18} (none|low|med|crit) +[a-z_]+ [a-z?]* +([0-9.]+([KMG]|[num]?s)|-) [^/]*/[0-9]+ ' \
	"$tmp/facts" || watch_fail w "odd lines"
awk -v path="${box_path[a]}" -v column="$(head -n 1 "$text" | grep -bo CGROUP | cut -d : -f 1)" '
	index($0, path) && index($0, path) != column + 1 { print; exit 1 }' "$tmp/events" ||
	watch_fail w "the cgroup is not below its heading"

# Sizes are cut off, not rounded: to two digits at least.
awk -v page_bytes="$(getconf PAGESIZE)" '
	BEGIN { unit["K"] = 1024; unit["M"] = 1024 * 1024; unit["G"] = 1024 * 1024 * 1024 }
	$4 == "swap_out" && $2 ~ /^([0-9.]+[a-z]+|burst)$/ { told += $6 * unit[substr($6, length($6))] }
	$1 == "swap_out" && $2 == "hits" && $3 == $4 + $5 + $6 { hits = NR }
	hits && NR == hits + 1 && $1 == "pages" && $2 == $3 + $4 + $5 { pages = $3 }
	END {
		print told, pages * page_bytes
		exit !(pages && told <= pages * page_bytes && told >= 0.9 * pages * page_bytes)
	}' "$text" || watch_fail w "the rows have another size than the summary"
grep -qE '^stalls: [0-9]+ \(memcg [1-9][0-9]*, direct [0-9]+, node [0-9]+\), together ' "$text" ||
	watch_fail w "the summary does not say whose stalls"
tail -n 1 "$text" | grep -q '^ready in ' || watch_fail w "the last line"

# Its end tells a reclaim, and only who asks for begins has them.
! grep ' reclaim_begin ' "$tmp/facts" | grep -v '^.\{12\} still ' || watch_fail w "a reclaim is told twice"
grep -q ' reclaim_end ' "$tmp/facts" || watch_fail w "no reclaim is told"
grep -qE "^.{12} +[0-9.]+[a-z]s .* reclaim_begin memcg .* ${box_path[a]}" "$tmp/b.json" ||
	watch_fail b "no begin for who asks for it"

# What closed a burst is told by a word, and is not set back to its oldest fact. (Only midnight is.)
grep -q '^.\{12\} burst ' "$tmp/facts" || watch_fail w "no burst"
awk '$2 == "burst" && $1 < last && !(last > "23:59" && $1 < "00:01") { print last; print; exit 1 }
	{ last = $1 }' "$tmp/events" || watch_fail w "TIME goes backwards"
