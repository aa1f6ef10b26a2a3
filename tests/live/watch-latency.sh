#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# --low-latency holds /dev/cpu_dma_latency at 0 from the first event until all levels are none again, and
# however watch ends nothing stays held. The kernel tells what holds at present, of everybody's requests.
. "$(dirname "$0")/lib-watch.sh"
need_watch
device=/dev/cpu_dma_latency
[ -r $device ] || skip "no readable $device"

held_us() { od -An -td4 -N4 $device | tr -d ' '; }
rest_us=$(held_us)
[ "$rest_us" -gt 0 ] || skip "somebody else holds $device at 0"

is_held() { [ "$(held_us)" = 0 ]; }
is_free() { [ "$(held_us)" = "$rest_us" ]; }

# Asked for, but nothing has happened to the box yet: what others do may hold it, and is waited out.
watch_start w --low-latency --level-hold 100ms
until_true $patience is_free || watch_fail w "held before the first event: $(held_us)"
box_start a --limit 16M --use 40M --hold 60s
until_true $patience is_held || watch_fail w "not held under pressure: $(held_us)"
box_end a
until_true $patience is_free || watch_fail w "held after the all-clear: $(held_us)"
watch_end w
expect_exact w

# Killed in the middle of it.
watch_start w --low-latency
box_start a --limit 16M --use 40M --hold 60s
until_true $patience is_held || watch_fail w "not held under pressure: $(held_us)"
kill -s KILL "${watch_pid[w]}"
watch_wait w
until_true $patience is_free || fail "held by who is dead: $(held_us)"
box_end a

# Not asked for.
watch_start w
box_run a --limit 16M --use 40M
is_free || watch_fail w "held without --low-latency: $(held_us)"
watch_end w
