// SPDX-License-Identifier: GPL-2.0-only
#include "load_error.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks.h"
#include "common/log.h"

/* "CAP_BPF: not held; CAP_PERFMON: not held. Run it as ..."; false when nothing is lacking. */
static bool find_lack(char *buf, size_t size)
{
	static struct check checks[CHECKS_MAX];
	static struct check_env env;
	const char *remedy = NULL;
	size_t n, len = 0;

	check_env_fill(&env);
	n = checks_run(&env, checks);
	for (size_t i = 0; i < n && len < size; i++) {
		if (!checks[i].required || checks[i].state != CHECK_MISSING)
			continue;
		len += (size_t)snprintf(buf + len, size - len, "%s%s: %s", len ? "; " : "",
					checks[i].name, checks[i].detail);
		remedy = remedy ? remedy : checks[i].remedy;
	}
	if (len && len < size && remedy)
		(void)snprintf(buf + len, size - len, ". %s", remedy);
	return len > 0;
}

static int print_debug(enum libbpf_print_level level, const char *fmt, va_list args)
{
	(void)level;
	return vfprintf(stderr, fmt, args);
}

void load_error_hush(void)
{
	libbpf_set_print(getenv("OOM_NOTIFY_DEBUG") ? print_debug : NULL);
}

const char *load_error_text(int err)
{
	switch (-err) {
	case ECHILD:
		return "the process that does so was killed (by the OOM killer? the kernel's log "
		       "tells): try again";
	case EAGAIN:
		return "no further process may be started: see ulimit -u, or pids.max of the "
		       "cgroup";
	case EMFILE:
		return "too many open files: raise the limit (ulimit -n)";
	case ENFILE:
		return "the whole machine has too many files open: see fs.file-max";
	case ENOMEM:
		return "not enough memory: see ulimit -v and ulimit -l, and the limit of the "
		       "cgroup";
	case ESRCH:
		return "the kernel has no type information (BTF)";
	case ENOSYS:
		return "the kernel has no such call, or a seccomp filter hides it";
	default:
		return strerror(-err);
	}
}

void load_error_explain(int err, const char *doing)
{
	char lack[640];

	if (find_lack(lack, sizeof(lack)))
		log_err("cannot load the BPF programs: %s", lack);
	else if (err == -EACCES || err == -EINVAL)
		log_err("this kernel's verifier refused a BPF program: please report it with the "
			"output of OOM_NOTIFY_DEBUG=1");
	else if (err == -ENOTSUP)
		log_err("this kernel has none of the tracepoints; see `oom-notify check`");
	else
		log_err("cannot load the BPF programs: %s: %s (OOM_NOTIFY_DEBUG=1 shows the log of "
			"libbpf and the verifier)",
			doing, load_error_text(err));
}
