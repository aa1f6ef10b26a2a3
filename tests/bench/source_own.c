// SPDX-License-Identifier: GPL-2.0-only
/* Programs of the bench's own: an empty one, and one that wakes a reader on every hit. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "realtime.h"
#include "source.h"

/* Until 5.17, and since. */
const char *const swap_tracepoints[2] = { "mm_vmscan_write_folio", "mm_vmscan_writepage" };

static struct {
	struct bpf_object *obj;
	struct bpf_program *prog;
	struct bpf_link *link;
	struct ring_buffer *ring;
	pthread_t reader;
	bool reading;
	atomic_bool stop;
} own;

static int load(struct env *env, const char *name)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/tests/bench/%s.bpf.o", env->output, name);
	own.obj = bpf_object__open_file(path, NULL);
	if (!own.obj)
		return env_fail(env, "cannot open %s: %s", path, strerror(errno));
	if (bpf_object__load(own.obj))
		return env_fail(env, "cannot load %s: %s", path, strerror(errno));
	own.prog = bpf_object__find_program_by_name(own.obj, name);
	return own.prog ? 0 : env_fail(env, "no program %s in %s", name, path);
}

static int attach(struct env *env)
{
	for (int i = 0; i < 2 && !own.link; i++)
		own.link = bpf_program__attach_raw_tracepoint(own.prog, swap_tracepoints[i]);
	return own.link ? 0 : env_fail(env, "cannot attach to the swap-out tracepoint");
}

static int start_empty(struct env *env)
{
	int err = load(env, "empty");

	return err ? err : attach(env);
}

static void read_progs(struct progs *p)
{
	p->n = 0;
	if (own.prog && !prog_read_fd(bpf_program__fd(own.prog), &p->prog[0]))
		p->n = 1;
}

static int ignore(void *ctx, void *data, size_t size)
{
	(void)ctx;
	(void)data;
	(void)size;
	return 0;
}

static void *read_ring(void *arg)
{
	(void)arg;
	while (!atomic_load(&own.stop))
		ring_buffer__poll(own.ring, 100);
	return NULL;
}

static int start_wake(struct env *env)
{
	int err = load(env, "wake");

	if (err)
		return err;
	own.ring = ring_buffer__new(bpf_object__find_map_fd_by_name(own.obj, "ring"), ignore, NULL,
				    NULL);
	if (!own.ring)
		return env_fail(env, "cannot map the ring: %s", strerror(errno));
	atomic_store(&own.stop, false);
	err = realtime_thread(&own.reader, -1, read_ring, NULL);
	if (err)
		return env_fail(env, "cannot start a reader: %s", strerror(-err));
	own.reading = true;
	return attach(env);
}

static void free_own(void)
{
	bpf_link__destroy(own.link);
	if (own.reading) {
		atomic_store(&own.stop, true);
		pthread_join(own.reader, NULL);
	}
	ring_buffer__free(own.ring);
	bpf_object__close(own.obj);
	own.link = NULL;
	own.reading = false;
	own.ring = NULL;
	own.prog = NULL;
	own.obj = NULL;
}

static int stop_empty(struct env *env, uint64_t *dropped)
{
	(void)env;
	(void)dropped;
	free_own();
	return 0;
}

static int stop_wake(struct env *env, uint64_t *dropped)
{
	const struct bpf_map *bss = bpf_object__find_map_by_name(own.obj, "wake.bss");
	__u32 key = 0;
	__u64 n = 0;

	if (!bss || bpf_map_lookup_elem(bpf_map__fd(bss), &key, &n))
		return env_fail(env, "cannot read what the waking program dropped");
	*dropped += n;
	free_own();
	return 0;
}

const struct source source_empty = {
	.name = "empty",
	.program = "empty",
	.start = start_empty,
	.read = read_progs,
	.stop = stop_empty,
	.free = free_own,
};

const struct source source_wake = {
	.name = "wake",
	.program = "wake",
	.start = start_wake,
	.read = read_progs,
	.stop = stop_wake,
	.free = free_own,
};
