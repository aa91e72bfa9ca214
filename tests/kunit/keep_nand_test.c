// SPDX-License-Identifier: GPL-2.0-only
/*
 * keep_nand_test.c - a failed write of NAND puts back what was there
 *
 * Blocks are given up on the way, so what is put back may lie elsewhere.
 */
#include <kunit/test.h>
#include "nand.h"

#define PAGES	(NAND_ERASE / NAND_PAGE)
#define LEAST	(NAND_IMAGE_BLOCKS + NAND_RECORD_BLOCKS)
#define ROOM	(LEAST * NAND_ERASE)

/* @good blocks, and @own of them for the record alone; they hold image 1. */
static void prepare(struct kunit *test, struct nand *n, u32 good, u32 own)
{
	u32 block;

	n->own = own;
	nand_erased(n);
	for (block = good; block < NAND_BLOCKS; block++)
		flashsim_model_mark_bad(&n->model, (u64)block * NAND_ERASE);
	nand_map(n);
	nand_image(n, 1);
	KUNIT_ASSERT_EQ(test, nand_install(n), 0);
}

/* Image 2 instead, of which step @at fails, and with @sticky all after it. */
static int fail_at(struct nand *n, u8 *old, u64 old_size, u32 at, bool sticky)
{
	struct flashsim_fault fault = {
		.kind = FLASHSIM_FAULT_STEP, .at = n->model.steps + at,
		.sticky = sticky, .err = sticky ? -EIO : -ETIMEDOUT,
	};
	int err;

	nand_image(n, 2);
	err = nand_begin(n);
	n->w.old = old;
	n->w.old_size = old_size;
	n->w.firm = old_size;
	if (!err)
		err = fwslot_writer_keep(&n->w);
	flashsim_fault_arm(&n->model, &fault);
	if (!err)
		err = nand_feed(n);
	flashsim_fault_arm(&n->model, NULL);
	return err;
}

static bool holds(struct nand *n, u32 image)
{
	nand_image(n, image);
	return nand_image_right(n);
}

static void expect_back(struct kunit *test, struct nand *n, u32 at)
{
	KUNIT_EXPECT_EQ_MSG(test, fwslot_writer_restore(&n->w), 0, "%u", at);
	KUNIT_EXPECT_TRUE_MSG(test, holds(n, 1), "step %u", at);
	KUNIT_EXPECT_TRUE_MSG(test, nand_record_right(n), "step %u", at);
	KUNIT_EXPECT_FALSE(test, n->w.touched);
	KUNIT_EXPECT_EQ(test, n->model.count.refused, 0);
}

/* What it held is not known, so it is not known either whether it is whole. */
static void expect_doubt(struct kunit *test, struct nand *n)
{
	KUNIT_EXPECT_EQ(test, fwslot_writer_restore(&n->w), -ENOSPC);
	KUNIT_EXPECT_TRUE(test, n->w.touched);
}

/* The image, but not its record; where not even the image fits, nothing. */
static void expect_no_room(struct kunit *test, struct nand *n)
{
	u64 steps = n->model.steps;
	u32 reason = n->w.reason;

	KUNIT_EXPECT_EQ(test, fwslot_writer_restore(&n->w), -ENOSPC);
	KUNIT_EXPECT_EQ(test, n->w.reason, reason);
	KUNIT_EXPECT_TRUE(test, n->w.touched);
	KUNIT_EXPECT_EQ(test, holds(n, 1), !n->own);
	if (n->own)
		KUNIT_EXPECT_EQ(test, n->model.steps, steps);
	else
		KUNIT_EXPECT_FALSE(test, nand_record_right(n));
}

/*
 * One step after the other fails, until the new image is whole, which is not
 * given up any more.  Returns how many did.
 */
static u32 fail_each(struct kunit *test, struct nand *n, u8 *old, u32 good,
		     u64 old_size, bool sticky)
{
	u32 at;
	int err;

	for (at = 0;; at++) {
		prepare(test, n, good, n->own);
		err = fail_at(n, old, old_size, at, sticky);
		KUNIT_EXPECT_EQ(test, err, sticky ? -EIO : -ETIMEDOUT);
		KUNIT_EXPECT_EQ(test, n->retired, sticky);
		KUNIT_EXPECT_EQ(test, fwslot_writer_old_size(&n->w), ROOM);
		if (n->w.whole || !err)
			break;
		if (good == LEAST)
			expect_no_room(test, n);
		else if (!old_size)
			expect_doubt(test, n);
		else
			expect_back(test, n, at);
	}
	KUNIT_EXPECT_EQ(test, fwslot_writer_restore(&n->w), -EINVAL);
	KUNIT_EXPECT_TRUE(test, n->w.touched);
	/* This chip takes the place of a block of the record from the image. */
	if (good > LEAST)
		KUNIT_EXPECT_TRUE(test, holds(n, 2));
	return at;
}

