// SPDX-License-Identifier: GPL-2.0-only
/* The definition: what can still be taken before somebody is killed. */
#include <criterion/criterion.h>

#include "core/headroom.h"

#define MB (1024ULL * 1024)

static const struct headroom_machine no_swap = { .total_bytes = 8192 * MB };
static const struct headroom_machine swap = { .total_bytes = 8192 * MB,
					      .swap_free_bytes = 100 * MB };

/* 256 MB, of which 200 are used. */
static struct headroom_memory limited(void)
{
	return (struct headroom_memory){ .limit_bytes = 256 * MB,
					 .usage_bytes = 200 * MB,
					 .high_bytes = HEADROOM_UNLIMITED,
					 .swap_limit_bytes = HEADROOM_UNLIMITED,
					 .both_limit_bytes = HEADROOM_UNLIMITED };
}

static struct headroom_memory unlimited(void)
{
	struct headroom_memory m = limited();

	m.limit_bytes = HEADROOM_UNLIMITED;
	return m;
}

static void expect(const struct headroom_memory *chain, size_t n,
		   const struct headroom_machine *machine, uint64_t left, uint64_t limit)
{
	const struct headroom h = headroom_of_cgroup(chain, n, machine);

	cr_assert_eq(h.left_bytes, left, "left %lu, not %lu", h.left_bytes, left);
	cr_assert_eq(h.limit_bytes, limit);
}

Test(headroom, limit_less_usage)
{
	struct headroom_memory m = limited();

	expect(&m, 1, &no_swap, 56 * MB, 256 * MB);
	m.droppable_bytes = 60 * MB;
	expect(&m, 1, &no_swap, 116 * MB, 256 * MB);
	m.high_bytes = 100 * MB; /* brakes, does not kill */
	expect(&m, 1, &no_swap, 116 * MB, 256 * MB);
}

/* Its memory comes free without more swap; of a limit of both it counts once, as before. */
Test(headroom, swap_cache)
{
	struct headroom_memory m = limited();

	m.swapcached_bytes = 20 * MB;
	expect(&m, 1, &no_swap, 76 * MB, 256 * MB);
	m.both_limit_bytes = 300 * MB;
	m.both_usage_bytes = 260 * MB;
	expect(&m, 1, &no_swap, 40 * MB, 300 * MB);
}

/* Counters lag, and a limit can be lowered below usage, to nothing. */
Test(headroom, usage_above_the_limit)
{
	struct headroom_memory m = limited();

	m.usage_bytes = 300 * MB;
	expect(&m, 1, &no_swap, 0, 256 * MB);
	m.droppable_bytes = 50 * MB;
	expect(&m, 1, &no_swap, 6 * MB, 256 * MB);
	m.limit_bytes = m.droppable_bytes = 0;
	expect(&m, 1, &no_swap, 0, 0);
}

Test(headroom, no_limit)
{
	const struct headroom_memory m = unlimited();

	expect(&m, 1, &no_swap, HEADROOM_UNLIMITED, HEADROOM_UNLIMITED);
	expect(NULL, 0, &no_swap, HEADROOM_UNLIMITED, HEADROOM_UNLIMITED);
}

Test(headroom, the_least_of_those_above)
{
	struct headroom_memory chain[] = { limited(), unlimited(), limited(), limited() };

	chain[0].limit_bytes = 1024 * MB; /* larger than the outer one */
	chain[2].usage_bytes = 250 * MB;
	chain[3].limit_bytes = 300 * MB;
	chain[3].usage_bytes = 244 * MB;
	expect(chain, 4, &no_swap, 6 * MB, 256 * MB);
	expect(chain, 2, &no_swap, 824 * MB, 1024 * MB);
	chain[2].droppable_bytes = 240 * MB;
	expect(chain, 4, &no_swap, 56 * MB, 300 * MB);
}

