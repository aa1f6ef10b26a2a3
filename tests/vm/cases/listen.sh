# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Anybody may listen: "oom-notify listen" and a program as the RFC of 2007 had it, both as nobody, while
# the machine swaps.

listened_to_the_end() { told_every_page && tail -n 1 listen.json | grep -q all_clear; }

# Who may only read the device cannot ask for anything.
listen_read_only() {
	chmod 644 /dev/oom_notify
	as_nobody "$OOM_NOTIFY listen --duration 1s" >readonly.out 2>readonly.err || echo $? >readonly.status
	as_nobody "$OOM_NOTIFY listen --min-level low --duration 1s" 2>asked.err || echo $? >asked.status
	chmod 666 /dev/oom_notify
}

guest() {
	load_module interval_ms=200 clear_ms=1000
	listen_read_only
	swap_on_disk
	# shellcheck disable=SC2034 # read by told_pages()
	herd_file=listen.json
	before=$(swapped_out)
	# Not by as_nobody(), whose process is a shell that would be what is killed.
	su -s /bin/sh nobody -c "exec $OOM_NOTIFY listen --json" >listen.json 2>listen.err &
	listen_pid=$!
	as_nobody /bin/rfc 1 >rfc.out 2>&1 &
	rfc_pid=$!
	wait_for 20 grep -q ready listen.err || { cat listen.err; return 1; }
	sleep 1
	cp rfc.out rfc.idle
	grep Uid: "/proc/$listen_pid/status" "/proc/$(pidof rfc)/status" >uids
	global_pressure 40
	wait $rfc_pid
	wait_for 30 listened_to_the_end || echo "no all-clear, or told of $(told_pages) pages only"
	echo $(($(swapped_out) - before)) >swapped
	kill $listen_pid
	wait $listen_pid
}

expect_lines() { # WHAT FILTER
	jq -s -e "$2" "$DIR/out/listen.json" >/dev/null 2>>"$DIR/failures" || fail "$1: not so in listen.json: $2"
}

verify() {
	expect_equal "read only: exit code" "$(result readonly.status)" ""
	result readonly.err | grep -q "may only read it.*no all-clear" || fail "read only: no warning: $(result readonly.err)"
	expect_equal "read only, with a level: exit code" "$(result asked.status)" 1
	expect_equal "users" "$(result uids | awk '{print $2}' | sort -u)" 65534
	expect_equal "the RFC's program while nothing happens" "$(result rfc.idle)" ""
	expect_equal "the RFC's program" "$(result rfc.out)" "please free some memory"
	[ "$(result swapped)" -ge 2000 ] || fail "only $(result swapped) pages were swapped out"
	expect_lines "records and a summary" 'length >= 3 and all(.[:-1][]; .event == "notify") and .[-1].event == "summary"'
	expect_lines "told of swap-out" 'any(.event == "notify" and (.reasons | index("swap_out") != null))'
	# Scanning and swapping out may fall into two ticks.
	expect_lines "which is pressure: most of the pages with a level" \
		'([.[:-1][] | select(.level != "none").pages] | add) * 2 > .[-1].pages'
	expect_lines "the all-clear comes last" '.[-2] | .reasons == ["all_clear"] and .level == "none"'
	expect_lines "not a page is lost" ".[-1].pages == $(result swapped) and .[-1].pages == ([.[:-1][].pages] | add)"
}
