// SPDX-License-Identifier: GPL-2.0-only
/* Sends the empty wake-up and takes its time. */
#include "floor.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/clock.h"

#define READY_NS (30 * NS_PER_S)
/* What the box's child does from its start to its limit: about ten milliseconds. */
#define BUSY_NS	   (10 * NS_PER_MS)
#define WORK_BYTES (32UL << 20)
#define PAGE_BYTES 4096UL
/* The receiver may have to wait for others. */
#define ARRIVE_NS (2 * NS_PER_S)

int floor_start(struct floor *f, int stop_fd, struct box_why *why)
{
	struct source_env env = { 0 };
	int err;

	*f = FLOOR_NONE;
	f->sent_ns = mmap(NULL, sizeof(*f->sent_ns), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	f->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (f->sent_ns == MAP_FAILED || f->fd < 0) {
		f->sent_ns = f->sent_ns == MAP_FAILED ? NULL : f->sent_ns;
		return why_set(why, ENOMEM, "no eventfd or memory for the empty wake-up");
	}
	env.bell_fd = f->fd;
	err = watcher_start(&f->watcher, &source_floor, NULL, &env, why);
	if (!err)
		err = watcher_wait(&f->watcher, stop_fd, READY_NS);
	if (err == -ETIMEDOUT)
		(void)why_set(why, ETIMEDOUT, "the receiver of the empty wake-up is not ready");
	if (!err && atomic_load(&f->watcher.slot->state) != WATCHER_READY)
		*why = f->watcher.slot->why, err = -ECHILD;
	return err;
}

/* Page after page, round and round: at first each touch is a page fault. */
static void work_until(char *memory, uint64_t until_ns)
{
	for (size_t at = 0; now_ns() < until_ns; at = (at + PAGE_BYTES) % WORK_BYTES)
		memset(memory + at, 1, PAGE_BYTES);
}

static _Noreturn void send(const struct floor *f, pid_t parent)
{
	const uint64_t one = 1;
	char *memory = mmap(NULL, WORK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			    -1, 0);

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (memory == MAP_FAILED || getppid() != parent)
		_exit(1);
	(void)madvise(memory, WORK_BYTES, MADV_NOHUGEPAGE); /* page by page, as in the box */
	work_until(memory, now_ns() + BUSY_NS);
	*f->sent_ns = now_ns();
	if (write(f->fd, &one, sizeof(one)) < 0)
		_exit(1);
	work_until(memory, now_ns() + BUSY_NS);
	_exit(0);
}

static bool arrived(struct floor *f, uint64_t wakes_ns[WATCHER_ROOM], uint64_t *ns)
{
	const uint64_t deadline_ns = now_ns() + ARRIVE_NS;
	const struct timespec nap = { .tv_nsec = (long)NS_PER_MS };
	uint64_t unkept;
	size_t n;

	while (!(n = watcher_take(&f->watcher, wakes_ns, &unkept)) && now_ns() < deadline_ns)
		(void)clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, NULL);
	if (n)
		*ns = wakes_ns[n - 1] - *f->sent_ns;
	return n;
}

int floor_ping(struct floor *f, uint64_t wakes_ns[WATCHER_ROOM], struct result *r,
	       struct box_why *why)
{
	const pid_t self = getpid();
	pid_t pid = fork();
	uint64_t ns = 0;
	int status = 0;

	if (!pid)
		send(f, self);
	if (pid < 0)
		return why_set(why, errno, "cannot start a process: %s", strerror(errno));
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (status || !arrived(f, wakes_ns, &ns))
		return why_set(why, EIO, "an empty wake-up did not arrive");
	if (r)
		result_add_cost(r, RESULT_COST_FLOOR, ns);
	return 0;
}

void floor_stop(struct floor *f)
{
	watcher_stop(&f->watcher);
	cleanup_close(&f->fd);
	if (f->sent_ns)
		(void)munmap((void *)f->sent_ns, sizeof(*f->sent_ns));
	*f = FLOOR_NONE;
}
