// SPDX-License-Identifier: GPL-2.0-only
/*
 * flashsim_fault_test.c - faults of the flash model that are no power cuts
 */
#include <kunit/test.h>
#include "rig.h"

static void arm(struct rig *rig, enum flashsim_fault_kind kind, u64 at, int err,
		bool sticky)
{
	struct flashsim_fault fault = {
		.kind = kind, .at = at, .err = err, .sticky = sticky,
	};

	flashsim_fault_arm(&rig->m, &fault);
}

/* Steps 0 to 2 program, one page each; returns which of them were done. */
static u32 program_three(struct rig *rig, int *err)
{
	u32 i, done = 0;

	for (i = 0; i < 3; i++) {
		err[i] = rig_program(rig, i * RIG_PAGE, RIG_PAGE, i);
		if (memchr_inv(rig->array + i * RIG_PAGE, 0xff, RIG_PAGE))
			done |= 1U << i;
	}
	return done;
}

static void fault_step(struct kunit *test)
{
	struct rig *rig = rig_new(test, false);
	int err[3];

	arm(rig, FLASHSIM_FAULT_STEP, 1, -EIO, false);
	KUNIT_EXPECT_EQ(test, program_three(rig, err), 5);
	KUNIT_EXPECT_EQ(test, err[0], 0);
	KUNIT_EXPECT_EQ(test, err[1], -EIO);
	KUNIT_EXPECT_EQ(test, err[2], 0);
	KUNIT_EXPECT_EQ(test, rig->m.steps, 3);
	KUNIT_EXPECT_EQ(test, rig->m.count.failed, 1);
	KUNIT_EXPECT_EQ(test, rig->m.count.programs, 2);

	/* In the middle of a call: what came before it is done. */
	arm(rig, FLASHSIM_FAULT_STEP, 4, -EIO, false);
	KUNIT_EXPECT_EQ(test, -EIO, flashsim_model_erase(&rig->m, 0, RIG_SIZE));
	KUNIT_EXPECT_EQ(test, rig->m.count.erases, 1);
	KUNIT_EXPECT_EQ(test, rig->m.steps, 5);

	arm(rig, FLASHSIM_FAULT_STEP, 6, -EIO, true);
	KUNIT_EXPECT_EQ(test, program_three(rig, err), 1);
	KUNIT_EXPECT_EQ(test, err[1] + err[2], -2 * EIO);
	flashsim_fault_arm(&rig->m, NULL);
	KUNIT_EXPECT_EQ(test, program_three(rig, err), 7);
	KUNIT_EXPECT_EQ(test, err[1] | err[2], 0);
}

static void fault_no_op(struct kunit *test)
{
	struct rig *rig = rig_new(test, false);
	int err[3];

	arm(rig, FLASHSIM_FAULT_STEP, 1, 0, false);
	KUNIT_EXPECT_EQ(test, program_three(rig, err), 5);
	KUNIT_EXPECT_EQ(test, err[0] | err[1] | err[2], 0);
	KUNIT_EXPECT_EQ(test, rig->m.count.failed, 0);
	arm(rig, FLASHSIM_FAULT_STEP, 3, 0, false);
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_erase(&rig->m, 0, RIG_BLOCK));
	KUNIT_EXPECT_TRUE(test, memchr_inv(rig->array, 0xff, RIG_BLOCK));
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_erase(&rig->m, 0, RIG_BLOCK));
	KUNIT_EXPECT_FALSE(test, memchr_inv(rig->array, 0xff, RIG_BLOCK));
}

/* What comes of reads 1 and 2 of four. */
static void check_read(struct kunit *test, bool nand, int err, bool sticky)
{
	struct rig *rig = rig_new(test, nand);
	bool right, hit;
	u32 n;

	KUNIT_ASSERT_EQ(test, 0, rig_program(rig, 0, RIG_PAGE, 1));
	arm(rig, FLASHSIM_FAULT_READ, 1, err, sticky);
	for (n = 0; n < 4; n++) {
		hit = n == 1 || (n > 1 && sticky);
		KUNIT_EXPECT_EQ(test, hit ? err : 0, rig_read(rig, 0, RIG_PAGE));
		right = !memcmp(rig->buf, rig->array, RIG_PAGE);
		KUNIT_EXPECT_EQ(test, right, !hit || err == -EUCLEAN);
		if (hit && !err)
			KUNIT_EXPECT_TRUE(test, !memchr_inv(rig->buf, 0xff,
							    RIG_PAGE));
	}
	KUNIT_EXPECT_EQ(test, rig->m.count.reads, 4);
}

