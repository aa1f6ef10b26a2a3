// SPDX-License-Identifier: GPL-2.0-only
/* The pure parts of the box: where cgroups are, whose a box is, which sizes are refused. */
#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "box/box.h"
#include "box/cgroup.h"
#include "common/file.h"
#include "box/name.h"
#include "box/swap.h"
#include "common/kernel_text.h"

#define MB (1ULL << 20)

Test(name, round_trip)
{
	const struct box_name name = { .pid = 4194304,
				       .start_ticks = UINT64_MAX,
				       .pid_ns = UINT64_MAX - 1 };
	struct box_name back;
	char text[BOX_NAME_SIZE];

	name_format(&name, text);
	cr_assert_str_eq(text, "oom-notify-box-4194304-18446744073709551615-18446744073709551614");
	cr_assert(name_parse(text, &back));
	cr_assert_eq(back.pid, name.pid);
	cr_assert_eq(back.start_ticks, name.start_ticks);
	cr_assert_eq(back.pid_ns, name.pid_ns);
}

Test(name, refused)
{
	static const char *const texts[] = {
		"",
		"oom-notify-box-",
		"oom-notify-box-1",
		"oom-notify-box-1-2",
		"oom-notify-box-1-2-",
		"oom-notify-box-1-2-3-",
		"oom-notify-box-1-2-3-4",
		"oom-notify-box-1-2-3 ",
		"oom-notify-box-1-2-3\n",
		"oom-notify-box--1-2-3",
		"oom-notify-box-0-2-3",
		"oom-notify-box-2147483648-2-3",
		"oom-notify-box-1-18446744073709551616-3",
		"oom-notify-box-x-2-3",
		"oom-notify-BOX-1-2-3",
		"xoom-notify-box-1-2-3",
		"/oom-notify-box-1-2-3",
	};
	char text[512];
	struct box_name name;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		cr_assert_not(name_parse(texts[i], &name), "'%s'", texts[i]);
	(void)snprintf(text, sizeof(text), "oom-notify-box-1-2-%0400d", 3);
	cr_assert_not(name_parse(text, &name));
}

Test(name, stat_line)
{
	uint64_t start;
	char state;

	cr_assert(
		name_parse_stat("7 (a) b) R 1 2) S 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 "
				"222 23 24\n",
				&start, &state));
	cr_assert_eq(state, 'S');
	cr_assert_eq(start, 222);
	cr_assert_not(name_parse_stat("", &start, &state));
	cr_assert_not(name_parse_stat("7 (a)", &start, &state));
	cr_assert_not(name_parse_stat("7 (a) ", &start, &state));
	cr_assert_not(name_parse_stat("7 (a) S 1 2 3", &start, &state));
	cr_assert_not(name_parse_stat("7 (a) S 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 x",
				      &start, &state));
}

Test(name, stale_or_not)
{
	struct box_name self, other;

	cr_assert_eq(name_self(&self), 0);
	cr_assert_not(name_is_stale(&self, &self), "the living");
	other = self;
	other.start_ticks--;
	cr_assert(name_is_stale(&other, &self), "a pid that is somebody else's now");
	other.pid_ns++;
	cr_assert_not(name_is_stale(&other, &self), "of another namespace nothing is known");
}

Test(name, zombie_is_stale)
{
	struct box_name self, other;
	siginfo_t info;
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	cr_assert_gt(pid, 0);
	cr_assert_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	cr_assert_eq(name_self(&self), 0);
	other = self;
	other.pid = pid;
	cr_assert(name_is_stale(&other, &self));
	cr_assert_eq(waitpid(pid, NULL, 0), pid);
	cr_assert(name_is_stale(&other, &self));
}

struct size_case {
	uint64_t limit_mb, use_mb, swap_mb; /* use 0: a command */
	enum box_swap swap;
	enum box_cause cause;
	const char *refused; /* a part of the reason; NULL: taken */
};

