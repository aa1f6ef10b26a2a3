// SPDX-License-Identifier: GPL-2.0-only
/* The table for people, and the same for programs. */
#include "report.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define COLUMNS 80

static const char *const unit_names[] = { "ns", "kB", "", "%" };
static const char *const direction_signs[] = { "", "<=", "<", ">=" };

void report_heading(struct report *r, const char *fmt, ...)
{
	va_list args;

	if (r->nr_rows == MAX_ROWS)
		return;
	va_start(args, fmt);
	vsnprintf(r->heading[r->nr_rows], sizeof(r->heading[0]), fmt, args);
	va_end(args);
}

void report_row(struct report *r, const struct row *row)
{
	if (r->nr_rows < MAX_ROWS)
		r->row[r->nr_rows++] = *row;
}

void report_ratios(struct report *r, const struct row *row, const struct samples *ratios)
{
	const unsigned int i = r->nr_rows;

	report_row(r, row);
	if (i == r->nr_rows)
		return;
	r->row[i].ratio = samples_median(ratios);
	r->low[i] = samples_quantile(ratios, 250);
	r->high[i] = samples_quantile(ratios, 750);
}

void report_note(struct report *r, const char *fmt, ...)
{
	va_list args;

	if (r->nr_notes == MAX_NOTES)
		return;
	va_start(args, fmt);
	vsnprintf(r->note[r->nr_notes++], NOTE_SIZE, fmt, args);
	va_end(args);
}

void report_failure(struct report *r, const char *fmt, ...)
{
	va_list args;

	if (r->nr_failures == MAX_NOTES)
		return;
	va_start(args, fmt);
	vsnprintf(r->failure[r->nr_failures++], NOTE_SIZE, fmt, args);
	va_end(args);
}

/* Three digits that count. */
static void format_ns(char *to, size_t size, double ns)
{
	static const char *const names[] = { "ns", "us", "ms", "s" };
	int i = 0;

	for (; i < 3 && ns >= 999.5; i++)
		ns /= 1000;
	snprintf(to, size, "%.*f %s", ns >= 99.95 ? 0 : ns >= 9.995 ? 1 : 2, ns, names[i]);
}

static void format_value(char *to, size_t size, double v, enum unit unit)
{
	if (isnan(v))
		snprintf(to, size, "-");
	else if (unit == UNIT_NS)
		format_ns(to, size, v);
	else if (unit == UNIT_KB)
		snprintf(to, size, "%.1f MB", v / 1024);
	else if (unit == UNIT_COUNT)
		snprintf(to, size, "%.0f", v);
	else
		snprintf(to, size, "%.*f %%", v < 0.1 ? 3 : 2, v);
}

/* The value that is held against the target. */
static double judged(const struct row *row)
{
	return isnan(row->ratio) ? row->value : row->ratio;
}

static bool reached(const struct row *row)
{
	const double v = judged(row);

	switch (row->direction) {
	case AT_MOST:
		return v <= row->target;
	case BELOW:
		return v < row->target;
	case AT_LEAST:
		return v >= row->target;
	default:
		return true;
	}
}

/* The shortfall in percent of the target; where that is 0, as it is. */
static void format_verdict(char *to, size_t size, const struct row *row)
{
	double missing = fabs(judged(row) - row->target);

	if (row->direction == NO_TARGET || isnan(judged(row)))
		to[0] = '\0';
	else if (reached(row))
		snprintf(to, size, "ok");
	else if (row->target == 0)
		snprintf(to, size, "short %.0f", missing);
	else
		snprintf(to, size, "short %.*f%%", missing / row->target < 0.095 ? 1 : 0,
			 missing / row->target * 100);
}

