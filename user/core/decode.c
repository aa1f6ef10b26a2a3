// SPDX-License-Identifier: GPL-2.0-only
#include "decode.h"

#include <errno.h>
#include <string.h>
#include "tables.h"

int decode_record(const void *data, size_t size, union oomn_record *rec)
{
	struct oomn_hdr hdr;

	if (size < sizeof(hdr))
		return -EMSGSIZE;
	memcpy(&hdr, data, sizeof(hdr));
	if (hdr.kind >= OOMN_NR_KINDS || hdr.cause >= OOMN_NR_CAUSES ||
	    hdr.cgroup_row >= OOMN_NR_CGROUPS)
		return -EBADMSG;
	if (hdr.size != oomn_record_size(hdr.kind) || hdr.size > size)
		return -EMSGSIZE;
	memset(rec, 0, sizeof(*rec));
	memcpy(rec, data, hdr.size);
	return 0;
}

enum scope record_scope(const union oomn_record *rec)
{
	if (rec->hdr.cause == OOMN_CAUSE_UNKNOWN)
		return SCOPE_UNKNOWN;
	if (rec->hdr.kind == OOMN_OOM_KILL)
		return rec->oom_kill.is_memcg ? SCOPE_CGROUP : SCOPE_GLOBAL;
	if (rec->hdr.cause == OOMN_CAUSE_MEMCG || rec->hdr.cause == OOMN_CAUSE_PROACTIVE)
		return SCOPE_CGROUP;
	return SCOPE_GLOBAL;
}
