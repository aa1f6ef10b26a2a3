# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# One user may have so many files open, of both devices and in whatever mode, and no more; others and root
# may still open theirs. What is closed is free again. Only who is refused is asked for CAP_SYS_RESOURCE.

CAPABILITIES=/sys/kernel/tracing/events/capability/cap_capable

# Until they are let go.
hold_three() {
	as_nobody device <<-END >holder.json
		a open a /dev/oom_notify r
		b open b /dev/oom_notify w
		c open c /dev/oom_notify_critical rw
		- run until test -e /tmp/enough ; do usleep 10000 ; done
	END
}

guest() {
	load_module max_files_per_user=3
	echo 'other::1000:1000:other:/:/bin/sh' >>/etc/passwd
	chmod 666 /dev/oom_notify_critical
	# From 6.13 on. CAP_SYS_RESOURCE is 24.
	if [ -d $CAPABILITIES ]; then
		echo 'cap == 24' >$CAPABILITIES/filter
		echo 1 >$CAPABILITIES/enable
	fi
	hold_three &
	wait_for 30 grep -q '"label":"c"' holder.json
	grep -c cap_capable: "$TRACING/trace" >asked.before || :
	as_nobody device <<-END >full.json
		d open d /dev/oom_notify r
		e open e /dev/oom_notify w
		f open f /dev/oom_notify_critical r
	END
	grep -c cap_capable: "$TRACING/trace" >asked.after || :
	su -s /bin/sh other -c device <<-END >other.json
		a open a /dev/oom_notify rw
	END
	device <<-END >root.json
		a open a /dev/oom_notify r
		b open b /dev/oom_notify r
		c open c /dev/oom_notify r
		d open d /dev/oom_notify r
	END
	echo 5 >/sys/module/oom_notify/parameters/max_files_per_user
	as_nobody device <<-END >raised.json
		d open d /dev/oom_notify r
		e open e /dev/oom_notify r
		f open f /dev/oom_notify r
		- close d
		g open g /dev/oom_notify r
	END
	touch /tmp/enough
	wait $!
	echo 1 >/sys/module/oom_notify/parameters/max_files_per_user
	as_nobody device <<-END >free.json
		a open a /dev/oom_notify r
		b open b /dev/oom_notify r
	END
	[ ! -d $CAPABILITIES ] || echo 0 >$CAPABILITIES/enable
	sed -i /^other:/d /etc/passwd
}

verify() {
	expect_facts "three" '[.a, .b, .c] | all(.ret >= 0)' holder.json
	expect_facts "and no fourth of any kind" '[.d, .e, .f] | all(.errno == "EMFILE")' full.json
	expect_facts "another user" '.a.ret >= 0' other.json
	expect_facts "root" '[.a, .b, .c, .d] | all(.ret >= 0)' root.json
	expect_facts "two more, and the place of what was closed" \
		'.d.ret >= 0 and .e.ret >= 0 and .f.errno == "EMFILE" and .g.ret >= 0' raised.json
	expect_facts "what the dead had" '.a.ret >= 0 and .b.errno == "EMFILE"' free.json
	expect_equal "asked for the capability before the bound was met" "$(result asked.before)" 0
	case $KERNEL in
	5.10 | 6.1 | 6.12) ;;
	*) expect_equal "asked after" "$(result asked.after)" 3 ;;
	esac
}
