/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Facts about the running system, each read from one file. Parsers take text or a FILE, and readers
 * a root folder ("" for the real one), so that tests can feed them anything.
 */
#ifndef OOMN_SYSTEM_H
#define OOMN_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Reads a small file as text without its last newline; what does not fit is left out. 0 or negative
 * errno.
 */
int read_text(const char *root, const char *path, char *buf, size_t size);

struct swap_areas {
	unsigned int partitions; /* zram devices not counted */
	unsigned int files;
	unsigned int zrams;
	uint64_t total_kb;
	uint64_t used_kb;
};

/* /proc/swaps. -EINVAL when it is not that. */
int parse_swaps(FILE *f, struct swap_areas *out);

enum lockdown { LOCKDOWN_NONE, LOCKDOWN_INTEGRITY, LOCKDOWN_CONFIDENTIALITY };

/* "none [integrity] confidentiality" -> the one in brackets, or -EINVAL. */
int parse_lockdown(const char *text);

/*
 * Whether /proc/self/uid_map belongs to a user namespace other than the first one: 1, 0, or -EINVAL
 * when it is no such map. Capabilities held in such a namespace do not count for BPF.
 */
int parse_uid_map(const char *text);

struct cgroups {
	bool v1_memory;	 /* the memory controller is mounted as version 1 */
	bool v2_mounted; /* a cgroup2 mount exists, with or without the memory controller */
	bool v2_memory;
};

/* From /proc/self/mountinfo, and cgroup.controllers of the cgroup2 mounts found there. */
int read_cgroups(const char *root, struct cgroups *out);

enum psi_triggers {
	PSI_OFF,     /* the kernel does not account for stalls */
	PSI_NONE,    /* it does, but does not let us wait for any */
	PSI_2S_ONLY, /* windows of a multiple of 2 s, as for every user */
	PSI_ANY,     /* windows from 500 ms on */
};

/* Tries triggers on /proc/pressure/memory; they end with the file descriptor, at once. */
enum psi_triggers try_psi(const char *root);

/* This process's effective capabilities, bit N for the capability of that number. */
uint64_t effective_caps(void);
/* Likewise those that it could get at all. */
uint64_t bounding_caps(void);

#endif
