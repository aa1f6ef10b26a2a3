/* SPDX-License-Identifier: GPL-2.0-only */
/* The private swap of a box: a file or a zram device, used before any other swap. */
#ifndef OOMN_SWAP_H
#define OOMN_SWAP_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "box.h"
#include "name.h"
#include "common/failure.h"

struct swap {
	enum box_swap kind;  /* never AUTO */
	bool made;	     /* the file or device is there */
	bool on;	     /* ... and swapped on */
	unsigned int zram;   /* number of the device */
	char path[PATH_MAX]; /* empty without swap */
};

/* Makes it and swaps it on. After an error swap_destroy() removes what was made. */
int swap_create(struct swap *swap, enum box_swap kind, uint64_t bytes, const char *name,
		struct failure *why);

/*
 * Whether swap_create() will find what it needs, as far as can be asked without making anything: 0
 * and in @how what it will make, or negative errno.
 */
int swap_possible(enum box_swap kind, uint64_t bytes, char *how, size_t size, struct failure *why);

int swap_destroy(struct swap *swap, struct failure *why);

/* Swaps @path off, which need not be a swap any more: 0 or negative errno. */
int swap_off(const char *path);

/* $TMPDIR, else /var/tmp: /tmp is often memory. */
const char *swap_dir(void);

/* The first page of a swap area of @bytes after that page; @name stands in its boot sector. */
void swap_header(void *page, size_t page_size, uint64_t bytes, const char *name);

/* Calls @each for every line of a /proc/swaps. */
void swap_for_each(FILE *swaps, void (*each)(const char *path, void *arg), void *arg);

/* Removes a zram device, once nobody looks at it any more: 0 or negative errno. */
int zram_remove(unsigned int number);
/* The number in "/dev/zram3" or "zram3"; false for other names. */
bool zram_number(const char *path, unsigned int *number);

#endif
