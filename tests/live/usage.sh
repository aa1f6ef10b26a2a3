#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A wrong option or verb is told in one line that says where help is, by every verb alike; -j is short for
# --json wherever there is one. Needs no root.
. "$(dirname "$0")/lib-box.sh"

# refused NAMED HINT ARGUMENT...: the line names NAMED and ends with HINT.
refused() {
	local named=$1 hint=$2
	shift 2
	rc=0
	timeout 20 "$bin" "$@" >"$out" 2>"$err" </dev/null || rc=$?
	[ "$rc" -eq 2 ] || fail "$*: exit code $rc, expected 2"
	[ "$(wc -l <"$err")" -eq 1 ] || fail "$*: one line expected"
	grep -qF -- "$named" "$err" || fail "$*: '$named' is not named"
	[ "$(tail -c "$((${#hint} + 3))" "$err")" = "; $hint" ] || fail "$*: does not end with '; $hint'"
	[ ! -s "$out" ] || fail "$*: nothing on standard output expected"
}

refused "'wach'" "see 'oom-notify --help'" wach --json
refused "'--bogus'" "see 'oom-notify --help'" --bogus
refused "a verb is missing" "see 'oom-notify --help'"

verbs=0
while read -r verb; do
	hint="see 'oom-notify $verb --help'"
	refused "'--bogus'" "$hint" "$verb" --bogus
	refused "'Z'" "$hint" "$verb" -Z
	refused "--help" "$hint" "$verb" --help=yes
	# A value that is not allowed needs no hint: the line says what is.
	short=(-j)
	[ "$verb" != compare ] || short=(-j "$tmp/run.json")
	refused "'--bogus'" "$hint" "$verb" "${short[@]}" --bogus
	"$bin" "$verb" --help >"$out" 2>"$err" || fail "$verb --help"
	grep -q -- '-j, --json' "$out" || fail "$verb --help has no -j"
	verbs=$((verbs + 1))
done < <("$bin" --help | sed -n '/^Verbs:/,/^$/s/^  \([a-z]*\) .*/\1/p')
[ "$verbs" -ge 5 ] || fail "only $verbs verbs"

for verb in check listen watch; do
	refused "'extra'" "see 'oom-notify $verb --help'" "$verb" extra
done
refused "not 1" "see 'oom-notify compare --help'" compare one.json
echo "$verbs verbs"
