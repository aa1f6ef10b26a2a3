/* SPDX-License-Identifier: GPL-2.0-only */
/* Characters that a terminal takes as an order: no text of somebody else's may hold them. */
#ifndef OOMN_CONTROL_CHARS_H
#define OOMN_CONTROL_CHARS_H

#include <stdbool.h>

/* Is the first character of @s one of C0, DEL, or of C1 in UTF-8? */
bool is_control(const char *s);

/* Puts '?' for each byte of such characters. */
void blank_controls(char *s);

#endif
