// SPDX-License-Identifier: GPL-2.0-only
/* The tree of memory cgroups, kept up to date by inotify. */
#include "cgroup_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cgroup_mount.h"
#include "common/cleanup.h"

#define HASH_SIZE   4096
#define EVENT_BYTES 65536
#define DIR_BYTES   32768
/* Descriptors that are left to everybody else in this process. */
#define SPARE_FILES 128

#define WATCHED (IN_CREATE | IN_DELETE | IN_MODIFY | IN_MOVED_TO | IN_ONLYDIR)

struct cgroup_tree {
	struct cgroup_tree_ops ops;
	int version;
	int inotify;
	uint32_t max_nodes;
	uint32_t nr_free;
	uint32_t nr_todo;
	uint64_t beyond;
	bool look_everywhere; /* something may have been missed */
	struct cgroup_node node[CGROUP_TREE_MAX];
	uint32_t hash[HASH_SIZE];	 /* by inotify's number */
	uint32_t free[CGROUP_TREE_MAX];	 /* the lowest last */
	uint32_t todo[CGROUP_TREE_MAX];	 /* found, but not looked into yet */
	bool lost_some[CGROUP_TREE_MAX]; /* directories were removed from it */
	_Alignas(struct inotify_event) char events[EVENT_BYTES];
	_Alignas(struct dirent64) char entries[DIR_BYTES];
};

/* Their change may change headroom. */
static const char *const limit_files[] = {
	"memory.max",	      "memory.high",	       "memory.swap.max",
	"cgroup.controllers", "memory.limit_in_bytes", "memory.memsw.limit_in_bytes",
	"memory.swappiness",
};

static uint32_t *bucket(struct cgroup_tree *t, int watch)
{
	return &t->hash[(uint32_t)watch % HASH_SIZE];
}

static uint32_t find(struct cgroup_tree *t, int watch)
{
	uint32_t i = *bucket(t, watch);

	while (i != CGROUP_TREE_NONE && t->node[i].watch != watch)
		i = t->node[i].next;
	return i;
}

static void unlink_watch(struct cgroup_tree *t, uint32_t i)
{
	uint32_t *at = bucket(t, t->node[i].watch);

	while (*at != CGROUP_TREE_NONE && *at != i)
		at = &t->node[*at].next;
	if (*at == i)
		*at = t->node[i].next;
}

static void drop(struct cgroup_tree *t, uint32_t i)
{
	struct cgroup_node *n = &t->node[i];

	t->ops.gone(t->ops.ctx, i);
	unlink_watch(t, i);
	(void)inotify_rm_watch(t->inotify, n->watch);
	close(n->dir_fd);
	n->dir_fd = -1;
	t->free[t->nr_free++] = i;
	/* Some had found no place. */
	if (t->beyond)
		t->look_everywhere = true;
}

/*
 * Takes over @dir_fd. One that is known already is found by its watch, of which an inode has one.
 */
