// SPDX-License-Identifier: GPL-2.0-only
/*
 * `oom-notify listen`: from the device to the output. While the output takes no more, nothing is
 * read: the module then merges records, loses no page, and the gap in their sequence says so.
 */
#include "listen.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/wall_clock.h"
#include "core/device.h"
#include "core/names.h"
#include "common/signals.h"
#include "listen_text.h"
#include "sinks/output.h"
#include "status.h"

/*
 * As many records as the module keeps for a reader, or a quarter of it should its records ever be
 * that much longer.
 */
#define READ_BYTES   4096
#define MAX_RECORDS  (READ_BYTES / sizeof(struct oom_notify_record))
#define OUTPUT_BYTES ((MAX_RECORDS + 2) * LISTEN_LINE_MAX)
/* A stopped reader of our output may keep us from ending for so long. */
#define DRAIN_NS (5 * NS_PER_S)

enum { FD_DEVICE, FD_SIGNALS, FD_OUTPUT, NR_FDS };

struct listener {
	const struct listen_opts *opts;
	struct listen_env env;
	char boot_id[BOOT_ID_LEN];
	struct listen_sums sums;
	struct device_reader reader;
	struct output *out;
	struct status *status;
	int device;
	int signals;
	int out_error; /* negative errno: the output takes nothing any more */
	bool blocked;  /* ... for now */
	bool failed;   /* the device did, and a line says so */
	bool stop;
};

static void flush(struct listener *l)
{
	int ret = output_flush(l->out);

	l->blocked = ret == 1;
	if (ret < 0)
		l->out_error = ret;
}

/* There is room: nothing is formatted while something waits. */
static void commit(struct listener *l, long len)
{
	if (len < 0)
		l->out_error = (int)len; /* LISTEN_LINE_MAX is wrong: not to be passed over */
	else
		output_commit(l->out, (size_t)len);
	flush(l);
}

static void print_record(struct listener *l, const struct oom_notify_record *rec)
{
	size_t room;
	char *to = output_reserve(l->out, &room);

	l->sums.records++;
	l->sums.missed += l->reader.missed;
	l->sums.pages += rec->swapped_pages;
	status_level(l->status, (enum level)rec->level);
	l->env.now = moment_now();
	commit(l, listen_record(&l->env, rec, l->reader.missed, to, room));
}

static bool is_over(const struct listener *l)
{
	return l->stop || l->failed || l->out_error ||
	       (l->opts->count && l->sums.records >= l->opts->count);
}

static void fail(struct listener *l, const char *why)
{
	log_err("%s: %s", l->opts->path, why);
	l->failed = true;
}

static void read_device(struct listener *l)
{
	char data[READ_BYTES];
	struct oom_notify_record rec;
	ssize_t n = read(l->device, data, sizeof(data));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		fail(l, n ? strerror(errno) : "ended");
		return;
	}
	for (ssize_t done = 0; done < n && !is_over(l);) {
		long len = device_decode(&l->reader, data + done, (size_t)(n - done), &rec);

		if (len < 0) {
			fail(l, "what it says is no record of a version that listen knows");
			return;
		}
		done += len;
		print_record(l, &rec);
	}
}

/* Until @end_ns, 0: for ever; a live status is redrawn each second. */
static int timeout_ms(const struct listener *l, uint64_t end_ns)
{
	uint64_t now = now_ns(), left_ms = UINT64_MAX;

	if (end_ns)
		left_ms = end_ns > now ? (end_ns - now + NS_PER_MS - 1) / NS_PER_MS : 0;
	if (status_is_live(l->status) && left_ms > 1000)
		return 1000;
	return left_ms == UINT64_MAX ? -1 : left_ms > INT32_MAX ? INT32_MAX : (int)left_ms;
}

