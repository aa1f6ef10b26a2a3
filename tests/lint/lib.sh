# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# For the lint scripts: they start in the project's folder, and report() is how they complain.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

complaints=0

report() {
	echo "$*"
	complaints=$((complaints + 1))
}

# To be the last call. A lint that looked at nothing has not passed: say how many things it saw.
finish() {
	[ "$1" -gt 0 ] || report "nothing to look at"
	[ "$complaints" -eq 0 ]
}

# Every script there is, by its first line or its name.
shell_scripts() {
	find .ci bpf kernel man scripts tests user vmlinux -type f 2>/dev/null | sort |
		while IFS= read -r f; do
			case $f in
			*.sh) echo "$f" ;;
			*.*) ;;
			*) ! head -c 64 "$f" | head -n 1 | grep -aqE '^#!.*\b(ba|da)?sh\b' || echo "$f" ;;
			esac
		done
}
