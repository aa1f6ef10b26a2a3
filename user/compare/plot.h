/* SPDX-License-Identifier: GPL-2.0-only */
/* The latencies of all sources on a logarithmic time axis, drawn by gnuplot. */
#ifndef OOMN_COMPARE_PLOT_H
#define OOMN_COMPARE_PLOT_H

#include <stdio.h>

#include "out.h"
#include "result.h"

enum plot_format { PLOT_SVG, PLOT_PNG };

/* By the ending of @path: .svg or .png; else -EINVAL. */
int plot_format_of(const char *path);

/* Whether there is a gnuplot to be run. */
bool plot_possible(void);

/* The package that has it, for messages. */
#define PLOT_PACKAGE "gnuplot-nox"

/* What gnuplot is told to do; it draws to its standard output. */
void plot_script(const struct result *r, enum plot_format format, FILE *f);

/* 0 or negative errno: -ENOENT without gnuplot, -EIO when it failed. */
int plot_write(const struct result *r, enum plot_format format, struct result_out *out);

#endif
