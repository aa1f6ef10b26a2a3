#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Installs what building and testing needs: on Debian as root the packages that are missing, and only
# those; anywhere else it says what to install. Does nothing when all is there.
#
#   deps.sh [-n] [build|tests|vm|fresh]...   (all but fresh)
#
# With -n it prints the packages of these groups, one a line, and does nothing.
set -uo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=scripts/lib.sh
. scripts/lib.sh

declare -A packages=(
	[build]="gcc libc6-dev make pkgconf clang bpftool libbpf-dev libelf-dev zlib1g-dev libcap-dev libjansson-dev"
	[tests]="libcriterion-dev clang-format clang-tidy cppcheck shellcheck mandoc jq gnuplot-nox"
	[vm]="qemu-system-x86 busybox-static cpio kmod e2fsprogs xz-utils jq"
	[fresh]="mmdebstrap debian-archive-keyring git"
)
log=${OUTPUT:-.output}/deps.log
apt=

die() { echo "deps: $*" >&2; exit 1; }

# Of whom this system says that it is, or is like.
advice() {
	local like
	# shellcheck source=/dev/null
	like=" $(. /etc/os-release 2>/dev/null; echo "${ID-} ${ID_LIKE-}") "
	case $like in
	*' fedora '* | *' rhel '*)
		echo "dnf install gcc make pkgconf-pkg-config clang bpftool libbpf-devel elfutils-libelf-devel zlib-devel" \
			"libcap-devel jansson-devel; for tests also clang-tools-extra cppcheck ShellCheck mandoc jq gnuplot criterion" ;;
	*' arch '*)
		echo "pacman -S gcc make pkgconf clang bpf libbpf libelf zlib libcap jansson;" \
			"for tests also cppcheck shellcheck mandoc jq gnuplot criterion" ;;
	*suse*)
		echo "zypper install gcc make pkgconf clang bpftool libbpf-devel libelf-devel zlib-devel libcap-devel" \
			"libjansson-devel; for tests also clang-tools cppcheck ShellCheck mandoc jq gnuplot criterion" ;;
	*) echo "what Debian calls ${packages[build]}; for tests also ${packages[tests]}" ;;
	esac
}

