# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# "oom-notify check" finds this kernel's variants of the tracepoints and the module, before and after it is
# loaded, for root and for others; and an idle watch starts and ends.

guest() {
	swap_on_zram
	$OOM_NOTIFY check >check.txt
	$OOM_NOTIFY check --json >check.json
	start_watch
	stop_watch
	load_module
	$OOM_NOTIFY check --json >check.loaded
	as_nobody "$OOM_NOTIFY" check --json >check.nobody || :
	chmod 600 /dev/oom_notify
	as_nobody "$OOM_NOTIFY" check --json >check.closed || :
}

expect_check() { # NAME STATE DETAIL [FILE]
	jq -e --arg name "$1" --arg state "$2" --arg detail "$3" \
		'any(.checks[]; .name == $name and .state == $state and .detail == $detail)' \
		"$DIR/out/${4:-check.json}" >/dev/null ||
		fail "check: $1 is not $2 with '$3': $(jq -c --arg name "$1" '.checks[] | select(.name == $name)' "$DIR/out/${4:-check.json}")"
}

expect_variants() {
	case $KERNEL in
	5.10)
		expect_check mm_vmscan_writepage ok '(struct page *)'
		expect_check mm_vmscan_throttled degraded 'not in this kernel'
		expect_check mark_victim ok '(int)'
		;;
	*)
		expect_check mm_vmscan_write_folio ok '(struct folio *)'
		expect_check mm_vmscan_throttled ok '(int, int, int, int)'
		expect_check mark_victim ok '(struct task_struct *, uid_t)'
		expect_check tracepoints ok 'all 17 usable'
		;;
	esac
	case $KERNEL in
	5.10 | 6.1)
		expect_check typed_reads ok 'of what a tracepoint passes (tp_btf); the rest by a helper'
		;;
	*)
		expect_check typed_reads ok 'of any pointer, by a cast (bpf_rdonly_cast)'
		;;
	esac
	case $KERNEL in
	5.10)
		expect_check reclaimers ok "a hash table: reclaim's begin and end cost 1 us more"
		;;
	*)
		expect_check reclaimers ok 'an array of slots, by atomic instructions'
		;;
	esac
	case $KERNEL in
	7.*)
		expect_check mm_vmscan_direct_reclaim_begin ok '(gfp_t, int, struct mem_cgroup *)'
		expect_check exact_counts ok 'classic tracepoints, as raw ones are preempted here: 10 ns a hit more'
		;;
	*)
		expect_check mm_vmscan_direct_reclaim_begin ok '(int, gfp_t)'
		expect_check exact_counts ok 'raw tracepoints, which this kernel does not preempt'
		;;
	esac
}

expect_module() {
	expect_check module optional 'oom_notify is not loaded'
	expect_check device optional 'no /dev/oom_notify'
	expect_check device_critical optional 'no /dev/oom_notify_critical'
	for file in check.loaded check.nobody; do
		expect_check module ok 'oom_notify 0.1.0 is loaded' "$file"
		expect_check device ok '/dev/oom_notify, this user may open it' "$file"
	done
	expect_check device_critical ok '/dev/oom_notify_critical, this user may open it' check.loaded
	expect_check device_critical degraded '/dev/oom_notify_critical: Permission denied' check.nobody
	expect_check device degraded '/dev/oom_notify: Permission denied' check.closed
}

verify() {
	local file
	expect_clean_run
	expect_equal "kernel" "$(jq -r .kernel "$DIR/out/check.json")" "$(cat "$KERNEL_DIR/release")"
	expect_equal "will work" "$(jq .will_work "$DIR/out/check.json")" true
	expect_variants
	# The way that check names is the one that watch took.
	! grep -rq 'refuses typed reads' "$DIR/out" || fail "watch was refused its way of reading"
	expect_module
	expect_no_level
}
