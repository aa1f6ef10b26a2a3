# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the scripts of this folder share: verdicts, the search for what a kernel complains about, and how
# folders are made of packages.

export LC_ALL=C

# WARNING and BUG as the kernel prints them, not as words in other messages.
SPLATS='WARNING: |BUG: |Oops|general protection fault|Kernel panic|KASAN|UBSAN|ODEBUG|kmemleak: |INFO: trying to register|kernel BUG at|BUG [a-z]|rcu.*(stall|detected stalls)|soft lockup|INFO: task .* blocked|unable to handle'

die() { echo "vm: $*" >&2; exit 1; }

seconds_since() { # EPOCHREALTIME
	awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.2fs", b - a }'
}

# One line, and what FILE has to say about it; several processes tell theirs at once. The words are
# counted at the end.
verdict() { # ok|FAILED|skip TOOK WHAT [FILE]
	(
		flock 9
		echo "$1" >&9
		printf '%-7s%8s  vm %s %s\n' "$1" "$2" "$KERNEL" "$3"
		[ -z "${4-}" ] || sed 's/^/    /' "$4"
	) 9>>"$VERDICTS"
}

find_splats() { # FILE...
	local here
	here=$(dirname "${BASH_SOURCE[0]}")
	cat "$@" 2>/dev/null | grep -a -E "$SPLATS" |
		grep -a -v -E -f <(grep -v -E '^(#|$)' "$here/splats.allow" || true) | sort -u | head -n 5 |
		sed 's/^/kernel splat: /'
}

# What no module like ours is built with, and is half of a root: what only people read, whole programs'
# compilers, sanitizers, static libraries, character sets, other devices' headers, other architectures.
NOT_UNPACKED='./usr/share *lto1 *lto-dump* *san.so* *.a *gconv *-gold *-dwp *-gp-* *gprof*
	*libcrypto.so* *libssl.so* */include/dt-bindings */include/linux/mfd */include/linux/platform_data
	*/include/sound */include/media */include/drm */include/rdma */include/net */include/soc
	*/include/target */include/scsi */include/xen */include/ufs'
OTHER_ARCHITECTURES='alpha arc arm arm64 csky hexagon ia64 loongarch m68k microblaze mips nds32 nios2
	openrisc parisc powerpc riscv s390 sh sparc um xtensa'

# Two at once, as it is decompression that takes the time.
unpack() { # LIST-OF-PACKAGES ROOT
	local each exclude
	set -f
	# shellcheck disable=SC2086 # a pattern a word
	exclude=$(printf ' --exclude=%s' $NOT_UNPACKED)
	for each in $OTHER_ARCHITECTURES; do
		exclude+=" --exclude=./usr/src/*/arch/$each"
	done
	set +f
	# shellcheck disable=SC2016 # the inner shell's
	xargs -r -P 2 -n 1 sh -fc 'dpkg-deb --fsys-tarfile "$2" |
		tar -x --keep-directory-symlink $1 -C "$0"' "$2" "$exclude" <"$1"
}

# An empty root: merged as the newer suites want it and the older ones bear it.
make_root() { # ROOT
	local d
	mkdir -p "$1"/{dev,proc,tmp,usr/{bin,sbin,lib,lib64}}
	for d in bin sbin lib lib64; do
		ln -sfn usr/$d "$1/$d"
	done
	ln -sfn bash "$1/usr/bin/sh"
	ln -sfn mawk "$1/usr/bin/awk"
}
