// SPDX-License-Identifier: GPL-2.0-only
#include "control_chars.h"

/* U+0080 to U+009f, two bytes each. */
static bool is_c1(const unsigned char *s)
{
	return s[0] == 0xc2 && s[1] >= 0x80 && s[1] <= 0x9f;
}

bool is_control(const char *s)
{
	const unsigned char *u = (const unsigned char *)s;

	return (*u && *u < ' ') || *u == 0x7f || is_c1(u);
}

void blank_controls(char *s)
{
	for (; *s; s++) {
		if (!is_control(s))
			continue;
		if (is_c1((const unsigned char *)s))
			*s++ = '?';
		*s = '?';
	}
}
