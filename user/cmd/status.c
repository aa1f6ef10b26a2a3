// SPDX-License-Identifier: GPL-2.0-only
#include "status.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/terminal.h"
#include "core/names.h"

struct status {
	const char *verb;
	struct output *out; /* NULL: no terminal */
	enum level machine;
	uint64_t events;
	uint64_t quiet_since_ns;
};

static void clear(void *ctx)
{
	output_clear_line(ctx);
}

struct status *status_new(const char *verb, struct output *out)
{
	struct status *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->verb = verb;
	s->out = terminal_is_live() ? out : NULL;
	if (s->out)
		log_set_before(clear, out);
	return s;
}

void status_free(struct status *s)
{
	if (!s)
		return;
	if (s->out) {
		log_set_before(NULL, NULL);
		output_clear_line(s->out);
	}
	free(s);
}

void status_ready(struct status *s, uint64_t ready_ns)
{
	if (!s)
		return;
	s->quiet_since_ns = now_ns();
	fprintf(stderr, "oom-notify %s: ready in %.1f ms, %sing\n", s->verb, (double)ready_ns / 1e6,
		s->verb);
}

void status_level(struct status *s, enum level machine)
{
	if (s)
		s->machine = machine;
}

bool status_is_live(const struct status *s)
{
	return s && s->out;
}

/* Erasing takes away one line of the terminal, so that it must not need a second one. */
static void draw(const struct status *s, uint64_t quiet_ns)
{
	unsigned int columns = terminal_columns(STDOUT_FILENO);
	char line[160];

	(void)snprintf(line, sizeof(line),
		       "%sing: machine level %s, %" PRIu64 " events, quiet for %" PRIu64 " s",
		       s->verb, level_names[s->machine], s->events,
		       (uint64_t)(quiet_ns / NS_PER_S));
	if (columns && columns <= sizeof(line))
		line[columns - 1] = '\0';
	output_show_line(s->out, line);
}

void status_show(struct status *s, uint64_t now_ns, uint64_t events)
{
	if (!status_is_live(s))
		return;
	if (events != s->events) {
		s->events = events;
		s->quiet_since_ns = now_ns;
		output_clear_line(s->out);
	} else if (terminal_is_ours()) {
		draw(s, now_ns - s->quiet_since_ns);
	} else {
		output_clear_line(s->out);
	}
}
