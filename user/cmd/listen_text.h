/* SPDX-License-Identifier: GPL-2.0-only */
/* A record as `oom-notify listen` prints it: lines for people, or JSON. */
#ifndef OOMN_LISTEN_TEXT_H
#define OOMN_LISTEN_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "common/clock.h"
#include "oom_notify.h"

/* No line is longer. */
#define LISTEN_LINE_MAX 1024

struct listen_env {
	bool json;
	struct moment now;
	const char *boot_id; /* NULL: not known */
	uint64_t page_bytes;
};

struct listen_sums {
	uint64_t records;
	uint64_t missed; /* merged into later records before they were read */
	uint64_t pages;
};

/* Each returns how many bytes it wrote, or -ENOSPC. */
long listen_header(const struct listen_env *env, char *buf, size_t size);
/* @missed: how many records were merged into this one. */
long listen_record(const struct listen_env *env, const struct oom_notify_record *rec,
		   uint64_t missed, char *buf, size_t size);
long listen_summary(const struct listen_env *env, const struct listen_sums *sums, char *buf,
		    size_t size);

#endif
