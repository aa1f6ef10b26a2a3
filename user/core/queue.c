// SPDX-License-Identifier: GPL-2.0-only
/* Notices that wait for a slow reader: a ring that forgets its oldest. */
#include "queue.h"

#include <stdlib.h>

struct queue {
	size_t capacity;
	size_t head; /* of the oldest */
	size_t len;
	struct notice slot[];
};

struct queue *queue_new(size_t capacity)
{
	struct queue *q = calloc(1, sizeof(*q) + (capacity + 1) * sizeof(q->slot[0]));

	if (q)
		q->capacity = capacity;
	return q;
}

void queue_free(struct queue *q)
{
	free(q);
}

/* One slot more than the capacity, so that what was pushed out can still be looked at. */
static struct notice *slot(struct queue *q, size_t i)
{
	return &q->slot[(q->head + i) % (q->capacity + 1)];
}

const struct notice *queue_push(struct queue *q, const struct notice *n)
{
	const struct notice *gone = NULL;

	*slot(q, q->len) = *n;
	if (q->len < q->capacity) {
		q->len++;
		return NULL;
	}
	gone = slot(q, 0);
	q->head = (q->head + 1) % (q->capacity + 1);
	return gone;
}

const struct notice *queue_peek(const struct queue *q)
{
	return q->len ? &q->slot[q->head] : NULL;
}

void queue_pop(struct queue *q)
{
	if (!q->len)
		return;
	q->head = (q->head + 1) % (q->capacity + 1);
	q->len--;
}

void queue_each(const struct queue *q, void (*fn)(void *ctx, const struct notice *n), void *ctx)
{
	for (size_t i = 0; i < q->len; i++)
		fn(ctx, &q->slot[(q->head + i) % (q->capacity + 1)]);
}
