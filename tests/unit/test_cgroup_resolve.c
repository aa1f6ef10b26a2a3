// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a user calls a cgroup, in all the layouts that containers have: directories stand for
 * cgroups, and texts say how they are mounted.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/cgroup_resolve.h"

static char top[] = "/tmp/oom-notify-test-XXXXXX";
static char mountinfo[64], self[64];
static struct cgroup_target target;

static const char *in_top(const char *path)
{
	static char buf[4][PATH_MAX];
	static unsigned int i;
	char *full = buf[i++ % 4];

	(void)snprintf(full, PATH_MAX, "%s%s", top, path);
	return full;
}

/*
 * A directory is a memory cgroup if it is below the first or second tree; below "other" it is
 * another's.
 */
static int probe(const char *dir, uint64_t *id)
{
	const size_t len = strlen(top);
	char real[PATH_MAX];
	struct stat st;

	if (stat(dir, &st) || !S_ISDIR(st.st_mode) || !realpath(dir, real))
		return -ENOENT;
	if (strncmp(real, top, len) != 0 || !strncmp(real + len, "/plain", 6) || !real[len])
		return -ENOENT;
	if (!strncmp(real + len, "/other", 6))
		return -EXDEV;
	*id = st.st_ino;
	return 0;
}

static struct cgroup_view view = { .mountinfo = mountinfo, .self = self, .probe = probe };

static void put(const char *path, const char *fmt, ...)
{
	FILE *f = fopen(path, "w");
	va_list args;

	cr_assert_not_null(f);
	va_start(args, fmt);
	(void)vfprintf(f, fmt, args);
	va_end(args);
	(void)fclose(f);
}

static void make(const char *path)
{
	cr_assert_eq(mkdir(in_top(path), 0755), 0, "%s", path);
}

