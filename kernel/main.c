// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/oom_notify tells whoever has it open that memory runs short: a timer looks once an
 * interval, as in the RFC of 2007, and a privileged loader that sees more may feed it.
 * /dev/oom_notify_critical speaks when the OOM killer is about to choose a victim, and waits a
 * moment for memory to come free.
 *
 * The way of an event: a reading of the kernel's counters (or the feed, or the OOM notifier) ->
 * post() to each file that it concerns -> rounds, so that a herd is not woken at once -> tell() ->
 * read().
 *
 * There may be 32,768 files, and whoever goes through them (the timer, a round, the feed, the OOM
 * notifier) does it in process context, under a mutex, one at a time. What a file holds is guarded
 * by a spinlock, which is let go every STEP_FILES files. Nothing here allocates but open(), and the
 * workqueue has a rescuer, so that it works when nothing else does.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/hashtable.h>
#include <linux/kernel.h>
#include <linux/kref.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/oom.h>
#include <linux/poll.h>
#include <linux/sched/coredump.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/stringify.h>
#include <linux/swap.h>
#include <linux/timerqueue.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <linux/vmstat.h>
#include <linux/workqueue.h>

#include "oom_notify.h"
#include "pressure.h"

#ifndef CONFIG_64BIT
#error "64 bit only: jiffies are taken not to wrap, and statistics are read without a lock"
#endif

/* ------------------------------------------------------------------------------------------------
 * Parameters
 */
struct bounded {
	unsigned int value, min, max;
};

static void parameter_changed(void);

static int bounded_set(const char *text, const struct kernel_param *kp)
{
	struct bounded *p = kp->arg;
	unsigned int value;

	if (kstrtouint(text, 0, &value) || value < p->min || value > p->max)
		return -EINVAL;
	WRITE_ONCE(p->value, value);
	parameter_changed();
	return 0;
}

static int bounded_get(char *buffer, const struct kernel_param *kp)
{
	const struct bounded *p = kp->arg;

	return sysfs_emit(buffer, "%u\n", READ_ONCE(p->value));
}

static const struct kernel_param_ops bounded_ops = { .set = bounded_set, .get = bounded_get };

