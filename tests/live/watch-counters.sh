#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Pages counted as swapped out are those that the kernel itself counts, whichever way they went: to a
# file, to zram, or nowhere because they are all zeroes.
#
# Exactly so, as long as nobody else swaps while we arm and disarm. Otherwise a page may be counted
# by the one and not yet by the other, so the kernel's counters are read around us twice: what we
# count is at most what happened between the outer readings, and at least what happened between the
# inner ones. When those two are equal, nobody else swapped, and nothing but equality will do. When
# they are not, each task that swaps just then may have one folio between the kernel's count and ours.
. "$(dirname "$0")/lib-watch.sh"
need_watch

tries=3
slack_pages=64

# measured ARGUMENT...: "pressure" watched once; 0 when nobody else swapped meanwhile.
measured() {
	local outer inner counted vmstat

	outer=$(swapped_pages)
	watch_start w
	inner=$(swapped_pages)
	box_run a "$@"
	inner=$(($(swapped_pages) - inner))
	watch_end w
	outer=$(($(swapped_pages) - outer))
	expect_exact w
	counted=$(ask w 'summary.kinds.swap_out.pages')
	vmstat=$(ask w 'summary.vmstat | .pswpout + .swpout_zero + .zswpout')
	echo "$*: counted $counted, kernel $vmstat, in between $inner, all around $outer"
	[ "$inner" -gt 0 ] || fail "nothing is swapped out"
	if ((counted < inner - slack_pages || counted > outer + slack_pages)); then
		watch_fail w "counted $counted pages, the kernel between $inner and $outer"
	fi
	if ((vmstat < inner || vmstat > outer)); then
		watch_fail w "the summary's own $vmstat pages are not between $inner and $outer"
	fi
	[ "$inner" -eq "$outer" ] || return 1
	if ((counted != inner || vmstat != inner)); then
		watch_fail w "counted $counted pages, said the kernel's were $vmstat: they were $inner"
	fi
}

exactly() {
	for ((try = 0; try < tries; try++)); do
		! measured "$@" || return 0
	done
	echo "skip: exact count of $*: other processes swap as well"
}

exactly --swap file --limit 16M --use 64M --hold 0
if has_zram; then
	exactly --swap zram --limit 16M --use 64M --hold 0
else
	echo "skip: no zram here"
fi
exactly --limit 16M -- dd if=/dev/zero of=/dev/null bs=64M count=1 status=none
if grep -q '^swpout_zero ' /proc/vmstat; then
	expect w "no page of zeroes" 'summary.vmstat.swpout_zero > 1000'
fi
