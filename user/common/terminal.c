// SPDX-License-Identifier: GPL-2.0-only
#include "terminal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* As git has it: who does not know what it is takes no risk. */
static bool is_dumb(void)
{
	const char *term = getenv("TERM");

	return !term || !*term || !strcmp(term, "dumb");
}

bool terminal_has_colour(int fd)
{
	const char *no_color = getenv("NO_COLOR");

	return !(no_color && *no_color) && !is_dumb() && isatty(fd);
}

bool terminal_is_live(void)
{
	return !is_dumb() && isatty(STDOUT_FILENO) && isatty(STDERR_FILENO);
}

bool terminal_is_ours(void)
{
	pid_t group = tcgetpgrp(STDOUT_FILENO);

	return group < 0 || group == getpgrp(); /* negative: not the one that controls us */
}

static struct winsize window(int fd)
{
	struct winsize ws = { 0 };

	if (ioctl(fd, TIOCGWINSZ, &ws))
		memset(&ws, 0, sizeof(ws));
	return ws;
}

unsigned int terminal_columns(int fd)
{
	unsigned int columns = window(fd).ws_col;

	return columns || !isatty(fd) ? columns : TERMINAL_COLUMNS;
}

unsigned int terminal_rows(int fd)
{
	return window(fd).ws_row;
}

/*
 * As setlocale(3) chooses among the variables, without the locale itself, which need not be
 * installed and would take memory.
 */
bool terminal_is_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return strcasestr(value, "utf-8") || strcasestr(value, "utf8");
	}
	return false;
}
