// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads a run back. The parser is jansson; what is checked here is that each member is there, of its
 * type and within its bounds, so that nothing behind has to doubt a number, an index or a text.
 */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "common/control.h"
#include "common/parse.h"
#include "file.h"

/* Decades. What is longer is nonsense, and no sum of a few overflows, nor a tenfold of one. */
#define MAX_NS (NS_PER_S * NS_PER_S)
/* Some times what the longest run writes. */
#define MAX_FILE_BYTES (256UL << 20)
/* What a process may have in a moment: more threads than that no machine runs at once. */
#define MAX_CORES 65536
#define MAX_BYTES (1ULL << 60)

struct reader {
	char *why;	/* of RESULT_TEXT_LEN; "" while nothing is wrong */
	char where[48]; /* in which list: "sources[3]: " */
};

/* The first thing that is wrong is told. */
__attribute__((format(printf, 2, 3))) static void wrong(struct reader *rd, const char *fmt, ...)
{
	size_t len;
	va_list ap;

	if (rd->why[0])
		return;
	snprintf(rd->why, RESULT_TEXT_LEN, "%s", rd->where);
	len = strlen(rd->why);
	va_start(ap, fmt);
	vsnprintf(rd->why + len, RESULT_TEXT_LEN - len, fmt, ap);
	va_end(ap);
}

static const json_t *member(struct reader *rd, const json_t *in, const char *key, json_type type,
			    const char *type_name)
{
	const json_t *v = json_object_get(in, key);

	if (v && json_typeof(v) == type)
		return v;
	wrong(rd, v ? "\"%s\" is no %s" : "\"%s\" is missing, %s", key, type_name);
	return NULL;
}

static uint64_t to_u64(struct reader *rd, const json_t *v, const char *key, uint64_t max)
{
	const json_int_t n = json_integer_value(v);

	if (json_is_integer(v) && n >= 0 && (uint64_t)n <= max)
		return (uint64_t)n;
	wrong(rd, "\"%s\" is no whole number from 0 to %" PRIu64, key, max);
	return 0;
}

static uint64_t get_u64(struct reader *rd, const json_t *in, const char *key, uint64_t max)
{
	return to_u64(rd, json_object_get(in, key), key, max);
}

static bool get_bool(struct reader *rd, const json_t *in, const char *key)
{
	const json_t *v = json_object_get(in, key);

	if (!json_is_boolean(v))
		wrong(rd, "\"%s\" is neither true nor false", key);
	return json_is_true(v);
}

/* Texts go to a terminal: none may steer it. */
static void get_text(struct reader *rd, const json_t *in, const char *key, char *to, size_t size)
{
	const json_t *v = member(rd, in, key, JSON_STRING, "text");
	const char *s = v ? json_string_value(v) : "";

	if (strlen(s) >= size)
		wrong(rd, "\"%s\" is longer than %zu bytes", key, size - 1);
	for (const char *p = s; *p; p++)
		if (is_control(p))
			wrong(rd, "\"%s\" has control characters", key);
	snprintf(to, size, "%s", s);
}

static int get_name(struct reader *rd, const json_t *in, const char *key, const char *const names[],
		    size_t n)
{
	const json_t *v = member(rd, in, key, JSON_STRING, "text");
	char allowed[64];
	int i = v ? parse_name(json_string_value(v), names, n) : 0;

	if (i < 0)
		wrong(rd, "\"%s\" is none of %s", key,
		      join_names(names, n, allowed, sizeof(allowed)));
	return i < 0 ? 0 : i;
}

static void get_load(struct reader *rd, const json_t *in, const char *key, double load[3])
{
	const json_t *v = member(rd, in, key, JSON_ARRAY, "list");

	for (size_t i = 0; v && i < 3; i++) {
		const json_t *one = json_array_get(v, i);

		load[i] = json_number_value(one);
		if (!json_is_number(one) || !(load[i] >= 0 && load[i] < 1e6))
			wrong(rd, "\"%s\" has no three load averages", key);
	}
}

static void read_machine(struct reader *rd, const json_t *in, struct result_machine *m)
{
	get_text(rd, in, "kernel", m->is.kernel, sizeof(m->is.kernel));
	get_text(rd, in, "kernel_version", m->is.version, sizeof(m->is.version));
	get_text(rd, in, "processor", m->is.processor, sizeof(m->is.processor));
	get_text(rd, in, "swap", m->swap, sizeof(m->swap));
	m->is.cores = (uint32_t)get_u64(rd, in, "cores", UINT32_MAX);
	m->is.memory_kb = get_u64(rd, in, "memory_kb", MAX_BYTES);
	get_load(rd, in, "load_before", m->is.load);
	get_load(rd, in, "load_after", m->load_after);
}

