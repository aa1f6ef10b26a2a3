#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Prints the project's C sources, one a line (vmlinux.h is generated and not among them). With
# arguments, only those below these folders.
set -eu
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- bpf user kernel tests
for dir; do
	[ -d "$dir" ] || continue
	find "$dir" -type f -name '*.[ch]'
done | sort
