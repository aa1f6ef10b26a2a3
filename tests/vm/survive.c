// SPDX-License-Identifier: GPL-2.0-only
/*
 * The whole machine runs out of memory, without swap, and a program with a cache may survive: told
 * by SOURCE, and a load that grows until a quarter of the cache must have gone. With a KILLER
 * beside them that polls, as earlyoom does: below a tenth of memory available it ends the larger of
 * the two.
 *
 *
 *
 * Prints one JSON object. Who is dead the kernel or the killer says.
 */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"
#include "oom_notify.h"

#define MB	    (1ULL << 20)
#define PAGE	    4096ULL
#define BATCH_PAGES 16
#define STEPS	    4
/* The cache is a part of what is available as it begins; a part of the cache must go. */
#define CACHE_PARTS  2
#define NEEDED_PARTS 4
/*
 * earlyoom: memory cannot be filled faster than 6000 KiB a ms, so it sleeps for so long, from 100
 * ms to a second, and acts when a tenth is left (its default).
 */
#define KILL_PERCENT	10
#define FILL_KB_MS	6000
#define KILLER_MIN_MS	100
#define KILLER_MAX_MS	1000
#define LOAD_PATIENCE_S 60

struct shared {
	_Atomic uint64_t kept_bytes, told_ns, tells, met_ns, done_ns;
	_Atomic int killed; /* by the killer */
};

static struct shared *shared;

static char *cache;
static uint64_t cache_bytes;

static uint64_t meminfo_kb(const char *key)
{
	char line[128];
	unsigned long long kb = 0;
	FILE *f = fopen("/proc/meminfo", "re");

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, key, strlen(key)) && line[strlen(key)] == ':')
			sscanf(line + strlen(key) + 1, "%llu", &kb);
	if (f)
		fclose(f);
	return kb;
}

static uint64_t oom_kills(void)
{
	char line[128];
	unsigned long long n = 0;
	FILE *f = fopen("/proc/vmstat", "re");

	while (f && fgets(line, sizeof(line), f))
		sscanf(line, "oom_kill %llu", &n);
	if (f)
		fclose(f);
	return n;
}

static void score(const char *adj)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, adj, strlen(adj)) < 0)
		err(1, "oom_score_adj");
	close(fd);
}

static char *map(uint64_t bytes)
{
	char *mem = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (mem == MAP_FAILED)
		err(1, "mmap");
	madvise(mem, bytes, MADV_NOHUGEPAGE);
	return mem;
}

static void touch(char *mem, uint64_t page)
{
	memset(mem + page * PAGE, 0x5a, PAGE);
	memcpy(mem + page * PAGE, &page, sizeof(page));
}

/* A cache is used: of what is freed nothing is touched again. */
static void *use(void *arg)
{
	volatile char sum = 0;
	uint64_t i = 0;

	for (;; i += 7919) {
		const uint64_t pages = shared->kept_bytes / PAGE;

		if (pages)
			sum = (char)(sum + cache[i % pages * PAGE]);
		usleep(1000);
	}
	return arg;
}

static void give_up(uint64_t bytes)
{
	const uint64_t kept_bytes = shared->kept_bytes;

	bytes = (bytes + PAGE - 1) / PAGE * PAGE;
	if (bytes > kept_bytes)
		bytes = kept_bytes;
	shared->kept_bytes = kept_bytes - bytes;
	if (madvise(cache + kept_bytes - bytes, bytes, MADV_DONTNEED))
		err(1, "madvise");
}

