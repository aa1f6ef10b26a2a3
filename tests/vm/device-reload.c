// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads and unloads the module again and again; every second time the device is opened and closed
 * meanwhile, so often that a leak would show. Prints a fact when it is done.
 *
 *   device-reload LABEL MODULE COUNT
 */
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "device.h"

#define OPENS 64

static void open_often(void)
{
	for (int i = 0; i < OPENS; i++) {
		int fd = open("/dev/oom_notify", O_RDONLY | O_CLOEXEC);

		if (fd < 0)
			err(1, "/dev/oom_notify");
		close(fd);
	}
}

int main(int argc, char **argv)
{
	long long count = argc == 4 ? number(argv[3]) : 0;
	uint64_t begin_ns;
	int fd;

	if (count <= 0)
		errx(2, "usage: device-reload LABEL MODULE COUNT");
	fd = open(argv[2], O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err(1, "%s", argv[2]);
	begin_ns = begin_fact(argv[1]);
	for (long long i = 0; i < count; i++) {
		if (syscall(SYS_finit_module, fd, "", 0))
			err(1, "load %lld", i + 1);
		if (i % 2)
			open_often();
		if (syscall(SYS_delete_module, "oom_notify", O_NONBLOCK))
			err(1, "unload %lld", i + 1);
	}
	field("count", count);
	end_fact(begin_ns);
	return 0;
}
