// SPDX-License-Identifier: GPL-2.0-only
/*
 * What comes out of the ring is believed only when kind, cause, row and size are as they must be.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/decode.h"
#include "core/names.h"
#include "record.h"
#include "tables.h"

static const size_t sizes[OOMN_NR_KINDS] = {
	[OOMN_SWAP_OUT] = 96,	  [OOMN_WAKEUP_KSWAPD] = 96, [OOMN_KSWAPD_WAKE] = 96,
	[OOMN_KSWAPD_SLEEP] = 96, [OOMN_RECLAIM_BEGIN] = 96, [OOMN_RECLAIM_END] = 136,
	[OOMN_THROTTLED] = 104,	  [OOMN_OOM_KILL] = 152,
};

/* A good record, no byte of it 0 by chance. */
static void fill(union oomn_record *rec, int kind)
{
	unsigned char *bytes = (unsigned char *)rec;

	for (size_t i = 0; i < sizeof(*rec); i++)
		bytes[i] = (unsigned char)(i % 255 + 1);
	rec->hdr.size = (__u16)sizes[kind];
	rec->hdr.kind = (__u8)kind;
	rec->hdr.cause = OOMN_CAUSE_DIRECT;
	rec->hdr.cgroup_row = OOMN_CGROUP_FIRST;
}

/* Decodes from memory of exactly @len bytes, so that ASan sees a read past them. */
static int decode_exactly(const union oomn_record *in, size_t len, union oomn_record *out)
{
	char *copy = malloc(len ? len : 1);
	int err;

	cr_assert_not_null(copy);
	memcpy(copy, in, len);
	err = decode_record(copy, len, out);
	free(copy);
	return err;
}

static bool is_zero_from(const union oomn_record *rec, size_t from)
{
	for (size_t i = from; i < sizeof(*rec); i++)
		if (((const char *)rec)[i])
			return false;
	return true;
}

Test(decode, every_kind)
{
	union oomn_record in, out;

	for (int kind = 0; kind < OOMN_NR_KINDS; kind++) {
		fill(&in, kind);
		memset(&out, 0xff, sizeof(out));
		cr_assert_eq(decode_exactly(&in, sizes[kind], &out), 0, "kind %d", kind);
		cr_assert_eq(memcmp(&in, &out, sizes[kind]), 0, "kind %d", kind);
		cr_assert(is_zero_from(&out, sizes[kind]), "kind %d", kind);
	}
}

/* The ring hands out what was reserved, which may be the largest record: the rest is no data. */
Test(decode, what_follows_the_record_is_left_out)
{
	union oomn_record in, out;

	for (int kind = 0; kind < OOMN_NR_KINDS; kind++) {
		fill(&in, kind);
		memset(&out, 0xff, sizeof(out));
		cr_assert_eq(decode_record(&in, sizeof(in), &out), 0, "kind %d", kind);
		cr_assert_eq(memcmp(&in, &out, sizes[kind]), 0, "kind %d", kind);
		cr_assert(is_zero_from(&out, sizes[kind]), "kind %d", kind);
	}
}

Test(decode, truncated_at_every_length)
{
	union oomn_record in, out;

	for (int kind = 0; kind < OOMN_NR_KINDS; kind++) {
		fill(&in, kind);
		for (size_t len = 0; len < sizes[kind]; len++)
			cr_assert_eq(decode_exactly(&in, len, &out), -EMSGSIZE,
				     "kind %d, %zu bytes", kind, len);
	}
}

Test(decode, wrong_size)
{
	union oomn_record in, out;

	for (int kind = 0; kind < OOMN_NR_KINDS; kind++) {
		fill(&in, kind);
		for (unsigned int size = 0; size <= UINT16_MAX; size++) {
			in.hdr.size = (__u16)size;
			cr_assert_eq(decode_record(&in, sizeof(in), &out),
				     size == sizes[kind] ? 0 : -EMSGSIZE, "kind %d, size %u", kind,
				     size);
		}
	}
}

Test(decode, unknown_kind)
{
	union oomn_record in, out;

	for (unsigned int kind = OOMN_NR_KINDS; kind <= UINT8_MAX; kind++)
		for (size_t like = 0; like < OOMN_NR_KINDS; like++) {
			fill(&in, (int)like);
			in.hdr.kind = (__u8)kind;
			cr_assert_eq(decode_record(&in, sizeof(in), &out), -EBADMSG, "kind %u",
				     kind);
		}
}

Test(decode, unknown_cause)
{
	union oomn_record in, out;

	for (unsigned int cause = 0; cause <= UINT8_MAX; cause++) {
		fill(&in, OOMN_SWAP_OUT);
		in.hdr.cause = (__u8)cause;
		cr_assert_eq(decode_record(&in, sizeof(in), &out),
			     cause < OOMN_NR_CAUSES ? 0 : -EBADMSG, "cause %u", cause);
	}
}

/* The row is an index into mapped memory. */
Test(decode, unknown_row)
{
	static const uint32_t bad[] = { OOMN_NR_CGROUPS, OOMN_NR_CGROUPS + 1, 0x80000000,
					UINT32_MAX };
	union oomn_record in, out;

	fill(&in, OOMN_OOM_KILL);
	in.hdr.cgroup_row = OOMN_NR_CGROUPS - 1;
	cr_assert_eq(decode_record(&in, sizeof(in), &out), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		in.hdr.cgroup_row = bad[i];
		cr_assert_eq(decode_record(&in, sizeof(in), &out), -EBADMSG, "row %u", bad[i]);
	}
}

