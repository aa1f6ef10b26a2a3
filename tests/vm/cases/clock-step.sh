# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The clock is set two hours ahead while "oom-notify watch" runs, as a first contact with a time server may
# do: what comes then is told with the new time, in rows and in JSON, and what came before with the old.

# Around one moment of pressure and its all-clear.
press() {
	date +%s >"$1.from"
	$OOM_NOTIFY pressure --limit 24M --use 64M --swap zram --swap-size 64M --hold 200ms >"$1.out" 2>&1 ||
		{ cat "$1.out"; return 1; }
	wait_for 20 all_clear || echo "no all-clear"
	date +%s >"$1.to"
}

guest() {
	local now
	start_watch
	$OOM_NOTIFY watch >rows 2>rows.err &
	rows_pid=$!
	wait_for 30 grep -q ready rows.err || { cat rows.err; return 1; }
	press before
	now=$(date +%s)
	date -s @$((now + 7200)) >/dev/null
	press after
	stop_watch
	kill $rows_pid
	wait $rows_pid || echo "rows: exit code $?"
	date +%s >end
	date -s @$(($(date +%s) - 7200)) >/dev/null
	cat /proc/sys/kernel/random/boot_id >boot_id
}

# The second of the day that a row's TIME says; the guest lives in UTC.
second_of_day() { awk -F '[ :.]' '{print ($1 * 60 + $2) * 60 + $3}'; }

verify() {
	local first last
	expect_clean_run
	expect_equal "the clock was set" "$(($(result after.from) - $(result before.to) >= 7200))" 1
	# shellcheck disable=SC2016 # jq's
	jq -s -e --argjson a "$(result before.from)" --argjson b "$(result before.to)" \
		--argjson c "$(result after.from)" --argjson d "$(result end)" --arg boot "$(result boot_id)" '
		map((.time[:19] + "Z" | fromdate) as $t | .at = if $t >= $a and $t <= $b then "before"
			elif $t >= $c and $t <= $d then "after" else "neither \(.time)" end) |
		all(.boot_id == $boot) and (map(.at) | unique == ["after", "before"]) and .[-1].at == "after" and
		(map(select(.event == "swap_out").at) | unique == ["after", "before"]) and
		map(.at) == (map(.at) | sort | reverse)' \
		"$DIR/out/events.json" >/dev/null 2>>"$DIR/failures" || fail "JSON lines with another time"
	first=$(result rows | grep ' level was none ' | head -n 1 | second_of_day)
	last=$(result rows | grep '(all clear)' | tail -n 1 | second_of_day)
	expect_equal "the first row's TIME" "$(((first - $(result before.from) % 86400 + 86400) % 86400 <= \
		$(result before.to) - $(result before.from)))" 1
	expect_equal "the last row's TIME" "$(((last - $(result after.from) % 86400 + 86400) % 86400 <= \
		$(result end) - $(result after.from)))" 1
}