#define PARAMETER(name, dflt, lo, hi, text)                  \
	static struct bounded name = { (dflt), (lo), (hi) }; \
	module_param_cb(name, &bounded_ops, &name, 0644);    \
	MODULE_PARM_DESC(name, text " (" #lo " to " __stringify(hi) ", default " #dflt ")")

PARAMETER(interval_ms, 1000, 100, 60000, "how often the timer looks, while a file is open");
PARAMETER(clear_ms, 2000, 100, 600000, "the all-clear comes this long after the last reason");
/*
 * KOSAKI's mem_notify (v6, 2008) woke a sixteenth of the watchers at a time and five times a
 * second, because 12,500 programs woken at once had freed 5 GB too many. His upper bound of 100 a
 * round is not kept: with it the last of a large herd would wait for ever. So a round takes a
 * sixteenth and at least wake_batch files, and 16 rounds reach everyone: 3.2 s.
 */
PARAMETER(wake_batch, 16, 1, 32768, "a round of wake-ups takes at least this many files");
PARAMETER(wake_gap_ms, 200, 0, 1000, "pause between rounds, 0: all at once");
PARAMETER(max_files_per_user, 4096, 1, 32768, "files that one user may have open, of both devices");
PARAMETER(critical_grace_ms, 100, 0, OOM_NOTIFY_MAX_GRACE_MS,
	  "the OOM killer waits at most this long for memory");
PARAMETER(critical_interval_ms, 10000, 100, 3600000, "and does so at most once in this time");

static unsigned long jiffies_of(const struct bounded *ms)
{
	return msecs_to_jiffies(READ_ONCE(ms->value));
}

/* ------------------------------------------------------------------------------------------------
 * Files
 */
struct event {
	u64 event_ns;
	u32 reasons;
	u16 level;
	int node;
	u64 pages_to_free; /* for headroom; what the machine lacks is known when it is told */
};

/* The request that a program wrote, or that of one which wrote nothing. */
struct wish {
	u64 window_ns; /* it is woken at most once in this time */
	u16 least_level;
	bool all_clear;	 /* is news to it; to any other program a wake-up means "free memory" */
	bool by_default; /* window: interval_ms; a rise to critical does not wait for its end */
};

/* By the id of the machine: root of a container is somebody like any other. */
struct holder {
	struct hlist_node node; /* in `holders`, as long as a file is open */
	kuid_t uid;
	unsigned int files;
};

struct client {
	struct kref refs;	     /* the open file, and who is about to wake or signal it */
	struct list_head all;	     /* in `clients` */
	struct list_head due;	     /* in `due`, while `pending` waits for its round */
	struct timerqueue_node held; /* in `held`, while it waits for the end of the window */
	struct list_head signal;     /* in `to_signal` */
	struct holder *holder;	     /* whose place it takes */
	struct event pending;
	struct wish wish;
	wait_queue_head_t wait;
	struct fasync_struct *fasync;
	u64 opened_ns;
	unsigned long swapped_pages[SWAP_WAYS]; /* what has been told, or was before open() */
	u64 notified_ns;
	unsigned long seen_jiffies;
	u16 told_level;
	bool critical;	/* of /dev/oom_notify_critical */
	bool reads;	/* has called read(): readable as long as the queue holds a record */
	bool readable;	/* if not: told, and it is not over that it was seen */
	bool seen;	/* a poll has said that it is readable, first at seen_jiffies */
	bool urgent;	/* told, and no poll has taken EPOLLPRI for it */
	bool alarmed;	/* told of pressure, and not of its end */
	bool below_low; /* a zone was so when last looked at */
	bool fresh;	/* opened since the last tick */
	bool feeds;	/* and is told nothing */
	u64 sequence;
	unsigned int first, count;
	struct oom_notify_record queue[OOM_NOTIFY_QUEUE];
};

/*
 * So many files at most are looked at, or told, before others may have the lock, or the processor.
 */
#define STEP_FILES 64U

/*
 * Going through the files, or adding one, takes `walk`; what stands from here to `statistics`, but
 * for the lists, is guarded by it alone. The spinlock is taken within: for the lists, and for what
 * is in a client.
 */
static DEFINE_MUTEX(walk);
static DEFINE_SPINLOCK(lock);
static LIST_HEAD(clients);   /* the longest untold first */
static LIST_HEAD(due);	     /* the longest due first */
static LIST_HEAD(to_signal); /* SIGIO, each with a reference */
/* Orders files by the end of their windows. */
static struct timerqueue_head held = { .rb_root = RB_ROOT_CACHED };
static DEFINE_HASHTABLE(holders, 8);
static unsigned int nr_files; /* also those that are opened only for writing */
static u64 round_files;	      /* told in one round, while rounds are under way */
static bool round_waits;      /* for its gap to end */
static struct reading last;
static unsigned long pressure_jiffies, fed_jiffies;
static u16 fed_level, timer_level; /* what each said last */
static u16 machine_level;	   /* both together */
static unsigned long next_grace, next_oom_record;
static unsigned int nr_critical;
static unsigned long critical_read_jiffies;
static bool grace_runs;
static bool averted_last; /* by a grace, so that the task tries again */

static struct {
	u64 openers; /* now */
	u64 ticks;
	u64 samples; /* between ticks, while tasks stall */
	u64 told;    /* records */
	u64 merged;  /* events into a record that was not read or not told yet */
	u64 rounds;
	u64 ooms; /* that the OOM killer was asked for, whatever came of it */
	u64 graces;
	u64 averted;	  /* OOM kills */
	u64 longest_step; /* most files looked at, or told, in one */
} statistics;

static void on_tick(struct work_struct *unused);
static void on_round(struct work_struct *unused);
static void on_sample(struct work_struct *unused);
static void on_window(struct work_struct *unused);
static void on_signal(struct work_struct *unused);
static struct workqueue_struct *workqueue;
static DECLARE_DELAYED_WORK(tick_work, on_tick);
static DECLARE_DELAYED_WORK(round_work, on_round);
static DECLARE_DELAYED_WORK(sample_work, on_sample);
static DECLARE_DELAYED_WORK(window_work, on_window);
static DECLARE_WORK(signal_work, on_signal);

static const u32 swap_reasons[SWAP_WAYS] = { OOM_NOTIFY_SWAP_OUT, OOM_NOTIFY_SWAP_ZSWAP,
					     OOM_NOTIFY_SWAP_ZERO };

/* The ways pages were swapped out between two readings, as reasons. */
static u32 swapped_reasons(const unsigned long *from, const unsigned long *to)
{
	u32 reasons = 0;
	int i;

	for (i = 0; i < SWAP_WAYS; i++)
		if (moved(from[i], to[i]))
			reasons |= swap_reasons[i];
	return reasons;
}

static u64 take_swapped_pages(struct client *c, const struct reading *now)
{
	u64 pages = 0;
	int i;

	for (i = 0; i < SWAP_WAYS; i++) {
		unsigned long more = moved(c->swapped_pages[i], now->swapped_pages[i]);

		c->swapped_pages[i] += more;
		pages += more;
	}
	return pages;
}

static void free_client(struct kref *refs)
{
	kfree(container_of(refs, struct client, refs));
}

static void put_client(struct client *c)
{
	kref_put(&c->refs, free_client);
}

static void note_step(unsigned int files)
{
	statistics.longest_step = max_t(u64, statistics.longest_step, files);
}

/*
 * Calls @visit under the lock for each file, the longest untold first, in steps. The place between
 * two of them is kept in the list itself, so that files may be closed meanwhile; none is added or
 * moved but by who holds `walk`, as the caller does.
 */
static void visit_all(void (*visit)(struct client *c, const void *arg), const void *arg)
{
	unsigned int files = 0;
	LIST_HEAD(place);

	spin_lock(&lock);
	list_add(&place, &clients);
	while (!list_is_last(&place, &clients)) {
		struct client *c = list_entry(place.next, struct client, all);

		if (files == STEP_FILES) {
			note_step(files);
			files = 0;
			spin_unlock(&lock);
			cond_resched();
			spin_lock(&lock);
			continue;
		}
		list_move(&place, &c->all);
		visit(c, arg);
		files++;
	}
	list_del(&place);
	note_step(files);
	spin_unlock(&lock);
}

static struct oom_notify_record *slot(struct client *c, unsigned int i)
{
	return &c->queue[(c->first + i) % OOM_NOTIFY_QUEUE];
}

/* An all-clear stays one; what it ends is over. Pages are kept in any case. */
static void merge_record(struct oom_notify_record *into, const struct oom_notify_record *older)
{
	statistics.merged++;
	into->swapped_pages += older->swapped_pages;
	if ((into->reasons | older->reasons) & OOM_NOTIFY_ALL_CLEAR)
		return;
	into->reasons |= older->reasons;
	into->level = max(into->level, older->level);
	into->event_ns = min(into->event_ns, older->event_ns);
}

static void forget_oldest(struct client *c)
{
	merge_record(slot(c, 1), slot(c, 0));
	c->first = (c->first + 1) % OOM_NOTIFY_QUEUE;
	c->count--;
}

static void announce(struct client *c)
{
	c->readable = true;
	c->seen = false;
	c->urgent = true;
}

/*
 * Pages that were swapped out while the event waited for its round are told with it, as the reason
 * that they are; the timer's all-clear that they have overtaken is not told: false.
 */
static bool tell(struct client *c, const struct reading *now)
{
	struct event *e = &c->pending;
	bool all_clear = e->reasons & OOM_NOTIFY_ALL_CLEAR;

	list_del_init(&c->due);
	if (!all_clear)
		e->reasons |= swapped_reasons(c->swapped_pages, now->swapped_pages);
	else if (!(e->reasons & OOM_NOTIFY_FED) &&
		 swapped_reasons(last.swapped_pages, now->swapped_pages))
		return false;
	if (c->count == OOM_NOTIFY_QUEUE)
		forget_oldest(c);
	c->notified_ns = ktime_get_ns();
	c->told_level = e->level;
	c->alarmed = !all_clear;
	*slot(c, c->count) = (struct oom_notify_record){
		.size = sizeof(struct oom_notify_record),
		.version = OOM_NOTIFY_VERSION,
		.level = e->level,
		.reasons = e->reasons,
		.node = e->node == NUMA_NO_NODE ? now->node : e->node,
		.sequence = ++c->sequence,
		.event_ns = e->event_ns,
		.notified_ns = c->notified_ns,
		.swapped_pages = take_swapped_pages(c, now),
		.free_pages = now->free_pages,
		.pages_to_free = max(now->pages_to_free, e->pages_to_free),
	};
	WRITE_ONCE(c->count, c->count + 1);
	statistics.told++;
	list_move_tail(&c->all, &clients);
	announce(c);
	return true;
}

static bool is_held(struct client *c)
{
	return timerqueue_node_queued(&c->held);
}

static void let_go(struct client *c)
{
	if (is_held(c))
		timerqueue_del(&held, &c->held);
}

/* Nothing is told of what waits; its pages are, with the next record. */
static void forget_pending(struct client *c)
{
	let_go(c);
	list_del_init(&c->due);
}

static void start_window(void)
{
	struct timerqueue_node *first = timerqueue_getnext(&held);
	s64 left_us;

	if (!first)
		return;
	left_us = max_t(s64, ktime_us_delta(first->expires, ktime_get()), 0);
	mod_delayed_work(workqueue, &window_work, usecs_to_jiffies((unsigned int)left_us) + 1);
}

static u64 window_ns(const struct client *c)
{
	return c->wish.by_default ? READ_ONCE(interval_ms.value) * NSEC_PER_MSEC :
				    c->wish.window_ns;
}

/*
 * A program that has written the text of a trigger knows no degrees: told again within the window,
 * it would free memory again, however bad it has become. PSI does not wake it either.
 */
static bool may_be_told(const struct client *c, u64 now_ns)
{
	return !c->notified_ns || now_ns - c->notified_ns >= window_ns(c) ||
	       (c->wish.by_default && c->pending.level == OOM_NOTIFY_CRITICAL &&
		c->told_level != OOM_NOTIFY_CRITICAL);
}

/* The event that waits already takes @e in; pressure outranks an all-clear. */
static void merge_event(struct event *into, const struct event *e)
{
	statistics.merged++;
	if (e->reasons & OOM_NOTIFY_ALL_CLEAR)
		return;
	if (into->reasons & OOM_NOTIFY_ALL_CLEAR) {
		*into = *e;
		return;
	}
	into->reasons |= e->reasons;
	into->level = max(into->level, e->level);
	into->pages_to_free = max(into->pages_to_free, e->pages_to_free);
}

static void hold(struct client *c)
{
	c->held.expires = ns_to_ktime(c->notified_ns + window_ns(c));
	if (timerqueue_add(&held, &c->held))
		start_window();
}

/* Makes @c due for @e, at the end of its window if that is not over. */
static void post(struct client *c, const struct event *e)
{
	if (c->feeds)
		return;
	if (!list_empty(&c->due)) {
		merge_event(&c->pending, e);
		return;
	}
	if (is_held(c))
		merge_event(&c->pending, e);
	else
		c->pending = *e;
	if (may_be_told(c, ktime_get_ns())) {
		let_go(c);
		list_add_tail(&c->due, &due);
	} else if (!is_held(c)) {
		hold(c);
	}
}

/* Pressure that waits for the end of a window is over, too: nobody frees memory for it any more. */
static void post_all_clear(struct client *c, u32 how, u64 event_ns)
{
	const struct event e = {
		.event_ns = event_ns,
		.reasons = OOM_NOTIFY_ALL_CLEAR | how,
		.level = OOM_NOTIFY_NONE,
		.node = NUMA_NO_NODE,
	};

	if (is_held(c) && !(c->pending.reasons & OOM_NOTIFY_ALL_CLEAR)) {
		statistics.merged++;
		let_go(c);
	}
	c->told_level = OOM_NOTIFY_NONE;
	if (!c->wish.all_clear)
		c->alarmed = false;
	else if (c->alarmed && list_empty(&c->due) && !is_held(c))
		post(c, &e);
}

/* ------------------------------------------------------------------------------------------------
 * Rounds
 */

/*
 * A file's signals may be for a whole group of processes, its owner's to choose: they are sent with
 * no lock held, and nobody's wake-up waits for them.
 */
static void on_signal(struct work_struct *unused)
{
	struct client *c;

	for (;;) {
		spin_lock(&lock);
		c = list_first_entry_or_null(&to_signal, struct client, signal);
		if (c)
			list_del_init(&c->signal);
		spin_unlock(&lock);
		if (!c)
			return;
		kill_fasync(&c->fasync, SIGIO, POLL_IN);
		put_client(c);
		cond_resched();
	}
}

static void want_signal(struct client *c)
{
	if (!READ_ONCE(c->fasync) || !list_empty(&c->signal))
		return;
	kref_get(&c->refs);
	list_add_tail(&c->signal, &to_signal);
	queue_work(workqueue, &signal_work);
}

/* The number that were due. They are woken without the lock: each wake-up may have many waiters. */
static unsigned int tell_step(unsigned int most, const struct reading *now)
{
	struct client *told[STEP_FILES];
	unsigned int files = 0, nr_told = 0;

	spin_lock(&lock);
	for (; files < most && !list_empty(&due); files++) {
		struct client *c = list_first_entry(&due, struct client, due);

		if (!tell(c, now))
			continue;
		kref_get(&c->refs);
		told[nr_told++] = c;
		want_signal(c);
	}
	note_step(files);
	spin_unlock(&lock);
	while (nr_told) {
		struct client *c = told[--nr_told];

		wake_up_interruptible_poll(&c->wait, EPOLLIN | EPOLLRDNORM | EPOLLPRI);
		put_client(c);
	}
	cond_resched();
	return files;
}

static void tell_first(u64 left, const struct reading *now)
{
	unsigned int files;

	statistics.rounds++;
	do {
		files = tell_step(min_t(u64, left, STEP_FILES), now);
		left -= files;
	} while (left && files);
}

static bool any_due(void)
{
	bool any;

	spin_lock(&lock);
	any = !list_empty(&due);
	spin_unlock(&lock);
	return any;
}

/*
 * Files that are closed while rounds are under way make the next ones no smaller, or those who are
 * still due would wait for more of them.
 */
static void run_round(const struct reading *now)
{
	unsigned long gap = jiffies_of(&wake_gap_ms);
	u64 openers = READ_ONCE(statistics.openers);

	round_files = max3(round_files, (u64)READ_ONCE(wake_batch.value),
			   openers / OOM_NOTIFY_MAX_ROUNDS + 1);
	tell_first(gap ? round_files : U64_MAX, now);
	round_waits = any_due();
	if (round_waits)
		queue_delayed_work(workqueue, &round_work, gap);
	else
		round_files = 0;
}

/* Begins the rounds, unless they are under way; a rise to critical does not wait for them. */
static void run_rounds(const struct reading *now, bool all)
{
	if (!any_due())
		return;
	if (all)
		tell_first(U64_MAX, now);
	else if (!round_waits)
		run_round(now);
}

static void on_round(struct work_struct *unused)
{
	struct reading now;

	mutex_lock(&walk);
	take_reading(&now);
	round_waits = false;
	if (any_due())
		run_round(&now);
	else
		round_files = 0;
	mutex_unlock(&walk);
}

/* Files whose windows are over become due: as many in a step. */
static unsigned int end_windows(ktime_t now)
{
	struct timerqueue_node *first;
	unsigned int files = 0;

	spin_lock(&lock);
	while (files < STEP_FILES && (first = timerqueue_getnext(&held)) && first->expires <= now) {
		struct client *c = container_of(first, struct client, held);

		timerqueue_del(&held, first);
		list_add_tail(&c->due, &due);
		files++;
	}
	if (files < STEP_FILES)
		start_window();
	note_step(files);
	spin_unlock(&lock);
	cond_resched();
	return files;
}

static void on_window(struct work_struct *unused)
{
	const ktime_t ended = ktime_get();
	struct reading now;

	mutex_lock(&walk);
	take_reading(&now);
	while (end_windows(ended) == STEP_FILES)
		;
	run_rounds(&now, false);
	mutex_unlock(&walk);
}

/* ------------------------------------------------------------------------------------------------
 * The timer
 */

/* Whole seconds, where it may: then an idle machine wakes once for many timers. */
static void start_tick(void)
{
	unsigned long delay = jiffies_of(&interval_ms);

	mod_delayed_work(workqueue, &tick_work, delay < HZ ? delay : round_jiffies_relative(delay));
}

static void want_sample(void)
{
	if (stalls_of_late())
		queue_delayed_work(workqueue, &sample_work, msecs_to_jiffies(STALL_SAMPLE_MS));
}

static void on_sample(struct work_struct *unused)
{
	mutex_lock(&walk);
	if (READ_ONCE(statistics.openers)) {
		statistics.samples++;
		sample_stalls();
		want_sample();
	}
	mutex_unlock(&walk);
}

struct tick {
	const struct reading *now;
	struct event machine;
	u32 swapped; /* how, since the last tick, as reasons */
	bool over;   /* no reason for pressure any more */
};

/*
 * Takes a tick to one file. It is told what came about since it was last looked at: pages
 * that the feed has told already, or that were swapped out before open(), are no reason.
 */
static void post_tick(struct client *c, const struct tick *t)
{
	struct event e = t->machine;

	e.reasons |= t->swapped & swapped_reasons(c->swapped_pages, t->now->swapped_pages);
	if (t->now->below_low && !c->below_low)
		e.reasons |= OOM_NOTIFY_LOW_WATERMARK;
	if (c->fresh) {
		e.reasons &= ~(OOM_NOTIFY_POOR_RECLAIM | OOM_NOTIFY_STALL);
		e.level = min_t(u16, e.level, OOM_NOTIFY_LOW);
	}
	c->below_low = t->now->below_low;
	c->fresh = false;
	if (e.reasons & ~OOM_NOTIFY_STALL && e.level >= c->wish.least_level)
		post(c, &e);
}

static void visit_tick(struct client *c, const void *arg)
{
	const struct tick *t = arg;

	if (!c->critical)
		post_tick(c, t);
	if (t->over)
		post_all_clear(c, 0, t->now->time_ns);
}

/* Notes the machine's level, and says whether it has just become critical. */
static bool is_rise_to_critical(u16 level)
{
	bool rise = level == OOM_NOTIFY_CRITICAL && machine_level != OOM_NOTIFY_CRITICAL;

	machine_level = level;
	return rise;
}

/* The loader sees more: what it fed of late is not told as less. */
static u16 level_with_feed(u16 level)
{
	bool of_late = time_before(jiffies, fed_jiffies + jiffies_of(&clear_ms));

	return of_late ? max(level, fed_level) : level;
}

/* A counter that stepped back has not moved; coming up again to where it was is nothing new. */
static void keep_last(const struct reading *now)
{
	const struct reading before = last;
	int i;

	last = *now;
	for (i = 0; i < SWAP_WAYS; i++)
		last.swapped_pages[i] += moved(now->swapped_pages[i], before.swapped_pages[i]);
}

static void look(const struct reading *now)
{
	struct tick t = {
		.now = now,
		.machine = { .event_ns = now->time_ns, .node = NUMA_NO_NODE },
		.swapped = swapped_reasons(last.swapped_pages, now->swapped_pages),
	};

	t.machine.level = judge(&last, now, &t.machine.reasons);
	want_sample();
	timer_level = t.machine.level;
	t.machine.level = level_with_feed(t.machine.level);
	if (t.machine.level || t.swapped || now->below_low)
		pressure_jiffies = now->jiffies;
	t.over = !grace_runs &&
		 time_after_eq(now->jiffies, pressure_jiffies + jiffies_of(&clear_ms));
	visit_all(visit_tick, &t);
	keep_last(now);
	run_rounds(now, is_rise_to_critical(t.machine.level));
}

/* A shorter interval is not to wait for the end of a long one. */
static void parameter_changed(void)
{
	if (READ_ONCE(statistics.openers))
		start_tick();
}

/* It finds nobody, and does not start again. */
static void on_tick(struct work_struct *unused)
{
	struct reading now;

	mutex_lock(&walk);
	if (READ_ONCE(statistics.openers)) {
		take_reading(&now);
		statistics.ticks++;
		look(&now);
		start_tick();
	}
	mutex_unlock(&walk);
}

/* ------------------------------------------------------------------------------------------------
 * The feed
 */
#define MAX_EVENT_AGE_NS (60 * NSEC_PER_SEC)

static bool feed_is_valid(const struct oom_notify_record *r, u64 now_ns)
{
	const u32 known = OOM_NOTIFY_REASONS & ~(OOM_NOTIFY_FED | OOM_NOTIFY_OOM);

	if (r->size != sizeof(*r) || r->version != OOM_NOTIFY_VERSION)
		return false;
	if (!r->reasons || r->reasons & ~known || r->level > OOM_NOTIFY_CRITICAL)
		return false;
	if (r->reasons & OOM_NOTIFY_ALL_CLEAR &&
	    (r->reasons != OOM_NOTIFY_ALL_CLEAR || r->level != OOM_NOTIFY_NONE))
		return false;
	if (r->node != NUMA_NO_NODE &&
	    (r->node < 0 || r->node >= nr_node_ids || !node_online(r->node)))
		return false;
	if (r->event_ns > now_ns || now_ns - r->event_ns > MAX_EVENT_AGE_NS)
		return false;
	if (r->pages_to_free && !(r->reasons & OOM_NOTIFY_HEADROOM))
		return false;
	return !(r->sequence | r->notified_ns | r->swapped_pages | r->free_pages);
}

static void visit_feed(struct client *c, const void *arg)
{
	const struct event *e = arg;

	if (c->critical || e->event_ns < c->opened_ns)
		return;
	if (e->reasons & OOM_NOTIFY_ALL_CLEAR)
		post_all_clear(c, OOM_NOTIFY_FED, e->event_ns);
	else if (e->level >= c->wish.least_level)
		post(c, e);
}

static long feed(struct file *file, const void __user *from)
{
	struct client *feeder = file->private_data;
	struct oom_notify_record r;
	struct reading now;
	struct event e;

	if (!(file->f_mode & FMODE_WRITE))
		return -EBADF;
	if (!capable(CAP_SYS_ADMIN) && !file_ns_capable(file, &init_user_ns, CAP_SYS_ADMIN))
		return -EPERM;
	if (copy_from_user(&r, from, sizeof(r)))
		return -EFAULT;
	if (!feed_is_valid(&r, ktime_get_ns()))
		return -EINVAL;
	e = (struct event){
		.event_ns = r.event_ns,
		.reasons = r.reasons | OOM_NOTIFY_FED,
		.level = r.level,
		.node = r.node,
		.pages_to_free = r.pages_to_free,
	};
	mutex_lock(&walk);
	take_reading(&now);
	spin_lock(&lock);
	feeder->feeds = true;
	forget_pending(feeder);
	spin_unlock(&lock);
	fed_level = e.level;
	fed_jiffies = now.jiffies;
	if (e.reasons & OOM_NOTIFY_ALL_CLEAR)
		timer_level = OOM_NOTIFY_NONE;
	else
		pressure_jiffies = now.jiffies;
	visit_all(visit_feed, &e);
	run_rounds(&now, is_rise_to_critical(max(timer_level, e.level)));
	mutex_unlock(&walk);
	return 0;
}

static long client_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	const struct client *c = file->private_data;

	if (cmd != OOM_NOTIFY_IOC_FEED || c->critical)
		return -ENOTTY;
	return feed(file, (const void __user *)arg);
}

