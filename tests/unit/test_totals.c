// SPDX-License-Identifier: GPL-2.0-only
/* The look at the mapped gates that spares a CPU the flush. */
#include <criterion/criterion.h>

#include "core/totals.h"

#define NOW_NS 1000000

static struct oomn_cpu cpu;

static void wait_in(int i, uint64_t sent_ns)
{
	cpu.waiting_gates |= 1ULL << i;
	cpu.gate[i].sent_ns = sent_ns;
}

Test(totals, nothing_waits)
{
	cpu.gate[0].sent_ns = 1; /* long ago, and empty */
	cr_expect_not(totals_due(&cpu, NOW_NS, 0));
	cr_expect_not(totals_due(&cpu, NOW_NS, 500));
}

Test(totals, due_when_it_has_waited)
{
	wait_in(0, NOW_NS - 499);
	cr_expect_not(totals_due(&cpu, NOW_NS, 500));
	wait_in(63, NOW_NS - 500);
	cr_expect(totals_due(&cpu, NOW_NS, 500));
	cr_expect(totals_due(&cpu, NOW_NS, 0));
	cpu.waiting_gates = 1;
	cr_expect_not(totals_due(&cpu, NOW_NS, 500));
}

/* It may send just after we looked at the clock: then it has not waited. */
Test(totals, sent_after_the_look)
{
	wait_in(5, NOW_NS + 1);
	cr_expect_not(totals_due(&cpu, NOW_NS, 500));
	cr_expect_not(totals_due(&cpu, NOW_NS, 0));
}
