// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs a command in a cgroup namespace of its own:
 *
 *
 *
 * ROOT is the directory of the cgroup that becomes the namespace's root, HOME that of the one below
 * it in which the command runs: what hands controllers down has no processes itself.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int join(const char *dir)
{
	char path[512];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/cgroup.procs", dir);
	f = fopen(path, "w");
	if (!f)
		return -1;
	if (fputs("0", f) < 0) {
		(void)fclose(f);
		return -1;
	}
	return fclose(f);
}

int main(int argc, char **argv)
{
	if (argc < 4) {
		(void)fprintf(stderr, "usage: cgns ROOT HOME COMMAND...\n");
		return 2;
	}
	if (join(argv[1]) || unshare(CLONE_NEWCGROUP) || join(argv[2])) {
		(void)fprintf(stderr, "cgns: %s\n", strerror(errno));
		return 1;
	}
	execvp(argv[3], argv + 3);
	(void)fprintf(stderr, "cgns: %s: %s\n", argv[3], strerror(errno));
	return 1;
}
