// SPDX-License-Identifier: GPL-2.0-only
/*
 * keep_test.c - a failed write puts back what was there; right blocks stay
 */
#include <kunit/test.h>
#include "bench.h"

#define K	1024U

static const struct bench_shape shapes[] = {
	{ 4 * K, 64 * K, 70 * K + 1, 1, true, false, 5000 },
	{ 4 * K, 64 * K, 70 * K, 256, false, false, 5000 },
	{ 16 * K, 64 * K, 130 * K + 77, 4096, true, false, 1500 },
	{ 64 * K, 64 * K, 140 * K, 1, true, true, 1500 },
	{ 256 * K, 64 * K, 140 * K, 256, true, false, 1500 },
	{ 4 * K, 64 * K, 40, 1, true, false, 1500 },
};

/* A bench that holds a whole image and its record; @next is to be written. */
static int prepare(struct bench *b, const struct bench_shape *s, u32 next)
{
	int err = bench_setup(b, s, 1);

	if (!err) {
		bench_old(b);
		err = bench_install(b);
	}
	memcpy(b->before, b->chip->array, b->total);
	return err ? err : bench_setup(b, s, next);
}

static int install(struct bench *b, u8 *old, bool firm)
{
	u32 chunk;
	int err = bench_init(b);

	b->writer.old = old;
	b->writer.firm = firm;
	if (!err)
		err = fwslot_writer_keep(&b->writer);
	for (chunk = 0; !err && chunk < b->img.chunks; chunk++)
		err = fwslot_writer_chunk(&b->writer,
					  b->data + chunk * b->img.chunk_size);
	return err ? err : fwslot_writer_finish(&b->writer);
}

static bool all_as_before(struct bench *b)
{
	return !memcmp(b->chip->array, b->before, b->total);
}

/* Every write of an install fails once. */
static u32 fail_each(struct kunit *test, struct bench *b,
		     const struct bench_shape *s, u8 *old)
{
	struct fwslot_writer *w = &b->writer;
	u32 at = 0;
	int err;

	for (;; at++) {
		KUNIT_ASSERT_EQ(test, prepare(b, s, 2), 0);
		chip_fault_set(b->chip, CHIP_FAIL, CHIP_WRITES, at, -EIO);
		err = install(b, old, true);
		if (!err)
			return at;
		if (w->whole) {
			/* Only its name is missing; it is not given up. */
			KUNIT_EXPECT_EQ(test, fwslot_writer_restore(w),
					-EINVAL);
			KUNIT_EXPECT_TRUE(test, bench_image_right(b));
			KUNIT_EXPECT_TRUE(test, w->touched);
			continue;
		}
		KUNIT_EXPECT_EQ(test, fwslot_writer_restore(w), 0);
		KUNIT_EXPECT_TRUE_MSG(test, all_as_before(b), "write %u", at);
		KUNIT_EXPECT_FALSE(test, w->touched);
		KUNIT_EXPECT_EQ(test, w->reason, FWSLOT_REASON_FLASH_IO);
		KUNIT_EXPECT_EQ(test, w->state, FWSLOT_WRITER_FAILED);
	}
}

static void keep_restores(struct kunit *test)
{
	u8 *old = kunit_kzalloc(test, BENCH_ROOM, GFP_KERNEL);
	struct bench *b = bench_new(test);
	u32 i, failed = 0;

	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_ASSERT_NOT_NULL(test, old);
	for (i = 0; i < ARRAY_SIZE(shapes); i++)
		failed += fail_each(test, b, &shapes[i], old);
	KUNIT_EXPECT_GT(test, failed, 100);
	kunit_info(test, "%u failures\n", failed);
}

/* While it is put back power is lost: half of it is not taken for the whole. */
static void keep_restore_cut(struct kunit *test)
{
	u8 *old = kunit_kzalloc(test, BENCH_ROOM, GFP_KERNEL);
	struct bench *b = bench_new(test);
	u32 at = 0, head;
	int err = -EIO;
	bool whole;

	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_ASSERT_NOT_NULL(test, old);
	for (; err; at++) {
		KUNIT_ASSERT_EQ(test, prepare(b, &shapes[0], 2), 0);
		chip_fault_set(b->chip, CHIP_FAIL, CHIP_WRITES, 20, -EIO);
		KUNIT_ASSERT_EQ(test, install(b, old, true), -EIO);
		chip_fault_set(b->chip, CHIP_CUT, CHIP_WRITES, at, -EIO);
		err = fwslot_writer_restore(&b->writer);
		head = memcmp(b->chip->array, b->before, 64);
		whole = !memcmp(b->chip->array, b->before,
				b->shape.image_size);
		KUNIT_EXPECT_TRUE(test, head || whole);
		KUNIT_EXPECT_EQ(test, bench_record_valid(b), !err);
	}
	KUNIT_EXPECT_TRUE(test, all_as_before(b));
	KUNIT_EXPECT_GT(test, at, 10);
}

