// SPDX-License-Identifier: GPL-2.0-only
/*
 * flashsim_weak_test.c - bits of NOR that read right for a while, and clones
 */
#include <kunit/test.h>
#include "rig.h"

#define PAGE_OFS	(RIG_BLOCK + 2 * RIG_PAGE)
#define READS		40	/* enough for a weak bit to be right and wrong */

/**
 * struct weak - a chip with a step that was stopped at its very end
 * @was: chip before
 * @done: chip after all of the step, stable
 * @is: chip after the step was stopped
 * @step: the step
 */
struct weak {
	struct rig *was, *done, *is;
	struct flashsim_step step;
};

static void weak_set(struct kunit *test, struct weak *w, bool erase)
{
	w->was = rig_new(test, false);
	KUNIT_ASSERT_EQ(test, 0, rig_program(w->was, RIG_BLOCK, RIG_BLOCK, 1));
	w->is = rig_clone(test, w->was);
	w->done = rig_clone(test, w->was);
	w->step.erase = erase;
	w->step.ofs = erase ? RIG_BLOCK : PAGE_OFS;
	w->step.len = erase ? RIG_BLOCK : RIG_PAGE;
	w->step.buf = erase ? NULL : w->done->buf;
	KUNIT_ASSERT_EQ(test, 0, erase ?
			flashsim_model_erase(&w->done->m, RIG_BLOCK, RIG_BLOCK) :
			rig_program(w->done, PAGE_OFS, RIG_PAGE, 2));
}

static void weaken(struct weak *w, u32 seed)
{
	rig_copy(w->is, w->was);
	flashsim_damage(&w->is->m, &w->step, FLASHSIM_UNSTABLE, seed);
}

/* Read the block: is it as @array says? */
static bool reads_right(struct kunit *test, struct rig *rig)
{
	KUNIT_ASSERT_EQ(test, 0, rig_read(rig, RIG_BLOCK, RIG_BLOCK));
	return !memcmp(rig->buf, rig->array + RIG_BLOCK, RIG_BLOCK);
}

static bool stays_right(struct kunit *test, struct rig *rig)
{
	u32 i;

	for (i = 0; i < READS; i++)
		if (!reads_right(test, rig))
			return false;
	return true;
}

/*
 * All seeds: right for 0 to 7 reads and not for ever, and which of the reads
 * come out wrong is not always the same.
 */
static void check_reads(struct kunit *test, struct weak *w)
{
	u32 seen[8] = { 0 };
	u32 seed, n, i, varied = 0;
	u8 *first = kunit_kzalloc(test, RIG_BLOCK, GFP_KERNEL);
	bool differs;

	KUNIT_ASSERT_NOT_NULL(test, first);
	for (seed = 0; seed < RIG_SEEDS; seed++) {
		weaken(w, seed);
		KUNIT_EXPECT_TRUE(test, !memcmp(w->is->array, w->done->array,
						RIG_SIZE));
		for (n = 0; n < READS && reads_right(test, w->is); n++)
			;
		/* With few weak bits a read may be right by luck. */
		KUNIT_EXPECT_LT(test, n, READS);
		seen[n & 7]++;
		memcpy(first, w->is->buf, RIG_BLOCK);
		for (i = 0, differs = false; i < READS; i++) {
			reads_right(test, w->is);
			differs |= !!memcmp(first, w->is->buf, RIG_BLOCK);
		}
		varied += differs;
	}
	for (n = 0; n < 8; n++)
		KUNIT_EXPECT_GT(test, seen[n], 0);
	KUNIT_EXPECT_EQ(test, varied, RIG_SEEDS);
}

static void weak_reads(struct kunit *test)
{
	struct weak w;

	weak_set(test, &w, false);
	check_reads(test, &w);
	weak_set(test, &w, true);
	check_reads(test, &w);
}

