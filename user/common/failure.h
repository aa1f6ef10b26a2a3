/* SPDX-License-Identifier: GPL-2.0-only */
/* Why something failed and what to do about it, for the one place that prints it. */
#ifndef OOMN_FAILURE_H
#define OOMN_FAILURE_H

struct failure {
	char text[512];
};

/* Always -@err, so that the failing call and its reason stand in one statement. */
__attribute__((format(printf, 3, 4))) int failure_set(struct failure *why, int err, const char *fmt,
						      ...);

#endif
