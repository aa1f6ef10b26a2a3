# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Programs that wait as people write it, the RFC's that never reads among them, come round once for each
# time that they are told, and not again: no loop spins. The manual's example is what was run.

LOOPS="rfc readme nested late edge oneshot poll"
TIMES=3

say_how_often() { # COUNT: every loop, at least so often
	local name
	for name in $LOOPS; do
		[ "$(wc -l <"$name.out")" -ge "$1" ] || return 1
	done
}

all_have_it_open() { [ "$(statistic openers)" = "$(echo "$LOOPS" | wc -w)" ]; }

guest() {
	local name i=0 pids=""
	load_module interval_ms=1000 clear_ms=600000 wake_gap_ms=0
	for name in $LOOPS; do
		case $name in
		rfc | readme) $name >"$name.out" & ;;
		*) loops "$name" >"$name.out" & ;;
		esac
		pids="$pids $!"
	done
	wait_for 20 all_have_it_open
	sleep 1
	while [ $i -lt $TIMES ]; do
		i=$((i + 1))
		printf -- '- open z /dev/oom_notify w\n- feed z\n' | device >>facts.json
		wait_for 20 say_how_often $i || { echo "after $i times: $(wc -l -- *.out)"; return 1; }
		usleep 1200000
	done
	# shellcheck disable=SC2086 # one a word
	kill $pids
}

# shellcheck disable=SC2154 # $here is run.sh's
example() { sed -n '/^static void example/,/^}/s/^\t\([^ ].*\)/\1/p' "$here/readme.c"; }

verify() {
	local name word
	for name in $LOOPS; do
		case $name in
		rfc) word="please free some memory" ;;
		readme) word=free ;;
		*) word=woken ;;
		esac
		expect_equal "$name came round" "$(result "$name.out" | sort | uniq -c | tr -s ' ')" " $TIMES $word"
	done
	[ "$(example | wc -l)" -gt 8 ] || fail "no example in readme.c"
	while read -r name; do
		grep -qF -- "$name" "${here:?}/../../man/oom_notify.4" || fail "not in oom_notify(4): $name"
	done < <(example)
}
