// SPDX-License-Identifier: GPL-2.0-only
#include "kernel_types.h"

#include <bpf/btf.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "btf_slice.h"
#include "kernel_btf.h"

static int write_all(int fd, const char *data, size_t size)
{
	while (size) {
		ssize_t n = write(fd, data, size);

		if (n < 0)
			return -errno;
		data += n;
		size -= (size_t)n;
	}
	return 0;
}

static int write_slice(const struct btf *kernel, const struct btf *wanted, int fd)
{
	struct btf *slice = btf_slice(kernel, wanted);
	const void *data;
	__u32 size = 0;

	if (!slice)
		return -errno;
	data = btf__raw_data(slice, &size);
	return data ? write_all(fd, data, size) : -ENOMEM;
}

/* Frees nothing: it is about to exit. */
static int child(const struct btf *wanted, struct features *f, int fd)
{
	struct btf *kernel = kernel_btf_load();
	int err;

	if (!kernel)
		return -errno;
	err = features_probe(kernel, f);
	return err ?: write_slice(kernel, wanted, fd);
}

int kernel_types_probe(const struct btf *wanted, struct features *f, int fd)
{
	struct features *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status, err = 0;
	pid_t pid;

	if (shared == MAP_FAILED)
		return -errno;
	pid = fork();
	if (pid == 0)
		_exit(-child(wanted, shared, fd));
	if (pid < 0)
		err = -errno;
	else if (waitpid(pid, &status, 0) < 0)
		err = -errno;
	else if (!WIFEXITED(status))
		err = -ECHILD;
	else
		err = -WEXITSTATUS(status);
	if (!err)
		*f = *shared; /* its pointers are to constants, at the same place in both */
	munmap(shared, sizeof(*shared));
	return err;
}
