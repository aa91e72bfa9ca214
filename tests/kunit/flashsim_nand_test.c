// SPDX-License-Identifier: GPL-2.0-only
/*
 * flashsim_nand_test.c - what NAND adds to the flash model
 */
#include <kunit/test.h>
#include "rig.h"

#define PER_BLOCK	(RIG_BLOCK / RIG_PAGE)
#define READS		40

static int program_page(struct rig *rig, u32 page)
{
	return rig_program(rig, page * RIG_PAGE, RIG_PAGE, page);
}

static int read_page(struct rig *rig, u32 page)
{
	return rig_read(rig, page * RIG_PAGE, RIG_PAGE);
}

/* @buf is what was read from @page; is it as @array says, or @was? */
static bool same(const struct rig *rig, const struct rig *was, u32 page)
{
	return !memcmp(rig->buf, was->array + page * RIG_PAGE, RIG_PAGE);
}

static void nand_geometry(struct kunit *test)
{
	struct flashsim_geometry geo = {
		.size = RIG_SIZE, .erasesize = RIG_BLOCK,
		.writesize = RIG_PAGE, .writebufsize = RIG_PAGE, .nand = true,
	};
	struct flashsim_model *m = &rig_new(test, false)->m;

	KUNIT_EXPECT_EQ(test, flashsim_page_bytes(&geo), RIG_PAGES);
	KUNIT_EXPECT_EQ(test, flashsim_block_bytes(&geo), RIG_BLOCKS);
	KUNIT_EXPECT_EQ(test, -EINVAL, flashsim_model_nand(m, NULL, NULL));
	geo.writebufsize *= 2;
	KUNIT_EXPECT_EQ(test, flashsim_page_bytes(&geo), 0);
	KUNIT_EXPECT_EQ(test, -EINVAL, flashsim_model_init(m, &geo, NULL, NULL));
	geo.nand = false;
	KUNIT_EXPECT_EQ(test, flashsim_page_bytes(&geo), 0);
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_init(m, &geo, NULL, NULL));
	geo.size++;
	KUNIT_EXPECT_EQ(test, flashsim_block_bytes(&geo), 0);
}

static void nand_order(struct kunit *test)
{
	struct rig *rig = rig_new(test, true);

	KUNIT_EXPECT_EQ(test, 0, program_page(rig, 0));
	KUNIT_EXPECT_EQ(test, 0, program_page(rig, 3));
	KUNIT_EXPECT_EQ(test, -EIO, program_page(rig, 2));
	KUNIT_EXPECT_EQ(test, 0, program_page(rig, 4));
	/* Blocks are filled each for itself. */
	KUNIT_EXPECT_EQ(test, 0, program_page(rig, 2 * PER_BLOCK + 5));
	KUNIT_EXPECT_EQ(test, 0, program_page(rig, PER_BLOCK - 1));
	KUNIT_EXPECT_EQ(test, 0, program_page(rig, PER_BLOCK));
	KUNIT_EXPECT_EQ(test, rig->m.count.refused, 1);
	KUNIT_EXPECT_EQ(test, rig->m.steps, 6);
	/* One call over two blocks, of which the second has no room. */
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_erase(&rig->m, 0, RIG_BLOCK));
	KUNIT_EXPECT_EQ(test, -EIO, rig_program(rig, 0, RIG_BLOCK + RIG_PAGE, 1));
	KUNIT_EXPECT_EQ(test, 0, rig_program(rig, 0, RIG_BLOCK, 1));
}

/* Once means once, even with the same data or with nothing but 0xFF. */
static void nand_once(struct kunit *test)
{
	struct rig *rig = rig_new(test, true);
	struct rig *was;

	memset(rig->buf, 0xff, RIG_PAGE);
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_program(&rig->m, 0, rig->buf,
							RIG_PAGE));
	KUNIT_EXPECT_EQ(test, 0, program_page(rig, 1));
	was = rig_clone(test, rig);
	KUNIT_EXPECT_EQ(test, -EIO, program_page(rig, 0));
	KUNIT_EXPECT_EQ(test, -EIO, program_page(rig, 1));
	memset(rig->buf, 0, RIG_PAGE);
	KUNIT_EXPECT_EQ(test, -EIO, flashsim_model_program(&rig->m, RIG_PAGE,
							   rig->buf, RIG_PAGE));
	KUNIT_EXPECT_EQ(test, -EINVAL, rig_program(rig, 2 * RIG_PAGE, 16, 1));
	KUNIT_EXPECT_EQ(test, rig->m.count.refused, 4);
	KUNIT_EXPECT_TRUE(test, rig_only_changed(was, rig, 0, 0));
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_erase(&rig->m, 0, RIG_BLOCK));
	KUNIT_EXPECT_EQ(test, 0, program_page(rig, 0));
}

