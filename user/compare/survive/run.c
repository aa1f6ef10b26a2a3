// SPDX-License-Identifier: GPL-2.0-only
/*
 * The order of a run: every source at every rate, without swap and with, shuffled; then benign
 * loads.
 */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "box/box.h"
#include "box/name.h"
#include "box/swap.h"
#include "common/clock.h"
#include "compare/random.h"
#include "core/machine.h"
#include "run_priv.h"

/* With swap the cgroup may use so much of it, as a share of its cache. */
#define SWAP_SHARE 4
/* Whole pages, of the largest size there is; half of the cache as well. */
#define CACHE_UNIT (128UL << 10)

struct cell {
	uint32_t source, rate;
	enum survive_swap swap;
};

struct whole {
	struct survive_state st;
	struct swap swap;
	struct cell *cell; /* of a round */
	uint32_t nr_cells;
	uint32_t done, all;
	uint64_t begun_ns;
};

static void report_progress(const struct whole *w, const struct survive_episode *e,
			    const char *doing)
{
	struct survive_progress p = {
		.done = w->done,
		.all = w->all,
		.episode = e,
		.doing = doing,
		.result = w->st.s,
	};

	if (w->done)
		p.left_ns = (now_ns() - w->begun_ns) / w->done * (w->all - w->done);
	w->st.hooks->tell(w->st.hooks->ctx, &p);
}

