// SPDX-License-Identifier: GPL-2.0-only
#include "human.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

#include "clock.h"

#define NS_PER_MIN  (60 * NS_PER_S)
#define NS_PER_HOUR (60 * NS_PER_MIN)
#define NS_PER_DAY  (24 * NS_PER_HOUR)

const char *human_time(uint64_t ns, char buf[HUMAN_LEN])
{
	static const struct {
		uint64_t from;
		uint64_t unit;
		const char *name;
	} units[] = {
		{ 1000 * NS_PER_HOUR, NS_PER_DAY, "d" },
		{ 1000 * NS_PER_MIN, NS_PER_HOUR, "h" },
		{ 1000 * NS_PER_S, NS_PER_MIN, "m" },
		{ NS_PER_S, NS_PER_S, "s" },
		{ NS_PER_MS, NS_PER_MS, "ms" },
		{ NS_PER_US, NS_PER_US, "us" },
		{ 0, 1, "ns" },
	};
	uint64_t tenths;
	size_t i = 0;

	while (ns < units[i].from)
		i++;
	tenths = ns / (units[i].unit / 10 ? units[i].unit / 10 : 1);
	if (units[i].unit >= NS_PER_MS && tenths < 100)
		snprintf(buf, HUMAN_LEN, "%" PRIu64 ".%" PRIu64 "%s", tenths / 10, tenths % 10,
			 units[i].name);
	else
		snprintf(buf, HUMAN_LEN, "%" PRIu64 "%s", ns / units[i].unit, units[i].name);
	return buf;
}

const char *human_count(uint64_t n, char buf[HUMAN_LEN])
{
	static const char unit[] = { '\0', 'k', 'M', 'G', 'T' };
	size_t i = 0;

	for (; n > (i ? 9999 : 99999) && i < sizeof(unit) - 1; i++)
		n /= 1000;
	snprintf(buf, HUMAN_LEN, "%" PRIu64 "%.1s", n, unit[i] ? &unit[i] : "");
	return buf;
}

const char *human_size(uint64_t bytes, char buf[HUMAN_LEN])
{
	static const char unit[] = { 'K', 'M', 'G', 'T', 'P' };
	uint64_t one = 1024, tenths;
	size_t i = 0;

	for (; bytes / one >= 1024 && i < sizeof(unit) - 1; i++)
		one <<= 10;
	tenths = bytes / one * 10 + bytes % one * 10 / one;
	if (!bytes)
		snprintf(buf, HUMAN_LEN, "0");
	else if (tenths < 100)
		snprintf(buf, HUMAN_LEN, "%" PRIu64 ".%" PRIu64 "%c", tenths / 10, tenths % 10,
			 unit[i]);
	else
		snprintf(buf, HUMAN_LEN, "%" PRIu64 "%c", tenths / 10, unit[i]);
	return buf;
}

const char *human_clock(uint64_t wall_ns, char buf[HUMAN_LEN])
{
	time_t s = (time_t)(wall_ns / NS_PER_S);
	struct tm tm;

	localtime_r(&s, &tm);
	snprintf(buf, HUMAN_LEN, "%02u:%02u:%02u.%03u", (unsigned int)tm.tm_hour % 100,
		 (unsigned int)tm.tm_min % 100, (unsigned int)tm.tm_sec % 100,
		 (unsigned int)(wall_ns % NS_PER_S / NS_PER_MS));
	return buf;
}
