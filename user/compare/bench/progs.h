/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs of BPF programs and their time, by the kernel's own account. */
#ifndef BENCH_PROGS_H
#define BENCH_PROGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct prog_stat {
	uint32_t id;
	char name[16]; /* as much of it as the kernel keeps: 15 characters */
	uint64_t runs;
	uint64_t ns;
};

#define MAX_PROGS 32

struct progs {
	unsigned int n;
	struct prog_stat prog[MAX_PROGS];
};

/* The kernel counts as long as the returned descriptor is open. Negative errno. */
int progs_count(void);

/* 0 or negative errno. */
int prog_read_fd(int fd, struct prog_stat *s);

/* Reads all that the process holds descriptors of. */
void progs_read(pid_t pid, struct progs *p);

/* The difference of @after and @before, program by program, without those that never ran. */
void progs_delta(const struct progs *before, const struct progs *after, struct progs *delta);

/* The one whose name begins so, or NULL. */
const struct prog_stat *progs_find(const struct progs *p, const char *begins);

#endif
