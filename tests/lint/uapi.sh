#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The device's public header compiles by itself, as strict C and as C++, and its record is 64 bytes.
. "$(dirname "$0")/lib.sh"

# as LANGUAGE-OPTIONS ASSERT
as() {
	local options=$1 assert=$2
	# shellcheck disable=SC2086 # several options
	printf '#include "oom_notify.h"\n%s(sizeof(struct oom_notify_record) == 64, "size");\n' "$assert" |
		"${CLANG:-clang}" $options -fsyntax-only -Wall -Wextra -pedantic -Werror -Ikernel - ||
		report "kernel/oom_notify.h: not with $options"
}

as '-x c -std=c11' _Static_assert
as '-x c++ -std=c++11' static_assert
finish 2
