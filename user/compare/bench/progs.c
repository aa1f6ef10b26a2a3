// SPDX-License-Identifier: GPL-2.0-only
/* Finds the BPF programs of a process by its own descriptors, and reads their run statistics. */
#include "progs.h"

#include <bpf/bpf.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"

int progs_count(void)
{
	int fd = bpf_enable_stats(BPF_STATS_RUN_TIME);

	return fd < 0 ? -errno : fd;
}

int prog_read_fd(int fd, struct prog_stat *s)
{
	struct bpf_prog_info info = { 0 };
	__u32 len = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		return -errno;
	*s = (struct prog_stat){
		.id = info.id,
		.runs = info.run_cnt,
		.ns = info.run_time_ns,
	};
	snprintf(s->name, sizeof(s->name), "%s", info.name);
	return 0;
}

static bool is_known(const struct progs *p, uint32_t id)
{
	for (unsigned int i = 0; i < p->n; i++)
		if (p->prog[i].id == id)
			return true;
	return false;
}

static void add_prog(struct progs *p, uint32_t id)
{
	_cleanup_close_ int fd = -1;

	if (p->n == MAX_PROGS || is_known(p, id))
		return;
	fd = bpf_prog_get_fd_by_id(id);
	if (fd >= 0 && !prog_read_fd(fd, &p->prog[p->n]))
		p->n++;
}

/* One of /proc/PID/fdinfo: of a program, or of a link to one, which names it too. */
static void read_fdinfo(const char *path, struct progs *p)
{
	static const char key[] = "prog_id:";
	_cleanup_fclose_ FILE *f = fopen(path, "re");
	char line[256];

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, key, strlen(key)))
			add_prog(p, (uint32_t)strtoul(line + strlen(key), NULL, 10));
}

void progs_read(pid_t pid, struct progs *p)
{
	const struct dirent *entry;
	char path[320];
	DIR *dir;

	p->n = 0;
	snprintf(path, sizeof(path), "/proc/%d/fdinfo", (int)pid);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%d/fdinfo/%s", (int)pid, entry->d_name);
		if (entry->d_name[0] != '.')
			read_fdinfo(path, p);
	}
	if (dir)
		closedir(dir);
}

void progs_delta(const struct progs *before, const struct progs *after, struct progs *delta)
{
	delta->n = 0;
	for (unsigned int i = 0; i < after->n; i++) {
		struct prog_stat s = after->prog[i];

		for (unsigned int k = 0; k < before->n; k++) {
			if (before->prog[k].id != s.id)
				continue;
			s.runs -= before->prog[k].runs;
			s.ns -= before->prog[k].ns;
		}
		if (s.runs)
			delta->prog[delta->n++] = s;
	}
}

const struct prog_stat *progs_find(const struct progs *p, const char *begins)
{
	for (unsigned int i = 0; i < p->n; i++)
		if (!strncmp(p->prog[i].name, begins, strlen(begins)))
			return &p->prog[i];
	return NULL;
}
