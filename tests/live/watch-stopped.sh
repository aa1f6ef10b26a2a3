#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Two loaders stopped for seconds under pressure: what did not fit into the ring is counted, nothing
# else is lost, and events go on afterwards.
. "$(dirname "$0")/lib-watch.sh"
need_watch

watch_start plain
watch_start raw --raw --ring 64K
box_start a --limit 16M --use 48M --hold 800ms --gap 300ms --episodes 6
box_next a
before=$(jq .end_ns <<<"$line")
kill -s STOP "${watch_pid[plain]}" "${watch_pid[raw]}"
for _ in 2 3 4 5; do
	box_next a
done
after=$(jq .end_ns <<<"$line")
kill -s CONT "${watch_pid[plain]}" "${watch_pid[raw]}"
box_wait a
watch_end plain
watch_end raw
echo "stopped for $(((after - before) / 1000000)) ms"

for name in plain raw; do
	expect_quiet $name
	expect_exact $name
	expect $name "no events before, or none afterwards" 'of($a) | kind("swap_out") |
		any(.time_ns < $before) and any(.time_ns > $after)' \
		--argjson before "$before" --argjson after "$after"
	ask $name 'total($a) | [.swap_out_pages, .stalls]' -c | grep -v null >>"$tmp/sums"
done
expect raw "the ring did not overflow" 'kind("lost") | any(.ring_hits > 0)'
[ "$(sort -u "$tmp/sums" | wc -l)" -le 1 ] || fail "they counted different sums: $(cat "$tmp/sums")"
