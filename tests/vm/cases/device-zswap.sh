# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# With zswap nothing reaches the swap device, and the RFC's device was silent: here it is a reason of its
# own. What zswap writes back from a full pool is told once, not again as swapped out to the device.

skip_on() {
	case $KERNEL in
	5.10 | 6.1 | 6.12) echo "Debian's cloud kernels before 7 are built without zswap" ;;
	esac
}

# Who writes back is a worker, which the next store does not wait for: it may come late, so it is fed until
# it has done enough.
WRITTEN_BACK_PAGES=500
ROUNDS=10

written_back() { awk '$1 == "zswpwb" {print $2}' "$1"; }

page_out_until_written_back() {
	local begin round=0
	begin=$(written_back vmstat.before)
	: >../full.stimulus
	while [ $(($(written_back /proc/vmstat) - begin)) -lt $WRITTEN_BACK_PAGES ] && [ $round -lt $ROUNDS ]; do
		stimulus pageout 64 >>../full.stimulus
		round=$((round + 1))
	done
}

guest() {
	load_module interval_ms=100
	swap_on_disk
	echo Y >/sys/module/zswap/parameters/enabled
	start_herd told.json
	stimulus pageout 16 >pageout.stimulus
	stop_herd
	mkdir full
	cd full || return
	echo 1 >/sys/module/zswap/parameters/max_pool_percent
	start_herd ../full.json
	page_out_until_written_back
	stop_herd
	cd .. || return
	echo N >/sys/module/zswap/parameters/enabled
}

verify() {
	expect_swap_ways told.json
	expect_records told.json "asked for, so that it is no pressure" 'length > 0 and all(.level == 0)'
	[ "$(counted zswpout)" -ge 2000 ] || fail "only $(counted zswpout) pages were swapped out to zswap"
	expect_equal "pages that zswap wrote back from a pool with room" "$(counted zswpwb)" 0
	cp "$DIR"/out/full/vmstat.* "$DIR/out"
	expect_swap_ways full.json
	[ "$(counted zswpwb)" -ge $WRITTEN_BACK_PAGES ] || fail "zswap wrote only $(counted zswpwb) pages back"
}