/* A torn page cannot be read, the others can; it takes an erase. */
static void nand_torn(struct kunit *test)
{
	struct flashsim_step step = { .ofs = RIG_PAGE, .len = RIG_PAGE };
	struct rig *start = rig_new(test, true);
	struct rig *rig = rig_clone(test, start);
	u8 *data = kunit_kzalloc(test, RIG_PAGE, GFP_KERNEL);
	u32 d;

	KUNIT_ASSERT_NOT_NULL(test, data);
	test_pattern(data, RIG_PAGE, 4);
	step.buf = data;
	KUNIT_ASSERT_EQ(test, 0, program_page(start, 0));
	for (d = FLASHSIM_TORN_ERASED; d <= FLASHSIM_TORN_BITS; d++) {
		rig_copy(rig, start);
		flashsim_damage(&rig->m, &step, d, d);
		KUNIT_EXPECT_EQ(test, -EBADMSG, read_page(rig, 1));
		KUNIT_EXPECT_NE(test, 0, memcmp(rig->buf, data, RIG_PAGE));
		KUNIT_EXPECT_EQ(test, -EBADMSG, rig_read(rig, 0, RIG_BLOCK));
		KUNIT_EXPECT_EQ(test, -EBADMSG, rig_read(rig, RIG_PAGE - 1, 2));
		KUNIT_EXPECT_EQ(test, 0, read_page(rig, 0));
		KUNIT_EXPECT_EQ(test, 0, read_page(rig, 2));
		KUNIT_EXPECT_EQ(test, -EIO, program_page(rig, 1));
		KUNIT_EXPECT_EQ(test, -EIO, program_page(rig, 0));
		KUNIT_EXPECT_EQ(test, 0, program_page(rig, 2));
		flashsim_power_on(&rig->m);
		KUNIT_EXPECT_EQ(test, -EBADMSG, read_page(rig, 1));
		KUNIT_EXPECT_EQ(test, 0,
				flashsim_model_erase(&rig->m, 0, RIG_BLOCK));
		KUNIT_EXPECT_EQ(test, 0, rig_read(rig, 0, RIG_BLOCK));
		KUNIT_EXPECT_EQ(test, 0, program_page(rig, 1));
	}
}

/* How often the ECC could correct the page, and how often not. */
static void read_often(struct kunit *test, struct rig *rig, u32 page,
		       u32 *corrected, u32 *lost)
{
	u32 good, n;
	int err = 0;

	for (good = 0; good < READS && !err; good++)
		err = read_page(rig, page);
	KUNIT_EXPECT_LE(test, good, 8);
	for (n = 0; n < READS; n++, err = read_page(rig, page)) {
		if (err == -EUCLEAN) {
			++*corrected;
			KUNIT_EXPECT_TRUE(test, same(rig, rig, page));
		} else {
			++*lost;
			KUNIT_EXPECT_EQ(test, err, -EBADMSG);
			KUNIT_EXPECT_FALSE(test, same(rig, rig, page));
		}
	}
}

