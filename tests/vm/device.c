// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does with the devices what a script on stdin says, a command a line, and prints a fact for each:
 * what came back, and when. Judges nothing; fails only when the script is wrong.
 *
 *   LABEL [background] COMMAND [ARGUMENT...]
 *
 * The table at the end has the commands. FILE is a letter; EVENTS is "in", "pri" or both.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"
#include "oom_notify.h"

#define PAGE	     4096UL
#define NS_PER_MS    1000000ULL
#define MAX_WORDS    16
#define MAX_CHILDREN 16

static int files[26];
static int epoll_fd = -1;
static uint64_t opening_ns;
static pid_t children[MAX_CHILDREN + 1]; /* one more, for the one that is refused */
static int nr_children;

static int *file(const char *name)
{
	if (name[0] < 'a' || name[0] > 'z' || name[1])
		errx(2, "'%s' is no file, which is a letter", name);
	return &files[name[0] - 'a'];
}

static void do_open(char **arg)
{
	int flags = O_CLOEXEC | (strstr(arg[2], "nonblock") ? O_NONBLOCK : 0) |
		    (*arg[2] == 'w' ? O_WRONLY : 0) | (strstr(arg[2], "rw") ? O_RDWR : 0);

	opening_ns = now_ns();
	result(*file(arg[0]) = open(arg[1], flags));
}

static void do_inherit(char **arg)
{
	*file(arg[0]) = (int)number(arg[1]);
}

static void do_close(char **arg)
{
	result(close(*file(arg[0])));
	*file(arg[0]) = -1;
}

static void read_into(int fd, void *to, size_t size)
{
	const struct oom_notify_record *r = to;
	ssize_t got = read(fd, to, size);

	result(got);
	fputs(",\"records\":[", stdout);
	for (; got >= (ssize_t)sizeof(*r); got -= (ssize_t)sizeof(*r), r++)
		printf("%s{\"size\":%u,\"version\":%u,\"level\":%u,\"reasons\":%u,\"node\":%d,"
		       "\"sequence\":%llu,\"event_ns\":%llu,\"notified_ns\":%llu,"
		       "\"swapped_pages\":%llu,\"free_pages\":%llu,\"pages_to_free\":%llu}",
		       r == to ? "" : ",", r->size, r->version, r->level, r->reasons, r->node,
		       r->sequence, r->event_ns, r->notified_ns, r->swapped_pages, r->free_pages,
		       r->pages_to_free);
	putchar(']');
}

/* Of the BYTES that it asks for, what is beyond THERE cannot be written to. */
static void do_read(char **arg)
{
	size_t size = (size_t)number(arg[1]), there = arg[2] ? (size_t)number(arg[2]) : PAGE;
	char *two = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			 0);

	if (two == MAP_FAILED || mprotect(two + PAGE, PAGE, PROT_NONE))
		err(1, "mmap");
	read_into(*file(arg[0]), two + PAGE - there, size);
	munmap(two, 2 * PAGE);
}

/* "_" stands for a space, "\0" at the end for the NUL that PSI's clients write, "\n" for that. */
static void do_write(char **arg)
{
	char *text = arg[1] ? arg[1] : "";
	size_t size = strlen(text);

	for (char *at = strchr(text, '_'); at; at = strchr(at, '_'))
		*at = ' ';
	if (size >= 2 && text[size - 2] == '\\') {
		text[size - 2] = text[size - 1] == 'n' ? '\n' : '\0';
		size--;
	}
	result(write(*file(arg[0]), text, size));
}

static void do_seek(char **arg)
{
	result(lseek(*file(arg[0]), 0, SEEK_SET));
}

static void set_member(struct oom_notify_record *r, const char *name, long long value)
{
#define MEMBER(name) #name, &r->name, sizeof(r->name)
	const struct {
		const char *name;
		void *at;
		size_t size;
	} members[] = {
		{ MEMBER(size) },	{ MEMBER(version) },	   { MEMBER(level) },
		{ MEMBER(reasons) },	{ MEMBER(node) },	   { MEMBER(sequence) },
		{ MEMBER(event_ns) },	{ MEMBER(notified_ns) },   { MEMBER(swapped_pages) },
		{ MEMBER(free_pages) }, { MEMBER(pages_to_free) },
	};

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (!strcmp(name, members[i].name)) {
			memcpy(members[i].at, &value, members[i].size);
			return;
		}
	if (!strcmp(name, "age_ms"))
		r->event_ns -= (uint64_t)value * NS_PER_MS;
	else if (!strcmp(name, "before_open_ns"))
		r->event_ns = opening_ns - (uint64_t)value;
	else
		errx(2, "a record has no '%s'", name);
}