static int listen_to(const char *source)
{
	const bool critical = !strcmp(source, "critical");
	int fd = open(critical ? "/dev/oom_notify_critical" : "/dev/oom_notify",
		      (critical ? O_RDONLY : O_RDWR) | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		err(1, "the device");
	/* As it comes, and not once in an interval only. */
	if (!strcmp(source, "device") && write(fd, "low", 3) != 3)
		err(1, "low");
	return fd;
}

/*
 * At the last moment what is missing up to a watermark is little, and nobody will ask again: then
 * it is half.
 */
static uint64_t to_free(const char *source, const struct oom_notify_record *r)
{
	if (!strcmp(source, "critical"))
		return cache_bytes / 2;
	return r->pages_to_free ? r->pages_to_free * PAGE : cache_bytes / STEPS;
}

static void victim(const char *source, int ready_fd)
{
	struct pollfd p = { .fd = strcmp(source, "deaf") ? listen_to(source) : -1,
			    .events = POLLIN };
	struct oom_notify_record r;
	pthread_t user;

	cache = map(cache_bytes);
	for (uint64_t i = 0; i < cache_bytes / PAGE; i++)
		touch(cache, i);
	shared->kept_bytes = cache_bytes;
	if (pthread_create(&user, NULL, use, NULL))
		errx(1, "no thread");
	if (write(ready_fd, "r", 1) != 1)
		err(1, "ready");
	for (;;) {
		if (poll(&p, 1, -1) < 0)
			continue;
		while (read(p.fd, &r, sizeof(r)) == sizeof(r)) {
			if (!shared->told_ns)
				shared->told_ns = now_ns();
			shared->tells++;
			give_up(to_free(source, &r));
		}
	}
}

static void load(uint64_t room_bytes, uint64_t rate_mb_s)
{
	const uint64_t pages = (room_bytes + cache_bytes / NEEDED_PARTS) / PAGE,
		       start_ns = now_ns();
	char *mem = map(pages * PAGE);

	for (uint64_t i = 0; i < pages; i++) {
		touch(mem, i);
		if (!shared->met_ns && i * PAGE >= room_bytes)
			shared->met_ns = now_ns();
		while (i % BATCH_PAGES == 0 &&
		       now_ns() < start_ns + i * PAGE * 1000000000 / (rate_mb_s * MB))
			usleep(200);
	}
	shared->done_ns = now_ns();
	for (;;)
		pause();
}

static uint64_t rss_pages(pid_t pid)
{
	unsigned long long pages = 0;
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/statm", (int)pid);
	f = fopen(path, "re");
	if (f && fscanf(f, "%*u %llu", &pages) != 1)
		pages = 0;
	if (f)
		fclose(f);
	return pages;
}

static void killer(pid_t a, pid_t b)
{
	const uint64_t floor_kb = meminfo_kb("MemTotal") * KILL_PERCENT / 100;

	score("-1000");
	for (;;) {
		const uint64_t available_kb = meminfo_kb("MemAvailable");
		uint64_t ms;

		if (available_kb <= floor_kb) {
			shared->killed = 1;
			kill(rss_pages(a) > rss_pages(b) ? a : b, SIGKILL);
			exit(0);
		}
		ms = (available_kb - floor_kb) / FILL_KB_MS;
		sleep_ms(ms < KILLER_MIN_MS ? KILLER_MIN_MS :
			 ms > KILLER_MAX_MS ? KILLER_MAX_MS :
					      (long long)ms);
	}
}

static pid_t child(void)
{
	const pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (!pid)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid;
}

static const char *wait_for_end(pid_t v, pid_t l, uint64_t kills)
{
	const uint64_t until_ns = now_ns() + LOAD_PATIENCE_S * 1000000000ULL;
	int status;

	while (now_ns() < until_ns) {
		if (oom_kills() != kills || shared->killed)
			return "killed";
		if (waitpid(v, &status, WNOHANG) || waitpid(l, &status, WNOHANG))
			return "died";
		if (shared->done_ns)
			return "lives";
		usleep(2000);
	}
	return "stuck";
}

static void report(char *const argv[], const char *end, uint64_t end_ns)
{
	const uint64_t met_ns = shared->met_ns ? shared->met_ns : end_ns;
	const long long lead_ms =
		shared->told_ns ? ((long long)met_ns - (long long)shared->told_ns) / 1000000 : 0;

	printf("{\"source\":\"%s\",\"killer\":\"%s\",\"rate_mb_s\":%s,\"end\":\"%s\","
	       "\"by\":\"%s\",\"tells\":%llu,"
	       "\"lead_ms\":%lld,\"given_kb\":%llu,\"needed_kb\":%llu}\n",
	       argv[1], argv[2], argv[3], end,
	       strcmp(end, "killed") ? "" :
	       shared->killed	     ? "killer" :
				       "kernel",
	       (unsigned long long)shared->tells, lead_ms,
	       (unsigned long long)(cache_bytes - shared->kept_bytes) >> 10,
	       (unsigned long long)(cache_bytes / NEEDED_PARTS) >> 10);
}

int main(int argc, char *argv[])
{
	const uint64_t kills = oom_kills();
	pid_t v, l, k = 0;
	const char *end;
	uint64_t end_ns, room_bytes;
	int ready[2];
	char byte;

	if (argc != 4)
		errx(2, "survive SOURCE KILLER MB_S");
	score("-1000");
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (shared == MAP_FAILED || pipe(ready))
		err(1, "mmap or pipe");
	cache_bytes = meminfo_kb("MemAvailable") * 1024 / CACHE_PARTS / (NEEDED_PARTS * PAGE) *
		      (NEEDED_PARTS * PAGE);
	v = child();
	if (!v) {
		score("0");
		victim(argv[1], ready[1]);
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		errx(1, "the victim was not ready");
	room_bytes = meminfo_kb("MemAvailable") * 1024;
	l = child();
	if (!l) {
		score("0");
		load(room_bytes, (uint64_t)number(argv[3]));
	}
	if (!strcmp(argv[2], "polling")) {
		k = child();
		if (!k)
			killer(v, l);
	}
	end = wait_for_end(v, l, kills);
	end_ns = now_ns();
	report(argv, end, end_ns);
	if (k)
		kill(k, SIGKILL);
	kill(l, SIGKILL);
	kill(v, SIGKILL);
	while (wait(NULL) > 0)
		;
	return 0;
}
