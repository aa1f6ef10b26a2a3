#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# .ci/run adds up its phases, says how long each took, and closes with the names of what failed and the
# totals; a phase that dies before its own totals is a failure.
. "$(dirname "$0")/lib.sh"

fake make <<'EOF'
case $1 in
test) printf '4 passed, 0 failed, 1 skipped\nsome more\n\n30 passed, 0 failed, 2 skipped\n' ;;
check-fresh)
	[ -z "${DIES-}" ] || { echo "4 passed, 0 failed, 0 skipped"; exit 2; }
	[ "${FAILS:-0}" = 0 ] || printf '\nFailed:\n  tests/one.sh: why\n  tests/two.sh\n'
	printf '\n12 passed, %s failed, 0 skipped\n' "${FAILS:-0}"
	[ "${FAILS:-0}" = 0 ] ;;
esac
EOF
ends() { # WHAT STATUS LAST-LINE
	said=$(.ci/run 2>&1)
	status=$?
	[ "$status" -eq "$2" ] || fail "$1: exit code $status"
	[ "$(tail -n 1 <<<"$said")" = "$3" ] || fail "$1: it ends with: $(tail -n 1 <<<"$said")"
	expect "$1" '^make check-fresh: [0-9]+ min$' "$said"
}

ends "all well" 0 "42 passed, 0 failed, 2 skipped"
FAILS=3 ends "three fail" 1 "42 passed, 3 failed, 2 skipped"
expect "names of what failed" '^Failed: make check-fresh: tests/one.sh: why$' "$said"
expect "names of what failed" '^Failed: make check-fresh: tests/two.sh$' "$said"
DIES=yes ends "no totals" 1 "34 passed, 1 failed, 2 skipped"
expect "no names" '^Failed: make check-fresh: .no names.$' "$said"
finish
