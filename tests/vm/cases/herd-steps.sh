# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# 30,000 files are looked at and told in steps of 64 at most, and 16 rounds reach everyone, also when
# those who were told first have gone meanwhile.

# shellcheck disable=SC2034 # read by boot.sh, which sources this
MEMORY=512
FILES=30000

guest() {
	load_module interval_ms=60000 clear_ms=600000 wake_gap_ms=100
	timeout 100 herd $FILES feed:low:20000 close:20000 total:$FILES feed:critical \
		interval_ms=100 quiet:500 >told.json
	statistic longest_step >step_files
}

expect_steps() { # WHAT FILTER
	jq -n -e "[inputs | select(has(\"did\"))] | $2" "$DIR/out/told.json" >/dev/null || fail "$1: not so: $2"
}

verify() {
	expect_steps "all told in 16 rounds" '.[:3] | (map(.told) | add) == 30000 and (map(.rounds) | add) <= 16'
	expect_steps "a critical event in one round" '.[3] | .told == 10000 and .rounds == 1'
	expect_steps "a tick looked at all" '.[5].ticks >= 1'
	expect_equal "files in the longest step" "$(result step_files)" 64
}
