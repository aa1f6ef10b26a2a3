// SPDX-License-Identifier: GPL-2.0-only
/* Waiting that can be interrupted, and reasons. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "common/signals.h"

int env_fail(struct env *env, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(env->why, sizeof(env->why), fmt, args);
	va_end(args);
	return -EIO;
}

int env_poll(struct env *env, struct pollfd *fds, unsigned int n, uint64_t deadline_ns)
{
	struct pollfd all[4] = { 0 };
	struct timespec left = { 0 };
	uint64_t now = now_ns();
	int ret;

	if (n)
		memcpy(all, fds, n * sizeof(fds[0]));
	all[n] = (struct pollfd){ .fd = env->signals, .events = POLLIN };
	if (deadline_ns > now) {
		left.tv_sec = (time_t)((deadline_ns - now) / NS_PER_S);
		left.tv_nsec = (long)((deadline_ns - now) % NS_PER_S);
	}
	ret = ppoll(all, n + 1, &left, NULL);
	if (ret < 0)
		return errno == EINTR ? 1 : env_fail(env, "poll: %s", strerror(errno));
	if (n)
		memcpy(fds, all, n * sizeof(fds[0]));
	env->signal = all[n].revents ? signals_read(env->signals) : 0;
	if (env->signal) {
		(void)env_fail(env, "interrupted");
		return -EINTR;
	}
	return ret;
}

int env_sleep(struct env *env, uint64_t ns)
{
	const uint64_t until_ns = now_ns() + ns;
	int ret;

	do
		ret = env_poll(env, NULL, 0, until_ns);
	while (ret > 0);
	return ret;
}
