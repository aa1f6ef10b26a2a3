// SPDX-License-Identifier: GPL-2.0-only
/* The line on stderr that shows a quiet machine is being watched, or listened to. */
#include "status.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/terminal.h"
#include "core/names.h"
#include "sinks/output.h"

struct status {
	const char *verb;
	struct output *out; /* NULL: no terminal */
	bool shown;
	enum level machine;
	uint64_t events;
	uint64_t quiet_since_ns;
};

struct status *status_new(const char *verb)
{
	struct status *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->verb = verb;
	if (terminal_is_live())
		s->out = output_open(STDERR_FILENO, 4096);
	return s;
}

void status_free(struct status *s)
{
	if (!s)
		return;
	output_close(s->out);
	free(s);
}

/* A line that does not fit, the last one still waiting, is not missed: the next one follows. */
__attribute__((format(printf, 2, 3))) static void say(struct status *s, const char *fmt, ...)
{
	size_t room;
	char *to = output_reserve(s->out, &room);
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(to, room, fmt, args);
	va_end(args);
	if (n > 0 && (size_t)n < room)
		output_commit(s->out, (size_t)n);
	output_flush(s->out);
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

void status_clear(struct status *s)
{
	if (!s || !s->shown)
		return;
	say(s, "\r\033[K");
	s->shown = false;
}

bool status_is_live(const struct status *s)
{
	return s && s->out;
}

void status_show(struct status *s, uint64_t now_ns, uint64_t events)
{
	if (!status_is_live(s))
		return;
	if (events != s->events) {
		s->events = events;
		s->quiet_since_ns = now_ns;
		status_clear(s);
		return;
	}
	say(s, "\r\033[K%sing: machine level %s, %" PRIu64 " events, quiet for %" PRIu64 " s",
	    s->verb, level_names[s->machine], events,
	    (uint64_t)((now_ns - s->quiet_since_ns) / NS_PER_S));
	s->shown = true;
}
