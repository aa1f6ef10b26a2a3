#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Builds quietly: build.sh MAKE [ARGUMENT...] TARGET. What the compilers say goes to OUTPUT/build.log.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=scripts/lib.sh
. scripts/lib.sh

log=${OUTPUT:?make sets it}/build.log
begin=$EPOCHSECONDS
mkdir -p "$OUTPUT"
# What keeps make from beginning, it says in one line.
dry=$("$@" -n 2>&1) || { tail -n 1 <<<"$dry" >&2; exit 1; }
# A line of the log for each file that is made: as many as make would run such commands.
steps=$(grep -c "^printf '  %-8s" <<<"$dry")
count_steps() {
	local line n=0
	while IFS= read -r line; do
		echo "$line" >&3
		[[ $line != "  "[A-Z]* ]] || echo $((++n * 100 / (steps + 1)))
	done 3>"$log"
}
[ "$steps" -gt 0 ] || exit 0
"$@" 2>&1 | count_steps | progress "build"
status=${PIPESTATUS[0]}
[ "$status" -lt 128 ] || exit "$status"
if [ "$status" -ne 0 ]; then
	last_words "build" "$log"
	exit 1
fi
done_after "build" "$begin"
