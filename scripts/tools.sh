#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What the build would stumble over, in one line with what to do about it; nothing when all is there.
#
#   tools.sh CC CLANG BPFTOOL PKG_CONFIG LIBRARY...
set -uo pipefail

cc=$1 clang=$2 bpftool=$3 pkg_config=$4
shift 4
missing=()
# A variable may hold a compiler and its options, or a wrapper and the compiler.
for command in "$cc" "$clang" "$bpftool" "$pkg_config"; do
	command -v "${command%% *}" >/dev/null || missing+=("${command%% *}")
done
if command -v "${pkg_config%% *}" >/dev/null && ! $pkg_config --exists "$@" 2>/dev/null; then
	for library; do
		$pkg_config --exists "$library" 2>/dev/null || missing+=("$library")
	done
fi

if [ ${#missing[@]} -gt 0 ]; then
	list=$(printf ', %s' "${missing[@]}")
	echo "not found: ${list:2}: run 'make deps', which installs what is missing or says what to install"
elif ! $bpftool version >/dev/null 2>&1; then
	echo "$bpftool does not run (on Ubuntu it needs linux-tools-$(uname -r)): install it, or name another: make BPFTOOL=PATH"
elif ! grep -q 'gen object' <<<"$($bpftool gen help 2>&1)"; then
	echo "$bpftool is too old: it has no 'gen object', which came with 5.13: install a newer one, or name it: make BPFTOOL=PATH"
fi
