// SPDX-License-Identifier: GPL-2.0-only
/* The lines that headroom may fall below, and how it is told. */
#include "headroom_line.h"

#include <string.h>

#include "common/clock.h"

const struct headroom_opts headroom_opts_default = {
	.percent = { [LEVEL_LOW] = 10, [LEVEL_MEDIUM] = 5, [LEVEL_CRITICAL] = 2 },
	.time_ns = { [LEVEL_LOW] = NS_PER_S,
		     [LEVEL_MEDIUM] = 300 * NS_PER_MS,
		     [LEVEL_CRITICAL] = 100 * NS_PER_MS },
	.time_percent = 12,
};

/*
 * From so much above the line where time counts, looks are a percent apart: growth is known there.
 */
#define FINE_PERCENT 3
/*
 * Well again is so much above that line: what is freed for it lasts a while, and is no more than
 * needed.
 */
#define WELL_PERCENT 2
/*
 * Recovered is half of that: a program that frees a little less than it was asked to is told again.
 */
#define RECOVERED_PERCENT 1
/*
 * Or when so much came free since it was lowest: a program did what it could, and the fall may go
 * on.
 */
#define FREED_PERCENT 2
/* The bytes that are taken while a program frees memory, at the present growth. */
#define REACTION_NS (5 * NS_PER_MS)
/*
 * Growth is that of the last looks: not of fewer ns, which is noise, nor of more, which is history.
 */
#define GROWTH_MIN_NS (2 * NS_PER_MS)
#define GROWTH_MAX_NS (300 * NS_PER_MS)
/* A level by time falls when growth has paused for so long. */
#define PAUSE_NS NS_PER_S
/*
 * While a level holds: that it recovers comes without a ring. A program may have freed enough, and
 * a fast load have taken that again, in a small part of the time that was left.
 */
#define RAISED_LOOK_NS	   (100 * NS_PER_MS)
#define RAISED_LOOK_MIN_NS NS_PER_MS
#define RAISED_LOOK_PARTS  8

static uint64_t percent_of(uint64_t bytes, uint32_t percent)
{
	return bytes / 100 * percent + bytes % 100 * percent / 100;
}

/* @a * @b / @c, or the most that a caller can go on to add to. @c is not 0. */
static uint64_t scale(uint64_t a, uint64_t b, uint64_t c)
{
	const double d = (double)a * (double)b / (double)c;

	return d < 0x1p63 ? (uint64_t)d : INT64_MAX;
}

static const struct headroom_look *look_before(const struct headroom_line *l, uint32_t back)
{
	return back < l->nr_looks && back < HEADROOM_LOOKS ?
		       &l->look[(l->nr_looks - 1 - back) % HEADROOM_LOOKS] :
		       NULL;
}

static void note_usage(struct headroom_line *l, const struct headroom *h, uint64_t now_ns)
{
	const struct headroom_look *last = look_before(l, 0);

	/*
	 * Another limit, or a clock that steps back: what was seen before is no measure of growth.
	 */
	if (l->limit_bytes != h->limit_bytes || (last && last->time_ns > now_ns))
		l->nr_looks = 0;
	l->limit_bytes = h->limit_bytes;
	if (l->nr_looks >= 2 * HEADROOM_LOOKS)
		l->nr_looks -= HEADROOM_LOOKS;
	l->look[l->nr_looks % HEADROOM_LOOKS] = (struct headroom_look){ now_ns, h->left_bytes };
	l->nr_looks++;
}

/*
 * Bytes a second since the oldest look that is young enough, or the one before this. So many looks
 * that follow each other within GROWTH_MIN_NS are no noise: a small limit, and a fast load.
 */
static uint64_t growth(const struct headroom_line *l, const struct headroom *h, uint64_t now_ns)
{
	const struct headroom_look *from = NULL, *look;

	for (uint32_t back = 1; (look = look_before(l, back)); back++) {
		if (from && now_ns - look->time_ns > GROWTH_MAX_NS)
			break;
		if (now_ns - look->time_ns >= GROWTH_MIN_NS || back == HEADROOM_LOOKS - 1)
			from = look;
	}
	if (!from || from->left_bytes <= h->left_bytes || from->time_ns == now_ns)
		return 0;
	return scale(from->left_bytes - h->left_bytes, NS_PER_S, now_ns - from->time_ns);
}

static enum level level_by_share(const struct headroom_opts *o, const struct headroom *h)
{
	enum level level = LEVEL_CRITICAL;

	while (level > LEVEL_NONE && h->left_bytes > percent_of(h->limit_bytes, o->percent[level]))
		level--;
	return level;
}

static enum level level_by_time(const struct headroom_opts *o, const struct headroom *h,
				uint64_t time_left_ns)
{
	enum level level = LEVEL_CRITICAL;

	if (h->left_bytes > percent_of(h->limit_bytes, o->time_percent))
		return LEVEL_NONE;
	while (level > LEVEL_NONE && time_left_ns > o->time_ns[level])
		level--;
	return level;
}

