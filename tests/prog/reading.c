// SPDX-License-Identifier: GPL-2.0-only
/* Figures that are read while their CPU goes on counting. */
#include <pthread.h>
#include "common/clock.h"
#include "libcheck.h"
#include "librig.h"
#include "record.h"
#include "tables.h"

#define TURNS 20000

static void *hit_all_the_time(void *arg)
{
	struct rig *r = arg;

	for (int i = 0; i < TURNS; i++)
		run_on(r, rig_cpu(0), "drive_swap_out", 0, 2, 1);
	return NULL;
}

/* They never go back, nothing waits that was not counted, and no page is counted twice. */
static void read_while_counting(void)
{
	struct rig *r = rig_open(&(struct rig_opts){ .slots = true, .gap_ns = 4 * NS_PER_MS });
	struct stats s;
	uint64_t last = 0;
	pthread_t thread;

	EXPECT_EQ(pthread_create(&thread, NULL, hit_all_the_time, r), 0);
	while (last < TURNS) {
		s = (struct stats){ 0 };
		for (uint32_t i = 0; i < r->nr_cpus; i++)
			stats_add_cpu(&s, &r->cpus[i]);
		EXPECT_GE(s.kind[OOMN_SWAP_OUT].hits, last);
		EXPECT_LE(s.kind[OOMN_SWAP_OUT].waiting, s.kind[OOMN_SWAP_OUT].hits);
		last = s.kind[OOMN_SWAP_OUT].hits;
		rig_read(r);
	}
	EXPECT_EQ(pthread_join(thread, NULL), 0);
	EXPECT_EQ(rig_count(r, OOMN_SWAP_OUT).pages, 2 * TURNS);
	rig_pin(rig_cpu(0));
	rig_flush_all(r);
	rig_read(r);
	EXPECT_EQ(r->told.kind[OOMN_SWAP_OUT].told, TURNS);
	EXPECT_EQ(r->told.kind[OOMN_SWAP_OUT].pages_told, 2 * TURNS);
	rig_close(r);
}

int main(void)
{
	static const struct check checks[] = {
		{ "read_while_counting", read_while_counting },
	};

	return CHECK_ALL(checks);
}
