#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every script, checked by shellcheck.
. "$(dirname "$0")/lib.sh"

mapfile -t files < <(shell_scripts)
shellcheck -x -P SCRIPTDIR "${files[@]}" || report "see above"
finish "${#files[@]}"
