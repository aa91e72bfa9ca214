// SPDX-License-Identifier: GPL-2.0-only
/*
 * writer_nand_test.c - the engine on NAND: page order, bad blocks, cuts
 *
 * The chip refuses a page that is programmed out of order or twice.
 */
#include <kunit/test.h>
#include "nand.h"

#define SPARE	(NAND_BLOCKS - NAND_IMAGE_BLOCKS - NAND_RECORD_BLOCKS)

static void expect_installed(struct kunit *test, struct nand *n, int err,
			     const char *what, u32 at)
{
	KUNIT_EXPECT_EQ_MSG(test, err, 0, "%s %u", what, at);
	KUNIT_EXPECT_TRUE_MSG(test, nand_image_right(n), "%s %u", what, at);
	KUNIT_EXPECT_TRUE_MSG(test, nand_record_right(n), "%s %u", what, at);
	KUNIT_EXPECT_EQ_MSG(test, n->model.count.refused, 0, "%s %u", what, at);
	KUNIT_EXPECT_EQ(test, n->w.state, FWSLOT_WRITER_DONE);
}

/* Every erased block is erased once, and the record is in the last good ones. */
static void nand_plain(struct kunit *test)
{
	struct nand *n = nand_new(test);

	KUNIT_ASSERT_NOT_NULL(test, n);
	expect_installed(test, n, nand_install(n), "plain", 0);
	KUNIT_EXPECT_EQ(test, n->model.count.erases,
			NAND_IMAGE_BLOCKS + NAND_RECORD_BLOCKS);
	KUNIT_EXPECT_EQ(test, n->w.blocks, n->w.blocks_total);
	nand_image(n, 2);
	expect_installed(test, n, nand_install(n), "again", 0);
	KUNIT_EXPECT_EQ(test, n->model.count.erases,
			2 * (NAND_IMAGE_BLOCKS + NAND_RECORD_BLOCKS));
}

/* Blocks that are bad from the start, at every position, and two of them. */
static void nand_bad_blocks(struct kunit *test)
{
	struct nand *n = nand_new(test);
	u32 a, b;

	KUNIT_ASSERT_NOT_NULL(test, n);
	for (a = 0; a < NAND_BLOCKS; a++)
		for (b = a; b < NAND_BLOCKS; b++) {
			nand_erased(n);
			flashsim_model_mark_bad(&n->model, (u64)a * NAND_ERASE);
			flashsim_model_mark_bad(&n->model, (u64)b * NAND_ERASE);
			nand_map(n);
			expect_installed(test, n, nand_install(n), "bad", a);
		}
}

/*
 * Blocks that wear out during the install, at every position.  Of two that fail
 * and nothing was programmed in between, the second is left to the next attempt:
 * it may be something else than the blocks.
 */
static void nand_worn_blocks(struct kunit *test)
{
	struct nand *n = nand_new(test);
	u32 a, b, tries = 0;
	int err;

	KUNIT_ASSERT_NOT_NULL(test, n);
	for (a = 0; a < NAND_BLOCKS; a++)
		for (b = a; b < NAND_BLOCKS; b++) {
			nand_erased(n);
			flashsim_model_wear(&n->model, (u64)a * NAND_ERASE);
			flashsim_model_wear(&n->model, (u64)b * NAND_ERASE);
			err = nand_install(n);
			if (err) {
				tries++;
				KUNIT_EXPECT_EQ(test, n->retired, 1);
				err = nand_install(n);
			}
			expect_installed(test, n, err, "worn", a);
		}
	KUNIT_EXPECT_GT(test, n->retired, 0);
	KUNIT_EXPECT_GT(test, tries, 0);
}

/*
 * Every step fails once.  The block is given up, and it goes on without it; only
 * where it was the first block, written late, the next attempt is needed.
 */
static void nand_steps_fail(struct kunit *test)
{
	struct flashsim_fault fault = {
		.kind = FLASHSIM_FAULT_STEP, .err = -EIO,
	};
	struct nand *n = nand_new(test);
	u32 again = 0;
	u64 steps;
	int err;

	KUNIT_ASSERT_NOT_NULL(test, n);
	KUNIT_ASSERT_EQ(test, nand_install(n), 0);
	steps = n->model.steps;
	for (fault.at = 0; fault.at < steps; fault.at++) {
		nand_erased(n);
		flashsim_fault_arm(&n->model, &fault);
		err = nand_install(n);
		if (err) {
			again++;
			KUNIT_EXPECT_EQ(test, err, -EIO);
			KUNIT_EXPECT_FALSE(test, nand_record_right(n));
			err = nand_install(n);
		}
		expect_installed(test, n, err, "fails", fault.at);
		KUNIT_EXPECT_EQ(test, n->retired, 1);
	}
	/* The pages of the first block */
	KUNIT_EXPECT_EQ(test, again, NAND_ERASE / NAND_PAGE);
}

/*
 * What was programmed cannot be read back.  In the first block, and once the
 * whole is read, that is left to the next attempt.
 */
