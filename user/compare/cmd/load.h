/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef OOMN_COMPARE_LOAD_H
#define OOMN_COMPARE_LOAD_H

/*
 * The program that the bench puts into a box. "load LIMIT USE" (bytes) fills so much
 * memory and times what is beyond the limit; "load COMMAND..." runs and times that. Writes one
 * line: {"event": "load", "ns": how long, "pages": swapped out meanwhile, by the whole machine}.
 * Returns an exit code.
 */
int cmd_load(int argc, char **argv);

#endif
