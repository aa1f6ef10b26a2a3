#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What README promises a new user, tried as one: for each Debian a root that holds nothing but `make`, in it
# a clean clone of HEAD, no LANG, and then `make demo` and `make test VM=no`. `make check-fresh` calls it;
# root only. Nothing is left: neither root, nor mount, nor process, however it ends.
#
# Environment:
#   FRESH          which Debians (default: "12 13")
#   FRESH_WITHOUT  a package that is taken out of the list of scripts/deps.sh, to see this fail
#   DEBIAN_MIRROR  as in scripts/debian-source.sh
# The packages come from where this machine's apt gets its own, by the same proxy. Ends with "N passed,
# N failed, N skipped", what ran in the roots added up; `make demo` is one.
set -uo pipefail
export LC_ALL=C
cd "$(dirname "$0")/../.." || exit 1
PATH=$PATH:/usr/sbin:/sbin

declare -A suites=([12]=bookworm [13]=trixie)
KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg
work=
session=
passed=0 failed=0 skipped=0
all_failed=() all_skipped=()

die() { echo "check-fresh: $*" >&2; exit 1; }

# Mounts are in the namespace of what runs there, and gone with its last process.
end_session() {
	[ -n "$session" ] || return 0
	kill -TERM -- "-$session" 2>/dev/null
	for ((i = 0; i < 150; i++)); do
		kill -0 -- "-$session" 2>/dev/null || break
		sleep 0.2
	done
	kill -KILL -- "-$session" 2>/dev/null
	wait "$session" 2>/dev/null
	session=
}

clean_up() {
	trap '' INT TERM
	end_session
	[ -z "$work" ] || rm -rf --one-file-system "$work"
}

# in_session COMMAND...: in a process group that can be ended whole
in_session() {
	local status
	setsid "$@" </dev/null &
	session=$!
	wait "$session"
	status=$?
	end_session
	return $status
}

seconds() { echo "$((EPOCHSECONDS - $1)) s"; }

# What this machine's apt is told about fetching; the rest, hooks above all, is its own affair.
apt_options() {
	apt-config dump | grep -E '^Acquire::([a-z]+::Proxy|https?::|ftp::|Retries|Check-|Force)' | grep -v ' "";$'
}

sources() { # SUITE
	local each uri
	for each in "$1" "$1-updates" "$1-security"; do
		uri=$(scripts/debian-source.sh "$each") || return
		echo "deb [signed-by=$KEYRING] ${uri%/} $each main"
	done
}

make_root() { # SUITE ROOT
	local include=make options=("--variant=minbase" "--mode=root" "--quiet")
	sources "$1" >"$work/sources.list" || return
	apt_options >"$work/apt.conf"
	! grep -q ' https:' "$work/sources.list" || include+=,ca-certificates
	[ ! -d /etc/apt/auth.conf.d ] || options+=("--setup-hook=mkdir -p \"\$1/etc/apt\"; cp -a /etc/apt/auth.conf* \"\$1/etc/apt/\" 2>/dev/null || :")
	in_session unshare --mount --propagation private mmdebstrap "${options[@]}" --include="$include" --aptopt="$work/apt.conf" \
		"$1" "$2" "$work/sources.list" >"$work/mmdebstrap.log" 2>&1 && return
	tail -n 15 "$work/mmdebstrap.log" | sed 's/^/  | /'
	return 1
}

# Of HEAD, as `git clone` gives it; the folder may be another user's.
clone() { # TO
	GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*' \
		git clone --quiet --depth 1 "file://$PWD" "$1" || return
	[ -z "${FRESH_WITHOUT-}" ] || sed -i "/^declare -A packages/,/^)/s/\\b$FRESH_WITHOUT\\b//" "$1/scripts/deps.sh"
}

