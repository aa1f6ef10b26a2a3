// SPDX-License-Identifier: GPL-2.0-only
/*
 * A reader of /dev/oom_notify_critical:
 *
 *   critical read     reads, and frees nothing
 *   critical free MB  holds so much memory, and gives it back at the first record
 *   critical hog      never reads, and allocates itself until the OOM killer ends it
 *   critical flusher SECONDS  no reader: allocates as who may not enter file systems, for whom
 *                     nobody is killed, and then dies itself
 *
 * Says "ready", reads until it is told the all-clear, and then prints each record, and when it gave
 * memory back, as a line of JSON: what it would print while there is none would have to wait for
 * some.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sysinfo.h>
#include <time.h>
#include <unistd.h>

#include "oom_notify.h"

#define MB	    (1024UL * 1024)
#define MAX_RECORDS 64

static struct oom_notify_record records[MAX_RECORDS];

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

/* The OOM killer is not to take the reader, nor is its next instruction to wait for memory. */
static void survive(void)
{
	FILE *f = fopen("/proc/self/oom_score_adj", "w");

	if (!f || fputs("-1000", f) < 0 || fclose(f))
		err(1, "oom_score_adj");
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		err(1, "mlockall");
}

static char *map(size_t size)
{
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (p == MAP_FAILED)
		err(1, "mmap");
	return p;
}

static void say_ready(void)
{
	puts("ready");
	fflush(stdout);
}

static _Noreturn void hog(void)
{
	say_ready();
	for (;;)
		memset(map(MB), 1, MB);
}

/*
 * Dying is all that ends it, so many seconds after the last memory: its allocations are tried again
 * and again.
 */
static _Noreturn void flush(unsigned int seconds)
{
	struct sysinfo info;

	if (prctl(PR_SET_IO_FLUSHER, 1, 0, 0, 0))
		err(1, "PR_SET_IO_FLUSHER");
	do {
		memset(map(MB), 1, MB);
		if (sysinfo(&info))
			err(1, "sysinfo");
	} while (info.freeram * info.mem_unit > 16 * MB);
	alarm(seconds);
	for (;;)
		memset(map(MB), 1, MB);
}

/* Takes what there is; poll() is what waits. How many records there are then. */
static size_t take(int fd, size_t nr)
{
	ssize_t got = read(fd, &records[nr], (MAX_RECORDS - nr) * sizeof(records[0]));

	if (got < 0 && errno != EAGAIN)
		err(1, "read");
	return got < 0 ? nr : nr + (size_t)got / sizeof(records[0]);
}

static void print(size_t nr, uint64_t freed_ns)
{
	for (const struct oom_notify_record *r = records; r < records + nr; r++)
		printf("{\"sequence\":%llu,\"level\":%u,\"reasons\":%u,\"event_ns\":%llu,"
		       "\"notified_ns\":%llu,\"free_pages\":%llu,\"pages_to_free\":%llu}\n",
		       r->sequence, r->level, r->reasons, r->event_ns, r->notified_ns,
		       r->free_pages, r->pages_to_free);
	if (freed_ns)
		printf("{\"freed_ns\":%llu}\n", (unsigned long long)freed_ns);
}

static void listen_until_clear(int fd, char *memory, size_t size)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	uint64_t freed_ns = 0;
	size_t nr = 0;

	do {
		poll(&p, 1, -1);
		nr = take(fd, nr);
		if (memory && nr && !freed_ns) {
			munmap(memory, size);
			freed_ns = now_ns();
		}
	} while (nr < MAX_RECORDS && !(nr && records[nr - 1].reasons & OOM_NOTIFY_ALL_CLEAR));
	print(nr, freed_ns);
}

int main(int argc, char **argv)
{
	size_t size = argc == 3 ? strtoul(argv[2], NULL, 10) * MB : 0;
	char *memory = NULL;
	int fd;

	if (argc < 2 || (!strcmp(argv[1], "free") && !size))
		errx(2, "usage: critical read | free MB | hog | flusher SECONDS");
	if (!strcmp(argv[1], "flusher"))
		flush((unsigned int)(size / MB));
	fd = open("/dev/oom_notify_critical", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 || write(fd, "none", 4) != 4)
		err(1, "/dev/oom_notify_critical");
	if (!strcmp(argv[1], "hog"))
		hog();
	survive();
	if (size)
		memory = map(size);
	take(fd, 0); /* from now on readable as long as there is something to read */
	say_ready();
	listen_until_clear(fd, memory, size);
	return 0;
}
