/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef OOMN_UTF8_H
#define OOMN_UTF8_H

#include <stddef.h>

/*
 * Length of the well-formed UTF-8 character at @text, with @left bytes to go; 0 if there is none.
 */
size_t utf8_len(const char *text, size_t left);

#endif
