// SPDX-License-Identifier: GPL-2.0-only
/*
 * writer_fault_test.c - the engine when flash fails or power is lost
 *
 * Every operation of a write is chosen once: it fails, it is the first that
 * does not happen any more, it lies, it does its work badly.
 */
#include <kunit/test.h>
#include "bench.h"

#define K	1024U

static const struct bench_shape shapes[] = {
	{ 4 * K, 64 * K, 70 * K + 1, 1, true, false, 5000 },
	{ 4 * K, 64 * K, 70 * K, 256, false, false, 5000 },
	{ 4 * K, 64 * K, 64 * K, 256, true, true, 1500 },
	{ 16 * K, 64 * K, 130 * K + 77, 4096, true, false, 1500 },
	{ 16 * K, 64 * K, 3, 4096, false, true, 1500 },
	{ 64 * K, 64 * K, 140 * K, 1, true, false, 1500 },
	{ 256 * K, 64 * K, 140 * K, 256, true, false, 1500 },
	{ 4 * K, 64 * K, 40, 1, true, false, 1500 },
};

enum mode {
	WHOLE,		/* image and record */
	RECORD_ONLY,
};

static int run(struct bench *b, enum mode how)
{
	int err;

	if (how == WHOLE)
		return bench_install(b);
	err = bench_init(b);
	return err ? err : fwslot_writer_record(&b->writer);
}

/* The old image and record, written by the writer itself; then the new one. */
static int prepare(struct bench *b, const struct bench_shape *s, enum mode how)
{
	int err = bench_setup(b, s, 1);

	if (!err) {
		bench_old(b);
		err = bench_install(b);
	}
	if (!err)
		err = bench_setup(b, s, how == WHOLE ? 2 : 1);
	memcpy(b->before, b->chip->array, b->total);
	return err;
}

static void back_to_before(struct bench *b)
{
	memcpy(b->chip->array, b->before, b->total);
}

static u32 count_ops(struct bench *b, enum mode how, enum chip_kind kinds)
{
	back_to_before(b);
	chip_fault_set(b->chip, CHIP_FAIL, kinds, ~0U, -EIO);
	return run(b, how) ? 0 : b->chip->count;
}

static bool old_there(struct bench *b)
{
	return !memcmp(b->chip->array, b->before, b->total);
}

/*
 * Nothing that a bootloader might look at first says "complete" of what is
 * not: where the first bytes are those of an image, all of it is there.
 */
static bool head_honest(struct bench *b)
{
	u32 n = min_t(u32, b->shape.image_size, 64);
	u32 size = b->shape.image_size;

	if (!memcmp(b->chip->array, b->data, n))
		return bench_image_right(b);
	if (!memcmp(b->chip->array, b->before, n))
		return !memcmp(b->chip->array, b->before, size);
	return true;
}

/* The old record may be there while what it names cannot be taken for whole. */
static bool record_honest(struct bench *b, enum mode how, bool done)
{
	u32 n = min_t(u32, b->shape.image_size, 64);

	if (!bench_record_valid(b))
		return !done;
	return done || (how == WHOLE && memcmp(b->chip->array, b->before, n));
}

static void expect_cut(struct kunit *test, struct bench *b, enum mode how,
		       u32 at, u32 n)
{
	if (!at) {
		KUNIT_EXPECT_TRUE(test, old_there(b));
		KUNIT_EXPECT_TRUE(test, bench_record_valid(b));
		return;
	}
	KUNIT_EXPECT_TRUE_MSG(test, record_honest(b, how, at == n),
			      "cut at %u of %u", at, n);
	KUNIT_EXPECT_TRUE_MSG(test, head_honest(b), "cut at %u of %u", at, n);
	if (at == n) {
		KUNIT_EXPECT_TRUE(test, bench_image_right(b));
		KUNIT_EXPECT_TRUE(test, bench_record_right(b));
	}
	if (how == RECORD_ONLY)
		KUNIT_EXPECT_TRUE(test, bench_image_right(b));
}

static u32 cut_everywhere(struct kunit *test, struct bench *b, enum mode how)
{
	u32 n = count_ops(b, how, CHIP_WRITES);
	u32 at;
	int err;

	KUNIT_EXPECT_GT(test, n, 0);
	for (at = 0; at <= n; at++) {
		back_to_before(b);
		chip_fault_set(b->chip, CHIP_CUT, CHIP_WRITES, at, -EIO);
		err = run(b, how);
		KUNIT_EXPECT_EQ_MSG(test, !err, at == n, "cut at %u of %u", at,
				    n);
		expect_cut(test, b, how, at, n);
	}
	return n + 1;
}

static void writer_cut(struct kunit *test)
{
	struct bench *b = bench_new(test);
	u32 i, how, cuts = 0;

	KUNIT_ASSERT_NOT_NULL(test, b);
	for (i = 0; i < ARRAY_SIZE(shapes); i++)
		for (how = WHOLE; how <= RECORD_ONLY; how++) {
			KUNIT_ASSERT_EQ(test, prepare(b, &shapes[i], how), 0);
			cuts += cut_everywhere(test, b, how);
		}
	kunit_info(test, "%u cuts\n", cuts);
}

static void expect_stopped(struct kunit *test, struct bench *b, u32 reason)
{
	struct fwslot_writer *w = &b->writer;
	u32 after = b->chip->after;

	KUNIT_EXPECT_EQ(test, w->state, FWSLOT_WRITER_FAILED);
	KUNIT_EXPECT_EQ(test, w->reason, reason);
	KUNIT_EXPECT_EQ(test, fwslot_writer_chunk(w, b->data), -EINVAL);
	KUNIT_EXPECT_EQ(test, fwslot_writer_finish(w), -EINVAL);
	KUNIT_EXPECT_EQ(test, fwslot_writer_record(w), -EINVAL);
	KUNIT_EXPECT_EQ(test, b->chip->after, after);
}

