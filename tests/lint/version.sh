#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The version is the same wherever it has to be written down.
. "$(dirname "$0")/lib.sh"

version=$(sed -n 's/^VERSION := //p' Makefile)
seen=0

# check FILE SED_SCRIPT: what the script prints of the file is the version
check() {
	local got
	got=$(sed -nE "$2" "$1")
	[ "$got" = "$version" ] || report "$1: version '$got', '$version' in the Makefile"
	seen=$((seen + 1))
}

check kernel/dkms.conf 's/^PACKAGE_VERSION="(.*)"$/\1/p'
check kernel/main.c 's/^MODULE_VERSION\("(.*)"\);$/\1/p'
finish "$seen"
