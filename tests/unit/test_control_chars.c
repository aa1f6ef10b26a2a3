// SPDX-License-Identifier: GPL-2.0-only
/* What a terminal would obey, in bytes. */
#include <criterion/criterion.h>
#include <string.h>

#include "common/control_chars.h"

Test(control_chars, which)
{
	cr_assert(is_control("\x1b[2J"));
	cr_assert(is_control("\n"));
	cr_assert(is_control("\x7f"));
	cr_assert(is_control("\xc2\x9b"));
	cr_assert_not(is_control(""));
	cr_assert_not(is_control(" "));
	cr_assert_not(is_control("a\n"));
	cr_assert_not(is_control("\xc2\xa0"));
	cr_assert_not(is_control("\xc3\x9b"));
}

Test(control_chars, blanked)
{
	char s[] = "a\x1b[2J \xc2\x9b"
		   "b \xc3\xa4 \xc2";

	blank_controls(s);
	cr_assert_str_eq(s, "a?[2J ??b \xc3\xa4 \xc2");
}
