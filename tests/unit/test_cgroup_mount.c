// SPDX-License-Identifier: GPL-2.0-only
/* Where cgroups are mounted, from texts as /proc has them, and which directory a path is there. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "common/cgroup_mount.h"

static bool any(const struct cgroup_mount *m)
{
	(void)m;
	return true;
}

static int find_mount(const char *mountinfo, size_t len, struct cgroup_mount *mount)
{
	char copy[16384];
	FILE *f;
	int err;

	cr_assert_leq(len, sizeof(copy));
	memcpy(copy, mountinfo, len);
	f = fmemopen(copy, len, "r");
	cr_assert_not_null(f);
	err = cgroup_mount_find(f, any, mount);
	fclose(f);
	return err;
}

static void expect_mount(const char *mountinfo, int version, bool read_only, const char *dir,
			 const char *root)
{
	struct cgroup_mount m;

	cr_assert_eq(find_mount(mountinfo, strlen(mountinfo), &m), 0, "%s", mountinfo);
	cr_assert_eq(m.version, version, "version %d in %s", m.version, mountinfo);
	cr_assert_eq(m.read_only, read_only, "%s", mountinfo);
	cr_assert_str_eq(m.dir, dir);
	cr_assert_str_eq(m.root, root);
}

#define PROC	"22 27 0:21 / /proc rw,relatime - proc proc rw\n"
#define V1_CPU	"32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu\n"
#define V1_MEM	"35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
#define UNIFIED "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n"
#define V2                                                                        \
	"30 23 0:26 / /sys/fs/cgroup rw,nosuid,nodev shared:4 - cgroup2 cgroup2 " \
	"rw,nsdelegate,memory_recursiveprot\n"

Test(cgroup_mount, layouts)
{
	expect_mount(PROC V2, 2, false, "/sys/fs/cgroup", "/");
	expect_mount(V1_CPU V1_MEM, 1, false, "/sys/fs/cgroup/memory", "/");
	/* Hybrid: the controller is where v1 has it, whatever comes first ... */
	expect_mount(UNIFIED V1_CPU V1_MEM, 1, false, "/sys/fs/cgroup/memory", "/");
	expect_mount(V1_MEM V1_CPU UNIFIED, 1, false, "/sys/fs/cgroup/memory", "/");
	/* ... and on v2 when no v1 hierarchy has it. */
	expect_mount(V1_CPU UNIFIED, 2, false, "/sys/fs/cgroup/unified", "/");
	/* Several controllers in one hierarchy. */
	expect_mount("9 1 0:9 / /cg rw - cgroup cgroup rw,cpu,memory,cpuset\n", 1, false, "/cg",
		     "/");
}

Test(cgroup_mount, containers)
{
	/* A part of the hierarchy, read-only, more optional fields than usual. */
	expect_mount("9 1 0:9 /docker/ab /cg ro,nosuid shared:1 master:2 propagate_from:3 - cgroup "
		     "cgroup rw,memory\n",
		     1, true, "/cg", "/docker/ab");
	/* Rather the whole than a part, in either order. */
	expect_mount("9 1 0:9 /a /part rw - cgroup2 none rw\n" V2, 2, false, "/sys/fs/cgroup", "/");
	expect_mount(V2 "9 1 0:9 /a /part rw - cgroup2 none rw\n", 2, false, "/sys/fs/cgroup", "/");
	expect_mount("9 1 0:9 / /my\\040cg\\134x rw - cgroup2 none rw\n", 2, false, "/my cg\\x",
		     "/");
}

Test(cgroup_mount, none_and_garbage)
{
	static const char *const texts[] = {
		"\n",
		V1_CPU,
		"no dash here at all\n",
		" - cgroup2 none rw\n",
		"1 2 3 - cgroup2 none rw\n",
		"1 2 3 / /cg rw - cgroup2\n",
		"1 2 3 / /cg rw - cgroup2 none\n",
		"1 2 3 / /cg rw - cgroup none rw,memoryless,xmemory\n",
		"1 2 3 / /cg rw - cgroup2x none rw\n",
		"1 2 3 / /cg rw -",
	};
	static const char binary[] = "\0\0 - \0cgroup2\0\xff - \n\n - ";
	char path[PATH_MAX + 64];
	struct cgroup_mount m;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		cr_assert_eq(find_mount(texts[i], strlen(texts[i]), &m), -ENOENT, "%s", texts[i]);
	cr_assert_eq(find_mount(binary, sizeof(binary), &m), -ENOENT);
	/* A path that does not fit is passed over, not cut off. */
	(void)snprintf(path, sizeof(path), "1 2 3 / /%0*d rw - cgroup2 none rw\n", PATH_MAX, 0);
	cr_assert_eq(find_mount(path, strlen(path), &m), -ENOENT);
}

/* Every mount is seen, with its device; hierarchies without memory are not. */
Test(cgroup_mount, one_after_another)
{
	char text[] = PROC UNIFIED V1_CPU V1_MEM
		"9 1 8:3 /x /run/cilium/cgroupv2 rw - cgroup2 none rw\n";
	FILE *f = fmemopen(text, sizeof(text) - 1, "r");
	struct cgroup_mount m;

	cr_assert(cgroup_mount_next(f, &m));
	cr_assert_eq(m.version, 2);
	cr_assert_eq(m.id, 41);
	cr_assert(cgroup_mount_next(f, &m));
	cr_assert_eq(m.version, 1);
	cr_assert_str_eq(m.dir, "/sys/fs/cgroup/memory");
	cr_assert(cgroup_mount_next(f, &m));
	cr_assert_eq(m.id, 9);
	cr_assert_str_eq(m.dir, "/run/cilium/cgroupv2");
	cr_assert_str_eq(m.root, "/x");
	cr_assert_not(cgroup_mount_next(f, &m));
	fclose(f);
}