static u32 fail_everywhere(struct kunit *test, struct bench *b, enum mode how,
			   int err, u32 reason)
{
	u32 n = count_ops(b, how, CHIP_ALL);
	u32 at;

	KUNIT_EXPECT_GT(test, n, 0);
	for (at = 0; at < n; at++) {
		back_to_before(b);
		chip_fault_set(b->chip, CHIP_FAIL, CHIP_ALL, at, err);
		KUNIT_EXPECT_EQ_MSG(test, run(b, how), err, "fault at %u of %u",
				    at, n);
		KUNIT_EXPECT_EQ(test, b->chip->after, 0);
		/* These two say that the flash was not even asked. */
		KUNIT_EXPECT_EQ(test, b->writer.touched,
				b->chip->n_log || (err != -ENODEV &&
						   err != -ECANCELED));
		expect_stopped(test, b, reason);
	}
	return n;
}

static void writer_fail(struct kunit *test)
{
	static const struct {
		int err;
		u32 reason;
	} rows[] = {
		{ -EIO, FWSLOT_REASON_FLASH_IO },
		{ -EROFS, FWSLOT_REASON_FLASH_IO },
		{ -ENODEV, FWSLOT_REASON_SLOT_GONE },
		{ -ECANCELED, FWSLOT_REASON_ABORTED },
	};
	struct bench *b = bench_new(test);
	u32 i, k, how, faults = 0;

	KUNIT_ASSERT_NOT_NULL(test, b);
	for (i = 0; i < ARRAY_SIZE(shapes); i++)
		for (how = WHOLE; how <= RECORD_ONLY; how++) {
			KUNIT_ASSERT_EQ(test, prepare(b, &shapes[i], how), 0);
			for (k = 0; k < ARRAY_SIZE(rows); k++)
				faults += fail_everywhere(test, b, how,
							  rows[k].err,
							  rows[k].reason);
		}
	kunit_info(test, "%u faults\n", faults);
}

/* Either it notices, or nothing came of it. */
static u32 lie_everywhere(struct kunit *test, struct bench *b, enum mode how,
			  enum chip_fault fault)
{
	u32 n = count_ops(b, how, CHIP_ALL);
	u32 at, noticed = 0;
	int err;

	for (at = 0; at < n; at++) {
		back_to_before(b);
		chip_fault_set(b->chip, fault, CHIP_ALL, at, 0);
		err = run(b, how);
		if (err) {
			noticed++;
			KUNIT_EXPECT_EQ(test, err, -EIO);
			KUNIT_EXPECT_TRUE(test, b->writer.touched);
			expect_stopped(test, b, b->writer.reason);
			continue;
		}
		KUNIT_EXPECT_TRUE_MSG(test, bench_image_right(b) &&
				      bench_record_right(b),
				      "fault at %u of %u", at, n);
	}
	return noticed;
}

static void writer_lie(struct kunit *test)
{
	static const enum chip_fault faults[] = { CHIP_NOOP, CHIP_FLIP };
	struct bench *b = bench_new(test);
	u32 i, k, how, noticed = 0;

	KUNIT_ASSERT_NOT_NULL(test, b);
	for (i = 0; i < ARRAY_SIZE(shapes); i++)
		for (how = WHOLE; how <= RECORD_ONLY; how++) {
			KUNIT_ASSERT_EQ(test, prepare(b, &shapes[i], how), 0);
			for (k = 0; k < ARRAY_SIZE(faults); k++)
				noticed += lie_everywhere(test, b, how,
							  faults[k]);
		}
	kunit_info(test, "%u lies noticed\n", noticed);
}

/* The record that is not destroyed: nothing else may be touched. */
static void writer_lie_record(struct kunit *test)
{
	struct bench *b = bench_new(test);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, b);
	for (i = 0; i < ARRAY_SIZE(shapes); i++) {
		if (shapes[i].overwrite)
			continue;
		KUNIT_ASSERT_EQ(test, prepare(b, &shapes[i], WHOLE), 0);
		chip_fault_set(b->chip, CHIP_NOOP, CHIP_WRITES, 0, 0);
		KUNIT_EXPECT_EQ(test, run(b, WHOLE), -EIO);
		KUNIT_EXPECT_TRUE_MSG(test, old_there(b), "shape %u", i);
	}
}

/* A chunk that changes in memory after it was authenticated is found out. */
static void writer_wrong_data(struct kunit *test)
{
	struct bench *b = bench_new(test);

	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_ASSERT_EQ(test, bench_setup(b, &shapes[0], 1), 0);
	bench_old(b);
	b->data[b->shape.image_size - 1] ^= 1;
	KUNIT_EXPECT_EQ(test, bench_install(b), -EIO);
	KUNIT_EXPECT_EQ(test, b->writer.reason, FWSLOT_REASON_READ_BACK);
	KUNIT_EXPECT_FALSE(test, bench_record_valid(b));
}

static struct kunit_case writer_fault_cases[] = {
	KUNIT_CASE(writer_cut),
	KUNIT_CASE(writer_fail),
	KUNIT_CASE(writer_lie),
	KUNIT_CASE(writer_lie_record),
	KUNIT_CASE(writer_wrong_data),
	{}
};

static struct kunit_suite writer_fault_suite = {
	.name = "writer-fault",
	.test_cases = writer_fault_cases,
};

kunit_test_suite(writer_fault_suite);
