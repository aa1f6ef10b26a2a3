// SPDX-License-Identifier: GPL-2.0-only
/* Finds the directory of a cgroup that a user names, in whatever namespaces this process is. */
#include "cgroup_resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "common/cgroup_mount.h"
#include "common/cleanup.h"
#include "common/parse.h"
#include "common/kernel_text.h"

/* The inode of the first cgroup namespace, which never changes: PROC_CGROUP_INIT_INO. */
#define FIRST_CGROUP_NS 0xeffffffbU
/* kernfs counts its directories up from the root. */
#define ROOT_ID 1

_Static_assert(sizeof(ino_t) == sizeof(uint64_t), "an inode number is a cgroup's whole id");

/* On version 2 each cgroup says whether memory is controlled in it. */
static bool has_memory(int dir)
{
	_cleanup_close_ int fd = openat(dir, "cgroup.controllers", O_RDONLY | O_CLOEXEC);
	char text[512];
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (n < 0)
		return false;
	text[n] = '\0';
	return text_has_word(text, "memory", " \n");
}

/* Ids are unique within one hierarchy only, so it has to be that of memory. */
static int probe(const char *dir, uint64_t *id)
{
	_cleanup_close_ int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct statfs fs;
	struct stat st;

	if (fd < 0 || fstatfs(fd, &fs) || fstat(fd, &st))
		return -ENOENT;
	if (fs.f_type == CGROUP_SUPER_MAGIC) {
		if (faccessat(fd, "memory.usage_in_bytes", F_OK, 0))
			return -EXDEV;
	} else if (fs.f_type == CGROUP2_SUPER_MAGIC) {
		if (!has_memory(fd))
			return -EOPNOTSUPP;
	} else {
		return -ENOENT;
	}
	*id = st.st_ino;
	return 0;
}

static bool lists_self(const char *dir)
{
	_cleanup_fclose_ FILE *f = NULL;
	char path[PATH_MAX + 16], line[32];
	const uint64_t self = (uint64_t)getpid();
	uint64_t pid;

	if ((size_t)snprintf(path, sizeof(path), "%s/cgroup.procs", dir) >= sizeof(path))
		return false;
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		if (!parse_u64(line, 0, UINT64_MAX, &pid) && pid == self)
			return true;
	}
	return false;
}

/* The directory that @names lead to from @from, which is below @mount. */
static int dir_from(const char *mount, const char *from, const struct cgroup_names *names,
		    char *dir, size_t size)
{
	struct cgroup_names at;
	int err = cgroup_names_split(from + strlen(mount), &at);

	for (unsigned int i = 0; !err && i < names->up; i++)
		cgroup_names_up(&at);
	if (err || at.up)
		return -ENXIO;
	return (size_t)snprintf(dir, size, "%s%s%s", mount, at.names, names->names) < size ?
		       0 :
		       -ENAMETOOLONG;
}

/*
 * A mount that was there before the namespace shows cgroups above the namespace's root, whose own
 * name nobody in it is told. But it is @depth levels further down, and this process is where it
 * says it is below that. Who is not below it (entered from outside) fits elsewhere as well, unless
 * as far up.
 */
