/* SPDX-License-Identifier: GPL-2.0-only */
/* Expectations, and the running of a list of tests. */
#ifndef OOMN_LIBCHECK_H
#define OOMN_LIBCHECK_H

#include <stddef.h>
#include <stdint.h>

struct check {
	const char *name;
	void (*run)(void);
};

/* Runs them, prints what fails and the totals that tests/run.sh reads; the exit code. */
int check_all(const struct check *checks, size_t n);

#define CHECK_ALL(checks) check_all(checks, sizeof(checks) / sizeof((checks)[0]))

/* Notes a failure; the test goes on, so that all of it is seen. */
__attribute__((format(printf, 3, 4))) void check_failed(const char *file, int line, const char *fmt,
							...);
/* Notes why the test that runs cannot be done here; it then returns. */
__attribute__((format(printf, 1, 2))) void check_skip(const char *fmt, ...);
/* Ends the whole program: nothing here can be tested on this machine. */
_Noreturn __attribute__((format(printf, 1, 2))) void check_skip_all(const char *fmt, ...);
/* How many failures so far. */
int check_failures(void);

#define EXPECT(cond)                                                   \
	do {                                                           \
		if (!(cond))                                           \
			check_failed(__FILE__, __LINE__, "%s", #cond); \
	} while (0)

#define EXPECT_OP(got, op, want)                                                               \
	do {                                                                                   \
		int64_t got_ = (int64_t)(got), want_ = (int64_t)(want);                        \
		if (!(got_ op want_))                                                          \
			check_failed(__FILE__, __LINE__, "%s is %lld, not %s %lld (%s)", #got, \
				     (long long)got_, #op, (long long)want_, #want);           \
	} while (0)

#define EXPECT_EQ(got, want) EXPECT_OP(got, ==, want)
#define EXPECT_GE(got, want) EXPECT_OP(got, >=, want)
#define EXPECT_LE(got, want) EXPECT_OP(got, <=, want)

#define EXPECT_STR(got, want)                                                              \
	do {                                                                               \
		const char *got_ = (got), *want_ = (want);                                 \
		if (!got_ || strcmp(got_, want_))                                          \
			check_failed(__FILE__, __LINE__, "%s is \"%s\", not \"%s\"", #got, \
				     got_ ? got_ : "(null)", want_);                       \
	} while (0)

#endif
