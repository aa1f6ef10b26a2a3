#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# `make picture`: what `oom-notify watch` writes to a terminal under real memory pressure, as an SVG.
#
#   picture.sh FILE.svg [RECORDING]
#
# With RECORDING, the bytes that a terminal of 80 columns was sent elsewhere, nothing runs: that is drawn.
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
picture=${1:?a file to write to}
recording=${2-}
children=()
work=

# Each removes what it made and must be given the time to.
finish() {
	trap '' INT TERM
	[ ${#children[@]} -eq 0 ] || kill -TERM "${children[@]}" 2>/dev/null || true
	wait
	[ -z "$work" ] || rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

die() { echo "picture: $*" >&2; exit 1; }

wait_for() { # SECONDS PATTERN COUNT
	local end=$((EPOCHSECONDS + $1))
	until [ "$(grep -c -e "$2" "$work/terminal")" -ge "$3" ]; do
		[ "$EPOCHSECONDS" -lt "$end" ] || die "'watch' did not say '$2' within $1 s: $(tail -n 3 "$work/terminal")"
		sleep 0.1
	done
}

# Twice more than there is room for: with a swap to go to, and without. Each ends with the all-clear.
record() {
	LC_ALL=C.UTF-8 TERM=xterm NO_COLOR='' "$pty" 80x40 "$bin" watch >"$work/terminal" &
	children+=($!)
	wait_for 20 'ready in' 1
	sleep 1
	"$bin" pressure --limit 32M --use 96M >/dev/null
	wait_for 20 'all clear' 1
	"$bin" pressure --limit 32M --use 96M --swap none >/dev/null 2>&1
	wait_for 20 'all clear' 2
	# The line that shows that a quiet machine is being watched.
	sleep 2.5
	cp "$work/terminal" "$work/recording"
	recording=$work/recording
}

work=$(mktemp -d)
if [ -z "$recording" ]; then
	[ "$(id -u)" -eq 0 ] ||
		die "loading BPF programs and making memory pressure need root: run 'sudo make picture'"
	bin=${OOM_NOTIFY:?make picture sets it}
	pty=${OUTPUT:?make picture sets it}/tests/live/pty
	record
fi
awk -v columns=80 -v title='oom-notify watch' -v prompt='oom-notify watch' -f "$here/picture.awk" "$recording" \
	>"$work/picture.svg"
# With the mode of what is created here, which that of a temporary file is not.
cat "$work/picture.svg" >"$picture"
echo "$picture: $(grep -c '<text' "$picture") runs of text" >&2
