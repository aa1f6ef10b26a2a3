// SPDX-License-Identifier: GPL-2.0-only
/* Loads the real programs, runs them one by one and reads what they left. */
#include "librig.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include "common/clock.h"
#include "config.h"
#include "core/decode.h"
#include "core/direct.h"
#include "core/tails.h"
#include "libcheck.h"
#include "limit.h"

#include "drive.skel.h"

#define MAX_RECORDS   4096
#define CGROUPS_BYTES (OOMN_NR_CGROUPS * sizeof(struct oomn_cgroup))
#define SLOTS_BYTES   (OOMN_NR_SLOTS * sizeof(struct oomn_reclaimer))

static struct direct direct;

static int print_warnings(enum libbpf_print_level level, const char *fmt, va_list args)
{
	return level == LIBBPF_WARN ? vfprintf(stderr, fmt, args) : 0;
}

static void *checked(void *p, const char *what)
{
	if (!p || p == MAP_FAILED) {
		fprintf(stderr, "%s: %s\n", what, strerror(errno));
		exit(EXIT_FAILURE);
	}
	return p;
}

static int on_record(void *ctx, void *data, size_t size)
{
	struct rig *r = ctx;
	union oomn_record *rec = &r->rec[r->nr_rec];

	EXPECT_EQ(decode_record(data, size, rec), 0);
	stats_told(&r->told, &rec->hdr, 0);
	if (r->nr_rec < MAX_RECORDS - 1)
		r->nr_rec++;
	return 0;
}

/* As the loader would on this kernel, but for what the test asks for. */
static void configure(struct drive *skel, const struct rig_opts *o)
{
	struct oomn_config *cfg = &skel->rodata->cfg;
	struct timespec tick = { 0 };

	clock_getres(CLOCK_MONOTONIC_COARSE, &tick);
	cfg->gap_ns = o->gap_ns;
	cfg->flush_ns = o->flush_ns;
	cfg->gap_ticks = o->gap_by_clock ? 0 : o->gap_ns / (uint64_t)tick.tv_nsec;
	cfg->wake_gap_ns = o->wake_gap_ns;
	cfg->psi_on = o->psi_on;
	cfg->begin_gfp_first = o->begin_gfp_first;
	cfg->end_has_memcg = o->end_has_memcg;
	cfg->victim_has_task = o->victim_has_task;
	cfg->isolate_has_mode = o->isolate_has_mode;
	cfg->kills_signalled = o->kills_signalled;
	direct_config(cfg, &direct.features, direct.way);
	cfg->has_slots = o->slots;
}

static int load(struct rig *r, const struct rig_opts *o)
{
	int err = bpf_map__set_max_entries(r->skel->maps.cpus, r->nr_cpus);

	configure(r->skel, o);
	if (!err && o->ring_bytes)
		err = bpf_map__set_max_entries(r->skel->maps.ring, o->ring_bytes);
	if (!err && o->reclaimers)
		err = bpf_map__set_max_entries(r->skel->maps.reclaimers, o->reclaimers);
	err = err ?: drive__load(r->skel);
	return err ?: tails_fill(r->skel->obj);
}

struct rig *rig_open(const struct rig_opts *opts)
{
	struct rig *r = checked(calloc(1, sizeof(*r)), "no memory");
	int err;

	if (geteuid())
		check_skip_all("loading BPF programs needs root");
	if (access("/sys/kernel/btf/vmlinux", R_OK))
		check_skip_all("this kernel has no BTF (/sys/kernel/btf/vmlinux)");
	libbpf_set_print(print_warnings);
	if (!direct.features.has_ringbuf && features_probe_running(&direct.features))
		check_skip_all("this kernel's BTF cannot be read");
	r->nr_cpus = (uint32_t)libbpf_num_possible_cpus();
	r->rec = checked(calloc(MAX_RECORDS, sizeof(*r->rec)), "no memory");
	/* Programs of the type tp_btf cannot be run by hand. */
	direct.way = opts->probe || direct_best(&direct.features) != DIRECT_CAST ? DIRECT_PROBE :
										   DIRECT_CAST;
	if (direct_begin(&direct))
		checked(NULL, "cannot finish programs");
	r->skel = checked(drive__open(), "cannot open the BPF object");
	err = load(r, opts);
	direct_end();
	if (err == -EPERM)
		check_skip_all("the kernel does not let us load BPF programs");
	if (err) {
		errno = -err;
		checked(NULL, "cannot load the BPF object");
	}
	r->cpus = checked(mmap(NULL, r->nr_cpus * sizeof(*r->cpus), PROT_READ | PROT_WRITE,
			       MAP_SHARED, bpf_map__fd(r->skel->maps.cpus), 0),
			  "cannot map the counters");
	r->cgroups = checked(mmap(NULL, CGROUPS_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED,
				  bpf_map__fd(r->skel->maps.cgroups), 0),
			     "cannot map the cgroups");
	r->slots = checked(mmap(NULL, SLOTS_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED,
				bpf_map__fd(r->skel->maps.slots), 0),
			   "cannot map the slots");
	r->ring = checked(ring_buffer__new(bpf_map__fd(r->skel->maps.ring), on_record, r, NULL),
			  "cannot map the ring");
	rig_tend(r);
	rig_arm(r, !opts->unarmed);
	return r;
}

