// SPDX-License-Identifier: GPL-2.0-only
/* The process of a source: waits, stamps, waits again. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "common/process.h"
#include "common/clock.h"
#include "watcher.h"

enum { FD_SOURCE, FD_PLACE, FD_SIGNALS };

static struct {
	struct watcher_slot *slot;
	int ready_fd, place_fd;
	int epoll, signals;
	cpu_set_t cpus; /* all it may use */
} self;

static void set_state(enum watcher_state state)
{
	const uint64_t one = 1;

	atomic_store(&self.slot->state, state);
	if (write(self.ready_fd, &one, sizeof(one)) < 0)
		_exit(1);
}

static _Noreturn void give_up(enum watcher_state state, const struct failure *why)
{
	self.slot->why = *why;
	set_state(state);
	_exit(0);
}

/* Dies with the parent, but kindly; ^C is for the parent, who ends this one. */
static void detach(pid_t parent)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	process_die_with(parent, SIGTERM);
	if (null < 0) {
		(void)failure_set(&self.slot->why, errno, "/dev/null: %s", strerror(errno));
		give_up(WATCHER_ABSENT, &self.slot->why);
	}
	(void)setpgid(0, 0);
	(void)dup2(null, STDIN_FILENO);
	(void)dup2(null, STDOUT_FILENO);
}

static int watch_fd(int fd, uint32_t events, uint32_t what)
{
	struct epoll_event ev = { .events = events, .data.u32 = what };

	return epoll_ctl(self.epoll, EPOLL_CTL_ADD, fd, &ev) ? -errno : 0;
}

static int open_fds(struct failure *why)
{
	sigset_t set;
	int err;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_SETMASK, &set, NULL);
	self.signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	self.epoll = epoll_create1(EPOLL_CLOEXEC);
	if (self.signals < 0 || self.epoll < 0)
		return failure_set(why, errno, "no epoll or signalfd: %s", strerror(errno));
	err = watch_fd(self.signals, EPOLLIN, FD_SIGNALS);
	if (!err)
		err = watch_fd(self.place_fd, EPOLLIN, FD_PLACE);
	return err ? failure_set(why, -err, "no epoll: %s", strerror(-err)) : 0;
}

/*
 * The same for every source. Where it is not allowed the run says so. With work to do, what that
 * takes of memory later is left to be what it is: to be freed, or swapped out.
 */
static void harden(bool works)
{
	const struct sched_param param = { .sched_priority = 1 };

	self.slot->realtime = !sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &param);
	self.slot->locked = !mlockall(works ? MCL_CURRENT : MCL_CURRENT | MCL_FUTURE);
}

static void note_wake(uint64_t notified_ns)
{
	struct watcher_slot *slot = self.slot;
	const uint64_t n = atomic_load(&slot->wakes);

	if (n - atomic_load(&slot->taken) >= WATCHER_ROOM) {
		atomic_fetch_add(&slot->unkept, 1);
		return;
	}
	slot->wake_ns[n % WATCHER_ROOM] = notified_ns;
	atomic_store(&slot->wakes, n + 1);
}

/* There at once, free to be moved later. */
static void go_to(void)
{
	cpu_set_t one;
	uint64_t value;

	if (read(self.place_fd, &value, sizeof(value)) != sizeof(value))
		return;
	CPU_ZERO(&one);
	CPU_SET((size_t)(value - 1) % CPU_SETSIZE, &one);
	if (!sched_setaffinity(0, sizeof(one), &one))
		(void)sched_setaffinity(0, sizeof(self.cpus), &self.cpus);
}

static bool handle(const struct watcher *w, struct source_env *env, const struct epoll_event *ev,
		   uint64_t woken_ns, uint64_t *notified_ns)
{
	if (ev->data.u32 == FD_SIGNALS)
		return false;
	if (ev->data.u32 == FD_PLACE) {
		go_to();
		return true;
	}
	env->to_free_bytes = 0;
	*notified_ns = w->source->on_wake(env, woken_ns);
	if (*notified_ns)
		note_wake(*notified_ns);
	if (*notified_ns && w->work)
		w->work->notified(w->work->ctx, *notified_ns, env->to_free_bytes);
	if (!*notified_ns && !env->broken.text[0] && !(ev->events & env->events))
		(void)failure_set(&env->broken, EPIPE, "its descriptor says error or end");
	return !env->broken.text[0];
}

/* Waits for at least one event, and returns how many there are. */
static int wait_for(const struct source *source, struct source_env *env, struct epoll_event ev[3])
{
	if (!source->wait)
		return epoll_wait(self.epoll, ev, 3, -1);
	if (source->wait(env))
		return epoll_wait(self.epoll, ev, 3, 0);
	ev[0] = (struct epoll_event){ .events = env->events, .data.u32 = FD_SOURCE };
	return 1;
}

static void loop(const struct watcher *w, struct source_env *env)
{
	struct epoll_event ev[3];
	uint64_t notified_ns = 0;

	for (;;) {
		int n;

		if (notified_ns && !atomic_load(&self.slot->book_ns))
			atomic_store(&self.slot->book_ns, now_ns() - notified_ns);
		notified_ns = 0;
		n = wait_for(w->source, env, ev);
		for (int i = 0; i < n; i++)
			if (!handle(w, env, &ev[i], now_ns(), &notified_ns))
				return;
	}
}

void watcher_run(const struct watcher *w, struct source_env *env, pid_t parent)
{
	struct failure why = { "" };
	int err;

	self.slot = w->slot;
	self.ready_fd = w->ready_fd;
	self.place_fd = w->place_fd;
	detach(parent);
	(void)prctl(PR_SET_NAME, w->source->name); /* for who looks with ps(1) */
	(void)sched_getaffinity(0, sizeof(self.cpus), &self.cpus);
	env->fd = -1;
	env->what = self.slot->what;
	env->dropped = &self.slot->dropped;
	err = open_fds(&why);
	env->other_fd = self.epoll;
	if (!err)
		err = w->source->setup(env, &why);
	if (!err && !w->source->wait && watch_fd(env->fd, env->events, FD_SOURCE))
		err = failure_set(&why, errno, "cannot wait for it: %s", strerror(errno));
	if (!err)
		harden(w->work);
	if (!err && w->work)
		err = w->work->begin(w->work->ctx, &why);
	if (!err) {
		self.slot->looks_ns = env->looks_ns;
		self.slot->helper = env->helper;
		set_state(WATCHER_READY);
		loop(w, env);
	}
	if (w->source->teardown)
		w->source->teardown(env);
	if (err)
		give_up(WATCHER_ABSENT, &why);
	if (env->broken.text[0])
		give_up(WATCHER_BROKE, &env->broken);
	_exit(0);
}
