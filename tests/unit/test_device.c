// SPDX-License-Identifier: GPL-2.0-only
/*
 * What comes out of the device is believed only when it is a record; what else it may be is
 * refused.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/device.h"

#define KNOWN (sizeof(struct oom_notify_record))

static struct oom_notify_record good(uint64_t sequence)
{
	return (struct oom_notify_record){
		.size = KNOWN,
		.version = OOM_NOTIFY_VERSION,
		.level = OOM_NOTIFY_LOW,
		.reasons = OOM_NOTIFY_SWAP_OUT,
		.node = -1,
		.sequence = sequence,
		.event_ns = 1,
		.notified_ns = 2,
		.swapped_pages = 3,
		.free_pages = 4,
		.pages_to_free = 5,
	};
}

/* Decodes from memory of exactly @len bytes, so that ASan sees a read past them. */
static long decode(struct device_reader *r, const void *data, size_t len,
		   struct oom_notify_record *out)
{
	char *copy = malloc(len ? len : 1);
	long ret;

	cr_assert_not_null(copy);
	memcpy(copy, data, len);
	ret = device_decode(r, copy, len, out);
	free(copy);
	return ret;
}

static void expect(const struct oom_notify_record *in, long want, const char *what)
{
	struct device_reader r = { .sequence = 6, .missed = 99 };
	struct oom_notify_record out;

	cr_assert_eq(decode(&r, in, sizeof(*in), &out), want, "%s", what);
	if (want > 0)
		cr_assert_eq(memcmp(in, &out, sizeof(out)), 0, "%s", what);
	else
		cr_assert(r.sequence == 6 && r.missed == 99, "%s: the reader has moved", what);
}

Test(device, a_record)
{
	struct oom_notify_record in = good(7);

	expect(&in, KNOWN, "good");
	in.reasons = OOM_NOTIFY_REASONS;
	in.level = OOM_NOTIFY_CRITICAL;
	in.node = 3;
	expect(&in, KNOWN, "everything at once");
}

Test(device, truncated_at_every_length)
{
	struct oom_notify_record in = good(1), out;

	for (size_t len = 0; len < KNOWN; len++) {
		struct device_reader r = { 0 };

		cr_assert_eq(decode(&r, &in, len, &out), -EMSGSIZE, "%zu bytes", len);
	}
}

Test(device, wrong_size)
{
	for (uint32_t size = 0; size < 3 * KNOWN; size++) {
		struct oom_notify_record in = good(7);

		in.size = size;
		if (size != KNOWN)
			expect(&in, -EMSGSIZE, "size");
	}
	for (uint32_t shift = 16; shift < 32; shift++) {
		struct oom_notify_record in = good(7);

		in.size = KNOWN | 1U << shift;
		expect(&in, -EMSGSIZE, "huge size");
	}
}

Test(device, garbage)
{
	struct oom_notify_record in;
	struct device_reader r = { 0 };
	unsigned char bytes[4 * KNOWN];

	in = good(7);
	in.version = 0;
	expect(&in, -EBADMSG, "version 0");
	in = good(7);
	in.level = OOM_NOTIFY_CRITICAL + 1;
	expect(&in, -EBADMSG, "level");
	in = good(7);
	in.reasons = 0;
	expect(&in, -EBADMSG, "no reason");
	in.reasons = OOM_NOTIFY_REASONS + 1;
	expect(&in, -EBADMSG, "unknown reason");
	in = good(7);
	in.node = -2;
	expect(&in, -EBADMSG, "node");
	for (unsigned int byte = 0; byte <= 0xff; byte++) {
		memset(bytes, (int)byte, sizeof(bytes));
		cr_assert_lt(decode(&r, bytes, sizeof(bytes), &in), 0, "all %x", byte);
	}
}

/* A later version may be longer and know more; what is known keeps its place. */
Test(device, a_later_version)
{
	unsigned char bytes[KNOWN + 24];
	struct device_reader r = { 0 };
	struct oom_notify_record in = good(1), out;

	in.version = OOM_NOTIFY_VERSION + 1;
	in.size = sizeof(bytes);
	in.reasons |= 1U << 31;
	memset(bytes, 0xff, sizeof(bytes));
	memcpy(bytes, &in, KNOWN);
	cr_assert_eq(decode(&r, bytes, sizeof(bytes), &out), sizeof(bytes));
	cr_assert_eq(out.pages_to_free, 5);
	r.sequence = 0;
	cr_assert_eq(decode(&r, bytes, sizeof(bytes) - 1, &out), -EMSGSIZE, "cut off");
	in.size = KNOWN + 1;
	memcpy(bytes, &in, KNOWN);
	cr_assert_eq(decode(&r, bytes, sizeof(bytes), &out), -EBADMSG, "odd size");
	in.size = KNOWN - 8;
	memcpy(bytes, &in, KNOWN);
	cr_assert_eq(decode(&r, bytes, sizeof(bytes), &out), -EMSGSIZE, "shorter");
	in = good(1);
	in.size = KNOWN + 8;
	memcpy(bytes, &in, KNOWN);
	cr_assert_eq(decode(&r, bytes, sizeof(bytes), &out), -EBADMSG,
		     "this version is not longer");
}

