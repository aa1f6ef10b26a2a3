// SPDX-License-Identifier: GPL-2.0-only
/*
 * One episode:
 *
 *
 *
 * Whether somebody is dead the cgroup's own counter says.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "compare/random.h"
#include "run_priv.h"

/*
 * A whole number of intervals of all that look once in a while, so that each is met at any point.
 */
#define WAIT_NS NS_PER_S
/* More than its plan takes. */
#define PATIENCE_NS (30 * NS_PER_S)
/* The counter is read so often meanwhile, for kills of which no process of ours is the victim. */
#define LOOK_MS 100

struct life {
	struct survive_state *st;
	struct survive_episode *e;
	struct cgroup cgroup;
	struct victim victim;
	struct watcher_work work;
	struct watcher watcher;
	struct load_plan plan;
	pid_t load;
	int load_pidfd;
	uint64_t end_ns;
};

int survive_cgroup_make(struct survive_state *st, struct cgroup *cg, bool swap, struct failure *why)
{
	const struct survive_params *p = &st->s->params;
	struct failure ignored = { "" };
	int err;

	*cg = CGROUP_INIT;
	err = cgroup_create(cg, st->name, why);
	if (!err)
		err = cgroup_limit(cg, p->limit_bytes, swap ? p->swap_bytes : 0, why);
	if (err)
		(void)survive_cgroup_remove(st, cg, &ignored);
	return err;
}

int survive_cgroup_remove(struct survive_state *st, struct cgroup *cg, struct failure *why)
{
	const int err = cg->name[0] ? cgroup_remove(&cg->mount, st->name, why) : 0;

	if (cg->fd >= 0)
		close(cg->fd);
	*cg = CGROUP_INIT;
	return err;
}

void survive_take_words(struct survive_source *s, const struct watcher *w)
{
	const struct watcher_slot *slot = w->slot;
	const enum watcher_state state = atomic_load(&slot->state);

	if (slot->what[0])
		snprintf(s->what, sizeof(s->what), "%s", slot->what);
	if (state == WATCHER_READY)
		return;
	s->state = state == WATCHER_ABSENT ? RESULT_ABSENT : RESULT_BROKE;
	snprintf(s->why, sizeof(s->why), "%.*s", RESULT_TEXT_LEN - 1, slot->why.text);
}

static int start_victim(struct life *l, struct failure *why)
{
	struct survive_source *s = &l->st->s->source[l->e->source];
	const struct source_env env = {
		.cgroup = l->cgroup.path,
		.interval_ns = NS_PER_S,
		.bell_fd = l->plan.bell_fd,
	};
	int err;

	l->victim = (struct victim){
		.cgroup = &l->cgroup,
		.cache_bytes = l->st->s->params.cache_bytes,
		.report = &l->st->shared->victim,
	};
	l->work = victim_work(&l->victim);
	err = watcher_start(&l->watcher, l->st->opts->source[l->e->source], &l->work, &env, why);
	if (!err)
		err = watcher_wait(&l->watcher, l->st->hooks->stop_fd, SURVIVE_READY_NS);
	if (err == -ETIMEDOUT)
		(void)failure_set(why, ETIMEDOUT, "%s was not ready within %llu s", s->name,
				  SURVIVE_READY_NS / NS_PER_S);
	if (!err)
		survive_take_words(s, &l->watcher);
	if (!err && s->state == RESULT_RAN)
		l->st->s->params.realtime = l->watcher.slot->realtime;
	return err;
}

/* From here on the load can take so much before somebody must give up something. */
static int measure_room(struct life *l, struct failure *why)
{
	const struct survive_params *p = &l->st->s->params;
	const uint64_t most_bytes = p->limit_bytes +
				    (l->e->swap == SURVIVE_SWAP ? p->swap_bytes : 0);
	struct cgroup_gauge gauge = { .usage_fd = -1, .over_fd = -1 };
	uint64_t usage_bytes = 0, over;
	int err = cgroup_gauge_open(&l->cgroup, &gauge);

	if (!err)
		err = cgroup_gauge_read(&gauge, &usage_bytes, &over);
	cleanup_close(&gauge.usage_fd);
	cleanup_close(&gauge.over_fd);
	if (err)
		return failure_set(why, -err, "cannot read the usage of the box: %s",
				   strerror(-err));
	l->plan.room_bytes = most_bytes > usage_bytes ? most_bytes - usage_bytes : 0;
	l->e->needed_bytes = survive_needed(p);
	l->plan.all_bytes = l->plan.room_bytes + l->e->needed_bytes;
	l->plan.rate_mb_s = p->rate_mb_s[l->e->rate];
	l->plan.foretell_bytes = p->limit_bytes / 100 * SOURCE_FORETELL_PERCENT;
	/* As far below as it was notified above. */
	l->plan.foretold_bytes = l->e->needed_bytes + l->plan.foretell_bytes / 2;
	return 0;
}

