// SPDX-License-Identifier: GPL-2.0-only
/* The running kernel's BTF, read whole. */
#include "kernel_btf.h"

#include <bpf/btf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/btf.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "common/cleanup.h"

/*
 * Since 6.16 the kernel's BTF can be mapped: that saves one of the two copies of 5 MB that
 * btf__load_vmlinux_btf() makes, a third of its time. NULL where that does not work.
 */
static struct btf *load_mapped(void)
{
	_cleanup_close_ int fd = open("/sys/kernel/btf/vmlinux", O_RDONLY | O_CLOEXEC);
	struct btf *btf;
	struct stat st;
	void *data;

	if (fd < 0 || fstat(fd, &st) || st.st_size <= 0 || st.st_size > UINT32_MAX)
		return NULL;
	data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED)
		return NULL;
	btf = btf__new(data, (uint32_t)st.st_size);
	munmap(data, (size_t)st.st_size);
	return btf;
}

/* libbpf 1.1 says ESRCH whatever was wrong with the kernel's BTF, 1.5 EIO of an empty file. */
static int why_no_btf(int err)
{
	_cleanup_close_ int fd = open("/sys/kernel/btf/vmlinux", O_RDONLY | O_CLOEXEC);
	uint16_t magic = 0;

	if (fd < 0)
		return errno;
	if (read(fd, &magic, sizeof(magic)) != sizeof(magic) || magic != BTF_MAGIC)
		return EBADMSG;
	return err == ESRCH ? ENOMEM : err;
}

struct btf *kernel_btf_load(void)
{
	struct btf *btf = load_mapped();

	if (!btf)
		btf = btf__load_vmlinux_btf();
	if (!btf)
		errno = why_no_btf(errno);
	return btf;
}
