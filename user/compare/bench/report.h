/* SPDX-License-Identifier: GPL-2.0-only */
/* Results: rows of the table, each perhaps with a target, and bench.json. */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include <stdbool.h>

#include "common/json.h"
#include "compare/statistics.h"

enum unit { UNIT_NS, UNIT_KB, UNIT_COUNT, UNIT_PERCENT };

enum direction { NO_TARGET, AT_MOST, BELOW, AT_LEAST };

struct row {
	const char *name;
	double value;
	const char *beside; /* what it is held against; NULL: nothing */
	double beside_value;
	double ratio;  /* to that; a NaN is left out */
	double target; /* of the ratio, or of the value where there is no ratio */
	enum direction direction;
	enum unit unit;
};

#define MAX_ROWS  80
#define MAX_NOTES 16
#define NOTE_SIZE 320

struct report {
	unsigned int rounds; /* that the bench had which reports now */
	struct json json;
	struct row row[MAX_ROWS];
	unsigned int nr_rows;
	double low[MAX_ROWS], high[MAX_ROWS]; /* quartiles of the ratio; 0: of one value */
	char heading[MAX_ROWS][80];	      /* above the row of this number */
	char note[MAX_NOTES][NOTE_SIZE];
	unsigned int nr_notes;
	char failure[MAX_NOTES][NOTE_SIZE];
	unsigned int nr_failures;
};

/* A heading for the rows from here on. */
__attribute__((format(printf, 2, 3))) void report_heading(struct report *r, const char *fmt, ...);

void report_row(struct report *r, const struct row *row);

/* With the median of @ratios for its ratio, and their quartiles. */
void report_ratios(struct report *r, const struct row *row, const struct samples *ratios);

/* A note on how something was made, or why it is not there though nothing went wrong. */
__attribute__((format(printf, 2, 3))) void report_note(struct report *r, const char *fmt, ...);

/* A measurement that could not be made, and why: the exit code is not 0 then. */
__attribute__((format(printf, 2, 3))) void report_failure(struct report *r, const char *fmt, ...);

/* To stdout, at most 80 columns. */
void report_print(const struct report *r);

/* Members "rows", "notes" and "not_measured". */
void report_json(struct report *r);

#endif
