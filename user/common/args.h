/* SPDX-License-Identifier: GPL-2.0-only */
/* The chores of a command line, on top of argp. */
#ifndef OOMN_ARGS_H
#define OOMN_ARGS_H

#include <argp.h>
#include <stddef.h>
#include <stdint.h>

#define ARGS_GO_ON (-1)

/* A row for the verb's table of options. */
#define ARGS_HELP 'h'
/* clang-format off */
#define ARGS_HELP_OPTION { "help", ARGS_HELP, NULL, 0, "print this help", -1 }
/* clang-format on */

/*
 * Parses with @verb's argp, which is given @input as state->input and has ARGS_HELP_OPTION. What is
 * wrong is told in one line: for options that do not exist in the words of getopt, for values by
 * @verb's parser, which then returns EINVAL. @name is shown in these messages and in the help.
 *
 * ARGS_GO_ON, or an enum exit_code to end with: the help was printed, or something was wrong.
 */
int args_parse(const struct argp *verb, const char *name, unsigned int flags, int argc, char **argv,
	       void *input);

/*
 * Values of options. 0, or EXIT_USAGE after a line that names @option, its value and what is
 * allowed. A time may be a year at most.
 */
int args_duration(const char *option, const char *arg, uint64_t min_ns, uint64_t *out);
int args_number(const char *option, const char *arg, uint64_t min, uint64_t max, uint64_t *out);
/* The index of one of the words @names. */
int args_word(const char *option, const char *arg, const char *const names[], size_t n,
	      unsigned int *out);

/* For where none was given: short enough to be typed again. */
uint64_t args_any_seed(void);

#endif
