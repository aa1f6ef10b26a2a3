#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A compiler, bpftool or library that is missing or too old is one line that says what to do, and no
# "Error 127"; and `make` alone builds.
. "$(dirname "$0")/lib.sh"

fake pkg-config <<'EOF'
case "$1" in
--exists)
	[ -z "${NO_LIBS-}" ] || exit 1
	[ -z "${NO_CRITERION-}" ] || [[ $* != *criterion* ]] ;;
*) echo -lx ;;
esac
EOF
fake clang <<<'exit 1'
fake bpftool <<'EOF'
case "$*" in
version) echo "bpftool v${FAKE_BPFTOOL:-7}"; [ "${FAKE_BPFTOOL-}" != none ] ;;
'gen help') [ "${FAKE_BPFTOOL-}" = old ] || echo 'Usage: bpftool gen object OUTPUT_FILE INPUT_FILE' >&2 ;;
esac
EOF

# build ARGUMENT...: of the products, the first that is compiled
build() {
	said=$(env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make O="$tmp/out" BPFTOOL=bpftool CLANG=clang PKG_CONFIG=pkg-config "$@" 2>&1) &&
		fail "make $*: exit code 0"
}

one() { # REGEX ARGUMENT...
	local regex=$1
	shift
	build "$@"
	one_line "make $*" "$regex" "$said"
	! grep -q 'Error 127' <<<"$said" || fail "make $*: $said"
}

one "not found: no-clang: run 'make deps'" CLANG=no-clang
one "not found: no-clang, no-bpftool: run 'make deps'" CLANG=no-clang BPFTOOL=no-bpftool
one "not found: no-cc: run 'make deps'" CC=no-cc
NO_LIBS=yes one "not found: libbpf, libelf, zlib, libcap, jansson: run 'make deps'"
one "not found: no-pkg-config: run" PKG_CONFIG=no-pkg-config
NO_CRITERION=yes one "not found: criterion: run 'make deps'" check
FAKE_BPFTOOL=old one "bpftool is too old: it has no 'gen object'"
FAKE_BPFTOOL=none one "bpftool does not run"
expect "make alone" 'all$' "$(env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -pn O="$tmp/out" 2>/dev/null | grep '^\.DEFAULT_GOAL')"
finish