/* False when the time is over. */
static bool wait_and_handle(struct listener *l, uint64_t end_ns, bool take_records)
{
	struct pollfd fds[NR_FDS] = {
		[FD_DEVICE] = { l->device, POLLIN, 0 },
		[FD_SIGNALS] = { l->signals, POLLIN, 0 },
		[FD_OUTPUT] = { output_fd(l->out), l->blocked ? POLLOUT : 0, 0 },
	};

	if (l->blocked || !take_records)
		fds[FD_DEVICE].fd = -1;
	if (poll(fds, NR_FDS, timeout_ms(l, end_ns)) == 0)
		status_show(l->status, now_ns(), l->sums.records);
	if (fds[FD_SIGNALS].revents && signals_read(l->signals))
		l->stop = true;
	if (fds[FD_OUTPUT].revents & (POLLERR | POLLHUP))
		l->out_error = -EPIPE;
	else if (fds[FD_OUTPUT].revents)
		flush(l);
	if (fds[FD_DEVICE].revents & POLLIN)
		read_device(l);
	else if (fds[FD_DEVICE].revents)
		fail(l, "gone");
	return !end_ns || now_ns() < end_ns;
}

static void drain(struct listener *l)
{
	uint64_t until_ns = now_ns() + DRAIN_NS;

	l->stop = false;
	while (l->blocked && !l->out_error && !l->stop && wait_and_handle(l, until_ns, false))
		;
}

static void finish(struct listener *l)
{
	size_t room;
	char *to;

	drain(l);
	if (l->blocked || l->out_error)
		return;
	to = output_reserve(l->out, &room);
	l->env.now = moment_now();
	commit(l, listen_summary(&l->env, &l->sums, to, room));
	drain(l);
}

/* A reader that asks for nothing is told less, but needs no right to write. */
static int open_unasked(struct listener *l)
{
	l->device = device_open(l->opts->path, O_RDONLY);
	if (l->device < 0)
		return l->device;
	log_warn("%s: this user may only read it: told from level low on, and no all-clear",
		 l->opts->path);
	return 0;
}

static int open_device(struct listener *l)
{
	char what[32];
	int err;

	(void)snprintf(what, sizeof(what), "%s all-clear", level_names[l->opts->min_level]);
	l->device = device_open(l->opts->path, O_RDWR);
	if (l->device >= 0)
		err = device_ask(l->device, what);
	else if (l->device == -EACCES && !l->opts->min_level)
		err = open_unasked(l);
	else
		err = l->device;
	if (err)
		log_err("%s: %s", l->opts->path, device_why(err));
	return err;
}

static int set_up(struct listener *l)
{
	int err;

	l->out = output_open(STDOUT_FILENO, OUTPUT_BYTES);
	if (!l->out) {
		log_err("cannot write to standard output: %s", strerror(errno));
		return -errno;
	}
	err = open_device(l);
	if (err)
		return err;
	if (!clock_is_known)
		log_warn("without /proc this time namespace's clock is not known: how late records "
			 "are told and read may be wrong");
	l->signals = signals_open();
	if (l->signals < 0) {
		err = -errno;
		log_err("cannot set up signalfd: %s", strerror(-err));
	}
	return err;
}

static void begin_listening(struct listener *l, uint64_t start_ns)
{
	size_t room;
	char *to = output_reserve(l->out, &room);

	l->env.json = l->opts->json;
	l->env.boot_id = boot_id_read(l->boot_id);
	l->env.page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
	commit(l, listen_header(&l->env, to, room));
	l->status = status_new("listen", l->out);
	status_ready(l->status, now_ns() - start_ns);
}

static int end_listening(struct listener *l)
{
	int err;

	status_free(l->status);
	l->status = NULL;
	err = output_close(l->out);

	/* A helper that gave up shows as a closed pipe; its own reason says more. */
	if (l->out_error && (l->out_error != -EPIPE || !err || err == -EAGAIN))
		err = l->out_error;
	l->out = NULL;
	err = output_exit_code(err);
	return l->failed ? EXIT_FAIL : err;
}

int listen_run(const struct listen_opts *opts)
{
	struct listener l = { .opts = opts, .device = -1, .signals = -1 };
	uint64_t start_ns = now_ns(), end_ns;
	int ret = EXIT_FAIL;

	if (!set_up(&l)) {
		begin_listening(&l, start_ns);
		end_ns = opts->duration_ns ? now_ns() + opts->duration_ns : 0;
		while (!is_over(&l) && wait_and_handle(&l, end_ns, true))
			;
		finish(&l);
		ret = end_listening(&l);
	}
	output_close(l.out);
	cleanup_close(&l.signals);
	cleanup_close(&l.device);
	return ret;
}