/* Where two leave the same, the inner one counts: it reclaims first. */
Test(headroom, the_inner_of_the_same)
{
	struct headroom_memory chain[] = { limited(), limited() };

	chain[1].limit_bytes = 300 * MB;
	chain[1].usage_bytes = 244 * MB;
	expect(chain, 2, &no_swap, 56 * MB, 256 * MB);
	chain[0].both_limit_bytes = 300 * MB;
	chain[0].both_usage_bytes = 244 * MB;
	expect(chain, 2, &no_swap, 56 * MB, 256 * MB);
}

Test(headroom, swap)
{
	struct headroom_memory chain[] = { limited(), limited() };

	chain[1].limit_bytes = HEADROOM_UNLIMITED;
	expect(chain, 2, &swap, 156 * MB, 256 * MB);
	chain[1].swap_limit_bytes = 30 * MB;
	chain[1].swap_usage_bytes = 10 * MB;
	expect(chain, 2, &swap, 76 * MB, 256 * MB);
	chain[0].swap_limit_bytes = 0;
	expect(chain, 2, &swap, 56 * MB, 256 * MB);
	chain[0].swap_limit_bytes = 20 * MB;
	chain[0].swap_usage_bytes = 40 * MB; /* lowered below usage */
	expect(chain, 2, &swap, 56 * MB, 256 * MB);
	chain[0].swap_limit_bytes = chain[1].swap_limit_bytes = HEADROOM_UNLIMITED;
	chain[0].never_swaps = true;
	expect(chain, 2, &swap, 56 * MB, 256 * MB);
}

/* The outer one's limit is its own: what the inner may not swap, others within the outer may. */
Test(headroom, swap_of_the_one_whose_limit_it_is)
{
	struct headroom_memory chain[] = { limited(), limited() };

	chain[0].swap_limit_bytes = 0;
	chain[0].limit_bytes = 1024 * MB;
	expect(chain, 2, &swap, 156 * MB, 256 * MB);
}

Test(headroom, memory_and_swap_together)
{
	struct headroom_memory m = limited();

	m.both_limit_bytes = 260 * MB;
	m.both_usage_bytes = 250 * MB; /* of which 50 are swapped out */
	expect(&m, 1, &swap, 10 * MB, 260 * MB);
	m.droppable_bytes = 20 * MB;
	expect(&m, 1, &swap, 30 * MB, 260 * MB);
	m.both_limit_bytes = 1024 * MB;
	expect(&m, 1, &swap, 176 * MB, 256 * MB);
	m.both_limit_bytes = 0;
	expect(&m, 1, &swap, 0, 0);
	m = unlimited();
	m.both_usage_bytes = 250 * MB;
	expect(&m, 1, &swap, HEADROOM_UNLIMITED, HEADROOM_UNLIMITED);
}

Test(headroom, nothing_overflows)
{
	struct headroom_memory m = limited();
	const struct headroom_machine huge = { .available_bytes = UINT64_MAX,
					       .swap_free_bytes = UINT64_MAX };

	m.limit_bytes = UINT64_MAX - 1;
	m.droppable_bytes = UINT64_MAX;
	m.usage_bytes = 0;
	cr_assert_eq(headroom_of_cgroup(&m, 1, &huge).left_bytes, UINT64_MAX);
	cr_assert_eq(headroom_of_machine(&huge).left_bytes, UINT64_MAX);
}

Test(headroom, machine)
{
	const struct headroom_machine m = { .total_bytes = 1000,
					    .available_bytes = 300,
					    .swap_free_bytes = 20 };
	const struct headroom h = headroom_of_machine(&m);

	cr_assert_eq(h.left_bytes, 320);
	cr_assert_eq(h.limit_bytes, 1000);
}

/* A killer in user space acts before the kernel does: what is below its line is not left. */
Test(headroom, reserve_of_the_machine)
{
	struct headroom_machine m = { .total_bytes = 1000,
				      .available_bytes = 300,
				      .swap_free_bytes = 20,
				      .reserve_bytes = 100 };

	cr_assert_eq(headroom_of_machine(&m).left_bytes, 220);
	cr_assert_eq(headroom_of_machine(&m).limit_bytes, 1000);
	m.reserve_bytes = 321;
	cr_assert_eq(headroom_of_machine(&m).left_bytes, 0);
}