/* What is mounted over is not what one finds there. */
Test(cgroup_mount, mounted_over)
{
	struct cgroup_mount m = { .dir = "/" };
	struct statx st;

	cr_assert_eq(statx(AT_FDCWD, "/", 0, STATX_MNT_ID, &st), 0);
	if (!(st.stx_mask & STATX_MNT_ID))
		cr_skip_test("the kernel does not number mounts");
	m.id = st.stx_mnt_id;
	cr_assert(cgroup_mount_is_visible(&m));
	m.id++;
	cr_assert_not(cgroup_mount_is_visible(&m));
	strcpy(m.dir, "/no/such/directory");
	cr_assert_not(cgroup_mount_is_visible(&m));
}

static bool is_second(const struct cgroup_mount *m)
{
	return m->id == 2;
}

Test(cgroup_mount, only_what_is_usable)
{
	char text[] = "1 1 0:7 / /a rw - cgroup2 none rw\n2 1 0:8 /x /b rw - cgroup2 none rw\n";
	FILE *f = fmemopen(text, sizeof(text) - 1, "r");
	struct cgroup_mount m;

	cr_assert_eq(cgroup_mount_find(f, is_second, &m), 0);
	cr_assert_str_eq(m.dir, "/b");
	fclose(f);
}

static void expect_process(const char *text, int version, const char *want)
{
	FILE *f = fmemopen((char *)text, strlen(text), "r");
	char path[64] = "none";

	(void)cgroup_of_process(f, version, path, sizeof(path));
	cr_assert_str_eq(path, want, "%s in %s", path, text);
	fclose(f);
}

Test(cgroup_mount, of_a_process)
{
	static const char hybrid[] =
		"12:cpu,cpuacct:/cpu\n4:hugetlb,memory:/a:b/c\n3:memoryless:/no\n"
		"1:name=systemd:/init.scope\n0::/unified\n";

	expect_process(hybrid, 1, "/a:b/c");
	expect_process(hybrid, 2, "/unified");
	expect_process("0::/../x\n", 2, "/../x");
	expect_process("0::/../x\n", 1, "none");
	expect_process("10::/no\n1:memory:/\n", 2, "none");
	expect_process("garbage\n:\n", 1, "none");
}

static void expect_names(const char *path, unsigned int up, const char *names)
{
	struct cgroup_names n;

	cr_assert_eq(cgroup_names_split(path, &n), 0);
	cr_assert_eq(n.up, up, "%s", path);
	cr_assert_str_eq(n.names, names, "%s", path);
}

Test(cgroup_mount, names)
{
	char path[PATH_MAX + 8];
	struct cgroup_names n;

	expect_names("/", 0, "");
	expect_names("", 0, "");
	expect_names("///", 0, "");
	expect_names("/a/b", 0, "/a/b");
	expect_names("a//b/", 0, "/a/b");
	expect_names("/./a/.", 0, "/a");
	expect_names("/a/../b", 0, "/b");
	expect_names("/../../a/b", 2, "/a/b");
	expect_names("/..", 1, "");
	expect_names("/a/../../b/..", 1, "");
	expect_names("/...", 0, "/...");
	memset(path, 'x', sizeof(path));
	path[PATH_MAX] = '\0';
	cr_assert_eq(cgroup_names_split(path, &n), -ENAMETOOLONG);
	path[PATH_MAX - 2] = '\0';
	cr_assert_eq(cgroup_names_split(path, &n), 0);
}

static void expect_dir(const char *root, const char *path, const char *want)
{
	struct cgroup_mount m = { .dir = "/cg" };
	char dir[PATH_MAX] = "";
	int err;

	(void)snprintf(m.root, sizeof(m.root), "%s", root);
	err = cgroup_mount_dir(&m, path, dir, sizeof(dir));
	cr_assert_eq(err, want ? 0 : -ENOENT, "%s in %s", path, root);
	cr_assert_str_eq(dir, want ?: "", "%s in %s", path, root);
}

Test(cgroup_mount, directory_of_a_path)
{
	expect_dir("/", "/", "/cg");
	expect_dir("/", "/a/b/", "/cg/a/b");
	expect_dir("/", "/../a", NULL);
	/* A part of the hierarchy, as docker mounts it on version 1. */
	expect_dir("/docker/ab", "/docker/ab", "/cg");
	expect_dir("/docker/ab", "/docker/ab/sub", "/cg/sub");
	expect_dir("/docker/ab", "/docker/abc", NULL);
	expect_dir("/docker/ab", "/docker", NULL);
	expect_dir("/docker/ab", "/", NULL);
	/* In a cgroup namespace: what is above its root, and beside it. */
	expect_dir("/..", "/../b", "/cg/b");
	expect_dir("/..", "/..", "/cg");
	expect_dir("/..", "/", NULL);
	expect_dir("/../other", "/../other/x", "/cg/x");
	expect_dir("/../other", "/x", NULL);
}