/* Without its name where the one above has the same. */
static void print_row(const struct report *r, unsigned int i)
{
	const struct row *row = &r->row[i];
	const bool again = i && !r->heading[i][0] && !strcmp(row->name, r->row[i - 1].name);
	size_t end;
	char line[160], value[24], beside[48] = "", ratio[16] = "", target[32] = "", verdict[24],
				   number[24], spread[32] = "";

	format_value(value, sizeof(value), row->value, row->unit);
	if (row->beside) {
		format_value(number, sizeof(number), row->beside_value, row->unit);
		snprintf(beside, sizeof(beside), "%s %s", row->beside, number);
	}
	if (!isnan(row->ratio))
		snprintf(ratio, sizeof(ratio), "%.*f", row->ratio < 99.5 ? 2 : 0, row->ratio);
	if (r->high[i] > 0)
		snprintf(spread, sizeof(spread), "%.2f-%.2f", r->low[i], r->high[i]);
	if (row->direction != NO_TARGET) {
		if (isnan(row->ratio))
			format_value(number, sizeof(number), row->target, row->unit);
		else
			snprintf(number, sizeof(number), "%g", row->target);
		snprintf(target, sizeof(target), "%s %s", direction_signs[row->direction], number);
	}
	format_verdict(verdict, sizeof(verdict), row);
	snprintf(line, sizeof(line), "  %-18s %7s  %-17s %5s %9s %7s %s", again ? "" : row->name,
		 value, beside, ratio, spread, target, verdict);
	end = strlen(line);
	while (end && line[end - 1] == ' ')
		line[--end] = '\0';
	puts(line);
}

/* Breaks at blanks, with two columns in front. */
static void print_wrapped(const char *prefix, const char *text)
{
	size_t column = (size_t)printf("%s", prefix);

	while (*text) {
		size_t len = strcspn(text, " ");

		if (column + 1 + len > COLUMNS)
			column = (size_t)printf("\n  ") - 1;
		column += (size_t)printf("%s%.*s", column > 1 ? " " : "", (int)len, text);
		text += len + (text[len] == ' ');
	}
	putchar('\n');
}

void report_print(const struct report *r)
{
	unsigned int targets = 0, met = 0;

	printf("\n  %-17s %8s  %-17s %5s %9s %7s\n", "", "measured", "beside", "ratio", "quartiles",
	       "target");
	for (unsigned int i = 0; i < r->nr_rows; i++) {
		if (r->heading[i][0])
			printf("%s\n", r->heading[i]);
		print_row(r, i);
		targets += r->row[i].direction != NO_TARGET;
		met += r->row[i].direction != NO_TARGET && reached(&r->row[i]);
	}
	printf("%u of %u targets reached\n", met, targets);
	if (r->nr_notes)
		putchar('\n');
	for (unsigned int i = 0; i < r->nr_notes; i++)
		print_wrapped("note:", r->note[i]);
	for (unsigned int i = 0; i < r->nr_failures; i++)
		print_wrapped("not measured:", r->failure[i]);
}

static void row_json(struct report *r, unsigned int i, const char *heading)
{
	const struct row *row = &r->row[i];
	struct json *j = &r->json;

	json_open(j, NULL, '{');
	json_str(j, "about", heading);
	json_str(j, "name", row->name);
	json_fixed(j, "value", row->value);
	json_str(j, "unit", unit_names[row->unit]);
	if (row->beside) {
		json_str(j, "beside", row->beside);
		json_fixed(j, "beside_value", row->beside_value);
		json_fixed(j, "ratio", row->ratio);
		if (r->high[i] > 0) {
			json_fixed(j, "ratio_low", r->low[i]);
			json_fixed(j, "ratio_high", r->high[i]);
		}
	}
	if (row->direction != NO_TARGET) {
		json_str(j, "target_is", direction_signs[row->direction]);
		json_fixed(j, "target", row->target);
		json_bool(j, "reached", reached(row));
	}
	json_close(j, '}');
}

static void texts_json(struct json *j, const char *key, const char (*text)[NOTE_SIZE],
		       unsigned int n)
{
	json_open(j, key, '[');
	for (unsigned int i = 0; i < n; i++)
		json_str(j, NULL, text[i]);
	json_close(j, ']');
}

void report_json(struct report *r)
{
	const char *heading = "";

	json_open(&r->json, "rows", '[');
	for (unsigned int i = 0; i < r->nr_rows; i++) {
		if (r->heading[i][0])
			heading = r->heading[i];
		row_json(r, i, heading);
	}
	json_close(&r->json, ']');
	texts_json(&r->json, "notes", r->note, r->nr_notes);
	texts_json(&r->json, "not_measured", r->failure, r->nr_failures);
}