static void fault_read(struct kunit *test)
{
	static const int errs[] = { 0, -EIO, -EUCLEAN, -EBADMSG };
	u32 i;

	for (i = 0; i < 4 * ARRAY_SIZE(errs); i++)
		check_read(test, i & 1, errs[i / 4], i & 2);
}

static void fault_lock(struct kunit *test)
{
	struct rig *rig = rig_new(test, false);
	struct flashsim_model *m = &rig->m;

	arm(rig, FLASHSIM_FAULT_LOCK, 1, -EIO, false);
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_lock(m, 0, RIG_BLOCK));
	KUNIT_EXPECT_EQ(test, -EIO, flashsim_model_lock(m, 0, RIG_SIZE));
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_is_locked(m, 0, RIG_SIZE));
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_lock(m, 0, RIG_SIZE));
	KUNIT_EXPECT_EQ(test, 1, flashsim_model_is_locked(m, 0, RIG_SIZE));

	arm(rig, FLASHSIM_FAULT_UNLOCK, 0, -EIO, true);
	KUNIT_EXPECT_EQ(test, -EIO, flashsim_model_unlock(m, 0, RIG_SIZE));
	KUNIT_EXPECT_EQ(test, -EIO, flashsim_model_unlock(m, 0, RIG_SIZE));
	KUNIT_EXPECT_EQ(test, 1, flashsim_model_is_locked(m, 0, RIG_SIZE));
	KUNIT_EXPECT_EQ(test, m->count.failed, 3);

	/* It says that it was done, and was not. */
	arm(rig, FLASHSIM_FAULT_UNLOCK, 2, 0, false);
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_unlock(m, 0, RIG_SIZE));
	KUNIT_EXPECT_EQ(test, 1, flashsim_model_is_locked(m, 0, RIG_SIZE));
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_unlock(m, 0, RIG_SIZE));
	arm(rig, FLASHSIM_FAULT_LOCK, 3, 0, false);
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_lock(m, 0, RIG_SIZE));
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_is_locked(m, 0, RIG_BLOCK));
	KUNIT_EXPECT_EQ(test, m->count.failed, 3);
	KUNIT_EXPECT_EQ(test, m->count.locks, 4);
	KUNIT_EXPECT_EQ(test, m->count.unlocks, 4);
}

static void wrap_line(struct rig *rig, u64 line)
{
	struct flashsim_fault fault = {
		.kind = FLASHSIM_FAULT_WRAP, .line = line,
	};

	flashsim_fault_arm(&rig->m, &fault);
}

/* The line of the block number: one block is seen as another. */
static void fault_wrap_block(struct kunit *test)
{
	struct rig *rig = rig_new(test, false);
	struct flashsim_model *m = &rig->m;
	struct rig *was = rig_clone(test, rig);

	wrap_line(rig, RIG_BLOCK);
	KUNIT_EXPECT_EQ(test, 0, rig_program(rig, 3 * RIG_BLOCK, RIG_PAGE, 1));
	KUNIT_EXPECT_TRUE(test, rig_only_changed(was, rig, 2 * RIG_BLOCK,
						 RIG_PAGE));
	KUNIT_EXPECT_EQ(test, 0, rig_read(rig, 3 * RIG_BLOCK, RIG_PAGE));
	KUNIT_EXPECT_TRUE(test, !memcmp(rig->buf, rig->array + 2 * RIG_BLOCK,
					RIG_PAGE));
	/* Nobody notices that something is there: both are mixed. */
	memset(rig->buf, 0xa5, RIG_PAGE);
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_program(m, 2 * RIG_BLOCK,
							rig->buf, RIG_PAGE));
	rig_copy(was, rig);
	flashsim_fault_arm(m, NULL);
	KUNIT_EXPECT_EQ(test, -EIO, flashsim_model_program(m, 2 * RIG_BLOCK,
							   rig->buf, RIG_PAGE));
	wrap_line(rig, RIG_BLOCK);
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_lock(m, RIG_BLOCK, RIG_BLOCK));
	KUNIT_EXPECT_EQ(test, -EROFS, flashsim_model_erase(m, RIG_BLOCK,
							   RIG_BLOCK));
	KUNIT_EXPECT_EQ(test, 1, flashsim_model_is_locked(m, RIG_BLOCK,
							  RIG_BLOCK));
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_erase(m, 3 * RIG_BLOCK,
						      RIG_BLOCK));
	KUNIT_EXPECT_FALSE(test, memchr_inv(rig->array, 0xff, RIG_SIZE));
	flashsim_fault_arm(m, NULL);
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_is_locked(m, RIG_BLOCK,
							  RIG_BLOCK));
	KUNIT_EXPECT_EQ(test, 1, flashsim_model_is_locked(m, 0, RIG_BLOCK));
}