static void fill_params(struct survive *s, const struct survive_opts *o)
{
	struct survive_params *p = &s->params;
	struct timespec now;

	*p = o->params;
	p->cache_bytes = p->limit_bytes / 100 * o->cache_percent / CACHE_UNIT * CACHE_UNIT;
	p->swap_bytes = p->cache_bytes / SWAP_SHARE;
	for (uint32_t i = 0; i < o->nr_sources; i++) {
		snprintf(s->source[i].name, RESULT_NAME_LEN, "%s", o->source[i]->name);
		snprintf(s->source[i].what, RESULT_TEXT_LEN, "%s", o->source[i]->name);
	}
	machine_read(&s->machine.is);
	clock_gettime(CLOCK_REALTIME, &now);
	s->started_ns = (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

static int make_swap(struct whole *w, struct failure *why)
{
	struct survive *s = w->st.s;
	struct failure other = { "" };
	int err;

	if (!s->params.swap[SURVIVE_SWAP]) {
		snprintf(s->machine.swap, sizeof(s->machine.swap), "none");
		return 0;
	}
	err = swap_create(&w->swap, BOX_SWAP_FILE, s->params.swap_bytes, w->st.name, why);
	if (err && !swap_destroy(&w->swap, &other))
		err = swap_create(&w->swap, BOX_SWAP_ZRAM, s->params.swap_bytes, w->st.name,
				  &other);
	if (err)
		return err;
	snprintf(s->machine.swap, sizeof(s->machine.swap), "%s of %llu MB, the run's own",
		 w->swap.kind == BOX_SWAP_ZRAM ? "zram" : "file",
		 (unsigned long long)s->params.swap_bytes >> 20);
	return 0;
}

/* Before an hour of episodes, not after it. */
static int check_file(const struct survive_params *p, struct failure *why)
{
	int fd, err;

	if (!p->benign_ns)
		return 0;
	fd = benign_file(why);
	if (fd < 0)
		return fd;
	err = posix_fallocate(fd, 0, (off_t)(p->limit_bytes * SURVIVE_STREAM_LIMITS));
	close(fd);
	if (err)
		return failure_set(
			why, err,
			"no room for a file of %llu MB in %s: %s; set TMPDIR, or leave benign "
			"loads out with --benign 0",
			(unsigned long long)(p->limit_bytes * SURVIVE_STREAM_LIMITS) >> 20,
			swap_dir(), strerror(err));
	return 0;
}

static int set_up(struct whole *w, struct failure *why)
{
	const struct survive_params *p = &w->st.s->params;
	const uint64_t available_bytes = box_available_bytes();
	struct box_name self;
	int err;

	if (p->limit_bytes + p->cache_bytes > available_bytes / 2)
		return failure_set(
			why, ERANGE,
			"--limit is %llu MB: with the cache that is more than half of the "
			"%llu MB of available memory",
			(unsigned long long)p->limit_bytes >> 20,
			(unsigned long long)available_bytes >> 20);
	if (name_self(&self))
		return failure_set(why, ENOENT, "cannot read our own /proc/PID: is /proc mounted?");
	name_format(&self, w->st.name);
	w->st.shared = mmap(NULL, sizeof(*w->st.shared), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (w->st.shared == MAP_FAILED) {
		w->st.shared = NULL;
		return failure_set(why, ENOMEM, "out of memory");
	}
	err = check_file(p, why);
	return err ? err : make_swap(w, why);
}

static int list_cells(struct whole *w)
{
	const struct survive *s = w->st.s;

	w->cell = calloc((size_t)s->nr_sources * s->params.nr_rates * SURVIVE_NR_SWAPS,
			 sizeof(*w->cell));
	if (!w->cell)
		return -ENOMEM;
	for (int swap = 0; swap < SURVIVE_NR_SWAPS; swap++)
		for (uint32_t rate = 0; s->params.swap[swap] && rate < s->params.nr_rates; rate++)
			for (uint32_t i = 0; i < s->nr_sources; i++)
				w->cell[w->nr_cells++] = (struct cell){ i, rate,
									(enum survive_swap)swap };
	return 0;
}

static void shuffle(struct whole *w, uint32_t round)
{
	struct chance c = chance_of(w->st.s->params.seed, CHANCE_ORDER, round);

	for (uint32_t i = w->nr_cells; i > 1; i--) {
		const uint32_t k = (uint32_t)chance_below(&c, i);
		const struct cell t = w->cell[i - 1];

		w->cell[i - 1] = w->cell[k];
		w->cell[k] = t;
	}
}

static int run_cell(struct whole *w, const struct cell *c, struct failure *why)
{
	struct survive_source *source = &w->st.s->source[c->source];
	struct survive_episode e = { .source = c->source, .rate = c->rate, .swap = c->swap };
	int err;

	if (source->state != RESULT_RAN) {
		w->all--;
		return 0;
	}
	report_progress(w, NULL, source->name);
	err = survive_episode_run(&w->st, w->done, &e, why);
	if (err)
		return err;
	if (source->state != RESULT_RAN) {
		w->all--;
		return 0;
	}
	w->done++;
	err = survive_add(w->st.s, &e);
	report_progress(w, &e, NULL);
	return err;
}

static int run_episodes(struct whole *w, struct failure *why)
{
	int err = list_cells(w) ? failure_set(why, ENOMEM, "out of memory") : 0;

	w->begun_ns = now_ns();
	for (uint32_t round = 0; round < w->st.s->params.episodes && !err; round++) {
		shuffle(w, round);
		for (uint32_t i = 0; i < w->nr_cells && !err; i++)
			err = run_cell(w, &w->cell[i], why);
	}
	return err;
}

static int run_benign(struct whole *w, struct failure *why)
{
	int err = 0;

	if (!w->st.s->params.benign_ns)
		return 0;
	for (int kind = 0; kind < SURVIVE_NR_BENIGN && !err; kind++) {
		report_progress(w, NULL, survive_benigns[kind]);
		err = benign_run(&w->st, (enum survive_benign)kind, why);
	}
	return err;
}

static bool any_ran(const struct survive *s)
{
	for (uint32_t i = 0; i < s->nr_sources; i++)
		if (s->source[i].state == RESULT_RAN)
			return true;
	return false;
}

static int run_all(struct whole *w, struct failure *why, struct failure *left)
{
	int err = set_up(w, why);

	if (!err)
		err = run_episodes(w, why);
	/* Benign loads need none, and swap in use is no use to anybody. */
	(void)swap_destroy(&w->swap, left);
	if (!err)
		err = run_benign(w, why);
	if (!err && !any_ran(w->st.s))
		err = failure_set(why, ESRCH, "no source is here: the table says why");
	free(w->cell);
	if (w->st.shared)
		(void)munmap(w->st.shared, sizeof(*w->st.shared));
	return err;
}

struct survive *survive_run(const struct survive_opts *opts, const struct survive_hooks *hooks,
			    int *err, struct failure *why, struct failure *left)
{
	struct whole w = { .st = { .opts = opts, .hooks = hooks } };
	uint32_t swaps = 0;
	struct survive *s;

	for (int i = 0; i < SURVIVE_NR_SWAPS; i++)
		swaps += opts->params.swap[i];
	w.all = (uint32_t)opts->params.episodes * opts->nr_sources * opts->params.nr_rates * swaps;
	w.st.s = s = survive_new(opts->nr_sources, w.all);
	if (!s) {
		*err = failure_set(why, ENOMEM, "out of memory");
		return NULL;
	}
	fill_params(s, opts);
	*err = run_all(&w, why, left);
	machine_load(s->machine.load_after);
	if (*err)
		snprintf(s->incomplete, sizeof(s->incomplete), "%s after %u of %u episodes",
			 *err == -ECANCELED ? "interrupted" :
			 *err == -ESRCH	    ? "no source left" :
					      "failed",
			 w.done, w.all);
	if (s->nr_episodes || *err == -ESRCH || !*err)
		return s;
	survive_free(s);
	return NULL;
}
