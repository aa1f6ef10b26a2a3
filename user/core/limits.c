// SPDX-License-Identifier: GPL-2.0-only
/* The table of cgroups that the BPF side looks at, and its bell. */
#include "limits.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "common/file.h"

#define RETRY_NS    (100 * NS_PER_MS)
#define TABLE_BYTES (OOMN_NR_LIMITS * sizeof(struct oomn_limit))

/* Tracepoints that are met as long as a processor does not sleep, for limit_busy(). */
static const char *const busy_tps[] = { "hrtimer_expire_entry", "tick_stop" };

#define NR_BUSY (sizeof(busy_tps) / sizeof(busy_tps[0]))

struct limits {
	struct limits_bpf bpf;
	struct oomn_limit *table;
	struct ring_buffer *bell;
	bool is_ticking;      /* the kernel looks by itself */
	int busy_fd[NR_BUSY]; /* attachments */
	uint64_t retry_ns;    /* after a look that failed; 0: it did not */
};

/* The records say nothing: what has rung is in the table. */
static int on_bell(void *ctx, void *data, size_t size)
{
	(void)ctx;
	(void)data;
	(void)size;
	return 0;
}

/* Processors that run one task without ticks; "(null)" or nothing where there are none. */
static bool has_tickless(void)
{
	char text[16];

	return file_read(AT_FDCWD, "/sys/devices/system/cpu/nohz_full", text, sizeof(text)) > 0 &&
	       text[0] >= '0' && text[0] <= '9';
}

/* The scheduler's tick, 0 where it cannot be relied on: in low resolution it is no timer. */
static uint64_t tick_ns(void)
{
	struct timespec resolution = { 0 }, tick = { 0 };

	clock_getres(CLOCK_MONOTONIC, &resolution);
	clock_getres(CLOCK_MONOTONIC_COARSE, &tick);
	if (resolution.tv_nsec != 1 || tick.tv_sec || has_tickless())
		return 0;
	return (uint64_t)tick.tv_nsec;
}

/* All or nothing: without one of them the clock never rests. */
static void attach_busy(struct limits *l)
{
	bool all = l->bpf.busy_fd >= 0;

	for (size_t i = 0; i < NR_BUSY; i++) {
		l->busy_fd[i] = all ? bpf_raw_tracepoint_open(busy_tps[i], l->bpf.busy_fd) : -1;
		all = l->busy_fd[i] >= 0;
	}
	l->bpf.shared->tick_ns = all ? tick_ns() : 0;
}

struct limits *limits_new(const struct limits_bpf *bpf)
{
	struct limits *l = calloc(1, sizeof(*l));
	int err;

	if (!l)
		return NULL;
	l->bpf = *bpf;
	l->table = mmap(NULL, TABLE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, bpf->table_fd, 0);
	if (l->table == MAP_FAILED)
		l->table = NULL;
	l->bell = l->table ? ring_buffer__new(bpf->bell_fd, on_bell, NULL, NULL) : NULL;
	if (l->bell) {
		attach_busy(l);
		return l;
	}
	err = errno;
	limits_free(l);
	errno = err ?: EIO;
	return NULL;
}

void limits_free(struct limits *l)
{
	if (!l)
		return;
	for (size_t i = 0; l->bell && i < NR_BUSY; i++)
		cleanup_close(&l->busy_fd[i]);
	ring_buffer__free(l->bell);
	if (l->table)
		munmap(l->table, TABLE_BYTES);
	free(l);
}

struct oomn_limit *limits_table(const struct limits *l)
{
	return l->table;
}

int limits_add(struct limits *l, uint32_t slot, int dir_fd)
{
	const uint64_t args[] = { (uint64_t)dir_fd, slot };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .ctx_in = args, .ctx_size_in = sizeof(args));

	if (dir_fd < 0 || slot >= OOMN_NR_LIMITS)
		return -EINVAL;
	if (bpf_prog_test_run_opts(l->bpf.add_fd, &opts))
		return -errno;
	return opts.retval ? -ENOENT : 0;
}

void limits_remove(struct limits *l, uint32_t slot)
{
	volatile struct oomn_limit *s = &l->table[slot];

	s->id = 0;
	l->bpf.shared->rung[slot] = 0;
	while (l->bpf.shared->slots && !l->table[l->bpf.shared->slots - 1].id)
		--l->bpf.shared->slots;
}

int limits_fd(const struct limits *l)
{
	return ring_buffer__epoll_fd(l->bell);
}

/* The bell first: what rings while the table is looked through rings it again. */
void limits_take(struct limits *l, void (*fn)(void *ctx, uint32_t slot, uint32_t why), void *ctx)
{
	ring_buffer__consume(l->bell);
	l->bpf.shared->bell_rung = 0;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	for (uint32_t i = 0; i < OOMN_NR_LIMITS; i++) {
		if (!l->bpf.shared->rung[i])
			continue;
		l->bpf.shared->rung[i] = 0;
		if (l->table[i].id)
			fn(ctx, i, ((volatile struct oomn_limit *)l->table)[i].why);
	}
}

/*
 * A kernel that has timers may still refuse one: Linux 7 allocates it without waiting for a lock,
 * which can fail, and always does on a processor without cmpxchg16b. The next change tries again.
 */
static bool start_clock(const struct limits *l)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);

	return l->bpf.start_fd >= 0 && !bpf_prog_test_run_opts(l->bpf.start_fd, &opts) &&
	       !opts.retval;
}

int limits_changed(struct limits *l)
{
	l->bpf.shared->stopped = 0;
	l->is_ticking = start_clock(l);
	return l->is_ticking ? 0 : limits_look(l);
}

uint64_t limits_due_ns(const struct limits *l)
{
	const uint64_t due_ns = l->bpf.shared->due_ns;

	if ((l->is_ticking && !l->bpf.shared->stopped) || due_ns == OOMN_NOT_DUE_NS)
		return 0;
	return due_ns > l->retry_ns ? due_ns : l->retry_ns;
}

bool limits_stopped(const struct limits *l)
{
	return l->bpf.shared->stopped;
}

int limits_look(struct limits *l)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);

	const int err = bpf_prog_test_run_opts(l->bpf.look_fd, &opts) ? -errno : 0;

	/* It would be due at once, again and again. */
	l->retry_ns = err ? now_ns() + RETRY_NS : 0;
	return err;
}

uint64_t limits_looks(const struct limits *l)
{
	return l->bpf.shared->looks;
}
