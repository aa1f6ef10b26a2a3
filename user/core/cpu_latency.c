// SPDX-License-Identifier: GPL-2.0-only
#include "cpu_latency.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

#include "common/log.h"

#define DEVICE "/dev/cpu_dma_latency"

/* PM_QOS_DEFAULT_VALUE of linux/pm_qos.h: no request. */
#define NO_REQUEST (-1)

int cpu_latency_open(void)
{
	const int fd = open(DEVICE, O_WRONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

void cpu_latency_hold(int fd, bool hold)
{
	const int32_t us = hold ? 0 : NO_REQUEST;

	if (write(fd, &us, sizeof(us)) != sizeof(us))
		log_warn(DEVICE ": processors cannot be %s", hold ? "held awake" : "let sleep");
}
