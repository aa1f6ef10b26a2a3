# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Each parameter takes what is within its bounds and nothing else, when it is written and when the module
# is loaded; the statistics are root's.

FOLDER=/sys/module/oom_notify/parameters
STATISTICS=/sys/class/misc/oom_notify/statistics

# Name, default, least, most.
PARAMETERS="interval_ms 1000 100 60000
clear_ms 2000 100 600000
wake_batch 16 1 32768
wake_gap_ms 200 0 1000
max_files_per_user 4096 1 32768
critical_grace_ms 100 0 1000
critical_interval_ms 10000 100 3600000"

# Then 2^32 + 500 and 2^64 + 500, which are within all bounds if cut off.
NONSENSE="-1 -500 abc 500x 500ms 5e2 500.0 4294967796 18446744073709552116"

write_one() { # NAME VALUE: what came of it, and the value afterwards
	local verdict=refused
	if echo "$2" >"$FOLDER/$1"; then
		verdict=taken
	fi
	echo "$1 '$2' $verdict, now $(cat "$FOLDER/$1")"
}

load_with() { # NAME VALUE
	if load_module "$1=$2"; then
		echo "$1 '$2' taken"
		unload_module
	else
		echo "$1 '$2' refused"
	fi
}

write_each() {
	local name default least most value
	while read -r name default least most; do
		write_one "$name" "$least"
		write_one "$name" "$most"
		write_one "$name" 500
		for value in $((least - 1)) $((most + 1)) '' '500 500' $NONSENSE; do
			write_one "$name" "$value"
		done
	done <<-END
		$PARAMETERS
	END
}

load_each() {
	local name default least most
	while read -r name default least most; do
		load_with "$name" "$least"
		load_with "$name" "$most"
		load_with "$name" $((least - 1))
		load_with "$name" $((most + 1))
	done <<-END
		$PARAMETERS
	END
}

guest() {
	local name
	load_module
	(cd $FOLDER && grep . -- *) >defaults
	cat /sys/module/oom_notify/version >version
	as_nobody "cat $FOLDER/interval_ms" >nobody.read
	as_nobody "echo 500 >$FOLDER/interval_ms" 2>nobody.write || echo $? >nobody.write-status
	ls $STATISTICS >statistics
	while read -r name; do
		as_nobody "cat $STATISTICS/$name" 2>&1 || echo "refused $name"
	done <statistics >nobody.statistics
	ls -l /dev/oom_notify /dev/oom_notify_critical >devices
	device >facts.json <<-END
		- run device-count closed counters
		- open a /dev/oom_notify r
		- open b /dev/oom_notify_critical r
		- run device-count open counters
		- close a
		- run device-count half counters
	END
	write_each >writes 2>write.err
	unload_module
	load_each >loads 2>load.err
}

verify() {
	local name default least most value
	while read -r name default least most; do
		expect_line defaults "$name:$default"
		expect_line writes "$name '$least' taken, now $least"
		expect_line writes "$name '$most' taken, now $most"
		for value in $((least - 1)) $((most + 1)) '' '500 500' $NONSENSE; do
			expect_line writes "$name '$value' refused, now 500"
		done
		expect_line loads "$name '$least' taken"
		expect_line loads "$name '$most' taken"
		for value in $((least - 1)) $((most + 1)); do
			expect_line loads "$name '$value' refused"
		done
	done <<-END
		$PARAMETERS
	END
	expect_equal "parameters" "$(result defaults | wc -l)" 7
	expect_equal "what refused writes say" "$(result write.err | sed 's/.*: //' | sort -u)" "Invalid argument"
	expect_equal "what refused loads say" "$(result load.err | sed 's/.*: //' | sort -u)" "Invalid argument"
	expect_equal "version" "$(result version | grep -c '^[0-9]*\.[0-9]*\.[0-9]*$')" 1
	expect_equal "anybody reads a parameter" "$(result nobody.read)" 1000
	expect_equal "nobody writes one" "$(result nobody.write-status)" 1
	expect_equal "statistics" "$(result statistics | tr '\n' ' ')" "averted graces longest_step merged ooms openers rounds samples ticks told "
	expect_equal "nobody reads statistics" "$(result nobody.statistics | grep -c 'Permission denied')" 10
	expect_equal "and is told so" "$(result nobody.statistics | grep -c '^refused')" 10
	expect_equal "one device for everybody" "$(result devices | grep -c '^crw-rw-rw-.*/dev/oom_notify$')" 1
	expect_equal "the other for root" "$(result devices | grep -c '^crw-------.*/dev/oom_notify_critical$')" 1
	expect_facts "openers of both devices are counted" \
		'.closed.openers == 0 and .open.openers == 2 and .half.openers == 1'
}

expect_line() { # FILE LINE
	result "$1" | grep -q -x -F -e "$2" || fail "not in $1: $2"
}
