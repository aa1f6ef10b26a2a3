// SPDX-License-Identifier: GPL-2.0-only
/* Tables, JSON and plot of who survived; runs read back from files. */
#include "survive_report.h"

#include "common/args.h"
#include "common/log.h"
#include "compare/survive/file.h"
#include "compare/survive/table.h"

static int write_survivors(const void *run, FILE *f)
{
	return survive_write(run, f);
}

static void print_survivors(const void *run, bool verbose, FILE *f)
{
	survive_print(run, verbose, f);
}

const struct compare_kind compare_survivors = {
	.participle = "found",
	.write = write_survivors,
	.plot = &plot_survive,
	.print = print_survivors,
};

int survive_replay(const char *path, const char *plot_path, bool verbose)
{
	char why[RESULT_TEXT_LEN];
	struct survive *s = survive_read(path, why);
	struct compare_outputs o;
	int ret;

	if (!s) {
		log_err("%s: %s", path, why);
		return EXIT_USAGE;
	}
	ret = compare_open(&o, NULL, plot_path);
	if (ret == ARGS_GO_ON)
		ret = compare_finish(&o, &compare_survivors, s, verbose);
	survive_free(s);
	return ret;
}
