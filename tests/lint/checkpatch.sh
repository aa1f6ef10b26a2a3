#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The kernel's own check of style on the module, as strict as it can be. CONTRIBUTING.md has the reason for
# each kind of complaint that is let pass here.
#
# CHECKPATCH is a scripts/checkpatch.pl; otherwise that of kernel sources in the usual places is taken.
# Debian's headers come without one, linux-source packages have it.
. "$(dirname "$0")/lib.sh"

find_checkpatch() {
	local each
	for each in "${CHECKPATCH-}" /usr/src/linux*/scripts/checkpatch.pl \
		"/lib/modules/$(uname -r)/source/scripts/checkpatch.pl" \
		"/lib/modules/$(uname -r)/build/scripts/checkpatch.pl"; do
		[ ! -e "$each" ] || { echo "$each"; return; }
	done
}

checkpatch=$(find_checkpatch)
if [ -z "$checkpatch" ] || ! command -v perl >/dev/null; then
	echo "needs perl, and kernel sources with scripts/checkpatch.pl (set CHECKPATCH)"
	exit 77
fi

mapfile -t files < <(ls kernel/*.[ch])
for f in "${files[@]}"; do
	perl "$checkpatch" --no-tree --strict --terse --no-summary --show-types --max-line-length=100 \
		--ignore MACRO_ARG_REUSE,BIT_MACRO -f "$f" || report "$f: see above"
done
finish "${#files[@]}"
