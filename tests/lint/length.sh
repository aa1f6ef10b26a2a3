#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# No function above 80 lines, no file above 400.
. "$(dirname "$0")/lib.sh"

mapfile -t files < <(scripts/c-files.sh)
# Kernel style: a function's braces, and only they, stand alone in the first column.
found=$(awk '
	FNR == 1 { if (last > 400) print file ": " last " lines, 400 allowed" }
	{ file = FILENAME; last = FNR }
	/^\{/ { start = FNR }
	/^\}/ && start {
		if (FNR - start - 1 > 80)
			print FILENAME ":" start ": function of " FNR - start - 1 " lines, 80 allowed"
		start = 0
	}
	END { if (last > 400) print file ": " last " lines, 400 allowed" }
' "${files[@]}")
[ -z "$found" ] || report "$found"
finish "${#files[@]}"
