// SPDX-License-Identifier: GPL-2.0-only
/* `oom-notify compare --survive`: a run with its progress, and how it ends. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/args.h"
#include "box/box.h"
#include "common/cleanup.h"
#include "common/log.h"
#include "common/human.h"
#include "common/terminal.h"
#include "common/signals.h"
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

static int report(const struct survive_config *c, struct compare_outputs *out, struct survive *s,
		  int err, const struct failure *why, int signal)
{
	int code;

	if (signal)
		log_warn("interrupted by SIG%s%s", sigabbrev_np(signal),
			 s ? ": what was found until then follows" :
			     " before an episode was over: there is nothing to print");
	else if (err)
		log_err("%s", why->text);
	if (!s) {
		compare_cancel(out);
		return signal ? 128 + signal : EXIT_FAIL;
	}
	code = compare_finish(out, &compare_survivors, s, c->verbose);
	if (signal)
		return 128 + signal;
	return err ? EXIT_FAIL : code;
}

int survive_live(const struct survive_config *c)
{
	struct progress progress = { .live = terminal_is_live() };
	struct survive_hooks hooks = { .tell = show_progress, .ctx = &progress };
	struct failure why = { "" }, left = { "" };
	struct compare_outputs out;
	struct survive *s;
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
	s = survive_run(&c->run, &hooks, &err, &why, &left);
	if (progress.live)
		fputs("\r\033[K", stderr);
	if (left.text[0])
		log_err("%s", left.text);
	code = report(c, &out, s, err, &why, signals_read(hooks.stop_fd));
	survive_free(s);
	cleanup_close(&hooks.stop_fd);
	return left.text[0] && !code ? EXIT_FAIL : code;
}
