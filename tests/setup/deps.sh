#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# scripts/deps.sh on machines that lack something: one line that says what to do, whatever apt says; and
# it installs what is missing and nothing else.
. "$(dirname "$0")/lib.sh"

export OUTPUT=$tmp/out WORLD=$tmp/world
mkdir "$WORLD"
fake id <<<'echo "${FAKE_UID:-0}"'
# Installed is what a line of the world's list names, and what apt was last asked for.
fake dpkg-query <<'EOF'
for p; do ! grep -qx "$p" "$WORLD/installed" || echo "installed $p"; done
EOF
fake apt-get <<'EOF'
echo "$*" >>"$WORLD/calls"
case " $* " in
*' --print-uris '*) cat "$WORLD/sources" ;;
*' update '*) cat "$WORLD/update" >&2; [ ! -s "$WORLD/update" ] || exit 100 ;;
*' --assume-no '*)
	cat "$WORLD/plan"
	exit 1 ;;
*' --download-only '*)
	[ ! -e "$WORLD/hang" ] || { echo $$ >"$WORLD/pid"; exec sleep 1000; }
	cat "$WORLD/download" >&2; [ ! -s "$WORLD/download" ] || exit 100 ;;
*' install '*)
	echo 'dlstatus:1:50.0:Retrieving' >&3
	echo 'pmstatus:gcc:100.0:Installed gcc' >&3
	for p; do case $p in -* | *::* | *=* | install) ;; *) echo "$p" >>"$WORLD/installed" ;; esac; done ;;
esac
EOF

PLAN='The following NEW packages will be installed:
  clang gcc
0 upgraded, 2 newly installed, 0 to remove and 0 not upgraded.
Need to get 117 MB of archives.
After this operation, 525 MB of additional disk space will be used.
Abort.'

world() { # what apt says of: update, plan, download
	: >"$WORLD/installed"
	: >"$WORLD/calls"
	echo "'http://mirror.example/debian/dists/trixie/InRelease' x 0" >"$WORLD/sources"
	printf '%s' "${1-}" >"$WORLD/update"
	printf '%s\n' "${2-$PLAN}" >"$WORLD/plan"
	printf '%s' "${3-}" >"$WORLD/download"
}

deps() { said=$(scripts/deps.sh "$@" 2>&1 </dev/null); }

# The last line is the only one of the failure; before it stand at most those of what was being done.
refuses() { # WHAT REGEX [GROUP]
	local lines
	deps "${3:-build}" && fail "$1: exit code 0"
	lines=$(grep -v '^packages: ' <<<"$said")
	one_line "$1" "$2" "$lines"
}

world
deps build || fail "a good world: exit code $?: $said"
expect "a good world" '^packages: 2 packages, 117 MB to download, 525 MB on disk$' "$said"
expect "a good world" '^packages: done' "$said"
[ "$(sort "$WORLD/installed")" = "$(scripts/deps.sh -n build | sort)" ] || fail "asked for $(paste -sd ' ' "$WORLD/installed")"
: >"$WORLD/calls"
deps build || fail "nothing to do: exit code $?"
[ -z "$said$(cat "$WORLD/calls")" ] || fail "nothing to do: $said, $(cat "$WORLD/calls")"
for group in clang-tidy qemu-system-x86 mmdebstrap; do
	! scripts/deps.sh -n build | grep -qx $group || fail "the build wants $group"
done

world
FAKE_UID=1000 refuses "no root" '^deps: missing packages; as root, or with sudo: apt-get install .*clang'
world
: >"$WORLD/sources"
refuses "empty sources" '^deps: apt has no package sources: put your mirror into /etc/apt/sources.list.d'

gone='E: Unable to locate package gcc
E: Unable to locate package clang'
world "Err:1 http://mirror.example/debian trixie InRelease
  Temporary failure resolving 'mirror.example'
E: Failed to fetch http://mirror.example/debian/dists/trixie/InRelease  Temporary failure resolving 'mirror.example'
E: Some index files failed to download. They have been ignored, or old ones used instead." "$gone"
refuses "no network" "no network: the mirror's name mirror.example is not found: connect"
world "Err:1 http://mirror.example/debian trixie InRelease
  Could not connect to mirror.example:80 (192.0.2.1), connection timed out
E: Failed to fetch http://mirror.example/debian/dists/trixie/InRelease" "$gone"
refuses "a mirror that is not there" 'the package mirror mirror.example cannot be reached: connect'
world "" "$gone"
refuses "sources without them" 'apt knows no package clang gcc: the sources in /etc/apt must be'
world "" "$PLAN" "E: Failed to fetch http://mirror.example/debian/pool/x.deb  Unable to connect to mirror.example:http:
E: Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?"
refuses "a mirror that goes away" 'the package mirror mirror.example cannot be reached'
world "" "$PLAN" "E: You don't have enough free space in /var/cache/apt/archives/."
refuses "a full disk" 'the disk is full'
world "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 7 (apt-get)" "$PLAN" \
	"E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 7 (unattended-upgr)"
refuses "another apt" 'another apt or dpkg is at work: wait'
world "" "E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem."
refuses "an interrupted dpkg" "run 'dpkg --configure -a'"
world "" "E: Something new
E: and more of it"
refuses "what nobody foresaw" '^deps: apt-get failed: Something new \(all of it in .*/deps.log\)$'

# ^C in a download: apt is ended, nothing is installed.
world
mkfifo "$WORLD/hang" "$WORLD/pid"
scripts/deps.sh build >/dev/null 2>&1 </dev/null &
deps=$!
read -r apt <"$WORLD/pid"
kill -TERM $deps
wait $deps
status=$?
[ $status -eq 130 ] || fail "interrupted: exit code $status"
! kill -0 "$apt" 2>/dev/null || fail "interrupted: apt-get goes on"
[ ! -s "$WORLD/installed" ] || fail "interrupted: installed $(cat "$WORLD/installed")"
finish