static void nand_unstable(struct kunit *test)
{
	struct flashsim_step step = { .ofs = RIG_PAGE, .len = RIG_PAGE };
	struct rig *start = rig_new(test, true);
	struct rig *rig = rig_clone(test, start);
	u32 seed, corrected = 0, lost = 0;
	int erase;

	step.buf = start->buf;
	KUNIT_ASSERT_EQ(test, 0, rig_program(start, 0, RIG_PAGE, 1));
	for (erase = 0; erase < 2; erase++) {
		for (seed = 0; seed < 20; seed++) {
			rig_copy(rig, start);
			flashsim_damage(&rig->m, &step, FLASHSIM_UNSTABLE, seed);
			read_often(test, rig, 1, &corrected, &lost);
			KUNIT_EXPECT_EQ(test, erase, !!read_page(rig, 2));
			KUNIT_EXPECT_EQ(test, 0, program_page(rig, 3));
			KUNIT_EXPECT_EQ(test, 0,
					flashsim_model_erase(&rig->m, RIG_BLOCK,
							     RIG_BLOCK));
			KUNIT_EXPECT_NE(test, 0, read_page(rig, 1));
			KUNIT_EXPECT_EQ(test, 0,
					flashsim_model_erase(&rig->m, 0,
							     RIG_BLOCK));
			KUNIT_EXPECT_EQ(test, 0, rig_read(rig, 0, RIG_BLOCK));
		}
		KUNIT_EXPECT_GT(test, corrected, 20 * READS / 4);
		KUNIT_EXPECT_GT(test, lost, 20 * READS / 4);
		step.erase = true;
		step.ofs = 0;
		step.len = RIG_BLOCK;
		step.buf = NULL;
		corrected = 0;
		lost = 0;
	}
}

/* Pages read as before, not at all, or as erased; none can be programmed. */
static void check_stopped(struct kunit *test, struct rig *rig,
			  const struct rig *was, u32 *old, u32 *torn,
			  u32 *erased)
{
	u32 page;
	int err;

	for (page = PER_BLOCK; page < 2 * PER_BLOCK; page++) {
		KUNIT_EXPECT_EQ(test, -EIO, program_page(rig, page));
		err = read_page(rig, page);
		if (err) {
			KUNIT_EXPECT_EQ(test, err, -EBADMSG);
			++*torn;
		} else if (same(rig, was, page)) {
			++*old;
		} else {
			KUNIT_EXPECT_TRUE(test, !memchr_inv(rig->buf, 0xff,
							    RIG_PAGE));
			++*erased;
		}
	}
	KUNIT_EXPECT_TRUE(test, rig_only_changed(was, rig, RIG_BLOCK, RIG_BLOCK));
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_erase(&rig->m, RIG_BLOCK,
						      RIG_BLOCK));
	KUNIT_EXPECT_EQ(test, 0, rig_program(rig, RIG_BLOCK, RIG_BLOCK, 1));
	KUNIT_EXPECT_EQ(test, 0, rig_read(rig, RIG_BLOCK, RIG_BLOCK));
}

static void nand_erase_stopped(struct kunit *test)
{
	struct flashsim_step step = {
		.erase = true, .ofs = RIG_BLOCK, .len = RIG_BLOCK,
	};
	struct rig *start = rig_new(test, true);
	struct rig *rig = rig_clone(test, start);
	u32 d, seed, old, torn, erased;

	/* The last two pages are erased, and a programmed one has no bit set. */
	KUNIT_ASSERT_EQ(test, 0, rig_program(start, RIG_BLOCK,
					     RIG_BLOCK - 2 * RIG_PAGE, 1));
	for (d = FLASHSIM_ERASE_ZERO; d <= FLASHSIM_ERASE_RANDOM; d++) {
		old = 0;
		torn = 0;
		erased = 0;
		for (seed = 0; seed < RIG_SEEDS; seed++) {
			rig_copy(rig, start);
			flashsim_damage(&rig->m, &step, d, seed);
			check_stopped(test, rig, start, &old, &torn, &erased);
		}
		KUNIT_EXPECT_GT(test, old, RIG_SEEDS);
		KUNIT_EXPECT_GT(test, torn, RIG_SEEDS);
		if (d == FLASHSIM_ERASE_ZERO)
			KUNIT_EXPECT_EQ(test, erased, 0);
		else
			KUNIT_EXPECT_GT(test, erased, RIG_SEEDS);
	}
}