static int start_load(struct life *l, struct failure *why)
{
	const pid_t self = getpid();

	l->load = fork();
	if (!l->load)
		load_run(&l->plan, &l->st->shared->load, self);
	if (l->load < 0) {
		l->load = 0;
		return failure_set(why, errno, "cannot start a load: %s", strerror(errno));
	}
	l->load_pidfd = pidfd_open(l->load, 0);
	return l->load_pidfd < 0 ? failure_set(why, errno, "pidfd_open: %s", strerror(errno)) : 0;
}

/* Until the load is done, somebody is dead, or it has taken too long. */
static int wait_for_end(struct life *l, struct failure *why)
{
	const uint64_t deadline_ns = now_ns() + load_ns(&l->plan) + PATIENCE_NS;
	struct pollfd fds[] = {
		{ .fd = l->st->hooks->stop_fd, .events = POLLIN },
		{ .fd = l->plan.done_fd, .events = POLLIN },
		{ .fd = l->load_pidfd, .events = POLLIN },
		{ .fd = l->watcher.pidfd, .events = POLLIN },
	};

	for (;;) {
		if (poll(fds, sizeof(fds) / sizeof(fds[0]), LOOK_MS) < 0 && errno != EINTR)
			return failure_set(why, errno, "poll: %s", strerror(errno));
		l->end_ns = now_ns();
		if (fds[0].revents)
			return -ECANCELED;
		if (fds[1].revents || fds[2].revents || fds[3].revents ||
		    cgroup_oom_kills(&l->cgroup))
			return 0;
		if (l->end_ns > deadline_ns)
			return 0;
	}
}

static int judge(struct life *l, struct failure *why)
{
	const struct victim_report *v = &l->st->shared->victim;
	const struct load_report *load = &l->st->shared->load;
	struct survive_source *s = &l->st->s->source[l->e->source];
	const uint64_t notified_ns = atomic_load(&v->notified_ns),
		       met_ns = atomic_load(&load->met_ns);
	struct survive_episode *e = l->e;

	if (atomic_load(&v->err))
		return failure_set(why, atomic_load(&v->err), "the cache could not be freed: %s",
				   strerror(atomic_load(&v->err)));
	if (cgroup_oom_kills(&l->cgroup))
		e->end = SURVIVE_KILLED;
	else if (atomic_load(&load->err))
		return failure_set(why, atomic_load(&load->err), "the load could not grow: %s",
				   strerror(atomic_load(&load->err)));
	else if (!watcher_alive(&l->watcher))
		survive_take_words(s, &l->watcher);
	else
		e->end = atomic_load(&load->done_ns) ? SURVIVE_LIVES : SURVIVE_STUCK;
	e->tells = atomic_load(&v->tells);
	e->lead_ns = notified_ns ? (int64_t)((met_ns ? met_ns : l->end_ns) - notified_ns) : 0;
	e->given_bytes = l->victim.cache_bytes - atomic_load(&v->kept_bytes);
	e->stall_ns = atomic_load(&load->stall_ns);
	return 0;
}

static void end_load(struct life *l)
{
	if (l->load) {
		(void)kill(l->load, SIGKILL); /* not reaped yet, so it is still this one */
		while (waitpid(l->load, NULL, 0) < 0 && errno == EINTR)
			;
	}
	cleanup_close(&l->load_pidfd);
}

static int wait_a_while(const struct life *l, uint32_t number)
{
	struct chance c = chance_of(l->st->s->params.seed, CHANCE_WAIT, number);
	const uint64_t ns = chance_below(&c, WAIT_NS);
	const struct timespec left = { .tv_nsec = (long)ns };
	struct pollfd stop = { .fd = l->st->hooks->stop_fd, .events = POLLIN };

	return ppoll(&stop, 1, &left, NULL) > 0 ? -ECANCELED : 0;
}

static int live(struct life *l, uint32_t number, struct failure *why)
{
	int err = start_victim(l, why);

	if (err || l->st->s->source[l->e->source].state != RESULT_RAN)
		return err;
	err = wait_a_while(l, number);
	if (!err)
		err = measure_room(l, why);
	if (!err)
		err = start_load(l, why);
	if (!err)
		err = wait_for_end(l, why);
	return err ? err : judge(l, why);
}

int survive_episode_run(struct survive_state *st, uint32_t number, struct survive_episode *e,
			struct failure *why)
{
	struct life l = {
		.st = st,
		.e = e,
		.watcher = WATCHER_NONE,
		.load_pidfd = -1,
		.plan = { .bell_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
			  .done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) },
	};
	struct failure second = { "" };
	int err, left;

	memset(st->shared, 0, sizeof(*st->shared));
	l.plan.cgroup = &l.cgroup;
	if (l.plan.bell_fd < 0 || l.plan.done_fd < 0)
		err = failure_set(why, errno, "no eventfd: %s", strerror(errno));
	else
		err = survive_cgroup_make(st, &l.cgroup, e->swap == SURVIVE_SWAP, why);
	if (!err)
		err = live(&l, number, why);
	end_load(&l);
	watcher_stop(&l.watcher);
	left = survive_cgroup_remove(st, &l.cgroup, err ? &second : why);
	cleanup_close(&l.plan.bell_fd);
	cleanup_close(&l.plan.done_fd);
	return err ? err : left;
}