/* A line within the page: ranges that go over it are split. */
static void fault_wrap_within(struct kunit *test)
{
	struct rig *rig = rig_new(test, false);
	u32 i, line = 0x40;

	KUNIT_ASSERT_EQ(test, 0, rig_program(rig, 0, RIG_SIZE, 1));
	wrap_line(rig, line);
	KUNIT_EXPECT_EQ(test, 0, rig_read(rig, 7, 3 * RIG_PAGE));
	for (i = 0; i < 3 * RIG_PAGE; i++)
		if (rig->buf[i] != rig->array[(i + 7) & ~line])
			break;
	KUNIT_EXPECT_EQ(test, i, 3 * RIG_PAGE);

	KUNIT_EXPECT_EQ(test, 0, flashsim_model_erase(&rig->m, 0, RIG_SIZE));
	memset(rig->buf, 0xf0, line);
	memset(rig->buf + line, 0x3c, line);
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_program(&rig->m, 0, rig->buf,
							2 * line));
	KUNIT_EXPECT_TRUE(test, !memchr_inv(rig->array, 0x30, line));
	KUNIT_EXPECT_TRUE(test, !memchr_inv(rig->array + line, 0xff, line));
}

/* States of pages and blocks are those of where the wire leads to. */
static void fault_wrap_nand(struct kunit *test)
{
	struct rig *rig = rig_new(test, true);
	struct flashsim_model *m = &rig->m;

	wrap_line(rig, RIG_BLOCK);
	KUNIT_EXPECT_EQ(test, 0, rig_program(rig, RIG_BLOCK, RIG_PAGE, 1));
	KUNIT_EXPECT_EQ(test, -EIO, rig_program(rig, 0, RIG_PAGE, 1));
	KUNIT_EXPECT_EQ(test, -EIO, rig_program(rig, RIG_BLOCK, RIG_PAGE, 1));
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_mark_bad(m, 3 * RIG_BLOCK));
	KUNIT_EXPECT_EQ(test, 1, flashsim_model_is_bad(m, 2 * RIG_BLOCK));
	flashsim_fault_arm(m, NULL);
	KUNIT_EXPECT_EQ(test, 0, rig_program(rig, RIG_BLOCK, RIG_PAGE, 1));
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_is_bad(m, 3 * RIG_BLOCK));
}

/* Power on arms nothing: the next history starts without a fault. */
static void fault_power_on(struct kunit *test)
{
	struct rig *rig = rig_new(test, false);

	arm(rig, FLASHSIM_FAULT_STEP, 0, -EIO, true);
	flashsim_power_on(&rig->m);
	KUNIT_EXPECT_EQ(test, 0, rig_program(rig, 0, RIG_PAGE, 1));
}

static struct kunit_case fault_cases[] = {
	KUNIT_CASE(fault_step),
	KUNIT_CASE(fault_no_op),
	KUNIT_CASE(fault_read),
	KUNIT_CASE(fault_lock),
	KUNIT_CASE(fault_wrap_block),
	KUNIT_CASE(fault_wrap_within),
	KUNIT_CASE(fault_wrap_nand),
	KUNIT_CASE(fault_power_on),
	{}
};

static struct kunit_suite fault_suite = {
	.name = "flashsim-fault",
	.test_cases = fault_cases,
};

kunit_test_suite(fault_suite);
