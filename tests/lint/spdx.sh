#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every source says its licence in its first three lines.
. "$(dirname "$0")/lib.sh"

mapfile -t files < <(
	scripts/c-files.sh
	shell_scripts
	find man -name '*.[1-8]'
	ls Makefile .clang-format .clang-tidy .editorconfig
)
found=$(awk 'FNR <= 3 && /SPDX-License-Identifier: \(?GPL-2\.0/ { said[FILENAME] = 1 }
	END { for (i = 1; i < ARGC; i++) if (!(ARGV[i] in said)) print ARGV[i] ": no SPDX line" }' "${files[@]}")
[ -z "$found" ] || report "$found"
finish "${#files[@]}"
