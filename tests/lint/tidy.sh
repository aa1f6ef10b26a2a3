#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# clang-tidy, with the checks of .clang-tidy, on what runs in user space.
. "$(dirname "$0")/lib.sh"

read -ra flags <<<"-std=gnu11 -DVERSION=\"0\" ${LINT_CPPFLAGS:?make check sets it}"
# The skeletons are in the output folder.
flags+=(-isystem "${OUTPUT:?make check sets it}" -isystem "$OUTPUT/compare" -isystem "$OUTPUT/tests/prog")

# tidy CHECKS FILE...: one file a process. How many warnings were suppressed is no news.
tidy() {
	local checks=$1
	shift
	[ $# -gt 0 ] || return 0
	printf '%s\0' "$@" | xargs -0 -r -P "$(nproc)" -I {} \
		"${CLANG_TIDY:-clang-tidy}" --quiet --checks="$checks" {} -- "${flags[@]}" \
		2> >(grep -vE '^[0-9]+ warnings? (.* )?(generated|treated as errors?)\.?$' >&2) ||
		report "see above"
}

mapfile -t files < <(scripts/c-files.sh user tests | grep '\.c$' | grep -v '\.bpf\.c$')
mapfile -t unit < <(printf '%s\n' "${files[@]}" | grep '^tests/unit/')
mapfile -t others < <(printf '%s\n' "${files[@]}" | grep -v '^tests/unit/')
tidy '' "${others[@]}"
# What Criterion's macros expand to keeps the analyzer busy for seconds a file.
tidy '-clang-analyzer-*' "${unit[@]}"
finish "${#files[@]}"
