// SPDX-License-Identifier: GPL-2.0-only
#include "figures.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include "common/clock.h"
#include "common/control_chars.h"
#include "common/layout.h"
#include "common/human.h"
#include "run_result.h"

const char *text_us(uint64_t ns, char buf[TEXT_LEN])
{
	const uint64_t us = ns / NS_PER_US + (ns % NS_PER_US >= NS_PER_US / 2);

	if (ns == RESULT_UNKNOWN)
		snprintf(buf, TEXT_LEN, "-");
	else if (ns == RESULT_NEVER)
		snprintf(buf, TEXT_LEN, "never");
	else
		snprintf(buf, TEXT_LEN, "%" PRIu64, us);
	return buf;
}

const char *text_ratio(double ratio, char buf[TEXT_LEN])
{
	if (isnan(ratio))
		snprintf(buf, TEXT_LEN, "-");
	else
		snprintf(buf, TEXT_LEN, "%.*f", ratio < 9.995 ? 2 : ratio < 99.95 ? 1 : 0, ratio);
	return buf;
}

const char *text_cpu(double share, char buf[TEXT_LEN])
{
	if (isnan(share))
		snprintf(buf, TEXT_LEN, "-");
	else
		(void)human_time((uint64_t)(share * (double)NS_PER_S), buf);
	return buf;
}

const char *text_date(uint64_t realtime_ns, char buf[TEXT_LEN])
{
	const time_t s = (time_t)(realtime_ns / NS_PER_S);
	struct tm tm = { 0 };

	localtime_r(&s, &tm);
	if (!strftime(buf, TEXT_LEN, "%Y-%m-%d %H:%M", &tm))
		buf[0] = '\0';
	return buf;
}

void text_wrap(FILE *f, const char *head, unsigned int indent, const char *fmt, ...)
{
	char text[1000], buf[2048] = "";
	struct layout l = { .buf = buf, .size = sizeof(buf) };
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	blank_controls(text); /* names of files are in some */
	layout_put(&l, "%s%s", head, *head ? " " : "");
	layout_wrap(&l, TEXT_COLUMNS, indent, "%s", text);
	(void)fputs(buf, f);
}
