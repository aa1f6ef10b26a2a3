// SPDX-License-Identifier: GPL-2.0-only
/* Owns the parts of a box, and runs children in it. */
#include "box.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cgroup.h"
#include "child.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "common/file.h"
#include "swap.h"

#define NO_PROC "cannot read our own /proc/PID: is /proc mounted?"

struct box {
	struct box_opts opts;
	struct cgroup cgroup;
	struct swap swap;
};

/* On v1 the box has a swappiness of its own; v2 has the machine's alone, where 0 means never. */
static int check_swappiness(const struct box *box, struct failure *why)
{
	char text[32];
	uint64_t swappiness;

	if (box->cgroup.mount.version != 2 || box->opts.swap == BOX_SWAP_NONE)
		return 0;
	if (file_read(AT_FDCWD, "/proc/sys/vm/swappiness", text, sizeof(text)) < 0 ||
	    !text_number(text, NULL, &swappiness) || swappiness)
		return 0;
	return failure_set(why, EINVAL,
			   "vm.swappiness is 0, nothing would be swapped: "
			   "sysctl vm.swappiness=60");
}

static int make_swap(struct box *box, const char *name, struct failure *why)
{
	const bool any = box->opts.swap == BOX_SWAP_AUTO;
	struct box_opts zram = box->opts;
	struct failure other = { "" };
	int err = swap_create(&box->swap, any ? BOX_SWAP_FILE : box->opts.swap,
			      box->opts.swap_bytes, name, why);

	/* The reason of the file is the one to tell: it names zram as a way out. */
	zram.swap = BOX_SWAP_ZRAM;
	if (!err || !any || box_check_sizes(&zram, box_available_bytes(), &other))
		return err;
	if (swap_destroy(&box->swap, &other))
		return err;
	if (!swap_create(&box->swap, BOX_SWAP_ZRAM, box->opts.swap_bytes, name, &other))
		return 0;
	(void)swap_destroy(&box->swap, &other);
	return err;
}

static int make_parts(struct box *box, struct failure *why)
{
	struct box_name self;
	char name[BOX_NAME_SIZE];
	int err = name_self(&self);

	if (err)
		return failure_set(why, -err, NO_PROC);
	name_format(&self, name);
	err = cgroup_create(&box->cgroup, name, why);
	if (!err)
		err = check_swappiness(box, why);
	if (!err)
		err = make_swap(box, name, why);
	if (err)
		return err;
	box->opts.swap = box->swap.kind;
	if (box->swap.kind == BOX_SWAP_NONE)
		box->opts.swap_bytes = 0;
	return cgroup_limit(&box->cgroup, box->opts.limit_bytes, box->opts.swap_bytes, why);
}

int box_possible(const struct box_opts *opts, struct failure *why)
{
	struct box box = { .opts = *opts, .cgroup = CGROUP_INIT };
	struct box_name self;
	char swap[PATH_MAX + 32];
	int err = box_check_sizes(opts, box_available_bytes(), why);

	if (!err && name_self(&self))
		err = failure_set(why, ENOENT, NO_PROC);
	if (!err)
		err = cgroup_possible(&box.cgroup.mount, why);
	if (!err)
		err = check_swappiness(&box, why);
	if (!err)
		err = swap_possible(opts->swap, opts->swap_bytes, swap, sizeof(swap), why);
	if (!err)
		(void)failure_set(why, 0, "a cgroup in %s, %s", box.cgroup.mount.dir, swap);
	return err;
}

struct box *box_create(const struct box_opts *opts, struct failure *why)
{
	struct box *box = malloc(sizeof(*box));
	struct failure ignored = { "" };
	int err;

	if (!box) {
		(void)failure_set(why, ENOMEM, "out of memory");
		return NULL;
	}
	*box = (struct box){ .opts = *opts, .cgroup = CGROUP_INIT };
	err = box_check_sizes(opts, box_available_bytes(), why);
	/*
	 * Out of reach: page tables and the kernel's charges in advance come on top of what is
	 * used.
	 */
	if (opts->use_bytes && opts->cause == BOX_PROACTIVE &&
	    box->opts.limit_bytes < opts->use_bytes + opts->use_bytes / 8 + (16 << 20))
		box->opts.limit_bytes = opts->use_bytes + opts->use_bytes / 8 + (16 << 20);
	if (!err)
		err = make_parts(box, why);
	if (!err)
		return box;
	(void)box_destroy(box, &ignored);
	errno = -err;
	return NULL;
}