/* ------------------------------------------------------------------------------------------------
 * The OOM killer
 *
 * out_of_memory() calls the notifier chain before it chooses a victim, in the context of the task
 * that could not allocate, which holds oom_lock. Every other allocation that gets that far fails
 * to take the lock, sleeps for a jiffy and tries again; a cgroup's own OOM killer and SysRq-F wait
 * for it. So sleeping here delays them, by critical_grace_ms at most and once in
 * critical_interval_ms, but locks nobody out: munmap(), exit, the OOM reaper and this device do
 * not need oom_lock. Nothing of ours is held meanwhile, and nothing is waited for but time: that
 * no reader acts (it is stopped, or it is the very task that waits here, or it allocates and so
 * waits itself) only means that the grace ends.
 */
#define OOM_RECORD_GAP (HZ / 10)

static bool is_reaped(const struct mm_struct *mm)
{
#ifdef HAS_MM_FLAGS_TEST
	return mm_flags_test(MMF_OOM_SKIP, mm);
#else
	return test_bit(MMF_OOM_SKIP, &mm->flags);
#endif
}

static bool dumps_core(const struct signal_struct *signal)
{
#ifdef SIGNAL_GROUP_COREDUMP
	return signal->flags & SIGNAL_GROUP_COREDUMP;
#else
	return signal->core_state;
#endif
}

