// SPDX-License-Identifier: GPL-2.0-only
/* Grows, and stamps when nothing was left. */
#include "load.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

#include "box/child.h"
#include "box/pattern.h"
#include "common/clock.h"
#include "result.h"

/* Touched in one go; a pause for each page alone would be all pauses. */
#define BATCH_PAGES 16
/* A batch takes 10 to 100 us; what takes longer than this waits for memory. */
#define STALL_NS NS_PER_MS

static struct pattern pattern;

static uint64_t ns_of(const struct load_plan *plan, uint64_t bytes)
{
	return plan->rate_mb_s ? bytes * NS_PER_S / ((uint64_t)plan->rate_mb_s << 20) : 0;
}

uint64_t load_ns(const struct load_plan *plan)
{
	return ns_of(plan, plan->all_bytes);
}

static void ring(int fd, uint64_t value)
{
	if (write(fd, &value, sizeof(value)) < 0)
		return; /* whoever listens has gone */
}

static void sleep_until(uint64_t due_ns)
{
	const struct timespec due = { .tv_sec = (time_t)(due_ns / NS_PER_S),
				      .tv_nsec = (long)(due_ns % NS_PER_S) };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL) == EINTR)
		;
}

static void grow(const struct load_plan *plan, struct load_report *report, char *mem)
{
	const size_t nr_pages = plan->all_bytes / pattern.page_size;
	const uint64_t start_ns = now_ns();
	bool foretold = false;

	for (size_t i = 0; i < nr_pages; i += BATCH_PAGES) {
		const size_t end = i + BATCH_PAGES < nr_pages ? i + BATCH_PAGES : nr_pages;
		const uint64_t bytes = end * pattern.page_size, before_ns = now_ns();
		uint64_t took_ns;

		for (size_t k = i; k < end; k++)
			pattern_touch(&pattern, mem, k);
		took_ns = now_ns() - before_ns;
		if (took_ns > STALL_NS)
			atomic_fetch_add(&report->stall_ns, took_ns);
		if (bytes >= plan->room_bytes && !atomic_load(&report->met_ns))
			atomic_store(&report->met_ns, now_ns());
		if (!foretold && bytes + plan->foretell_bytes >= plan->room_bytes) {
			foretold = true;
			ring(plan->bell_fd, plan->foretold_bytes);
		}
		if (plan->rate_mb_s)
			sleep_until(start_ns + ns_of(plan, bytes));
	}
}

void load_run(const struct load_plan *plan, struct load_report *report, pid_t parent)
{
	char *mem = NULL;
	int err = pattern_init(&pattern);

	(void)setpgid(0, 0);
	if (!err)
		err = child_enter(plan->cgroup, parent);
	if (!err) {
		mem = pattern_map(plan->all_bytes);
		err = mem ? 0 : -errno;
	}
	if (err)
		atomic_store(&report->err, -err);
	else
		grow(plan, report, mem);
	atomic_store(&report->done_ns, now_ns());
	ring(plan->done_fd, 1);
	for (;;)
		(void)pause();
}
