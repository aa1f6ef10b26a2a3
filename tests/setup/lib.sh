# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# For tests of what the Makefile and CI call: they start in the project's folder, with a folder $tmp of
# their own whose bin/ is searched first, and need neither root nor network.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
mkdir "$tmp/bin"
PATH=$tmp/bin:$PATH
failures=0

fail() { # WHAT
	echo "$*"
	failures=$((failures + 1))
}

skip() { # REASON
	echo "$*"
	exit 77
}

# fake NAME: a command, read from standard input, that stands in for the real one
fake() {
	{
		echo '#!/bin/bash'
		cat
	} >"$tmp/bin/$1"
	chmod +x "$tmp/bin/$1"
}

# expect WHAT REGEX TEXT
expect() {
	grep -qE -- "$2" <<<"$3" || fail "$1: no '$2' in: $3"
}

# one_line WHAT REGEX TEXT: and nothing else
one_line() {
	[ "$(wc -l <<<"$3")" -eq 1 ] || fail "$1: not one line: $3"
	expect "$@"
}

# To be the last call.
finish() { [ "$failures" -eq 0 ]; }
