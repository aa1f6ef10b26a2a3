// SPDX-License-Identifier: GPL-2.0-only
/* Each of several who tell of losses tells all of them, once. */
#include <criterion/criterion.h>

#include "core/loss.h"

Test(loss, each_is_told_once)
{
	struct loss first = { 0 }, second = { 0 }, sum = { 0 }, total = { .ring_hits = 3 }, more;

	more = loss_since(&first, &total);
	cr_assert_eq(more.ring_hits, 3);
	loss_add(&sum, &more);
	more = loss_since(&first, &total);
	cr_assert(loss_is_none(&more));
	total.ring_hits = 5;
	total.unwatched = 1;
	more = loss_since(&first, &total);
	cr_assert_eq(more.ring_hits, 2);
	cr_assert_eq(more.unwatched, 1);
	loss_add(&sum, &more);
	more = loss_since(&second, &total);
	cr_assert_eq(more.ring_hits, 5, "the other was told nothing yet");
	cr_assert_eq(sum.ring_hits, 5);
	cr_assert_eq(sum.unwatched, 1);
}

/* Cgroups that are not watched may become fewer: only more than ever are a loss. */
Test(loss, steps_back)
{
	struct loss known = { .unwatched = 4, .row_hits = 1 }, total = { .unwatched = 2 }, more;

	more = loss_since(&known, &total);
	cr_assert(loss_is_none(&more));
	total.unwatched = 5;
	more = loss_since(&known, &total);
	cr_assert_eq(more.unwatched, 1);
	cr_assert_eq(more.row_hits, 0);
}
