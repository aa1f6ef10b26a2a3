/* SPDX-License-Identifier: GPL-2.0-only */
/* Messages for people, on stderr, one line each, "oom-notify: " in front. */
#ifndef OOMN_LOG_H
#define OOMN_LOG_H

/* Exit codes that scripts can rely on. */
enum exit_code {
	EXIT_OK = 0,
	EXIT_FAIL = 1,	/* it did not work */
	EXIT_USAGE = 2, /* the command line is wrong; nothing was done */
};

/* The verb shown in messages ("oom-notify watch: ..."); NULL for none. */
void log_set_verb(const char *verb);

/*
 * Called before each message: who draws a live line on the terminal takes it away there. NULL:
 * nobody.
 */
void log_set_before(void (*before)(void *ctx), void *ctx);

__attribute__((format(printf, 1, 2))) void log_err(const char *fmt, ...);
__attribute__((format(printf, 1, 2))) void log_warn(const char *fmt, ...);

/* Reports a wrong command line. Returns EXIT_USAGE, so that `return usage_err(...)` cannot lie. */
__attribute__((format(printf, 1, 2))) int usage_err(const char *fmt, ...);

/* The same, with a word at the end on where all that is allowed is told. */
__attribute__((format(printf, 1, 2))) int usage_hint(const char *fmt, ...);

#endif
