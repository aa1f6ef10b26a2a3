/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The figures of a summary, as members of the JSON object that is open; and the parts that events
 * share.
 */
#ifndef OOMN_JSON_SUMMARY_H
#define OOMN_JSON_SUMMARY_H

#include "common/json.h"
#include "core/stats.h"
#include "sink.h"

void json_summary_put(struct json *j, const struct sink_env *env, const struct stats *s);

void json_put_cgroup(struct json *j, const struct sink_env *env, uint32_t row, uint64_t id);
void json_put_loss(struct json *j, const struct loss *l);

#endif
