// SPDX-License-Identifier: GPL-2.0-only
/* `oom-notify compare`: a run with its progress, and how it ends. */
#include <stdio.h>
#include <string.h>

#include "common/args.h"
#include "common/clock.h"
#include "common/human.h"
#include "common/terminal.h"
#include "latency.h"
#include "live.h"

/* On a terminal one line that is redrawn; elsewhere a line an episode. */
struct progress {
	bool live;
};

/* "the first tracepoint after 138us, the last psi after 1.4s, 2 silent" */
static void describe_last(const struct result *r, char *buf, size_t size)
{
	const struct result_source *first = NULL, *last = NULL;
	char a[HUMAN_LEN], b[HUMAN_LEN];
	uint64_t min_ns = UINT64_MAX, max_ns = 0;
	unsigned int silent = 0;

	for (uint32_t i = 0; i < r->nr_sources; i++) {
		const struct result_source *s = &r->source[i];
		const struct result_sample *l = s->nr_samples ? &s->sample[s->nr_samples - 1] :
								NULL;

		if (!l || l->episode != r->nr_episodes - 1)
			continue;
		if (!l->notified) {
			silent++;
			continue;
		}
		if (l->latency_ns < min_ns) {
			min_ns = l->latency_ns;
			first = s;
		}
		if (l->latency_ns >= max_ns) {
			max_ns = l->latency_ns;
			last = s;
		}
	}
	if (!first)
		snprintf(buf, size, "nobody spoke");
	else if (first == last)
		snprintf(buf, size, "%s after %s", first->name, human_time(min_ns, a));
	else
		snprintf(buf, size, "first %s after %s, last %s after %s", first->name,
			 human_time(min_ns, a), last->name, human_time(max_ns, b));
	if (first && silent)
		snprintf(buf + strlen(buf), size - strlen(buf), ", %u silent", silent);
}

static void show_progress(void *ctx, const struct run_progress *p)
{
	const struct progress *own = ctx;
	char what[160], left[HUMAN_LEN], line[256];

	if (p->doing && !own->live)
		return; /* a line an episode is enough for a file */
	if (p->doing)
		snprintf(what, sizeof(what), "%s%s%s", p->doing, p->of ? " " : "",
			 p->of ? p->of : "");
	else
		describe_last(p->result, what, sizeof(what));
	snprintf(line, sizeof(line), "episode %u of %u", p->done, p->all);
	if (p->left_ns)
		snprintf(line + strlen(line), sizeof(line) - strlen(line), ", about %s left",
			 human_time(p->left_ns, left));
	if (own->live)
		fprintf(stderr, "\r\033[K%.40s: %.80s", line, what);
	else
		fprintf(stderr, "%s: %s\n", line, what);
}

int latency_live(const struct latency_config *c)
{
	struct progress progress = { .live = terminal_is_live() };
	struct run_hooks hooks = { .tell = show_progress, .ctx = &progress };
	struct live_outcome outcome = { 0 };
	struct result *r;
	struct live live;
	int code = live_begin(&live, c->json_path, c->plot_path);

	if (code != ARGS_GO_ON)
		return code;
	hooks.stop_fd = live.stop_fd;
	r = run_compare(&c->run, &hooks, &outcome.err, &outcome.why, &outcome.left);
	if (progress.live)
		fputs("\r\033[K", stderr);
	code = live_end(&live, &compare_latencies, r, c->verbose, &outcome);
	result_free(r);
	return code;
}
