#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The man pages are well-formed, and there is one for each verb.
. "$(dirname "$0")/lib.sh"

mapfile -t files < <(find man -name '*.[1-8]' | sort)
[ ${#files[@]} -eq 0 ] || mandoc -T lint -W warning "${files[@]}" || report "see above"
# A macro that quotes the rest of its line quotes more than was meant. Bytes, as not every locale has these
# quotes: an opening one becomes <, a closing one >.
for f in "${files[@]}"; do
	nested=$(mandoc -T utf8 -O width=1000 "$f" | LC_ALL=C tr -d '<>' |
		LC_ALL=C sed -e $'s/\xe2\x80[\x98\x9c]/</g' -e $'s/\xe2\x80[\x99\x9d]/>/g' |
		grep -E '<[^>]*<|>[^<]*>' || true)
	[ -z "$nested" ] || report "$f: quotes that do not close one by one: $nested"
done
while IFS= read -r verb; do
	[ -f "man/oom-notify-$verb.1" ] || report "man/oom-notify-$verb.1: missing"
done < <(sed -nE 's/^\t\{ "([a-z]+)", cmd_.*/\1/p' user/main.c)
finish "${#files[@]}"
