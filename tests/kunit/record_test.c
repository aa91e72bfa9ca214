// SPDX-License-Identifier: GPL-2.0-only
/*
 * record_test.c - where a slot record is, and whether it holds together
 */
#include <kunit/test.h>
#include "chip.h"

#define K	1024U
#define NONE	FWSLOT_REASON_NONE
#define BAD	FWSLOT_REASON_BAD_RECORD
#define LARGE	FWSLOT_REASON_TOO_LARGE

/* Offsets in a record's header */
#define OFS_BODY		16
#define OFS_IMAGE	32
#define HEADER		64

static const char magic[] = "fwsl.rec";

static void put_header(u8 *p, u32 erase_size, const struct fwslot_record *rec)
{
	memset(p, 0, HEADER);
	memcpy(p, magic, 8);
	put32(p + 8, 1);
	put32(p + 12, erase_size);
	put32(p + OFS_BODY, rec->body_offset);
	put32(p + 20, rec->manifest_size);
	put32(p + 24, rec->signature_size);
	put32(p + 28, rec->table_size);
	put32(p + OFS_IMAGE, rec->image);
}

/*
 * Layout.  Erase blocks of the slot and of the record's own area (0: none),
 * image in bytes, chunk; sizes of manifest and signature; and what comes out.
 */
struct layout_row {
	u32 erase_size;
	u32 write_unit;
	u32 slot;
	u32 own;
	u64 image;
	u32 chunk;
	u32 manifest;
	u32 signature;
	u32 reason;
	u32 body_offset;
	u32 blocks;
};

static const struct layout_row layouts[] = {
	/* 4K blocks: 512 + 416 + 1500 + 32, then with a long table */
	{ 4 * K, 1, 18, 0, 64 * K, 64 * K, 416, 1500, NONE, 512, 1 },
	{ 4 * K, 1, 17, 0, 64 * K, 64 * K, 416, 1500, NONE, 512, 1 },
	{ 4 * K, 1, 16, 0, 64 * K, 64 * K, 416, 1500, LARGE, 512, 1 },
	{ 4 * K, 1, 17, 0, 64 * K + 1, 64 * K, 416, 1500, LARGE, 512, 1 },
	{ 4 * K, 1, 18, 0, 64 * K + 1, 64 * K, 416, 1500, NONE, 512, 1 },
	/* the body fills the block exactly: 3584 = 416 + 3136 + 32 */
	{ 4 * K, 1, 17, 0, 64 * K, 64 * K, 416, 3136, NONE, 512, 1 },
	{ 4 * K, 1, 17, 0, 64 * K, 64 * K, 416, 3137, LARGE, 512, 2 },
	{ 4 * K, 1, 18, 0, 64 * K, 64 * K, 416, 3137, NONE, 512, 2 },
	/* ... and two: 7680 = 416 + 7232 + 32 */
	{ 4 * K, 1, 18, 0, 64 * K, 64 * K, 416, 7232, NONE, 512, 2 },
	{ 4 * K, 1, 18, 0, 64 * K, 64 * K, 416, 7233, LARGE, 512, 3 },
	/* all at their largest: 4096 + 8192 + 512 chunks */
	{ 4 * K, 1, 8200, 0, 32768 * K, 64 * K, 4096, 8192, NONE, 512, 8 },
	{ 4 * K, 1, 8199, 0, 32768 * K, 64 * K, 4096, 8192, LARGE, 512, 8 },
	/* chunk smaller and larger than the block */
	{ 64 * K, 1, 2, 0, 64 * K, 64 * K, 416, 1500, NONE, 512, 1 },
	{ 64 * K, 256, 2, 0, 64 * K, 64 * K, 416, 1500, NONE, 512, 1 },
	{ 64 * K, 1024, 2, 0, 1, 64 * K, 416, 1500, NONE, 1024, 1 },
	{ 64 * K, 4096, 2, 0, 1, 64 * K, 416, 1500, NONE, 4096, 1 },
	{ 64 * K, 1, 1, 0, 1, 64 * K, 416, 1500, LARGE, 512, 1 },
	{ 64 * K, 1, 6, 0, 256 * K, 256 * K, 416, 1500, NONE, 512, 1 },
	{ 256 * K, 1, 2, 0, 256 * K, 64 * K, 416, 1500, NONE, 512, 1 },
	{ 256 * K, 1, 2, 0, 256 * K + 1, 64 * K, 416, 1500, LARGE, 512, 1 },
	/* larger write unit, less room */
	{ 8 * K, 4096, 9, 0, 64 * K, 64 * K, 416, 3648, NONE, 4096, 1 },
	{ 8 * K, 4096, 9, 0, 64 * K, 64 * K, 416, 3649, LARGE, 4096, 2 },
	/* a record area of its own: both full, either too small */
	{ 4 * K, 1, 16, 1, 64 * K, 64 * K, 416, 3136, NONE, 512, 1 },
	{ 4 * K, 1, 16, 1, 64 * K, 64 * K, 416, 3137, LARGE, 512, 2 },
	{ 4 * K, 1, 16, 2, 64 * K, 64 * K, 416, 3137, NONE, 512, 2 },
	{ 4 * K, 1, 15, 4, 64 * K, 64 * K, 416, 1500, LARGE, 512, 1 },
	{ 64 * K, 1, 1, 1, 64 * K, 64 * K, 416, 1500, NONE, 512, 1 },
	/* the largest image that a manifest can name */
	{ 64 * K, 1, 65537, 0, 1ULL << 32, 256 * K, 416, 1500, LARGE, 512, 9 },
	{ 64 * K, 1, 65545, 0, 1ULL << 32, 256 * K, 416, 1500, NONE, 512, 9 },
};

