// SPDX-License-Identifier: GPL-2.0-only
/*
 * The load averages that a run keeps: the digits that are printed, whatever the kernel's fraction
 * is.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "core/machine.h"

static double given[3];
static int nr_given;

/*
 * Stands before the C library's: the machine's own load may be 0, which is the same with any
 * rounding.
 */
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): reserved */
int getloadavg(double load[], int n)
{
	for (int i = 0; i < n; i++)
		load[i] = given[i];
	return nr_given;
}

static void give(double one, double five, double fifteen)
{
	given[0] = one;
	given[1] = five;
	given[2] = fifteen;
	nr_given = 3;
}

/* The kernel counts in 2048ths: 97 of them are 0.04736328125. */
Test(machine, load_is_in_hundredths)
{
	double load[3];

	give(97 / 2048.0, 880 / 2048.0, 3 + 2046 / 2048.0);
	machine_load(load);
	cr_assert_eq(load[0], 0.05);
	cr_assert_eq(load[1], 0.43);
	cr_assert_eq(load[2], 4.0);
}

Test(machine, load_of_hundredths_stays)
{
	double load[3], again[3];

	give(0, 0.29, 128.57);
	machine_load(load);
	cr_assert_eq(load[0], 0);
	cr_assert_eq(load[1], 0.29);
	cr_assert_eq(load[2], 128.57);
	give(load[0], load[1], load[2]);
	machine_load(again);
	for (int i = 0; i < 3; i++)
		cr_assert_eq(again[i], load[i]);
}

/*
 * Where only some are known, none of them is: the rest of the array would be left over from before.
 */
Test(machine, load_that_cannot_be_read_is_none)
{
	double load[3] = { 7, 7, 7 };

	give(1, 2, 3);
	nr_given = -1;
	machine_load(load);
	for (int i = 0; i < 3; i++)
		cr_assert_eq(load[i], 0);
	nr_given = 2;
	machine_load(load);
	for (int i = 0; i < 3; i++)
		cr_assert_eq(load[i], 0);
}