/*
 * The kernel lets such a task have its reserves, and chooses nobody. Whether others that share its
 * memory die, too, it asks of each process; here it is no, so that a kill is not missed.
 */
static bool dies_anyway(void)
{
	const struct signal_struct *signal = current->signal;
	struct mm_struct *mm = current->mm;

	if (!mm || is_reaped(mm) || dumps_core(signal))
		return false;
	if (!(signal->flags & SIGNAL_GROUP_EXIT) &&
	    !(thread_group_empty(current) && current->flags & PF_EXITING))
		return false;
	return atomic_read(&mm->mm_users) <= get_nr_threads(current);
}

/*
 * For an allocation that may not enter file systems nobody is killed. That the task as a whole may
 * not can be seen; a plain GFP_NOFS cannot. What can be seen of it is that the same task is back
 * soon and nobody was killed meanwhile, which is also so while a victim takes its time.
 */
static bool came_to_nothing(void)
{
	static unsigned long asked_jiffies, asked_kills;
	static pid_t asked_pid;
	const unsigned long kills = oom_kills();
	const pid_t pid = task_pid_nr(current);
	const bool back = pid == asked_pid && kills == asked_kills && !averted_last &&
			  time_before(jiffies, asked_jiffies + HZ);

	asked_pid = pid;
	asked_kills = kills;
	asked_jiffies = jiffies;
	averted_last = false;
	return back;
}

