// SPDX-License-Identifier: GPL-2.0-only
/* `oom-notify compare --survive`: a run with its progress, and how it ends. */
#include <stdio.h>
#include <string.h>

#include "common/args.h"
#include "common/human.h"
#include "common/terminal.h"
#include "live.h"
#include "survive.h"
#include "compare/survive/figures.h"
#include "survive_report.h"

/* On a terminal one line that is redrawn; elsewhere a line an episode. */
struct progress {
	bool live;
};

/* "headroom at 200 MB/s without swap lives, told 598ms before" */
static void describe(const struct survive *s, const struct survive_episode *e, char *buf,
		     size_t size)
{
	char rate[SURVIVE_RATE_LEN], lead[HUMAN_LEN];
	int n = snprintf(buf, size, "%s at %s %s swap: %s, ", s->source[e->source].name,
			 survive_rate(s->params.rate_mb_s[e->rate], rate), survive_swaps[e->swap],
			 survive_ends[e->end]);

	if (n < 0 || (size_t)n >= size)
		return;
	if (!e->tells)
		snprintf(buf + n, size - (size_t)n, "never told");
	else
		snprintf(buf + n, size - (size_t)n, "told %s before",
			 survive_lead((double)e->lead_ns, lead));
}

static void show_progress(void *ctx, const struct survive_progress *p)
{
	const struct progress *own = ctx;
	char what[160], left[HUMAN_LEN], line[256];

	if (!p->episode && !own->live)
		return; /* a line an episode is enough for a file */
	if (p->episode)
		describe(p->result, p->episode, what, sizeof(what));
	else
		snprintf(what, sizeof(what), "%s", p->doing);
	snprintf(line, sizeof(line), "%u of %u", p->done, p->all);
	if (p->left_ns)
		snprintf(line + strlen(line), sizeof(line) - strlen(line), ", %s left",
			 human_time(p->left_ns, left));
	if (own->live)
		fprintf(stderr, "\r\033[K%.30s: %.80s", line, what);
	else
		fprintf(stderr, "%s: %s\n", line, what);
}

int survive_live(const struct survive_config *c)
{
	struct progress progress = { .live = terminal_is_live() };
	struct survive_hooks hooks = { .tell = show_progress, .ctx = &progress };
	struct live_outcome outcome = { 0 };
	struct survive *r;
	struct live live;
	int code = live_begin(&live, c->json_path, c->plot_path);

	if (code != ARGS_GO_ON)
		return code;
	hooks.stop_fd = live.stop_fd;
	r = survive_run(&c->run, &hooks, &outcome.err, &outcome.why, &outcome.left);
	if (progress.live)
		fputs("\r\033[K", stderr);
	code = live_end(&live, &compare_survivors, r, c->verbose, &outcome);
	survive_free(r);
	return code;
}