static void read_params(struct reader *rd, const json_t *in, struct result_params *p)
{
	p->episodes = get_u64(rd, in, "episodes", RESULT_MAX_EPISODES);
	p->seed = get_u64(rd, in, "seed", RESULT_MAX_SEED);
	p->interval_ns = get_u64(rd, in, "interval_ns", MAX_NS);
	p->ramp = (enum result_ramp)get_name(rd, in, "ramp", result_ramps, RESULT_NR_RAMPS);
	p->one_at_a_time = get_bool(rd, in, "one_at_a_time");
	p->quiet_min_ns = get_u64(rd, in, "quiet_min_ns", MAX_NS);
	p->quiet_max_ns = get_u64(rd, in, "quiet_max_ns", MAX_NS);
	p->silence_ns = get_u64(rd, in, "silence_ns", MAX_NS);
	p->box_limit_bytes = get_u64(rd, in, "box_limit_bytes", MAX_BYTES);
	p->box_use_bytes = get_u64(rd, in, "box_use_bytes", MAX_BYTES);
	get_text(rd, in, "sharing", p->sharing, sizeof(p->sharing));
}

static void read_episode(struct reader *rd, const json_t *in, struct result_episode *e)
{
	e->zero_ns = get_u64(rd, in, "zero_ns", MAX_NS);
	e->swap_out_ns = get_u64(rd, in, "swap_out_ns", MAX_NS);
	e->end_ns = get_u64(rd, in, "end_ns", MAX_NS);
	e->deadline_ns = get_u64(rd, in, "deadline_ns", MAX_NS);
	e->quiet_ns = get_u64(rd, in, "quiet_ns", MAX_NS);
	e->zero = (enum result_zero)get_name(rd, in, "zero", result_zeros, RESULT_NR_ZEROS);
	e->others_hits = get_u64(rd, in, "others_hits", INT64_MAX);
	get_text(rd, in, "others_comm", e->others_comm, sizeof(e->others_comm));
	if (e->zero_ns > e->end_ns || e->end_ns > e->deadline_ns)
		wrong(rd, "zero, end and deadline are not in this order");
	if (e->swap_out_ns && e->swap_out_ns < e->zero_ns)
		wrong(rd, "the first swap-out is before zero");
}

static void read_sample(struct reader *rd, const json_t *in, const struct result *r,
			struct result_sample *k)
{
	const json_t *latency = json_object_get(in, "latency_ns");
	const struct result_episode *e;

	k->episode = (uint32_t)get_u64(rd, in, "episode", UINT32_MAX);
	k->wakes = get_u64(rd, in, "wakes", INT64_MAX);
	k->false_wakes = get_u64(rd, in, "false_wakes", UINT32_MAX);
	k->told = !json_is_null(latency);
	if (k->told)
		k->latency_ns = to_u64(rd, latency, "latency_ns", MAX_NS);
	if (k->told != (k->wakes > 0))
		wrong(rd, "\"wakes\" does not fit \"latency_ns\"");
	if (k->episode >= r->nr_episodes) {
		wrong(rd, "there is no episode %" PRIu32, k->episode);
		return;
	}
	e = &r->episode[k->episode];
	if (k->latency_ns > e->deadline_ns - e->zero_ns)
		wrong(rd, "\"latency_ns\" is behind the episode's deadline");
}

static void read_cpu(struct reader *rd, const json_t *in, const char *key, struct result_cpu *cpu)
{
	const json_t *v = member(rd, in, key, JSON_OBJECT, "object");

	cpu->used_ns = get_u64(rd, v, "used_ns", MAX_NS);
	cpu->over_ns = get_u64(rd, v, "over_ns", MAX_NS);
	if (cpu->over_ns && cpu->used_ns / cpu->over_ns > MAX_CORES)
		wrong(rd, "\"%s\" is more than all processors have", key);
}

static void read_source(struct reader *rd, const json_t *in, struct result *r,
			struct result_source *s)
{
	const json_t *samples = member(rd, in, "samples", JSON_ARRAY, "list");
	const size_t n = json_array_size(samples), len = strlen(rd->where);
	char name[RESULT_NAME_COLUMNS + 1];

	get_text(rd, in, "name", name, sizeof(name));
	if (!rd->why[0] && (!name[0] || result_find(r, name)))
		wrong(rd, "\"name\" is empty or a second one's");
	memcpy(s->name, name, sizeof(name));
	get_text(rd, in, "what", s->what, sizeof(s->what));
	s->state = (enum result_state)get_name(rd, in, "state", result_states, RESULT_NR_STATES);
	get_text(rd, in, "why", s->why, sizeof(s->why));
	s->interval_ns = get_u64(rd, in, "interval_ns", MAX_NS);
	read_cpu(rd, in, "idle", &s->idle);
	read_cpu(rd, in, "busy", &s->busy);
	if (n > r->room_episodes || n > RESULT_MAX_EPISODES)
		wrong(rd, "there are more samples than episodes");
	for (size_t i = 0; i < n && !rd->why[0]; i++) {
		snprintf(rd->where + len, sizeof(rd->where) - len, "samples[%zu]: ", i);
		read_sample(rd, json_array_get(samples, i), r, &s->sample[i]);
		if (i && s->sample[i].episode <= s->sample[i - 1].episode)
			wrong(rd, "\"episode\" does not rise");
	}
	s->nr_samples = rd->why[0] ? 0 : (uint32_t)n;
}

