#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Downloads Debian packages of any suite without installing anything and without touching the
# machine's own apt state: an apt configuration of its own, made from the machine's Debian source
# by changing the suite.
#
#   fetch-deb.sh [-n|-p|-d] DIR SUITE REGEX...
#
# For each extended REGEX (matched against whole package names, amd64) the newest package goes to
# DIR/*.deb and its path is printed; with -d also all that these depend on. With -n only the names are
# printed, with -p what the packages depend on. The package lists are kept for a day in DIR/apt-SUITE.
# A suite that builds on another (trixie-backports, trixie-security) is read together with that one.
# DEBIAN_MIRROR=URI replaces the machine's own source, for machines that are not Debian.
set -euo pipefail

die() { echo "fetch-deb: $*" >&2; exit 1; }

here=$(cd "$(dirname "$0")" && pwd)
what=download
case ${1-} in
-n) what=name ;;
-p) what=dependencies ;;
-d) what=closure ;;
esac
[ $what = download ] || shift
[ $# -ge 3 ] || die "usage: fetch-deb.sh [-n|-p|-d] DIR SUITE REGEX..."
mkdir -p "$1"
dir=$(cd "$1" && pwd)
suite=$2
shift 2
apt_dir=$dir/apt-$suite
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# Of the archive that suites are moved to when they leave the main one, on the same host.
archived() { echo "${1%/*}/debian-archive/${1##*/}"; } # URI

write_sources() { # FILTER
	local each uri signed=
	[ ! -e $keyring ] || signed="[signed-by=$keyring] "
	for each in $(printf '%s\n' "$suite" "${suite%-*}" | uniq); do
		uri=$("$here/../scripts/debian-source.sh" "$each") || exit
		echo "deb $signed$("$1" "${uri%/}") $each main"
	done >"$apt_dir/sources.list"
}

write_config() {
	mkdir -p "$apt_dir/lists/partial" "$apt_dir/cache" "$dir/partial"
	: >"$apt_dir/status"
	cat >"$apt_dir/apt.conf" <<-EOF
		APT::Architecture "amd64";
		APT::Architectures { "amd64"; };
		APT::Sandbox::User "root";
		APT::Update::Error-Mode "any";
		Acquire::Languages "none";
		Acquire::Retries "3";
		Dir::Etc::SourceList "$apt_dir/sources.list";
		Dir::Etc::SourceParts "/dev/null";
		Dir::State::Lists "$apt_dir/lists";
		Dir::State::Status "$apt_dir/status";
		Dir::Cache "$apt_dir/cache";
		Dir::Cache::Archives "$dir";
	EOF
}

update_lists() {
	local where
	for where in echo archived; do
		write_sources $where
		if APT_CONFIG=$apt_dir/apt.conf apt-get -q update >"$apt_dir/update.log" 2>&1; then
			touch "$apt_dir/updated"
			return
		fi
	done
	cat "$apt_dir/update.log" >&2
	die "no package lists for suite $suite"
}

newest() { # REGEX
	grep -E -x -- "$1" <<<"$names" | sort -V | tail -n 1
}

lists_are_fresh() { [ -n "$(find "$apt_dir" -maxdepth 1 -name updated -mtime -1 2>/dev/null)" ]; }

download() { # PACKAGE
	local version deb
	version=$(APT_CONFIG=$apt_dir/apt.conf apt-cache show --no-all-versions "$1" |
		sed -n 's/^Version: //p')
	deb=$1_${version//:/%3a}
	if ! compgen -G "${deb}_*.deb" >/dev/null; then
		APT_CONFIG=$apt_dir/apt.conf apt-get -q download "$1=$version" >"$apt_dir/download.log" 2>&1 ||
			{ cat "$apt_dir/download.log" >&2; die "download of $1 failed"; }
	fi
	compgen -G "$dir/${deb}_*.deb" || die "$1 was downloaded under an unknown name"
}

name() { echo "$1"; } # PACKAGE

dependencies() { # PACKAGE
	APT_CONFIG=$apt_dir/apt.conf apt-cache show --no-all-versions "$1" | sed -n 's/^Depends: //p'
}

# As if nothing were installed: the status file is empty. apt lists a package to be fetched as
# 'URI' FILE SIZE HASH, but for those that are there already: so it is asked for those of an empty folder.
closure() { # PACKAGE...
	local get=(apt-get -q -y --no-install-recommends) files
	export APT_CONFIG=$apt_dir/apt.conf
	if ! files=$("${get[@]}" -o Dir::Cache::Archives="$apt_dir" --print-uris install "$@" 2>"$apt_dir/download.log") ||
		! "${get[@]}" --download-only install "$@" >>"$apt_dir/download.log" 2>&1; then
		cat "$apt_dir/download.log" >&2
		die "download of $* with what it depends on failed"
	fi
	sed -n "s#^'[^']*' \([^ ]*\) .*#$dir/\1#p" <<<"$files"
}

command -v apt-get >/dev/null || die "needs apt-get (Debian)"
write_config
lists_are_fresh || update_lists

cd "$dir"
names=$(APT_CONFIG=$apt_dir/apt.conf apt-cache pkgnames)
packages=()
for regex in "$@"; do
	packages+=("$(newest "$regex")") || die "$suite has no package matching $regex"
done
case $what in
closure) closure "${packages[@]}" ;;
*) for package in "${packages[@]}"; do $what "$package"; done ;;
esac