static void each(struct kunit *test, u32 good, u64 old_size, bool sticky)
{
	u8 *old = kunit_kzalloc(test, ROOM, GFP_KERNEL);
	struct nand *n = nand_new(test);
	/* Erases and pages of the image, and the erase of the record's head */
	u32 steps = NAND_IMAGE_BLOCKS + 1 + (NAND_IMAGE + NAND_PAGE - 1) / NAND_PAGE;

	KUNIT_ASSERT_NOT_NULL(test, old);
	KUNIT_ASSERT_NOT_NULL(test, n);
	for (n->own = 0; n->own <= NAND_RECORD_BLOCKS;
	     n->own += NAND_RECORD_BLOCKS)
		KUNIT_EXPECT_EQ(test, fail_each(test, n, old, good, old_size,
						sticky), steps);
}

/* It is not the block that fails, so none is given up. */
static void keep_nand_restores(struct kunit *test)
{
	each(test, NAND_BLOCKS, NAND_IMAGE, false);
}

/* A block is given up, and the one that takes its place fails, too. */
static void keep_nand_moved(struct kunit *test)
{
	each(test, NAND_BLOCKS, NAND_IMAGE, true);
}

static void keep_nand_unknown(struct kunit *test)
{
	each(test, NAND_BLOCKS, 0, true);
}

static void keep_nand_no_room(struct kunit *test)
{
	each(test, LEAST, NAND_IMAGE, true);
}

/*
 * The write fails at step @failed, then every step of putting back: half of it
 * is not taken for the whole.
 */
static void fail_restore(struct kunit *test, struct nand *n, u8 *old,
			 u32 failed)
{
	struct flashsim_fault fault = {
		.kind = FLASHSIM_FAULT_STEP, .err = -EIO,
	};
	int err = -EIO;
	u32 at;

	for (at = 0; err; at++) {
		prepare(test, n, NAND_BLOCKS, 0);
		KUNIT_ASSERT_EQ(test, fail_at(n, old, NAND_IMAGE, failed, true),
				-EIO);
		fault.at = n->model.steps + at;
		flashsim_fault_arm(&n->model, &fault);
		err = fwslot_writer_restore(&n->w);
		flashsim_fault_arm(&n->model, NULL);
		KUNIT_EXPECT_EQ(test, n->w.touched, err == -EIO);
		KUNIT_EXPECT_TRUE_MSG(test, holds(n, 1) || !nand_record_right(n),
				      "step %u", at);
	}
	KUNIT_EXPECT_TRUE(test, holds(n, 1) && nand_record_right(n));
	KUNIT_EXPECT_GT(test, at, PAGES);
}

static void keep_nand_restore_fails(struct kunit *test)
{
	u8 *old = kunit_kzalloc(test, ROOM, GFP_KERNEL);
	struct nand *n = nand_new(test);

	KUNIT_ASSERT_NOT_NULL(test, old);
	KUNIT_ASSERT_NOT_NULL(test, n);
	/* A block of the record is given up, and one of the image. */
	fail_restore(test, n, old, 1);
	fail_restore(test, n, old, 60);
}

/* Page @page of block @block cannot be corrected when it is kept. */
static int keep_weak(struct kunit *test, struct nand *n, u64 old_size,
		     u32 block, u32 page)
{
	u8 *old = kunit_kzalloc(test, ROOM, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, old);
	prepare(test, n, NAND_BLOCKS, 0);
	n->pages[block * PAGES + page] = FLASHSIM_PAGE_TORN;
	return fail_at(n, old, old_size, 60, false);
}

static void keep_nand_weak(struct kunit *test)
{
	struct nand *n = nand_new(test);
	u32 page;

	KUNIT_ASSERT_NOT_NULL(test, n);
	/* It was right a moment ago. */
	KUNIT_EXPECT_EQ(test, keep_weak(test, n, NAND_IMAGE, 2, 3), -EBADMSG);
	KUNIT_EXPECT_FALSE(test, n->w.kept || n->w.touched);
	/* Nobody knows what it was, or it was behind the image. */
	KUNIT_EXPECT_EQ(test, keep_weak(test, n, 0, 2, 3), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, fwslot_writer_restore(&n->w), 0);
	KUNIT_EXPECT_FALSE(test, holds(n, 1));
	KUNIT_EXPECT_TRUE(test, nand_record_right(n));
	KUNIT_EXPECT_EQ(test, keep_weak(test, n, 2 * NAND_ERASE, 2, 3),
			-ETIMEDOUT);
	/* A record that was cut short: its image comes back. */
	for (page = 0; page < 4; page += 3) {
		KUNIT_EXPECT_EQ(test, keep_weak(test, n, NAND_IMAGE,
						NAND_BLOCKS - 1, page),
				-ETIMEDOUT);
		KUNIT_EXPECT_FALSE(test, n->w.firm);
		KUNIT_EXPECT_EQ(test, fwslot_writer_restore(&n->w), 0);
		KUNIT_EXPECT_TRUE(test, holds(n, 1));
		KUNIT_EXPECT_FALSE(test, nand_record_right(n));
	}
}

static struct kunit_case keep_nand_cases[] = {
	KUNIT_CASE(keep_nand_restores),
	KUNIT_CASE(keep_nand_moved),
	KUNIT_CASE(keep_nand_unknown),
	KUNIT_CASE(keep_nand_no_room),
	KUNIT_CASE(keep_nand_restore_fails),
	KUNIT_CASE(keep_nand_weak),
	{}
};

static struct kunit_suite keep_nand_suite = {
	.name = "keep-nand",
	.test_cases = keep_nand_cases,
};

kunit_test_suite(keep_nand_suite);
