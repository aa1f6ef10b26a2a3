// SPDX-License-Identifier: GPL-2.0-only
#include "process.h"

#include <sys/prctl.h>
#include <unistd.h>

void process_die_with(pid_t parent, int signal)
{
	if (prctl(PR_SET_PDEATHSIG, signal) || getppid() != parent)
		_exit(1);
}
