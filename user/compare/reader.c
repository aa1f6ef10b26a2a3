// SPDX-License-Identifier: GPL-2.0-only
/* A reader of /dev/oom_notify. */
#include "reader.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "core/device.h"

static struct device_reader reader;

int reader_open(struct source_env *env, struct box_why *why)
{
	env->fd = device_open(DEVICE_PATH, O_RDONLY);
	env->events = EPOLLIN;
	return env->fd < 0 ? why_set(why, -env->fd, DEVICE_PATH ": %s", device_why(env->fd)) : 0;
}

bool reader_read(const struct source_env *env, bool *fed)
{
	static struct oom_notify_record buf[OOM_NOTIFY_QUEUE];
	bool told = false;
	ssize_t n;

	*fed = false;
	while ((n = read(env->fd, buf, sizeof(buf))) > 0) {
		struct oom_notify_record rec;
		long len, at = 0;

		for (; at < n; at += len) {
			len = device_decode(&reader, (const char *)buf + at, (size_t)(n - at),
					    &rec);
			if (len < 0)
				break;
			*fed |= (rec.reasons & OOM_NOTIFY_FED) != 0;
			told |= !(rec.reasons & OOM_NOTIFY_ALL_CLEAR);
		}
	}
	return told;
}