void box_info(const struct box *box, struct box_info *info)
{
	*info = (struct box_info){
		.cgroup = box->cgroup.path,
		.cgroup_id = box->cgroup.id,
		.limit_bytes = box->opts.limit_bytes,
		.swap = box->opts.swap,
		.swap_path = box->opts.swap == BOX_SWAP_NONE ? NULL : box->swap.path,
		.swap_bytes = box->opts.swap_bytes,
		.oom_expected = box->opts.use_bytes > box->opts.limit_bytes + box->opts.swap_bytes,
	};
}

/* Waits for the end of @pid, or kills it when @stop_fd speaks: 0, -ECANCELED or negative errno. */
static int wait_child(pid_t pid, int stop_fd, int *status)
{
	_cleanup_close_ int pidfd = pidfd_open(pid, 0);
	struct pollfd fds[2] = {
		{ .fd = pidfd, .events = POLLIN },
		{ .fd = stop_fd, .events = POLLIN },
	};
	int err = pidfd < 0 ? -errno : 0;

	while (!err && !fds[0].revents) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			err = -errno;
		else if (fds[1].revents && !fds[0].revents)
			err = -ECANCELED;
	}
	if (err)
		(void)kill(pid, SIGKILL); /* not reaped yet, so it is still this child */
	while (waitpid(pid, status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return err;
}

/* The child has ended; was it the way it should? */
static int judge(const struct child_report *report, int status, bool oom_killed,
		 struct failure *why)
{
	if (oom_killed)
		return 0;
	if (WIFSIGNALED(status))
		return failure_set(why, ECHILD, "the child in the box was killed by signal %d",
				   WTERMSIG(status));
	if (report->err)
		return failure_set(why, report->err, "the child in the box failed: %s",
				   strerror(report->err));
	return 0;
}

int box_run_episode(struct box *box, int stop_fd, struct episode *out, struct failure *why)
{
	const uint64_t oom_kills = cgroup_oom_kills(&box->cgroup);
	const pid_t self = getpid();
	struct child_report *report = mmap(NULL, sizeof(*report), PROT_READ | PROT_WRITE,
					   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = 0, err;
	pid_t pid;

	if (report == MAP_FAILED)
		return failure_set(why, errno, "cannot share memory with a child: %s",
				   strerror(errno));
	pid = fork();
	if (!pid)
		child_touch(&box->cgroup, &box->opts, self, report);
	if (pid < 0) {
		err = failure_set(why, errno, "cannot start a child: %s", strerror(errno));
	} else {
		err = wait_child(pid, stop_fd, &status);
		if (err)
			(void)failure_set(why, -err, "waiting for the child: %s", strerror(-err));
	}
	if (!err) {
		*out = (struct episode){
			.first_over_ns = report->first_over_ns,
			.end_ns = report->end_ns ? report->end_ns : now_ns(),
			.oom_killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL &&
				      cgroup_oom_kills(&box->cgroup) > oom_kills,
		};
		if (out->oom_killed && !out->first_over_ns)
			out->first_over_ns = report->touch_ns;
		err = judge(report, status, out->oom_killed, why);
	}
	(void)munmap(report, sizeof(*report));
	return err;
}

int box_run_command(struct box *box, char *const argv[], int stop_fd, int *status,
		    struct failure *why)
{
	const pid_t self = getpid();
	pid_t pid = fork();
	int err;

	if (!pid)
		child_exec(&box->cgroup, argv, self);
	if (pid < 0)
		return failure_set(why, errno, "cannot start a child: %s", strerror(errno));
	err = wait_child(pid, stop_fd, status);
	return err ? failure_set(why, -err, "waiting for the command: %s", strerror(-err)) : 0;
}

int box_destroy(struct box *box, struct failure *why)
{
	struct failure second = { "" };
	int err = 0, swap_err;

	if (!box)
		return 0;
	if (box->cgroup.name[0])
		err = cgroup_remove(&box->cgroup.mount, box->cgroup.name, why);
	swap_err = swap_destroy(&box->swap, err ? &second : why);
	if (box->cgroup.fd >= 0)
		close(box->cgroup.fd);
	free(box);
	return err ? err : swap_err;
}
