#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# `make demo`: real memory pressure in a box, what `oom-notify watch` tells of it meanwhile, and how much
# earlier that is than a timer.
set -uo pipefail

bin=${OOM_NOTIFY:?make demo sets it}
children=()

# Each removes what it made and must be given the time to.
finish() {
	trap '' INT TERM
	[ ${#children[@]} -eq 0 ] || kill -TERM "${children[@]}" 2>/dev/null
	wait
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if ! report=$("$bin" check 2>&1); then
	echo "$report" >&2
	echo "demo: 'watch' will not work here; what is missing above says why" >&2
	exit 1
fi

cat <<'EOT'
A program needs 192 MB, twice, in a box: a cgroup of 64 MB with a swap of its
own. The machine stays well. Below is what oom-notify tells of it: the first
event at once, what is alike as one row in half a second, then a summary.

EOT
# A terminal gets such rows by itself.
gap=()
[ -t 1 ] || gap=(--gap 500ms)
# Both in the background, because bash carries out a trap only once what runs in front has ended. The
# watch is given a moment to get ready, and at the end the level one to fall.
"$bin" watch "${gap[@]}" --duration 10s &
children+=($!)
sleep 1
"$bin" pressure --limit 64M --use 192M --episodes 2 --gap 3s >/dev/null &
children+=($!)

# Whichever fails says itself why, and the other has no use then.
for _ in "${children[@]}"; do
	wait -n || exit
done
children=()

cat <<'EOT'

How much earlier is that than a timer that looks once a second, as the RFC of
2007 did? Five episodes, both on the same ones (about 40 seconds):

EOT
"$bin" compare --sources timer,tracepoint --episodes 5 &
children+=($!)
wait -n || exit
children=()

cat <<'EOT'

That was memory pressure, told while it began, where a timer finds out up to a
second later; the box and its swap are gone again. Next:

  .output/oom-notify check      what works on this machine
EOT
