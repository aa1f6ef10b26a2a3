#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What "oom-notify watch" lacks is said as what happened and what to do, in one line, and never as what some
# call deep below returned. Each for real: in a mount namespace, below a limit, with a helper killed.
. "$(dirname "$0")/lib-watch.sh"
[ "$(id -u)" -eq 0 ] || skip "needs root, or another lack comes first"
"$bin" check >"$tmp/check" 2>&1 || skip "watch cannot work here: $(tail -n 1 "$tmp/check")"

out=$tmp/out
err=$tmp/err

# told TEXT COMMAND...: it fails, with one line that contains TEXT and no errno that misleads.
told() {
	local text=$1
	shift
	rc=0
	# Without what else may be open, for it counts.
	timeout 60 "$@" >"$out" 2>"$err" </dev/null 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- 10>&- || rc=$?
	expect_told "$text" "$*"
}

expect_told() {
	[ "$rc" -eq 1 ] || fail "$2: exit code $rc, expected 1: $(cat "$err")"
	[ "$(grep -vc -e ', watching$' -e ' warning: ' "$err")" -eq 1 ] || fail "$2: one line expected: $(cat "$err")"
	grep -qF -- "$1" "$err" || fail "$2: no '$1' in: $(cat "$err")"
	! grep -E 'No child processes|No such process|Cannot allocate' "$err" || fail "$2: that misleads"
	count=$((count + 1))
}

count=0
watch=("$bin" watch --duration 50ms)
for n in 5 10 20 40 95; do
	told "at most $n open files, and it takes 96. Raise it with ulimit -n" \
		prlimit --nofile=$n:$n "${watch[@]}"
done
# As many as it asks for are enough.
timeout 60 prlimit --nofile=96:96 "${watch[@]}" >"$out" 2>"$err" </dev/null || fail "96 open files: $(cat "$err")"
# The soft limit alone is raised.
timeout 60 prlimit --nofile=10:4096 "${watch[@]}" >"$out" 2>"$err" </dev/null || fail "a soft limit: $(cat "$err")"

# At most so many processes, for a user without CAP_SYS_RESOURCE or CAP_SYS_ADMIN: the helper cannot be started.
chmod 755 "$tmp"
install -m 755 "$bin" "$tmp/oom-notify"
told "reading the kernel's types: no further process may be started" setpriv --reuid 65534 --regid 65534 --clear-groups \
	--inh-caps +bpf,+perfmon --ambient-caps +bpf,+perfmon \
	prlimit --nproc=1:1 "$tmp/oom-notify" watch --duration 50ms

if ! unshare -m true 2>"$err"; then
	echo "skip: without /sys, /proc, BTF, CPUs: $(cat "$err")"
	exit
fi
# without MOUNT TEXT: watch in a mount namespace where MOUNT was done.
without() {
	told "$2" unshare -m sh -c "$1 && exec \"\$0\" watch --duration 50ms" "$bin"
}
: >"$tmp/empty"
echo garbage >"$tmp/garbage"
possible=/sys/devices/system/cpu/possible
btf=/sys/kernel/btf
without "mount -t tmpfs none /proc" "/proc is not mounted. Mount it: mount -t proc proc /proc"
without "mount -t tmpfs none /sys" "/sys is not mounted"
without "mount -t tmpfs none $btf" "$btf/vmlinux: No such file or directory. Use a kernel built with CONFIG_DEBUG_INFO_BTF"
without "mount --bind $tmp/empty $btf/vmlinux" "$btf/vmlinux is there, but is no type information"
without "mount --bind $tmp/garbage $btf/vmlinux" "$btf/vmlinux is there, but is no type information"
without "mount --bind $tmp/empty $possible" "$possible: "
without "mount --bind $tmp/garbage $possible" "$possible: "

if [ ! -e "/proc/$$/task/$$/children" ]; then
	echo "skip: killed helpers: this kernel does not list a process's children"
	exit
fi
# The helper that reads the kernel's types waits at a FIFO that stands in their place; stopped until that is
# gone again, it is killed.
mkfifo "$tmp/fifo"
cat >"$tmp/kill-reader" <<'EOT'
mount --bind "$2" /sys/kernel/btf/vmlinux || exit 99
"$1" watch --duration 50ms &
pid=$!
child=
while [ -z "$child" ] && [ -e "/proc/$pid" ]; do
	read -r child _ <"/proc/$pid/task/$pid/children"
done
kill -STOP "$child"
umount -l /sys/kernel/btf/vmlinux
kill -KILL "$child"
wait "$pid"
EOT
told "reading the kernel's types: the process that does so was killed" \
	unshare -m bash "$tmp/kill-reader" "$bin" "$tmp/fifo"

# The helper that writes a regular file.
rc=0
"$bin" watch --duration 1h >"$out" 2>"$err" </dev/null &
pid=$!
until grep -q 'watching$' "$err"; do
	[ -e "/proc/$pid" ] || fail "watch has ended"
	sleep 0.1
done
read -r child _ <"/proc/$pid/task/$pid/children" || true # there is no newline
kill -KILL "$child"
kill -TERM "$pid"
wait "$pid" || rc=$?
expect_told "the process that writes standard output to its file was killed" "a killed writer"
echo "$count lacks told"
