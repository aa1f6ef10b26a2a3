// SPDX-License-Identifier: GPL-2.0-only
/*
 * A small part of a kernel's BTF. libbpf parses all 5.5 MB of it and then compares every type's
 * name with every type that a program asks about; from a slice it has its answers 30 ms earlier
 * and some 10 MB of memory cheaper.
 */
#include "btf_slice.h"

#include <bpf/btf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NAME_SLOTS 4096 /* a power of two, several times the names in our own BTF */

struct slice {
	const struct btf *from;
	struct btf *to;
	uint32_t *ids; /* id in @from -> id in @to, 0: not copied */
	int pointer;   /* the one pointer type */
	const char *name[NAME_SLOTS];
};

/* Length of a name without its flavour. */
static size_t essential_len(const char *name)
{
	const char *flavour = strstr(name, "___");

	return flavour && flavour > name ? (size_t)(flavour - name) : strlen(name);
}

/* FNV-1a. */
static uint32_t hash(const char *s, size_t len)
{
	uint32_t h = 2166136261U;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (uint8_t)s[i]) * 16777619U;
	return h;
}

/* The slot of a name of @len bytes, or the free one where it belongs. */
static const char **find_name(struct slice *s, const char *name, size_t len)
{
	uint32_t i = hash(name, len) % NAME_SLOTS;

	while (s->name[i] &&
	       (essential_len(s->name[i]) != len || memcmp(s->name[i], name, len) != 0))
		i = (i + 1) % NAME_SLOTS;
	return &s->name[i];
}

static bool can_be_asked_about(const struct btf_type *t)
{
	return btf_is_composite(t) || btf_is_any_enum(t) || btf_is_typedef(t);
}

static int gather_names(struct slice *s, const struct btf *wanted)
{
	uint32_t n = btf__type_cnt(wanted), used = 0;

	for (uint32_t id = 1; id < n; id++) {
		const struct btf_type *t = btf__type_by_id(wanted, id);
		const char *name = btf__name_by_offset(wanted, t->name_off);
		const char **slot;

		if (!can_be_asked_about(t) || !name || !*name)
			continue;
		slot = find_name(s, name, essential_len(name));
		used += !*slot;
		*slot = name;
		if (used > NAME_SLOTS / 2)
			return -E2BIG;
	}
	return 0;
}

static int copy(struct slice *s, uint32_t id);

/* Copies what the members contain, then points the new type's members to the copies. */
static int copy_members(struct slice *s, const struct btf_type *t, int new_id)
{
	struct btf_member *m;

	for (int i = 0; i < btf_vlen(t); i++) {
		int type = copy(s, btf_members(t)[i].type);

		if (type < 0)
			return type;
		/* The new type moves whenever another is added. */
		m = btf_members((struct btf_type *)btf__type_by_id(s->to, (uint32_t)new_id)) + i;
		m->type = (uint32_t)type;
	}
	return 0;
}

static int copy_array(struct slice *s, const struct btf_type *t, int new_id)
{
	int elem = copy(s, btf_array(t)->type);
	int index = copy(s, btf_array(t)->index_type);
	struct btf_array *a;

	if (elem < 0 || index < 0)
		return elem < 0 ? elem : index;
	a = btf_array((struct btf_type *)btf__type_by_id(s->to, (uint32_t)new_id));
	a->type = (uint32_t)elem;
	a->index_type = (uint32_t)index;
	return 0;
}

static int copy_reference(struct slice *s, const struct btf_type *t, int new_id)
{
	int type = copy(s, t->type);

	if (type < 0)
		return type;
	((struct btf_type *)btf__type_by_id(s->to, (uint32_t)new_id))->type = (uint32_t)type;
	return 0;
}

static int copy_content(struct slice *s, const struct btf_type *t, int new_id)
{
	switch (btf_kind(t)) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return copy_members(s, t, new_id);
	case BTF_KIND_ARRAY:
		return copy_array(s, t, new_id);
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG:
		return copy_reference(s, t, new_id);
	default:
		return 0; /* integers, floats, enums, forward declarations */
	}
}

/* The id of the copy of type @id, copied on first sight; 0 for void, negative errno. */
static int copy(struct slice *s, uint32_t id)
{
	const struct btf_type *t = btf__type_by_id(s->from, id);
	int new_id, err;

	if (!id)
		return 0;
	if (s->ids[id])
		return (int)s->ids[id];
	if (btf_is_ptr(t) || btf_is_func_proto(t))
		return s->pointer;
	new_id = btf__add_type(s->to, s->from, t);
	if (new_id < 0)
		return new_id;
	s->ids[id] = (uint32_t)new_id;
	err = copy_content(s, t, new_id);
	return err ?: new_id;
}

static int copy_wanted(struct slice *s)
{
	uint32_t n = btf__type_cnt(s->from);

	s->pointer = btf__add_ptr(s->to, 0);
	for (uint32_t id = 1; id < n; id++) {
		const struct btf_type *t = btf__type_by_id(s->from, id);
		const char *name;
		int err;

		if (!can_be_asked_about(t) || !t->name_off)
			continue;
		name = btf__name_by_offset(s->from, t->name_off);
		if (!*find_name(s, name, essential_len(name)))
			continue;
		err = copy(s, id);
		if (err < 0)
			return err;
	}
	return s->pointer < 0 ? s->pointer : 0;
}

struct btf *btf_slice(const struct btf *full, const struct btf *wanted)
{
	struct slice s = { .from = full };
	int err = -ENOMEM;

	s.ids = calloc(btf__type_cnt(full), sizeof(*s.ids));
	s.to = s.ids ? btf__new_empty() : NULL;
	if (s.to)
		err = gather_names(&s, wanted);
	if (!err)
		err = copy_wanted(&s);
	free(s.ids);
	if (!err)
		return s.to;
	btf__free(s.to);
	errno = -err;
	return NULL;
}
