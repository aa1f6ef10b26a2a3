#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# No line above 100 columns, tabs being eight; and a comment begins with its subject, not with a word that
# leaves it in the reader's head.
. "$(dirname "$0")/lib.sh"

mapfile -t files < <(scripts/c-files.sh)
found=$(awk '
	function columns(s, i, n) {
		n = 0
		for (i = 1; i <= length(s); i++)
			n += substr(s, i, 1) == "\t" ? 8 - n % 8 : 1
		return n
	}
	FNR == 1 { opens = 0 }
	length($0) > 50 && !/NOLINT/ && columns($0) > 100 { print FILENAME ":" FNR ": " columns($0) " columns, 100 allowed" }
	FILENAME !~ /^tests\// && (/(\/\*|\/\/) (What|Of|Who|Whose|Those|How) / ||
			(opens && /^[ \t]*\* (What|Of|Who|Whose|Those|How) /)) {
		print FILENAME ":" FNR ": a comment begins with its subject"
	}
	{ opens = /^[ \t]*\/\*$/ }
' "${files[@]}")
[ -z "$found" ] || report "$found"
finish "${#files[@]}"
