#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What `make demo` and `make test` say before they begin. plan.sh demo|test [vm]
set -euo pipefail

if [ "$(id -u)" -ne 0 ]; then
	echo "$1: loading BPF programs and making memory pressure need root: run 'sudo make $1'" >&2
	exit 1
fi
if [ "$1" = demo ]; then
	cat <<-'EOT'
		make demo takes about 4 minutes on a machine that has nothing of it yet:
		  1. the packages that building needs and that are missing: at most 130 MB to
		     download and 550 MB on disk
		  2. the build of .output/oom-notify, a minute of two processors
		  3. real memory pressure in a box, and what is told of it: a minute
	EOT
elif [ "${2-}" = vm ]; then
	cat <<-'EOT'
		make test takes about 25 minutes on two processors:
		  1. the packages that are missing: at most 250 MB to download and 1,000 MB on disk
		  2. the build, with sanitizers too: two minutes
		  3. tests of units, of the sources, and on this kernel: ten minutes
		  4. four other kernels in virtual machines: ten minutes, and 430 MB to download
		     the first time; make test VM=no does without. At most 600 MB stay in .output
	EOT
else
	cat <<-'EOT'
		make test VM=no takes about 15 minutes on two processors:
		  1. the packages that are missing: at most 190 MB to download and 800 MB on disk
		  2. the build, with sanitizers too: two minutes
		  3. tests of units, of the sources, and on this kernel: ten minutes
	EOT
fi
