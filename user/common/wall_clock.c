// SPDX-License-Identifier: GPL-2.0-only
#include "wall_clock.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"

const char *wall_time(uint64_t wall_ns, char buf[WALL_LEN])
{
	time_t s = (time_t)(wall_ns / NS_PER_S);
	struct tm tm;

	gmtime_r(&s, &tm); /* the year is 2554 at most */
	snprintf(buf, WALL_LEN, "%04u-%02u-%02uT%02u:%02u:%02u.%06uZ",
		 (unsigned int)(tm.tm_year + 1900) % 10000, (unsigned int)(tm.tm_mon + 1) % 100,
		 (unsigned int)tm.tm_mday % 100, (unsigned int)tm.tm_hour % 100,
		 (unsigned int)tm.tm_min % 100, (unsigned int)tm.tm_sec % 100,
		 (unsigned int)(wall_ns % NS_PER_S / NS_PER_US));
	return buf;
}

const char *boot_id_read(char buf[BOOT_ID_LEN])
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return NULL;
	n = read(fd, buf, BOOT_ID_LEN - 1);
	close(fd);
	if (n != BOOT_ID_LEN - 1)
		return NULL;
	buf[n] = '\0';
	return strspn(buf, "0123456789abcdef-") == (size_t)n ? buf : NULL;
}
