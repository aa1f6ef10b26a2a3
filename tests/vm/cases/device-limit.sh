# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A cgroup swaps at its own limit while files are read outside: kswapd scans files, pages are swapped out, and
# the one has nothing to do with the other. No level is the machine's. With the classic LRU lists, where
# there is a choice: there reclaim for files looks at other pages, too.

LRU_GEN=/sys/kernel/mm/lru_gen/enabled
BOX=/sys/fs/cgroup/box

guest() {
	load_module interval_ms=200
	swap_on_zram
	mount -t ext4 /dev/vdc /data
	[ ! -e $LRU_GEN ] || echo n >$LRU_GEN
	echo +memory >/sys/fs/cgroup/cgroup.subtree_control
	mkdir $BOX
	echo 24M >$BOX/memory.max
	start_watch
	start_herd all.json write:none
	for _ in 1 2; do
		sh -c "echo \$\$ >$BOX/cgroup.procs && exec stimulus touch 48 1000" >touch.stimulus
	done &
	stimulus read /data/file $(($(meminfo_mb MemTotal) * 2)) >read.stimulus
	wait $!
	stop_herd
	stop_watch
	[ ! -e $LRU_GEN ] || echo y >$LRU_GEN
	rmdir $BOX
}

verify() {
	echo "  told, by level: $(jq -s -c 'map(select(has("reasons")).level) | group_by(.) | map([.[0], length])' "$DIR/out/all.json")," \
		"kswapd scanned $(counted pgscan_kswapd) pages, $(counted pswpout) were swapped out"
	[ "$(counted pswpout)" -ge 2000 ] || fail "only $(counted pswpout) pages were swapped out"
	[ "$(counted pgscan_kswapd)" -ge 20000 ] || fail "kswapd scanned only $(counted pgscan_kswapd) pages"
	# An idle page of the machine may go to swap all the same: then "low" is what there is to say.
	if jq -e -s 'any(.event == "level" and .scope == "global" and .level != "none")' "$DIR/out/events.json" >/dev/null; then
		echo "  watch said low for the machine, too"
		expect_records all.json "no more than low" 'all(.level <= 1)'
	else
		expect_records all.json "no level for the machine" 'all(.level == 0)'
	fi
}
