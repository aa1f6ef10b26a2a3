// SPDX-License-Identifier: GPL-2.0-only
#include "vmstat.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include "common/cleanup.h"

static const struct {
	const char *name;
	size_t offset;
	bool prefix; /* adds up all counters that begin so */
} counters[] = {
	{ "pswpout", offsetof(struct vmstat, pswpout), false },
	{ "swpout_zero", offsetof(struct vmstat, swpout_zero), false },
	{ "zswpout", offsetof(struct vmstat, zswpout), false },
	{ "allocstall_", offsetof(struct vmstat, allocstall), true },
	{ "oom_kill", offsetof(struct vmstat, oom_kill), false },
};

#define NR_COUNTERS (sizeof(counters) / sizeof(counters[0]))

static int64_t *member(struct vmstat *v, size_t i)
{
	return (int64_t *)((char *)v + counters[i].offset);
}

static const int64_t *cmember(const struct vmstat *v, size_t i)
{
	return (const int64_t *)((const char *)v + counters[i].offset);
}

static bool matches(size_t i, const char *name)
{
	if (counters[i].prefix)
		return !strncmp(name, counters[i].name, strlen(counters[i].name));
	return !strcmp(name, counters[i].name);
}

/* False for what no counter can be: a negative value, or a sum that overflows. */
static bool add_up(int64_t *to, int64_t value)
{
	int64_t sum;

	if (value < 0 || __builtin_add_overflow(*to < 0 ? 0 : *to, value, &sum))
		return false;
	*to = sum;
	return true;
}

int vmstat_parse(FILE *f, struct vmstat *v)
{
	char name[64];
	int64_t value;
	bool any = false;

	memset(v, 0xff, sizeof(*v));
	while (fscanf(f, "%63s %" SCNd64, name, &value) == 2) {
		for (size_t i = 0; i < NR_COUNTERS; i++) {
			if (!matches(i, name))
				continue;
			any |= add_up(member(v, i), value);
		}
	}
	return any ? 0 : -EBADMSG;
}

int vmstat_read(struct vmstat *v)
{
	_cleanup_fclose_ FILE *f = fopen("/proc/vmstat", "re");

	if (!f)
		return -errno;
	return vmstat_parse(f, v);
}

static int64_t known(int64_t counter)
{
	return counter > 0 ? counter : 0;
}

int64_t vmstat_swapped_out(const struct vmstat *v)
{
	return known(v->pswpout) + known(v->swpout_zero) + known(v->zswpout);
}

struct vmstat vmstat_delta(const struct vmstat *from, const struct vmstat *to)
{
	struct vmstat d;

	for (size_t i = 0; i < NR_COUNTERS; i++) {
		if (*cmember(from, i) < 0 || *cmember(to, i) < 0)
			*member(&d, i) = -1;
		else
			*member(&d, i) = *cmember(to, i) - *cmember(from, i);
	}
	return d;
}
