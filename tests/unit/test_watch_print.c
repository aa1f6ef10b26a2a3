// SPDX-License-Identifier: GPL-2.0-only
/* From notices to the output: what is lost is said once, and counted. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/watch_print.h"
#include "core/rows.h"
#include "rows.h"
#include "tables.h"

#define ROW OOMN_CGROUP_FIRST

static struct watch_opts opts;
static struct stats stats;
static struct printer printer;
static struct oomn_cgroup *rows;
static char text[65536];
static int output;

/* Standard output is a pipe that is read here. */
static void start(void)
{
	int fd[2];

	cr_assert_eq(pipe2(fd, O_NONBLOCK), 0);
	cr_assert_eq(dup2(fd[1], STDOUT_FILENO), STDOUT_FILENO);
	close(fd[1]);
	output = fd[0];
	rows = calloc(OOMN_NR_CGROUPS, sizeof(*rows));
	opts.kinds = ~0U;
	opts.json = true;
	cr_assert_eq(printer_init(&printer, &opts, &stats, rows), 0);
}

static void end(void)
{
	printer_close(&printer);
	free(rows);
	close(output);
}

TestSuite(watch_print, .init = start, .fini = end);

/* What has come to the output since the last time. */
static const char *written(void)
{
	ssize_t n = read(output, text, sizeof(text) - 1);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

static void lost(struct loss total)
{
	printer_lost(&printer, &total);
}

Test(watch_print, levels_that_cannot_be_kept)
{
	lost((struct loss){ .level_hits = 0 });
	printer_pump(&printer);
	cr_assert_str_eq(written(), "");
	lost((struct loss){ .level_hits = 5 });
	cr_assert_eq(stats.lost.level_hits, 0, "not said yet");
	printer_pump(&printer);
	cr_assert(strstr(written(), "{\"event\":\"lost\","));
	cr_assert(strstr(text, "\"hits\":0,"));
	cr_assert(strstr(text, "\"level_hits\":5,"));
	cr_assert_eq(stats.lost.level_hits, 5);
	lost((struct loss){ .level_hits = 5 });
	printer_pump(&printer);
	cr_assert_str_eq(written(), "", "said twice");
	lost((struct loss){ .level_hits = 12 });
	printer_pump(&printer);
	cr_assert(strstr(written(), "\"level_hits\":7,"), "what was said before is said again");
	cr_assert_eq(stats.lost.level_hits, 12);
}

/* Also when it ends just then, or nothing is to be printed. */
Test(watch_print, levels_lost_at_the_end)
{
	opts.quiet = true;
	lost((struct loss){ .level_hits = 3 });
	printer_give_up(&printer);
	cr_assert_eq(stats.lost.level_hits, 3);
	cr_assert_str_eq(written(), "");
}

Test(watch_print, cgroups_without_a_row)
{
	lost((struct loss){ .row_hits = 6 });
	printer_pump(&printer);
	cr_assert(strstr(written(), "\"row_hits\":6,"));
	cr_assert_eq(stats.lost.row_hits, 6);
	lost((struct loss){ .row_hits = 6 });
	printer_pump(&printer);
	cr_assert_str_eq(written(), "", "said twice");
}

static struct notice event_of(uint32_t row, uint64_t id)
{
	struct notice n = { .type = NOTICE_EVENT };

	n.rec.hdr.hits = 1;
	n.rec.hdr.cgroup_row = row;
	n.rec.hdr.cgroup_id = id;
	return n;
}

/* What waits holds its row; a name that is another's by then is not told. */
Test(watch_print, row_that_changed_hands)
{
	struct notice mine = event_of(ROW, ROW_ID(ROW)), stale = event_of(ROW, 7);
	struct rows held = { .table = rows };

	put_dir(rows, ROW, ROOT_ROW, "own");
	put_dir(rows, ROW + 1, ROOT_ROW, "other");
	printer_push(&printer, &mine);
	printer_push(&printer, &stale);
	printer_hold_rows(&printer, &held);
	cr_assert(held.held[ROW]);
	cr_assert_not(held.held[ROW + 1]);
	printer_pump(&printer);
	cr_assert(strstr(written(), "\"cgroup\":\"/own\",\"cgroup_id\":5003,"));
	cr_assert(strstr(text, "\"cgroup\":null,\"cgroup_id\":7,"));
	memset(held.held, 0, sizeof(held.held));
	printer_hold_rows(&printer, &held);
	cr_assert_not(held.held[ROW], "nothing waits any more");
}

static struct notice headroom_of(enum headroom_edge edge, enum level level, uint32_t row,
				 uint64_t id)
{
	return (struct notice){ .type = NOTICE_HEADROOM,
				.headroom = { .scope = id ? SCOPE_CGROUP : SCOPE_GLOBAL,
					      .edge = edge,
					      .level = level,
					      .cgroup_row = row,
					      .cgroup_id = id,
					      .left_bytes = 1,
					      .limit_bytes = 100 } };
}

static unsigned int tell_headroom(enum headroom_edge edge, enum level level)
{
	struct notice n = headroom_of(edge, level, OOMN_CGROUP_NONE, 0);
	const uint64_t before = stats.headroom_told;

	printer_push(&printer, &n);
	printer_pump(&printer);
	cr_assert_eq(!!strstr(written(), "\"event\":\"headroom\""), stats.headroom_told > before);
	return (unsigned int)(stats.headroom_told - before);
}

Test(watch_print, headroom_of_the_kind_asked_for)
{
	cr_assert_eq(tell_headroom(HEADROOM_FALLS, LEVEL_LOW), 1);
	opts.kinds = ~WATCH_KIND_HEADROOM;
	cr_assert_eq(tell_headroom(HEADROOM_FALLS, LEVEL_LOW), 0);
	opts.kinds = WATCH_KIND_HEADROOM;
	cr_assert_eq(tell_headroom(HEADROOM_FALLS, LEVEL_LOW), 1);
	opts.quiet = true;
	cr_assert_eq(tell_headroom(HEADROOM_FALLS, LEVEL_LOW), 0);
}

/* That it is over, and that the kernel brakes, has no level of its own. */
Test(watch_print, headroom_of_the_level_asked_for)
{
	opts.min_level = LEVEL_MEDIUM;
	cr_assert_eq(tell_headroom(HEADROOM_FALLS, LEVEL_LOW), 0);
	cr_assert_eq(tell_headroom(HEADROOM_FALLS, LEVEL_MEDIUM), 1);
	cr_assert_eq(tell_headroom(HEADROOM_RECOVERS, LEVEL_NONE), 1);
	cr_assert_eq(tell_headroom(HEADROOM_HIGH, LEVEL_NONE), 1);
}

/* As an event does: it holds its row, and is told without a name that is another's by then. */
Test(watch_print, headroom_row_that_changed_hands)
{
	struct notice mine = headroom_of(HEADROOM_FALLS, LEVEL_LOW, ROW, ROW_ID(ROW));
	struct notice stale = headroom_of(HEADROOM_FALLS, LEVEL_LOW, ROW, 7);
	struct rows held = { .table = rows };

	put_dir(rows, ROW, ROOT_ROW, "own");
	printer_push(&printer, &mine);
	printer_push(&printer, &stale);
	printer_hold_rows(&printer, &held);
	cr_assert(held.held[ROW]);
	printer_pump(&printer);
	cr_assert(strstr(written(), "\"cgroup\":\"/own\",\"cgroup_id\":5003}"));
	cr_assert(strstr(text, "\"cgroup\":null,\"cgroup_id\":7}"));
}

/* And so does a level, with another place for both. */
Test(watch_print, level_row_that_changed_hands)
{
	struct notice mine = { .type = NOTICE_LEVEL,
			       .change = { .scope = SCOPE_CGROUP,
					   .to = LEVEL_LOW,
					   .cgroup_row = ROW,
					   .cgroup_id = ROW_ID(ROW) } };
	struct notice stale = mine;
	struct rows held = { .table = rows };

	stale.change.cgroup_id = 7;
	put_dir(rows, ROW, ROOT_ROW, "own");
	printer_push(&printer, &stale);
	printer_hold_rows(&printer, &held);
	cr_assert_not(held.held[ROW]);
	printer_push(&printer, &mine);
	printer_hold_rows(&printer, &held);
	cr_assert(held.held[ROW]);
	printer_pump(&printer);
	cr_assert(strstr(written(), "\"cgroup\":null,\"cgroup_id\":7"));
	cr_assert(strstr(text, "\"cgroup\":\"/own\",\"cgroup_id\":5003"));
}

/* An output that takes nothing: what finds no place is counted, and said when there is room. */
Test(watch_print, headroom_lost_to_a_slow_output)
{
	static const char key[] = "\"queue_headroom\":";
	static char all[2 << 20];
	uint64_t lost;
	size_t len = 0;
	ssize_t n_read;
	char *at;

	for (int i = 0; i < 5000; i++) {
		struct notice n = headroom_of(HEADROOM_FALLS, LEVEL_LOW, OOMN_CGROUP_NONE, 0);

		printer_push(&printer, &n);
	}
	lost = printer.untold.queue_headroom;
	cr_assert_gt(lost, 0);
	do {
		printer_pump(&printer);
		n_read = read(output, all + len, sizeof(all) - 1 - len);
		len += n_read > 0 ? (size_t)n_read : 0;
	} while (n_read > 0);
	at = strstr(all, key);
	cr_assert_not_null(at);
	cr_assert_eq(strtoull(at + strlen(key), NULL, 10), lost);
	cr_assert_null(strstr(at + 1, key), "said twice");
	cr_assert_eq(stats.lost.queue_headroom, lost);
	cr_assert_eq(stats.headroom_told + lost, 5000);
}

Test(watch_print, headroom_that_is_not_watched)
{
	lost((struct loss){ .unwatched = 0 });
	printer_pump(&printer);
	cr_assert_str_eq(written(), "");
	for (int i = 0; i < 2; i++) {
		lost((struct loss){ .unwatched = 4 });
		printer_pump(&printer);
		cr_assert_eq(!!strstr(written(), "\"unwatched_cgroups\":4}"), !i, "once");
	}
	cr_assert_eq(stats.lost.unwatched, 4);
}
