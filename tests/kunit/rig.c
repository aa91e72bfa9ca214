// SPDX-License-Identifier: GPL-2.0-only
/*
 * rig.c - a small chip of the flash model, for the suites of the model itself
 */
#include <kunit/test.h>
#include "rig.h"

/**
 * rig_new() - an erased chip
 * @test: owner of the memory
 * @nand: NAND, with pages of RIG_PAGE; else NOR, with any write unit and locks
 */
struct rig *rig_new(struct kunit *test, bool nand)
{
	struct flashsim_geometry geo = {
		.size = RIG_SIZE,
		.erasesize = RIG_BLOCK,
		.writesize = nand ? RIG_PAGE : 1,
		.writebufsize = RIG_PAGE,
		.nand = nand,
	};
	struct rig *rig = kunit_kzalloc(test, sizeof(*rig), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, rig);
	KUNIT_ASSERT_EQ(test, 0,
			flashsim_model_init(&rig->m, &geo, rig->array,
					    nand ? NULL : rig->locks));
	memset(rig->array, 0xff, RIG_SIZE);
	if (nand)
		KUNIT_ASSERT_EQ(test, 0, flashsim_model_nand(&rig->m, rig->pages,
							     rig->blocks));
	else
		rig->m.blocks = rig->blocks;
	return rig;
}

/**
 * rig_copy() - make one chip equal to another
 * @to: chip to change
 * @from: chip to copy
 */
void rig_copy(struct rig *to, const struct rig *from)
{
	*to = *from;
	to->m.array = to->array;
	to->m.locks = from->m.locks ? to->locks : NULL;
	to->m.pages = from->m.pages ? to->pages : NULL;
	to->m.blocks = to->blocks;
}

/**
 * rig_clone() - a copy of a chip
 * @test: owner of the memory
 * @rig: chip to copy
 */
struct rig *rig_clone(struct kunit *test, const struct rig *rig)
{
	struct rig *copy = kunit_kzalloc(test, sizeof(*copy), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, copy);
	rig_copy(copy, rig);
	return copy;
}

/**
 * rig_equal() - are all that the chips have and did equal?
 * @a: chip
 * @b: chip
 *
 * What is armed and who looks on does not count.
 */
bool rig_equal(const struct rig *a, const struct rig *b)
{
	return !memcmp(a->array, b->array, RIG_SIZE) &&
	       !memcmp(a->locks, b->locks, sizeof(a->locks)) &&
	       !memcmp(a->pages, b->pages, sizeof(a->pages)) &&
	       !memcmp(a->blocks, b->blocks, sizeof(a->blocks)) &&
	       !memcmp(&a->m.count, &b->m.count, sizeof(a->m.count)) &&
	       a->m.steps == b->m.steps &&
	       a->m.n_unstable == b->m.n_unstable &&
	       !memcmp(a->m.unstable, b->m.unstable,
		       a->m.n_unstable * sizeof(a->m.unstable[0]));
}

/**
 * rig_read() - read into the chip's @buf
 * @rig: chip
 * @ofs: where
 * @len: bytes
 */
int rig_read(struct rig *rig, u64 ofs, u32 len)
{
	memset(rig->buf, 0x99, sizeof(rig->buf));
	return flashsim_model_read(&rig->m, ofs, rig->buf, len);
}

/**
 * rig_program() - program a pattern, of which only what NOR can take
 * @rig: chip; its @buf is what was programmed
 * @ofs: where
 * @len: bytes
 * @seed: of the pattern
 */
int rig_program(struct rig *rig, u64 ofs, u32 len, u32 seed)
{
	u32 i;

	test_pattern(rig->buf, len, seed);
	for (i = 0; i < len; i++)
		rig->buf[i] &= rig->array[ofs + i];
	return flashsim_model_program(&rig->m, ofs, rig->buf, len);
}

/**
 * rig_only_changed() - is everything else as it was?
 * @was: chip before
 * @is: chip after
 * @ofs: start of what may be different
 * @len: bytes
 */
bool rig_only_changed(const struct rig *was, const struct rig *is, u32 ofs,
		      u32 len)
{
	u32 end = ofs + len;

	return !memcmp(was->array, is->array, ofs) &&
	       !memcmp(was->array + end, is->array + end, RIG_SIZE - end);
}
