// SPDX-License-Identifier: GPL-2.0-only
/* The table of tasks inside reclaim. */
#include "reclaimers.h"

#include <bpf/bpf.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "common/cleanup.h"
#include "event.h"

#define PF_MEMALLOC 0x800 /* include/linux/sched.h: set for as long as a task reclaims */

/* More than the table holds: entries come and go while it is walked. */
#define MAX_STEPS 16384

uint64_t reclaimers_count(int map_fd)
{
	__u32 key, *prev = NULL;
	uint64_t n = 0;

	while (n < MAX_STEPS && !bpf_map_get_next_key(map_fd, prev, &key)) {
		prev = &key;
		n++;
	}
	return n;
}

/* The ninth field of /proc/TID/stat; the second, comm, may hold anything, so count from its end. */
static bool is_reclaiming(__u32 tid)
{
	char path[32], buf[512], *end;
	_cleanup_close_ int fd = -1;
	unsigned long flags = 0;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%u/stat", tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, buf, sizeof(buf) - 1);
	if (n <= 0)
		return false;
	buf[n] = '\0';
	end = strrchr(buf, ')');
	if (!end || sscanf(end, ") %*c %*d %*d %*d %*d %*d %lu", &flags) != 1)
		return false;
	return flags & PF_MEMALLOC;
}

/*
 * Another task may become the CPU's reclaimer between the look and the store; it then loses its note
 * and is looked up in the table once more.
 */
static void forget(struct oomn_cpu *cpus, int nr_cpus, __u32 tid)
{
	for (int i = 0; i < nr_cpus; i++) {
		volatile __u32 *reclaimer = &cpus[i].reclaimer;

		if (*reclaimer == tid)
			*reclaimer = 0;
	}
}

uint64_t reclaimers_sweep(int map_fd, struct oomn_cpu *cpus, int nr_cpus, uint64_t now_ns)
{
	struct oomn_reclaimer r;
	__u32 key, next;
	uint64_t removed = 0;
	bool more = !bpf_map_get_next_key(map_fd, NULL, &next);

	for (int i = 0; more && i < MAX_STEPS; i++) {
		key = next;
		more = !bpf_map_get_next_key(map_fd, &key, &next);
		if (bpf_map_lookup_elem(map_fd, &key, &r) || now_ns < r.start_ns ||
		    now_ns - r.start_ns < RECLAIMER_STALE_NS || is_reclaiming(key))
			continue;
		if (bpf_map_delete_elem(map_fd, &key))
			continue;
		forget(cpus, nr_cpus, key);
		removed++;
	}
	return removed;
}
