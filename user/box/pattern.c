// SPDX-License-Identifier: GPL-2.0-only
/* Touches memory with pages of which no two are alike. */
#include "pattern.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

int pattern_init(struct pattern *p)
{
	const long page_size = sysconf(_SC_PAGESIZE);

	if (page_size <= 0 || page_size > (long)sizeof(p->page))
		return -EINVAL;
	p->page_size = (size_t)page_size;
	for (size_t n = 0; n < p->page_size; n += 256) /* which never comes in part */
		if (getrandom(p->page + n, 256, 0) < 0)
			return -errno;
	return 0;
}

void pattern_touch(const struct pattern *p, char *mem, size_t i)
{
	char *page = mem + i * p->page_size;

	memcpy(page, p->page, p->page_size);
	memcpy(page, &i, sizeof(i));
}

char *pattern_map(size_t bytes)
{
	char *mem = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (mem == MAP_FAILED)
		return NULL;
	/* Kernels without huge pages say EINVAL. */
	(void)madvise(mem, bytes, MADV_NOHUGEPAGE);
	return mem;
}