static void nand_reads_fail(struct kunit *test)
{
	struct flashsim_fault fault = {
		.kind = FLASHSIM_FAULT_READ, .err = -EBADMSG,
	};
	struct nand *n = nand_new(test);
	u64 reads;
	u32 kept = 0;
	int err;

	KUNIT_ASSERT_NOT_NULL(test, n);
	KUNIT_ASSERT_EQ(test, nand_install(n), 0);
	reads = n->model.count.reads;
	for (fault.at = 0; fault.at < reads; fault.at++) {
		nand_erased(n);
		flashsim_fault_arm(&n->model, &fault);
		err = nand_install(n);
		KUNIT_EXPECT_TRUE(test, !err || err == -EBADMSG);
		kept += !n->retired;
		if (err) {
			KUNIT_EXPECT_FALSE(test, nand_record_right(n));
			err = nand_install(n);
		}
		expect_installed(test, n, err, "read fails", fault.at);
	}
	/* Reads of the whole: one for each block of a chunk */
	KUNIT_EXPECT_EQ(test, kept, NAND_IMAGE_BLOCKS);
}

/* A block that cannot be marked bad is not given up: the failure stands. */
static void nand_retire_fails(struct kunit *test)
{
	struct nand *n = nand_new(test);
	u32 block;

	KUNIT_ASSERT_NOT_NULL(test, n);
	n->retire_err = -EROFS;
	for (block = 0; block < NAND_IMAGE_BLOCKS; block++) {
		nand_erased(n);
		flashsim_model_wear(&n->model, (u64)block * NAND_ERASE);
		KUNIT_EXPECT_EQ(test, nand_install(n), -EIO);
		KUNIT_EXPECT_EQ(test, n->w.reason, FWSLOT_REASON_FLASH_IO);
		KUNIT_EXPECT_EQ(test, n->w.state, FWSLOT_WRITER_FAILED);
		KUNIT_EXPECT_FALSE(test, nand_record_right(n));
	}
}

/* More bad blocks than there is room for: refused, or given up. */
static void nand_too_many(struct kunit *test)
{
	struct nand *n = nand_new(test);
	u32 i, last;
	int err;

	KUNIT_ASSERT_NOT_NULL(test, n);
	for (i = 0; i <= SPARE; i++)
		flashsim_model_mark_bad(&n->model, (u64)2 * i * NAND_ERASE);
	nand_map(n);
	KUNIT_EXPECT_EQ(test, nand_install(n), FWSLOT_REASON_TOO_LARGE);
	KUNIT_EXPECT_EQ(test, n->model.steps, 0);

	nand_erased(n);
	for (i = 0; i <= SPARE; i++)
		flashsim_model_wear(&n->model, (u64)2 * i * NAND_ERASE);
	do {
		last = n->w.reason;
		err = nand_install(n);
	} while (err < 0 && n->retired <= SPARE + 1);
	KUNIT_EXPECT_EQ(test, err, FWSLOT_REASON_TOO_LARGE);
	KUNIT_EXPECT_EQ(test, last, FWSLOT_REASON_BAD_BLOCKS);
	KUNIT_EXPECT_FALSE(test, nand_record_right(n));
	KUNIT_EXPECT_EQ(test, n->retired, SPARE + 1);
}

/* On linear NAND the image ends before the first bad block. */
static void nand_linear(struct kunit *test)
{
	struct nand *n = nand_new(test);

	KUNIT_ASSERT_NOT_NULL(test, n);
	n->flash.geo.image_size = NAND_IMAGE - 1;
	KUNIT_EXPECT_EQ(test, nand_install(n), FWSLOT_REASON_TOO_LARGE);
	n->flash.geo.image_size = NAND_IMAGE;
	expect_installed(test, n, nand_install(n), "linear", 0);
}

static u32 cut_once(struct kunit *test, struct nand *n, u64 at,
		    enum flashsim_damage d)
{
	int err;

	nand_erased(n);
	nand_image(n, 1);
	KUNIT_EXPECT_EQ(test, nand_install(n), 0);
	nand_image(n, 2);
	at += n->model.steps;
	flashsim_cut_arm(&n->model, at, d, at);
	err = nand_install(n);
	if (!err)
		return 0;
	KUNIT_EXPECT_EQ(test, err, -ENODEV);
	flashsim_power_on(&n->model);
	KUNIT_EXPECT_TRUE_MSG(test, !nand_record_right(n) || nand_image_right(n),
			      "cut at %u, %s", (u32)at, flashsim_damage_word(d));
	expect_installed(test, n, nand_install(n), "cut", at);
	return 1;
}

/* Power is lost at every step, in every way; then it is installed again. */
static void nand_cuts(struct kunit *test)
{
	struct nand *n = nand_new(test);
	u32 d, at, cuts = 0;

	KUNIT_ASSERT_NOT_NULL(test, n);
	for (d = 0; d < FLASHSIM_DAMAGES; d++)
		for (at = 0; cut_once(test, n, at, d); at++)
			cuts++;
	KUNIT_EXPECT_GT(test, cuts, 1000);
	kunit_info(test, "%u cuts\n", cuts);
}

static struct kunit_case nand_cases[] = {
	KUNIT_CASE(nand_plain),
	KUNIT_CASE(nand_bad_blocks),
	KUNIT_CASE(nand_worn_blocks),
	KUNIT_CASE(nand_steps_fail),
	KUNIT_CASE(nand_reads_fail),
	KUNIT_CASE(nand_retire_fails),
	KUNIT_CASE(nand_too_many),
	KUNIT_CASE(nand_linear),
	KUNIT_CASE(nand_cuts),
	{}
};

static struct kunit_suite nand_suite = {
	.name = "writer-nand",
	.test_cases = nand_cases,
};

kunit_test_suite(nand_suite);
