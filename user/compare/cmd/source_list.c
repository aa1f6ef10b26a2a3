// SPDX-License-Identifier: GPL-2.0-only
#include "source_list.h"

#include "common/log.h"
#include "common/parse.h"
#include "compare/run_result.h"

int source_list(const char *arg, const struct source *const all[], size_t nr_all,
		const struct source *out[], uint32_t *n)
{
	const char *names[RESULT_MAX_SOURCES] = { NULL }, *bad = NULL;
	uint32_t mask = UINT32_MAX;
	char allowed[256];
	size_t bad_len = 0;

	for (size_t i = 0; i < nr_all; i++)
		names[i] = all[i]->name;
	if (arg && parse_name_list(arg, names, nr_all, &mask, &bad, &bad_len))
		return usage_err("--sources: '%.*s' is none of %s", (int)bad_len, bad,
				 join_names(names, nr_all, allowed, sizeof(allowed)));
	*n = 0;
	for (size_t i = 0; i < nr_all; i++)
		if (mask & 1U << i)
			out[(*n)++] = all[i];
	return 0;
}
