/* SPDX-License-Identifier: GPL-2.0-only */
/* `make bench`: measures what is named, or all. */
#ifndef OOMN_CMD_BENCH_H
#define OOMN_CMD_BENCH_H

/* An enum exit_code, or 128 and a signal's number. */
int cmd_bench(int argc, char **argv);

#endif
