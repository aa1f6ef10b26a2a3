// SPDX-License-Identifier: GPL-2.0-only
/* `oom-notify compare`: a run with its progress, and how it ends. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/args.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/human.h"
#include "common/terminal.h"
#include "box/box.h"
#include "latency.h"
#include "report.h"
#include "common/signals.h"

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

static void clear(const struct progress *p)
{
	if (p->live)
		fputs("\r\033[K", stderr);
}

static int report(const struct latency_config *c, struct compare_outputs *out, struct result *r,
		  int err, const struct failure *why, int signal)
{
	int code;

	if (signal)
		log_warn("interrupted by SIG%s%s", sigabbrev_np(signal),
			 r ? ": what was measured until then follows" :
			     " before an episode was over: there is nothing to print");
	else if (err)
		log_err("%s", why->text);
	if (!r) {
		compare_cancel(out);
		return signal ? 128 + signal : EXIT_FAIL;
	}
	code = compare_finish(out, &compare_latencies, r, c->verbose);
	if (signal)
		return 128 + signal;
	return err ? EXIT_FAIL : code;
}

int latency_live(const struct latency_config *c)
{
	struct progress progress = { .live = terminal_is_live() };
	struct run_hooks hooks = { .tell = show_progress, .ctx = &progress };
	struct failure why = { "" }, left = { "" };
	struct compare_outputs out;
	struct result *r;
	unsigned int stale;
	int err = 0, code;

	hooks.stop_fd = signals_open();
	if (hooks.stop_fd < 0) {
		log_err("cannot watch for signals: %s", strerror(errno));
		return EXIT_FAIL;
	}
	code = compare_open(&out, c->json_path, c->plot_path);
	if (code != ARGS_GO_ON) {
		cleanup_close(&hooks.stop_fd);
		return code;
	}
	if (box_clean_stale(&stale, &why))
		log_warn("%s", why.text);
	else if (stale)
		log_warn("removed what a killed run had left behind (%u)", stale);
	r = run_compare(&c->run, &hooks, &err, &why, &left);
	clear(&progress);
	if (left.text[0])
		log_err("%s", left.text);
	code = report(c, &out, r, err, &why, signals_read(hooks.stop_fd));
	result_free(r);
	cleanup_close(&hooks.stop_fd);
	return left.text[0] && !code ? EXIT_FAIL : code;
}
