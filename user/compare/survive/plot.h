/* SPDX-License-Identifier: GPL-2.0-only */
/* Survivors against the rate of growth, a line a source. */
#ifndef OOMN_SURVIVE_PLOT_H
#define OOMN_SURVIVE_PLOT_H

#include "compare/gnuplot.h"

/* As gnuplot is told to draw it, to its standard output. @run: a struct survive. */
void survive_plot(const void *run, enum plot_format format, FILE *f);

#endif
