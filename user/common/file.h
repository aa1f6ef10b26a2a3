/* SPDX-License-Identifier: GPL-2.0-only */
/* Small files of /proc, /sys and cgroups: read whole, written in one go. */
#ifndef OOMN_FILE_H
#define OOMN_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* @dir_fd may be AT_FDCWD. The length (what does not fit is cut off) or negative errno. */
long file_read(int dir_fd, const char *name, char *buf, size_t size);
/* The same on an open file, from its start. */
long file_reread(int fd, char *buf, size_t size);

int file_write(int dir_fd, const char *name, const char *text);
int file_write_u64(int dir_fd, const char *name, uint64_t v);

/* The number behind @key at a line's start ("oom_kill 3"), or with NULL the very first one. */
bool text_number(const char *text, const char *key, uint64_t *out);

#endif
