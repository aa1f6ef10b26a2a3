// SPDX-License-Identifier: GPL-2.0-only
/* The parsers of small kernel files, on what kernels write and on what they never would. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/system.h"

Test(system, lockdown)
{
	cr_expect_eq(parse_lockdown("[none] integrity confidentiality"), LOCKDOWN_NONE);
	cr_expect_eq(parse_lockdown("none [integrity] confidentiality"), LOCKDOWN_INTEGRITY);
	cr_expect_eq(parse_lockdown("none integrity [confidentiality]"), LOCKDOWN_CONFIDENTIALITY);
	cr_expect_eq(parse_lockdown("none integrity confidentiality"), -EINVAL);
	cr_expect_eq(parse_lockdown("[no"), -EINVAL);
	cr_expect_eq(parse_lockdown(""), -EINVAL);
}

Test(system, uid_map)
{
	cr_expect_eq(parse_uid_map("         0          0 4294967295"), 0);
	cr_expect_eq(parse_uid_map("         0          0 4294967295\n"), 0);
	cr_expect_eq(parse_uid_map("         0       1000          1"), 1);
	cr_expect_eq(parse_uid_map("         0     100000      65536"), 1);
	cr_expect_eq(parse_uid_map("      1000       1000 4294966295"), 1);
	cr_expect_eq(parse_uid_map("0 0 1000\n1000 1000 4294966295"), 1);
	cr_expect_eq(parse_uid_map(""), 1);
	cr_expect_eq(parse_uid_map("0 0"), -EINVAL);
	cr_expect_eq(parse_uid_map("a b c"), -EINVAL);
	cr_expect_eq(parse_uid_map("0 0 99999999999999999999999"), -EINVAL);
	cr_expect_eq(parse_uid_map("0 0 -1"), -EINVAL);
}

Test(system, read_text_cuts)
{
	char buf[5];

	cr_expect_eq(read_text("/nonexistent", "/proc/version", buf, sizeof(buf)), -ENOENT);
	cr_expect_eq(read_text("", "/proc", buf, sizeof(buf)), -EISDIR);
	cr_assert_eq(read_text("", "/proc/version", buf, sizeof(buf)), 0);
	cr_expect_str_eq(buf, "Linu");
}

Test(system, path_too_long)
{
	char path[8192];
	char buf[8];

	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	cr_expect_eq(read_text("", path, buf, sizeof(buf)), -ENAMETOOLONG);
}

Test(system, swaps_line_without_end)
{
	char text[16384];
	struct swap_areas s;
	FILE *f;

	memset(text, 'x', sizeof(text));
	text[snprintf(text, sizeof(text), "Filename\n")] = 'x';
	f = fmemopen(text, sizeof(text), "r");
	cr_assert_not_null(f);
	cr_expect_eq(parse_swaps(f, &s), -EINVAL);
	fclose(f); /* NOLINT(cert-err33-c): only read */
}
