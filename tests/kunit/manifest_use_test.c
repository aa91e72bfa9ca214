// SPDX-License-Identifier: GPL-2.0-only
/*
 * manifest_use_test.c - questions to a parsed manifest
 */
#include <kunit/test.h>
#include "build.h"

static const struct test_spec spec = {
	.format = 2,
	.release = { { 5, 22, 2 }, NULL },
	.n_products = 2,
	.products = { "lynx", "viper_12" },
	.n_images = 2,
	.images = {
		{ 1, 3, 70000, 65536, NULL },
		{ 2, 4, 65536, 65536, NULL },
	},
};

static int use_init(struct kunit *test)
{
	u8 *buf = kunit_kzalloc(test, FWSLOT_MANIFEST_MAX, GFP_KERNEL);
	struct fwslot_manifest *m = kunit_kzalloc(test, sizeof(*m), GFP_KERNEL);

	if (!buf || !m)
		return -ENOMEM;
	test->priv = m;
	return fwslot_manifest_parse(buf, test_manifest(buf, &spec), m) ?
		-EINVAL : 0;
}

static void use_product(struct kunit *test)
{
	const struct fwslot_manifest *m = test->priv;
	static const struct {
		const char *product;
		u32 reason;
	} rows[] = {
		{ "lynx", FWSLOT_REASON_NONE },
		{ "viper_12", FWSLOT_REASON_NONE },
		{ "viper_1", FWSLOT_REASON_WRONG_PRODUCT },
		{ "viper_123", FWSLOT_REASON_WRONG_PRODUCT },
		{ "Lynx", FWSLOT_REASON_WRONG_PRODUCT },
		{ "", FWSLOT_REASON_NO_PRODUCT },
		{ NULL, FWSLOT_REASON_NO_PRODUCT },
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		KUNIT_EXPECT_EQ_MSG(test,
				    fwslot_manifest_product(m,
							    rows[i].product),
				    rows[i].reason, "row %u", i);
}

static void use_images(struct kunit *test)
{
	const struct fwslot_manifest *m = test->priv;
	const struct fwslot_image *img = m->images;
	struct fwslot_image other = img[0];

	KUNIT_EXPECT_EQ(test, fwslot_manifest_image(m, 0), 0);
	KUNIT_EXPECT_EQ(test, fwslot_manifest_image(m, 1), 0);
	KUNIT_EXPECT_EQ(test, fwslot_manifest_image(m, 2), 1);
	KUNIT_EXPECT_EQ(test, fwslot_manifest_image(m, 3), -ENOENT);
	KUNIT_EXPECT_EQ(test, fwslot_table_offset(m, 0), 0);
	KUNIT_EXPECT_EQ(test, fwslot_table_offset(m, 1), 64);
	KUNIT_EXPECT_EQ(test, fwslot_tables_size(m), 96);

	KUNIT_EXPECT_TRUE(test, fwslot_image_same(&img[0], &other));
	KUNIT_EXPECT_FALSE(test, fwslot_image_same(&img[0], &img[1]));
	other.kind = 7;
	other.slots = 0;
	KUNIT_EXPECT_TRUE(test, fwslot_image_same(&img[0], &other));
	other.size++;
	KUNIT_EXPECT_FALSE(test, fwslot_image_same(&img[0], &other));
	other = img[0];
	other.chunk_size *= 2;
	KUNIT_EXPECT_FALSE(test, fwslot_image_same(&img[0], &other));
	other = img[0];
	other.table_digest[31] ^= 1;
	KUNIT_EXPECT_FALSE(test, fwslot_image_same(&img[0], &other));
}

static struct kunit_case use_cases[] = {
	KUNIT_CASE(use_product),
	KUNIT_CASE(use_images),
	{}
};

static struct kunit_suite use_suite = {
	.name = "manifest-use",
	.init = use_init,
	.test_cases = use_cases,
};

kunit_test_suite(use_suite);
