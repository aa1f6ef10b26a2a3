#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tests/run.sh ends with the names of what failed and of what was skipped, and with the totals.
. "$(dirname "$0")/lib.sh"

mkdir "$tmp/tests"
test_of() { # NAME
	{
		echo '#!/bin/bash'
		cat
	} >"$tmp/tests/$1"
	chmod +x "$tmp/tests/$1"
}

test_of good </dev/null
test_of bad <<<'exit 1'
test_of absent <<<'echo no swap here; exit 77'
test_of part <<'EOF'
echo "skip: a part of it: no gnuplot"
EOF
test_of several <<'EOF'
echo "ok       1.20s  vm 5.10 boot"
echo "FAILED   1.20s  vm 5.10 device-feed, see there"
echo "skip     0.00s  vm 5.10 zram: not built in"
echo "1 passed, 1 failed, 1 skipped"
exit 1
EOF
test_of criterion <<'EOF'
printf '[\033[0;34m----\033[0m] test_level.c:7: Assertion Failed\n'
printf '[\033[0;31mFAIL\033[0m] level::rises: (0.00s)\n'
printf '[\033[0;34m====\033[0m] Synthesis: Tested: 2 | Passing: 1 | Failing: 1 | Crashing: 0 \n'
EOF

want="
Skipped:
  tests/absent: no swap here
  tests/part: a part of it: no gnuplot
  vm 5.10 zram: not built in

Failed:
  tests/bad
  vm 5.10 device-feed, see there
  level::rises

4 passed, 3 failed, 2 skipped"
for how in "" -f; do
	# shellcheck disable=SC2086 # nothing, or an option
	got=$(tests/run.sh "$tmp"/tests/{good,bad,absent,part} $how "$tmp/tests/several" "$tmp/tests/criterion")
	status=$?
	[ $status -ne 0 ] || fail "exit code $status"
	[ "$(tail -n 12 <<<"$got")" = "$want" ] || fail "it ends with: $(tail -n 12 <<<"$got")"
done

got=$(tests/run.sh "$tmp/tests/good") || fail "exit code $?"
[ "$(tail -n 1 <<<"$got")" = "1 passed, 0 failed, 0 skipped" ] || fail "it ends with: $got"
! grep -q 'Failed:\|Skipped:' <<<"$got" || fail "a list of nothing: $got"

# A unit test that stands still is begun once more, and no more often; others are not.
mkdir "$tmp/tests/unit"
test_of unit/once <<<'[ -e "$0.seen" ] || { touch "$0.seen"; exec sleep 600; }'
test_of unit/ever <<<'exec sleep 600'
test_of late <<<'exec sleep 3'
got=$(TEST_HANG=1 tests/run.sh "$tmp"/tests/{unit/once,late}) || fail "exit code $?: $got"
[ "$(tail -n 1 <<<"$got")" = "2 passed, 0 failed, 0 skipped" ] || fail "it ends with: $got"
[ "$(grep -c '^again .*tests/unit/once: it stood still' <<<"$got")" = 1 ] || fail "what was begun again: $got"
got=$(TEST_HANG=1 TEST_TIMEOUT=2 tests/run.sh "$tmp/tests/unit/ever") && fail "it hangs, and passes: $got"
grep -q '  stopped after 2 s' <<<"$got" || fail "it ends with: $got"
finish
