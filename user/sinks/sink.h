/* SPDX-License-Identifier: GPL-2.0-only */
/* A sink turns a notice into text. It knows notices, never where they come from. */
#ifndef OOMN_SINK_H
#define OOMN_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include "core/notice.h"
#include "tables.h"

/* The longest event line, path escaped at its worst, and the longest summary. */
#define SINK_LINE_MAX	 16384
#define SINK_SUMMARY_MAX (160 * 1024)

struct sink_env {
	const struct oomn_cgroup *cgroups;
	uint64_t now_ns;     /* CLOCK_MONOTONIC */
	const char *boot_id; /* NULL: not known */
	uint64_t page_bytes;
	bool colour;
	bool utf8;
	bool legend;	      /* the header explains the words below it */
	unsigned int columns; /* of the terminal; 0: no limit */
};

/*
 * Both write at most @size bytes and return how many, 0 for nothing to say; -ENOSPC when it does
 * not fit, with a NUL behind it.
 */
struct sink {
	long (*header)(const struct sink_env *env, char *buf, size_t size);
	long (*format)(const struct sink_env *env, const struct notice *n, char *buf, size_t size);
};

extern const struct sink sink_term;
extern const struct sink sink_json;

#endif
