// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's files, whole, cut off, gone, and not theirs. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/headroom_read.h"

static char dir[] = "/tmp/oom-notify-read-XXXXXX";
static int dir_fd;
static struct headroom_memory m;

static void put(const char *name, const char *text)
{
	int fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	cr_assert_geq(fd, 0);
	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static void start(void)
{
	cr_assert_not_null(mkdtemp(dir));
	dir_fd = open(dir, O_PATH | O_DIRECTORY);
	cr_assert_geq(dir_fd, 0);
	memset(&m, 0x55, sizeof(m));
}

static void end(void)
{
	DIR *d = opendir(dir);
	const struct dirent *e;

	cr_assert_not_null(d);
	while ((e = readdir(d)))
		if (unlinkat(dir_fd, e->d_name, 0))
			(void)unlinkat(dir_fd, e->d_name, AT_REMOVEDIR);
	closedir(d);
	cr_assert_eq(rmdir(dir), 0);
}

TestSuite(headroom_read, .init = start, .fini = end);

static int read_all(int version)
{
	return headroom_read_cgroup(dir_fd, version, &m) ?:
		       headroom_read_droppable(dir_fd, version, &m);
}

static void put_v1(void)
{
	put("memory.usage_in_bytes", "4096000\n");
	put("memory.limit_in_bytes", "8192000\n");
	put("memory.swappiness", "60\n");
	put("memory.memsw.limit_in_bytes", "9192000\n");
	put("memory.memsw.usage_in_bytes", "5096000\n");
	/* Its own, and with those below. */
	put("memory.stat", "cache 1\ninactive_file 1\nactive_file 1\ndirty 1\n"
			   "total_dirty 100\ntotal_writeback 20\ntotal_inactive_file 3000\n"
			   "total_active_file 4000\ntotal_unevictable 9\n");
}

static void put_v2(void)
{
	put("memory.current", "4096000\n");
	put("memory.max", "8192000\n");
	put("memory.high", "7000000\n");
	put("memory.swap.max", "1000\n");
	put("memory.swap.current", "10\n");
	/* A name that another one begins with is not that other. */
	put("memory.stat", "inactive_file_x 1\nanon 5\nfile 8000\nfile_mapped 7\nfile_dirty 100\n"
			   "file_writeback 20\ninactive_file 3000\nactive_file 4000\n");
}

/* Only since 5.12: a page that is in swap and in memory takes none of the swap that is left. */
static void swapcached(int version, const char *line)
{
	char text[256];

	snprintf(text, sizeof(text),
		 "inactive_file 3000\nactive_file 4000\ntotal_inactive_file 3000\n"
		 "total_active_file 4000\n%s",
		 line);
	put("memory.stat", text);
	cr_assert_eq(read_all(version), 0);
}

Test(headroom_read, swapcached)
{
	put_v1();
	swapcached(1, "swapcached 1\ntotal_swapcached 512\n");
	cr_assert_eq(m.swapcached_bytes, 512);
	swapcached(1, "");
	cr_assert_eq(m.swapcached_bytes, 0);
	put_v2();
	swapcached(2, "swapcached 256\n");
	cr_assert_eq(m.swapcached_bytes, 256);
	cr_assert_eq(m.droppable_bytes, 7000);
}

Test(headroom_read, v1)
{
	put_v1();
	cr_assert_eq(read_all(1), 0);
	cr_assert_eq(m.usage_bytes, 4096000);
	cr_assert_eq(m.limit_bytes, 8192000);
	cr_assert_eq(m.both_limit_bytes, 9192000);
	cr_assert_eq(m.both_usage_bytes, 5096000);
	cr_assert_eq(m.droppable_bytes, 7000);
	cr_assert_eq(m.high_bytes, HEADROOM_UNLIMITED);
	cr_assert_eq(m.swap_limit_bytes, HEADROOM_UNLIMITED);
	cr_assert_not(m.never_swaps);
	put("memory.swappiness", "0\n");
	cr_assert_eq(headroom_read_cgroup(dir_fd, 1, &m), 0);
	cr_assert(m.never_swaps);
}

/* Without swap accounting, and without a limit as version 1 writes it. */
Test(headroom_read, v1_without)
{
	put_v1();
	put("memory.limit_in_bytes", "9223372036854771712\n");
	cr_assert_eq(unlinkat(dir_fd, "memory.memsw.limit_in_bytes", 0), 0);
	cr_assert_eq(unlinkat(dir_fd, "memory.memsw.usage_in_bytes", 0), 0);
	cr_assert_eq(read_all(1), 0);
	cr_assert_eq(m.limit_bytes, HEADROOM_UNLIMITED);
	cr_assert_eq(m.both_limit_bytes, HEADROOM_UNLIMITED);
	cr_assert_eq(m.both_usage_bytes, 0);
}

Test(headroom_read, v2)
{
	put_v2();
	cr_assert_eq(read_all(2), 0);
	cr_assert_eq(m.usage_bytes, 4096000);
	cr_assert_eq(m.limit_bytes, 8192000);
	cr_assert_eq(m.high_bytes, 7000000);
	cr_assert_eq(m.swap_limit_bytes, 1000);
	cr_assert_eq(m.swap_usage_bytes, 10);
	cr_assert_eq(m.droppable_bytes, 7000);
	cr_assert_eq(m.both_limit_bytes, HEADROOM_UNLIMITED);
	cr_assert_not(m.never_swaps);
}

Test(headroom_read, v2_without)
{
	put_v2();
	put("memory.max", "max\n");
	put("memory.high", "max\n");
	cr_assert_eq(unlinkat(dir_fd, "memory.swap.max", 0), 0);
	cr_assert_eq(unlinkat(dir_fd, "memory.swap.current", 0), 0);
	m.droppable_bytes = 77;
	cr_assert_eq(headroom_read_cgroup(dir_fd, 2, &m), 0);
	cr_assert_eq(m.limit_bytes, HEADROOM_UNLIMITED);
	cr_assert_eq(m.high_bytes, HEADROOM_UNLIMITED);
	cr_assert_eq(m.swap_limit_bytes, HEADROOM_UNLIMITED);
	cr_assert_eq(m.droppable_bytes, 77, "memory.stat was not asked for");
}

Test(headroom_read, gone)
{
	cr_assert_eq(read_all(1), -ENOENT);
	cr_assert_eq(read_all(2), -ENOENT);
	put_v2();
	cr_assert_eq(unlinkat(dir_fd, "memory.stat", 0), 0);
	cr_assert_eq(read_all(2), -ENOENT);
	cr_assert_eq(headroom_read_cgroup(dir_fd, 2, &m), 0);
}

Test(headroom_read, garbage)
{
	static const char *const bad[] = { "",	      "\n",	 "-1\n",
					   "0x10\n",  "12 13\n", "max1\n",
					   "\x01\n",  " 1\n",	 "12\n13\n",
					   "8192000", "max",	 "99999999999999999999999\n" };
	static const char *const bad_stat[] = {
		"",
		"inactive_file 3000\n",
		"inactive_file 3000\nactive_file",
		"inactive_file 3000\nactive_file 2",
		"inactive_file 3000\nactive_file -3\n",
		"inactive_file 30x0\nactive_file 4000\n",
		"xinactive_file 3000\nactive_file 4000\n",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		put_v2();
		put("memory.max", bad[i]);
		cr_assert_eq(read_all(2), -EBADMSG, "'%s'", bad[i]);
	}
	put_v2();
	for (size_t i = 0; i < sizeof(bad_stat) / sizeof(bad_stat[0]); i++) {
		put("memory.stat", bad_stat[i]);
		cr_assert_eq(read_all(2), -EBADMSG, "'%s'", bad_stat[i]);
	}
}

/* A text that is longer than there is room for is not taken for its beginning. */
Test(headroom_read, too_long)
{
	char text[10000];

	put_v2();
	memset(text, '0', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	put("memory.max", text);
	cr_assert_eq(read_all(2), -EBADMSG);
	put_v2();
	memset(text, 'x', sizeof(text) - 1);
	put("memory.stat", text);
	cr_assert_eq(read_all(2), -EBADMSG);
}

/* The controller's files are there, and cannot be read. */
Test(headroom_read, unreadable)
{
	put_v2();
	cr_assert_eq(unlinkat(dir_fd, "memory.stat", 0), 0);
	cr_assert_eq(mkdirat(dir_fd, "memory.stat", 0700), 0);
	cr_assert_eq(read_all(2), -EISDIR);
}

/* Of version 1 as well each file that must be there is missed, and nothing else. */
Test(headroom_read, v1_files_that_lack)
{
	static const char *const needed[] = { "memory.usage_in_bytes", "memory.limit_in_bytes",
					      "memory.swappiness", "memory.stat" };

	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		put_v1();
		cr_assert_eq(unlinkat(dir_fd, needed[i], 0), 0);
		cr_assert_eq(read_all(1), -ENOENT, "%s", needed[i]);
		put_v1();
		put(needed[i], "?\n");
		cr_assert_eq(read_all(1), -EBADMSG, "%s", needed[i]);
	}
}

Test(headroom_read, machine)
{
	struct headroom_machine machine;
	char meminfo[64], swappiness[64];

	put("meminfo", "MemTotal:       24000000 kB\nMemFree:         1 kB\n"
		       "MemAvailable:   20000000 kB\nSwapTotal: 5 kB\nSwapFree:   4 kB\n");
	put("swappiness", "60\n");
	(void)snprintf(meminfo, sizeof(meminfo), "%s/meminfo", dir);
	(void)snprintf(swappiness, sizeof(swappiness), "%s/swappiness", dir);
	cr_assert_eq(headroom_read_machine(meminfo, swappiness, &machine), 0);
	cr_assert_eq(machine.total_bytes, 24000000ULL << 10);
	cr_assert_eq(machine.available_bytes, 20000000ULL << 10);
	cr_assert_eq(machine.swap_free_bytes, 4 << 10);
	cr_assert_not(machine.never_swaps);
	put("swappiness", "0\n");
	cr_assert_eq(headroom_read_machine(meminfo, swappiness, &machine), 0);
	cr_assert(machine.never_swaps);
	put("meminfo", "MemTotal:       24000000 kB\n");
	cr_assert_eq(headroom_read_machine(meminfo, swappiness, &machine), -EBADMSG);
	put("meminfo", "MemTotal: 1 kB\nMemAvailable: 18014398509481985 kB\nSwapFree: 1 kB\n");
	cr_assert_eq(headroom_read_machine(meminfo, swappiness, &machine), -EBADMSG);
	put("meminfo", "MemTotal: 9 kB\nMemAvailable: 9 kB\nSwapFree: 9");
	cr_assert_eq(headroom_read_machine(meminfo, swappiness, &machine), -EBADMSG, "cut off");
	/* Without swap in the kernel there is nothing to be swapped, and no such file. */
	put("meminfo", "MemTotal: 9 kB\nMemAvailable: 9 kB\nSwapFree: 0 kB\n");
	cr_assert_eq(headroom_read_machine(meminfo, "/nowhere", &machine), 0);
	cr_assert_not(machine.never_swaps);
	put("swappiness", "x\n");
	cr_assert_eq(headroom_read_machine(meminfo, swappiness, &machine), -EBADMSG);
	cr_assert_eq(headroom_read_machine("/nowhere", swappiness, &machine), -ENOENT);
	cr_assert_eq(headroom_read_machine("/proc/meminfo", "/proc/sys/vm/swappiness", &machine),
		     0);
}
