// SPDX-License-Identifier: GPL-2.0-only
/* Help, and errors in one line. */
#include "args.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "clock.h"
#include "log.h"
#include "parse.h"
#include "stdout.h"

struct args {
	const struct argp *verb;
	void *input;
	bool help;
};

/* In front of the verb's own parser. */
static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *a = state->input;
	error_t err;

	if (key == ARGP_KEY_INIT)
		state->err_stream = NULL; /* no second line after getopt's own message */
	if (key == ARGS_HELP) {
		a->help = true;
		return 0;
	}
	state->input = a->input;
	err = a->verb->parser(key, arg, state);
	state->input = a;
	return err;
}

static int print_help(const struct argp *argp, char *name)
{
	argp_help(argp, stdout, ARGP_HELP_STD_HELP, name);
	return stdout_flush() ? EXIT_FAIL : EXIT_OK;
}

/*
 * getopt's message about an option that does not exist goes to stderr by itself, and argp cannot
 * add to it: so it is held back, and told with a hint.
 */
static error_t parse_all(const struct argp *argp, unsigned int flags, int argc, char **argv,
			 struct args *a)
{
	FILE *const own = stderr;
	const size_t name_len = strlen(argv[0]);
	char said[512] = "";
	const char *text = said;
	FILE *held = fmemopen(said, sizeof(said), "w");
	error_t err;

	if (held)
		stderr = held;
	err = argp_parse(argp, argc, argv, flags | ARGP_NO_HELP, NULL, a);
	stderr = own;
	if (held)
		(void)fclose(held);
	said[strcspn(said, "\n")] = '\0';
	if (!strncmp(text, argv[0], name_len) && !strncmp(text + name_len, ": ", 2))
		text += name_len + 2; /* which our messages begin with as well */
	if (*text)
		(void)usage_hint("%s", text);
	return err;
}

int args_parse(const struct argp *verb, const char *name, unsigned int flags, int argc, char **argv,
	       void *input)
{
	struct args a = { .verb = verb, .input = input };
	struct argp argp = *verb;
	static char shown[64]; /* argv[0] from here on */
	error_t err;

	argp.parser = parse;
	snprintf(shown, sizeof(shown), "%s", name);
	argv[0] = shown;
	err = parse_all(&argp, flags, argc, argv, &a);
	if (err == ENOMEM) {
		log_err("out of memory");
		return EXIT_FAIL;
	}
	if (err)
		return EXIT_USAGE;
	return a.help ? print_help(&argp, shown) : ARGS_GO_ON;
}

/* Longer than anybody watches, and far from overflowing. */
#define MAX_TIME_NS (366ULL * 24 * 3600 * NS_PER_S)

int args_duration(const char *option, const char *arg, uint64_t min_ns, uint64_t *out)
{
	if (parse_duration_ns(arg, min_ns, MAX_TIME_NS, out))
		return usage_err("%s: '%s' is no time: a number with us, ms, s, m or h, at least "
				 "%gms and at most a year",
				 option, arg, (double)min_ns / 1e6);
	return 0;
}

int args_number(const char *option, const char *arg, uint64_t min, uint64_t max, uint64_t *out)
{
	if (parse_u64(arg, min, max, out))
		return usage_err("%s: '%s' is no whole number from %llu to %llu", option, arg,
				 (unsigned long long)min, (unsigned long long)max);
	return 0;
}

int args_word(const char *option, const char *arg, const char *const names[], size_t n,
	      unsigned int *out)
{
	char allowed[256];
	const int i = parse_name(arg, names, n);

	if (i < 0)
		return usage_err("%s: '%s' is none of %s", option, arg,
				 join_names(names, n, allowed, sizeof(allowed)));
	*out = (unsigned int)i;
	return 0;
}

uint64_t args_any_seed(void)
{
	uint64_t seed = now_ns();

	(void)!getrandom(&seed, sizeof(seed), 0);
	return seed % 1000000;
}
