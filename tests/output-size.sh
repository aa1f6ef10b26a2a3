#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What `make test` leaves is 600 MB at most. The debug kernel, the tools of compare-vm and its results are
# made on demand by other targets.
set -euo pipefail

out=${OUTPUT:?make test sets it}
mb=$(du -sm --exclude="$out/vm/debug" --exclude="$out/vm/tools.*" --exclude="$out/compare-vm" "$out" | cut -f 1)
if [ "$mb" -gt 600 ]; then
	echo "$out has $mb MB, 600 allowed; the largest ('make clean' removes all):"
	du -m --max-depth=2 "$out" | sort -rn | head -n 12
	exit 1
fi
