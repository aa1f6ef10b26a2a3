// SPDX-License-Identifier: GPL-2.0-only
/* Which sizes of a box are refused, because they could hurt the machine or would do nothing. */
#include <errno.h>
#include <fcntl.h>

#include "box.h"
#include "common/file.h"

static int check_half(const char *what, uint64_t bytes, uint64_t available_bytes,
		      struct failure *why)
{
	if (bytes <= available_bytes / 2)
		return 0;
	return failure_set(
		why, ERANGE,
		"%s is %llu MB: at most half of the %llu MB of available memory is allowed", what,
		(unsigned long long)bytes >> 20, (unsigned long long)available_bytes >> 20);
}

/* Episodes put no more into a zram device than they use; a command may fill it. */
static int check_zram(const struct box_opts *opts, uint64_t available_bytes, struct failure *why)
{
	int err = check_half("--swap-size, in memory with --swap zram,", opts->swap_bytes,
			     available_bytes, why);

	if (err || opts->use_bytes)
		return err;
	return check_half("--limit plus --swap-size, both in memory with --swap zram,",
			  opts->limit_bytes + opts->swap_bytes, available_bytes, why);
}

int box_check_sizes(const struct box_opts *opts, uint64_t available_bytes, struct failure *why)
{
	int err;

	if (!available_bytes)
		return failure_set(
			why, ENOENT,
			"cannot read how much memory is available from /proc/meminfo: is "
			"/proc mounted?");
	err = check_half("--limit", opts->limit_bytes, available_bytes, why);
	if (!err)
		err = check_half("--use", opts->use_bytes, available_bytes, why);
	if (!err && opts->swap == BOX_SWAP_ZRAM)
		err = check_zram(opts, available_bytes, why);
	if (err || !opts->use_bytes)
		return err;
	if (opts->cause == BOX_PROACTIVE && opts->swap == BOX_SWAP_NONE)
		return failure_set(why, ERANGE,
				   "--cause proactive has nowhere to page out to with --swap none: "
				   "file or zram is allowed");
	if (opts->cause == BOX_MEMCG && opts->use_bytes <= opts->limit_bytes)
		return failure_set(why, ERANGE,
				   "--use is not above --limit, which makes no pressure: more than "
				   "%llu MB is allowed",
				   (unsigned long long)opts->limit_bytes >> 20);
	return 0;
}

uint64_t box_available_bytes(void)
{
	char text[4096];
	uint64_t kb = 0;

	if (file_read(AT_FDCWD, "/proc/meminfo", text, sizeof(text)) > 0)
		(void)text_number(text, "MemAvailable", &kb);
	return kb * 1024;
}
