// SPDX-License-Identifier: GPL-2.0-only
/* The scripts as they are in the source tree, so that no program has to look for them. */
#include "gnuplot.h"

#define EMBED(symbol, path)                           \
	__asm__(".pushsection .rodata\n"              \
		".global " #symbol "\n" #symbol ":\n" \
		".incbin \"" path "\"\n"              \
		".byte 0\n"                           \
		".popsection\n")

EMBED(gnuplot_latency_script, "user/compare/latency/plot.gnuplot");
EMBED(gnuplot_survive_script, "user/compare/survive/plot.gnuplot");
