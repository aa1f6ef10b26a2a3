#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Downloads Debian packages of any suite without installing anything and without touching the
# machine's own apt state: an apt configuration of its own, made from the machine's Debian source
# by changing the suite.
#
#   fetch-deb.sh [-n] DIR SUITE REGEX...
#
# For each extended REGEX (matched against whole package names, amd64) the newest package goes to
# DIR/*.deb and its path is printed; with -n only its name is. The package lists are kept for a day in
# DIR/apt-SUITE. DEBIAN_MIRROR=URI replaces the machine's own source, for machines that are not Debian.
set -euo pipefail

die() { echo "fetch-deb: $*" >&2; exit 1; }

name_only=0
[ "${1-}" != -n ] || { name_only=1; shift; }
[ $# -ge 3 ] || die "usage: fetch-deb.sh [-n] DIR SUITE REGEX..."
mkdir -p "$1"
dir=$(cd "$1" && pwd)
suite=$2
shift 2
apt_dir=$dir/apt-$suite
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# The base URI of the machine's own source, from the same section (main or -security) as the suite.
machine_uri() {
	local plain='[[:lower:]]+$' security='-security$' want
	case $suite in
	*-security) want=$security ;;
	*) want=" $plain" ;;
	esac
	# shellcheck disable=SC2016 # $(...) is apt's own syntax here
	apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Identifier: Packages' 2>/dev/null |
		grep -E -m 1 -- "$want" | cut -d ' ' -f 1
}

write_config() { # URI
	local signed=
	[ ! -e $keyring ] || signed="[signed-by=$keyring] "
	mkdir -p "$apt_dir/lists/partial" "$apt_dir/cache/archives/partial"
	: >"$apt_dir/status"
	echo "deb $signed$1 $suite main" >"$apt_dir/sources.list"
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
	EOF
}

# A suite that left the main archive is looked for in the archive of old suites on the same host.
update_lists() {
	local base uri
	base=${DEBIAN_MIRROR:-$(machine_uri)} || true
	[ -n "$base" ] || die "no Debian source configured here: set DEBIAN_MIRROR"
	base=${base%/}
	for uri in "$base" "${base%/*}/debian-archive/${base##*/}"; do
		write_config "$uri"
		if APT_CONFIG=$apt_dir/apt.conf apt-get -q update >"$apt_dir/update.log" 2>&1; then
			touch "$apt_dir/updated"
			return
		fi
	done
	cat "$apt_dir/update.log" >&2
	die "no package lists for suite $suite"
}

newest() { # REGEX
	APT_CONFIG=$apt_dir/apt.conf apt-cache pkgnames | grep -E -x -- "$1" | sort -V | tail -n 1
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

command -v apt-get >/dev/null || die "needs apt-get (Debian)"
lists_are_fresh || update_lists

cd "$dir"
for regex in "$@"; do
	package=$(newest "$regex") || die "$suite has no package matching $regex"
	if [ $name_only = 1 ]; then
		echo "$package"
	else
		download "$package"
	fi
done
