// SPDX-License-Identifier: GPL-2.0-only
/* An eventfd, a receiver in epoll_wait(), and a busy sender. */
#include "bare.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "realtime.h"

/* About what an episode of the quiet measurement touches. */
#define WORK_BYTES (8UL << 20)
#define PAGE_BYTES 4096UL

static struct {
	int eventfd;
	int epoll;
	pthread_t receiver;
	bool receiving;
	bare_fn fn;
	void *arg;
	_Atomic uint64_t sent_ns; /* 0: it is to end */
} bare = { .eventfd = -1, .epoll = -1 };

struct sender {
	uint64_t before_ns;
	uint64_t between_ns;
	unsigned int n;
	char *memory;
	size_t at;
};

static void *receive(void *arg)
{
	struct epoll_event ev;
	uint64_t sent_ns, count;

	(void)arg;
	for (;;) {
		uint64_t now;

		if (epoll_wait(bare.epoll, &ev, 1, -1) != 1)
			continue;
		now = now_ns();
		if (read(bare.eventfd, &count, sizeof(count)) != sizeof(count))
			continue;
		sent_ns = atomic_load(&bare.sent_ns);
		if (!sent_ns)
			return NULL;
		bare.fn(bare.arg, now - sent_ns);
	}
}

static void post(uint64_t sent_ns)
{
	const uint64_t one = 1;

	atomic_store(&bare.sent_ns, sent_ns);
	if (write(bare.eventfd, &one, sizeof(one)) != sizeof(one))
		abort(); /* the counter cannot be full */
}

/* Page after page, round and round: at first each touch is a page fault. */
static void work_until(struct sender *s, uint64_t until_ns)
{
	while (now_ns() < until_ns) {
		memset(s->memory + s->at, (int)(s->at >> 12 | 1), PAGE_BYTES);
		s->at = (s->at + PAGE_BYTES) % WORK_BYTES;
	}
}

static void *send(void *arg)
{
	struct sender *s = arg;

	work_until(s, now_ns() + s->before_ns);
	for (unsigned int i = 0; i < s->n; i++) {
		const uint64_t sent_ns = now_ns();

		post(sent_ns);
		work_until(s, sent_ns + s->between_ns);
	}
	return NULL;
}

int bare_send(struct env *env, int cpu, uint64_t before_ns, unsigned int n, uint64_t between_ns)
{
	struct sender s = { .before_ns = before_ns, .between_ns = between_ns, .n = n };
	pthread_t thread;
	int err;

	s.memory = mmap(NULL, WORK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			0);
	if (s.memory == MAP_FAILED)
		return env_fail(env, "no memory: %s", strerror(errno));
	/* As in the box: page by page. */
	(void)madvise(s.memory, WORK_BYTES, MADV_NOHUGEPAGE);
	err = normal_thread(&thread, cpu, send, &s);
	if (!err)
		pthread_join(thread, NULL);
	(void)munmap(s.memory, WORK_BYTES);
	return err ? env_fail(env, "cannot start a sender: %s", strerror(-err)) : 0;
}

int bare_start(struct env *env, int cpu, bare_fn fn, void *arg)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int err;

	bare.fn = fn;
	bare.arg = arg;
	bare.eventfd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	bare.epoll = epoll_create1(EPOLL_CLOEXEC);
	if (bare.eventfd < 0 || bare.epoll < 0 ||
	    epoll_ctl(bare.epoll, EPOLL_CTL_ADD, bare.eventfd, &ev))
		return env_fail(env, "no eventfd: %s", strerror(errno));
	err = realtime_thread(&bare.receiver, cpu, receive, NULL);
	if (err)
		return env_fail(env, "cannot start a receiver: %s", strerror(-err));
	bare.receiving = true;
	/* What is there by now; the sender's memory must come by page faults. */
	(void)mlockall(MCL_CURRENT);
	return 0;
}

void bare_stop(void)
{
	if (bare.receiving) {
		post(0);
		pthread_join(bare.receiver, NULL);
		(void)munlockall();
	}
	bare.receiving = false;
	cleanup_close(&bare.epoll);
	cleanup_close(&bare.eventfd);
	bare.epoll = bare.eventfd = -1;
}
