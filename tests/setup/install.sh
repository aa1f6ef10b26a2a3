#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# `make install` puts both programs where they find each other, `make uninstall` takes all of it away; the
# daemon is not linked with what only the comparison needs.
. "$(dirname "$0")/lib.sh"

bin=$(dirname "${OOM_NOTIFY:?}")
quiet_make() { env -u MAKEFLAGS -u MFLAGS make -s O="$bin" DESTDIR="$tmp/root" PREFIX=/usr "$@"; }
compare_help() { "$1" compare --help 2>&1; }

quiet_make install >"$tmp/log" 2>&1 || fail "make install: $(tail -n 1 "$tmp/log")"
[ -x "$tmp/root/usr/bin/oom-notify" ] || fail "no oom-notify"
expect "as installed" '^Usage: oom-notify compare ' "$(compare_help "$tmp/root/usr/bin/oom-notify")"
expect "as built" '^Usage: oom-notify compare ' "$(compare_help "$OOM_NOTIFY")"
rm "$tmp/root/usr/libexec/oom-notify-compare"
expect "without it" '/oom-notify-compare is not there: make install puts it there$' \
	"$(compare_help "$tmp/root/usr/bin/oom-notify")"
quiet_make install >"$tmp/log" 2>&1 || fail "make install again: $(tail -n 1 "$tmp/log")"
quiet_make uninstall >"$tmp/log" 2>&1 || fail "make uninstall: $(tail -n 1 "$tmp/log")"
left=$(find "$tmp/root" -type f)
[ -z "$left" ] || fail "make uninstall leaves $left"

libraries=$(ldd "$OOM_NOTIFY")
expect "libraries" '\blibbpf\.so' "$libraries"
! grep -E 'libjansson|libm\.' <<<"$libraries" || fail "oom-notify is linked with $libraries"
finish