static void do_feed(char **arg)
{
	struct oom_notify_record r = {
		.size = sizeof(r),
		.version = OOM_NOTIFY_VERSION,
		.level = OOM_NOTIFY_LOW,
		.reasons = OOM_NOTIFY_SWAP_OUT,
		.node = -1,
		.event_ns = now_ns(),
	};

	for (int i = 1; arg[i]; i++) {
		const char *name = strsep(&arg[i], "=");

		set_member(&r, name, number(arg[i] ? arg[i] : ""));
	}
	result(ioctl(*file(arg[0]), OOM_NOTIFY_IOC_FEED, &r));
	field("event_ns", (long long)r.event_ns);
}

/* With no address at all; of OOM_NOTIFY_IOC_FEED, whose number is 0x40404f4e, that is EFAULT. */
static void do_ioctl(char **arg)
{
	result(ioctl(*file(arg[0]), (unsigned long)number(arg[1]), NULL));
}

/* Those of epoll are the same. */
static short events(const char *text)
{
	return (short)((strstr(text, "in") ? POLLIN : 0) | (strstr(text, "pri") ? POLLPRI : 0));
}

static void ready(unsigned int mask)
{
	printf(",\"ready\":\"%s%s%s\"", mask & POLLIN ? "in" : "", mask & POLLPRI ? "pri" : "",
	       mask & ~(unsigned int)(POLLIN | POLLPRI) ? "other" : "");
}

static void do_poll(char **arg)
{
	struct pollfd p = { .fd = *file(arg[0]), .events = events(arg[1]) };

	result(poll(&p, 1, (int)number(arg[2])));
	ready((unsigned int)p.revents);
}

static void do_select(char **arg)
{
	struct timeval timeout = { .tv_sec = number(arg[2]) / 1000 };
	int fd = *file(arg[0]), got;
	fd_set in, pri;

	FD_ZERO(&in);
	FD_ZERO(&pri);
	if (events(arg[1]) & POLLIN)
		FD_SET(fd, &in);
	if (events(arg[1]) & POLLPRI)
		FD_SET(fd, &pri);
	got = select(fd + 1, &in, NULL, &pri, &timeout);
	result(got);
	ready((got > 0 && FD_ISSET(fd, &in) ? POLLIN : 0U) |
	      (got > 0 && FD_ISSET(fd, &pri) ? POLLPRI : 0U));
}

static void do_watch(char **arg)
{
	struct epoll_event e = { .events = (uint32_t)events(arg[1]) };

	if (epoll_fd < 0)
		epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	result(epoll_ctl(epoll_fd, EPOLL_CTL_ADD, *file(arg[0]), &e));
}

static void do_epoll(char **arg)
{
	struct epoll_event e = { .events = 0 };

	result(epoll_wait(epoll_fd, &e, 1, (int)number(arg[0])));
	ready(e.events);
}

/* An event loop, for MS: how often it came round, and how often for nothing. */
static void do_serve(char **arg)
{
	uint64_t end_ns = now_ns() + (uint64_t)number(arg[2]) * NS_PER_MS;
	long long returns = 0, empty = 0;
	char buffer[PAGE];

	for (uint64_t now = now_ns(); now < end_ns; now = now_ns()) {
		struct pollfd p = { .fd = *file(arg[0]), .events = events(arg[1]) };

		if (poll(&p, 1, (int)((end_ns - now) / NS_PER_MS) + 1) <= 0)
			continue;
		returns++;
		if (arg[3] && read(*file(arg[0]), buffer, sizeof(buffer)) < 0)
			empty++;
	}
	field("returns", returns);
	field("empty", empty);
}

static void on_alarm(int signal)
{
	(void)signal;
}

/* Again and again, so that not all is over before the call that it interrupts; 0: no more. */
static void do_alarm(char **arg)
{
	const struct sigaction action = { .sa_handler = on_alarm };
	const struct timeval every = { .tv_usec = number(arg[0]) * 1000 };
	const struct itimerval timer = { every, every };

	sigaction(SIGALRM, &action, NULL);
	result(setitimer(ITIMER_REAL, &timer, NULL));
}

static void do_async(char **arg)
{
	int fd = *file(arg[0]), flags = fcntl(fd, F_GETFL);

	result(fcntl(fd, F_SETOWN, getpid()) ? -1 : fcntl(fd, F_SETFL, flags | O_ASYNC));
}

