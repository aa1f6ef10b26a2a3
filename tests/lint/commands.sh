#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every command that a script calls comes with a bare Debian or with a package of scripts/deps.sh: what
# happens to be installed here may not be there. `make check-fresh` tries it; this says it in a second.
. "$(dirname "$0")/lib.sh"

command -v dpkg-query >/dev/null || { echo "needs dpkg"; exit 77; }

# Of the system: a compiler cache in front of it is the user's.
PATH=/usr/sbin:/usr/bin:/sbin:/bin

# What stands for itself, though a package that is not in the list has a command of that name:
#   as, vmstat, ...  words and variables of ours
#   bpftrace, perf   compare's sources, which say themselves what they need
#   flex bison bc    make check-vm-debug asks for them
NOT_CALLED='as vmstat watch free top bpftrace perf flex bison bc pahole sudo depmod'

# The guests' scripts call busybox.
mapfile -t files < <(shell_scripts | grep -vE '^tests/vm/(init|guest\.sh|cases/)|^vmlinux/generate')
# At the head of a line or of a command within it.
mapfile -t words < <(sed -E 's/^[[:space:]]*#.*//' "${files[@]}" |
	grep -oE '(^|[|;&(!]|\b(if|then|do|else|while|exec|timeout [0-9]+|flock [^ ]+))[[:space:]]*[a-z][a-z0-9_.-]+([[:space:]]|$)' |
	sed -E 's/.*[|;&(![:space:]]([a-z][a-z0-9_.-]+)[[:space:]]*$/\1/; s/[[:space:]]//g' | sort -u)
paths=()
declare -A names_of
for word in "${words[@]}"; do
	[[ " $NOT_CALLED " != *" $word "* ]] || continue
	[ "$(type -t "$word")" = file ] || continue
	path=$(type -P "$word")
	# Alternatives are links to what packages have; merged /usr has each under two names.
	names_of[$word]="$(readlink -f "$path") $path /${path#/usr/}"
	read -ra names <<<"${names_of[$word]}"
	paths+=("${names[@]}")
done
# Whoever installs these packages has apt.
allowed=" apt $(dpkg-query -W -f '${Essential}|${Priority}|${Package}\n' | awk -F '|' '$1 == "yes" || $2 == "required" {print $3}' | paste -sd ' ') "
for package in $(scripts/deps.sh -n build tests vm fresh); do
	# Those for the virtual machines may not be here.
	allowed+="$package $({ dpkg-query -W -f '${Depends}' "$package" 2>/dev/null || :; } | sed -E 's/\([^)]*\)//g; s/[,|]/ /g; s/:any//g') "
done
declare -A package_of
while IFS=: read -r package path; do
	package_of[$path]=${package%%,*}
done < <(dpkg-query -S "${paths[@]}" 2>/dev/null | grep -v '^diversion ' | sed 's/:amd64//; s/: /:/')
# One of its names is enough: gcc is a link into a package of its own.
for word in "${!names_of[@]}"; do
	owners=
	for path in ${names_of[$word]}; do
		owner=${package_of[$path]-}
		[[ -z $owner || $allowed != *" $owner "* ]] || continue 2
		[ -z "$owner" ] || owners=" $owner"
	done
	[ -z "$owners" ] || report "$word of package$owners: nothing in scripts/deps.sh has it"
done
finish "${#paths[@]}"
