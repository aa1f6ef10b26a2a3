// SPDX-License-Identifier: GPL-2.0-only
#include "loss.h"

#include <stddef.h>
#include <string.h>

#define NR_COUNTS (sizeof(struct loss) / sizeof(uint64_t))

/* The same counts, one after the other. */
union counts {
	struct loss loss;
	uint64_t count[NR_COUNTS];
};

void loss_add(struct loss *sum, const struct loss *more)
{
	const union counts add = { .loss = *more };
	union counts to = { .loss = *sum };

	for (size_t i = 0; i < NR_COUNTS; i++)
		to.count[i] += add.count[i];
	*sum = to.loss;
}

struct loss loss_since(struct loss *known, const struct loss *total)
{
	const union counts now = { .loss = *total };
	union counts then = { .loss = *known }, more = { 0 };

	for (size_t i = 0; i < NR_COUNTS; i++) {
		if (now.count[i] <= then.count[i])
			continue;
		more.count[i] = now.count[i] - then.count[i];
		then.count[i] = now.count[i];
	}
	*known = then.loss;
	return more.loss;
}

bool loss_is_none(const struct loss *l)
{
	static const struct loss none;

	return !memcmp(l, &none, sizeof(none));
}