# As in a privileged container: the machine's kernel and /dev, where a zram that is added gets its node; no
# variable but these; and no chroot, in which there is neither a user namespace nor a private mount to be had.
in_root() { # ROOT COMMAND...
	local each variables=()
	for each in http_proxy https_proxy no_proxy; do
		[ -z "${!each-}" ] || variables+=("$each=${!each}")
	done
	# shellcheck disable=SC2016 # the inner shell's
	in_session unshare --mount --propagation private bash -euc '
		root=$1 && shift
		mount --bind "$root" "$root"
		mount --rbind /proc "$root/proc"
		mount --rbind /sys "$root/sys"
		mount --rbind /dev "$root/dev"
		for file in /etc/resolv.conf /etc/hosts; do
			[ ! -e "$file" ] || cat "$file" >"$root$file"
		done
		cd "$root"
		mkdir -p .host
		pivot_root . .host
		exec chroot . sh -c "umount -l /.host && rmdir /.host && exec \"\$@\"" sh "$@"' bash "$1" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		HOME=/root TERM=dumb "${variables[@]}" "${@:2}"
}

tell() { printf '%-7s%8s  Debian %s: %s\n' "$1" "$2" "$number" "$3"; }

# step NAME COMMAND...: one test of this run
step() {
	local name=$1 begin=$EPOCHSECONDS
	shift
	if "$@" >"$log" 2>&1; then
		passed=$((passed + 1))
		tell ok "$(seconds "$begin")" "$name"
		return
	fi
	failed=$((failed + 1))
	all_failed+=("Debian $number: $name")
	tell FAILED "$(seconds "$begin")" "$name"
	sed 's/^/  | /' "$log" | tail -n 40
	return 1
}

# Between HEADING and the next empty line, with the Debian before it.
names() { sed -n "/^$1:\$/,/^\$/s/^  /Debian $number: /p" "$log"; }

# The names and totals of all that ran there.
run_tests() { # ROOT
	local begin=$EPOCHSECONDS totals list status p f s
	in_root "$1" make -C /src VM=no test >"$log" 2>&1
	status=$?
	totals=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$log" | tail -n 1)
	read -r p _ f _ s _ <<<"${totals:-0 passed, 1 failed, 0 skipped}"
	[ "$status" -eq 0 ] || [ "$f" -gt 0 ] || f=1
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	mapfile -t list < <(names Failed)
	[ "$f" -eq 0 ] || [ ${#list[@]} -gt 0 ] || list=("Debian $number: make test")
	all_failed+=("${list[@]}")
	mapfile -t list < <(names Skipped)
	all_skipped+=("${list[@]}")
	tell "$([ "$f" -eq 0 ] && echo ok || echo FAILED)" "$(seconds "$begin")" "make test ($p passed, $f failed, $s skipped)"
	[ "$f" -eq 0 ] || grep -vE '^(ok|skip) ' "$log" | head -n 300 | sed 's/^/  | /'
}

try() { # NUMBER
	local root=$work/root
	number=$1
	step "a root of nothing but make" make_root "${suites[$1]}" "$root" || return
	step "a clean clone" clone "$root/src" || return
	step "make demo" in_root "$root" make -C /src demo || return
	run_tests "$root"
	rm -rf --one-file-system "$root"
}

list() { # HEADING NAME...
	[ $# -gt 1 ] || return 0
	printf '\n%s\n' "$1"
	printf '  %s\n' "${@:2}"
}

[ "$(id -u)" -eq 0 ] || die "making roots and memory pressure needs root: run 'sudo make check-fresh'"
[ -r "$KEYRING" ] || die "no $KEYRING: install debian-archive-keyring"
for number in ${FRESH:-12 13}; do
	[ -n "${suites[$number]-}" ] || die "FRESH: no Debian '$number': ${!suites[*]}"
done
trap clean_up EXIT
trap 'exit 130' INT TERM
work=$(mktemp -d /var/tmp/oom-notify-fresh.XXXXXX)
chmod 755 "$work"
log=$work/log
for number in ${FRESH:-12 13}; do
	try "$number"
	rm -rf --one-file-system "$work/root"
done
list "Skipped:" "${all_skipped[@]}"
list "Failed:" "${all_failed[@]}"
echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
