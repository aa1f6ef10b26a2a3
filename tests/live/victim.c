// SPDX-License-Identifier: GPL-2.0-only
/*
 * victim THREADS: that many threads touch memory of their own without end, for an OOM killer to
 * end; all of them then meet the limit once more while they die. With 0, the process waits until
 * somebody ends it.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAX_THREADS 1000
#define CHUNK_BYTES (1UL << 20)

static void *touch(void *arg)
{
	long page = sysconf(_SC_PAGESIZE);

	(void)arg;
	for (;;) {
		char *p = mmap(NULL, CHUNK_BYTES, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

		for (size_t at = 0; p != MAP_FAILED && at < CHUNK_BYTES; at += (size_t)page)
			p[at] = 1;
	}
	return NULL;
}

int main(int argc, char **argv)
{
	unsigned long threads = argc == 2 ? strtoul(argv[1], NULL, 10) : MAX_THREADS + 1;
	pthread_t thread;

	if (threads > MAX_THREADS) {
		fprintf(stderr, "usage: victim THREADS, at most %d\n", MAX_THREADS);
		return 2;
	}
	for (unsigned long i = 1; i < threads; i++)
		if (pthread_create(&thread, NULL, touch, NULL))
			return 1;
	if (threads)
		touch(NULL);
	pause();
	return 0;
}
