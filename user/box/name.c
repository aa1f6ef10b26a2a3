// SPDX-License-Identifier: GPL-2.0-only
/* Names of boxes: "oom-notify-box-PID-STARTTIME-PIDNAMESPACE". */
#include "name.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/parse.h"
#include "common/file.h"

#define PREFIX "oom-notify-box-"

bool name_parse_stat(const char *stat, uint64_t *start_ticks, char *state)
{
	/* The command's name may itself hold ") 1 2 3", so the fields count from the last one. */
	const char *s = strrchr(stat, ')');

	if (!s || s[1] != ' ' || !s[2])
		return false;
	*state = s[2];
	s++;
	/* From the state (field 3) to the start time (field 22), see proc(5). */
	for (int field = 3; field < 22; field++) {
		s = strchr(s + 1, ' ');
		if (!s)
			return false;
	}
	return text_number(s + 1, NULL, start_ticks);
}

/* False when there is no such process, or only what is left of it until its parent looks. */
static bool running_since(pid_t pid, uint64_t *start_ticks)
{
	char path[32], stat[1024], state;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if (file_read(AT_FDCWD, path, stat, sizeof(stat)) < 0 ||
	    !name_parse_stat(stat, start_ticks, &state))
		return false;
	return state != 'Z' && state != 'X';
}

int name_self(struct box_name *name)
{
	struct stat st;

	if (stat("/proc/self/ns/pid", &st))
		return -errno;
	name->pid = getpid();
	name->pid_ns = st.st_ino;
	return running_since(name->pid, &name->start_ticks) ? 0 : -ESRCH;
}

void name_format(const struct box_name *name, char buf[BOX_NAME_SIZE])
{
	(void)snprintf(buf, BOX_NAME_SIZE, PREFIX "%d-%llu-%llu", (int)name->pid,
		       (unsigned long long)name->start_ticks, (unsigned long long)name->pid_ns);
}

bool name_parse(const char *s, struct box_name *name)
{
	char copy[BOX_NAME_SIZE];
	char *rest = copy;
	uint64_t v[3];

	if (strncmp(s, PREFIX, sizeof(PREFIX) - 1) != 0)
		return false;
	s += sizeof(PREFIX) - 1;
	if (strlen(s) >= sizeof(copy))
		return false;
	memcpy(copy, s, strlen(s) + 1);
	for (int i = 0; i < 3; i++) {
		const char *part = strsep(&rest, "-");

		if (!part || parse_u64(part, !i, i ? UINT64_MAX : INT_MAX, &v[i]))
			return false;
	}
	if (rest)
		return false;
	*name = (struct box_name){ .pid = (pid_t)v[0], .start_ticks = v[1], .pid_ns = v[2] };
	return true;
}

bool name_is_stale(const struct box_name *name, const struct box_name *self)
{
	uint64_t start_ticks;

	if (name->pid_ns != self->pid_ns)
		return false;
	return !running_since(name->pid, &start_ticks) || start_ticks != name->start_ticks;
}
