#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# No function above 80 lines, no file above 400; but the module's files hang together, to be read in one sitting.
. "$(dirname "$0")/lib.sh"

mapfile -t files < <(scripts/c-files.sh)
# Kernel style: a function's braces, and only they, stand alone in the first column.
found=$(awk '
	function check_file() {
		allowed = file == "kernel/main.c" ? 1600 : 400
		if (last > allowed) print file ": " last " lines, " allowed " allowed"
	}
	FNR == 1 { check_file() }
	{ file = FILENAME; last = FNR }
	/^\{/ { start = FNR }
	/^\}/ && start {
		if (FNR - start - 1 > 80)
			print FILENAME ":" start ": function of " FNR - start - 1 " lines, 80 allowed"
		start = 0
	}
	END { check_file() }
' "${files[@]}")
[ -z "$found" ] || report "$found"
finish "${#files[@]}"
