// SPDX-License-Identifier: GPL-2.0-only
/* oom-notify pressure: makes real memory pressure in a box, tells when, and removes the box. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "box/box.h"
#include "common/args.h"
#include "cmd.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "common/json.h"
#include "common/log.h"
#include "common/signals.h"
#include "common/stdout.h"
#include "pressure_args.h"

struct run {
	const struct pressure_config *config;
	struct box *box;
	struct box_info info;
	int signal_fd;
	int stop_fd; /* readable when it is time to end: a signal, or nobody reads our output */
};

/* From here on signals are read in poll(), so that none leaves the box behind. */
static int open_stop(struct run *r)
{
	struct epoll_event ev = { .events = EPOLLIN };

	r->signal_fd = signals_open();
	r->stop_fd = epoll_create1(EPOLL_CLOEXEC);
	if (r->signal_fd < 0 || r->stop_fd < 0 ||
	    epoll_ctl(r->stop_fd, EPOLL_CTL_ADD, r->signal_fd, &ev))
		return -errno;
	/* Says when a pipe has lost its reader; a file cannot be asked, and need not be. */
	ev.events = EPOLLERR;
	if (!r->config->command && epoll_ctl(r->stop_fd, EPOLL_CTL_ADD, STDOUT_FILENO, &ev) &&
	    errno != EPERM)
		return -errno;
	return 0;
}

/* Why the stop fd spoke: a signal, or else our reader has gone, which is a quiet end. */
static int stopped(const struct run *r)
{
	const int signal = signals_read(r->signal_fd);

	return signal ? 128 + signal : EXIT_OK;
}

/* -1: go on; else the exit code. */
static int flushed(void)
{
	const int err = stdout_flush();

	if (!err)
		return -1;
	return err == -EPIPE ? EXIT_OK : EXIT_FAIL;
}

static int put_json(struct json *j)
{
	json_close(j, '}');
	if (json_end_line(j) < 0) {
		log_err("a line of JSON became too long");
		return EXIT_FAIL;
	}
	(void)fputs(j->buf, stdout);
	return flushed();
}

static int put_box_json(const struct box_info *info)
{
	char line[32768];
	struct json j;

	json_init(&j, line, sizeof(line));
	json_open(&j, NULL, '{');
	json_str(&j, "event", "box");
	json_u64(&j, "time_ns", now_ns());
	json_str(&j, "cgroup", info->cgroup);
	json_u64(&j, "cgroup_id", info->cgroup_id);
	json_u64(&j, "limit_bytes", info->limit_bytes);
	json_str(&j, "swap", pressure_swaps[info->swap]);
	if (info->swap_path)
		json_str(&j, "swap_path", info->swap_path);
	else
		json_nil(&j, "swap_path");
	json_u64(&j, "swap_bytes", info->swap_bytes);
	return put_json(&j);
}

static int put_box(const struct run *r)
{
	const struct box_info *info = &r->info;

	if (r->config->json)
		return put_box_json(info);
	if (r->config->command) /* standard output is the command's */
		return -1;
	printf("box: cgroup %s with %llu MB", info->cgroup,
	       (unsigned long long)info->limit_bytes >> 20);
	if (info->swap_path)
		printf(", swap %s of %llu MB\n", info->swap_path,
		       (unsigned long long)info->swap_bytes >> 20);
	else
		puts(", no swap");
	return flushed();
}

static int put_episode_json(const struct run *r, uint64_t n, const struct episode *e)
{
	char line[32768];
	struct json j;

	json_init(&j, line, sizeof(line));
	json_open(&j, NULL, '{');
	json_str(&j, "event", "episode");
	json_u64(&j, "n", n);
	if (e->first_over_ns)
		json_u64(&j, "first_over_ns", e->first_over_ns);
	else
		json_nil(&j, "first_over_ns");
	json_u64(&j, "end_ns", e->end_ns);
	json_u64(&j, "limit_bytes", r->info.limit_bytes);
	json_u64(&j, "use_bytes", r->config->box.use_bytes);
	json_str(&j, "cause", pressure_causes[r->config->box.cause]);
	json_str(&j, "cgroup", r->info.cgroup);
	json_bool(&j, "oom_killed", e->oom_killed);
	return put_json(&j);
}

