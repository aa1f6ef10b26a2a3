// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes one kind of memory pressure and says on stdout what it did and when (CLOCK_MONOTONIC), for
 * a test to compare with what was told about it. Static and small: it runs as a guest's only load.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096UL
#define MB   (1024UL * 1024)

static void die(const char *what)
{
	fprintf(stderr, "stimulus: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static void say(const char *what, uint64_t pages)
{
	printf("%s pid=%d pages=%llu time_ns=%llu\n", what, getpid(), (unsigned long long)pages,
	       (unsigned long long)now_ns());
	fflush(stdout);
}

static void sleep_ms(unsigned long ms)
{
	struct timespec ts = { (time_t)(ms / 1000), (long)(ms % 1000) * 1000000 };

	while (nanosleep(&ts, &ts) && errno == EINTR)
		;
}

/*
 * No two pages alike and none filled with one value, or swap would not take them (zero pages) and
 * zram would not store them (same-filled pages); a quarter of each is noise, so that the rest
 * compresses well.
 */
static void fill(char *page, uint64_t nr)
{
	static char noise[PAGE / 4];

	if (!noise[0]) {
		uint64_t x = 88172645463325252ULL;

		for (size_t i = 0; i < sizeof(noise); i++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			noise[i] = (char)(x | 1);
		}
	}
	memcpy(page, noise, sizeof(noise));
	memcpy(page + PAGE / 2, &nr, sizeof(nr));
}

static char *map_anonymous(size_t size)
{
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		die("mmap");
	return p;
}

static void touch(char *p, size_t size)
{
	for (size_t at = 0; at < size; at += PAGE)
		fill(p + at, at / PAGE + 1);
}

static int do_touch(unsigned long mb, unsigned long hold_ms)
{
	char *p = map_anonymous(mb * MB);

	say("begin", mb * MB / PAGE);
	touch(p, mb * MB);
	say("touched", mb * MB / PAGE);
	sleep_ms(hold_ms);
	say("end", mb * MB / PAGE);
	return 0;
}

/* Until the OOM killer ends it. */
static _Noreturn void do_oom(void)
{
	say("begin", 0);
	for (;;)
		touch(map_anonymous(MB), MB);
}

static _Noreturn void *touch_for_ever(void *arg)
{
	(void)arg;
	for (;;)
		touch(map_anonymous(MB), MB);
}

/* The same with many threads, which all meet the limit once more while they die. */
static _Noreturn void do_threads(unsigned long threads)
{
	pthread_t thread;

	say("begin", 0);
	for (unsigned long i = 1; i < threads; i++)
		if (pthread_create(&thread, NULL, touch_for_ever, NULL))
			die("pthread_create");
	touch_for_ever(NULL);
}

static int do_pageout(unsigned long mb)
{
	size_t size = mb * MB;
	char *p = map_anonymous(size);

	touch(p, size);
	say("begin", size / PAGE);
	if (madvise(p, size, MADV_PAGEOUT))
		die("madvise");
	say("end", size / PAGE);
	return 0;
}

/* Through the page cache, leaving dirty pages behind. */
static int do_write(const char *path, unsigned long mb)
{
	static char buf[MB];
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0)
		die(path);
	touch(buf, sizeof(buf));
	say("begin", mb * MB / PAGE);
	for (unsigned long i = 0; i < mb; i++)
		if (write(fd, buf, sizeof(buf)) != (ssize_t)sizeof(buf))
			die("write");
	say("end", mb * MB / PAGE);
	return close(fd);
}

/* Through the page cache, clean: a hole in a file has pages there like any other part of it. */
static int do_read(const char *path, unsigned long mb)
{
	static char buf[MB];
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0)
		die(path);
	if (ftruncate(fd, (off_t)(mb * MB)))
		die("ftruncate");
	say("begin", mb * MB / PAGE);
	for (unsigned long i = 0; i < mb; i++)
		if (read(fd, buf, sizeof(buf)) != (ssize_t)sizeof(buf))
			die("read");
	say("end", mb * MB / PAGE);
	return close(fd);
}

static unsigned long number(const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*end || end == text || n > 1000000) {
		fprintf(stderr, "stimulus: '%s' is no number\n", text);
		exit(2);
	}
	return n;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "touch"))
		return do_touch(number(argv[2]), number(argv[3]));
	if (argc == 2 && !strcmp(argv[1], "oom"))
		do_oom();
	if (argc == 3 && !strcmp(argv[1], "threads"))
		do_threads(number(argv[2]));
	if (argc == 3 && !strcmp(argv[1], "pageout"))
		return do_pageout(number(argv[2]));
	if (argc == 4 && !strcmp(argv[1], "read"))
		return do_read(argv[2], number(argv[3]));
	if (argc == 4 && !strcmp(argv[1], "write"))
		return do_write(argv[2], number(argv[3]));
	fputs("usage: stimulus touch MB HOLD_MS | oom | threads N | pageout MB | "
	      "read FILE MB | write FILE MB\n",
	      stderr);
	return 2;
}