/* The good reads come first, and there are as many as the chip says. */
static void weak_good_reads(struct kunit *test)
{
	struct weak w;
	u32 seed, i, good;

	weak_set(test, &w, false);
	for (seed = 0; seed < RIG_SEEDS; seed++) {
		weaken(&w, seed);
		good = w.is->m.unstable[0].good;
		KUNIT_EXPECT_LT(test, good, 8);
		for (i = 0; i < good; i++) {
			/* A read of something else does not count. */
			KUNIT_EXPECT_EQ(test, 0, rig_read(w.is, 0, RIG_BLOCK));
			KUNIT_EXPECT_EQ(test, 0, rig_read(w.is, PAGE_OFS - 9, 9));
			KUNIT_EXPECT_TRUE(test, reads_right(test, w.is));
		}
		KUNIT_EXPECT_FALSE(test, stays_right(test, w.is));
	}
}

/* Only bits that the step changed can be wrong: 1 or 0 as before the step. */
static void weak_bits(struct kunit *test)
{
	u32 seed, i, n, at;
	struct weak w;
	int erase;
	u8 wrong;

	for (erase = 0; erase < 2; erase++) {
		weak_set(test, &w, erase);
		for (seed = 0; seed < RIG_SEEDS; seed++) {
			weaken(&w, seed);
			for (n = 0; n < READS; n++) {
				KUNIT_ASSERT_EQ(test, 0,
						rig_read(w.is, 0, RIG_SIZE));
				for (i = 0; i < RIG_SIZE; i++) {
					wrong = w.is->buf[i] ^ w.is->array[i];
					if (!wrong)
						continue;
					at = i - w.step.ofs;
					KUNIT_EXPECT_LT(test, at, w.step.len);
					if (erase)
						continue;
					KUNIT_EXPECT_EQ(test, wrong, wrong &
							w.was->array[i] &
							~w.done->array[i]);
				}
			}
		}
	}
}

/* A step that changes no bit leaves none weak. */
static void weak_nothing(struct kunit *test)
{
	struct weak w;
	u32 seed;

	weak_set(test, &w, false);
	rig_copy(w.was, w.done);
	for (seed = 0; seed < 20; seed++) {
		weaken(&w, seed);
		KUNIT_EXPECT_EQ(test, w.is->m.n_unstable, 0);
		KUNIT_EXPECT_TRUE(test, stays_right(test, w.is));
	}
}

/* Weak bits stay until their block is erased, and not another one. */
static void weak_until_erased(struct kunit *test)
{
	struct flashsim_model *m;
	struct weak w;
	int erase;

	for (erase = 0; erase < 2; erase++) {
		weak_set(test, &w, erase);
		weaken(&w, 4);
		m = &w.is->m;
		flashsim_power_on(m);
		KUNIT_EXPECT_EQ(test, 0, flashsim_model_erase(m, 0, RIG_BLOCK));
		KUNIT_EXPECT_FALSE(test, stays_right(test, w.is));
		/* The same program again does not help. */
		if (!erase)
			KUNIT_EXPECT_EQ(test, 0,
					flashsim_model_program(m, PAGE_OFS,
							       w.step.buf,
							       RIG_PAGE));
		KUNIT_EXPECT_FALSE(test, stays_right(test, w.is));
		KUNIT_EXPECT_EQ(test, 0, flashsim_model_erase(m, RIG_BLOCK,
							      RIG_BLOCK));
		KUNIT_EXPECT_TRUE(test, stays_right(test, w.is));
		KUNIT_EXPECT_EQ(test, m->n_unstable, 0);
	}
}

/* A bit that an erase left weak is 0 for good once it is programmed. */
static void weak_programmed(struct kunit *test)
{
	struct weak w;

	weak_set(test, &w, true);
	weaken(&w, 4);
	memset(w.is->buf, 0, RIG_BLOCK);
	KUNIT_ASSERT_EQ(test, 0, flashsim_model_program(&w.is->m, RIG_BLOCK,
							w.is->buf, RIG_BLOCK));
	KUNIT_EXPECT_TRUE(test, stays_right(test, w.is));
}

/* The tail that a second, stopped erase fills with zeroes is stable. */
static void weak_then_zero(struct kunit *test)
{
	u32 seed, i, tail, head = 0;
	struct flashsim_step erase = {
		.erase = true, .ofs = RIG_BLOCK, .len = RIG_BLOCK,
	};
	struct weak w;

	weak_set(test, &w, false);
	for (seed = 0; seed < RIG_SEEDS; seed++) {
		weaken(&w, seed);
		flashsim_damage(&w.is->m, &erase, FLASHSIM_ERASE_ZERO, seed);
		for (tail = RIG_BLOCK; !w.is->array[RIG_BLOCK + tail - 1]; tail--)
			;
		for (i = 0; i < READS; i++) {
			head += !reads_right(test, w.is);
			KUNIT_EXPECT_TRUE(test,
					  !memchr_inv(w.is->buf + tail, 0,
						      RIG_BLOCK - tail));
		}
	}
	KUNIT_EXPECT_GT(test, head, 0);
}