/* Most of what out_of_memory() asks only after the chain. */
static bool may_kill(void)
{
	const bool in_vain = came_to_nothing();

	return !in_vain && !(current->flags & (PF_MEMALLOC_NOFS | PF_MEMALLOC_NOIO)) &&
	       !dies_anyway();
}

static void visit_oom(struct client *c, const void *arg)
{
	post(c, arg);
}

/*
 * The chain is called again and again until a victim is gone: a record each time would say
 * nothing.
 */
static void tell_oom(struct reading *now, bool *may_wait)
{
	struct event e = {
		.event_ns = now->time_ns,
		.reasons = OOM_NOTIFY_OOM,
		.level = OOM_NOTIFY_CRITICAL,
		.node = NUMA_NO_NODE,
	};

	*may_wait = false;
	mutex_lock(&walk);
	statistics.ooms++;
	pressure_jiffies = now->jiffies;
	if (!may_kill())
		goto unlock;
	*may_wait = nr_critical && jiffies_of(&critical_grace_ms) &&
		    !fatal_signal_pending(current) && !time_before(now->jiffies, next_grace);
	if (!*may_wait && time_before(now->jiffies, next_oom_record)) {
		statistics.merged++;
	} else {
		next_oom_record = now->jiffies + OOM_RECORD_GAP;
		visit_all(visit_oom, &e);
		machine_level = OOM_NOTIFY_CRITICAL;
		run_rounds(now, true);
	}
	if (*may_wait) {
		grace_runs = true;
		next_grace = now->jiffies + jiffies_of(&critical_interval_ms);
		statistics.graces++;
	}
unlock:
	mutex_unlock(&walk);
}

