// SPDX-License-Identifier: GPL-2.0-only
/* oom-notify VERB: finds the verb and hands the command line on. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/parse.h"
#include "common/stdout.h"

static const struct verb {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help;
} verbs[] = {
	{ "watch", cmd_watch, "print memory pressure events as they come, a summary at the end" },
	{ "listen", cmd_listen, "print what /dev/oom_notify tells; needs no privilege" },
	{ "check", cmd_check, "say what works on this kernel, what is degraded, what is missing" },
	{ "pressure", cmd_pressure, "make real memory pressure inside a box, then remove it all" },
	{ "compare", cmd_compare, "measure how late each notification of memory pressure is" },
};

#define NR_VERBS (sizeof(verbs) / sizeof(verbs[0]))

static int print_help(void)
{
	puts("Usage: oom-notify VERB [OPTION...]\n"
	     "Tells at once when memory runs short: who is swapped out, by whom, and for how long\n"
	     "tasks stall.\n\nVerbs:");
	for (size_t i = 0; i < NR_VERBS; i++)
		printf("  %-10s %s\n", verbs[i].name, verbs[i].help);
	puts("\n  -h, --help  print this help\n"
	     "  --version   print the version\n\n"
	     "`oom-notify VERB --help` tells a verb's options.");
	return stdout_flush() ? EXIT_FAIL : EXIT_OK;
}

static int print_version(void)
{
	puts("oom-notify " VERSION);
	return stdout_flush() ? EXIT_FAIL : EXIT_OK;
}

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < NR_VERBS; i++)
		if (!strcmp(name, verbs[i].name))
			return &verbs[i];
	return NULL;
}

/*
 * A closed standard descriptor would become the next file that is opened, perhaps a BPF map.
 * Writing to what stands in for stdout fails as it does for a closed one.
 */
static void fill_closed_fds(void)
{
	static const int flags[] = { O_RDONLY, O_RDONLY, O_WRONLY };

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)open("/dev/null", flags[fd]); /* takes the lowest: this one */
}

int main(int argc, char **argv)
{
	const char *names[NR_VERBS];
	const struct verb *verb;
	char allowed[128];

	fill_closed_fds();
	clock_init();
	for (size_t i = 0; i < NR_VERBS; i++)
		names[i] = verbs[i].name;
	join_names(names, NR_VERBS, allowed, sizeof(allowed));

	if (argc < 2)
		return usage_hint("a verb is missing: one of %s (or --help, --version)", allowed);
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		return print_help();
	if (!strcmp(argv[1], "--version"))
		return print_version();
	verb = find_verb(argv[1]);
	if (!verb)
		return usage_hint("unknown verb '%s': allowed are %s, --help, --version", argv[1],
				  allowed);
	log_set_verb(verb->name);
	return verb->run(argc - 1, argv + 1);
}
