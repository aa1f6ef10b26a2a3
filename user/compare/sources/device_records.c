// SPDX-License-Identifier: GPL-2.0-only
#include "device_records.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "common/clock.h"
#include "core/device.h"

static struct device_reader reader;

int device_records_open(struct source_env *env, struct failure *why)
{
	int err;

	env->fd = device_open(DEVICE_PATH, O_RDWR);
	env->events = EPOLLIN;
	/* The box swaps at its limit, which is no pressure of the machine. */
	err = env->fd < 0 ? env->fd : device_ask(env->fd, "none");
	return err ? failure_set(why, -err, DEVICE_PATH ": %s", device_why(err)) : 0;
}

/* Takes in one record, which was read at @ns. */
static void take_record(const struct oom_notify_record *rec, uint64_t ns, uint64_t *notified_ns,
			uint64_t *fed_ns)
{
	if (rec->reasons & OOM_NOTIFY_ALL_CLEAR)
		return;
	if (!*notified_ns)
		*notified_ns = ns;
	if (!*fed_ns && rec->reasons & OOM_NOTIFY_FED)
		*fed_ns = ns;
}

void device_records_read(const struct source_env *env, uint64_t *notified_ns, uint64_t *fed_ns)
{
	static struct oom_notify_record buf[OOM_NOTIFY_QUEUE];
	ssize_t n;

	*notified_ns = *fed_ns = 0;
	while ((n = read(env->fd, buf, sizeof(buf))) > 0) {
		const uint64_t read_ns = now_ns();
		struct oom_notify_record rec;
		long len, at = 0;

		for (; at < n; at += len) {
			len = device_decode(&reader, (const char *)buf + at, (size_t)(n - at),
					    &rec);
			if (len < 0)
				break;
			take_record(&rec, read_ns, notified_ns, fed_ns);
		}
	}
}