/* The record's block fails in the write and when it is put back. */
static void keep_worn_record(struct kunit *test)
{
	u8 *old = kunit_kzalloc(test, BENCH_ROOM, GFP_KERNEL);
	struct bench *b = bench_new(test);

	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_ASSERT_NOT_NULL(test, old);
	KUNIT_ASSERT_EQ(test, prepare(b, &shapes[0], 2), 0);
	/* The second write of each is a program of its header. */
	chip_fault_set(b->chip, CHIP_FAIL, CHIP_WRITES, 1, -EIO);
	KUNIT_ASSERT_EQ(test, install(b, old, true), -EIO);
	chip_fault_set(b->chip, CHIP_FAIL, CHIP_WRITES, 2, -EIO);
	KUNIT_EXPECT_EQ(test, fwslot_writer_restore(&b->writer), -EIO);
	KUNIT_EXPECT_TRUE(test, b->writer.touched);
	KUNIT_EXPECT_FALSE(test, memcmp(b->chip->array, b->before,
					b->image_blocks * b->shape.erase_size));
}

static void keep_not_kept(struct kunit *test)
{
	struct bench *b = bench_new(test);

	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_ASSERT_EQ(test, prepare(b, &shapes[0], 2), 0);
	chip_fault_set(b->chip, CHIP_FAIL, CHIP_WRITES, 20, -EIO);
	KUNIT_EXPECT_EQ(test, bench_install(b), -EIO);
	KUNIT_EXPECT_EQ(test, fwslot_writer_restore(&b->writer), -EINVAL);
	KUNIT_EXPECT_TRUE(test, b->writer.touched);

	/* What cannot be read is not kept. */
	KUNIT_ASSERT_EQ(test, prepare(b, &shapes[0], 2), 0);
	chip_fault_set(b->chip, CHIP_FAIL, CHIP_READ, 3, -EIO);
	KUNIT_EXPECT_EQ(test, install(b, b->memory[1], true), -EIO);
	KUNIT_EXPECT_FALSE(test, b->writer.kept);
	KUNIT_EXPECT_TRUE(test, all_as_before(b));
}

/* A read goes wrong while it is kept: which one, and how. */
static int keep_read(struct kunit *test, struct bench *b, bool firm,
		     enum chip_fault fault, u32 at, int err)
{
	KUNIT_ASSERT_EQ(test, prepare(b, &shapes[0], 2), 0);
	chip_fault_set(b->chip, fault, CHIP_READ, at, err);
	return install(b, b->data + b->shape.image_size, firm);
}

static void expect_not_kept(struct kunit *test, struct bench *b)
{
	KUNIT_EXPECT_FALSE(test, b->writer.kept);
	KUNIT_EXPECT_TRUE(test, all_as_before(b));
}

/* What was right a moment ago cannot be read any more. */
static void keep_chip_dies(struct kunit *test)
{
	struct flashsim_fault no_chip = { .kind = FLASHSIM_FAULT_READ };
	struct bench *b = bench_new(test);
	u32 all;

	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_ASSERT_EQ(test, prepare(b, &shapes[0], 2), 0);
	all = b->image_blocks + b->record_blocks;
	/* The record, then all else */
	KUNIT_EXPECT_EQ(test, keep_read(test, b, true, CHIP_FAIL, 0, -EBADMSG),
			-EBADMSG);
	expect_not_kept(test, b);
	KUNIT_EXPECT_EQ(test, keep_read(test, b, false, CHIP_FAIL, 0, -EBADMSG),
			0);
	/* The record's header once more, and the head of the image */
	KUNIT_EXPECT_EQ(test, keep_read(test, b, true, CHIP_FAIL, all, -EIO),
			-EIO);
	expect_not_kept(test, b);
	KUNIT_EXPECT_EQ(test, keep_read(test, b, true, CHIP_FAIL, all, -EBADMSG),
			-EBADMSG);
	expect_not_kept(test, b);
	KUNIT_EXPECT_EQ(test, keep_read(test, b, true, CHIP_FAIL, all + 1, -EIO),
			-EIO);
	expect_not_kept(test, b);
	KUNIT_EXPECT_EQ(test, keep_read(test, b, true, CHIP_FLIP, all + 1, 0),
			-EIO);
	expect_not_kept(test, b);
	/* Nobody answers on the bus. */
	KUNIT_ASSERT_EQ(test, prepare(b, &shapes[0], 2), 0);
	no_chip.at = b->chip->model.count.reads + all;
	flashsim_fault_arm(&b->chip->model, &no_chip);
	KUNIT_EXPECT_EQ(test, install(b, b->data + b->shape.image_size, true),
			-EIO);
	expect_not_kept(test, b);
}