static void add_node(struct cgroup_tree *t, uint32_t parent, int dir_fd)
{
	char path[32];
	struct stat st;
	uint32_t i;
	int watch;

	if (fstat(dir_fd, &st)) {
		t->beyond++;
		close(dir_fd);
		return;
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", dir_fd);
	watch = inotify_add_watch(t->inotify, path, WATCHED);
	if (watch < 0 || find(t, watch) != CGROUP_TREE_NONE) {
		t->beyond += watch < 0 && errno != ENOENT;
		close(dir_fd);
		return;
	}
	if (!t->nr_free) {
		t->beyond++;
		(void)inotify_rm_watch(t->inotify, watch);
		close(dir_fd);
		return;
	}
	i = t->free[--t->nr_free];
	t->node[i] = (struct cgroup_node){ .id = st.st_ino,
					   .dir_fd = dir_fd,
					   .watch = watch,
					   .parent = parent,
					   .next = *bucket(t, watch) };
	*bucket(t, watch) = i;
	t->todo[t->nr_todo++] = i;
	t->ops.changed(t->ops.ctx, i);
}

static void add_name(struct cgroup_tree *t, uint32_t parent, const char *name)
{
	int fd = openat(t->node[parent].dir_fd, name,
			O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd >= 0)
		add_node(t, parent, fd);
	else if (errno != ENOENT && errno != ENOTDIR)
		t->beyond++;
}

/* All that is in directory @i, of which some may be known. Without readdir(), which allocates. */
static void look_into(struct cgroup_tree *t, uint32_t i)
{
	_cleanup_close_ int fd = openat(t->node[i].dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ssize_t n;

	while (fd >= 0 && (n = getdents64(fd, t->entries, sizeof(t->entries))) > 0) {
		for (ssize_t at = 0; at < n;) {
			const struct dirent64 *d = (const void *)(t->entries + at);

			at += d->d_reclen;
			if (d->d_type == DT_DIR && strcmp(d->d_name, ".") != 0 &&
			    strcmp(d->d_name, "..") != 0)
				add_name(t, i, d->d_name);
		}
	}
}

/* A directory is looked into after its watch is there: nothing comes to be in between. */
static void look_into_new(struct cgroup_tree *t)
{
	while (t->nr_todo)
		look_into(t, t->todo[--t->nr_todo]);
}

/* A directory that was removed while we have it open has no files any more. */
static bool is_gone(const struct cgroup_node *n)
{
	return faccessat(n->dir_fd, "cgroup.procs", F_OK, 0) && errno == ENOENT;
}

/* That a directory lost some is kept to the end: what was in it may come behind it. */
static void drop_lost(struct cgroup_tree *t)
{
	for (uint32_t i = 0; i < t->max_nodes; i++) {
		const struct cgroup_node *n = &t->node[i];

		if (n->dir_fd >= 0 && n->parent != CGROUP_TREE_NONE && t->lost_some[n->parent] &&
		    is_gone(n))
			drop(t, i);
	}
	memset(t->lost_some, 0, sizeof(t->lost_some));
}

static void look_everywhere(struct cgroup_tree *t)
{
	memset(t->lost_some, true, sizeof(t->lost_some));
	drop_lost(t);
	t->look_everywhere = false;
	t->beyond = 0;
	for (uint32_t i = 0; i < t->max_nodes; i++) {
		if (t->node[i].dir_fd < 0)
			continue;
		t->todo[t->nr_todo++] = i;
		t->ops.changed(t->ops.ctx, i);
	}
	look_into_new(t);
}

/* The controller comes to, or is taken from, all that is in @i. */
static void changed_within(struct cgroup_tree *t, uint32_t i)
{
	for (uint32_t k = 0; k < t->max_nodes; k++)
		if (t->node[k].dir_fd >= 0 && t->node[k].parent == i)
			t->ops.changed(t->ops.ctx, k);
}

static void on_modify(struct cgroup_tree *t, uint32_t i, const char *name)
{
	if (!strcmp(name, "cgroup.subtree_control")) {
		changed_within(t, i);
		return;
	}
	for (size_t k = 0; k < sizeof(limit_files) / sizeof(limit_files[0]); k++)
		if (!strcmp(name, limit_files[k]))
			t->ops.changed(t->ops.ctx, i);
}

static bool on_event(struct cgroup_tree *t, const struct inotify_event *e)
{
	uint32_t i;

	if (e->mask & IN_Q_OVERFLOW) {
		t->look_everywhere = true;
		return false;
	}
	i = find(t, e->wd);
	if (i == CGROUP_TREE_NONE || !e->len)
		return false;
	if (e->mask & IN_MODIFY)
		on_modify(t, i, e->name);
	else if ((e->mask & IN_ISDIR) && (e->mask & (IN_CREATE | IN_MOVED_TO)))
		add_name(t, i, e->name);
	else if ((e->mask & IN_ISDIR) && (e->mask & IN_DELETE))
		return t->lost_some[i] = true;
	return false;
}

/* Returns how many bytes of events there were. */
static ssize_t take_events(struct cgroup_tree *t)
{
	ssize_t n = read(t->inotify, t->events, sizeof(t->events));
	bool lost = false;

	for (ssize_t at = 0; at < n;) {
		const struct inotify_event *e = (const void *)(t->events + at);

		lost |= on_event(t, e);
		at += (ssize_t)(sizeof(*e) + e->len);
		look_into_new(t);
	}
	if (lost)
		drop_lost(t);
	return n;
}

/* Not for ever: who makes cgroups without end must not keep us from everything else. */
#define RUN_READS 16

void cgroup_tree_run(struct cgroup_tree *t)
{
	for (int i = 0; i < RUN_READS && take_events(t) > 0; i++)
		;
	if (t->look_everywhere)
		look_everywhere(t);
	look_into_new(t);
}

static uint32_t bound(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) || files.rlim_cur >= CGROUP_TREE_MAX + SPARE_FILES)
		return CGROUP_TREE_MAX;
	return files.rlim_cur > SPARE_FILES ? (uint32_t)files.rlim_cur - SPARE_FILES : 1;
}

static void clear(struct cgroup_tree *t)
{
	memset(t->hash, 0xff, sizeof(t->hash));
	t->max_nodes = bound();
	for (uint32_t i = 0; i < CGROUP_TREE_MAX; i++)
		t->node[i].dir_fd = -1;
	for (uint32_t i = t->max_nodes; i > 0; i--)
		t->free[t->nr_free++] = i - 1;
}

/* The topmost is known from the start, and its watch; it is told with the rest. */
static void silent(void *ctx, uint32_t node)
{
	(void)ctx;
	(void)node;
}

static struct cgroup_tree *new_at(const char *dir, int version, const struct cgroup_tree_ops *ops)
{
	struct cgroup_tree *t = calloc(1, sizeof(*t));
	int fd, err;

	if (!t)
		return NULL;
	clear(t);
	t->version = version;
	t->ops = (struct cgroup_tree_ops){ .changed = silent, .gone = silent };
	t->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	fd = t->inotify < 0 ? -1 : open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0)
		add_node(t, CGROUP_TREE_NONE, fd);
	if (!t->nr_todo) {
		err = errno;
		cgroup_tree_free(t);
		errno = err;
		return NULL;
	}
	t->nr_todo = 0;
	t->look_everywhere = true;
	t->ops = *ops;
	return t;
}

struct cgroup_tree *cgroup_tree_new(const struct cgroup_tree_ops *ops)
{
	struct cgroup_mount *mount = malloc(sizeof(*mount));
	struct cgroup_tree *t = NULL;
	int err = ENODEV;

	if (mount && !cgroup_mount_own(mount)) {
		t = new_at(mount->dir, mount->version, ops);
		err = errno;
	}
	free(mount);
	if (!t)
		errno = err;
	return t;
}

void cgroup_tree_free(struct cgroup_tree *t)
{
	if (!t)
		return;
	for (uint32_t i = 0; i < CGROUP_TREE_MAX; i++)
		cleanup_close(&t->node[i].dir_fd);
	cleanup_close(&t->inotify);
	free(t);
}

int cgroup_tree_version(const struct cgroup_tree *t)
{
	return t->version;
}

const struct cgroup_node *cgroup_tree_node(const struct cgroup_tree *t, uint32_t node)
{
	return &t->node[node];
}

int cgroup_tree_fd(const struct cgroup_tree *t)
{
	return t->inotify;
}

uint64_t cgroup_tree_beyond(const struct cgroup_tree *t)
{
	return t->beyond;
}
