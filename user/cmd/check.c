// SPDX-License-Identifier: GPL-2.0-only
/* oom-notify check: prints, for people or as JSON, what core/checks.c found on this machine. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "common/args.h"
#include "box/box.h"
#include "cmd.h"
#include "common/json.h"
#include "common/layout.h"
#include "common/log.h"
#include "common/stdout.h"
#include "common/terminal.h"
#include "core/checks.h"

#define LINE_COLUMNS  80
#define STATE_COLUMNS 8
#define COST_INDENT   11 /* below the name */
#define JSON_BYTES    65536
#define OUTPUT_BYTES  (2 * JSON_BYTES)

/* Beside those of every verb. */
#define EXIT_NOT_KNOWN 3

static const char *const state_names[NR_CHECK_STATES] = {
	[CHECK_OK] = "ok",	     [CHECK_OPTIONAL] = "optional", [CHECK_DEGRADED] = "degraded",
	[CHECK_UNKNOWN] = "unknown", [CHECK_MISSING] = "missing",
};

static const char *const state_colours[NR_CHECK_STATES] = {
	[CHECK_OK] = "\033[32m",      [CHECK_OPTIONAL] = "\033[36m", [CHECK_DEGRADED] = "\033[33m",
	[CHECK_UNKNOWN] = "\033[33m", [CHECK_MISSING] = "\033[31m",
};

struct options {
	bool json;
};

static const struct argp_option option_table[] = {
	{ "json", 'j', NULL, 0, "one JSON object instead of lines for people", 0 },
	ARGS_HELP_OPTION,
	{ 0 },
};

static error_t take_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'j':
		o->json = true;
		return 0;
	case ARGP_KEY_ARG:
		usage_hint("unexpected argument '%s': check takes options only", arg);
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp check_argp = {
	.options = option_table,
	.parser = take_option,
	.doc = "Says what of oom-notify works on this machine, what is degraded and what is "
	       "missing, what each lack costs and how to get it. What is optional is not "
	       "missing: `oom-notify watch` is whole without it."
	       "\v"
	       "Exit status: 0 when `oom-notify watch` will work, 1 when it will not (or the "
	       "output could not be written), 2 when the command line is wrong, 3 when that "
	       "cannot be told here. Needs no privilege; what it cannot see without is named.",
};

/* @text behind what has filled @indent columns already. */
static void print_wrapped(const char *text, unsigned int indent)
{
	char buf[2048] = "";
	struct layout l = { .buf = buf, .size = sizeof(buf) };

	layout_put(&l, "%*s", (int)indent, "");
	layout_wrap(&l, LINE_COLUMNS, indent, "%s", text);
	(void)fputs(buf + indent, stdout);
}

static int widest_name(const struct check checks[], size_t n)
{
	size_t widest = 0;

	for (size_t i = 0; i < n; i++)
		if (strlen(checks[i].name) > widest)
			widest = strlen(checks[i].name);
	return (int)widest;
}

static void print_check(const struct check *c, int name_columns, bool colour)
{
	printf(" %s%-*s%s  %-*s  ", colour ? state_colours[c->state] : "", STATE_COLUMNS,
	       state_names[c->state], colour ? "\033[0m" : "", name_columns, c->name);
	print_wrapped(c->detail, 1 + STATE_COLUMNS + 2 + (unsigned int)name_columns + 2);
	if (c->cost) {
		printf("%*s", COST_INDENT, "");
		print_wrapped(c->cost, COST_INDENT);
	}
	if (c->remedy) {
		printf("%*s-> ", COST_INDENT, "");
		print_wrapped(c->remedy, COST_INDENT + 3);
	}
}

/* @sentence and the required rows in this state. */
static void print_required(const char *sentence, const struct check checks[], size_t n,
			   enum check_state state)
{
	char text[1024];
	size_t len = (size_t)snprintf(text, sizeof(text), "%s", sentence);
	const char *comma = " ";

	for (size_t i = 0; i < n && len < sizeof(text); i++) {
		if (!checks[i].required || checks[i].state != state)
			continue;
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s", comma,
					checks[i].name);
		comma = ", ";
	}
	if (len < sizeof(text))
		(void)snprintf(text + len, sizeof(text) - len, ".");
	print_wrapped(text, 0);
}

