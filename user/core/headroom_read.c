// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's files, as numbers. */
#include "headroom_read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "common/file.h"
#include "common/parse.h"

/* memory.stat has 1.5 to 3 KB, /proc/meminfo 1.5. */
#define TEXT_BYTES 8192

/* Version 1 writes "no limit" as the largest multiple of a page that it can count. */
#define V1_NO_LIMIT (INT64_MAX - (1 << 16))

/* A file of one number, or "max" for none. A number without the line's end may be cut off. */
static int read_bytes(int dir_fd, const char *name, uint64_t *bytes)
{
	char text[TEXT_BYTES];
	const long len = file_read(dir_fd, name, text, sizeof(text));

	if (len < 0)
		return (int)len;
	if (!len || text[len - 1] != '\n')
		return -EBADMSG;
	text[len - 1] = '\0';
	if (!strcmp(text, "max"))
		*bytes = HEADROOM_UNLIMITED;
	else if (parse_u64(text, 0, UINT64_MAX, bytes))
		return -EBADMSG;
	else if (*bytes >= V1_NO_LIMIT)
		*bytes = HEADROOM_UNLIMITED;
	return 0;
}

/* Where the kernel was built or booted without: nothing to count, no limit. */
static int read_optional(int dir_fd, const char *name, uint64_t *bytes, uint64_t absent)
{
	int err = read_bytes(dir_fd, name, bytes);

	if (err == -ENOENT || err == -EOPNOTSUPP) {
		*bytes = absent;
		return 0;
	}
	return err;
}

/* The number behind @key, which begins a line. */
static int find_number(const char *text, const char *key, uint64_t *value)
{
	const size_t len = strlen(key);
	const char *line = text;
	char *end;

	while (line && (strncmp(line, key, len) != 0 || (line[len] != ' ' && line[len] != ':'))) {
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	if (!line)
		return -EBADMSG;
	line += len + 1;
	line += strspn(line, " ");
	if (*line < '0' || *line > '9')
		return -EBADMSG;
	errno = 0;
	*value = strtoull(line, &end, 10);
	return errno || (*end != '\n' && *end != ' ') ? -EBADMSG : 0; /* NUL: cut off */
}

/*
 * The file cache of a cgroup, by what memory.stat calls it. That of it which waits to be written
 * counts as well: reclaim at a limit waits for the writing instead of killing (a file that was
 * written through a cgroup of 16 MB would otherwise be told all the time). Shared memory is not
 * among these.
 */
struct stat_keys {
	const char *inactive, *active, *swapcached;
};

static const struct stat_keys stat_keys[] = {
	[1] = { "total_inactive_file", "total_active_file", "total_swapcached" },
	[2] = { "inactive_file", "active_file", "swapcached" },
};

int headroom_read_droppable(int dir_fd, int version, struct headroom_memory *m)
{
	const struct stat_keys *keys = &stat_keys[version];
	uint64_t inactive, active;
	char text[TEXT_BYTES];
	const long len = file_read(dir_fd, "memory.stat", text, sizeof(text));
	int err;

	if (len < 0)
		return (int)len;
	err = find_number(text, keys->inactive, &inactive);
	if (!err)
		err = find_number(text, keys->active, &active);
	if (err)
		return err;
	m->droppable_bytes = inactive + active;
	/* Older kernels do not say: less is left then than there is. */
	if (find_number(text, keys->swapcached, &m->swapcached_bytes))
		m->swapcached_bytes = 0;
	return 0;
}

static int read_v1(int dir_fd, struct headroom_memory *m)
{
	uint64_t swappiness = 0;
	int err = read_bytes(dir_fd, "memory.usage_in_bytes", &m->usage_bytes);

	err = err ?: read_bytes(dir_fd, "memory.limit_in_bytes", &m->limit_bytes);
	err = err ?: read_bytes(dir_fd, "memory.swappiness", &swappiness);
	err = err   ?:
		      read_optional(dir_fd, "memory.memsw.limit_in_bytes", &m->both_limit_bytes,
				    HEADROOM_UNLIMITED);
	err = err ?: read_optional(dir_fd, "memory.memsw.usage_in_bytes", &m->both_usage_bytes, 0);
	m->never_swaps = !swappiness;
	m->high_bytes = m->swap_limit_bytes = HEADROOM_UNLIMITED;
	m->swap_usage_bytes = 0;
	return err;
}

static int read_v2(int dir_fd, struct headroom_memory *m)
{
	int err = read_bytes(dir_fd, "memory.current", &m->usage_bytes);

	err = err ?: read_bytes(dir_fd, "memory.max", &m->limit_bytes);
	err = err ?: read_bytes(dir_fd, "memory.high", &m->high_bytes);
	err = err   ?:
		      read_optional(dir_fd, "memory.swap.max", &m->swap_limit_bytes,
				    HEADROOM_UNLIMITED);
	err = err ?: read_optional(dir_fd, "memory.swap.current", &m->swap_usage_bytes, 0);
	m->never_swaps = false;
	m->both_limit_bytes = HEADROOM_UNLIMITED;
	m->both_usage_bytes = 0;
	return err;
}

int headroom_read_cgroup(int dir_fd, int version, struct headroom_memory *m)
{
	return version == 1 ? read_v1(dir_fd, m) : read_v2(dir_fd, m);
}

static int find_kb(const char *text, const char *key, uint64_t *bytes)
{
	uint64_t kb = 0;
	int err = find_number(text, key, &kb);

	if (!err && kb > UINT64_MAX >> 10)
		err = -EBADMSG;
	*bytes = kb << 10;
	return err;
}

int headroom_read_machine(const char *meminfo, const char *swappiness, struct headroom_machine *m)
{
	char text[TEXT_BYTES];
	uint64_t value = 1;
	const long len = file_read(AT_FDCWD, meminfo, text, sizeof(text));
	int err;

	if (len < 0)
		return (int)len;
	err = find_kb(text, "MemTotal", &m->total_bytes)		 ?:
		      find_kb(text, "MemAvailable", &m->available_bytes) ?:
		      find_kb(text, "SwapFree", &m->swap_free_bytes);
	if (!err)
		err = read_optional(AT_FDCWD, swappiness, &value, 1);
	m->never_swaps = !value;
	return err;
}
