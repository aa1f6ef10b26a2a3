// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages on stderr. Each is one write of one line, so that those of several processes don't mix.
 */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "control_chars.h"

static const char *verb_name;
static void (*call_before)(void *ctx);
static void *before_ctx;

void log_set_verb(const char *verb)
{
	verb_name = verb;
}

void log_set_before(void (*before)(void *ctx), void *ctx)
{
	call_before = before;
	before_ctx = ctx;
}

__attribute__((format(printf, 2, 0))) static void put_line(const char *label, const char *fmt,
							   va_list ap)
{
	char line[1024];
	const size_t room = sizeof(line) - 1; /* for the newline */
	size_t len;
	ssize_t n;

	(void)snprintf(line, room, "oom-notify%s%s: %s", verb_name ? " " : "",
		       verb_name ? verb_name : "", label);
	len = strlen(line);
	(void)vsnprintf(line + len, room - len, fmt, ap);
	blank_controls(line); /* an argument quoted in it may hold anything */
	len = strlen(line);
	line[len++] = '\n';
	if (call_before)
		call_before(before_ctx);
	n = write(STDERR_FILENO, line, len);
	(void)n; /* there is nowhere to tell it */
}

void log_err(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put_line("", fmt, ap);
	va_end(ap);
}

void log_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put_line("warning: ", fmt, ap);
	va_end(ap);
}

int usage_err(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put_line("", fmt, ap);
	va_end(ap);
	return EXIT_USAGE;
}

int usage_hint(const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return usage_err("%s; see 'oom-notify%s%s --help'", text, verb_name ? " " : "",
			 verb_name ? verb_name : "");
}