/*
 * Waits while somebody listens and something happens: for half of the grace neither more free pages
 * nor a read of the device, and it is over. Returns the pages that came free.
 */
static unsigned long grace(unsigned long wanted_pages)
{
	const unsigned long length = jiffies_of(&critical_grace_ms), end = jiffies + length;
	const unsigned long step = max(length / 16, 1UL);
	const unsigned long before = free_pages_now();
	unsigned long freed = 0, most = 0, progress = jiffies;

	while (READ_ONCE(nr_critical) && freed < wanted_pages && time_before(jiffies, end)) {
		schedule_timeout_killable(min(step, end - jiffies));
		if (fatal_signal_pending(current))
			break;
		freed = moved(before, free_pages_now());
		if (freed > most)
			progress = jiffies;
		most = max(most, freed);
		if (time_after(READ_ONCE(critical_read_jiffies), progress))
			progress = READ_ONCE(critical_read_jiffies);
		if (time_after(jiffies, progress + length / 2))
			break;
	}
	return freed;
}

/*
 * Enough is what lifts the zones to about their low watermark, half way to the high one that
 * readers are asked for; never so little that it may be the error of per-CPU counters.
 */
static int on_oom(struct notifier_block *nb, unsigned long unused, void *arg)
{
	unsigned long *freed_pages = arg, wanted, freed;
	struct reading now;
	bool may_wait;

	if (*freed_pages)
		return NOTIFY_OK;
	take_reading(&now);
	tell_oom(&now, &may_wait);
	if (!may_wait)
		return NOTIFY_OK;
	wanted = max_t(u64, now.pages_to_free, 8 * SWAP_CLUSTER_MAX);
	freed = grace(wanted);
	mutex_lock(&walk);
	grace_runs = false;
	pressure_jiffies = jiffies;
	if (freed >= wanted / 2) {
		*freed_pages += freed;
		averted_last = true;
		statistics.averted++;
	}
	mutex_unlock(&walk);
	return NOTIFY_OK;
}

/* The last of the chain: a balloon may have memory to give at once. */
static struct notifier_block oom_block = { .notifier_call = on_oom, .priority = INT_MIN };

/* ------------------------------------------------------------------------------------------------
 * File operations
 */
static struct miscdevice critical_device;

static struct holder *find_holder(kuid_t uid)
{
	struct holder *h;

	hash_for_each_possible(holders, h, node, __kuid_val(uid))
		if (uid_eq(h->uid, uid))
			return h;
	return NULL;
}

/* One user cannot take them all, nor all users together the last. */
static int take_place(struct client *c, struct holder *fresh, bool privileged)
{
	const unsigned int reserved = privileged ? 0 : OOM_NOTIFY_RESERVED_FILES;
	struct holder *h;
	int err = 0;

	spin_lock(&lock);
	h = find_holder(fresh->uid);
	if (nr_files >= OOM_NOTIFY_MAX_FILES - reserved) {
		err = -ENFILE;
	} else if (h && !privileged && h->files >= READ_ONCE(max_files_per_user.value)) {
		err = -EMFILE;
	} else {
		if (!h) {
			h = fresh;
			hash_add(holders, &h->node, __kuid_val(h->uid));
		}
		c->holder = h;
		h->files++;
		nr_files++;
	}
	spin_unlock(&lock);
	return err;
}

static void give_place(struct client *c)
{
	struct holder *gone = NULL;

	spin_lock(&lock);
	nr_files--;
	if (!--c->holder->files) {
		gone = c->holder;
		hash_del(&gone->node);
	}
	spin_unlock(&lock);
	kfree(gone);
}

/*
 * Only who is refused is asked for the capability: to be asked leaves a record in the audit log of
 * who lacks it.
 */
static int ask_for_place(struct client *c, kuid_t uid)
{
	struct holder *fresh = kzalloc(sizeof(*fresh), GFP_KERNEL_ACCOUNT);
	int err;

	if (!fresh)
		return -ENOMEM;
	fresh->uid = uid;
	err = take_place(c, fresh, false);
	if (err && capable(CAP_SYS_RESOURCE))
		err = take_place(c, fresh, true);
	if (c->holder != fresh)
		kfree(fresh);
	return err;
}

static int add_client(struct client *c)
{
	struct reading now;

	if (mutex_lock_killable(&walk))
		return -EINTR;
	take_reading(&now);
	memcpy(c->swapped_pages, now.swapped_pages, sizeof(c->swapped_pages));
	c->below_low = now.below_low;
	c->opened_ns = now.time_ns;
	spin_lock(&lock);
	if (!statistics.openers++) {
		last = now;
		begin_meter(&now);
		start_tick();
	}
	WRITE_ONCE(nr_critical, nr_critical + c->critical);
	list_add_tail(&c->all, &clients);
	spin_unlock(&lock);
	mutex_unlock(&walk);
	return 0;
}

static struct client *new_client(bool critical)
{
	struct client *c = kzalloc(sizeof(*c), GFP_KERNEL_ACCOUNT);

