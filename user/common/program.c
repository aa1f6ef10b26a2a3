// SPDX-License-Identifier: GPL-2.0-only
/* Programs of others that may or may not be here. */
#include "program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool program_installed(const char *name)
{
	const char *path = getenv("PATH");
	char file[4096];

	while (path && *path) {
		const size_t len = strcspn(path, ":");

		snprintf(file, sizeof(file), "%.*s/%s", (int)len, path, name);
		if (!access(file, X_OK))
			return true;
		path += len + (path[len] == ':');
	}
	return false;
}