/* With 1000 MB to be had. */
Test(sizes, refusals)
{
	static const struct size_case cases[] = {
		{ 64, 192, 256, BOX_SWAP_FILE, BOX_MEMCG, NULL },
		{ 499, 500, 100000, BOX_SWAP_FILE, BOX_MEMCG, NULL },
		{ 499, 501, 256, BOX_SWAP_FILE, BOX_MEMCG,
		  "--use is 501 MB: at most half of the 1000" },
		{ 501, 400, 256, BOX_SWAP_FILE, BOX_MEMCG, "--limit is 501 MB" },
		{ 501, 0, 256, BOX_SWAP_FILE, BOX_MEMCG, "--limit is 501 MB" },
		{ 64, 64, 256, BOX_SWAP_FILE, BOX_MEMCG, "--use is not above --limit" },
		{ 64, 32, 256, BOX_SWAP_NONE, BOX_MEMCG, "--use is not above --limit" },
		/* The OOM killer is what is asked for here. */
		{ 64, 192, 256, BOX_SWAP_NONE, BOX_MEMCG, NULL },
		{ 64, 500, 64, BOX_SWAP_FILE, BOX_MEMCG, NULL },
		/* A file takes no memory, zram does. */
		{ 64, 192, 501, BOX_SWAP_FILE, BOX_MEMCG, NULL },
		{ 64, 192, 501, BOX_SWAP_AUTO, BOX_MEMCG, NULL },
		{ 64, 192, 501, BOX_SWAP_NONE, BOX_MEMCG, NULL },
		{ 64, 192, 500, BOX_SWAP_ZRAM, BOX_MEMCG, NULL },
		{ 64, 192, 501, BOX_SWAP_ZRAM, BOX_MEMCG, "--swap-size, in memory" },
		{ 250, 0, 250, BOX_SWAP_ZRAM, BOX_MEMCG, NULL },
		{ 251, 0, 250, BOX_SWAP_ZRAM, BOX_MEMCG, "--limit plus --swap-size" },
		/* The limit is no matter when it is asked for. */
		{ 64, 32, 256, BOX_SWAP_FILE, BOX_PROACTIVE, NULL },
		{ 64, 32, 256, BOX_SWAP_NONE, BOX_PROACTIVE, "nowhere to page out" },
		{ 64, 0, 256, BOX_SWAP_NONE, BOX_PROACTIVE, NULL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct size_case *c = &cases[i];
		const struct box_opts opts = {
			.limit_bytes = c->limit_mb * MB,
			.use_bytes = c->use_mb * MB,
			.swap_bytes = c->swap_mb * MB,
			.swap = c->swap,
			.cause = c->cause,
		};
		struct failure why = { "" };
		int err = box_check_sizes(&opts, 1000 * MB, &why);

		cr_assert_eq(err, c->refused ? -ERANGE : 0, "case %zu: %d %s", i, err, why.text);
		if (c->refused)
			cr_assert_not_null(strstr(why.text, c->refused), "case %zu: %s", i,
					   why.text);
	}
}

Test(sizes, nothing_known_refuses_all)
{
	const struct box_opts opts = { .limit_bytes = 4 * MB, .use_bytes = 8 * MB };
	struct failure why = { "" };

	cr_assert_eq(box_check_sizes(&opts, 0, &why), -ENOENT);
	cr_assert_not_null(strstr(why.text, "is /proc mounted?"));
	cr_assert_gt(box_available_bytes(), 0);
}

Test(swap, header)
{
	static char page[65536];
	const size_t page_sizes[] = { 4096, 16384, 65536 };

	for (size_t i = 0; i < 3; i++) {
		size_t size = page_sizes[i];
		uint32_t v[3];

		memset(page, 0xff, sizeof(page));
		swap_header(page, size, 256 * MB, "oom-notify-box-1-2-3");
		memcpy(v, page + 1024, sizeof(v));
		cr_assert_str_eq(page, "oom-notify-box-1-2-3");
		cr_assert_eq(v[0], 1);
		/* The area has one page more than is asked for: this one. */
		cr_assert_eq(v[1], 256 * MB / size);
		cr_assert_eq(v[2], 0);
		cr_assert_str_eq(page + 1024 + 12 + 16, "oom-notify");
		cr_assert_eq(memcmp(page + size - 10, "SWAPSPACE2", 10), 0);
		if (size < sizeof(page))
			cr_assert_eq((unsigned char)page[size], 0xff, "past the page");
	}
}

static void collect(const char *path, void *arg)
{
	char *all = arg;
	size_t len = strlen(all);

	(void)snprintf(all + len, 256 - len, "[%s]", path);
}

Test(swap, proc_swaps)
{
	char text[] = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
		      "/dev/zram0                              partition\t1\t\t0\t\t-2\n"
		      "/a\\040b\\012c                file\t\t262144\t\t0\t\t32767\n"
		      "\n"
		      "/gone\\040(deleted) file 1 2 3";
	FILE *f = fmemopen(text, strlen(text), "r");
	char all[256] = "";

	swap_for_each(f, collect, all);
	fclose(f);
	cr_assert_str_eq(all, "[/dev/zram0][/a b\nc][/gone (deleted)]");
}

Test(swap, zram_numbers)
{
	unsigned int n = 99;

	cr_assert(zram_number("/dev/zram0", &n));
	cr_assert_eq(n, 0);
	cr_assert(zram_number("zram12", &n));
	cr_assert_eq(n, 12);
	cr_assert_not(zram_number("/dev/zram", &n));
	cr_assert_not(zram_number("/dev/zram1p1", &n));
	cr_assert_not(zram_number("/tmp/zram1", &n));
	cr_assert_not(zram_number("zram4294967296", &n));
	cr_assert_eq(n, 12);
}

Test(text, numbers)
{
	static const char events[] = "low 0\nhigh 1\nmax 22\noom 3\noom_kill 4\noom_group_kill 5\n";
	uint64_t v = 99;

	cr_assert(text_number(events, "max", &v) && v == 22);
	cr_assert(text_number(events, "oom", &v) && v == 3);
	cr_assert(text_number(events, "oom_kill", &v) && v == 4);
	cr_assert(text_number("A: 1 kB\nMemAvailable:   123 kB\n", "MemAvailable", &v) && v == 123);
	cr_assert(text_number("18446744073709551615\n", NULL, &v) && v == UINT64_MAX);
	v = 99;
	cr_assert_not(text_number(events, "oom_", &v));
	cr_assert_not(text_number(events, "kill", &v));
	cr_assert_not(text_number("max", "max", &v));
	cr_assert_not(text_number("max ", "max", &v));
	cr_assert_not(text_number("max x", "max", &v));
	cr_assert_not(text_number("", NULL, &v));
	cr_assert_not(text_number("max\n", NULL, &v));
	cr_assert_not(text_number("18446744073709551616", NULL, &v));
	cr_assert_eq(v, 99);
}

Test(text, escapes)
{
	char text[] = "\\040a\\134\\0\\048\\777\\\\x\\";

	text_unescape(text);
	cr_assert_str_eq(text, " a\\\\0\\048\\777\\\\x\\");
}
