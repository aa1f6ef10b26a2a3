// SPDX-License-Identifier: GPL-2.0-only
/* Sends the bare wake-up and takes its time. */
#include "baseline.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/process.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "compare/sources/sources.h"

#define READY_NS   (30 * NS_PER_S)
#define WORK_BYTES (32UL << 20)
#define PAGE_BYTES 4096UL
#define SENT_BYTES (BASELINE_MAX * sizeof(uint64_t))
/* The receiver may have to wait for others. */
#define ARRIVE_NS (2 * NS_PER_S)

int baseline_start(struct baseline *b, int stop_fd, struct failure *why)
{
	struct source_env env = { 0 };
	void *sent;
	int err;

	*b = BASELINE_NONE;
	sent = mmap(NULL, SENT_BYTES, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	b->sent_ns = sent == MAP_FAILED ? NULL : sent;
	b->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (!b->sent_ns || b->fd < 0)
		return failure_set(why, ENOMEM, "no eventfd or memory for the bare wake-up");
	env.bell_fd = b->fd;
	err = watcher_start(&b->watcher, &source_baseline, NULL, &env, why);
	if (!err)
		err = watcher_wait(&b->watcher, stop_fd, READY_NS);
	if (err == -ETIMEDOUT)
		(void)failure_set(why, ETIMEDOUT, "the receiver of the bare wake-up is not ready");
	if (!err && atomic_load(&b->watcher.slot->state) != WATCHER_READY) {
		*why = b->watcher.slot->why;
		err = -ECHILD;
	}
	return err;
}

/* Page after page, round and round: at first each touch is a page fault. */
static void work_until(char *memory, uint64_t until_ns)
{
	static size_t at;

	for (; now_ns() < until_ns; at = (at + PAGE_BYTES) % WORK_BYTES)
		memset(memory + at, 1, PAGE_BYTES);
}

static void run_on(int cpu)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET((size_t)cpu, &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		_exit(1);
}

static _Noreturn void send_all(const struct baseline *b, const struct baseline_opts *o,
			       pid_t parent)
{
	const uint64_t one = 1;
	char *memory = mmap(NULL, WORK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			    -1, 0);

	process_die_with(parent, SIGKILL);
	if (memory == MAP_FAILED)
		_exit(1);
	if (o->cpu >= 0)
		run_on(o->cpu);
	(void)madvise(memory, WORK_BYTES, MADV_NOHUGEPAGE); /* page by page, as in the box */
	work_until(memory, now_ns() + o->before_ns);
	for (uint32_t i = 0; i < o->n; i++) {
		b->sent_ns[i] = now_ns();
		if (write(b->fd, &one, sizeof(one)) < 0)
			_exit(1);
		work_until(memory, b->sent_ns[i] + o->after_ns);
	}
	_exit(0);
}

/* Each wake-up belongs to the last that was sent before it. */
static int take_times(struct baseline *b, uint32_t n, uint64_t ns[])
{
	const uint64_t deadline_ns = now_ns() + ARRIVE_NS;
	const struct timespec nap = { .tv_nsec = (long)NS_PER_MS };
	uint64_t wakes_ns[WATCHER_ROOM], unkept, last_ns = 0;
	int taken = 0;

	while (last_ns < b->sent_ns[n - 1] && now_ns() < deadline_ns) {
		const size_t wakes = watcher_take(&b->watcher, wakes_ns, &unkept);

		for (size_t i = 0; i < wakes && taken < (int)n; i++) {
			uint32_t k = n - 1;

			while (k && b->sent_ns[k] > wakes_ns[i])
				k--;
			ns[taken++] = wakes_ns[i] - b->sent_ns[k];
		}
		if (wakes)
			last_ns = wakes_ns[wakes - 1];
		else
			(void)clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, NULL);
	}
	return taken;
}

int baseline_send(struct baseline *b, const struct baseline_opts *o, uint64_t ns[],
		  struct failure *why)
{
	const pid_t self = getpid();
	pid_t pid = fork();
	int status = 0, taken = 0;

	if (!pid)
		send_all(b, o, self);
	if (pid < 0)
		return failure_set(why, errno, "cannot start a process: %s", strerror(errno));
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!status)
		taken = take_times(b, o->n, ns);
	return taken ?: failure_set(why, EIO, "a bare wake-up did not arrive");
}

void baseline_stop(struct baseline *b)
{
	watcher_stop(&b->watcher);
	cleanup_close(&b->fd);
	if (b->sent_ns)
		(void)munmap((void *)b->sent_ns, SENT_BYTES);
	*b = BASELINE_NONE;
}
