// SPDX-License-Identifier: GPL-2.0-only
/* The BPF side as user space sees it. The only file that includes the skeleton. */
#include "loader.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "checks.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "common/log.h"
#include "config_fill.h"
#include "features.h"
#include "flush.h"
#include "harden.h"
#include "kernel_types.h"
#include "limits.h"
#include "load_error.h"
#include "programs.h"
#include "reclaimers.h"
#include "record.h"
#include "totals.h"
#include "rows.h"
#include "tails.h"

#include "oom_notify.skel.h"

#define CGROUPS_BYTES (OOMN_NR_CGROUPS * sizeof(struct oomn_cgroup))
#define SLOTS_BYTES   (OOMN_NR_SLOTS * sizeof(struct oomn_reclaimer))

struct loader {
	struct oom_notify *skel;
	struct programs *programs;
	struct ring_buffer *ring;
	loader_record_fn fn;
	void *ctx;
	int nr_cpus;
	size_t cpus_bytes;
	struct oomn_cpu *cpus;
	struct oomn_cgroup *cgroups;
	struct oomn_reclaimer *slots;
	uint64_t flush_ns; /* as the BPF side has it */
	bool armed;
	struct flush flush;
	struct rows rows;
	struct limits *limits;
	uint64_t stale;	   /* rows_stale, as far as it was seen to */
	uint64_t unended;  /* found by loader_sweep() */
	const char *doing; /* the step of loader_open(), for its message */
};

/* The error of a call that failed: never 0, whatever it left in errno. */
static int last_error(void)
{
	int err = errno;

	return err > 0 ? -err : -EIO;
}

/* Each CPU keeps up to 128 free entries of such a table for itself, which nobody else can use. */
#define RECENTS_A_CPU 256U

static int size_recents(struct loader *l)
{
	struct bpf_map *map = l->skel->maps.recents;
	uint32_t want = RECENTS_A_CPU * (uint32_t)l->nr_cpus;

	return want > bpf_map__max_entries(map) ? bpf_map__set_max_entries(map, want) : 0;
}

static int set_up(struct loader *l, const struct loader_opts *o, const struct direct *d)
{
	const struct features *f = &d->features;
	int err;

	l->programs = programs_choose(l->skel->obj, f);
	if (!l->programs)
		return -errno;
	config_fill(&l->skel->rodata->cfg, o, d);
	l->flush_ns = l->skel->rodata->cfg.flush_ns;
	if (!f->has_timers) {
		bpf_program__set_autoload(l->skel->progs.limit_start, false);
		bpf_program__set_autoload(l->skel->progs.limit_busy, false);
		bpf_map__set_autocreate(l->skel->maps.limit_clocks, false);
	}
	err = bpf_map__set_max_entries(l->skel->maps.cpus, (uint32_t)l->nr_cpus);
	if (!err)
		err = bpf_map__set_max_entries(l->skel->maps.ring, (uint32_t)o->ring_bytes);
	if (!err)
		err = size_recents(l);
	err = err ?: oom_notify__load(l->skel);
	return err ?: tails_fill(l->skel->obj);
}

static void *map_memory(const struct bpf_map *map, size_t bytes, int prot)
{
	void *p = mmap(NULL, bytes, prot, MAP_SHARED, bpf_map__fd(map), 0);

	return p == MAP_FAILED ? NULL : p;
}

/*
 * Has rows looked after: user space's decisions about them take effect, and what the kernel did to
 * cgroups.
 */
static int tend(void *ctx, uint32_t first_row)
{
	const struct loader *l = ctx;
	const uint64_t args[] = { first_row };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .ctx_in = args, .ctx_size_in = sizeof(args));

	return bpf_prog_test_run_opts(bpf_program__fd(l->skel->progs.tend), &opts);
}

/* Before a record is told: its cgroup may be deeper than a hit could look, or renamed. */
static void refresh_names(struct loader *l)
{
	for (uint64_t stale; (stale = l->skel->bss->rows_stale) != l->stale; l->stale = stale)
		if (rows_tend_all(&l->rows))
			break;
}

static int on_record(void *ctx, void *data, size_t size)
{
	struct loader *l = ctx;

	if (l->skel->bss->rows_stale != l->stale)
		refresh_names(l);
	l->fn(l->ctx, data, size);
	return 0;
}