static int dir_from_above(const struct cgroup_view *v, const struct cgroup_mount *m,
			  unsigned int depth, const struct cgroup_names *want, char *dir,
			  size_t size)
{
	_cleanup_fclose_ FILE *f = fopen(v->self, "re");
	char top[PATH_MAX], own[PATH_MAX];
	char *const tops[] = { top, NULL };
	struct cgroup_names self;
	int err = -ENXIO;
	FTSENT *e;
	FTS *fts;

	if (!f || cgroup_of_process(f, m->version, own, sizeof(own)) ||
	    cgroup_names_split(own, &self) || self.up > want->up)
		return -ENXIO;
	(void)snprintf(top, sizeof(top), "%s", m->dir);
	fts = fts_open(tops, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	if (!fts)
		return -errno;
	while (err == -ENXIO && (e = fts_read(fts))) {
		if (e->fts_info != FTS_D || (unsigned int)e->fts_level < depth)
			continue;
		(void)fts_set(fts, e, FTS_SKIP);
		if (!dir_from(m->dir, e->fts_path, &self, own, sizeof(own)) && lists_self(own))
			err = dir_from(m->dir, e->fts_path, want, dir, size);
	}
	(void)fts_close(fts);
	return err;
}

/* The target is the directory @dir, and the levels above it those up to where it is mounted. */
static int take_target(const struct cgroup_view *v, const char *dir, struct cgroup_target *t)
{
	uint64_t id;
	int err = v->probe(dir, &id);

	t->nr_levels = 0;
	if (err)
		return err;
	if (!realpath(dir, t->names))
		return -errno;
	while (t->nr_levels < CGROUP_TARGET_LEVELS && !v->probe(t->names, &id)) {
		char *last = strrchr(t->names, '/');

		t->level[t->nr_levels].id = id;
		t->level[t->nr_levels++].name = last + 1;
		/* The part that is cut off stays as it is behind the NUL. */
		*last = '\0';
	}
	return 0;
}

/* -ENXIO where the mount @m does not show @path. */
static int look_in(const struct cgroup_view *v, const struct cgroup_mount *m, const char *path,
		   struct cgroup_target *t)
{
	struct cgroup_names want, root;
	char dir[PATH_MAX];
	int err = cgroup_mount_dir(m, path, dir, sizeof(dir));

	if (err == -ENOENT) {
		err = -ENXIO;
		if (!cgroup_names_split(path, &want) && !cgroup_names_split(m->root, &root) &&
		    root.up > want.up && !root.names[0])
			err = dir_from_above(v, m, root.up, &want, dir, sizeof(dir));
	}
	return err ?: take_target(v, dir, t);
}

static bool is_root(const char *path)
{
	struct cgroup_names n;

	return !cgroup_names_split(path, &n) && !n.up && !n.names[0];
}

/* Any mount may show it; where one does, what it says is more than that another does not. */
static int look_in_mounts(const struct cgroup_view *v, const char *path, struct cgroup_target *t)
{
	_cleanup_fclose_ FILE *f = fopen(v->mountinfo, "re");
	struct cgroup_mount m;
	const bool is_mounted = f && !cgroup_mount_find(f, cgroup_mount_is_visible, &m);
	const int version = is_mounted ? m.version : 0;
	int err = version ? -ENXIO : -ENODEV;

	if (f)
		(void)fseek(f, 0, SEEK_SET);
	while (version && cgroup_mount_next(f, &m)) {
		int ret;

		if (m.version != version || !cgroup_mount_is_visible(&m))
			continue;
		ret = look_in(v, &m, path, t);
		if (!ret)
			return 0;
		if (ret != -ENXIO)
			err = ret;
	}
	if (err == -ENXIO && v->sees_root && is_root(path)) {
		t->nr_levels = 1;
		t->level[0].id = ROOT_ID;
		return 0;
	}
	return err;
}

int cgroup_resolve_in(const struct cgroup_view *v, const char *arg, struct cgroup_target *t)
{
	int err = *arg ? take_target(v, arg, t) : -ENOENT;

	return *arg && err == -ENOENT ? look_in_mounts(v, arg, t) : err;
}

int cgroup_resolve(const char *arg, struct cgroup_target *t)
{
	struct stat st;
	const struct cgroup_view view = {
		.mountinfo = "/proc/self/mountinfo",
		.self = "/proc/self/cgroup",
		.sees_root = !stat("/proc/self/ns/cgroup", &st) && st.st_ino == FIRST_CGROUP_NS,
		.probe = probe,
	};

	return cgroup_resolve_in(&view, arg, t);
}

const char *cgroup_resolve_why(int err)
{
	switch (err) {
	case -ENOENT:
		return "no such memory cgroup; give its directory, or a path as in "
		       "/proc/PID/cgroup";
	case -ENXIO:
		return "not among the cgroups that are mounted here; give its directory, or run "
		       "where it is seen, as on the host";
	case -EXDEV:
		return "a cgroup of a hierarchy without the memory controller; give the path in "
		       "the line of /proc/PID/cgroup that has memory";
	case -EOPNOTSUPP:
		return "memory is not controlled in this cgroup; give the nearest one above it "
		       "whose cgroup.controllers has memory";
	case -ENODEV:
		return "no memory cgroup hierarchy is mounted here; mount -t cgroup2 none "
		       "/sys/fs/cgroup, or run on the host";
	default:
		return strerror(-err);
	}
}