/* No record vouches for it: it is put back all the same, if there is anything. */
static void keep_not_firm(struct kunit *test)
{
	u8 *old = kunit_kzalloc(test, BENCH_ROOM, GFP_KERNEL);
	struct bench *b = bench_new(test);

	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_ASSERT_NOT_NULL(test, old);
	KUNIT_ASSERT_EQ(test, prepare(b, &shapes[0], 2), 0);
	chip_fault_set(b->chip, CHIP_FAIL, CHIP_WRITES, 20, -EIO);
	KUNIT_EXPECT_EQ(test, install(b, old, false), -EIO);
	KUNIT_EXPECT_EQ(test, fwslot_writer_restore(&b->writer), 0);
	KUNIT_EXPECT_TRUE(test, all_as_before(b));

	KUNIT_ASSERT_EQ(test, prepare(b, &shapes[0], 2), 0);
	memset(b->chip->array, 0xff, b->total);
	chip_fault_set(b->chip, CHIP_FAIL, CHIP_WRITES, 20, -EIO);
	KUNIT_EXPECT_EQ(test, install(b, old, false), -EIO);
	KUNIT_EXPECT_FALSE(test, b->writer.kept);
	KUNIT_EXPECT_EQ(test, fwslot_writer_restore(&b->writer), -EINVAL);

	/* One that has not failed */
	KUNIT_ASSERT_EQ(test, prepare(b, &shapes[0], 2), 0);
	KUNIT_EXPECT_EQ(test, bench_init(b), 0);
	b->writer.old = old;
	b->writer.firm = true;
	KUNIT_EXPECT_EQ(test, fwslot_writer_keep(&b->writer), 0);
	KUNIT_EXPECT_EQ(test, fwslot_writer_restore(&b->writer), -EINVAL);
	KUNIT_EXPECT_TRUE(test, all_as_before(b));
}

static u32 erases(const struct bench *b)
{
	u32 i, n = 0;

	for (i = 0; i < b->chip->n_log; i++)
		n += b->chip->log[i].kind == CHIP_ERASE;
	return n;
}

static u32 erases_with(struct kunit *test, struct bench *b, u8 *old, bool firm,
		       u32 differ)
{
	KUNIT_EXPECT_EQ(test, prepare(b, &shapes[0], 1), 0);
	if (differ)
		b->chip->array[differ] ^= 1;
	chip_fault_set(b->chip, CHIP_FINE, CHIP_ALL, 0, 0);
	KUNIT_EXPECT_EQ(test, install(b, old, firm), 0);
	KUNIT_EXPECT_TRUE(test, bench_image_right(b));
	KUNIT_EXPECT_TRUE(test, bench_record_right(b));
	return erases(b);
}

/* With a valid record only the first block, what differs, and the record. */
static void keep_right_blocks(struct kunit *test)
{
	u8 *old = kunit_kzalloc(test, BENCH_ROOM, GFP_KERNEL);
	struct bench *b = bench_new(test);
	u32 all;

	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_ASSERT_NOT_NULL(test, old);
	KUNIT_EXPECT_EQ(test, erases_with(test, b, old, true, 0),
			1 + b->record_blocks);
	KUNIT_EXPECT_EQ(test, erases_with(test, b, old, true, 5000),
			2 + b->record_blocks);
	/* Behind the image, in its last block */
	KUNIT_EXPECT_EQ(test, erases_with(test, b, old, true, 70 * K + 2),
			2 + b->record_blocks);
	/* Weak bits may be anywhere where no record vouches for the content. */
	all = erases_with(test, b, old, false, 0);
	KUNIT_EXPECT_EQ(test, all, b->image_blocks + b->record_blocks);
}

static struct kunit_case keep_cases[] = {
	KUNIT_CASE(keep_restores),
	KUNIT_CASE(keep_restore_cut),
	KUNIT_CASE(keep_worn_record),
	KUNIT_CASE(keep_not_kept),
	KUNIT_CASE(keep_chip_dies),
	KUNIT_CASE(keep_not_firm),
	KUNIT_CASE(keep_right_blocks),
	{}
};

static struct kunit_suite keep_suite = {
	.name = "keep",
	.test_cases = keep_cases,
};

kunit_test_suite(keep_suite);
