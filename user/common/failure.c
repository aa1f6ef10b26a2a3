// SPDX-License-Identifier: GPL-2.0-only
/* Carries the reason of a failure up to whoever reports it. */
#include "failure.h"

#include <stdarg.h>
#include <stdio.h>

int failure_set(struct failure *why, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(why->text, sizeof(why->text), fmt, ap);
	va_end(ap);
	return -err;
}
