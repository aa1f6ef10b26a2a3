// SPDX-License-Identifier: GPL-2.0-only
/* What a program of the RFC of 2007 looks like: open, select, free memory. COUNT: how often. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/select.h>

int main(int argc, char **argv)
{
	long left = argc > 1 ? strtol(argv[1], NULL, 10) : -1;
	int fd = open("/dev/oom_notify", O_RDONLY);
	fd_set set;

	FD_ZERO(&set);
	for (; fd >= 0 && left; left--) {
		FD_SET(fd, &set);
		if (select(fd + 1, &set, NULL, NULL, NULL) != 1)
			break;
		printf("please free some memory\n");
		fflush(stdout);
	}
	if (left)
		perror("rfc");
	return left != 0;
}