static void set_geometry(struct fwslot_geometry *geo,
			 const struct layout_row *r)
{
	memset(geo, 0, sizeof(*geo));
	geo->size = (u64)r->slot * r->erase_size;
	geo->record_size = (u64)r->own * r->erase_size;
	geo->erase_size = r->erase_size;
	geo->write_unit = r->write_unit;
	geo->overwrite = true;
}

static void set_image(struct fwslot_image *img, u64 size, u32 chunk_size,
		      u32 slots)
{
	u64 left = size;

	memset(img, 0, sizeof(*img));
	img->kind = slots == 4 ? 2 : 1;
	img->slots = slots;
	img->size = size;
	img->chunk_size = chunk_size;
	for (img->chunks = 1; left > chunk_size; left -= chunk_size)
		img->chunks++;
}

static void record_layouts(struct kunit *test)
{
	const struct layout_row *r;
	struct fwslot_geometry geo;
	struct fwslot_record rec;
	struct fwslot_image img;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(layouts); i++) {
		r = &layouts[i];
		set_geometry(&geo, r);
		set_image(&img, r->image, r->chunk, 3);
		rec.manifest_size = r->manifest;
		rec.signature_size = r->signature;
		rec.image = 1;
		KUNIT_EXPECT_EQ_MSG(test, fwslot_geometry_check(&geo), 0,
				    "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test,
				    fwslot_record_layout(&geo, &img, &rec),
				    r->reason, "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, rec.body_offset, r->body_offset,
				    "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, fwslot_record_blocks(&geo, &rec),
				    r->blocks, "row %u", i);
		KUNIT_EXPECT_EQ(test, rec.table_size, img.chunks * 32);
		KUNIT_EXPECT_EQ(test, rec.image, 1);
		KUNIT_EXPECT_EQ_MSG(test, fwslot_record_head(&geo),
				    (u64)(r->slot + r->own - 1) * r->erase_size,
				    "row %u", i);
	}
}

struct geometry_row {
	u64 size;
	u64 record_size;
	u32 erase_size;
	u32 write_unit;
	u32 reason;
};

static const struct geometry_row geometries[] = {
	{ 64 * K, 0, 4 * K, 1, NONE },
	{ 64 * K, 4 * K, 4 * K, 2048, NONE },
	{ 1024 * K, 0, 1024 * K, 1, NONE },
	{ 1024, 0, 1024, 1, NONE },
	{ 0, 0, 4 * K, 1, FWSLOT_REASON_SLOT_UNALIGNED },
	{ 64 * K + 1, 0, 4 * K, 1, FWSLOT_REASON_SLOT_UNALIGNED },
	{ 66 * K, 0, 4 * K, 1, FWSLOT_REASON_SLOT_UNALIGNED },
	{ 64 * K, 2 * K, 4 * K, 1, FWSLOT_REASON_SLOT_UNALIGNED },
	{ 64 * K, 0, 0, 1, FWSLOT_REASON_SLOT_UNSUPPORTED },
	{ 64 * K, 0, 4 * K, 0, FWSLOT_REASON_SLOT_UNSUPPORTED },
	{ 66 * K, 0, 6 * K, 1, FWSLOT_REASON_SLOT_UNSUPPORTED },
	{ 64 * K, 0, 4 * K, 3, FWSLOT_REASON_SLOT_UNSUPPORTED },
	{ 64 * K, 0, 4 * K, 4 * K, FWSLOT_REASON_SLOT_UNSUPPORTED },
	{ 64 * K, 0, 4 * K, 8 * K, FWSLOT_REASON_SLOT_UNSUPPORTED },
	{ 64 * K, 0, 512, 1, FWSLOT_REASON_SLOT_UNSUPPORTED },
	{ 2048 * K, 0, 2048 * K, 1, FWSLOT_REASON_SLOT_UNSUPPORTED },
};

