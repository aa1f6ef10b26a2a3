// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs a command on a terminal of a stated size, and writes what the terminal is sent to standard
 * output: pty COLUMNSxROWS COMMAND [ARGUMENT...]. Ends as the command does; SIGTERM is passed on to
 * it.
 */
#include <errno.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t child;

static void pass_on(int sig)
{
	kill(child, sig);
}

static void copy(int from)
{
	char buf[65536];
	ssize_t n, done, w;

	/* EIO: nobody has the other end any more. */
	while ((n = read(from, buf, sizeof(buf))) > 0 || (n < 0 && errno == EINTR)) {
		for (done = 0; done < n; done += w) {
			w = write(STDOUT_FILENO, buf + done, (size_t)(n - done));
			if (w < 0)
				return;
		}
	}
}

int main(int argc, char **argv)
{
	struct winsize ws = { 0 };
	int terminal, status = 0;

	if (argc < 3 || sscanf(argv[1], "%hux%hu", &ws.ws_col, &ws.ws_row) != 2) {
		fputs("usage: pty COLUMNSxROWS COMMAND [ARGUMENT...]\n", stderr);
		return 2;
	}
	child = forkpty(&terminal, NULL, NULL, &ws);
	if (child < 0) {
		perror("forkpty");
		return 2;
	}
	if (child == 0) {
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	signal(SIGTERM, pass_on);
	copy(terminal);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
