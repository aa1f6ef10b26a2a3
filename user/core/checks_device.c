// SPDX-License-Identifier: GPL-2.0-only
/* Checks of the kernel module and its devices: what programs that poll have of it. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "checks_priv.h"
#include "common/cleanup.h"
#include "device.h"
#include "system.h"

static bool check_module(const struct check_env *env, struct check *c)
{
	char version[32];
	int err;

	err = read_text(env->root, "/sys/module/oom_notify/version", version, sizeof(version));
	if (!err)
		check_ok(c, "oom_notify %s is loaded", version);
	else if (!check_there(env, "/sys/module"))
		check_bad(c, CHECK_UNKNOWN,
			  "Without it no device tells programs to free memory; watch works all the "
			  "same.",
			  "Mount /sys.", "not known: no /sys/module");
	else
		check_bad(c, CHECK_OPTIONAL,
			  "No device tells programs to free memory; watch works all the same.",
			  "modprobe oom_notify; for this kernel it is built by `make module`, "
			  "installed by `make module-install`.",
			  "oom_notify is not loaded");
	return true;
}

/* GLib's clients open for writing as well: whoever may only read is not served in full. */
static void check_path(const struct check_env *env, const char *path, const char *cost,
		       const char *mode, struct check *c)
{
	_cleanup_close_ int fd = -1;
	char full[PATH_MAX];

	(void)snprintf(full, sizeof(full), "%s%s", env->root, path);
	fd = device_open(full, O_RDWR);
	if (fd >= 0)
		check_ok(c, "%s, this user may open it", path);
	else if (fd == -ENOENT || fd == -ENXIO || fd == -ENODEV)
		check_bad(c, CHECK_OPTIONAL, cost, "Load the module.", "no %s", path);
	else if (fd == -ENOTTY)
		check_bad(c, CHECK_DEGRADED, cost, "Remove it, load the module.",
			  "%s is not a character device of the module", path);
	else
		check_bad(c, CHECK_DEGRADED, cost, mode, "%s: %s", path, strerror(-fd));
}

static bool check_device(const struct check_env *env, struct check *c)
{
	check_path(
		env, DEVICE_PATH,
		"Programs that poll it are not served (by its timer, or fed by watch).",
		"Give it mode 0666 as the module does (a udev rule?); let the container have it.",
		c);
	return true;
}

static bool check_critical_device(const struct check_env *env, struct check *c)
{
	check_path(env, DEVICE_CRITICAL_PATH,
		   "Programs are not told before the OOM killer chooses a victim.",
		   "It is root's, unless a udev rule gives it a group: see oom_notify(4).", c);
	return true;
}

/* One row a line. */
/* clang-format off */
const struct check_row device_checks[] = {
	{ "module", false, check_module },
	{ "device", false, check_device },
	{ "device_critical", false, check_critical_device },
};
/* clang-format on */

const size_t nr_device_checks = sizeof(device_checks) / sizeof(device_checks[0]);
