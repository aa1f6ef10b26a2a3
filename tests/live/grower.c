// SPDX-License-Identifier: GPL-2.0-only
/*
 * grower DIR...: joins the memory cgroups at DIR (the last one counts) and does what its standard
 * input says, a line each, and says "done" after it:
 *
 *
 *
 *
 *
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ROOM_BYTES (1UL << 30)

static char *memory;
static size_t used;

static void die(const char *what)
{
	fprintf(stderr, "grower: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void join(const char *dir)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/cgroup.procs", dir);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "0", 1) != 1)
		die(path);
	close(fd);
}

static void grow(size_t bytes)
{
	for (size_t end = used + bytes; used < end && used < ROOM_BYTES; used += 4096)
		memcpy(memory + used, &used, sizeof(used));
}

static void give_back(size_t bytes)
{
	used -= bytes < used ? bytes : used;
	if (madvise(memory + used, ROOM_BYTES - used, MADV_DONTNEED))
		die("madvise");
}

static void read_file(const char *name)
{
	static char buf[1 << 16];
	int fd = open(name, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		die(name);
	while (read(fd, buf, sizeof(buf)) > 0)
		;
	close(fd);
}

int main(int argc, char **argv)
{
	char line[4096];

	for (int i = 1; i < argc; i++)
		join(argv[i]);
	memory = mmap(NULL, ROOM_BYTES, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED || madvise(memory, ROOM_BYTES, MADV_NOHUGEPAGE))
		die("mmap");
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "grow ", 5))
			grow(strtoul(line + 5, NULL, 10) << 10);
		else if (!strncmp(line, "free ", 5))
			give_back(strtoul(line + 5, NULL, 10) << 10);
		else if (!strncmp(line, "read ", 5))
			read_file(line + 5);
		else if (!strncmp(line, "move ", 5))
			join(line + 5);
		else
			return 2;
		puts("done");
		fflush(stdout);
	}
	return 0;
}
