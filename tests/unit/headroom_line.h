/* SPDX-License-Identifier: GPL-2.0-only */
/* One line of looks at a limit of 256 MB, for the tests of headroom_line.h. */
#ifndef TEST_HEADROOM_LINE_H
#define TEST_HEADROOM_LINE_H

#include <criterion/criterion.h>
#include <string.h>

#include "common/clock.h"
#include "core/headroom_line.h"

#define MB    (1024ULL * 1024)
#define LIMIT (256 * MB)
#define T0    (1000 * NS_PER_S)

static const struct headroom_opts *const opts = &headroom_opts_default;
static struct headroom_line line;
static struct headroom_verdict v;
static uint64_t now;

static void start(void)
{
	memset(&line, 0, sizeof(line));
	now = T0;
}

static void look_at(uint64_t left_bytes, uint64_t limit_bytes)
{
	const struct headroom h = { .left_bytes = left_bytes, .limit_bytes = limit_bytes };

	headroom_judge(&line, opts, &h, now, &v);
}

static void expect(enum level level, bool falls, bool recovers)
{
	cr_assert_eq(v.level, level, "level %d, not %d", v.level, level);
	cr_assert_eq(v.falls, falls, "falls %d", v.falls);
	cr_assert_eq(v.recovers, recovers, "recovers %d", v.recovers);
}

#endif
