#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# cppcheck on what runs in user space.
. "$(dirname "$0")/lib.sh"

suppress=(
	missingIncludeSystem
	# It does not know the cleanup attribute, and so takes what is released by it for a leak: ASan
	# looks for those.
	resourceLeak memleak
	# Kernel style declares at the head of a function.
	variableScope
	# Wrong about loops whose bound was computed just before.
	knownConditionTrueFalse
	# Said only by newer ones than Debian 12's: what is clean there shall be clean everywhere.
	constParameterCallback constParameterPointer constVariablePointer
	# "Did not look at everything", which only newer ones can be told to do.
	normalCheckLevelMaxBranches
)
# Macros that stand where a declaration or a loop head does; others it can do without.
macros=(
	'-DVERSION="0"' '-DJSON_INTEGER_FORMAT="lld"' -D_GNU_SOURCE -D__x86_64__
	'-DLIBBPF_OPTS(type, name, ...)=struct type name = {__VA_ARGS__}'
	'-Dbpf_object__for_each_program(pos, obj)=while ((pos = bpf_object__next_program(obj, pos)))'
	'-Dbpf_object__for_each_map(pos, obj)=while ((pos = bpf_object__next_map(obj, pos)))'
)
mapfile -t files < <(scripts/c-files.sh user | grep '\.c$')
cppcheck --quiet --error-exitcode=1 --std=c11 --language=c --inline-suppr \
	--enable=warning,style,performance,portability "${suppress[@]/#/--suppress=}" \
	-Iuser -Ibpf -Ikernel "${macros[@]}" "${files[@]}" || report "see above"
finish "${#files[@]}"