static void nand_bad(struct kunit *test)
{
	struct rig *rig = rig_new(test, true);
	struct flashsim_model *m = &rig->m;
	struct rig *was;

	KUNIT_ASSERT_EQ(test, 0, program_page(rig, PER_BLOCK));
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_is_bad(m, RIG_BLOCK));
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_mark_bad(m, RIG_BLOCK));
	KUNIT_EXPECT_EQ(test, 1, flashsim_model_is_bad(m, RIG_BLOCK));
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_is_bad(m, 0));
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_is_bad(m, 2 * RIG_BLOCK));
	was = rig_clone(test, rig);
	KUNIT_EXPECT_EQ(test, -EIO, flashsim_model_erase(m, RIG_BLOCK, RIG_BLOCK));
	KUNIT_EXPECT_EQ(test, -EIO, flashsim_model_erase(m, 0, RIG_SIZE));
	KUNIT_EXPECT_EQ(test, -EIO, program_page(rig, PER_BLOCK + 1));
	KUNIT_EXPECT_EQ(test, m->count.refused, 3);
	KUNIT_EXPECT_EQ(test, m->steps, 1);
	KUNIT_EXPECT_TRUE(test, rig_only_changed(was, rig, 0, 0));
	KUNIT_EXPECT_EQ(test, 0, read_page(rig, PER_BLOCK));
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_erase(m, 0, RIG_BLOCK));
	KUNIT_EXPECT_EQ(test, 0, program_page(rig, 2 * PER_BLOCK));
	KUNIT_EXPECT_EQ(test, -EINVAL, flashsim_model_is_bad(m, 1));
	KUNIT_EXPECT_EQ(test, -EINVAL, flashsim_model_mark_bad(m, RIG_SIZE));
	m = &rig_new(test, false)->m;
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, flashsim_model_mark_bad(m, 0));
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_is_bad(m, 0));
}

/* A worn block fails by itself, is not bad, and takes nothing else along. */
static void check_worn(struct kunit *test, bool nand)
{
	struct rig *rig = rig_new(test, nand);
	struct flashsim_model *m = &rig->m;
	struct rig *was;

	KUNIT_ASSERT_EQ(test, 0, program_page(rig, PER_BLOCK));
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_wear(m, RIG_BLOCK));
	KUNIT_EXPECT_EQ(test, -EINVAL, flashsim_model_wear(m, RIG_BLOCK + 1));
	was = rig_clone(test, rig);
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_is_bad(m, RIG_BLOCK));
	KUNIT_EXPECT_EQ(test, 0, read_page(rig, PER_BLOCK));
	KUNIT_EXPECT_EQ(test, -EIO, flashsim_model_erase(m, 0, RIG_SIZE));
	KUNIT_EXPECT_EQ(test, m->count.erases, 1);
	KUNIT_EXPECT_EQ(test, m->steps, 3);
	KUNIT_EXPECT_TRUE(test, rig_only_changed(was, rig, 0, 0));
	KUNIT_EXPECT_EQ(test, -EIO, program_page(rig, PER_BLOCK + 1));
	KUNIT_EXPECT_EQ(test, m->steps, 4);
	KUNIT_EXPECT_EQ(test, m->count.failed, 2);
	KUNIT_EXPECT_TRUE(test, rig_only_changed(was, rig, RIG_BLOCK + RIG_PAGE,
						 RIG_PAGE));
	KUNIT_EXPECT_NE(test, 0, memcmp(rig->buf, rig->array + RIG_BLOCK +
					RIG_PAGE, RIG_PAGE));
	KUNIT_EXPECT_EQ(test, nand ? -EBADMSG : 0,
			read_page(rig, PER_BLOCK + 1));
	KUNIT_EXPECT_EQ(test, 0, program_page(rig, 0));
}

static void nand_wear(struct kunit *test)
{
	struct rig *rig = rig_new(test, false);

	check_worn(test, true);
	check_worn(test, false);
	rig->m.blocks = NULL;
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, flashsim_model_wear(&rig->m, 0));
}

static struct kunit_case nand_cases[] = {
	KUNIT_CASE(nand_geometry),
	KUNIT_CASE(nand_order),
	KUNIT_CASE(nand_once),
	KUNIT_CASE(nand_torn),
	KUNIT_CASE(nand_unstable),
	KUNIT_CASE(nand_erase_stopped),
	KUNIT_CASE(nand_bad),
	KUNIT_CASE(nand_wear),
	{}
};

static struct kunit_suite nand_suite = {
	.name = "flashsim-nand",
	.test_cases = nand_cases,
};

kunit_test_suite(nand_suite);