static void record_geometries(struct kunit *test)
{
	const struct geometry_row *r;
	struct fwslot_geometry geo;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(geometries); i++) {
		r = &geometries[i];
		geo.size = r->size;
		geo.record_size = r->record_size;
		geo.erase_size = r->erase_size;
		geo.write_unit = r->write_unit;
		KUNIT_EXPECT_EQ_MSG(test, fwslot_geometry_check(&geo),
				    r->reason, "row %u", i);
	}
}

/* A header with one thing changed; slot of 8 blocks of 4K, record 1 block. */
struct parse_row {
	const char *what;
	u32 ofs;
	u32 value;
	u32 reason;
};

static const struct parse_row parses[] = {
	{ "nothing", OFS_IMAGE, 1, NONE },
	{ "magic", 0, 0x4c535746, BAD },
	{ "magic, last byte", 4, 0x6365722f, BAD },
	{ "version 0", 8, 0, BAD },
	{ "version 2", 8, 2, BAD },
	{ "erase size", 12, 8 * K, BAD },
	{ "erase size 0", 12, 0, BAD },
	{ "body offset 0", OFS_BODY, 0, BAD },
	{ "body offset 256", OFS_BODY, 256, BAD },
	{ "body offset 511", OFS_BODY, 511, BAD },
	{ "body offset 513", OFS_BODY, 513, BAD },
	{ "body offset 1024", OFS_BODY, 1024, NONE },
	{ "body offset last", OFS_BODY, 4 * K - 512, NONE },
	{ "body offset block", OFS_BODY, 4 * K, BAD },
	{ "body offset huge", OFS_BODY, 0xfffffe00, BAD },
	{ "manifest 0", 20, 0, BAD },
	{ "manifest 159", 20, 159, BAD },
	{ "manifest 160", 20, 160, NONE },
	{ "manifest max", 20, 4096, NONE },
	{ "manifest max + 1", 20, 4097, BAD },
	{ "manifest huge", 20, ~0U, BAD },
	{ "signature 0", 24, 0, BAD },
	{ "signature 1", 24, 1, NONE },
	{ "signature max", 24, 8192, NONE },
	{ "signature max + 1", 24, 8193, BAD },
	{ "signature huge", 24, ~0U, BAD },
	{ "table 0", 28, 0, BAD },
	{ "table 31", 28, 31, BAD },
	{ "table 33", 28, 33, BAD },
	{ "table fills the area", 28, 30336, NONE },
	{ "table beyond the area", 28, 30368, BAD },
	{ "table max", 28, 16384 * 32, BAD },
	{ "table max + 1", 28, 16385 * 32, BAD },
	{ "table huge", 28, 0xffffffe0, BAD },
	{ "image, any", OFS_IMAGE, ~0U, NONE },
	{ "reserved, first", 36, 1, BAD },
	{ "reserved, last", 60, 1U << 31, BAD },
};

static const struct fwslot_geometry parse_geo = {
	.size = 32 * K,
	.erase_size = 4 * K,
	.write_unit = 1,
	.overwrite = true,
};

/* 32K - 512 = 416 + 1504 + 30336 */
static const struct fwslot_record parse_rec = {
	.manifest_size = 416,
	.signature_size = 1504,
	.table_size = 32,
	.body_offset = 512,
	.image = 1,
};

static void record_parses(struct kunit *test)
{
	const struct parse_row *r;
	struct fwslot_record rec;
	u8 head[HEADER];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(parses); i++) {
		r = &parses[i];
		put_header(head, 4 * K, &parse_rec);
		put32(head + r->ofs, r->value);
		KUNIT_EXPECT_EQ_MSG(test,
				    fwslot_record_parse(&parse_geo, head, &rec),
				    r->reason, "%s", r->what);
	}
}