/* The ring aligns to 8; nothing here may depend on it. */
Test(decode, at_any_address)
{
	union oomn_record in, out;
	char room[sizeof(in) + 8];

	fill(&in, OOMN_RECLAIM_END);
	for (size_t shift = 0; shift < 8; shift++) {
		memcpy(room + shift, &in, sizeof(in));
		cr_assert_eq(decode_record(room + shift, sizeof(in), &out), 0);
		cr_assert_eq(out.reclaim_end.stall_ns, in.reclaim_end.stall_ns);
	}
}

static enum scope scope_of(int cause)
{
	if (cause == OOMN_CAUSE_UNKNOWN)
		return SCOPE_UNKNOWN;
	return cause == OOMN_CAUSE_MEMCG || cause == OOMN_CAUSE_PROACTIVE ? SCOPE_CGROUP :
									    SCOPE_GLOBAL;
}

Test(decode, scope_is_the_causes_but_for_the_oom_killer)
{
	union oomn_record rec = { 0 };

	for (int kind = 0; kind < OOMN_NR_KINDS; kind++)
		for (int cause = 0; cause < OOMN_NR_CAUSES; cause++) {
			if (kind == OOMN_OOM_KILL)
				continue;
			rec.hdr.kind = (__u8)kind;
			rec.hdr.cause = (__u8)cause;
			cr_assert_eq(record_scope(&rec), scope_of(cause), "kind %d, cause %d", kind,
				     cause);
		}
	rec.hdr.kind = OOMN_OOM_KILL;
	for (int cause = 0; cause < OOMN_NR_CAUSES; cause++) {
		rec.hdr.cause = (__u8)cause;
		rec.oom_kill.is_memcg = 0;
		cr_assert_eq(record_scope(&rec), cause ? SCOPE_GLOBAL : SCOPE_UNKNOWN);
		rec.oom_kill.is_memcg = 1;
		cr_assert_eq(record_scope(&rec), cause ? SCOPE_CGROUP : SCOPE_UNKNOWN);
	}
}

static void check_names(const char *const names[], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		cr_assert_not_null(names[i], "no name for %zu", i);
		for (size_t k = 0; k < i; k++)
			cr_assert_str_neq(names[i], names[k]);
	}
}

/* The vocabulary is what scripts rely on: as the documentation has it, in its order. */
Test(names, vocabulary)
{
	check_names(kind_names, OOMN_NR_KINDS);
	check_names(cause_names, OOMN_NR_CAUSES);
	check_names(level_names, NR_LEVELS);
	cr_assert_str_eq(kind_names[OOMN_SWAP_OUT], "swap_out");
	cr_assert_str_eq(kind_names[OOMN_WAKEUP_KSWAPD], "wakeup_kswapd");
	cr_assert_str_eq(kind_names[OOMN_KSWAPD_WAKE], "kswapd_wake");
	cr_assert_str_eq(kind_names[OOMN_KSWAPD_SLEEP], "kswapd_sleep");
	cr_assert_str_eq(kind_names[OOMN_RECLAIM_BEGIN], "reclaim_begin");
	cr_assert_str_eq(kind_names[OOMN_RECLAIM_END], "reclaim_end");
	cr_assert_str_eq(kind_names[OOMN_THROTTLED], "throttled");
	cr_assert_str_eq(kind_names[OOMN_OOM_KILL], "oom_kill");
	cr_assert_str_eq(cause_names[OOMN_CAUSE_UNKNOWN], "unknown");
	cr_assert_str_eq(cause_names[OOMN_CAUSE_KSWAPD], "kswapd");
	cr_assert_str_eq(cause_names[OOMN_CAUSE_DIRECT], "direct");
	cr_assert_str_eq(cause_names[OOMN_CAUSE_MEMCG], "memcg");
	cr_assert_str_eq(cause_names[OOMN_CAUSE_NODE], "node");
	cr_assert_str_eq(cause_names[OOMN_CAUSE_PROACTIVE], "proactive");
	cr_assert_str_eq(level_names[LEVEL_NONE], "none");
	cr_assert_str_eq(level_names[LEVEL_LOW], "low");
	cr_assert_str_eq(level_names[LEVEL_MEDIUM], "medium");
	cr_assert_str_eq(level_names[LEVEL_CRITICAL], "critical");
	cr_assert_str_eq(scope_name(SCOPE_GLOBAL), "global");
	cr_assert_str_eq(scope_name(SCOPE_CGROUP), "cgroup");
	cr_assert_str_eq(scope_name(SCOPE_UNKNOWN), "unknown");
}

Test(names, throttle_reasons)
{
	static const char *const want[] = { "writeback", "isolated", "noprogress", "congested",
					    "unknown" };

	for (uint32_t i = 0; i < 5; i++)
		cr_assert_str_eq(throttle_reason_name(i), want[i]);
	cr_assert_str_eq(throttle_reason_name(UINT32_MAX), "unknown");
}
