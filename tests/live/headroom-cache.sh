#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Page cache that fills a limit is no scarcity: a file is read through a cgroup that it does not fit into,
# again and again, and nothing is told. What takes the place of the cache is.
. "$(dirname "$0")/lib-headroom.sh"
need_headroom
to_remove+=("/var/tmp/oom-notify-cache-$$")
head -c 160M /dev/zero >"/var/tmp/oom-notify-cache-$$"
sync "/var/tmp/oom-notify-cache-$$"

group a 65536
a=$id
watch_start w --cgroup "$groups/a"
grower g a
for _ in 1 2 3 4 5 6; do
	does g read "/var/tmp/oom-notify-cache-$$"
done
expect w "told of page cache" "$(headroom_of "$a") == []"
does g grow 61440
told "$a" falls critical
expect w "before anybody was killed" 'map(select(.event == "oom_kill")) == []'
grower_end g
watch_end w
expect w "files are read when it is near, not all the time" ".[-1].headroom | .looks < 20000"
