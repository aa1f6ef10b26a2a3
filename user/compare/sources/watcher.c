// SPDX-License-Identifier: GPL-2.0-only
/* Starts, places, asks and ends the process of a source. */
#include "watcher.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/clock.h"

/* bpftrace was seen to take two seconds to end on a busy machine. */
#define END_NS (10 * NS_PER_S)

static int make_fds(struct watcher *w, struct failure *why)
{
	w->slot = mmap(NULL, sizeof(*w->slot), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (w->slot == MAP_FAILED) {
		w->slot = NULL;
		return failure_set(why, ENOMEM, "out of memory");
	}
	w->ready_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	w->place_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (w->ready_fd < 0 || w->place_fd < 0)
		return failure_set(why, errno, "no eventfd: %s", strerror(errno));
	return 0;
}

int watcher_start(struct watcher *w, const struct source *source, const struct watcher_work *work,
		  const struct source_env *env, struct failure *why)
{
	struct source_env own = *env;
	const pid_t self = getpid();
	int err;

	*w = WATCHER_NONE;
	w->source = source;
	w->work = work;
	err = make_fds(w, why);
	if (err)
		return err;
	w->pid = fork();
	if (!w->pid)
		watcher_run(w, &own, self);
	if (w->pid < 0) {
		w->pid = 0;
		return failure_set(why, errno, "cannot start a process: %s", strerror(errno));
	}
	w->pidfd = pidfd_open(w->pid, 0);
	return w->pidfd < 0 ? failure_set(why, errno, "pidfd_open: %s", strerror(errno)) : 0;
}

int watcher_wait(struct watcher *w, int stop_fd, uint64_t timeout_ns)
{
	const uint64_t deadline_ns = now_ns() + timeout_ns;
	struct pollfd fds[] = {
		{ .fd = stop_fd, .events = POLLIN },
		{ .fd = w->ready_fd, .events = POLLIN },
		{ .fd = w->pidfd, .events = POLLIN },
	};

	while (atomic_load(&w->slot->state) == WATCHER_STARTING) {
		const uint64_t now = now_ns();

		if (now >= deadline_ns)
			return -ETIMEDOUT;
		if (poll(fds, 3, (int)((deadline_ns - now) / NS_PER_MS) + 1) < 0)
			continue;
		if (fds[0].revents)
			return -ECANCELED;
		if (fds[2].revents && !watcher_alive(w))
			return 0;
	}
	return 0;
}

void watcher_place(const struct watcher *w, int cpu)
{
	const uint64_t value = (uint64_t)cpu + 1;

	if (w->pid && write(w->place_fd, &value, sizeof(value)) < 0)
		return; /* it has not looked since the last time */
}

/* Ended without a word. */
static void note_death(struct watcher *w, int status)
{
	struct watcher_slot *slot = w->slot;

	if (atomic_load(&slot->state) == WATCHER_ABSENT ||
	    atomic_load(&slot->state) == WATCHER_BROKE)
		return;
	if (WIFSIGNALED(status))
		(void)failure_set(&slot->why, ECHILD, "its process was killed by signal %d",
				  WTERMSIG(status));
	else
		(void)failure_set(&slot->why, ECHILD, "its process ended with status %d",
				  WEXITSTATUS(status));
	atomic_store(&slot->state, WATCHER_BROKE);
}

bool watcher_alive(struct watcher *w)
{
	int status;
	pid_t pid;

	if (!w->pid)
		return false;
	pid = waitpid(w->pid, &status, WNOHANG);
	if (!pid)
		return true;
	w->pid = 0;
	note_death(w, pid > 0 ? status : 0);
	return false;
}

size_t watcher_take(struct watcher *w, uint64_t wakes_ns[WATCHER_ROOM], uint64_t *unkept)
{
	struct watcher_slot *slot = w->slot;
	const uint64_t wakes = atomic_load(&slot->wakes);
	uint64_t taken = atomic_load(&slot->taken);
	size_t n = 0;

	while (taken < wakes)
		wakes_ns[n++] = slot->wake_ns[taken++ % WATCHER_ROOM];
	*unkept = atomic_exchange(&slot->unkept, 0);
	atomic_store(&slot->taken, taken);
	return n;
}

/* All its threads: the first number of each schedstat. */
static bool pid_cpu_ns(pid_t pid, uint64_t *ns)
{
	char path[64];
	struct dirent *e;
	bool any = false;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	dir = opendir(path);
	if (!dir)
		return false;
	while ((e = readdir(dir))) {
		_cleanup_fclose_ FILE *f = NULL;
		unsigned long long v;

		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/proc/%d/task/%.16s/schedstat", (int)pid, e->d_name);
		f = fopen(path, "re");
		if (!f || fscanf(f, "%llu", &v) != 1)
			continue;
		*ns += v;
		any = true;
	}
	closedir(dir);
	return any;
}

bool watcher_cpu_ns(const struct watcher *w, uint64_t *ns)
{
	*ns = 0;
	if (!w->pid || !pid_cpu_ns(w->pid, ns))
		return false;
	return !w->slot->helper || pid_cpu_ns(w->slot->helper, ns);
}

void watcher_stop(struct watcher *w)
{
	const uint64_t deadline_ns = now_ns() + END_NS;
	struct pollfd end = { .fd = w->pidfd, .events = POLLIN };

	if (w->pid) {
		(void)kill(w->pid, SIGTERM);
		while (end.fd >= 0 && !poll(&end, 1, 100) && now_ns() < deadline_ns)
			;
		(void)kill(w->pid, SIGKILL); /* not reaped yet, so it is still this one */
		while (waitpid(w->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	cleanup_close(&w->pidfd);
	cleanup_close(&w->ready_fd);
	cleanup_close(&w->place_fd);
	if (w->slot)
		(void)munmap(w->slot, sizeof(*w->slot));
	*w = WATCHER_NONE;
}