static void record_reserved(struct kunit *test)
{
	struct fwslot_record rec;
	u8 head[HEADER];
	u32 i;

	put_header(head, 4 * K, &parse_rec);
	for (i = 36; i < HEADER; i++) {
		head[i] = 1;
		KUNIT_EXPECT_EQ_MSG(test,
				    fwslot_record_parse(&parse_geo, head, &rec),
				    BAD, "byte %u", i);
		head[i] = 0;
	}
}

static void record_erased(struct kunit *test)
{
	struct fwslot_record rec;
	u8 head[HEADER];
	u32 i;

	memset(head, 0xff, sizeof(head));
	KUNIT_EXPECT_EQ(test, fwslot_record_parse(&parse_geo, head, &rec),
			FWSLOT_REASON_NO_RECORD);
	for (i = 0; i < HEADER; i++) {
		head[i] = 0xfe;
		KUNIT_EXPECT_EQ(test,
				fwslot_record_parse(&parse_geo, head, &rec),
				BAD);
		head[i] = 0xff;
	}
	memset(head, 0, sizeof(head));
	KUNIT_EXPECT_EQ(test, fwslot_record_parse(&parse_geo, head, &rec),
			BAD);
}

static void record_build(struct kunit *test)
{
	struct fwslot_record rec;
	u8 head[HEADER], want[HEADER];

	put_header(want, 4 * K, &parse_rec);
	memset(head, 0x5a, sizeof(head));
	fwslot_record_build(&parse_geo, &parse_rec, head);
	KUNIT_EXPECT_EQ(test, memcmp(head, want, HEADER), 0);
	KUNIT_EXPECT_EQ(test, fwslot_record_parse(&parse_geo, head, &rec), 0);
	KUNIT_EXPECT_EQ(test, memcmp(&rec, &parse_rec, sizeof(rec)), 0);
}

/* Whatever header is believed can be read without leaving the area. */
static void record_sweep(struct kunit *test)
{
	struct chip *chip = chip_new(test, 32 * K);
	struct fwslot_record rec;
	u32 i, k, believed = 0;
	u8 head[HEADER];
	u8 *body;

	KUNIT_ASSERT_NOT_NULL(test, chip);
	KUNIT_ASSERT_EQ(test, chip_shape(chip, &parse_geo), 0);
	for (i = 0; i < HEADER; i++)
		for (k = 0; k < 256; k++) {
			put_header(head, 4 * K, &parse_rec);
			head[i] = k;
			if (fwslot_record_parse(&parse_geo, head, &rec))
				continue;
			believed++;
			body = kunit_kzalloc(test, fwslot_record_body(&rec),
					     GFP_KERNEL);
			KUNIT_ASSERT_NOT_NULL(test, body);
			KUNIT_EXPECT_EQ_MSG(test,
					    fwslot_record_read(&chip->flash,
							       &rec, body),
					    0, "byte %u = %u", i, k);
		}
	kunit_info(test, "%u changed headers are believed\n", believed);
}

/* A body that runs over into the two blocks before, put there by hand. */
static void record_read(struct kunit *test)
{
	static const struct fwslot_record rec = {
		.manifest_size = 400, .signature_size = 8000,
		.table_size = 320, .body_offset = 1024,
	};
	struct chip *chip = chip_new(test, 32 * K);
	u8 *want = kunit_kzalloc(test, 8720, GFP_KERNEL);
	u8 *got = kunit_kzalloc(test, 8720, GFP_KERNEL);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, chip);
	KUNIT_ASSERT_NOT_NULL(test, want);
	KUNIT_ASSERT_NOT_NULL(test, got);
	KUNIT_ASSERT_EQ(test, chip_shape(chip, &parse_geo), 0);
	KUNIT_EXPECT_EQ(test, fwslot_record_blocks(&parse_geo, &rec), 3);
	test_pattern(want, 8720, 1);
	memcpy(chip->array + 28 * K + 1024, want, 3072);
	memcpy(chip->array + 24 * K, want + 3072, 4096);
	memcpy(chip->array + 20 * K, want + 7168, 1552);
	KUNIT_EXPECT_EQ(test, fwslot_record_read(&chip->flash, &rec, got), 0);
	KUNIT_EXPECT_EQ(test, memcmp(got, want, 8720), 0);
	for (i = 0; i < 3; i++) {
		chip_fault_set(chip, CHIP_FAIL, CHIP_READ, i, -EIO);
		KUNIT_EXPECT_EQ(test,
				fwslot_record_read(&chip->flash, &rec, got),
				-EIO);
		KUNIT_EXPECT_EQ(test, chip->count, i + 1);
	}
}

