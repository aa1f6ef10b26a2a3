#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# "oom-notify listen" and "watch --feed-device" where there is no device: wrong command lines, what is
# missing, and all that may stand in the device's place. One line each, and nobody hangs.
. "$(dirname "$0")/lib-box.sh"

# nobody may not be let into the folder of the build.
chmod 755 "$tmp"
install -m 755 "$bin" "$tmp/oom-notify"
bin=$tmp/oom-notify
as_nobody=()
[ "$(id -u)" -ne 0 ] || as_nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups --)

# ends CODE COMMAND...: it ends by itself, with this.
ends() {
	local code=$1
	shift
	rc=0
	timeout 20 "$@" >"$out" 2>"$err" </dev/null || rc=$?
	[ "$rc" -eq "$code" ] || fail "$*: exit code $rc, expected $code"
}

# one_line CODE TEXT COMMAND...: with one line that contains TEXT, and nothing else.
one_line() {
	local code=$1 text=$2
	shift 2
	ends "$code" "$@"
	[ "$(wc -l <"$err")" -eq 1 ] || fail "$*: one line expected"
	grep -qF -- "$text" "$err" || fail "$*: the message does not contain '$text'"
	[ ! -s "$out" ] || fail "$*: nothing on standard output expected"
}

# The option, the value and what is allowed are named, by a user who could do nothing else.
count=0
while read -r option value; do
	one_line 2 "$option" "${as_nobody[@]}" "$bin" listen "$option=$value"
	grep -qF -- "'$value'" "$err" || fail "'$value' is not named"
	count=$((count + 1))
done <<-'EOT'
	--count 0
	--count -1
	--count 1.5
	--count 18446744073709551616
	--count 0x10
	--duration 5
	--duration 0s
	--duration -5s
	--duration 1e3s
	--duration 99999999999999999999s
	--min-level worst
	--min-level MEDIUM
	--min-level
	--device
EOT
one_line 2 "none, low, medium, critical" "$bin" listen --min-level bogus
one_line 2 "'--bogus'" "$bin" listen --bogus
one_line 2 "'Z'" "$bin" listen -Z
one_line 2 "--json" "$bin" listen --json=yes
one_line 2 "--device" "$bin" listen --device
one_line 2 "'/dev/oom_notify'" "$bin" listen /dev/oom_notify
one_line 2 "'extra'" "$bin" listen --json -- extra
one_line 2 "--feed-device" "${as_nobody[@]}" "$bin" watch --feed-device=
echo "$count values and 8 command lines refused"

# Anything but the device: for a reader, and for the loader before it needs any privilege.
refused() {
	one_line 1 "$2" "$bin" listen --device "$1" --duration 1h
	grep -qF -- "$1" "$err" || fail "'$1' is not named"
	one_line 1 "$2" "$bin" listen --device "$1" --min-level low --json
	one_line 1 "$2" "$bin" watch --feed-device="$1"
}

mkfifo "$tmp/fifo"
mkdir "$tmp/folder"
echo "0123456789012345678901234567890123456789012345678901234567890123456789" >"$tmp/file"
ln -s nowhere "$tmp/dangling"
ln -s loop "$tmp/loop"
for path in "$tmp/fifo" "$tmp/folder" "$tmp/file" /dev/null /dev/zero /proc/pressure/memory; do
	refused "$path" "not a device of the oom_notify module"
done
# To read nothing is an error here, too; and what is written to the last one is kept.
for path in /dev/fuse /dev/net/tun /dev/kmsg; do
	[ ! -c $path ] || [ ! -r $path ] || refused $path "not a device of the oom_notify module"
done
for path in "$tmp/none" "$tmp/dangling"; do
	refused "$path" "modprobe oom_notify"
done
refused "$tmp/loop" "symbolic links"
refused "$tmp/file/below" "Not a directory"
[ -e /dev/oom_notify ] || one_line 1 "/dev/oom_notify: no such device" "${as_nobody[@]}" "$bin" listen
[ -e /dev/oom_notify ] || one_line 1 "/dev/oom_notify: no such device" "$bin" watch --feed-device

# Closed: said before anything is opened.
one_line 1 "standard output" sh -c '"$0" listen --device "$1" >&-' "$bin" "$tmp/none"
