// SPDX-License-Identifier: GPL-2.0-only
/* The bounded queue: in order, and when it is full the oldest goes and is handed back. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "core/queue.h"

static const struct notice *push(struct queue *q, uint64_t number)
{
	struct notice n = { .type = NOTICE_EVENT, .at = { number, 0 } };

	n.rec.hdr.hits = number;
	return queue_push(q, &n);
}

static void expect_oldest(const struct queue *q, uint64_t number)
{
	const struct notice *n = queue_peek(q);

	cr_assert_not_null(n);
	cr_assert_eq(n->at.time_ns, number, "oldest is %lu, not %lu", n->at.time_ns, number);
	cr_assert_eq(n->rec.hdr.hits, number);
}

Test(queue, empty)
{
	struct queue *q = queue_new(3);

	cr_assert_not_null(q);
	cr_assert_null(queue_peek(q));
	queue_pop(q);
	cr_assert_null(queue_peek(q));
	cr_assert_null(push(q, 1));
	expect_oldest(q, 1);
	queue_free(q);
	queue_free(NULL);
}

Test(queue, first_in_first_out)
{
	struct queue *q = queue_new(3);

	for (uint64_t i = 1; i <= 3; i++)
		cr_assert_null(push(q, i));
	for (uint64_t i = 1; i <= 3; i++) {
		expect_oldest(q, i);
		queue_pop(q);
	}
	cr_assert_null(queue_peek(q));
	queue_free(q);
}

Test(queue, full_forgets_the_oldest_and_returns_it)
{
	struct queue *q = queue_new(3);

	for (uint64_t i = 1; i <= 3; i++)
		cr_assert_null(push(q, i));
	for (uint64_t i = 4; i <= 20; i++) {
		const struct notice *gone = push(q, i);

		cr_assert_not_null(gone);
		cr_assert_eq(gone->at.time_ns, i - 3);
		cr_assert_eq(gone->rec.hdr.hits, i - 3);
		expect_oldest(q, i - 2);
	}
	for (uint64_t i = 18; i <= 20; i++) {
		expect_oldest(q, i);
		queue_pop(q);
	}
	cr_assert_null(queue_peek(q));
	queue_free(q);
}

/* What was returned may be looked at until the next call, that one's argument included. */
Test(queue, returned_one_can_be_pushed_again)
{
	struct queue *q = queue_new(2);
	const struct notice *gone;

	push(q, 1);
	push(q, 2);
	gone = push(q, 3);
	gone = queue_push(q, gone);
	cr_assert_eq(gone->at.time_ns, 2);
	expect_oldest(q, 3);
	queue_pop(q);
	expect_oldest(q, 1);
	queue_free(q);
}

/* Against a model that is too simple to be wrong: numbers in order, a first and a last. */
Test(queue, any_mix_at_any_capacity)
{
	srandom(1);
	for (size_t capacity = 1; capacity < 9; capacity++) {
		struct queue *q = queue_new(capacity);
		uint64_t first = 1, next = 1;

		for (int i = 0; i < 2000; i++) {
			if (random() % 3) {
				bool full = next - first == capacity;
				const struct notice *gone = push(q, next++);

				cr_assert_eq(gone != NULL, full);
				if (full)
					cr_assert_eq(gone->at.time_ns, first++);
			} else {
				queue_pop(q);
				first += first < next;
			}
			if (first == next)
				cr_assert_null(queue_peek(q));
			else
				expect_oldest(q, first);
		}
		queue_free(q);
	}
}
