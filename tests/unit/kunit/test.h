/* SPDX-License-Identifier: MIT */
/*
 * test.h - as much of KUnit as the suites use, for userspace
 *
 * The suites in tests/kunit include <kunit/test.h>.  In a kernel that is KUnit
 * itself, here it is this file and run.c.  It has nothing that the KUnit of
 * Linux 6.1 does not have.
 */
#ifndef FWSLOT_UNIT_KUNIT_TEST_H
#define FWSLOT_UNIT_KUNIT_TEST_H

#include <stdio.h>
#include "env.h"

#define GFP_KERNEL	0
#define __printf(a, b)	__attribute__((format(printf, a, b)))

struct kunit {
	void *priv;
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
};

struct kunit_suite {
	const char name[256];
	int (*init)(struct kunit *test);
	void (*exit)(struct kunit *test);
	struct kunit_case *test_cases;
};

void *kunit_kzalloc(struct kunit *test, size_t size, int gfp);
void kunit_add(struct kunit_suite *suite);
void __printf(4, 5) kunit_fail(const char *file, int line, bool abort,
			       const char *fmt, ...);

#define KUNIT_CASE(test_name) { .run_case = test_name, .name = #test_name }

#define kunit_test_suite(suite) \
	static __attribute__((constructor)) void suite##_add(void) \
	{ kunit_add(&(suite)); } \
	struct kunit_suite

#define kunit_info(test, fmt, ...) \
	((void)(test), printf("# " fmt, ##__VA_ARGS__))

#define MODULE_LICENSE(text) static_assert(sizeof(text) > 1)
#define MODULE_DESCRIPTION(text) static_assert(sizeof(text) > 1)

#define KUNIT_CHECK(test, abort, cond, ...) do { \
	(void)(test); \
	if (!(cond)) \
		kunit_fail(__FILE__, __LINE__, abort, __VA_ARGS__); \
} while (0)

/* As numbers, and the values with the complaint. */
#define KUNIT_CMP(test, abort, a, op, b, fmt, ...) do { \
	long long a_ = (long long)(a), b_ = (long long)(b); \
	\
	KUNIT_CHECK(test, abort, a_ op b_, #a " " #op " " #b ": %lld, %lld " \
		    fmt, a_, b_, ##__VA_ARGS__); \
} while (0)

#define KUNIT_FAIL(test, fmt, ...) \
	KUNIT_CHECK(test, false, false, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_EQ_MSG(test, a, b, fmt, ...) \
	KUNIT_CMP(test, false, a, ==, b, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_EQ_MSG(test, a, b, fmt, ...) \
	KUNIT_CMP(test, true, a, ==, b, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_EQ(test, a, b) KUNIT_CMP(test, false, a, ==, b, "")
#define KUNIT_ASSERT_EQ(test, a, b) KUNIT_CMP(test, true, a, ==, b, "")
#define KUNIT_EXPECT_NE(test, a, b) KUNIT_CMP(test, false, a, !=, b, "")
#define KUNIT_EXPECT_LT(test, a, b) KUNIT_CMP(test, false, a, <, b, "")
#define KUNIT_EXPECT_LE(test, a, b) KUNIT_CMP(test, false, a, <=, b, "")
#define KUNIT_EXPECT_GT(test, a, b) KUNIT_CMP(test, false, a, >, b, "")
#define KUNIT_EXPECT_TRUE_MSG(test, c, fmt, ...) \
	KUNIT_CHECK(test, false, c, #c " " fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_TRUE(test, c) KUNIT_CHECK(test, false, c, #c)
#define KUNIT_EXPECT_FALSE(test, c) KUNIT_CHECK(test, false, !(c), "not " #c)
#define KUNIT_ASSERT_NOT_NULL(test, p) KUNIT_CHECK(test, true, p, #p)
#define KUNIT_EXPECT_STREQ(test, a, b) \
	KUNIT_CHECK(test, false, !strcmp(a, b), "%s, not %s", a, b)

#endif /* FWSLOT_UNIT_KUNIT_TEST_H */
