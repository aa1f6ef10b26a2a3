// SPDX-License-Identifier: GPL-2.0-only
/* Messages: who speaks, and one line each whatever is quoted in them. */
#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/log.h"

/* What the messages wrote, once nothing can be written any more. */
static const char *written(void)
{
	static char text[4096];
	FILE *err = cr_get_redirected_stderr();

	close(STDERR_FILENO);
	text[fread(text, 1, sizeof(text) - 1, err)] = '\0';
	return text;
}

Test(log, prefix, .init = cr_redirect_stderr)
{
	log_err("no %s", "verb");
	log_set_verb("watch");
	log_err("%d", 1);
	log_warn("two");
	log_set_verb(NULL);
	cr_assert_eq(usage_err("three"), EXIT_USAGE);
	cr_assert_str_eq(written(), "oom-notify: no verb\n"
				    "oom-notify watch: 1\n"
				    "oom-notify watch: warning: two\n"
				    "oom-notify: three\n");
}

Test(log, where_help_is, .init = cr_redirect_stderr)
{
	cr_assert_eq(usage_hint("no option '%s'", "-x"), EXIT_USAGE);
	log_set_verb("watch");
	cr_assert_eq(usage_hint("no option '%s'", "-y"), EXIT_USAGE);
	log_set_verb(NULL);
	cr_assert_str_eq(written(),
			 "oom-notify: no option '-x'; see 'oom-notify --help'\n"
			 "oom-notify watch: no option '-y'; see 'oom-notify watch --help'\n");
}

Test(log, one_line_always, .init = cr_redirect_stderr)
{
	usage_err("'%s'", "a\nb\tc\x1b[31m\x7f\xc3\xa9");
	cr_assert_str_eq(written(), "oom-notify: 'a?b?c?[31m?\xc3\xa9'\n");
}

Test(log, long_messages_are_cut, .init = cr_redirect_stderr)
{
	static char arg[2000];
	const char *text;

	memset(arg, 'x', sizeof(arg) - 1);
	log_err("%s", arg);
	log_err("next");
	text = strchr(written(), '\n');
	cr_assert_not_null(text);
	cr_assert_str_eq(text, "\noom-notify: next\n");
}
