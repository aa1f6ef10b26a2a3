// SPDX-License-Identifier: GPL-2.0-only
/* How verbs that go on until they are told to stop are told to, and how they end. */
#include "ending.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>

#include "common/log.h"

int ending_signals(void)
{
	struct sigaction hup;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	if (!sigaction(SIGHUP, NULL, &hup) && hup.sa_handler != SIG_IGN)
		sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int ending_of_output(int err)
{
	if (err == -EPIPE)
		return EXIT_OK;
	if (err == -EAGAIN)
		log_err("the reader of the output stopped reading: the summary is incomplete");
	else if (err == -ECHILD)
		log_err("the process that writes standard output to its file was killed (by the OOM "
			"killer? the kernel's log tells): the end of the output is lost");
	else if (err)
		log_err("cannot write to standard output: %s", strerror(-err));
	return err ? EXIT_FAIL : EXIT_OK;
}
