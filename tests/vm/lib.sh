# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the scripts of this folder share: verdicts, and the search for what a kernel complains about.

# WARNING and BUG as the kernel prints them, not as words in other messages.
SPLATS='WARNING: |BUG: |Oops|general protection fault|Kernel panic|KASAN|UBSAN|ODEBUG|kmemleak: |INFO: trying to register|kernel BUG at|BUG [a-z]|rcu.*(stall|detected stalls)|soft lockup|INFO: task .* blocked|unable to handle'

die() { echo "vm: $*" >&2; exit 1; }

seconds_since() { # EPOCHREALTIME
	awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.2fs", b - a }'
}

# One line, and what FILE has to say about it; several processes tell theirs at once. The words are
# counted at the end.
verdict() { # ok|FAILED|skip TOOK WHAT [FILE]
	(
		flock 9
		echo "$1" >&9
		printf '%-7s%8s  vm %s %s\n' "$1" "$2" "$KERNEL" "$3"
		[ -z "${4-}" ] || sed 's/^/    /' "$4"
	) 9>>"$VERDICTS"
}

find_splats() { # FILE...
	local here
	here=$(dirname "${BASH_SOURCE[0]}")
	cat "$@" 2>/dev/null | grep -a -E "$SPLATS" |
		grep -a -v -E -f <(grep -v -E '^(#|$)' "$here/splats.allow" || true) | sort -u | head -n 5 |
		sed 's/^/kernel splat: /'
}
