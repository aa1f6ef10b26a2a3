/* SPDX-License-Identifier: GPL-2.0-only */
/* Words and escapes in what the kernel writes. */
#ifndef OOMN_KERNEL_TEXT_H
#define OOMN_KERNEL_TEXT_H

#include <stdbool.h>

/* Is @word in the list @text, whose members @separators part? */
bool text_has_word(const char *text, const char *word, const char *separators);

/* Undoes the kernel's \ooo in paths, in place. */
void text_unescape(char *s);

#endif