/* The line where the first telling may come from. */
static uint32_t first_percent(const struct headroom_opts *o)
{
	return o->percent[LEVEL_LOW] > o->time_percent ? o->percent[LEVEL_LOW] : o->time_percent;
}

uint64_t headroom_first_look(const struct headroom_opts *o, uint64_t limit_bytes)
{
	return percent_of(limit_bytes, first_percent(o) + FINE_PERCENT);
}

static uint64_t raised_look_ns(uint64_t time_left_ns)
{
	const uint64_t ns = time_left_ns / RAISED_LOOK_PARTS;

	if (ns > RAISED_LOOK_NS)
		return RAISED_LOOK_NS;
	return ns < RAISED_LOOK_MIN_NS ? RAISED_LOOK_MIN_NS : ns;
}

/* Growth may stop right behind a line, and nothing come by after that. */
static void not_past_line(const struct headroom *h, uint32_t percent, struct headroom_verdict *v)
{
	const uint64_t line = percent_of(h->limit_bytes, percent);

	if (line < h->left_bytes && line > v->look_left_bytes)
		v->look_left_bytes = line;
}

static void look_again(const struct headroom_line *l, const struct headroom_opts *o,
		       const struct headroom *h, struct headroom_verdict *v)
{
	const uint64_t fine = headroom_first_look(o, h->limit_bytes);
	const uint64_t step = percent_of(h->limit_bytes, 1);

	if (h->left_bytes > fine)
		v->look_left_bytes = fine;
	else
		v->look_left_bytes = h->left_bytes > step ? h->left_bytes - step : 0;
	not_past_line(h, o->time_percent, v);
	for (int level = LEVEL_LOW; level < NR_LEVELS; level++)
		not_past_line(h, o->percent[level], v);
	v->look_ns = l->level != LEVEL_NONE ? raised_look_ns(v->time_left_ns) : 0;
}

static bool is_falling(const struct headroom_line *l, const struct headroom *h)
{
	const struct headroom_look *before = look_before(l, 1);

	return !before || h->left_bytes < before->left_bytes;
}

static void tell_edges(struct headroom_line *l, const struct headroom *h, enum level share,
		       bool is_well, uint64_t now_ns, struct headroom_verdict *v)
{
	if (v->level && v->level >= l->level)
		l->reason_ns = now_ns;
	if (h->left_bytes < l->lowest_bytes)
		l->lowest_bytes = h->left_bytes;
	if (h->left_bytes - l->lowest_bytes >= percent_of(h->limit_bytes, FREED_PERCENT))
		l->is_recovered = true;
	v->falls = v->level && (v->level > l->level || share > l->told_share ||
				(l->is_recovered && is_falling(l, h)));
	v->recovers = !v->falls && v->level < l->level &&
		      (is_well || now_ns - l->reason_ns >= PAUSE_NS);
	if (!v->falls && !v->recovers)
		return;
	/* Told again, a level is at least what it was: the fall goes on. */
	if (v->falls && v->level < l->level && !l->is_recovered)
		v->level = l->level;
	l->level = v->level;
	l->told_share = share;
	l->is_recovered = false;
	l->lowest_bytes = h->left_bytes;
	l->reason_ns = now_ns;
}

static void judge_unlimited(struct headroom_line *l, struct headroom_verdict *v)
{
	v->recovers = l->level != LEVEL_NONE;
	v->time_left_ns = HEADROOM_UNLIMITED;
	v->look_left_bytes = HEADROOM_UNLIMITED;
	memset(l, 0, sizeof(*l));
}

void headroom_judge(struct headroom_line *l, const struct headroom_opts *o,
		    const struct headroom *h, uint64_t now_ns, struct headroom_verdict *v)
{
	const uint64_t well = percent_of(h->limit_bytes, first_percent(o) + WELL_PERCENT);
	enum level share, time;

	memset(v, 0, sizeof(*v));
	if (h->left_bytes == HEADROOM_UNLIMITED) {
		judge_unlimited(l, v);
		return;
	}
	note_usage(l, h, now_ns);
	v->growth_bytes_s = growth(l, h, now_ns);
	v->time_left_ns = HEADROOM_UNLIMITED;
	if (v->growth_bytes_s)
		v->time_left_ns = scale(h->left_bytes, NS_PER_S, v->growth_bytes_s);
	share = level_by_share(o, h);
	time = level_by_time(o, h, v->time_left_ns);
	v->level = share > time ? share : time;
	if (h->left_bytes < well && v->level)
		v->to_free_bytes = well - h->left_bytes +
				   scale(v->growth_bytes_s, REACTION_NS, NS_PER_S);
	tell_edges(l, h, share,
		   h->left_bytes > percent_of(h->limit_bytes, first_percent(o) + RECOVERED_PERCENT),
		   now_ns, v);
	look_again(l, o, h, v);
}
