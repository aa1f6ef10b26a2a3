// SPDX-License-Identifier: GPL-2.0-only
/* Reads facts about the running system; what they mean for us is judged in checks.c. */
#include "system.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/capability.h>

#include "common/cgroup_mount.h"
#include "common/cleanup.h"
#include "common/file.h"
#include "common/parse.h"
#include "common/kernel_text.h"

/* More is no swap area but garbage; sums stay far from overflowing. */
#define SWAP_MAX_KB (UINT64_C(1) << 50)

static int join_path(const char *root, const char *path, char *buf, size_t size)
{
	int n = snprintf(buf, size, "%s%s", root, path);

	return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}

int read_text(const char *root, const char *path, char *buf, size_t size)
{
	char full[PATH_MAX];
	long len = join_path(root, path, full, sizeof(full));

	if (!len)
		len = file_read(AT_FDCWD, full, buf, size);
	if (len < 0)
		return (int)len;
	if (len && buf[len - 1] == '\n')
		buf[len - 1] = '\0';
	return 0;
}

/* Splits @line at blanks in place; at most @max words, the rest is dropped. */
static int split_words(char *line, char *words[], int max)
{
	char *save = NULL;
	int n = 0;

	for (char *w = strtok_r(line, " \t\n", &save); w && n < max;
	     w = strtok_r(NULL, " \t\n", &save))
		words[n++] = w;
	return n;
}

/* Name (blanks in it are escaped), type, size, used, priority. */
static int add_swap(char *line, struct swap_areas *out)
{
	uint64_t size_kb;
	uint64_t used_kb;
	char *words[5];

	if (split_words(line, words, 5) != 5 || parse_u64(words[2], 0, SWAP_MAX_KB, &size_kb) ||
	    parse_u64(words[3], 0, SWAP_MAX_KB, &used_kb))
		return -EINVAL;
	if (!strncmp(words[0], "/dev/zram", 9))
		out->zrams++;
	else if (!strcmp(words[1], "file"))
		out->files++;
	else if (!strcmp(words[1], "partition"))
		out->partitions++;
	else
		return -EINVAL;
	out->total_kb += size_kb;
	out->used_kb += used_kb;
	return 0;
}

int parse_swaps(FILE *f, struct swap_areas *out)
{
	char line[PATH_MAX + 128];
	int err = 0;

	memset(out, 0, sizeof(*out));
	if (!fgets(line, sizeof(line), f) || strncmp(line, "Filename", 8) != 0)
		return -EINVAL;
	while (!err && fgets(line, sizeof(line), f))
		err = add_swap(line, out);
	return ferror(f) ? -EIO : err;
}

int parse_lockdown(const char *text)
{
	static const char *const modes[] = {
		[LOCKDOWN_NONE] = "[none]",
		[LOCKDOWN_INTEGRITY] = "[integrity]",
		[LOCKDOWN_CONFIDENTIALITY] = "[confidentiality]",
	};

	for (int i = 0; i < (int)(sizeof(modes) / sizeof(modes[0])); i++)
		if (strstr(text, modes[i]))
			return i;
	return -EINVAL;
}

int parse_uid_map(const char *text)
{
	char copy[128];
	uint64_t map[3];
	char *words[3];
	int n;

	(void)snprintf(copy, sizeof(copy), "%s", text);
	n = split_words(copy, words, 3);
	if (n == 0)
		return 1; /* a namespace nobody has given a map yet */
	if (n < 3)
		return -EINVAL;
	for (int i = 0; i < 3; i++)
		if (parse_u64(words[i], 0, UINT32_MAX, &map[i]))
			return -EINVAL;
	return map[0] != 0 || map[1] != 0 || map[2] != UINT32_MAX;
}

int read_cgroups(const char *root, struct cgroups *out)
{
	_cleanup_fclose_ FILE *f = NULL;
	char path[PATH_MAX + 32];
	char controllers[512];
	struct cgroup_mount m;
	int err;

	memset(out, 0, sizeof(*out));
	err = join_path(root, "/proc/self/mountinfo", path, sizeof(path));
	if (err)
		return err;
	f = fopen(path, "re");
	if (!f)
		return -errno;
	while (cgroup_mount_next(f, &m)) {
		if (m.version == 1)
			out->v1_memory = true;
		if (m.version != 2)
			continue;
		out->v2_mounted = true;
		if (!join_path(m.dir, "/cgroup.controllers", path, sizeof(path)) &&
		    !read_text(root, path, controllers, sizeof(controllers)))
			out->v2_memory |= text_has_word(controllers, "memory", " \n");
	}
	return 0;
}

/* 0 or negative errno. The terminating NUL is part of a trigger. */
static int write_trigger(const char *path, const char *trigger)
{
	_cleanup_close_ int fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	return write(fd, trigger, strlen(trigger) + 1) < 0 ? -errno : 0;
}

enum psi_triggers try_psi(const char *root)
{
	char path[PATH_MAX];
	int err;

	err = join_path(root, "/proc/pressure/memory", path, sizeof(path));
	if (!err)
		err = write_trigger(path, "some 20000 1000000");
	if (!err)
		return PSI_ANY;
	if (err == -ENOENT || err == -EOPNOTSUPP)
		return PSI_OFF;
	if (err == -EINVAL && !write_trigger(path, "some 20000 2000000"))
		return PSI_2S_ONLY;
	return PSI_NONE;
}

uint64_t bounding_caps(void)
{
	uint64_t mask = 0;

	for (cap_value_t i = 0; i <= CAP_LAST_CAP; i++)
		if (cap_get_bound(i) == CAP_SET)
			mask |= UINT64_C(1) << i;
	return mask;
}

uint64_t effective_caps(void)
{
	cap_t caps = cap_get_proc();
	uint64_t mask = 0;

	if (!caps)
		return 0;
	for (cap_value_t i = 0; i <= CAP_LAST_CAP; i++) {
		cap_flag_value_t on = CAP_CLEAR;

		if (!cap_get_flag(caps, i, CAP_EFFECTIVE, &on) && on == CAP_SET)
			mask |= UINT64_C(1) << i;
	}
	cap_free(caps);
	return mask;
}
