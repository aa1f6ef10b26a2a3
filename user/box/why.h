/* SPDX-License-Identifier: GPL-2.0-only */
/* Why something failed and what to do about it, for the one place that prints it. */
#ifndef OOMN_WHY_H
#define OOMN_WHY_H

struct box_why {
	char text[512];
};

/* Always -@err, so that the failing call and its reason stand in one statement. */
__attribute__((format(printf, 3, 4))) int why_set(struct box_why *why, int err, const char *fmt,
						  ...);

#endif
