// SPDX-License-Identifier: GPL-2.0-only
/* All sources watch a benign load: whoever is notified is notified for nothing. */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/pidfd.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "box/swap.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "run_priv.h"

struct benign {
	struct survive_state *st;
	enum survive_benign kind;
	struct cgroup cgroup;
	struct watcher watcher[SURVIVE_MAX_SOURCES];
	uint64_t *wakes_ns; /* scratch, of WATCHER_ROOM */
	int bell_fd, file_fd;
	pid_t load;
	int load_pidfd;
};

/*
 * Without a name, so that nothing can be left of it. Memory is no disk: its pages cannot be
 * dropped.
 */
int benign_file(struct failure *why)
{
	char path[PATH_MAX];
	struct statfs fs;
	int fd;

	if (snprintf(path, sizeof(path), "%s/oom-notify-XXXXXX", swap_dir()) >= (int)sizeof(path))
		return failure_set(why, ENAMETOOLONG, "TMPDIR is too long");
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		return failure_set(why, errno, "cannot make a file in %s: %s", swap_dir(),
				   strerror(errno));
	(void)unlink(path);
	if (!fstatfs(fd, &fs) && fs.f_type == TMPFS_MAGIC) {
		close(fd);
		return failure_set(
			why, EINVAL,
			"%s is in memory, benign loads need a disk: set TMPDIR, or leave "
			"them out with --benign 0",
			swap_dir());
	}
	return fd;
}

static int start_sources(struct benign *b, struct failure *why)
{
	const struct source_env env = {
		.cgroup = b->cgroup.path,
		.interval_ns = NS_PER_S,
		.bell_fd = b->bell_fd,
	};
	int err = 0;

	for (uint32_t i = 0; i < b->st->s->nr_sources && !err; i++) {
		struct survive_source *s = &b->st->s->source[i];
		struct watcher *w = &b->watcher[i];

		if (s->state != RESULT_RAN || survive_is_control(s->name))
			continue;
		err = watcher_start(w, b->st->opts->source[i], NULL, &env, why);
		if (!err)
			err = watcher_wait(w, b->st->hooks->stop_fd, SURVIVE_READY_NS);
		if (err == -ETIMEDOUT)
			(void)failure_set(why, ETIMEDOUT, "%s was not ready in time", s->name);
		if (!err)
			survive_take_words(s, w);
	}
	return err;
}

static int start_load(struct benign *b, struct failure *why)
{
	const pid_t self = getpid();

	b->load = fork();
	if (!b->load)
		benign_load(&b->cgroup, b->kind, &b->st->s->params, b->file_fd, self);
	if (b->load < 0) {
		b->load = 0;
		return failure_set(why, errno, "cannot start a load: %s", strerror(errno));
	}
	b->load_pidfd = pidfd_open(b->load, 0);
	return b->load_pidfd < 0 ? failure_set(why, errno, "pidfd_open: %s", strerror(errno)) : 0;
}

/* A benign load that is killed was none, and one that ends could not go on. */
static int why_ended(struct benign *b, struct failure *why)
{
	int status = 0;

	while (waitpid(b->load, &status, 0) < 0 && errno == EINTR)
		;
	b->load = 0;
	if (WIFSIGNALED(status))
		return failure_set(why, ECHILD, "the benign load %s was killed by signal %d",
				   survive_benigns[b->kind], WTERMSIG(status));
	return failure_set(why, WEXITSTATUS(status), "the benign load %s: %s",
			   survive_benigns[b->kind], strerror(WEXITSTATUS(status)));
}

static int wait_for_end(struct benign *b, uint64_t begun_ns, struct failure *why)
{
	const uint64_t end_ns = begun_ns + b->st->s->params.benign_ns;
	struct pollfd fds[] = {
		{ .fd = b->st->hooks->stop_fd, .events = POLLIN },
		{ .fd = b->load_pidfd, .events = POLLIN },
	};

	for (uint64_t now = begun_ns; now < end_ns; now = now_ns()) {
		if (poll(fds, 2, (int)((end_ns - now) / NS_PER_MS) + 1) < 0)
			continue;
		if (fds[0].revents)
			return -ECANCELED;
		if (fds[1].revents)
			return why_ended(b, why);
	}
	return 0;
}

static void count(struct benign *b)
{
	for (uint32_t i = 0; i < b->st->s->nr_sources; i++) {
		struct watcher *w = &b->watcher[i];
		uint64_t unkept;
		size_t n;

		if (!w->slot)
			continue;
		n = watcher_take(w, b->wakes_ns, &unkept);
		b->st->s->source[i].false_tells[b->kind] += n + unkept;
		if (!watcher_alive(w))
			survive_take_words(&b->st->s->source[i], w);
	}
}

static int run_load(struct benign *b, struct failure *why)
{
	uint64_t begun_ns;
	int err = survive_cgroup_make(b->st, &b->cgroup, false, why);

	if (!err)
		err = start_sources(b, why);
	if (!err)
		err = start_load(b, why);
	begun_ns = now_ns();
	if (!err)
		err = wait_for_end(b, begun_ns, why);
	if (err && err != -ECANCELED)
		return err;
	count(b);
	b->st->s->benign_ns[b->kind] += now_ns() - begun_ns;
	return err;
}

static void end_all(struct benign *b)
{
	if (b->load) {
		(void)kill(b->load, SIGKILL); /* not reaped yet, so it is still this one */
		while (waitpid(b->load, NULL, 0) < 0 && errno == EINTR)
			;
	}
	for (uint32_t i = 0; i < b->st->s->nr_sources; i++)
		watcher_stop(&b->watcher[i]);
	cleanup_close(&b->load_pidfd);
	cleanup_close(&b->bell_fd);
	cleanup_close(&b->file_fd);
}

int benign_run(struct survive_state *st, enum survive_benign kind, struct failure *why)
{
	struct benign b = { .st = st, .kind = kind, .cgroup = CGROUP_INIT, .load_pidfd = -1 };
	struct failure second = { "" };
	int err = 0, left;

	for (uint32_t i = 0; i < SURVIVE_MAX_SOURCES; i++)
		b.watcher[i] = WATCHER_NONE;
	b.bell_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	b.file_fd = kind == SURVIVE_GROWTH ? -1 : benign_file(why);
	b.wakes_ns = calloc(WATCHER_ROOM, sizeof(*b.wakes_ns));
	if (kind != SURVIVE_GROWTH && b.file_fd < 0)
		err = b.file_fd;
	else if (b.bell_fd < 0 || !b.wakes_ns)
		err = failure_set(why, ENOMEM, "out of memory");
	if (!err)
		err = run_load(&b, why);
	end_all(&b);
	left = survive_cgroup_remove(st, &b.cgroup, err ? &second : why);
	free(b.wakes_ns);
	return err ? err : left;
}