/* What check() is asked; one thing is changed in each row. */
struct check_row {
	const char *what;
	u32 slot;
	u32 image;
	u32 table_size;
	u32 signature;
	u32 flip;
	u32 image_size;
	u32 reason;
};

#define SYSTEM	(100 * K)	/* 2 chunks, 25 blocks of 4K, slot of 27 */

static const struct check_row checks[] = {
	{ "primary", 0, 0, 64, 1500, 0, SYSTEM, NONE },
	{ "secondary", 1, 0, 64, 1500, 0, SYSTEM, NONE },
	{ "system in bootloader", 2, 0, 64, 1500, 0, SYSTEM, BAD },
	{ "bootloader in primary", 0, 1, 64, 1500, 0, SYSTEM, BAD },
	{ "no such image", 0, 2, 64, 1500, 0, SYSTEM, BAD },
	{ "wild image", 0, ~0U, 64, 1500, 0, SYSTEM, BAD },
	{ "slot 3", 3, 0, 64, 1500, 0, SYSTEM, BAD },
	{ "table too short", 0, 0, 32, 1500, 0, SYSTEM, BAD },
	{ "table too long", 0, 0, 96, 1500, 0, SYSTEM, BAD },
	{ "table, first byte", 0, 0, 64, 1500, 1, SYSTEM, BAD },
	{ "table, last byte", 0, 0, 64, 1500, 64, SYSTEM, BAD },
	{ "record of two blocks", 0, 0, 64, 3105, 0, SYSTEM, NONE },
	{ "record of three blocks", 0, 0, 64, 7201, 0, SYSTEM, BAD },
	{ "one block more of image", 0, 0, 64, 1500, 0, SYSTEM + 1, NONE },
	{ "two blocks more of image", 0, 0, 64, 1500, 0, SYSTEM + 4097, BAD },
};

static u32 check(const struct check_row *r, struct chip *chip, u8 *body,
		 struct fwslot_manifest *m)
{
	struct fwslot_record rec = {
		.manifest_size = 416, .signature_size = r->signature,
		.table_size = r->table_size, .body_offset = 512,
		.image = r->image,
	};
	u8 *table = body + 416 + r->signature;

	set_image(&m->images[0], r->image_size, 64 * K, 3);
	set_image(&m->images[1], 70 * K, 64 * K, 4);
	m->n_images = 2;
	test_pattern(table, 96, 7);
	test_sha256(table, 64, m->images[0].table_digest);
	test_sha256(table, 64, m->images[1].table_digest);
	if (r->flip)
		table[r->flip - 1] ^= 0x80;
	return fwslot_record_check(&chip->flash, &rec, body, m, r->slot);
}

static void record_checks(struct kunit *test)
{
	static const struct fwslot_geometry geo = {
		.size = 27 * 4 * K, .erase_size = 4 * K, .write_unit = 1,
	};
	struct fwslot_manifest *m = kunit_kzalloc(test, sizeof(*m), GFP_KERNEL);
	struct chip *chip = chip_new(test, 27 * 4 * K);
	u8 *body = kunit_kzalloc(test, 16 * K, GFP_KERNEL);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, m);
	KUNIT_ASSERT_NOT_NULL(test, chip);
	KUNIT_ASSERT_NOT_NULL(test, body);
	KUNIT_ASSERT_EQ(test, chip_shape(chip, &geo), 0);
	for (i = 0; i < ARRAY_SIZE(checks); i++)
		KUNIT_EXPECT_EQ_MSG(test, check(&checks[i], chip, body, m),
				    checks[i].reason, "%s", checks[i].what);
}

static struct kunit_case record_cases[] = {
	KUNIT_CASE(record_layouts),
	KUNIT_CASE(record_geometries),
	KUNIT_CASE(record_parses),
	KUNIT_CASE(record_reserved),
	KUNIT_CASE(record_erased),
	KUNIT_CASE(record_build),
	KUNIT_CASE(record_sweep),
	KUNIT_CASE(record_read),
	KUNIT_CASE(record_checks),
	{}
};

static struct kunit_suite record_suite = {
	.name = "record",
	.test_cases = record_cases,
};

kunit_test_suite(record_suite);
