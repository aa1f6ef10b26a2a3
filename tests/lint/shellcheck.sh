#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every script, checked by shellcheck.
. "$(dirname "$0")/lib.sh"

mapfile -t files < <(shell_scripts)
# SC2016: jq and awk programs stand in single quotes, dollar signs and all.
shellcheck -e SC2016 -x -P SCRIPTDIR "${files[@]}" || report "see above"
finish "${#files[@]}"