static void read_costs(struct reader *rd, const json_t *in, struct result *r)
{
	snprintf(rd->where, sizeof(rd->where), "costs: ");
	for (int i = 0; i < RESULT_NR_COSTS; i++) {
		const json_t *list = member(rd, in, result_costs[i], JSON_ARRAY, "list");

		if (json_array_size(list) > r->cost[i].room)
			wrong(rd, "there are more of \"%s\" than episodes", result_costs[i]);
		for (size_t k = 0; !rd->why[0] && k < json_array_size(list); k++)
			result_add_cost(r, (enum result_cost)i,
					to_u64(rd, json_array_get(list, k), result_costs[i],
					       MAX_NS));
	}
}

static void read_lists(struct reader *rd, struct result *r, const json_t *episodes,
		       const json_t *sources)
{
	for (size_t i = 0; i < json_array_size(episodes) && !rd->why[0]; i++) {
		struct result_episode e;

		snprintf(rd->where, sizeof(rd->where), "episodes[%zu]: ", i);
		read_episode(rd, json_array_get(episodes, i), &e);
		(void)result_add_episode(r, &e);
	}
	for (size_t i = 0; i < json_array_size(sources) && !rd->why[0]; i++) {
		snprintf(rd->where, sizeof(rd->where), "sources[%zu]: ", i);
		read_source(rd, json_array_get(sources, i), r, &r->source[i]);
	}
}

/* Only then is it worth saying what else is wrong. */
static bool is_ours(struct reader *rd, const json_t *root)
{
	const json_t *format = json_object_get(root, "format");
	const json_t *version = json_object_get(root, "version");

	if (!json_is_string(format) || strcmp(json_string_value(format), RESULT_FORMAT) != 0)
		wrong(rd, "no result of oom-notify compare");
	else if (!json_is_integer(version))
		wrong(rd, "the version of its format is missing");
	else if (json_integer_value(version) != RESULT_VERSION)
		wrong(rd,
		      "version %" JSON_INTEGER_FORMAT " of the format, this oom-notify reads %d",
		      json_integer_value(version), RESULT_VERSION);
	return !rd->why[0];
}

static struct result *read_root(struct reader *rd, const json_t *root)
{
	const json_t *episodes, *sources;
	struct result *r;

	if (!is_ours(rd, root))
		return NULL;
	episodes = member(rd, root, "episodes", JSON_ARRAY, "list");
	sources = member(rd, root, "sources", JSON_ARRAY, "list");
	if (json_array_size(sources) > RESULT_MAX_SOURCES ||
	    json_array_size(episodes) > RESULT_MAX_SOURCES * RESULT_MAX_EPISODES)
		wrong(rd, "too many sources or episodes");
	if (rd->why[0])
		return NULL;
	r = result_new((uint32_t)json_array_size(sources), (uint32_t)json_array_size(episodes));
	if (!r) {
		wrong(rd, "out of memory");
		return NULL;
	}
	r->started_ns = get_u64(rd, root, "started_ms", INT64_MAX / NS_PER_MS) * NS_PER_MS;
	get_text(rd, root, "incomplete", r->incomplete, sizeof(r->incomplete));
	if (get_bool(rd, root, "complete") != !r->incomplete[0])
		wrong(rd, "\"complete\" does not fit \"incomplete\"");
	read_machine(rd, member(rd, root, "machine", JSON_OBJECT, "object"), &r->machine);
	read_params(rd, member(rd, root, "parameters", JSON_OBJECT, "object"), &r->params);
	read_lists(rd, r, episodes, sources);
	read_costs(rd, member(rd, root, "costs", JSON_OBJECT, "object"), r);
	return r;
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

static void say_why_no_json(struct reader *rd, const struct input *in, const json_error_t *error)
{
	/* A folder can be opened; a disk may fail. */
	if (ferror(in->f))
		wrong(rd, "cannot be read");
	else if (in->too_long)
		wrong(rd, "longer than any run writes");
	else if (json_error_code(error) == json_error_premature_end_of_input)
		wrong(rd, "cut off in line %d", error->line);
	else
		wrong(rd, "line %d is no JSON: %s", error->line, error->text);
}

struct result *result_read(const char *path, char why[RESULT_TEXT_LEN])
{
	struct reader rd = { .why = why };
	struct input in = { .left_bytes = MAX_FILE_BYTES };
	_cleanup_fclose_ FILE *f = NULL;
	json_error_t error;
	struct result *r;
	json_t *root;

	why[0] = '\0';
	f = fopen(path, "re");
	if (!f) {
		wrong(&rd, "%s", strerror(errno));
		return NULL;
	}
	in.f = f;
	root = json_load_callback(read_some, &in, JSON_REJECT_DUPLICATES, &error);
	if (!root) {
		say_why_no_json(&rd, &in, &error);
		return NULL;
	}
	r = read_root(&rd, root);
	json_decref(root);
	if (!why[0])
		return r;
	result_free(r);
	return NULL;
}
