// SPDX-License-Identifier: GPL-2.0-only
/*
 * release_test.c - release versions: read, print, compare
 */
#include <kunit/test.h>
#include "build.h"

#define LABEL24	"a-b_c.d+e0123456789ABCDE"

static const char *const good[] = {
	"0.0.0",
	"5.22.2",
	"65535.65535.65535",
	"1.2.3-rc1",
	"1.2.3--",
	"1.2.3-0",
	"10.20.30-" LABEL24,
	"65535.65535.65535-" LABEL24,
};

static const char *const bad[] = {
	"", "-", ".", "..", "1", "1.", "1.2", "1.2.", "1.2.3.", "1.2.3.4",
	".1.2.3", "1..3", "01.2.3", "1.02.3", "1.2.03", "00.0.0", "+1.2.3",
	"-1.2.3", "1.-2.3", "65536.0.0", "0.65536.0", "0.0.65536",
	"4294967296.0.0", "99999999999999999999.0.0", " 1.2.3", "1.2.3 ",
	"1.2.3-", "1.2.3_rc", "1.2.3rc", "v1.2.3", "1.2.3-a b", "1.2.3-a/b",
	"1.2.3-\x80", "1.2.3-{", "1.2.3-a\n", "1,2,3", "0x1.2.3", "1.2.3-" LABEL24 "F",
};

static void release_parse(struct kunit *test)
{
	char buf[FWSLOT_RELEASE_STR];
	struct fwslot_release r;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		memset(&r, 0x5a, sizeof(r));
		KUNIT_EXPECT_EQ_MSG(test, fwslot_release_parse(good[i], &r), 0,
				    "%s", good[i]);
		KUNIT_EXPECT_STREQ(test, fwslot_release_print(&r, buf),
				   good[i]);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_EXPECT_EQ_MSG(test, fwslot_release_parse(bad[i], &r),
				    -EINVAL, "%s", bad[i]);
}

static void release_fields(struct kunit *test)
{
	struct fwslot_release r;

	KUNIT_ASSERT_EQ(test, fwslot_release_parse("7.65.432-x", &r), 0);
	KUNIT_EXPECT_EQ(test, r.major, 7);
	KUNIT_EXPECT_EQ(test, r.minor, 65);
	KUNIT_EXPECT_EQ(test, r.patch, 432);
	KUNIT_EXPECT_STREQ(test, r.label, "x");
}

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

/* Each is older than the next; labels do not count. */
static const char *const ascending[] = {
	"0.0.1-z", "0.1.0", "0.2.0-a", "0.10.0", "1.0.0", "1.0.65535",
	"5.21.2", "5.22.2-a", "6.0.0", "256.0.0", "65535.0.0",
};

static void release_order(struct kunit *test)
{
	struct fwslot_release a, b;
	int i, k;

	for (i = 0; i < (int)ARRAY_SIZE(ascending); i++)
		for (k = 0; k < (int)ARRAY_SIZE(ascending); k++) {
			fwslot_release_parse(ascending[i], &a);
			fwslot_release_parse(ascending[k], &b);
			KUNIT_EXPECT_EQ_MSG(test,
					    sign(fwslot_release_order(&a, &b)),
					    sign(i - k), "%s and %s",
					    ascending[i], ascending[k]);
			KUNIT_EXPECT_EQ(test, fwslot_release_equal(&a, &b),
					i == k);
		}
}

static void release_labels(struct kunit *test)
{
	struct fwslot_release a, b;

	fwslot_release_parse("1.2.3-a", &a);
	fwslot_release_parse("1.2.3-b", &b);
	KUNIT_EXPECT_EQ(test, fwslot_release_order(&a, &b), 0);
	KUNIT_EXPECT_FALSE(test, fwslot_release_equal(&a, &b));
	fwslot_release_parse("1.2.3", &b);
	KUNIT_EXPECT_EQ(test, fwslot_release_order(&a, &b), 0);
	KUNIT_EXPECT_FALSE(test, fwslot_release_equal(&a, &b));
	fwslot_release_parse("1.2.3-A", &b);
	KUNIT_EXPECT_FALSE(test, fwslot_release_equal(&a, &b));
	fwslot_release_parse("1.2.3-a", &b);
	KUNIT_EXPECT_TRUE(test, fwslot_release_equal(&a, &b));
}

static struct kunit_case release_cases[] = {
	KUNIT_CASE(release_parse),
	KUNIT_CASE(release_fields),
	KUNIT_CASE(release_order),
	KUNIT_CASE(release_labels),
	{}
};

static struct kunit_suite release_suite = {
	.name = "release",
	.test_cases = release_cases,
};

kunit_test_suite(release_suite);
