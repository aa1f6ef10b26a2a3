// SPDX-License-Identifier: GPL-2.0-only
#include "run_result.h"

const char *const result_states[] = { "ran", "absent", "broke" };
