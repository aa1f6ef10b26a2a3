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
for f in "${files[@]}"; do
	head -n 3 "$f" | grep -qE 'SPDX-License-Identifier: (\(?)GPL-2\.0' || report "$f: no SPDX line"
done
finish "${#files[@]}"
