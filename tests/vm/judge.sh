#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Says whether a case passed, by what it left in DIR: its own verify(), and no splat of the kernel's.
#
#   judge.sh CASE DIR TOOK [LAST_WORDS]
#
# LAST_WORDS are those of a guest that did not finish the case. Environment: KERNEL, KERNEL_DIR, VERDICTS.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/vm/lib.sh
. "$here/lib.sh"
# shellcheck source=tests/vm/expect.sh
. "$here/expect.sh"
name=$1 DIR=$2 took=$3
# shellcheck source=/dev/null
. "$here/cases/$name.sh"

: >"$DIR/failures"
if [ $# -gt 3 ]; then
	fail "the guest did not finish: $4"
elif [ "$(result exit)" != 0 ]; then
	fail "guest() ended with $(result exit): $(result case.log | tail -n 3)"
	result watch.err | head -n 20 >>"$DIR/failures"
else
	verify 2>>"$DIR/failures"
fi
[ -z "$(result left)" ] || fail "left behind: $(result left)"
find_splats "$DIR/console.log" "$DIR/out/dmesg" >>"$DIR/failures"
if [ -s "$DIR/failures" ]; then
	verdict FAILED "$took" "$name, see $DIR" "$DIR/failures"
else
	# Of thousands of records nobody needs to see why they were right.
	find "$DIR/out" -type f -size +1M -delete
	verdict ok "$took" "$name"
fi
