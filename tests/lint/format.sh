#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The C sources look as .clang-format says; `make format` makes them so.
. "$(dirname "$0")/lib.sh"

mapfile -t files < <(scripts/c-files.sh)
"${CLANG_FORMAT:-clang-format}" --dry-run -Werror "${files[@]}" || report "run 'make format'"
finish "${#files[@]}"
