/* SPDX-License-Identifier: GPL-2.0-only */
/* Draws runs, by gnuplot. */
#ifndef OOMN_COMPARE_PLOT_H
#define OOMN_COMPARE_PLOT_H

#include <stdio.h>

#include "output_file.h"
#include "compare/run_result.h"

enum plot_format { PLOT_SVG, PLOT_PNG };

/* By the ending of @path: .svg or .png; else -EINVAL. */
int plot_format_of(const char *path);

/* Whether there is a gnuplot to be run. */
bool plot_possible(void);

/* The package that has it, for messages. */
#define PLOT_PACKAGE "gnuplot-nox"

/*
 * The latencies of a run as gnuplot is told to draw them, to its standard output. @run: a struct
 * result.
 */
void plot_latencies(const void *run, enum plot_format format, FILE *f);

/*
 * A text in single quotes, where only these themselves end it; what else might steer gnuplot goes
 * too.
 */
void plot_text(FILE *f, const char *s);

/* Draws @run by @script: 0 or negative errno: -ENOENT without gnuplot, -EIO when it failed. */
int plot_draw(void (*script)(const void *run, enum plot_format format, FILE *f), const void *run,
	      enum plot_format format, struct output_file *out);

#endif
