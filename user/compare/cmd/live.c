// SPDX-License-Identifier: GPL-2.0-only
#include "live.h"

#include <errno.h>
#include <string.h>

#include "box/box.h"
#include "common/args.h"
#include "common/cleanup.h"
#include "common/log.h"
#include "common/signals.h"

int live_begin(struct live *l, const char *json_path, const char *plot_path)
{
	struct failure why = { "" };
	unsigned int stale;
	int code;

	l->stop_fd = signals_open();
	if (l->stop_fd < 0) {
		log_err("cannot watch for signals: %s", strerror(errno));
		return EXIT_FAIL;
	}
	code = compare_open(&l->out, json_path, plot_path);
	if (code != ARGS_GO_ON) {
		cleanup_close(&l->stop_fd);
		return code;
	}
	if (box_clean_stale(&stale, &why))
		log_warn("%s", why.text);
	else if (stale)
		log_warn("removed what a killed run had left behind (%u)", stale);
	return ARGS_GO_ON;
}

static int report(struct live *l, const struct compare_kind *kind, const void *run, bool verbose,
		  const struct live_outcome *outcome)
{
	const int signal = signals_read(l->stop_fd);
	int code;

	if (signal)
		log_warn("interrupted by SIG%s%s%s%s", sigabbrev_np(signal),
			 run ? ": what was " : " before an episode was over",
			 run ? kind->participle : ": there is nothing to print",
			 run ? " until then follows" : "");
	else if (outcome->err)
		log_err("%s", outcome->why.text);
	if (!run) {
		compare_cancel(&l->out);
		return signal ? 128 + signal : EXIT_FAIL;
	}
	code = compare_finish(&l->out, kind, run, verbose);
	if (signal)
		return 128 + signal;
	return outcome->err ? EXIT_FAIL : code;
}

int live_end(struct live *l, const struct compare_kind *kind, const void *run, bool verbose,
	     const struct live_outcome *outcome)
{
	int code;

	if (outcome->left.text[0])
		log_err("%s", outcome->left.text);
	code = report(l, kind, run, verbose, outcome);
	cleanup_close(&l->stop_fd);
	return outcome->left.text[0] && !code ? EXIT_FAIL : code;
}
