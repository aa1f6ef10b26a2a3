// SPDX-License-Identifier: GPL-2.0-only
#include "harden.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#include "common/cleanup.h"
#include "common/log.h"

/* Below udevd's and sshd's -1000, which must stay the last to go, and above nothing else. */
#define OOM_SCORE_ADJ "-999"

void harden_realtime(void)
{
	struct sched_param param = { .sched_priority = 1 };

	if (sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &param))
		log_warn("no real-time scheduling (%s): events may be told up to a millisecond "
			 "later; needs CAP_SYS_NICE, or --no-rt",
			 strerror(errno));
}

bool harden_memory(void)
{
	if (!mlockall(MCL_CURRENT))
		return true;
	log_warn("cannot lock memory (%s): under pressure events may be told late; needs "
		 "CAP_IPC_LOCK or a higher `ulimit -l`",
		 strerror(errno));
	return false;
}

void harden_new_memory(void)
{
	(void)mlockall(MCL_FUTURE);
}

/* Where the limit allows not all of it to be locked, what is there at once still may be. */
void *harden_on_demand(size_t bytes, size_t ready_bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	(void)madvise(p, bytes, MADV_NOHUGEPAGE); /* one touch would bring 2 MB */
	memset(p, 0, ready_bytes);
	(void)mlock(p, ready_bytes);
	(void)mlock2(p, bytes, MLOCK_ONFAULT);
	return p;
}

int harden_files(uint64_t least, uint64_t most)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= most)
		return 0;
	if (limit.rlim_max < least)
		return -EMFILE;
	limit.rlim_cur = limit.rlim_max < most ? limit.rlim_max : most;
	return setrlimit(RLIMIT_NOFILE, &limit) ? -errno : 0;
}

void harden_oom_score(void)
{
	_cleanup_close_ int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, OOM_SCORE_ADJ, strlen(OOM_SCORE_ADJ)) < 0)
		log_warn("cannot lower oom_score_adj (%s): the OOM killer may choose oom-notify; "
			 "needs CAP_SYS_RESOURCE",
			 strerror(errno));
}

void harden_capabilities(void)
{
	static const cap_value_t keep[] = { CAP_BPF };
	cap_t caps = cap_init();
	cap_t have = cap_get_proc();
	cap_flag_value_t allowed = CAP_CLEAR;
	int err = !caps || !have;

	if (!err)
		cap_get_flag(have, CAP_BPF, CAP_PERMITTED, &allowed);
	if (!err && allowed == CAP_SET)
		err = cap_set_flag(caps, CAP_PERMITTED, 1, keep, CAP_SET) ||
		      cap_set_flag(caps, CAP_EFFECTIVE, 1, keep, CAP_SET);
	if (!err)
		err = cap_set_proc(caps);
	if (err)
		log_warn("cannot drop capabilities: %s", strerror(errno));
	if (caps)
		cap_free(caps);
	if (have)
		cap_free(have);
}
