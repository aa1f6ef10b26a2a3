// SPDX-License-Identifier: GPL-2.0-only
/* Runs gnuplot on a script of ours, and has its output only when it is whole. */
#include "gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/parse.h"

extern char **environ;

int plot_format_of(const char *path)
{
	static const char *const endings[] = { ".svg", ".png" };
	const char *dot = strrchr(path, '.');

	return dot ? parse_name(dot, endings, 2) : -EINVAL;
}

/* It is to end at ^C, though we may have blocked that. Positive errno. */
static int open_to_signals(posix_spawnattr_t *attr)
{
	int err = posix_spawnattr_init(attr);
	sigset_t none, pipe;

	if (err)
		return err;
	sigemptyset(&none);
	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	(void)posix_spawnattr_setsigmask(attr, &none);
	(void)posix_spawnattr_setsigdefault(attr, &pipe);
	(void)posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	return 0;
}

/*
 * Our environment, but with a locale that knows the micro sign: gnuplot warns of every encoding
 * that the user's has no characters for, and containers have none but C.
 */
static char **in_utf8(void)
{
	static char locale[] = "LC_ALL=C.UTF-8";
	char **env;
	size_t n = 0;

	while (environ[n])
		n++;
	env = calloc(n + 2, sizeof(*env));
	if (!env)
		return NULL;
	env[0] = locale;
	n = 1;
	for (char **old = environ; *old; old++)
		if (strncmp(*old, "LC_ALL=", strlen("LC_ALL=")))
			env[n++] = *old;
	return env;
}

/* @in and @out become its standard input and output. Its exit code, or negative errno. */
static int run_gnuplot(char *const argv[], int in, int out)
{
	_cleanup_free_ char **env = in_utf8();
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	int err, status;
	pid_t pid;

	if (!env)
		return -ENOMEM;
	err = posix_spawn_file_actions_init(&actions);
	if (err)
		return -err;
	err = posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
	if (!err)
		err = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	if (!err)
		err = open_to_signals(&attr);
	if (!err) {
		err = posix_spawnp(&pid, argv[0], &actions, &attr, argv, env);
		posix_spawnattr_destroy(&attr);
	}
	posix_spawn_file_actions_destroy(&actions);
	if (err)
		return -err;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -EIO;
}

bool plot_possible(void)
{
	char *const argv[] = { "gnuplot", "--version", NULL };
	_cleanup_close_ int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	return null >= 0 && run_gnuplot(argv, null, null) == 0;
}

void plot_write(const struct plot_kind *kind, const void *run, enum plot_format format, FILE *f)
{
	plot_set(f, "format", format == PLOT_SVG ? "svg" : "png");
	kind->data(run, f);
	(void)fputs(kind->script, f);
}

int plot_draw(const struct plot_kind *kind, const void *run, enum plot_format format,
	      struct output_file *out)
{
	/* -d: nobody's own settings. */
	char *const argv[] = { "gnuplot", "-d", "-", NULL };
	_cleanup_close_ int drawn = memfd_create("plot", MFD_CLOEXEC);
	_cleanup_fclose_ FILE *f = drawn < 0 ? NULL : output_file_scratch();
	int ret;

	if (!f)
		return -errno;
	plot_write(kind, run, format, f);
	if (fflush(f) || ferror(f) || lseek(fileno(f), 0, SEEK_SET))
		return -EIO;
	ret = run_gnuplot(argv, fileno(f), drawn);
	if (!ret)
		ret = output_file_write(out, drawn);
	return ret > 0 ? -EIO : ret;
}

static void put_plain(FILE *f, const char *s)
{
	for (; *s; s++) {
		const bool plain = (unsigned char)*s >= ' ' && *s != 0x7f &&
				   !strchr("'\"`\\@${}^", *s);

		(void)fputc(plain ? *s : ' ', f);
	}
}

void plot_set(FILE *f, const char *name, const char *text)
{
	fprintf(f, "%s = '", name);
	put_plain(f, text);
	(void)fputs("'\n", f);
}

void plot_quote(FILE *f, const char *text)
{
	(void)fputc('"', f);
	put_plain(f, text);
	(void)fputc('"', f);
}
