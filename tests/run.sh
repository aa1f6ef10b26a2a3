#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs tests, one line each, the output of those that fail, and at the end the names of what failed and
# of what was skipped, with the reason, and the totals:
#
#	tests/run.sh [-f] TEST...
#
# What -f stands before is followed: it takes minutes, so its output is shown as it comes, and its time
# is not limited here.
#
# A test is a program or script. Exit code 0: passed, 77: skipped, its last line says why, any
# other: failed. One that holds several tests ends with a line "N passed, N failed, N skipped" (or
# Criterion's summary), whose numbers are then taken. It may print lines "skip: ..." for those that
# it skipped. Nothing passed and nothing failed is a failure: then nothing was tested.
set -uo pipefail
# One locale, whatever the user has: order, ranges, decimal points and messages are the tests' own.
export LC_ALL=C
# Criterion forks while a thread of nanomsg's runs beside it. Twice a child then waited for ever in its first
# malloc() for a lock of ASan's allocator, which that thread had held (gcc 12 and 14). One test at a time leaves
# less of these threads at work, and a unit test that stands still for so long is begun once more.
hang_s=${TEST_HANG:-180}
export CRITERION_JOBS=${CRITERION_JOBS:-1}
cd "$(dirname "$0")/.." || exit 1

# For what hangs: clang-tidy alone takes minutes where others want the processors as well.
limit_s=${TEST_TIMEOUT:-900}
passed=0
failed=0
skipped=0
all_failed=()
all_skipped=()
log=$(mktemp)
child=

run_for() { # SECONDS TEST
	timeout -k 10 "$1" "$2" >"$log" 2>&1 </dev/null &
	child=$!
	wait "$child"
}

run_limited() { # TEST
	local status
	case $1 in
	*/tests/unit/*) [ "$hang_s" -lt "$limit_s" ] || hang_s=$limit_s ;;
	*) run_for "$limit_s" "$1"; return ;;
	esac
	run_for "$hang_s" "$1"
	status=$?
	[ $status -eq 124 ] || return $status
	echo "again  ${hang_s}.00s  tests/${1##*/tests/}: it stood still"
	run_for "$limit_s" "$1"
}

run_followed() { # TEST
	local tail status
	"$1" >"$log" 2>&1 </dev/null &
	child=$!
	tail -n +1 -s 0.2 -f --pid="$child" "$log" &
	tail=$!
	wait "$child"
	status=$?
	wait "$tail"
	return $status
}

# timeout(1) passes the signal on to what it runs, and gives it 10 s to clean up.
interrupted() {
	trap - INT TERM
	[ -z "$child" ] || { kill -TERM "$child" && wait "$child"; } 2>/dev/null
	exit 130
}
trap 'rm -f "$log"' EXIT
trap interrupted INT TERM

# The numbers of the test just run: "passed failed skipped", nothing if it does not say.
inner_totals() {
	sed 's/\x1b\[[0-9;]*m//g' "$log" | awk '
		/^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$/ {
			found = $1 " " $3 " " (NF > 4 ? $5 : 0)
		}
		/Synthesis: Tested: [0-9]+ \| Passing: [0-9]+/ {
			for (i = 1; i < NF; i++) {
				if ($i == "Tested:") tested = $(i + 1)
				if ($i == "Passing:") passing = $(i + 1)
			}
			found = passing + 0 " " tested - passing " 0"
		}
		END { if (found) print found }'
}

# inner_names WORD TEST: those in the log just written that WORD (FAILED, skip) is said of, as "TEST: NAME",
# or as they are where they say enough: Criterion's, lines "skip: NAME", and verdicts like our own.
inner_names() {
	local criterion='s/^\[(FAIL|CRASH)\] ([^ ]*::[^ :]*).*/\2/p'
	[ "$1" = FAILED ] || criterion="s|^\[SKIP\] |$2: |p"
	sed -nE -e 's/\x1b\[[0-9;]*m//g' -e "s/^$1 +[0-9.]+s  //p" -e "s|^$1: |$2: |p" -e "$criterion" "$log"
}

# note_names NAME FAILED SKIPPED
note_names() {
	local found
	if [ "$2" -gt 0 ]; then
		mapfile -t found < <(inner_names FAILED "$1")
		[ ${#found[@]} -gt 0 ] || found=("$1")
		all_failed+=("${found[@]}")
	fi
	mapfile -t found < <(inner_names skip "$1")
	all_skipped+=("${found[@]}")
}

# On a terminal, what runs just now; its line takes the place of this one.
show_running() {
	[ ! -t 1 ] || printf '...              %s\r' "$1"
}

# run_one TEST [followed]
run_one() {
	local name=$1 start=$EPOCHREALTIME rc took numbers word reason p f s

	# A built program is told by its source.
	case $1 in */tests/*) name=tests/${1##*/tests/} ;; esac
	[ -n "${2-}" ] || show_running "$name"
	"run_${2:-limited}" "$1"
	rc=$?
	child=
	took=$(awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.2fs", b - a }')

	numbers=$(inner_totals)
	if [ $rc -eq 77 ]; then
		numbers="0 0 1"
	elif [ -z "$numbers" ]; then
		numbers=$([ $rc -eq 0 ] && echo "1 0 0" || echo "0 1 0")
	fi
	read -r p f s <<<"$numbers"
	# Neither a crash after the last test nor an empty list of tests may pass, nor a leak: it is told
	# when a test's process ends, and Criterion does not look at that process's exit code.
	if [ $rc -ne 0 ] && [ $rc -ne 77 ] && [ "$f" -eq 0 ]; then
		f=1
	elif [ "$f" -eq 0 ] && grep -q '^==[0-9]*==ERROR: [A-Za-z]*Sanitizer' "$log"; then
		f=1
	elif [ $((p + f + s)) -eq 0 ]; then
		f=1
		echo "it ran no test" >>"$log"
	fi

	word=ok
	[ "$s" -eq 0 ] || [ "$p" -gt 0 ] || word=skip
	[ "$f" -eq 0 ] || word=FAILED
	printf '%-7s%8s  %s' "$word" "$took" "$name"
	[ $((p + f + s)) -eq 1 ] || printf ' (%d passed, %d failed, %d skipped)' "$p" "$f" "$s"
	reason=$(tail -n 1 "$log")
	reason=${reason#skip: }
	[ $rc -ne 77 ] || printf ': %s' "$reason"
	echo
	if [ -n "${2-}" ]; then
		:
	elif [ "$f" -gt 0 ]; then
		[ $rc -ne 124 ] || echo "  stopped after $limit_s s"
		sed 's/^/  | /' "$log"
		echo "  exit code $rc"
	elif [ $rc -ne 77 ]; then
		grep '^skip: ' "$log" | sed 's/^/  /'
	fi
	if [ $rc -eq 77 ]; then
		all_skipped+=("$name: $reason")
	else
		note_names "$name" "$f" "$s"
	fi
	passed=$((passed + p))
	failed=$((failed + f))
	skipped=$((skipped + s))
}

how=
for t; do
	case $t in
	-f) how=followed ;;
	*) run_one "$t" $how; how= ;;
	esac
done
# list HEADING NAME...
list() {
	[ $# -gt 1 ] || return 0
	printf '\n%s\n' "$1"
	printf '  %s\n' "${@:2}"
}

list "Skipped:" "${all_skipped[@]}"
list "Failed:" "${all_failed[@]}"
echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
