/* SPDX-License-Identifier: GPL-2.0-only */
/* Draws runs, by gnuplot. */
#ifndef OOMN_COMPARE_GNUPLOT_H
#define OOMN_COMPARE_GNUPLOT_H

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

/* The checked-in scripts, which draw what is put in front of them. */
extern const char gnuplot_latency_script[], gnuplot_survive_script[];

/* @name = '@text', without what might steer gnuplot: names come from files that others sent. */
void plot_set(FILE *f, const char *name, const char *text);

/* @text in quotes, as a column of data, likewise. */
void plot_quote(FILE *f, const char *text);

/* A kind of run is drawn by its data and the script behind them. */
struct plot_kind {
	void (*data)(const void *run, FILE *f);
	const char *script;
};

/* Take a struct result, and a struct survive. */
extern const struct plot_kind plot_latency, plot_survive;

/* Data and script, as they are given to gnuplot, which draws to its standard output. */
void plot_write(const struct plot_kind *kind, const void *run, enum plot_format format, FILE *f);

/* Draws @run: 0 or negative errno: -ENOENT without gnuplot, -EIO when it failed. */
int plot_draw(const struct plot_kind *kind, const void *run, enum plot_format format,
	      struct output_file *out);

#endif
