// SPDX-License-Identifier: GPL-2.0-only
#include "figures.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/human.h"
#include "result.h"

const char *survive_rate(uint32_t rate_mb_s, char buf[SURVIVE_RATE_LEN])
{
	if (rate_mb_s == SURVIVE_UNTHROTTLED)
		snprintf(buf, SURVIVE_RATE_LEN, "max");
	else
		snprintf(buf, SURVIVE_RATE_LEN, "%u MB/s", rate_mb_s);
	return buf;
}

const char *survive_lead(double ns, char *buf)
{
	char text[HUMAN_LEN];

	if (isnan(ns))
		snprintf(buf, HUMAN_LEN, "-");
	else
		snprintf(buf, HUMAN_LEN, "%s%.20s", ns < 0 ? "-" : "",
			 human_time((uint64_t)fabs(ns), text));
	return buf;
}
