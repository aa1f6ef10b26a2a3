/* SPDX-License-Identifier: GPL-2.0-only */
/* A process that the bench started, and all that it writes. */
#ifndef BENCH_PROC_H
#define BENCH_PROC_H

#include <stddef.h>

#include "bench.h"

/* Lines read from a pipe. */
struct stream {
	int fd; /* -1: at its end */
	char *buf;
	size_t size;
	size_t len;
	size_t next; /* where the line begins that is handed out next */
};

struct proc {
	pid_t pid; /* 0: none */
	int pidfd;
	struct stream out;
	struct stream err;
};

/* A static one begins as this. */
#define PROC_NONE ((struct proc){ .pidfd = -1, .out.fd = -1, .err.fd = -1 })

struct proc_opts {
	int cpu; /* the only one it may run on, -1: any */
};

/* It dies with us. */
int proc_start(struct env *env, struct proc *p, const char *const argv[],
	       const struct proc_opts *opts);

/* Waits for a line of @s that contains @text. The line lives until something is read again. */
int proc_wait_line(struct env *env, struct proc *p, struct stream *s, const char *text,
		   uint64_t timeout_ns, char **line);

/* Reads what has been written so far. */
void proc_drain(struct proc *p);

/* The next whole line of what has been read; NULL: no more. */
char *stream_next(struct stream *s);

/*
 * Sends @sig (0: none) and waits for the end, reading all that is written. Fails when it does not
 * end in time or not with exit code 0.
 */
int proc_end(struct env *env, struct proc *p, int sig, uint64_t timeout_ns);

/* Ends it if it runs, whatever it takes, and frees. Fine with what was never started. */
void proc_free(struct proc *p);

#endif
