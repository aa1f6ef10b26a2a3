// SPDX-License-Identifier: GPL-2.0-only
/*
 * A fork() that waits until all other threads sleep, linked with each unit test. Criterion forks
 * beside a thread of nanomsg's, and ASan's allocator does nothing about its locks: one that the
 * thread held at the fork stays held in the child for ever (seen with gcc 12 and 14, as children
 * that hung in malloc()).
 */
#include <dirent.h>
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TRIES	 2000
#define PAUSE_US 500

/* 'S' of a sleeping one stands behind the last parenthesis, whatever its name. */
static bool sleeps(const char *tid)
{
	char path[64], line[512] = "";
	const char *end;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/task/%.16s/stat", tid);
	f = fopen(path, "re");
	if (!f)
		return true; /* has ended */
	if (!fgets(line, sizeof(line), f))
		line[0] = '\0';
	fclose(f);
	end = strrchr(line, ')');
	return !end || end[1] != ' ' || end[2] == 'S';
}

static bool others_sleep(void)
{
	DIR *dir = opendir("/proc/self/task");
	const struct dirent *e;
	bool all = true;

	while (dir && all && (e = readdir(dir)))
		all = e->d_name[0] == '.' || atoi(e->d_name) == gettid() || sleeps(e->d_name);
	if (dir)
		closedir(dir);
	return all;
}

pid_t fork(void)
{
	void *found = dlsym(RTLD_NEXT, "fork");
	pid_t (*next)(void);

	memcpy(&next, &found, sizeof(next));
	if (!next)
		abort();
	for (int i = 0; i < TRIES && !others_sleep(); i++)
		usleep(PAUSE_US);
	return next();
}
