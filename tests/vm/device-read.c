// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads and writes /dev/oom_notify by the calls that know more than one buffer or do not wait, each
 * printed as a fact: readv(), writev(), preadv2() and io_uring. Feeds by a file of its own.
 */
#include <fcntl.h>
#include <linux/io_uring.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"
#include "oom_notify.h"

#define RECORD	sizeof(struct oom_notify_record)
#define ENTRIES 4U

static char room[4 * RECORD];
static int feed_fd;

static void feed(int times)
{
	for (; times; times--) {
		const struct oom_notify_record r = {
			.size = RECORD,
			.version = OOM_NOTIFY_VERSION,
			.level = OOM_NOTIFY_LOW,
			.reasons = OOM_NOTIFY_SWAP_OUT,
			.node = -1,
			.event_ns = now_ns(),
		};

		if (ioctl(feed_fd, OOM_NOTIFY_IOC_FEED, &r))
			err(1, "feed");
	}
}

static int open_device(int flags)
{
	int fd = open("/dev/oom_notify", O_RDWR | O_CLOEXEC | flags);

	if (fd < 0 || write(fd, "none", 4) != 4)
		err(1, "/dev/oom_notify");
	return fd;
}

/* One that waits for an event has state S; for anything else it would be D. */
static bool is_over(pid_t child, bool *sleeps)
{
	char path[32], state = '?';
	FILE *stat;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)child);
	stat = fopen(path, "re");
	if (!stat || fscanf(stat, "%*d %*s %c", &state) != 1)
		errx(1, "%s", path);
	fclose(stat);
	*sleeps = state == 'S';
	return *sleeps || state == 'Z';
}

/* In a process of its own, of which is told whether it came back: it never should have to wait. */
static void vector(const char *label, int fd, size_t first, size_t second)
{
	struct iovec v[] = { { room, first }, { room + first, second } };
	uint64_t begin_ns = now_ns();
	pid_t child = fork();
	bool sleeps;

	if (child < 0)
		err(1, "fork");
	if (child == 0) {
		begin_fact(label);
		result(readv(fd, v, 2));
		end_fact(begin_ns);
		_exit(0);
	}
	while (!is_over(child, &sleeps))
		sleep_ms(1);
	if (sleeps) {
		kill(child, SIGKILL);
		begin_fact(label);
		field("waits", 1);
		end_fact(begin_ns);
	}
	waitpid(child, NULL, 0);
}

static void vectors(void)
{
	int fd = open_device(0);
	struct iovec text[] = { { "crit", 4 }, { "ical", 5 } };

	feed(1);
	vector("one_for_two", fd, RECORD, RECORD);
	feed(3);
	vector("across", fd, 100, 100);
	vector("short", fd, 20, 20);
	feed(1);
	vector("halves", fd, RECORD / 2, RECORD / 2);
	begin_fact("writev");
	result(writev(fd, text, 2));
	end_fact(now_ns());
	close(fd);
}

static void no_wait(const char *label, int fd)
{
	const struct iovec v = { room, sizeof(room) };

	begin_fact(label);
	result(preadv2(fd, &v, 1, -1, RWF_NOWAIT));
	end_fact(now_ns());
}

struct ring {
	int fd;
	unsigned int *tail, *mask, *array;
	unsigned int *cq_head, *cq_tail;
	struct io_uring_cqe *cqes;
	struct io_uring_sqe *sqes;
};

static char *map(int fd, size_t size, off_t at)
{
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, at);

	if (p == MAP_FAILED)
		err(1, "io_uring");
	return p;
}

static void ring_open(struct ring *r)
{
	struct io_uring_params p = { 0 };
	char *sq, *cq;

	r->fd = (int)syscall(SYS_io_uring_setup, ENTRIES, &p);
	if (r->fd < 0)
		err(1, "io_uring_setup");
	sq = map(r->fd, p.sq_off.array + ENTRIES * sizeof(unsigned int), IORING_OFF_SQ_RING);
	cq = map(r->fd, p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe),
		 IORING_OFF_CQ_RING);
	r->sqes = (void *)map(r->fd, ENTRIES * sizeof(struct io_uring_sqe), IORING_OFF_SQES);
	r->tail = (void *)(sq + p.sq_off.tail);
	r->mask = (void *)(sq + p.sq_off.ring_mask);
	r->array = (void *)(sq + p.sq_off.array);
	r->cq_head = (void *)(cq + p.cq_off.head);
	r->cq_tail = (void *)(cq + p.cq_off.tail);
	r->cqes = (void *)(cq + p.cq_off.cqes);
}

static void ring_read(struct ring *r, int fd)
{
	unsigned int at = *r->tail & *r->mask;

	r->sqes[at] = (struct io_uring_sqe){
		.opcode = IORING_OP_READ,
		.fd = fd,
		.off = (__u64)-1,
		.addr = (__u64)(uintptr_t)room,
		.len = sizeof(room),
	};
	r->array[at] = at;
	__atomic_store_n(r->tail, *r->tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, r->fd, 1, 0, 0, NULL, 0) != 1)
		err(1, "io_uring_enter");
}

static unsigned int completed(const struct ring *r)
{
	return __atomic_load_n(r->cq_tail, __ATOMIC_ACQUIRE) - *r->cq_head;
}

static int ring_result(struct ring *r)
{
	const struct io_uring_cqe *cqe = &r->cqes[*r->cq_head % (2 * ENTRIES)];

	while (!completed(r))
		if (syscall(SYS_io_uring_enter, r->fd, 0, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0)
			err(1, "io_uring_enter");
	__atomic_store_n(r->cq_head, *r->cq_head + 1, __ATOMIC_RELEASE);
	return cqe->res;
}

/* What is there at once, then what has to be waited for. */
static void ring_facts(const char *label)
{
	struct ring r;
	int fd = open_device(O_NONBLOCK);

	ring_open(&r);
	feed(2);
	ring_read(&r, fd);
	begin_fact(label);
	field("there", ring_result(&r));
	ring_read(&r, fd);
	field("early", completed(&r));
	feed(1);
	field("later", ring_result(&r));
	end_fact(now_ns());
	close(r.fd);
	close(fd);
}

int main(void)
{
	int fd;

	feed_fd = open("/dev/oom_notify", O_WRONLY | O_CLOEXEC);
	vectors();
	fd = open_device(0);
	no_wait("nowait_empty", fd);
	feed(2);
	no_wait("nowait", fd);
	ring_facts("ring");
	return 0;
}
