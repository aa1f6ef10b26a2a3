// SPDX-License-Identifier: GPL-2.0-only
/*
 * The statistics of the module beside the kernel's counter of swapped pages, printed as facts; and
 * waits that are counted in ticks of the module, because no other time says what it has had
 * occasion to see.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"

#define STATISTICS "/sys/class/misc/oom_notify/statistics/"
#define PAGE	   4096UL
#define MB	   (1024UL * 1024)

static long long statistic(const char *name)
{
	char path[128], text[32] = "";
	int fd;

	snprintf(path, sizeof(path), STATISTICS "%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		err(1, "%s", path);
	close(fd);
	return strtoll(text, NULL, 10);
}

/*
 * Every page that the kernel counts as swapped out, however it got rid of it: once, with zswap,
 * too.
 */
static long long swapped_pages(void)
{
	char name[64];
	long long value, sum = 0;
	FILE *vmstat = fopen("/proc/vmstat", "re");

	if (!vmstat)
		err(1, "/proc/vmstat");
	while (fscanf(vmstat, "%63s %lld", name, &value) == 2)
		if (!strcmp(name, "pswpout") || !strcmp(name, "swpout_zero") ||
		    !strcmp(name, "zswpout"))
			sum += value;
		else if (!strcmp(name, "zswpwb"))
			sum -= value;
	fclose(vmstat);
	return sum;
}

static void count(void)
{
	static const char *const names[] = { "openers", "ticks",   "told",
					     "merged",	"rounds",  "ooms",
					     "graces",	"averted", "longest_step" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		field(names[i], statistic(names[i]));
	field("swapped_pages", swapped_pages());
}

static void wait_ticks(long long ticks)
{
	long long until = statistic("ticks") + ticks;

	while (statistic("ticks") < until)
		sleep_ms(10);
}

static void settle(long long ticks)
{
	long long before;

	do {
		before = swapped_pages();
		wait_ticks(ticks);
	} while (swapped_pages() != before);
}

/*
 * Counts when all is ready. No page is like another, and none is of one value: that would not be
 * written.
 */
static void page_out(size_t size)
{
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		err(1, "mmap");
	for (size_t at = 0; at < size; at += PAGE)
		for (size_t i = 0; i < PAGE; i += sizeof(at))
			*(size_t *)(p + at + i) = (at + i) * 0x9e3779b97f4a7c15UL + 1;
	count();
	result(madvise(p, size, MADV_PAGEOUT));
}

int main(int argc, char **argv)
{
	static const char *const verbs[] = { "counters", "ticks", "settle", "pageout" };
	long long n = argc > 3 ? number(argv[3]) : 0;
	uint64_t begin_ns;
	size_t verb = 0;

	while (argc > 2 && verb < 4 && strcmp(argv[2], verbs[verb]))
		verb++;
	if (argc != (verb ? 4 : 3) || verb == 4)
		errx(2, "usage: device-count LABEL counters | ticks N | settle TICKS | pageout MB");
	begin_ns = begin_fact(argv[1]);
	if (verb == 1)
		wait_ticks(n);
	else if (verb == 2)
		settle(n);
	if (verb == 3)
		page_out((size_t)n * MB);
	else
		count();
	end_fact(begin_ns);
	return 0;
}
