// SPDX-License-Identifier: GPL-2.0-only
/* Empties a cgroup and what is below it, then removes it; waits for ends, not for time to pass. */
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "cgroup.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "common/file.h"
#include "retry.h"

/* Killed processes may take this long to go: one that is being swapped may wait for a slow disk. */
#define EMPTY_LIMIT_NS (20 * NS_PER_S)

#define MAX_PIDS 128

/* The first processes in it; those that our pid namespace does not see (0) are left out. */
static size_t read_pids(const char *dir, pid_t pids[MAX_PIDS])
{
	_cleanup_fclose_ FILE *f = NULL;
	char path[PATH_MAX], line[32];
	size_t n = 0;

	if (snprintf(path, sizeof(path), "%s/cgroup.procs", dir) >= (int)sizeof(path))
		return 0;
	f = fopen(path, "re");
	while (f && n < MAX_PIDS && fgets(line, sizeof(line), f)) {
		uint64_t pid;

		if (text_number(line, NULL, &pid) && pid > 0 && pid <= INT_MAX)
			pids[n++] = (pid_t)pid;
	}
	return n;
}

static bool contains(const pid_t *pids, size_t n, pid_t pid)
{
	for (size_t i = 0; i < n; i++)
		if (pids[i] == pid)
			return true;
	return false;
}

static int ms_until(uint64_t deadline_ns)
{
	uint64_t now = now_ns();

	return now < deadline_ns ? (int)((deadline_ns - now) / NS_PER_MS) + 1 : 0;
}

/*
 * Kills one batch and waits for its end. A pid may be another process's by the time it is opened;
 * one that is still listed afterwards was not, for what was opened is either that or has ended.
 */
static size_t kill_batch(const char *dir, uint64_t deadline_ns)
{
	pid_t pids[MAX_PIDS], again[MAX_PIDS];
	struct pollfd fds[MAX_PIDS];
	size_t n = read_pids(dir, pids);
	size_t nr_again;

	for (size_t i = 0; i < n; i++)
		fds[i] = (struct pollfd){ .fd = pidfd_open(pids[i], 0), .events = POLLIN };
	nr_again = read_pids(dir, again);
	for (size_t i = 0; i < n; i++) {
		if (fds[i].fd < 0)
			continue;
		if (contains(again, nr_again, pids[i])) {
			(void)pidfd_send_signal(fds[i].fd, SIGKILL, NULL, 0);
			(void)poll(&fds[i], 1, ms_until(deadline_ns));
		}
		close(fds[i].fd);
	}
	return n;
}

/* The kernel lets go of an ended process a moment after its end can be seen. */
static int remove_dir(const char *dir, uint64_t deadline_ns)
{
	while (rmdir(dir)) {
		int err = errno;

		if (err == ENOENT)
			break;
		if (err != EBUSY)
			return -err;
		(void)kill_batch(dir, deadline_ns);
		if (!retry_until(deadline_ns))
			return -err;
	}
	return 0;
}

/* Deepest first: a command may have made cgroups of its own in the box. */
static int remove_tree(char *top)
{
	char *const paths[] = { top, NULL };
	const uint64_t deadline_ns = now_ns() + EMPTY_LIMIT_NS;
	FTS *fts = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	const FTSENT *e;
	int err = 0;

	if (!fts)
		return -errno;
	while (!err && (e = fts_read(fts)))
		if (e->fts_info == FTS_DP)
			err = remove_dir(e->fts_path, deadline_ns);
	(void)fts_close(fts);
	return err;
}

int cgroup_remove(const struct cgroup_mount *mount, const char *name, struct failure *why)
{
	char path[PATH_MAX + BOX_NAME_SIZE];
	int err;

	(void)snprintf(path, sizeof(path), "%s/%s", mount->dir, name);
	err = remove_tree(path);
	if (err)
		return failure_set(why, -err,
				   "cannot remove the cgroup %s: %s; the next run tries again",
				   path, strerror(-err));
	return 0;
}