static void start(void)
{
	static const char *const dirs[] = {
		"/one",		  "/one/a",   "/one/a/b", "/one/a/b/c", "/one/docker",
		"/one/docker/ab", "/one/x x", "/one/a b", "/one/a/b2",	"/two",
		"/two/a",	  "/other",   "/other/a", "/plain",	"/plain/a",
	};

	cr_assert_not_null(mkdtemp(top));
	(void)snprintf(mountinfo, sizeof(mountinfo), "%s.mountinfo", top);
	(void)snprintf(self, sizeof(self), "%s.cgroup", top);
	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		make(dirs[i]);
	put(self, "1:memory:/\n");
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void end(void)
{
	(void)nftw(top, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	(void)unlink(mountinfo);
	(void)unlink(self);
}

TestSuite(cgroup_resolve, .init = start, .fini = end);

/*
 * A line of mountinfo: @dir of ours shows the cgroup @root; with the number of what is really
 * mounted there.
 */
static void add_mount(const char *dir, const char *root, const char *type, const char *opts)
{
	FILE *f = fopen(mountinfo, "a");
	struct statx st;

	cr_assert_not_null(f);
	cr_assert_eq(statx(AT_FDCWD, top, 0, STATX_MNT_ID, &st), 0);
	(void)fprintf(f, "%llu 1 0:9 %s %s%s rw shared:1 - %s none %s\n",
		      (unsigned long long)st.stx_mnt_id, root, top, dir, type, opts);
	(void)fclose(f);
}

static void expect(const char *arg, const char *dir)
{
	struct stat st;
	int err = cgroup_resolve_in(&view, arg, &target);

	cr_assert_eq(err, 0, "'%s': %s", arg, strerror(-err));
	cr_assert_eq(stat(in_top(dir), &st), 0);
	cr_assert_eq(target.level[0].id, st.st_ino, "'%s' is not %s", arg, dir);
}

static void expect_error(const char *arg, int err)
{
	int ret = cgroup_resolve_in(&view, arg, &target);

	cr_assert_eq(ret, -err, "'%s': %s", arg, strerror(-ret));
	cr_assert_gt(strlen(cgroup_resolve_why(ret)), 10);
}

/* As on a host: version 1, or 2. */
Test(cgroup_resolve, whole_hierarchy)
{
	add_mount("/one", "/", "cgroup", "rw,memory");
	view.sees_root = true;
	expect("/", "/one");
	expect("///", "/one");
	expect("/a/b", "/one/a/b");
	expect("a/b/", "/one/a/b");
	expect("/a/../a/./b", "/one/a/b");
	expect("/x x", "/one/x x");
	expect(in_top("/one/a"), "/one/a");
	expect(in_top("/one/a/b/"), "/one/a/b");
	expect(in_top("/one"), "/one");
	expect_error("/a/c", ENOENT);
	expect_error("/no", ENOENT);
	expect_error("", ENOENT);
	expect_error("/..", ENXIO);
	expect_error("../..", ENXIO);
	expect_error(in_top("/plain/a"), ENOENT);
	expect_error(in_top("/other/a"), EXDEV);
}

Test(cgroup_resolve, relative_and_linked)
{
	add_mount("/one", "/", "cgroup2", "rw");
	cr_assert_eq(symlink(in_top("/one/a"), in_top("/plain/link")), 0);
	expect(in_top("/plain/link/b"), "/one/a/b");
	cr_assert_eq(chdir(in_top("/one/a")), 0);
	expect("b", "/one/a/b");
	expect(".", "/one/a");
	expect("../docker", "/one/docker");
	cr_assert_eq(chdir("/"), 0);
}

Test(cgroup_resolve, too_long)
{
	char arg[PATH_MAX + 8];

	add_mount("/one", "/", "cgroup", "rw,memory");
	memset(arg, 'a', sizeof(arg));
	arg[sizeof(arg) - 1] = '\0';
	expect_error(arg, ENAMETOOLONG);
}

Test(cgroup_resolve, nothing_mounted)
{
	put(mountinfo, "22 27 0:21 / /proc rw,relatime - proc proc rw\n");
	expect_error("/", ENODEV);
	expect_error("/a", ENODEV);
	/* But a directory is one whoever mounted it. */
	expect(in_top("/one/a"), "/one/a");
}

/* docker on version 1 without a cgroup namespace: /proc/self/cgroup says /docker/ab. */
Test(cgroup_resolve, bind_mount_of_a_part)
{
	add_mount("/one/docker/ab", "/docker/ab", "cgroup", "ro,memory");
	make("/one/docker/ab/sub");
	view.sees_root = true;
	expect("/docker/ab", "/one/docker/ab");
	expect("/docker/ab/sub", "/one/docker/ab/sub");
	expect_error("/docker/ab/no", ENOENT);
	expect_error("/docker", ENXIO);
	expect_error("/docker/abc", ENXIO);
	/* The whole machine has the id that every root has. */
	cr_assert_eq(cgroup_resolve_in(&view, "/", &target), 0);
	cr_assert_eq(target.level[0].id, 1);
	cr_assert_eq(target.nr_levels, 1);
	view.sees_root = false;
	expect_error("/", ENXIO);
}

/* Cilium mounts version 2 once more on each node; others mount a part of it. */
Test(cgroup_resolve, several_mounts_of_version_2)
{
	add_mount("/one", "/", "cgroup2", "rw");
	add_mount("/two", "/", "cgroup2", "rw");
	add_mount("/two/a", "/docker", "cgroup2", "rw");
	expect(in_top("/one/a/b"), "/one/a/b");
	expect(in_top("/two/a"), "/two/a");
	expect("/a/b", "/one/a/b");
	expect("/", "/one");
}

/* The one mounted first shows a part, and the last one not what is asked for. */
Test(cgroup_resolve, any_mount_that_shows_it)
{
	add_mount("/two", "/x", "cgroup2", "rw");
	add_mount("/one", "/", "cgroup2", "rw");
	add_mount("/two/a", "/y", "cgroup2", "rw");
	expect("/a/b", "/one/a/b");
	expect("/x/a", "/two/a");
	expect("/y", "/two/a");
}

/* Version 2 has no memory where version 1 has it, whichever comes first. */
Test(cgroup_resolve, hybrid)
{
	add_mount("/two", "/", "cgroup2", "rw");
	add_mount("/one", "/", "cgroup", "rw,memory");
	add_mount("/two", "/", "cgroup2", "rw");
	expect("/", "/one");
	expect("/a/b", "/one/a/b");
	expect("/a", "/one/a");
}

Test(cgroup_resolve, mounted_over_and_escaped)
{
	put(mountinfo, "999999999 1 0:9 / %s/two rw - cgroup cgroup rw,memory\n", top);
	add_mount("/one/a\\040b", "/x\\134y", "cgroup2", "rw");
	expect("/x\\y", "/one/a b");
	expect_error("/a", ENXIO);
}

/* In a cgroup namespace with a mount of its own, as containers have on version 2. */
Test(cgroup_resolve, namespace_with_its_own_mount)
{
	add_mount("/one/a", "/", "cgroup2", "rw");
	put(self, "0::/\n");
	expect("/", "/one/a");
	expect("/b", "/one/a/b");
	expect_error("/../a", ENXIO);
	expect_error("/..", ENXIO);
}

/* In a namespace that sees the mount of the host: "/" is found by where this process is. */
Test(cgroup_resolve, namespace_below_the_mount)
{
	add_mount("/one", "/../..", "cgroup", "rw,memory");
	put(in_top("/one/docker/ab/cgroup.procs"), "%d\n", getpid() + 1);
	put(in_top("/one/a/b/cgroup.procs"), "1\n%d\n", getpid());
	put(in_top("/one/a/b2/cgroup.procs"), "%d1\n", getpid());
	expect("/", "/one/a/b");
	expect("/c", "/one/a/b/c");
	expect("/../b2", "/one/a/b2");
	expect("/..", "/one/a");
	expect("/../../docker/ab", "/one/docker/ab");
	expect("/../..", "/one");
	expect_error("/../../..", ENXIO);
	expect_error("/no", ENOENT);
	/* This process further down. */
	put(self, "1:memory:/c\n");
	expect_error("/", ENXIO);
	cr_assert_eq(unlink(in_top("/one/a/b/cgroup.procs")), 0);
	put(in_top("/one/a/b/c/cgroup.procs"), "%d\n", getpid());
	expect("/", "/one/a/b");
	/*
	 * And beside the root, as one that entered from outside: what is not above both is not
	 * known.
	 */
	put(self, "1:memory:/../b2\n");
	put(in_top("/one/a/b2/cgroup.procs"), "%d\n", getpid());
	expect_error("/", ENXIO);
	expect("/../b2", "/one/a/b2");
	expect("/../b", "/one/a/b");
}

/* What is above is noted up to the mount, to know the cgroup again when it is made anew. */
Test(cgroup_resolve, levels_above)
{
	static const char *const names[] = { "b", "a", "one" };
	static const char *const dirs[] = { "/one/a/b", "/one/a", "/one" };
	struct stat st;

	add_mount("/one", "/", "cgroup2", "rw");
	expect("/a/b", "/one/a/b");
	cr_assert_eq(target.nr_levels, 3);
	for (int i = 0; i < 3; i++) {
		cr_assert_eq(stat(in_top(dirs[i]), &st), 0);
		cr_assert_eq(target.level[i].id, st.st_ino);
		cr_assert_str_eq(target.level[i].name, names[i]);
	}
}

/* The real one, where there is one. */
Test(cgroup_resolve, of_this_machine)
{
	if (cgroup_resolve("/", &target))
		cr_skip_test("no memory cgroups are mounted");
	cr_assert_gt(target.level[0].id, 0);
	cr_assert_eq(cgroup_resolve("/no such cgroup", &target), -ENOENT);
	cr_assert_eq(cgroup_resolve("/cgroup.procs", &target), -ENOENT, "a file is no cgroup");
	cr_assert_eq(cgroup_resolve("/proc/self", &target), -ENOENT);
}
