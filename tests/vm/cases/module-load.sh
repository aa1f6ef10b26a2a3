# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The module loads and unloads, three times in a row: both devices are there, one for anybody and one for
# root to open, each parameter has its default or what was asked for, and nothing is left afterwards.

guest() {
	for interval_ms in 1000 100 60000; do
		load_module interval_ms=$interval_ms
		ls -l /dev/oom_notify /dev/oom_notify_critical
		as_nobody 'exec 3</dev/oom_notify'
		exec 4</dev/oom_notify_critical 4<&-
		(cd /sys/module/oom_notify/parameters && grep . -- *) >>parameters
		unload_module
		ls /dev/oom_notify* /sys/module/oom_notify /sys/class/misc/oom_notify* 2>/dev/null || true
	done >devices
}

verify() {
	expect_equal "devices, each time and none in between" \
		"$(result devices | sed -nE 's,^(..........) .* (/dev/.*),\1 \2,p')" \
		"$(for _ in 1 2 3; do printf '%s\n' 'crw-rw-rw- /dev/oom_notify' 'crw------- /dev/oom_notify_critical'; done)"
	expect_equal "no other line" "$(result devices | wc -l)" 6
	expect_equal "parameters" "$(result parameters | head -n 7)" "clear_ms:2000
critical_grace_ms:100
critical_interval_ms:10000
interval_ms:1000
max_files_per_user:4096
wake_batch:16
wake_gap_ms:200"
	expect_equal "interval_ms" "$(result parameters | sed -n 's/interval_ms:/ /p' | grep -v crit | tr -d '\n')" " 1000 100 60000"
}
