// SPDX-License-Identifier: GPL-2.0-only
/*
 * The choice among the BPF programs, by their section's name: "raw_tp/NAME" or "tp/CATEGORY/NAME".
 * One without a name, "raw_tp", is attached to nothing: the loader runs it itself. A scout is a raw
 * one whose own name begins with "scout_".
 */
#include "programs.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "classic.h"
#include "common/log.h"
#include "features.h"
#include "stats.h"
#include "tails.h"

enum role {
	ROLE_OURS,    /* run by us */
	ROLE_UNKNOWN, /* its tracepoint is not on this kernel, or not as we know it */
	ROLE_RAW,
	ROLE_CLASSIC,
	ROLE_SCOUT, /* raw: notes what the classic one's record lacks; must be attached before it */
};

struct program {
	struct bpf_program *prog;
	struct bpf_link *link;
	enum role role;
	enum feature_tp tp;
	const char *at;		/* as the way of attaching names the tracepoint */
	int event;		/* of a classic one, -1: none, or not yet */
	uint64_t missed_before; /* when we were armed */
	uint64_t missed;
};

struct programs {
	bool armed;
	size_t n;
	struct program program[];
};

static bool starts_with(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

static void find_role(struct program *p, const struct features *f)
{
	const char *section = bpf_program__section_name(p->prog);
	const char *first = strchr(section, '/'), *last = strrchr(section, '/');
	int tp = 0;

	p->event = -1;
	if (!first)
		return; /* ROLE_OURS */
	p->at = first + 1;
	while (tp < NR_FEATURE_TPS && strcmp(last + 1, f->tp_name[tp]) != 0)
		tp++;
	if (tp == NR_FEATURE_TPS || f->tp[tp] != TP_USABLE) {
		p->role = ROLE_UNKNOWN;
		return;
	}
	p->tp = (enum feature_tp)tp;
	if (starts_with(section, "tp/"))
		p->role = ROLE_CLASSIC;
	else if (starts_with(bpf_program__name(p->prog), "scout_"))
		p->role = ROLE_SCOUT;
	else
		p->role = ROLE_RAW;
}

static struct program *find(struct programs *p, enum role role, enum feature_tp tp)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->program[i].role == role && p->program[i].tp == tp)
			return &p->program[i];
	return NULL;
}

/* Opens the event, if only to see whether that works; where there is a scout it is too early. */
static int try_classic(struct programs *p, struct program *c)
{
	if (find(p, ROLE_SCOUT, c->tp)) {
		int id = classic_id("", c->at);

		return id < 0 ? id : 0;
	}
	c->event = classic_open(c->at);
	return c->event < 0 ? c->event : 0;
}

/* Switches a classic program on in place of the raw one, with its scout. */
static void choose_classic(struct programs *p, struct program *c)
{
	struct program *raw = find(p, ROLE_RAW, c->tp), *scout = find(p, ROLE_SCOUT, c->tp);

	bpf_program__set_autoload(c->prog, true);
	if (scout)
		bpf_program__set_autoload(scout->prog, true);
	if (raw)
		bpf_program__set_autoload(raw->prog, false);
}

static bool is_wanted(const struct programs *p, enum role role)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->program[i].role == role && bpf_program__autoload(p->program[i].prog))
			return true;
	return false;
}

static void choose(struct programs *p, const struct features *f)
{
	const char *at = NULL;
	int err = 0;

	for (size_t i = 0; i < p->n; i++) {
		enum role role = p->program[i].role;

		bpf_program__set_autoload(p->program[i].prog,
					  role == ROLE_OURS || role == ROLE_RAW);
	}
	for (size_t i = 0; i < p->n && f->raw_tp_preemptible; i++) {
		struct program *c = &p->program[i];
		int ret = c->role == ROLE_CLASSIC ? try_classic(p, c) : 0;

		if (ret) {
			err = ret;
			at = c->at;
		} else if (c->role == ROLE_CLASSIC) {
			choose_classic(p, c);
		}
	}
	if (err)
		log_warn("cannot use tracepoint %s (%s): raw ones stand in, and some hits are "
			 "counted "
			 "as dropped; see `oom-notify check`",
			 at, strerror(-err));
}

struct programs *programs_choose(struct bpf_object *obj, const struct features *f)
{
	struct bpf_program *prog;
	struct programs *p;
	size_t n = 0;

	bpf_object__for_each_program(prog, obj)
		n++;
	p = calloc(1, sizeof(*p) + n * sizeof(p->program[0]));
	if (!p)
		return NULL;
	bpf_object__for_each_program(prog, obj) {
		p->program[p->n].prog = prog;
		find_role(&p->program[p->n++], f);
	}
	choose(p, f);
	tails_choose(obj, is_wanted(p, ROLE_RAW), is_wanted(p, ROLE_CLASSIC));
	return p;
}

/* The link owns the event from here on. */
static struct bpf_link *attach_classic(struct program *p)
{
	struct bpf_link *link;

	if (p->event < 0)
		p->event = classic_open(p->at);
	if (p->event < 0) {
		errno = -p->event;
		return NULL;
	}
	link = bpf_program__attach_perf_event(p->prog, p->event);
	if (link)
		p->event = -1;
	return link;
}

static void attach(struct program *p)
{
	if (p->role == ROLE_CLASSIC)
		p->link = attach_classic(p);
	else if (bpf_program__type(p->prog) == BPF_PROG_TYPE_TRACING)
		p->link = bpf_program__attach_raw_tracepoint(p->prog,
							     NULL); /* it was loaded for one */
	else
		p->link = bpf_program__attach_raw_tracepoint(p->prog, p->at);
	if (!p->link)
		log_warn("cannot attach to tracepoint %s (%s): its events are not told", p->at,
			 strerror(errno));
}

int programs_attach(struct programs *p)
{
	int links = 0;

	for (int scouts = 1; scouts >= 0; scouts--) {
		for (size_t i = 0; i < p->n; i++) {
			struct program *one = &p->program[i];

			if (!one->at || !bpf_program__autoload(one->prog) ||
			    (one->role == ROLE_SCOUT) != scouts)
				continue;
			attach(one);
			links += one->link != NULL;
		}
	}
	return links ? 0 : -ENOTSUP;
}

void programs_free(struct programs *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->n; i++) {
		bpf_link__destroy(p->program[i].link);
		if (p->program[i].event >= 0)
			close(p->program[i].event);
	}
	free(p);
}

/*
 * Runs that the kernel refused because the same program (a classic one: any) was already running on
 * that CPU, counted since 5.12.
 */
static uint64_t read_missed(const struct program *p)
{
	struct bpf_prog_info info = { 0 };
	__u32 len = sizeof(info);

	if (!p->link || bpf_obj_get_info_by_fd(bpf_program__fd(p->prog), &info, &len))
		return 0;
	return info.recursion_misses;
}

static uint64_t missed(const struct programs *p, const struct program *one)
{
	return one->missed + (p->armed ? read_missed(one) - one->missed_before : 0);
}

void programs_arm(struct programs *p, bool on)
{
	if (p->armed == on)
		return;
	for (size_t i = 0; i < p->n; i++) {
		struct program *one = &p->program[i];

		if (on)
			one->missed_before = read_missed(one);
		else
			one->missed = missed(p, one);
	}
	p->armed = on;
}

void programs_stats(const struct programs *p, struct stats *s)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->program[i].role == ROLE_RAW || p->program[i].role == ROLE_CLASSIC)
			stats_missed(s, feature_tps[p->program[i].tp].kinds,
				     missed(p, &p->program[i]));
}
