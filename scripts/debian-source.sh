#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Prints the base URI of this machine's own source of Debian packages for a suite, which need not be the
# machine's: debian-source.sh SUITE. Of the same section, main or -security, as the suite is.
# DEBIAN_MIRROR=URI is printed instead, for machines that are not Debian.
set -uo pipefail

suite=$1
if [ -n "${DEBIAN_MIRROR-}" ]; then
	echo "$DEBIAN_MIRROR"
	exit
fi
case $suite in
*-security) want='[a-z]+-security' ;;
*) want='[a-z]+' ;;
esac
# What apt would fetch to update its lists, so that none are needed.
apt-get update --print-uris 2>/dev/null |
	sed -nE "s#^'(.*debian.*)/dists/$want/InRelease' .*#\1#p" | head -n 1 | grep . && exit
echo "no source of Debian packages is configured here: set DEBIAN_MIRROR" >&2
exit 1
