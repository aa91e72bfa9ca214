// SPDX-License-Identifier: GPL-2.0-only
/*
 * bytes_test.c - each byte of a record with other values
 *
 * A whole record, manifest and all, is put on a chip and read as the module
 * does it.  Manifest and signature are for the kernel's check of signatures;
 * whatever else is changed must be noticed without it.
 */
#include <kunit/test.h>
#include "chip.h"

#define K		1024U
#define ERASE		(4 * K)
#define SLOT		(20 * ERASE)
#define IMAGE		(66 * K)	/* 17 blocks, 2 chunks */
#define SIGNATURE	526U
#define BODY		512U
#define HEADER		64

/**
 * struct slot - a chip with a record
 * @chip: the chip
 * @rec: layout of the record
 * @m: room for its manifest
 * @body: room for its body
 */
struct slot {
	struct chip *chip;
	struct fwslot_record rec;
	struct fwslot_manifest m;
	u8 body[4 * K];
};

static const struct fwslot_geometry geo = {
	.size = SLOT, .erase_size = ERASE, .write_unit = 1, .overwrite = true,
};

static size_t put_manifest(u8 *to, const u8 *digest)
{
	const struct test_spec spec = {
		.format = 2,
		.release = { { 5, 22, 2 }, "" },
		.n_products = 1,
		.products = { "lynx" },
		.n_images = 1,
		.images = { { 1, 3, IMAGE, 64 * K, digest } },
	};

	return test_manifest(to, &spec);
}

static struct slot *slot_new(struct kunit *test)
{
	struct slot *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);
	u8 table[2 * FWSLOT_DIGEST_SIZE], digest[FWSLOT_DIGEST_SIZE];
	u8 *head;

	KUNIT_ASSERT_NOT_NULL(test, s);
	s->chip = chip_new(test, SLOT);
	KUNIT_ASSERT_NOT_NULL(test, s->chip);
	KUNIT_ASSERT_EQ(test, chip_shape(s->chip, &geo), 0);
	test_pattern(s->chip->array, IMAGE, 3);
	test_table(s->chip->array, IMAGE, 64 * K, table);
	test_sha256(table, sizeof(table), digest);
	head = s->chip->array + fwslot_record_head(&geo);
	s->rec.manifest_size = put_manifest(s->body, digest);
	memcpy(head + BODY, s->body, s->rec.manifest_size);
	s->rec.signature_size = SIGNATURE;
	s->rec.table_size = sizeof(table);
	s->rec.body_offset = BODY;
	test_pattern(head + BODY + s->rec.manifest_size, SIGNATURE, 9);
	memcpy(head + BODY + s->rec.manifest_size + SIGNATURE, table,
	       sizeof(table));
	fwslot_record_build(&geo, &s->rec, head);
	return s;
}

/* As scan.c, but for the signature: is it believed, with the same signed bytes? */
static bool believed(struct slot *s)
{
	const struct fwslot_flash *flash = &s->chip->flash;
	const u8 *head = s->chip->array + fwslot_record_head(&geo);
	struct fwslot_record rec;

	if (fwslot_record_parse(&geo, head, &rec) ||
	    fwslot_record_body(&rec) > sizeof(s->body) ||
	    fwslot_record_read(flash, &rec, s->body))
		return false;
	return !fwslot_manifest_parse(s->body, rec.manifest_size, &s->m) &&
	       !fwslot_record_check(flash, &rec, s->body, &s->m,
				    FWSLOT_PRIMARY);
}

static u32 each_value(struct slot *s, u64 ofs, u32 *tried)
{
	u8 *at = s->chip->array + ofs;
	const u8 was = *at;
	const u8 values[] = { was ^ 0x01, was ^ 0x80, 0x00, 0xff };
	u32 i, bad = 0;

	for (i = 0; i < sizeof(values); i++) {
		*at = values[i];
		if (values[i] == was)
			continue;
		bad += believed(s);
		(*tried)++;
	}
	*at = was;
	return bad;
}

static void bytes_record(struct kunit *test)
{
	struct slot *s = slot_new(test);
	u64 head = fwslot_record_head(&geo);
	u32 table = BODY + s->rec.manifest_size + SIGNATURE;
	u32 i, tried = 0;

	KUNIT_EXPECT_TRUE(test, believed(s));
	for (i = 0; i < HEADER; i++)
		KUNIT_EXPECT_EQ_MSG(test, each_value(s, head + i, &tried), 0,
				    "byte %u of the header", i);
	for (i = 0; i < s->rec.table_size; i++)
		KUNIT_EXPECT_EQ_MSG(test, each_value(s, head + table + i,
						     &tried), 0,
				    "byte %u of the table", i);
	KUNIT_EXPECT_TRUE(test, believed(s));
	KUNIT_EXPECT_GT(test, tried, 3 * (HEADER + s->rec.table_size) - 100);
	kunit_info(test, "%u records with another byte\n", tried);
}

static struct kunit_case bytes_cases[] = {
	KUNIT_CASE(bytes_record),
	{}
};

static struct kunit_suite bytes_suite = {
	.name = "bytes",
	.test_cases = bytes_cases,
};

kunit_test_suite(bytes_suite);
