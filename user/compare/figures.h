/* SPDX-License-Identifier: GPL-2.0-only */
/* Figures in few columns and lines of 80: what the tables of a comparison share. */
#ifndef OOMN_COMPARE_FIGURES_H
#define OOMN_COMPARE_FIGURES_H

#include <stdint.h>
#include <stdio.h>

#define TEXT_COLUMNS 80
#define TEXT_LEN     24

/* All return @buf. */

/* Whole microseconds, the nearest; "never", and "-" for what is unknown. */
const char *text_us(uint64_t ns, char buf[TEXT_LEN]);

/* Three digits that count, and no more decimals than two; "-" for NaN. */
const char *text_ratio(double ratio, char buf[TEXT_LEN]);

/* Processor time in a second, of a share of a core; "-" for NaN. */
const char *text_cpu(double share, char buf[TEXT_LEN]);

/* "2026-03-01 14:05", local time. */
const char *text_date(uint64_t realtime_ns, char buf[TEXT_LEN]);

/*
 * @head and the text, broken at blanks; lines after the first begin with @indent columns. What has
 * no blank may be longer.
 */
__attribute__((format(printf, 4, 5))) void text_wrap(FILE *f, const char *head, unsigned int indent,
						     const char *fmt, ...);

#endif
