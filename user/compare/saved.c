// SPDX-License-Identifier: GPL-2.0-only
/* Reads saved runs, and says what is wrong with one. */
#include "saved.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/control_chars.h"
#include "common/parse.h"

/* Some times what the longest run writes. */
#define MAX_FILE_BYTES (256UL << 20)

void saved_wrong(struct saved *sv, const char *fmt, ...)
{
	size_t len;
	va_list ap;

	if (sv->why[0])
		return;
	snprintf(sv->why, RESULT_TEXT_LEN, "%s", sv->where);
	len = strlen(sv->why);
	va_start(ap, fmt);
	vsnprintf(sv->why + len, RESULT_TEXT_LEN - len, fmt, ap);
	va_end(ap);
}

const json_t *saved_member(struct saved *sv, const json_t *in, const char *key, json_type type,
			   const char *type_name)
{
	const json_t *v = json_object_get(in, key);

	if (v && json_typeof(v) == type)
		return v;
	saved_wrong(sv, v ? "\"%s\" is no %s" : "\"%s\" is missing, %s", key, type_name);
	return NULL;
}

uint64_t saved_to_u64(struct saved *sv, const json_t *v, const char *key, uint64_t max)
{
	const json_int_t n = json_integer_value(v);

	if (json_is_integer(v) && n >= 0 && (uint64_t)n <= max)
		return (uint64_t)n;
	saved_wrong(sv, "\"%s\" is no whole number from 0 to %" PRIu64, key, max);
	return 0;
}

uint64_t saved_u64(struct saved *sv, const json_t *in, const char *key, uint64_t max)
{
	return saved_to_u64(sv, json_object_get(in, key), key, max);
}

bool saved_bool(struct saved *sv, const json_t *in, const char *key)
{
	const json_t *v = json_object_get(in, key);

	if (!json_is_boolean(v))
		saved_wrong(sv, "\"%s\" is neither true nor false", key);
	return json_is_true(v);
}

void saved_text(struct saved *sv, const json_t *in, const char *key, char *to, size_t size)
{
	const json_t *v = saved_member(sv, in, key, JSON_STRING, "text");
	const char *s = v ? json_string_value(v) : "";

	if (strlen(s) >= size)
		saved_wrong(sv, "\"%s\" is longer than %zu bytes", key, size - 1);
	for (const char *p = s; *p; p++)
		if (is_control(p))
			saved_wrong(sv, "\"%s\" has control characters", key);
	snprintf(to, size, "%s", s);
}

int saved_name(struct saved *sv, const json_t *in, const char *key, const char *const names[],
	       size_t n)
{
	const json_t *v = saved_member(sv, in, key, JSON_STRING, "text");
	char allowed[64];
	int i = v ? parse_name(json_string_value(v), names, n) : 0;

	if (i < 0)
		saved_wrong(sv, "\"%s\" is none of %s", key,
			    join_names(names, n, allowed, sizeof(allowed)));
	return i < 0 ? 0 : i;
}

static void saved_load(struct saved *sv, const json_t *in, const char *key, double load[3])
{
	const json_t *v = saved_member(sv, in, key, JSON_ARRAY, "list");

	for (size_t i = 0; v && i < 3; i++) {
		const json_t *one = json_array_get(v, i);

		load[i] = json_number_value(one);
		if (!json_is_number(one) || !(load[i] >= 0 && load[i] < 1e6))
			saved_wrong(sv, "\"%s\" has no three load averages", key);
	}
}

void saved_machine(struct saved *sv, const json_t *in, struct result_machine *m)
{
	saved_text(sv, in, "kernel", m->is.kernel, sizeof(m->is.kernel));
	saved_text(sv, in, "kernel_version", m->is.version, sizeof(m->is.version));
	saved_text(sv, in, "processor", m->is.processor, sizeof(m->is.processor));
	saved_text(sv, in, "swap", m->swap, sizeof(m->swap));
	m->is.cores = (uint32_t)saved_u64(sv, in, "cores", UINT32_MAX);
	m->is.memory_kb = saved_u64(sv, in, "memory_kb", SAVED_MAX_BYTES);
	saved_load(sv, in, "load_before", m->is.load);
	saved_load(sv, in, "load_after", m->load_after);
}

struct input {
	FILE *f;
	size_t left_bytes;
	bool too_long;
};

static size_t read_some(void *buf, size_t size, void *data)
{
	struct input *in = data;
	size_t n = size < in->left_bytes ? size : in->left_bytes;

	in->too_long |= size && !n;
	n = fread(buf, 1, n, in->f);
	in->left_bytes -= n;
	return n ? n : in->too_long || ferror(in->f) ? (size_t)-1 : 0;
}

static void say_why_no_json(struct saved *sv, const struct input *in, const json_error_t *error)
{
	/* A folder can be opened; a disk may fail. */
	if (ferror(in->f))
		saved_wrong(sv, "cannot be read");
	else if (in->too_long)
		saved_wrong(sv, "longer than any run writes");
	else if (json_error_code(error) == json_error_premature_end_of_input)
		saved_wrong(sv, "cut off in line %d", error->line);
	else
		saved_wrong(sv, "line %d is no JSON: %s", error->line, error->text);
}

json_t *saved_open(struct saved *sv, const char *path)
{
	struct input in = { .left_bytes = MAX_FILE_BYTES };
	_cleanup_fclose_ FILE *f = fopen(path, "re");
	json_error_t error;
	json_t *root;

	if (!f) {
		saved_wrong(sv, "%s", strerror(errno));
		return NULL;
	}
	in.f = f;
	root = json_load_callback(read_some, &in, JSON_REJECT_DUPLICATES, &error);
	if (!root)
		say_why_no_json(sv, &in, &error);
	return root;
}

bool saved_is(struct saved *sv, const json_t *root, const char *format, int version,
	      const char *writer)
{
	const json_t *is = json_object_get(root, "format");
	const json_t *v = json_object_get(root, "version");

	if (!json_is_string(is) || strcmp(json_string_value(is), format) != 0)
		saved_wrong(sv, "no result of %s", writer);
	else if (!json_is_integer(v))
		saved_wrong(sv, "the version of its format is missing");
	else if (json_integer_value(v) != version)
		saved_wrong(sv,
			    "version %" JSON_INTEGER_FORMAT
			    " of the format, this oom-notify reads %d",
			    json_integer_value(v), version);
	return !sv->why[0];
}
