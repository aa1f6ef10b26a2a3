#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Each parameter and statistic of the module stands in its ABI page with the bounds and the default that it
# has, and nothing else does.
. "$(dirname "$0")/lib.sh"

page=docs/ABI/sysfs-module-oom_notify
seen=0

# The entry of PATH, on one line.
entry() {
	awk -v what="$1" 'BEGIN { RS = "" } $1 == "What:" && $2 == what { gsub(/[ \t\n]+/, " "); print }' "$page"
}

while IFS=', ' read -r name default least most; do
	[[ $(entry "/sys/module/oom_notify/parameters/$name") == *"(RW) $least to $most, default $default."* ]] ||
		report "$page: not so: $name, $least to $most, default $default"
	seen=$((seen + 1))
done < <(sed -nE 's/^PARAMETER\(([a-z_]+), ([0-9]+), ([0-9]+), ([0-9A-Z_]+),.*/\1, \2, \3, \4/p' kernel/main.c |
	sed "s/OOM_NOTIFY_MAX_GRACE_MS/$(sed -n 's/^#define OOM_NOTIFY_MAX_GRACE_MS //p' kernel/oom_notify.h)/")

while IFS= read -r name; do
	[[ $(entry "/sys/class/misc/oom_notify/statistics/$name") == *"(RO) "* ]] ||
		report "$page: no statistic $name"
	seen=$((seen + 1))
done < <(sed -nE 's/^STATISTIC\((.*)\);/\1/p' kernel/main.c)

# The two folders have an entry as well.
[ "$(grep -c '^What:' "$page")" = $((seen + 2)) ] || report "$page: entries for what is not there"
finish "$seen"
