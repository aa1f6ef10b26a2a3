// SPDX-License-Identifier: GPL-2.0-only
#include "lines.h"

#include <unistd.h>

#include "common/clock.h"

uint64_t lines_read(int fd, bool *ended)
{
	static char buf[65536];
	uint64_t notified_ns = 0;
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		if (!notified_ns)
			notified_ns = now_ns();
	*ended = !n;
	return notified_ns;
}
