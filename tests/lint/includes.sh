#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Which folder may include which: data goes one way, and so do includes.
. "$(dirname "$0")/lib.sh"

# The project's header that FILE includes as NAME: beside it, or below the -I folders of the build. Into
# $target, as a process for each of two thousand includes would take longer than all the rest.
resolve() {
	local base
	for base in "${1%/*}" user bpf kernel .; do
		if [ -f "$base/$2" ]; then
			target=${base#./}/$2
			case $2 in
			*../*) target=$(realpath --relative-to=. "$base/$2") ;;
			esac
			return
		fi
	done
	target=$2
}

# check FILE TARGET
check() {
	local sink=${1#user/sinks/} other kind

	case $1:$2 in
	bpf/*:user/* | kernel/*:user/*) report "$1: includes $2: bpf/ and kernel/ never see user/" ;;
	bpf/*:kernel/* | kernel/*:bpf/*) report "$1: includes $2: the module and BPF share nothing" ;;
	user/common/*:kernel/* | user/sinks/*:kernel/*)
		report "$1: includes $2: of user/, core/, cmd/ and compare/ know the device" ;;
	user/*:kernel/oom_notify.h) ;;
	user/*:kernel/*) report "$1: includes $2: user/ sees the module's contract alone" ;;
	user/compare/sources/*:user/compare/sources/*) ;;
	user/compare/sources/*:user/compare/*)
		report "$1: includes $2: a source never sees what measures it" ;;
	user/compare/cmd/*:user/compare/*) ;;
	user/compare/*:user/compare/cmd/*)
		[ "$1" = user/compare/main.c ] || report "$1: includes $2: only main.c and cmd/ itself see cmd/" ;;
	user/compare/latency/*:user/compare/* | user/compare/survive/*:user/compare/* | user/compare/bench/*:user/compare/*)
		kind=${1#user/compare/} kind=${kind%%/*}
		case $2 in
		user/compare/"$kind"/* | user/compare/sources/*) ;;
		user/compare/*/*) report "$1: includes $2: latency/, survive/ and bench/ never see each other" ;;
		esac ;;
	user/compare/main.c:*) ;;
	user/compare/*:user/compare/sources/*) ;;
	user/compare/*:user/compare/*/*)
		report "$1: includes $2: what the kinds of runs share never sees one of them" ;;
	user/compare/*:user/compare/*) ;;
	user/compare/*:user/cmd/* | user/compare/*:user/sinks/*)
		report "$1: includes $2: the comparison never sees cmd/ or sinks/" ;;
	user/*:user/compare/*) report "$1: includes $2: oom-notify never sees the comparison" ;;
	user/common/*:user/common/*) ;;
	user/common/*:user/*) report "$1: includes $2: common/ is leaf code" ;;
	user/core/*:user/sinks/* | user/core/*:user/cmd/* | user/core/*:user/box/*)
		report "$1: includes $2: core/ sees common/ alone" ;;
	user/box/*:user/sinks/* | user/box/*:user/cmd/*)
		report "$1: includes $2: box/ never sees sinks/ or cmd/" ;;
	user/sinks/*:user/cmd/*) report "$1: includes $2: sinks/ never see cmd/" ;;
	user/sinks/*:user/core/loader.h) report "$1: includes $2: a sink never sees the loader" ;;
	user/sinks/*:user/sinks/sink.h) ;;
	user/sinks/*:user/sinks/*)
		other=${2#user/sinks/}
		[ "${sink%%[._]*}" = "${other%%[._]*}" ] || # term.c and term_summary.h are one
			report "$1: includes $2: sinks never see each other" ;;
	user/core/loader.c:*oom_notify.skel.h) ;;
	*:*oom_notify.skel.h) report "$1: includes $2: only the loader sees the skeleton" ;;
	esac
}

seen=0
for f in $(scripts/c-files.sh bpf user kernel); do
	while IFS= read -r name; do
		resolve "$f" "$name"
		check "$f" "$target"
		seen=$((seen + 1))
	done < <(sed -nE 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*["<]([^">]+)[">].*/\1/p' "$f")
done
finish "$seen"