Test(device, several_in_one_read)
{
	struct oom_notify_record in[3] = { good(1), good(2), good(3) }, out;
	const char *data = (const char *)in;
	struct device_reader r = { 0 };
	size_t done = 0;

	for (uint64_t i = 0; i < 3; i++) {
		long len = decode(&r, data + done, sizeof(in) - done, &out);

		cr_assert_eq(len, KNOWN);
		cr_assert_eq(out.sequence, i + 1);
		cr_assert_eq(r.missed, 0);
		done += (size_t)len;
	}
	cr_assert_eq(decode(&r, data + done, 0, &out), -EMSGSIZE);
}

Test(device, gap)
{
	struct oom_notify_record in = good(4), out;
	struct device_reader r = { 0 };

	cr_assert_eq(decode(&r, &in, KNOWN, &out), KNOWN);
	cr_assert_eq(r.missed, 3, "1 to 3 were merged into the first that was read");
	in.sequence = 5;
	cr_assert_eq(decode(&r, &in, KNOWN, &out), KNOWN);
	cr_assert_eq(r.missed, 0);
	in.sequence = UINT64_MAX;
	cr_assert_eq(decode(&r, &in, KNOWN, &out), KNOWN);
	cr_assert_eq(r.missed, UINT64_MAX - 6);
	cr_assert_eq(decode(&r, &in, KNOWN, &out), -EBADMSG, "the same one again");
	in.sequence = 0;
	cr_assert_eq(decode(&r, &in, KNOWN, &out), -EBADMSG, "backwards");
}

/* In the order of the bits. */
Test(device, names_of_reasons)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} want[] = {
		{ OOM_NOTIFY_SWAP_OUT, "swap_out" },
		{ OOM_NOTIFY_SWAP_ZSWAP, "swap_zswap" },
		{ OOM_NOTIFY_SWAP_ZERO, "swap_zero" },
		{ OOM_NOTIFY_LOW_WATERMARK, "low_watermark" },
		{ OOM_NOTIFY_STALL, "stall" },
		{ OOM_NOTIFY_POOR_RECLAIM, "poor_reclaim" },
		{ OOM_NOTIFY_OOM, "oom" },
		{ OOM_NOTIFY_ALL_CLEAR, "all_clear" },
		{ OOM_NOTIFY_FED, "fed" },
		{ OOM_NOTIFY_HEADROOM, "headroom" },
	};

	cr_assert_eq(sizeof(want) / sizeof(want[0]), DEVICE_NR_REASONS);
	for (int i = 0; i < DEVICE_NR_REASONS; i++) {
		cr_assert_eq(want[i].bit, 1U << i);
		cr_assert_str_eq(device_reasons[i], want[i].name);
		cr_assert_not_null(device_short_reasons[i]);
	}
	cr_assert_eq(OOM_NOTIFY_REASONS, (1U << DEVICE_NR_REASONS) - 1);
}

static void expect_no_device(const char *path, int want)
{
	cr_expect_eq(device_open(path, O_RDONLY), want, "%s", path);
	cr_expect_eq(device_open_to_feed(path), want, "%s", path);
}

Test(device, what_is_no_device)
{
	char dir[] = "/tmp/test_device.XXXXXX", fifo[64];

	cr_assert_not_null(mkdtemp(dir));
	(void)snprintf(fifo, sizeof(fifo), "%s/fifo", dir);
	cr_assert_eq(mkfifo(fifo, 0600), 0);
	expect_no_device(fifo, -ENOTTY);
	expect_no_device(dir, -ENOTTY);
	expect_no_device("/proc/self/exe", -ENOTTY);
	expect_no_device("/dev/null", -ENOTTY);
	expect_no_device("/dev/zero", -ENOTTY);
	expect_no_device("/dev/ptmx", -ENOTTY);
	expect_no_device("/nonexistent", -ENOENT);
	cr_assert_eq(unlink(fifo) | rmdir(dir), 0);
}