/* For each kind, and the quick sum that the loader looks at against the gates themselves. */
static void expect_adds_up(struct rig *r)
{
	struct stats s = r->told;
	uint64_t waiting = 0;

	for (uint32_t i = 0; i < r->nr_cpus; i++)
		stats_add_cpu(&s, &r->cpus[i]);
	for (int k = 0; k < OOMN_NR_KINDS; k++) {
		const struct kind_stats *n = &s.kind[k];

		waiting += n->waiting;
		EXPECT_EQ(n->told + n->waiting + n->dropped, n->hits);
		EXPECT_EQ(n->pages_told + n->pages_waiting + n->pages_dropped, n->pages);
	}
	EXPECT_EQ(rig_waiting(r), waiting);
}

void rig_close(struct rig *r)
{
	rig_read(r);
	expect_adds_up(r);
	bpf_link__destroy(r->link);
	ring_buffer__free(r->ring);
	munmap(r->cpus, r->nr_cpus * sizeof(*r->cpus));
	munmap(r->cgroups, CGROUPS_BYTES);
	munmap(r->slots, SLOTS_BYTES);
	drive__destroy(r->skel);
	free(r->rec);
	free(r);
}

void rig_arm(struct rig *r, bool on)
{
	for (uint32_t cpu = 0; cpu < r->nr_cpus; cpu++)
		r->cpus[cpu].armed = on;
}

int rig_run(struct rig *r, const char *prog, int cpu, const uint64_t args[RIG_ARGS])
{
	struct bpf_program *p = bpf_object__find_program_by_name(r->skel->obj, prog);
	LIBBPF_OPTS(bpf_test_run_opts, opts, .ctx_in = args,
		    .ctx_size_in = RIG_ARGS * sizeof(args[0]));
	int err = p ? 0 : -ENOENT;

	if (cpu >= 0) {
		opts.flags = BPF_F_TEST_RUN_ON_CPU;
		opts.cpu = (__u32)cpu;
	}
	if (!err)
		err = bpf_prog_test_run_opts(bpf_program__fd(p), &opts);
	if (err)
		check_failed(__FILE__, __LINE__, "cannot run %s: %s", prog, strerror(-err));
	return err ?: (int)opts.retval;
}

uint64_t rig_rows_taken(const struct rig *r)
{
	return r->skel->bss->rows_taken;
}

void rig_tend(struct rig *r)
{
	for (uint32_t row = 0; row < OOMN_NR_CGROUPS; row += 64)
		run(r, "tend", row);
}

/* As the loader does it (user/core/flush.c). */
int rig_flush(struct rig *r, int cpu)
{
	uint64_t args[RIG_ARGS] = { r->cpus[cpu].waiting_gates };
	int ret = rig_run(r, "flush", cpu, args);

	while (args[0] && ret == OOMN_FLUSH_DONE) {
		for (int i = 0; i < OOMN_FLUSHED; i++)
			args[0] &= args[0] - 1;
		if (args[0])
			ret = rig_run(r, "flush", cpu, args);
	}
	return ret;
}

void rig_flush_all(struct rig *r)
{
	rig_arm(r, false);
	for (uint32_t cpu = 0; cpu < r->nr_cpus; cpu++)
		if (r->cpus[cpu].waiting_gates)
			EXPECT_EQ(rig_flush(r, (int)cpu), OOMN_FLUSH_DONE);
}

size_t rig_read(struct rig *r)
{
	r->nr_rec = 0;
	EXPECT_GE(ring_buffer__consume(r->ring), 0);
	return r->nr_rec;
}

bool rig_woken(struct rig *r)
{
	struct epoll_event event;
	/* Only a wake-up makes epoll look at the ring at all. The kernel may be slow to send it. */
	int n = epoll_wait(ring_buffer__epoll_fd(r->ring), &event, 1, 100);

	rig_read(r);
	/* It keeps on looking until it has found the ring empty. */
	(void)epoll_wait(ring_buffer__epoll_fd(r->ring), &event, 1, 0);
	return n > 0;
}

uint64_t rig_waiting(const struct rig *r)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < r->nr_cpus; i++)
		n += r->cpus[i].waiting_hits;
	return n;
}