/* An erase that is stopped later has worked on all of the block's bits. */
static void weak_then_random(struct kunit *test)
{
	struct flashsim_step erase = {
		.erase = true, .ofs = RIG_BLOCK, .len = RIG_BLOCK,
	};
	struct weak w;
	u32 seed;

	weak_set(test, &w, false);
	for (seed = 0; seed < 20; seed++) {
		weaken(&w, seed);
		flashsim_damage(&w.is->m, &erase, FLASHSIM_ERASE_RANDOM, seed);
		KUNIT_EXPECT_TRUE(test, stays_right(test, w.is));
	}
}

/* Several regions, each with its own life; without room the oldest settle. */
static void weak_regions(struct kunit *test)
{
	struct rig *rig = rig_new(test, false);
	struct flashsim_step step = { .len = RIG_PAGE, .buf = rig->buf };
	u32 i, page, wrong, n = FLASHSIM_UNSTABLE_REGIONS + 2;

	for (page = 0; page < n; page++) {
		step.ofs = page * RIG_PAGE;
		flashsim_damage(&rig->m, &step, FLASHSIM_UNSTABLE, page);
	}
	KUNIT_EXPECT_EQ(test, rig->m.n_unstable, FLASHSIM_UNSTABLE_REGIONS);
	for (page = 0; page < n; page++) {
		for (i = 0, wrong = 0; i < READS; i++) {
			KUNIT_ASSERT_EQ(test, 0, rig_read(rig, page * RIG_PAGE,
							  RIG_PAGE));
			wrong += !!memchr_inv(rig->buf, 0, RIG_PAGE);
		}
		KUNIT_EXPECT_EQ_MSG(test, wrong > 0, page > 1, "page %u", page);
	}
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_erase(&rig->m, 0, RIG_BLOCK));
	KUNIT_EXPECT_EQ(test, rig->m.n_unstable, n - RIG_BLOCK / RIG_PAGE);
	KUNIT_EXPECT_LE(test, RIG_BLOCK, rig->m.unstable[0].ofs);
}

/* A clone goes the same way, and nothing that it does changes the other. */
static void weak_clones(struct kunit *test)
{
	struct rig *copy, *still;
	struct weak w;
	u32 i;

	weak_set(test, &w, false);
	weaken(&w, 6);
	reads_right(test, w.is);
	copy = rig_clone(test, w.is);
	still = rig_clone(test, w.is);
	for (i = 0; i < READS; i++)
		reads_right(test, copy);
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_lock(&copy->m, 0, RIG_BLOCK));
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_wear(&copy->m, 0));
	KUNIT_EXPECT_TRUE(test, rig_equal(w.is, still));
	KUNIT_EXPECT_FALSE(test, rig_equal(w.is, copy));
	for (i = 0; i < READS; i++) {
		reads_right(test, w.is);
		reads_right(test, still);
		KUNIT_EXPECT_TRUE(test, !memcmp(w.is->buf, still->buf,
						RIG_BLOCK));
	}
	KUNIT_EXPECT_TRUE(test, rig_equal(w.is, still));
}

static struct kunit_case weak_cases[] = {
	KUNIT_CASE(weak_reads),
	KUNIT_CASE(weak_good_reads),
	KUNIT_CASE(weak_bits),
	KUNIT_CASE(weak_nothing),
	KUNIT_CASE(weak_until_erased),
	KUNIT_CASE(weak_programmed),
	KUNIT_CASE(weak_then_zero),
	KUNIT_CASE(weak_then_random),
	KUNIT_CASE(weak_regions),
	KUNIT_CASE(weak_clones),
	{}
};

static struct kunit_suite weak_suite = {
	.name = "flashsim-weak",
	.test_cases = weak_cases,
};

kunit_test_suite(weak_suite);
