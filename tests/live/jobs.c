// SPDX-License-Identifier: GPL-2.0-only
/*
 * jobs DIR LIMIT_KB NAME...: makes cgroups in the memory cgroup at DIR, one after the other, and
 * removes each again. In each, this process touches MORE_KB more than may be in it: some is swapped
 * out. A NAME of "x-%d*500" stands for 500 of them; at "-" it waits for a line on its standard
 * input. Prints the id of each.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MORE_KB 192

static unsigned long limit_kb;

static void die(const char *what)
{
	fprintf(stderr, "jobs: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void put(int dir, const char *file, const char *text)
{
	int fd = openat(dir, file, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		die(file);
	close(fd);
}

/* Pages that differ, so that none is as good as a page of zeros. */
static void touch(unsigned long kb)
{
	size_t size = kb << 10;
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		die("mmap");
	for (size_t at = 1; at < size; at += 4096)
		memcpy(p + at, &at, sizeof(at));
	munmap(p, size);
}

/* Moved out of when the next one is there, for a move takes as long as all the rest. */
static char before[4096];

static void leave(int dir)
{
	if (before[0] && unlinkat(dir, before, AT_REMOVEDIR))
		die(before);
	before[0] = '\0';
}

static void job(int dir, const char *name)
{
	char bytes[32];
	struct stat st;
	int fd;

	if (mkdirat(dir, name, 0755))
		die(name);
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st))
		die(name);
	snprintf(bytes, sizeof(bytes), "%lu", limit_kb << 10);
	put(fd, faccessat(fd, "memory.max", F_OK, 0) ? "memory.limit_in_bytes" : "memory.max",
	    bytes);
	put(fd, "cgroup.procs", "0");
	close(fd);
	leave(dir);
	snprintf(before, sizeof(before), "%s", name);
	touch(limit_kb + MORE_KB);
	printf("%" PRIu64 "\n", (uint64_t)st.st_ino);
	fflush(stdout);
}

static void jobs(int dir, const char *name)
{
	const char *many = strstr(name, "%d*");
	char one[4096];
	long n = many ? strtol(many + 3, NULL, 10) : 1;

	if (!strcmp(name, "-")) {
		if (!fgets(one, sizeof(one), stdin))
			exit(1);
		return;
	}
	for (long i = 0; i < n; i++) {
		if (many)
			snprintf(one, sizeof(one), "%.*s%ld", (int)(many - name), name, i);
		job(dir, many ? one : name);
	}
}

int main(int argc, char **argv)
{
	int dir;

	if (argc < 4) {
		fputs("usage: jobs DIR LIMIT_KB NAME...\n", stderr);
		return 2;
	}
	dir = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	limit_kb = strtoul(argv[2], NULL, 10);
	if (dir < 0)
		die(argv[1]);
	for (int i = 3; i < argc; i++)
		jobs(dir, argv[i]);
	put(dir, "cgroup.procs", "0");
	leave(dir);
	return 0;
}