/* It is blocked all the time. */
static void do_sigio(char **arg)
{
	const struct timespec timeout = { .tv_sec = number(arg[0]) };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGIO);
	result(sigtimedwait(&set, NULL, &timeout) == SIGIO ? 1 : -1);
}

static void do_run(char **arg)
{
	char line[512];
	size_t size = 0;
	int status;

	for (int i = 0; arg[i] && size < sizeof(line); i++)
		size += (size_t)snprintf(line + size, sizeof(line) - size, "%s ", arg[i]);
	status = system(line); /* NOLINT(cert-env33-c): the shell is what it is for */
	field("ret", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

static bool sleeps(pid_t child)
{
	char path[32], state = '?';
	FILE *stat;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)child);
	stat = fopen(path, "re");
	if (!stat)
		return false;
	if (fscanf(stat, "%*d %*s %c", &state) != 1)
		state = '?';
	fclose(stat);
	return state == 'S' || state == 'Z';
}

/* Until what was begun in the background waits, as poll() does, or is over. */
static void do_asleep(char **arg)
{
	(void)arg;
	for (int i = 0; i < nr_children; i++)
		while (!sleeps(children[i]))
			sleep_ms(1);
}

static void do_wait(char **arg)
{
	(void)arg;
	for (; nr_children; nr_children--)
		(void)TEMP_FAILURE_RETRY(waitpid(children[nr_children - 1], NULL, 0));
}

static const struct command {
	const char *name;
	void (*run)(char **arg);
	int words;
	const char *arguments;
} commands[] = {
	{ "open", do_open, 3, "FILE PATH r|w|rw[,nonblock]" },
	{ "inherit", do_inherit, 2, "FILE DESCRIPTOR" },
	{ "close", do_close, 1, "FILE" },
	{ "read", do_read, 2, "FILE BYTES [THERE]" },
	{ "write", do_write, 1, "FILE [TEXT]" },
	{ "seek", do_seek, 1, "FILE" },
	{ "feed", do_feed, 1, "FILE [MEMBER=VALUE...]" },
	{ "ioctl", do_ioctl, 2, "FILE NUMBER" },
	{ "poll", do_poll, 3, "FILE EVENTS MS" },
	{ "select", do_select, 3, "FILE EVENTS MS" },
	{ "watch", do_watch, 2, "FILE EVENTS" },
	{ "epoll", do_epoll, 1, "MS" },
	{ "serve", do_serve, 3, "FILE EVENTS MS [read]" },
	{ "alarm", do_alarm, 1, "MS" },
	{ "async", do_async, 1, "FILE" },
	{ "sigio", do_sigio, 1, "SECONDS" },
	{ "run", do_run, 1, "COMMAND..." },
	{ "asleep", do_asleep, 0, "" },
	{ "wait", do_wait, 0, "" },
};

static void run_command(const char *label, char **word, int words)
{
	const struct command *c = commands;
	uint64_t begin_ns;

	while (c < commands + sizeof(commands) / sizeof(commands[0]) && strcmp(word[0], c->name))
		c++;
	if (c == commands + sizeof(commands) / sizeof(commands[0]))
		errx(2, "no command '%s'", word[0]);
	if (words - 1 < c->words)
		errx(2, "usage: LABEL %s %s", c->name, c->arguments);
	begin_ns = begin_fact(label);
	c->run(word + 1);
	end_fact(begin_ns);
}

static void run_line(char *line)
{
	char *word[MAX_WORDS + 1] = { NULL };
	int words = 0;

	while (words < MAX_WORDS && (word[words] = strsep(&line, " \t\n")))
		words += *word[words] != '\0';
	word[words] = NULL;
	if (words == 0)
		return;
	if (words < 2)
		errx(2, "a line is LABEL COMMAND [ARGUMENT...]");
	if (words < 3 || strcmp(word[1], "background")) {
		run_command(word[0], word + 1, words - 1);
		return;
	}
	children[nr_children] = nr_children < MAX_CHILDREN ? fork() : -1;
	if (children[nr_children] < 0)
		err(1, "fork");
	if (children[nr_children++] == 0) {
		run_command(word[0], word + 2, words - 2);
		_exit(0);
	}
}

int main(void)
{
	static char out[1 << 16];
	char line[512];
	sigset_t set;

	memset(files, -1, sizeof(files));
	sigemptyset(&set);
	sigaddset(&set, SIGIO);
	sigprocmask(SIG_BLOCK, &set, NULL);
	setvbuf(stdout, out, _IOFBF, sizeof(out));
	while (fgets(line, sizeof(line), stdin))
		run_line(line);
	return 0;
}