static int put_episode(const struct run *r, uint64_t n, const struct episode *e)
{
	const bool proactive = r->config->box.cause == BOX_PROACTIVE;

	if (r->config->json)
		return put_episode_json(r, n, e);
	printf("episode %llu of %llu: ", (unsigned long long)n,
	       (unsigned long long)r->config->episodes);
	if (e->oom_killed)
		fputs("OOM-killed inside the box", stdout);
	else
		printf("%llu MB touched", (unsigned long long)r->config->box.use_bytes >> 20);
	if (e->first_over_ns)
		printf(", %s at %llu.%06llu s (CLOCK_MONOTONIC), over after %.3f s",
		       proactive ? "paged out" : "past the limit",
		       (unsigned long long)(e->first_over_ns / NS_PER_S),
		       (unsigned long long)(e->first_over_ns % NS_PER_S / NS_PER_US),
		       (double)(e->end_ns - e->first_over_ns) / (double)NS_PER_S);
	putchar('\n');
	return flushed();
}

static int run_episodes(struct run *r)
{
	const struct pressure_config *c = r->config;
	int exit_code = EXIT_OK;

	if (r->info.oom_expected)
		log_warn("--use does not fit into --limit and swap: expect the OOM killer in the "
			 "box");
	for (uint64_t n = 1; n <= c->episodes; n++) {
		struct pollfd stop = { .fd = r->stop_fd, .events = POLLIN };
		struct episode e;
		struct failure why = { "" };
		int ret;

		if (n > 1 && poll(&stop, 1, (int)(c->gap_ns / NS_PER_MS)) > 0)
			return stopped(r);
		ret = box_run_episode(r->box, r->stop_fd, &e, &why);
		if (ret == -ECANCELED)
			return stopped(r);
		if (ret) {
			log_err("episode %llu: %s", (unsigned long long)n, why.text);
			return EXIT_FAIL;
		}
		ret = put_episode(r, n, &e);
		if (ret >= 0)
			return ret;
		if (e.oom_killed && !r->info.oom_expected) {
			log_err("episode %llu was OOM-killed, though limit and swap had room for "
				"it",
				(unsigned long long)n);
			exit_code = EXIT_FAIL;
		}
	}
	return exit_code;
}

static int run_command(struct run *r)
{
	struct failure why = { "" };
	int status;
	int err = box_run_command(r->box, r->config->command, r->stop_fd, &status, &why);

	if (err == -ECANCELED)
		return stopped(r);
	if (err) {
		log_err("%s", why.text);
		return EXIT_FAIL;
	}
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int run_in_box(struct run *r)
{
	struct failure why = { "" };
	int code;

	r->box = box_create(&r->config->box, &why);
	if (!r->box) {
		code = errno == ERANGE ? EXIT_USAGE : EXIT_FAIL;
		log_err("%s", why.text);
		return code;
	}
	box_info(r->box, &r->info);
	code = put_box(r);
	if (code < 0)
		code = r->config->command ? run_command(r) : run_episodes(r);
	if (box_destroy(r->box, &why)) {
		log_err("%s", why.text);
		return code ? code : EXIT_FAIL;
	}
	return code;
}

static int run_pressure(const struct pressure_config *c)
{
	struct run r = { .config = c, .signal_fd = -1, .stop_fd = -1 };
	struct failure why = { "" };
	unsigned int stale;
	int err, code;

	/* Or what is opened next would take its number. */
	if (!c->command && fcntl(STDOUT_FILENO, F_GETFD) < 0) {
		log_err("standard output is closed");
		return EXIT_FAIL;
	}
	err = open_stop(&r);
	if (err) {
		log_err("cannot watch for signals: %s", strerror(-err));
		return EXIT_FAIL;
	}
	err = box_clean_stale(&stale, &why);
	if (err)
		log_warn("%s", why.text);
	if (stale)
		log_warn("removed what a killed run had left behind (%u)", stale);
	code = run_in_box(&r);
	cleanup_close(&r.signal_fd);
	cleanup_close(&r.stop_fd);
	return code;
}

int cmd_pressure(int argc, char **argv)
{
	struct pressure_config c;
	int code = pressure_parse(argc, argv, &c);

	return code == ARGS_GO_ON ? run_pressure(&c) : code;
}