static void print_verdict(const struct check checks[], size_t n)
{
	unsigned int count[NR_CHECK_STATES] = { 0 };

	for (size_t i = 0; i < n; i++)
		count[checks[i].state]++;
	printf("\n%u ok", count[CHECK_OK]);
	for (int state = CHECK_OK + 1; state < NR_CHECK_STATES; state++)
		if (count[state])
			printf(", %u %s", count[state], state_names[state]);
	puts(".");
	switch (checks_verdict(checks, n)) {
	case CHECKS_WILL_WORK:
		puts("`oom-notify watch` will work.");
		break;
	case CHECKS_NOT_KNOWN:
		print_required(
			"Whether `oom-notify watch` will work is not known without a look at",
			checks, n, CHECK_UNKNOWN);
		break;
	case CHECKS_WILL_NOT:
		print_required("`oom-notify watch` will not work, for want of", checks, n,
			       CHECK_MISSING);
		break;
	}
}

static void print_for_people(const struct check checks[], size_t n)
{
	const bool colour = terminal_has_colour(STDOUT_FILENO);
	const int name_columns = widest_name(checks, n);

	for (size_t i = 0; i < n; i++)
		print_check(&checks[i], name_columns, colour);
	print_verdict(checks, n);
}

static void put_str_or_null(struct json *j, const char *key, const char *s)
{
	if (s)
		json_str(j, key, s);
	else
		json_nil(j, key);
}

/* 0 or negative errno. */
static int print_json(const struct check checks[], size_t n)
{
	static char buf[JSON_BYTES];
	const enum checks_verdict verdict = checks_verdict(checks, n);
	struct utsname u = { 0 };
	struct json j;
	long len;

	(void)uname(&u);
	json_init(&j, buf, sizeof(buf));
	json_open(&j, NULL, '{');
	json_str(&j, "kernel", u.release);
	if (verdict == CHECKS_NOT_KNOWN)
		json_nil(&j, "will_work");
	else
		json_bool(&j, "will_work", verdict == CHECKS_WILL_WORK);
	json_open(&j, "checks", '[');
	for (size_t i = 0; i < n; i++) {
		json_open(&j, NULL, '{');
		json_str(&j, "name", checks[i].name);
		json_str(&j, "state", state_names[checks[i].state]);
		json_str(&j, "detail", checks[i].detail);
		put_str_or_null(&j, "cost", checks[i].cost);
		put_str_or_null(&j, "remedy", checks[i].remedy);
		json_close(&j, '}');
	}
	json_close(&j, ']');
	json_close(&j, '}');
	len = json_end_line(&j);
	if (len < 0)
		return (int)len;
	fwrite(buf, 1, (size_t)len, stdout); /* stdout remembers errors */
	return 0;
}

/* The one of `make demo`: whoever can make that can make others. */
static void ask_for_box(struct check_env *env)
{
	static const struct box_opts demo = {
		.limit_bytes = 64 << 20,
		.use_bytes = 192 << 20,
		.swap_bytes = 256 << 20,
		.swap = BOX_SWAP_AUTO,
		.cause = BOX_MEMCG,
	};
	static struct failure why;

	env->box = box_possible(&demo, &why) ? REFUSED : WORKS;
	env->box_is = why.text;
}

int cmd_check(int argc, char **argv)
{
	static const int exit_codes[] = {
		[CHECKS_WILL_WORK] = EXIT_OK,
		[CHECKS_NOT_KNOWN] = EXIT_NOT_KNOWN,
		[CHECKS_WILL_NOT] = EXIT_FAIL,
	};
	static struct check checks[CHECKS_MAX];
	static char output[OUTPUT_BYTES];
	struct options o = { 0 };
	struct check_env env;
	int err;
	size_t n;

	err = args_parse(&check_argp, "oom-notify check", 0, argc, argv, &o);
	if (err != ARGS_GO_ON)
		return err;
	/* Room for all: what is written on the way would fail without a reason that lasts. */
	(void)setvbuf(stdout, output, _IOFBF, sizeof(output));
	check_env_fill(&env);
	ask_for_box(&env);
	n = checks_run(&env, checks);
	err = 0;
	if (o.json)
		err = print_json(checks, n);
	else
		print_for_people(checks, n);
	if (err) {
		log_err("the report does not fit its buffer: %s", strerror(-err));
		return EXIT_FAIL;
	}
	/* A verdict that did not arrive is none. */
	return stdout_flush() ? EXIT_FAIL : exit_codes[checks_verdict(checks, n)];
}
