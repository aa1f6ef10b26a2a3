// SPDX-License-Identifier: GPL-2.0-only
/* What the command lines of all verbs share: help, and errors in one line. */
#include "args.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/log.h"

struct args {
	void *input;
	bool help;
};

static const struct argp_option options[] = {
	{ "help", 'h', NULL, 0, "print this help", -1 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *a = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = a->input;
		state->err_stream = NULL; /* no second line after getopt's own message */
		return 0;
	case 'h':
		a->help = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int print_help(const struct argp *argp, char *name)
{
	argp_help(argp, stdout, ARGP_HELP_STD_HELP, name);
	if (!fflush(stdout) && !ferror(stdout))
		return EXIT_OK;
	log_err("cannot write to standard output: %s", strerror(errno));
	return EXIT_FAIL;
}

int args_parse(const struct argp *verb, const char *name, unsigned int flags, int argc, char **argv,
	       void *input)
{
	const struct argp_child children[] = { { verb, 0, NULL, 0 }, { 0 } };
	const struct argp argp = {
		options, parse, verb->args_doc, verb->doc, children, NULL, NULL
	};
	struct args a = { .input = input };
	static char shown[64]; /* argv[0] from here on */
	int err;

	snprintf(shown, sizeof(shown), "%s", name);
	argv[0] = shown;
	err = argp_parse(&argp, argc, argv, flags | ARGP_NO_HELP, NULL, &a);
	if (err == ENOMEM) {
		log_err("out of memory");
		return EXIT_FAIL;
	}
	if (err)
		return EXIT_USAGE;
	return a.help ? print_help(&argp, shown) : ARGS_GO_ON;
}
