#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# hits = told + waiting + dropped, and what is told is what is printed: three loaders at once, with
# coalescing, without, and with a ring that must overflow, agree on one and the same pressure.
. "$(dirname "$0")/lib-watch.sh"
need_watch

watch_start plain
watch_start raw --raw
watch_start tiny --raw --ring 4K
kill -s STOP "${watch_pid[tiny]}"
box_run a --limit 16M --use 48M --hold 0
kill -s CONT "${watch_pid[tiny]}"
for name in plain raw tiny; do
	watch_end $name
done
for name in plain raw tiny; do
	expect_quiet $name
	expect_exact $name
done

expect plain "nothing is coalesced" 'of($a) | facts | any(.hits > 1)'
expect plain "dropped" 'summary | .lost.hits == 0'
expect raw "coalesced" 'facts | all(.hits == 1 and (.trailing | not))'
expect tiny "nothing dropped" 'summary | .lost.ring_hits > 0'
expect tiny "no event says so" 'kind("lost") | any(.ring_hits > 0)'

# Each counts in its own way to the same sum.
for name in plain raw tiny; do
	ask $name 'total($a) | [.swap_out_pages, .stalls]' -c
done | grep -v null | sort -u >"$tmp/sums"
[ "$(wc -l <"$tmp/sums")" -le 1 ] || fail "they counted different sums: $(cat "$tmp/sums")"
! grep -q '\[0' "$tmp/sums" || fail "they counted nothing: $(cat "$tmp/sums")"
[ -s "$tmp/sums" ] || echo "skip: comparison of their sums: too many others swap"
expect plain "sums of the events" 'total($a) as $total | of($a) | $total == null or
	(kind("swap_out") | sum(.pages)) == $total.swap_out_pages and
	(kind("reclaim_end") | sum(.hits)) == $total.stalls and
	(kind("reclaim_end") | sum(.stall_ns)) == $total.stall_ns'
