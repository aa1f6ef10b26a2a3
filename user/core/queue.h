/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Notices that wait for a slow reader of our output: bounded, allocated once, and when it is full
 * the oldest goes.
 */
#ifndef OOMN_QUEUE_H
#define OOMN_QUEUE_H

#include <stddef.h>
#include "notice.h"

struct queue;

/* NULL with errno = ENOMEM. */
struct queue *queue_new(size_t capacity);
void queue_free(struct queue *q);

/*
 * Adds *n. When the oldest had to go for it, returns that one, good until the next call; else NULL.
 */
const struct notice *queue_push(struct queue *q, const struct notice *n);

/* Calls fn() for each that waits. */
void queue_each(const struct queue *q, void (*fn)(void *ctx, const struct notice *n), void *ctx);

/* The oldest, or NULL. */
const struct notice *queue_peek(const struct queue *q);
void queue_pop(struct queue *q);

#endif
