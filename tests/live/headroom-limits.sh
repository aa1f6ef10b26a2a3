#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Limits that are changed while they are watched, one within the other, of nothing; cgroups that are moved
# out of, removed, and many.
. "$(dirname "$0")/lib-headroom.sh"
need_headroom

group outer 65536
outer=$id
group outer/inner 1048576
inner=$id
watch_start w --headroom-within 1
grower g outer/inner
# The limit that will be met first is the outer one's, for both.
does g grow 60000
await w "\"edge\":\"falls\".*\"cgroup_id\":${outer}[,}]"
await w "\"edge\":\"falls\".*\"cgroup_id\":${inner}[,}]"
expect w "whose limit it is" "$(headroom_of "$inner") | .[0].limit_bytes == 67108864"
# Raised, lowered to what is used (the kernel refuses less on version 1), taken away.
set_limit outer $((128 << 20))
told "$outer" recovers none
told "$inner" recovers none
set_limit outer $((62 << 20))
await w "\"edge\":\"falls\".*\"limit_bytes\":65011712,.*\"cgroup_id\":${inner}[,}]"
set_limit outer "$no_limit"
await w "\"edge\":\"recovers\".*\"cgroup_id\":${inner}[,}]"
expect w "no limit, no number" "$(headroom_of "$outer") | .[-1].left_bytes == null"
# The inner one's own counts now.
set_limit outer/inner $((62 << 20))
await w "\"edge\":\"falls\".*\"limit_bytes\":65011712,.*\"cgroup_id\":${inner}[,}]"
# The one that leaves takes along all that was charged.
grower_end g
await w "\"edge\":\"recovers\".*\"cgroup_id\":${inner}[,}]"

# Removed while little was left of it: its level goes.
group b 65536
b=$id
grower h b
does h grow 62000
await w "\"edge\":\"falls\".*\"cgroup_id\":${b}[,}]"
does h move "$groups/outer"
grower_end h
group c 65536
set_limit c 0
c=$id
await w "\"edge\":\"falls\".*\"limit_bytes\":0,.*\"cgroup_id\":${c}[,}]"
rmdir "$groups/c"
await w "\"edge\":\"recovers\".*\"cgroup_id\":${c}[,}]"
await w '"event":"level".*"level":"none".*"cgroup_id":'"$c"'\}'

# Many: as they come, each is watched; none is when they are gone.
for i in $(seq 600); do
	mkdir "$groups/many-$i"
	echo 1048576 >"$groups/many-$i/$limit_file"
done
find "$groups" -name 'many-*' -exec rmdir {} +
group last 65536
last=$id
grower k last
does k grow 62000
await w "\"edge\":\"falls\".*\"cgroup_id\":${last}[,}]"
grower_end k
watch_end w
expect w "all of them were watched" '.[-1].headroom.unwatched_cgroups == 0 and .[-1].headroom.cgroups < 1000'
