#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Installs what building and testing needs: on Debian as root the packages that are missing, and
# only those; anywhere else it says what to install. Does nothing when all is there.
set -euo pipefail

packages=(
	gcc libc6-dev make pkgconf
	clang bpftool libbpf-dev libelf-dev zlib1g-dev libcap-dev libjansson-dev
	# tests
	libcriterion-dev clang-format clang-tidy cppcheck shellcheck mandoc jq gnuplot-nox
	# tests on other kernels
	qemu-system-x86 busybox-static cpio kmod e2fsprogs xz-utils
)

print_lists() {
	cat <<EOT
Debian, Ubuntu: ${packages[*]}
Fedora:         gcc make pkgconf-pkg-config clang bpftool libbpf-devel elfutils-libelf-devel
                zlib-devel libcap-devel jansson-devel
                tests: clang-tools-extra cppcheck ShellCheck mandoc jq gnuplot
Arch:           gcc make pkgconf clang bpf libbpf libelf zlib libcap jansson
                tests: cppcheck shellcheck mandoc jq gnuplot
openSUSE:       gcc make pkgconf clang bpftool libbpf-devel libelf-devel zlib-devel libcap-devel
                libjansson-devel; tests: clang-tools cppcheck ShellCheck mandoc jq gnuplot
The unit tests need Criterion 2.4 as well, from a package where your system has one
(https://github.com/Snaipe/Criterion); those on other kernels (make check-vm) need apt-get.
EOT
}

# Other systems: what the build would not find. Test tools are not among it.
missing_commands() {
	local c
	for c in cc make clang pkg-config; do
		command -v "$c" >/dev/null || echo "$c"
	done
	PATH=$PATH:/usr/sbin:/sbin command -v bpftool >/dev/null || echo bpftool
	for c in libbpf libelf zlib libcap jansson; do
		pkg-config --exists "$c" 2>/dev/null || echo "$c"
	done
}

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
	mapfile -t missing < <(missing_commands)
	[ ${#missing[@]} -gt 0 ] || exit 0
	echo "deps: not found: ${missing[*]}. Install these packages, then try again:" >&2
	print_lists >&2
	exit 1
fi

# dpkg-query complains about, and fails for, names it has never heard of: these are missing too.
installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null || :)
missing=()
for p in "${packages[@]}"; do
	grep -qx "installed $p" <<<"$installed" || missing+=("$p")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
	echo "deps: missing packages. As root: apt-get install ${missing[*]}" >&2
	echo "The whole list, and that of other systems:" >&2
	print_lists >&2
	exit 1
fi

echo "deps: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get -q update </dev/null || echo "deps: cannot refresh the package lists, going on with what is there" >&2
apt-get -q install -y --no-install-recommends "${missing[@]}" </dev/null