static int map_tables(struct loader *l)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	l->cpus_bytes = ((size_t)l->nr_cpus * sizeof(*l->cpus) + page - 1) / page * page;
	/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): no skeleton, no success before this */
	l->cpus = map_memory(l->skel->maps.cpus, l->cpus_bytes, PROT_READ | PROT_WRITE);
	if (l->cpus)
		l->cgroups = map_memory(l->skel->maps.cgroups, CGROUPS_BYTES,
					PROT_READ | PROT_WRITE);
	if (l->cgroups)
		l->slots = map_memory(l->skel->maps.slots, SLOTS_BYTES, PROT_READ | PROT_WRITE);
	if (!l->cpus || !l->cgroups || !l->slots)
		return last_error();
	l->ring = ring_buffer__new(bpf_map__fd(l->skel->maps.ring), on_record, l, NULL);
	if (!l->ring)
		return last_error();
	return flush_init(&l->flush, bpf_program__fd(l->skel->progs.flush), l->cpus, l->nr_cpus) ?:
		       rows_init(&l->rows, l->cgroups, l->cpus, l->nr_cpus, tend, l);
}

static int map_limits(struct loader *l)
{
	const struct oom_notify *s = l->skel;
	const struct limits_bpf bpf = {
		.table_fd = bpf_map__fd(s->maps.limits),
		.bell_fd = bpf_map__fd(s->maps.limit_bell),
		.add_fd = bpf_program__fd(s->progs.limit_add),
		.start_fd = bpf_program__fd(s->progs.limit_start),
		.look_fd = bpf_program__fd(s->progs.limit_look),
		.busy_fd = bpf_program__fd(s->progs.limit_busy),
		.shared = &s->bss->limits_shared,
	};

	l->limits = limits_new(&bpf);
	return l->limits ? 0 : last_error();
}

/* Opens the object so that it will find the kernel's types in @types. */
static struct oom_notify *open_object(int types)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts);
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", types);
	opts.btf_custom_path = path;
	return oom_notify__open_opts(&opts);
}

/*
 * A kernel that we have never seen may know bpf_rdonly_cast() or typed arguments and refuse what we
 * do with them: then without.
 */
static int load_in_best_way(struct loader *l, const struct loader_opts *opts, struct direct *d,
			    int types)
{
	int refused, err;

	d->way = direct_best(&d->features);
	l->doing = "loading them";
	refused = set_up(l, opts, d);
	if (d->way == DIRECT_PROBE || (refused != -EACCES && refused != -EINVAL))
		return refused;
	d->way = DIRECT_PROBE;
	programs_free(l->programs);
	l->programs = NULL;
	oom_notify__destroy(l->skel);
	l->skel = open_object(types);
	err = l->skel ? set_up(l, opts, d) : last_error();
	if (!err)
		log_warn("this kernel refuses typed reads (%s): helpers stand in, and a hit costs "
			 "150 ns more; please report it with the output of OOM_NOTIFY_DEBUG=1",
			 strerror(-refused));
	return err;
}

static int open_and_load(struct loader *l, const struct loader_opts *opts, struct direct *d)
{
	_cleanup_close_ int types = memfd_create("kernel-types", MFD_CLOEXEC);
	int err;

	if (types < 0)
		return last_error();
	l->doing = "opening them";
	l->skel = open_object(types);
	if (!l->skel)
		return last_error();
	l->doing = "reading the kernel's types";
	err = kernel_types_probe(bpf_object__btf(l->skel->obj), &d->features, types);
	return err ?: load_in_best_way(l, opts, d, types);
}

static int set_up_cpus(struct loader *l)
{
	l->doing = "counting CPUs in /sys/devices/system/cpu/possible";
	l->nr_cpus = libbpf_num_possible_cpus();
	if (l->nr_cpus > 0)
		return 0;
	return l->nr_cpus ?: -ENODATA;
}

static int open_all(struct loader *l, const struct loader_opts *opts)
{
	struct direct direct = { .way = DIRECT_PROBE };
	int err;

	l->doing = "opening as many files as it takes";
	err = harden_files(CHECKS_FILES, CHECKS_FILES_MOST);
	if (!err)
		err = set_up_cpus(l);
	if (err)
		return err;
	l->doing = "a file in memory (memfd_create)";
	err = direct_begin(&direct);
	if (!err)
		err = open_and_load(l, opts, &direct);
	direct_end();
	if (err)
		return err;
	l->doing = "mapping their tables";
	err = map_tables(l) ?: map_limits(l);
	if (err)
		return err;
	l->doing = "attaching them";
	return programs_attach(l->programs);
}