# Other systems: what the build would not find. Test tools are not among it.
check_elsewhere() {
	local c missing=()
	for c in cc make clang pkg-config; do
		command -v "$c" >/dev/null || missing+=("$c")
	done
	PATH=$PATH:/usr/sbin:/sbin command -v bpftool >/dev/null || missing+=(bpftool)
	for c in libbpf libelf zlib libcap jansson; do
		pkg-config --exists "$c" 2>/dev/null || missing+=("$c")
	done
	[ ${#missing[@]} -eq 0 ] || die "not found: ${missing[*]}. Install: $(advice)"
}

# dpkg-query complains about, and fails for, names it has never heard of: these are missing too.
find_missing() { # PACKAGE...
	local p installed
	installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null)
	for p; do
		grep -qx "installed $p" <<<"$installed" || echo "$p"
	done
}

host_in_log() { grep -oE "$1" "$log" | head -n 1 | sed "s/.*[ '/]//"; }

# One line for what apt says in twenty.
why() {
	local last
	if grep -qE 'No space left|enough free space' "$log"; then
		echo "the disk is full: see 'df -h / /var'"
	elif grep -qE 'Could not get lock|Unable to acquire the dpkg frontend lock' "$log"; then
		echo "another apt or dpkg is at work: wait until it is done, then try again"
	elif grep -q 'dpkg was interrupted' "$log"; then
		echo "an earlier installation was interrupted: run 'dpkg --configure -a', then try again"
	elif grep -qE 'NO_PUBKEY|is not signed|signatures were invalid' "$log"; then
		echo "apt cannot check the mirror's signature: install debian-archive-keyring, or its key"
	elif grep -qE 'not valid yet|is expired' "$log"; then
		echo "apt refuses the mirror's lists by their date: set this machine's clock"
	elif grep -qE 'failure resolving|Could not resolve' "$log"; then
		echo "no network: the mirror's name $(host_in_log "(resolving|resolve) '[^']*") is not found:" \
			"connect this machine, or give apt a proxy or another mirror"
	elif grep -qE '[Uu]nable to connect|[Cc]ould not connect|timed out|unreachable|[Rr]efused|Connection failed' "$log"; then
		echo "the package mirror $(host_in_log 'https?://[^/ ]*') cannot be reached:" \
			"connect this machine, or give apt a proxy or another mirror"
	elif grep -qE 'Unable to locate package|no installation candidate' "$log"; then
		echo "apt knows no package $(sed -nE "s/.*(locate package |Package '?)([a-z0-9.+-]+).*/\2/p" "$log" | sort -u | paste -sd ' '):" \
			"the sources in /etc/apt must be Debian 12's or newer, component main"
	else
		last=$(grep -E '^E: ' "$log" | head -n 1)
		echo "apt-get failed: ${last#E: }"
	fi
}

give_up() { die "$(why) (all of it in $log)"; }

# Interrupted in a download, apt is ended. dpkg is not, in the middle of a package: that would have to be
# mended by hand.
interrupted() {
	trap '' INT TERM
	if [ "$phase" = install ]; then
		echo "deps: interrupted: dpkg ends what it is at, which takes up to a minute" >&2
	else
		[ -z "$apt" ] || kill "$apt" 2>/dev/null
	fi
	wait
	exit 130
}

# apt PHASE WHAT ARGUMENT...: in a session of its own, which ^C does not reach, with its way on fd 3.
run_apt() {
	local status
	phase=$1
	setsid apt-get -q -y -o APT::Status-Fd=3 -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=60 \
		-o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 "${@:3}" \
		</dev/null >>"$log" 2>&1 3> >(sed -unE 's/^(dl|pm)status:[^:]*:([0-9]+).*/\2/p' | progress "$2") &
	apt=$!
	wait "$apt"
	status=$?
	apt=
	return $status
}

# "67 packages, 117 MB to download, 525 MB on disk", out of what apt would ask.
plan() {
	sed -nE -e 's/.* ([0-9]+) newly installed.*/\1 packages/p' \
		-e 's/^Need to get ([0-9.,]+ [kMG]?B)(\/[^ ]+ [kMG]?B)? .*/\1 to download/p' \
		-e 's/^After this operation, ([0-9.,]+ [kMG]?B) .*used.*/\1 on disk/p' <<<"$1" | paste -sd , | sed 's/,/, /g'
}

groups=()
names_only=
for arg; do
	case $arg in
	-n) names_only=yes ;;
	*) [ -n "${packages[$arg]-}" ] || die "no group '$arg': build, tests, vm, fresh"; groups+=("$arg") ;;
	esac
done
[ ${#groups[@]} -gt 0 ] || groups=(build tests vm)
read -ra wanted <<<"$(for g in "${groups[@]}"; do printf '%s ' "${packages[$g]}"; done)"
if [ -n "$names_only" ]; then
	printf '%s\n' "${wanted[@]}"
	exit
fi

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
	check_elsewhere
	exit
fi
mapfile -t missing < <(find_missing "${wanted[@]}" | sort -u)
[ ${#missing[@]} -gt 0 ] || exit 0
[ "$(id -u)" -eq 0 ] || die "missing packages; as root, or with sudo: apt-get install ${missing[*]}"
[ -n "$(apt-get update --print-uris 2>/dev/null)" ] ||
	die "apt has no package sources: put your mirror into /etc/apt/sources.list.d, see sources.list(5)"

export DEBIAN_FRONTEND=noninteractive
mkdir -p "$(dirname "$log")"
: >"$log"
phase=
trap interrupted INT TERM
begin=$EPOCHSECONDS
echo "packages: asking the mirror" >&2
# With old lists it may do all the same.
run_apt download "packages: lists" -o APT::Update::Error-Mode=any update
updated=$?
if ! asked=$(apt-get install --no-install-recommends --assume-no "${missing[@]}" 2>&1 </dev/null) &&
	! grep -q 'newly installed' <<<"$asked"; then
	[ $updated -ne 0 ] || : >"$log"
	echo "$asked" >>"$log"
	give_up
fi
[ $updated -ne 0 ] || : >"$log"
echo "packages: $(plan "$asked")" >&2
run_apt download "packages: download" --download-only install --no-install-recommends "${missing[@]}" || give_up
run_apt install "packages: installing" install --no-install-recommends "${missing[@]}" || give_up
[ -z "$(find_missing "${missing[@]}")" ] || die "not all is installed: $(find_missing "${missing[@]}" | paste -sd ' ') ($log)"
done_after "packages" "$begin"
