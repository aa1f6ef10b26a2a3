// SPDX-License-Identifier: GPL-2.0-only
/*
 * The RFC's timer: once an interval, were pages swapped out since the last time, or is a zone below
 * its low watermark? The module's own where it is loaded and nobody feeds it; else the same in user
 * space.
 */
#include <errno.h>
#include <stdio.h>

#include "common/clock.h"
#include "core/device.h"
#include "core/system.h"
#include "sampling.h"
#include "device_records.h"
#include "sources.h"

static bool by_device;

/* 0 when it cannot be read. */
static uint64_t device_interval_ns(void)
{
	char text[32];
	unsigned long long ms;

	if (read_text("", "/sys/module/oom_notify/parameters/interval_ms", text, sizeof(text)) ||
	    sscanf(text, "%llu", &ms) != 1)
		return 0;
	return ms * NS_PER_MS;
}

/* NULL: the device will do, and is open. */
static const char *why_not_device(struct source_env *env)
{
	static struct failure why;
	const uint64_t interval_ns = device_interval_ns();

	if (env->device_is_fed)
		return "device-fed feeds the device in this run, --one-at-a-time does not";
	if (!interval_ns)
		return "the module is not loaded";
	if (interval_ns != env->interval_ns)
		return "the device has another interval";
	return device_records_open(env, &why) ? why.text : NULL;
}

static int setup(struct source_env *env, struct failure *why)
{
	const char *why_not = why_not_device(env);

	if (!why_not) {
		by_device = true;
		env->looks_ns = env->interval_ns;
		snprintf(env->what, SOURCE_TEXT_LEN, DEVICE_PATH ", its timer alone");
		return 0;
	}
	snprintf(env->what, SOURCE_TEXT_LEN,
		 "the device's algorithm, but in user space, every %llu ms: %.150s",
		 (unsigned long long)(env->interval_ns / NS_PER_MS), why_not);
	(void)sampling_swapped_out();
	(void)sampling_fell_low();
	return sampling_start(env, env->interval_ns, why);
}

static uint64_t device_told(struct source_env *env)
{
	uint64_t notified_ns, fed_ns;

	device_records_read(env, &notified_ns, &fed_ns);
	if (fed_ns)
		(void)failure_set(&env->broken, EBUSY,
				  "somebody feeds " DEVICE_PATH ": it is no timer then");
	return fed_ns ? 0 : notified_ns;
}

static uint64_t on_wake(struct source_env *env, uint64_t woken_ns)
{
	bool swapped, low;

	(void)woken_ns;
	if (by_device)
		return device_told(env);
	if (!sampling_due(env))
		return 0;
	swapped = sampling_swapped_out();
	low = sampling_fell_low();
	return swapped || low ? now_ns() : 0;
}

const struct source source_timer = { .name = SOURCE_TIMER, .setup = setup, .on_wake = on_wake };