struct loader *loader_open(const struct loader_opts *opts, loader_record_fn fn, void *ctx)
{
	struct loader *l = calloc(1, sizeof(*l));
	const char *doing;
	int err;

	if (!l)
		return NULL;
	load_error_hush();
	l->fn = fn;
	l->ctx = ctx;
	err = open_all(l, opts);
	if (!err) {
		flush_check_clock(&l->flush);
		return l;
	}
	doing = l->doing;
	loader_free(l); /* first, as to find out why takes descriptors as well */
	load_error_explain(err, doing);
	errno = -err;
	return NULL;
}

void loader_free(struct loader *l)
{
	if (!l)
		return;
	programs_free(l->programs);
	ring_buffer__free(l->ring);
	limits_free(l->limits);
	if (l->cpus)
		munmap(l->cpus, l->cpus_bytes);
	if (l->cgroups)
		munmap(l->cgroups, CGROUPS_BYTES);
	if (l->slots)
		munmap(l->slots, SLOTS_BYTES);
	oom_notify__destroy(l->skel);
	rows_free(&l->rows);
	flush_free(&l->flush);
	free(l);
}

void loader_arm(struct loader *l, bool on)
{
	programs_arm(l->programs, on);
	for (int cpu = 0; cpu < l->nr_cpus; cpu++)
		__atomic_store_n(&l->cpus[cpu].armed, on, __ATOMIC_RELAXED);
	l->armed = on;
}

int loader_fd(const struct loader *l)
{
	return ring_buffer__epoll_fd(l->ring);
}

int loader_consume(struct loader *l)
{
	return ring_buffer__consume(l->ring);
}

uint64_t loader_waiting(const struct loader *l)
{
	return totals_waiting(l->cpus, l->nr_cpus);
}

bool loader_flush(struct loader *l)
{
	return flush_run(&l->flush, l->armed ? l->flush_ns : 0);
}

struct oomn_scan loader_scan(const struct loader *l)
{
	return totals_scan(l->cpus, l->nr_cpus);
}

const struct oomn_cpu *loader_cpus(const struct loader *l, int *nr_cpus)
{
	*nr_cpus = l->nr_cpus;
	return l->cpus;
}

uint64_t loader_ring_drops(const struct loader *l)
{
	return totals_dropped(l->cpus, l->nr_cpus);
}

void loader_stats(const struct loader *l, struct stats *s)
{
	for (int i = 0; i < l->nr_cpus; i++)
		stats_add_cpu(s, &l->cpus[i]);
	stats_top_cgroups(s, l->cgroups);
	s->unended += l->unended;
	s->in_reclaim = reclaimers_count(bpf_map__fd(l->skel->maps.reclaimers)) +
			reclaimers_count_slots(l->slots);
	s->kills_again = l->skel->bss->kills_again;
	programs_stats(l->programs, s);
}

uint64_t loader_sweep(struct loader *l, uint64_t now_ns)
{
	const int prog_fd = bpf_program__fd(l->skel->progs.still_reclaims);
	uint64_t n = reclaimers_sweep(bpf_map__fd(l->skel->maps.reclaimers), prog_fd, l->cpus,
				      l->nr_cpus, now_ns);

	n += reclaimers_sweep_slots(l->slots, prog_fd, l->cpus, l->nr_cpus, now_ns);
	l->unended += n;
	return n;
}

const struct oomn_cgroup *loader_cgroups(const struct loader *l)
{
	return l->cgroups;
}

struct limits *loader_limits(struct loader *l)
{
	return l->limits;
}

void loader_refresh(struct loader *l)
{
	rows_tend_some(&l->rows);
}

void loader_recycle(struct loader *l, uint64_t now_ns, void (*hold)(void *ctx, struct rows *rows),
		    void *ctx)
{
	if (!rows_begin(&l->rows, l->skel->bss->rows_taken, now_ns))
		return;
	loader_consume(l);
	hold(ctx, &l->rows);
	rows_end(&l->rows, now_ns);
}