struct oomn_count rig_count(const struct rig *r, enum oomn_kind kind)
{
	struct oomn_count sum = { 0 };

	for (uint32_t i = 0; i < r->nr_cpus; i++) {
		sum.hits += r->cpus[i].count[kind].hits;
		sum.pages += r->cpus[i].count[kind].pages;
		sum.dropped_hits += r->cpus[i].count[kind].dropped_hits;
		sum.dropped_pages += r->cpus[i].count[kind].dropped_pages;
	}
	return sum;
}

struct oomn_stall rig_stall(const struct rig *r, enum oomn_cause cause)
{
	struct oomn_stall sum = { 0 };

	for (uint32_t i = 0; i < r->nr_cpus; i++) {
		const struct oomn_stall *s = &r->cpus[i].stall[cause];

		sum.count += s->count;
		sum.sum_ns += s->sum_ns;
		sum.max_ns = s->max_ns > sum.max_ns ? s->max_ns : sum.max_ns;
		for (int b = 0; b < OOMN_STALL_BUCKETS; b++)
			sum.bucket[b] += s->bucket[b];
	}
	return sum;
}

uint64_t rig_kills_again(const struct rig *r)
{
	return r->skel->bss->kills_again;
}

struct oomn_scan rig_scan(const struct rig *r, enum oomn_cause cause)
{
	struct oomn_scan sum = { 0 };

	for (uint32_t i = 0; i < r->nr_cpus; i++) {
		sum.scanned_pages += r->cpus[i].scan[cause].scanned_pages;
		sum.freed_pages += r->cpus[i].scan[cause].freed_pages;
	}
	return sum;
}

volatile struct oomn_limits_shared *rig_limits(struct rig *r)
{
	return &r->skel->bss->limits_shared;
}

int rig_prog_fd(const struct rig *r, const char *prog)
{
	return bpf_program__fd(bpf_object__find_program_by_name(r->skel->obj, prog));
}

int rig_map_fd(const struct rig *r, const char *map)
{
	return bpf_object__find_map_fd_by_name(r->skel->obj, map);
}

int rig_attach(struct rig *r, const char *prog, const char *tp)
{
	struct bpf_program *p = bpf_object__find_program_by_name(r->skel->obj, prog);

	r->link = p ? bpf_program__attach_raw_tracepoint(p, tp) : NULL;
	return r->link ? 0 : -errno;
}

uint64_t rig_own_task(struct rig *r)
{
	run(r, "drive_who", 0);
	return r->skel->bss->who_task;
}

uint64_t rig_own_memcg(struct rig *r, uint64_t *id)
{
	run(r, "drive_who", 0);
	return rig_seen_memcg(r, id);
}

uint64_t rig_seen_memcg(const struct rig *r, uint64_t *id)
{
	*id = r->skel->bss->who_memcg_id;
	return r->skel->bss->who_memcg;
}

uint64_t rig_idle_task(struct rig *r)
{
	run(r, "drive_idle_task", 0);
	return r->skel->bss->who_task;
}

uint64_t rig_fake_task(struct rig *r, uint32_t tid, uint32_t flags)
{
	EXPECT_EQ(run(r, "drive_fake_task", tid, flags), 0);
	return r->skel->bss->who_task;
}

struct rig_fake rig_fake_memcg(struct rig *r, uint64_t serial, uint64_t id)
{
	EXPECT_EQ(run(r, "drive_fake_memcg", serial, id), 0);
	return (struct rig_fake){ r->skel->bss->fake_memcg, r->skel->bss->fake_cgroup };
}

uint64_t rig_fake_folio(struct rig *r, uint64_t memcg, uint64_t pages, bool is_anon,
			bool is_swap_backed)
{
	EXPECT_EQ(run(r, "drive_fake_folio", memcg, pages, is_anon, is_swap_backed), 0);
	return r->skel->bss->fake_folio;
}

int rig_cpu(int i)
{
	static cpu_set_t allowed; /* before the first rig_pin() */
	static bool is_known;

	if (!is_known)
		is_known = !sched_getaffinity(0, sizeof(allowed), &allowed);
	for (int cpu = 0; is_known && cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET((size_t)cpu, &allowed) && i-- == 0)
			return cpu;
	return -1;
}

void rig_pin(int cpu)
{
	cpu_set_t set;

	(void)rig_cpu(0);
	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	EXPECT_EQ(sched_setaffinity(0, sizeof(set), &set), 0);
}

void rig_sleep_ns(uint64_t ns)
{
	struct timespec ts = { .tv_sec = (time_t)(ns / NS_PER_S),
			       .tv_nsec = (long)(ns % NS_PER_S) };

	while (nanosleep(&ts, &ts) && errno == EINTR)
		;
}
