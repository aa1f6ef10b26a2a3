# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# libsystemd's own client on the device, with the text that it would write for PSI and without, beside one
# on PSI itself. A callback means "free memory": once in the window, also for who was stopped meanwhile,
# none for files that are read, for pages that were paged out on request, nor when pressure is over.
# shellcheck disable=SC2034 # read by run.sh, which sources this
QEMU="-drive file=${OUTPUT:-.}/vm/systemd.raw,format=raw,if=virtio,readonly=on"

TEXT=c29tZSAyMDAwMDAgMjAwMDAwMAA= # some 200000 2000000 and a NUL
INTERVAL=/sys/module/oom_notify/parameters/interval_ms

# shellcheck disable=SC2154 # $here is run.sh's
skip_on() { "$here/systemd.sh" "${OUTPUT:?}/vm" >&2 || echo "no libsystemd of 254 or later, here or to be had"; }

mount_systemd() {
	local d
	mkdir -p /systemd
	mount -t ext4 -o ro /dev/vdd /systemd
	for d in dev proc sys; do
		mount -o rbind /$d /systemd/$d
	done
	mount -o bind /bin/sd-event /systemd/sd-event
}

start_client() { # NAME WATCH [WRITE]
	MEMORY_PRESSURE_WATCH=$2 MEMORY_PRESSURE_WRITE=${3-} chroot /systemd /sd-event >"$1.out" &
	clients="$clients $!"
	wait_for 30 grep -q ready "$1.out"
}

feed() { # MEMBER=VALUE...
	printf -- '- open z /dev/oom_notify w\n- feed z %s\n' "$*" | device >/dev/null
}

called() { grep -c called "$1.out"; }

both_called() { [ "$(called bare)" -gt 0 ] && [ "$(called text)" -gt 0 ]; }

note() { # WHEN
	local name
	for name in bare text; do
		echo "$1 $name $(called $name)"
	done >>calls
}

guest() {
	local clients="" i=0 psi="" begin
	load_module interval_ms=200 clear_ms=1000
	swap_on_disk
	mount -t ext4 /dev/vdc /data
	mount_systemd
	start_client bare /dev/oom_notify
	start_client text /dev/oom_notify $TEXT

	# shellcheck disable=SC2086 # one a word
	kill -STOP $clients
	feed level=1
	sleep 2
	# shellcheck disable=SC2086
	kill -CONT $clients
	wait_for 20 both_called || echo "nobody was called after SIGCONT"
	note continued
	feed reasons=128 level=0
	sleep 2
	note cleared

	swapped_out >read.before
	stimulus read /data/file $(($(meminfo_mb MemTotal) * 3 / 2)) >read.stimulus
	sleep 1
	swapped_out >read.after
	note streamed
	# With free memory, so that kswapd has nothing to do at the same time.
	echo 3 >/proc/sys/vm/drop_caches
	sleep 1
	stimulus pageout 16 >pageout.stimulus
	sleep 1
	note paged

	begin=$(cut -d ' ' -f 1 /proc/uptime)
	echo 2000 >$INTERVAL
	{
		echo "- open z /dev/oom_notify w"
		while [ $i -lt 40 ]; do
			i=$((i + 1))
			printf -- '- feed z level=2\n- run usleep 100000\n'
		done
	} | device >/dev/null
	# Long enough for the last window to end.
	sleep 3
	echo "$begin $(cut -d ' ' -f 1 /proc/uptime)" >fed.times
	note fed
	feed reasons=128 level=0
	sleep 3
	note fed_cleared

	# Real pressure, as the loader sees it, and PSI with the same text.
	echo 1000 >$INTERVAL
	[ ! -e /proc/pressure/memory ] || start_client psi /proc/pressure/memory $TEXT
	start_watch --feed-device
	begin=$(cut -d ' ' -f 1 /proc/uptime)
	global_pressure 30
	sleep 2
	echo "$begin $(cut -d ' ' -f 1 /proc/uptime)" >pressure.times
	note pressure
	[ ! -e psi.out ] || echo "pressure psi $(called psi)" >>calls
	stop_watch
	# shellcheck disable=SC2086
	kill $clients
	umount -l /systemd
}

calls() { result calls | awk -v when="$1" -v name="$2" '$1 == when && $2 == name {print $3}'; }

between() { # NAME FROM TO
	echo $(($(calls "$3" "$1") - $(calls "$2" "$1")))
}

# Not more than the window allows in the time it took.
expect_within() { # NAME FROM TO TIMES
	local most got
	most=$(result "$4.times" | awk '{print int(($2 - $1) / 2) + 1}')
	got=$(between "$1" "$2" "$3")
	[ "$got" -ge 1 ] || fail "$1 was not called in $4"
	[ "$got" -le "$most" ] || fail "$1 was called $got times in $4, wanted at most $most"
}

verify() {
	local name
	echo "  called: $(result calls | sed 's/\([a-z_]*\) \([a-z]*\) \([0-9]*\)/\1 \2 \3,/' | tr '\n' ' ')"
	for name in bare text; do
		expect_equal "$name: when it was continued" "$(calls continued $name)" 1
		expect_equal "$name: when it was over" "$(between $name continued cleared)" 0
		# An idle page may go to swap all the same, which is pressure.
		[ "$(result read.before)" != "$(result read.after)" ] ||
			expect_equal "$name: for files" "$(between $name cleared streamed)" 0
		expect_equal "$name: for pages paged out on request" "$(between $name streamed paged)" 0
	done
	expect_within text paged fed fed
	expect_within text fed_cleared pressure pressure
	expect_within bare paged fed fed # an interval of two seconds
	for name in bare text; do
		expect_equal "$name: when what was fed is over" "$(between $name fed fed_cleared)" 0
	done
}