	if (!c)
		return NULL;
	kref_init(&c->refs);
	INIT_LIST_HEAD(&c->all);
	INIT_LIST_HEAD(&c->due);
	timerqueue_init(&c->held);
	INIT_LIST_HEAD(&c->signal);
	init_waitqueue_head(&c->wait);
	c->fresh = true;
	c->critical = critical;
	/* The OOM killer is a last chance each time. */
	c->wish = (struct wish){ .least_level = OOM_NOTIFY_LOW, .by_default = !critical };
	return c;
}

static int client_open(struct inode *inode, struct file *file)
{
	struct client *c = new_client(file->private_data == &critical_device);
	int err;

	if (!c)
		return -ENOMEM;
	err = ask_for_place(c, file->f_cred->euid);
	if (err)
		goto undo_client;
	/* A file that is open for writing only is there to feed: the timer need not run for it. */
	err = file->f_mode & FMODE_READ ? add_client(c) : 0;
	if (err)
		goto undo_place;
	file->private_data = c;
	file->f_mode |= FMODE_NOWAIT;
	return stream_open(inode, file);

undo_place:
	give_place(c);
undo_client:
	put_client(c);
	return err;
}

static int client_release(struct inode *inode, struct file *file)
{
	struct client *c = file->private_data;

	spin_lock(&lock);
	if (!list_empty(&c->all)) {
		list_del(&c->all);
		forget_pending(c);
		statistics.openers--;
		WRITE_ONCE(nr_critical, nr_critical - c->critical);
	}
	spin_unlock(&lock);
	give_place(c);
	put_client(c);
	return 0;
}

static bool take_record(struct client *c, struct oom_notify_record *r)
{
	bool any;

	spin_lock(&lock);
	c->reads = true;
	any = c->count > 0;
	if (any) {
		*r = *slot(c, 0);
		c->first = (c->first + 1) % OOM_NOTIFY_QUEUE;
		WRITE_ONCE(c->count, c->count - 1);
	}
	if (c->critical)
		WRITE_ONCE(critical_read_jiffies, jiffies);
	spin_unlock(&lock);
	return any;
}

/* Puts back a record that could not be copied out. */
static void put_back(struct client *c, const struct oom_notify_record *r)
{
	spin_lock(&lock);
	if (c->count == OOM_NOTIFY_QUEUE) {
		merge_record(slot(c, 0), r);
	} else {
		c->first = (c->first + OOM_NOTIFY_QUEUE - 1) % OOM_NOTIFY_QUEUE;
		*slot(c, 0) = *r;
		WRITE_ONCE(c->count, c->count + 1);
		wake_up_interruptible_poll(&c->wait, EPOLLIN | EPOLLRDNORM);
	}
	spin_unlock(&lock);
}

static int wait_for_record(struct client *c, const struct kiocb *iocb)
{
	if (iocb->ki_flags & IOCB_NOWAIT || iocb->ki_filp->f_flags & O_NONBLOCK)
		return -EAGAIN;
	return wait_event_interruptible(c->wait, READ_ONCE(c->count));
}

/* An array of buffers is one room: read() would wait again for the second of them. */
static ssize_t client_read(struct kiocb *iocb, struct iov_iter *to)
{
	struct client *c = iocb->ki_filp->private_data;
	struct oom_notify_record r;
	ssize_t done = 0;
	int err;

	if (iov_iter_count(to) < sizeof(r))
		return -EINVAL;
	while (iov_iter_count(to) >= sizeof(r)) {
		if (take_record(c, &r)) {
			if (copy_to_iter(&r, sizeof(r), to) != sizeof(r)) {
				put_back(c, &r);
				return done ?: -EFAULT;
			}
			done += sizeof(r);
			continue;
		}
		if (done)
			break;
		err = wait_for_record(c, iocb);
		if (err)
			return err;
	}
	return done;
}

/* The number of words, or negative. */
static int split(char *text, char *word[], int max)
{
	int nr = 0;
	char *next;

	while ((next = strsep(&text, " \t\n"))) {
		if (!*next)
			continue;
		if (nr == max)
			return -EINVAL;
		word[nr++] = next;
	}
	return nr;
}

/* Refuses what PSI refuses of a trigger. */
#define MAX_WINDOW_US (10 * USEC_PER_SEC)

static int parse_trigger(char *const word[], struct wish *w)
{
	unsigned int stall_us, window_us;

	if (kstrtouint(word[1], 10, &stall_us) || kstrtouint(word[2], 10, &window_us))
		return -EINVAL;
	if (!stall_us || stall_us > window_us || window_us > MAX_WINDOW_US)
		return -EINVAL;
	w->least_level = strcmp(word[0], "full") ? OOM_NOTIFY_LOW : OOM_NOTIFY_MEDIUM;
	w->window_ns = (u64)window_us * NSEC_PER_USEC;
	return 3;
}

/* As above, how many words that took. */
static int parse_level(const char *word, struct wish *w)
{
	static const char *const names[] = { "none", "low", "medium", "critical" };
	int level = match_string(names, ARRAY_SIZE(names), word);

	if (level < 0)
		return level;
	w->least_level = level;
	w->all_clear = level == OOM_NOTIFY_NONE;
	return 1;
}

/* A level's name or the text of a PSI trigger, and whether the all-clear is wanted. */
static int parse_wish(char *text, struct wish *w)
{
	char *word[4];
	int nr = split(text, word, ARRAY_SIZE(word)), taken;

	*w = (struct wish){ .by_default = false };
	if (nr >= 3 && (!strcmp(word[0], "some") || !strcmp(word[0], "full")))
		taken = parse_trigger(word, w);
	else
		taken = nr > 0 ? parse_level(word[0], w) : -EINVAL;
	if (taken >= 0 && taken == nr - 1 && !strcmp(word[taken], "all-clear")) {
		w->all_clear = true;
		taken++;
	}
	return taken >= 0 && taken == nr ? 0 : -EINVAL;
}

/*
 * An event that waits for the end of the old window waits for that of the new one, if still wanted.
 */
static void change_wish(struct client *c, const struct wish *wish)
{
	c->wish = *wish;
	if (!is_held(c))
		return;
	let_go(c);
	if (c->pending.level >= wish->least_level)
		hold(c);
}

