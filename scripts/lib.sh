# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Long work for people: how far it is, on one line of a terminal or a line each quarter elsewhere, what it
# says itself in a file, and the end of that file when it failed.

# progress WHAT: reads lines of percent until their end
progress() {
	local percent told=0
	while read -r percent; do
		if [ -t 2 ]; then
			printf '\r%s: %3d %%' "$1" "$percent" >&2
		elif [ "$percent" -ge $((told + 25)) ] && [ "$percent" -lt 100 ]; then
			told=$((percent / 25 * 25))
			echo "$1: $told %" >&2
		fi
	done
	[ ! -t 2 ] || printf '\r\e[K' >&2
}

# done_after WHAT EPOCHSECONDS
done_after() { echo "$1: done, $((EPOCHSECONDS - $2)) s" >&2; }

# last_words WHAT LOG: what somebody who is to help would ask for
last_words() {
	echo "$1 failed; the last lines of $2:" >&2
	tail -n 15 "$2" | sed 's/^/  | /' >&2
}
