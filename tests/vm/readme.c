// SPDX-License-Identifier: GPL-2.0-only
/* The example of oom_notify(4) and the README, to be run as it stands there. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/select.h>
#include <unistd.h>

#include "oom_notify.h"

static void free_some_memory(void)
{
	puts("free");
	fflush(stdout);
}

static void example(void)
{
	struct oom_notify_record record;
	int fd = open("/dev/oom_notify", O_RDONLY);
	fd_set set;

	FD_ZERO(&set);
	for (;;) {
		FD_SET(fd, &set);
		select(fd + 1, &set, NULL, NULL, NULL);
		if (read(fd, &record, sizeof(record)) != sizeof(record))
			break;
		free_some_memory();
	}
}

int main(void)
{
	example();
	return 1;
}
