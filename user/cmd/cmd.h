/* SPDX-License-Identifier: GPL-2.0-only */
/* The verbs. Each gets argv from its own name on and returns an enum exit_code. */
#ifndef OOMN_CMD_H
#define OOMN_CMD_H

int cmd_watch(int argc, char **argv);
int cmd_listen(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_pressure(int argc, char **argv);
int cmd_compare(int argc, char **argv);

#endif
