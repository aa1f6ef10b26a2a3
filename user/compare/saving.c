// SPDX-License-Identifier: GPL-2.0-only
/* Lines of a saved run. */
#include "saving.h"

#include <errno.h>

#include "common/clock.h"

void saving_line(struct saving *s)
{
	(void)fwrite(s->json.buf, 1, s->json.len, s->f);
	(void)fputc('\n', s->f);
	s->json.len = 0;
}

void saving_begin(struct saving *s, FILE *f, const char *format, int version, uint64_t started_ns,
		  const char *incomplete)
{
	struct json *j = &s->json;

	s->f = f;
	json_init(j, s->buf, sizeof(s->buf));
	json_open(j, NULL, '{');
	json_str(j, "format", format);
	json_u64(j, "version", (uint64_t)version);
	/*
	 * Nanoseconds since 1970 are more than a double holds, and many readers know only doubles.
	 */
	json_u64(j, "started_ms", started_ns / NS_PER_MS);
	json_bool(j, "complete", !incomplete[0]);
	json_str(j, "incomplete", incomplete);
	saving_line(s);
}

void saving_machine(struct saving *s, const struct result_machine *m)
{
	struct json *j = &s->json;

	json_open(j, "machine", '{');
	machine_json(j, &m->is);
	json_str(j, "swap", m->swap);
	machine_load_json(j, "load_before", m->is.load);
	machine_load_json(j, "load_after", m->load_after);
	json_close(j, '}');
	saving_line(s);
}

int saving_end(struct saving *s)
{
	json_close(&s->json, '}');
	if (s->json.overflow)
		return -EMSGSIZE;
	saving_line(s);
	errno = EIO;
	return fflush(s->f) || ferror(s->f) ? -errno : 0;
}
