# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A task that may not enter file systems takes all there is: the kernel asks for the OOM killer again and
# again, and it kills nobody; then the task dies by itself. Nobody is told of a kill, nor is any waited for.

guest() {
	local before try
	load_module interval_ms=60000 clear_ms=600000 critical_grace_ms=1000 critical_interval_ms=100
	# Another task's allocation may meet the end of memory meanwhile, and somebody is killed after all.
	for try in 1 2 3; do
		before=$(oom_kills)
		device >facts.json <<-END
			- open c /dev/oom_notify_critical r,nonblock
			- run device-count before counters
			flusher run critical flusher 5
			nothing read c 4096
			- run device-count after counters
		END
		[ "$(oom_kills)" != "$before" ] || break
		echo "killed in try $try"
	done
	[ "$(oom_kills)" = "$before" ]
}

verify() {
	expect_facts "the OOM killer was asked for" '.after.ooms > .before.ooms'
	expect_facts "nobody was told" '.nothing.errno == "EAGAIN" and .after.told == .before.told'
	expect_facts "nothing was waited for" '.after.graces == .before.graces'
}