/* Clients of PSI count the trailing NUL in, and shells write a newline. */
static ssize_t client_write(struct kiocb *iocb, struct iov_iter *from)
{
	struct client *c = iocb->ki_filp->private_data;
	size_t size = iov_iter_count(from);
	struct wish wish;
	char text[64];
	int err;

	if (!size || size >= sizeof(text))
		return -EINVAL;
	if (!copy_from_iter_full(text, size, from))
		return -EFAULT;
	text[size] = '\0';
	if (strlen(text) + 1 < size)
		return -EINVAL;
	err = parse_wish(text, &wish);
	if (err)
		return err;
	spin_lock(&lock);
	change_wish(c, &wish);
	spin_unlock(&lock);
	return (ssize_t)size;
}

/*
 * A program that has never read: was it told something that it has not seen? What one call of
 * select() or poll() has returned, the next one does not, or a loop that only selects would spin.
 * Such a call is @fresh. An epoll set may ask several times before its owner does, through the sets
 * around it, and the owner may come late: there it stays an interval. Until it is seen it stays in
 * any case.
 */
static bool is_unseen(struct client *c, bool fresh)
{
	if (c->seen &&
	    (fresh || time_after_eq(jiffies, c->seen_jiffies + jiffies_of(&interval_ms)))) {
		c->readable = false;
		c->seen = false;
	}
	return c->readable;
}

static void note_seen(struct client *c)
{
	if (!c->seen)
		c->seen_jiffies = jiffies;
	c->seen = true;
}

/* A call of select() or poll() is new when nobody waits but who has begun to with this question. */
static __poll_t client_poll(struct file *file, poll_table *wait)
{
	struct client *c = file->private_data;
	/* No order is asked for: a wake-up in between is not what these tell apart. */
	const bool waited_for = waitqueue_active(&c->wait);
	__poll_t mask = EPOLLOUT | EPOLLWRNORM;
	bool fresh;

	poll_wait(file, &c->wait, wait);
	/* As above. */
	fresh = !waited_for && waitqueue_active(&c->wait);
	spin_lock(&lock);
	if (c->reads ? c->count > 0 : is_unseen(c, fresh)) {
		mask |= EPOLLIN | EPOLLRDNORM;
		if (poll_requested_events(wait) & (EPOLLIN | EPOLLRDNORM))
			note_seen(c);
	}
	if (c->urgent && poll_requested_events(wait) & EPOLLPRI) {
		mask |= EPOLLPRI;
		c->urgent = false;
	}
	spin_unlock(&lock);
	return mask;
}

static int client_fasync(int fd, struct file *file, int on)
{
	struct client *c = file->private_data;

	return fasync_helper(fd, file, on, &c->fasync);
}

static const struct file_operations client_fops = {
	.owner = THIS_MODULE, /* no unloading while one is open */
	.open = client_open,
	.release = client_release,
	.read_iter = client_read,
	.write_iter = client_write,
	.poll = client_poll,
	.fasync = client_fasync,
	.unlocked_ioctl = client_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

/* ------------------------------------------------------------------------------------------------
 * Statistics: /sys/class/misc/oom_notify/statistics/
 */
#define STATISTIC(name)                                                               \
	static ssize_t name##_show(struct device *dev, struct device_attribute *attr, \
				   char *buffer)                                      \
	{                                                                             \
		return sysfs_emit(buffer, "%llu\n", READ_ONCE(statistics.name));      \
	}                                                                             \
	static struct device_attribute name##_attribute = __ATTR(name, 0400, name##_show, NULL)

STATISTIC(openers);
STATISTIC(ticks);
STATISTIC(samples);
STATISTIC(told);
STATISTIC(merged);
STATISTIC(rounds);
STATISTIC(ooms);
STATISTIC(graces);
STATISTIC(averted);
STATISTIC(longest_step);

static struct attribute *statistics_attributes[] = {
	&openers_attribute.attr,
	&ticks_attribute.attr,
	&samples_attribute.attr,
	&told_attribute.attr,
	&merged_attribute.attr,
	&rounds_attribute.attr,
	&ooms_attribute.attr,
	&graces_attribute.attr,
	&averted_attribute.attr,
	&longest_step_attribute.attr,
	NULL,
};

static const struct attribute_group statistics_group = { .name = "statistics",
							 .attrs = statistics_attributes };
static const struct attribute_group *statistics_groups[] = { &statistics_group, NULL };

/* ------------------------------------------------------------------------------------------------
 * Module. Anyone may listen, and GLib's clients open for writing. Who has the critical device open
 * makes the OOM killer wait, with all who cannot allocate: that is for root to give away.
 */
static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "oom_notify",
	.fops = &client_fops,
	.mode = 0666,
	.groups = statistics_groups,
};

static struct miscdevice critical_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "oom_notify_critical",
	.fops = &client_fops,
	.mode = 0600,
};

static int __init oom_notify_init(void)
{
	int err;

	BUILD_BUG_ON(sizeof(struct oom_notify_record) != 64);
	next_grace = jiffies;
	next_oom_record = jiffies;
	critical_read_jiffies = jiffies;
	/* Unbound: a processor that is busy reclaiming is not waited for. */
	workqueue = alloc_workqueue(KBUILD_MODNAME, WQ_UNBOUND | WQ_HIGHPRI | WQ_MEM_RECLAIM, 0);
	if (!workqueue)
		return -ENOMEM;
	err = register_oom_notifier(&oom_block);
	if (err)
		goto undo_workqueue;
	err = misc_register(&critical_device);
	if (err)
		goto undo_notifier;
	err = misc_register(&device);
	if (err)
		goto undo_critical;
	return 0;

undo_critical:
	misc_deregister(&critical_device);
undo_notifier:
	unregister_oom_notifier(&oom_block);
undo_workqueue:
	destroy_workqueue(workqueue);
	return err;
}

static void __exit oom_notify_exit(void)
{
	unregister_oom_notifier(&oom_block);
	misc_deregister(&critical_device);
	misc_deregister(&device);
	cancel_delayed_work_sync(&tick_work);
	cancel_delayed_work_sync(&sample_work);
	cancel_delayed_work_sync(&round_work);
	cancel_delayed_work_sync(&window_work);
	destroy_workqueue(workqueue);
}

module_init(oom_notify_init);
module_exit(oom_notify_exit);

MODULE_DESCRIPTION("Tells programs that memory runs short: /dev/oom_notify");
MODULE_VERSION("0.1.0");
MODULE_LICENSE("GPL");
