// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What NAND adds to the flash model
 *
 * The pages of a block are programmed once after an erase, and in order: a page
 * may be left out, but cannot be programmed once a later one is.  Each page has
 * an ECC that knows when the page was torn.  Bad blocks are refused; a block
 * may also wear out, which its user notices only when erase or program fail.
 */
#include "inside.h"

static u64 pages_per_block(const struct flashsim_model *m)
{
	return 1ULL << (m->erase_shift - m->page_shift);
}

/* Of a block with @ofs in it: the number of its first page. */
static u64 first_page(const struct flashsim_model *m, u64 ofs)
{
	return ofs >> m->erase_shift << (m->erase_shift - m->page_shift);
}

static bool is_bad(const struct flashsim_model *m, u64 ofs)
{
	return m->blocks &&
	       m->blocks[flashsim_block(m, ofs)] & FLASHSIM_BLOCK_BAD;
}

/* Bad blocks of the chip are not erased. */
int flashsim_nand_check_erase(const struct flashsim_model *m, u64 ofs, u64 len)
{
	u64 end = ofs + len;

	for (; ofs < end; ofs += m->geo.erasesize)
		if (is_bad(m, ofs))
			return -EIO;
	return 0;
}

static bool page_is_next(const struct flashsim_model *m, u64 ofs)
{
	u64 page = flashsim_wired(m, ofs) >> m->page_shift;
	u64 end = first_page(m, flashsim_wired(m, ofs)) + pages_per_block(m);

	for (; page < end; page++)
		if (m->pages[page] != FLASHSIM_PAGE_ERASED)
			return false;
	return true;
}

/* Pages are programmed in good blocks, once, and in order. */
int flashsim_nand_check_program(const struct flashsim_model *m, u64 ofs,
				u64 len)
{
	u64 end = ofs + len;

	for (; ofs < end; ofs += m->geo.writesize)
		if (is_bad(m, ofs) || !page_is_next(m, ofs))
			return -EIO;
	return 0;
}

/* A step is done, or is not: set the state of its pages. */
void flashsim_nand_mark(struct flashsim_model *m,
			const struct flashsim_step *step,
			enum flashsim_page state)
{
	u64 page = step->ofs >> m->page_shift;
	u64 end = step->ofs + step->len;

	for (; page << m->page_shift < end; page++)
		m->pages[page] = state;
}

/*
 * An erase is stopped: pages are as they were, torn or, if it was late, they
 * look erased.  None of them can be programmed.
 */
void flashsim_nand_stop_erase(struct flashsim_model *m, u64 ofs, bool late,
			      u32 *rnd)
{
	u64 page = first_page(m, ofs);
	u64 end = page + pages_per_block(m);
	u8 *data;

	for (; page < end; page++) {
		data = m->array + (page << m->page_shift);
		switch (flashsim_random(rnd) & 3) {
		case 0:
			flashsim_garble(data, m->geo.writesize);
			m->pages[page] = FLASHSIM_PAGE_TORN;
			break;
		case 1:
			if (late) {
				memset(data, 0xff, m->geo.writesize);
				m->pages[page] = FLASHSIM_PAGE_STALE;
			}
			break;
		}
		if (m->pages[page] == FLASHSIM_PAGE_ERASED)
			m->pages[page] = FLASHSIM_PAGE_STALE;
	}
}

/* What the ECC says of a range. */
int flashsim_nand_ecc(const struct flashsim_model *m, u64 ofs, u64 len)
{
	u64 page = ofs >> m->page_shift;
	u64 end = ofs + len;

	for (; page << m->page_shift < end; page++)
		if (m->pages[page] == FLASHSIM_PAGE_TORN)
			return -EBADMSG;
	return 0;
}

/**
 * flashsim_model_nand() - give a NAND model its memory
 * @m: chip, after flashsim_model_init() with a NAND geometry
 * @pages: state of each page, left as they are; zeroes for an erased chip
 * @blocks: flags of each block, left as they are; zeroes if all are good
 *
 * Return: 0, or -EINVAL if the chip is no NAND.
 */
int flashsim_model_nand(struct flashsim_model *m, u8 *pages, u8 *blocks)
{
	if (!m->geo.nand)
		return -EINVAL;
	m->pages = pages;
	m->blocks = blocks;
	return 0;
}

/**
 * flashsim_model_is_bad() - is a block marked as bad?
 * @m: chip
 * @ofs: start of the block
 *
 * A worn block is not bad before somebody marks it.
 *
 * Return: 1 if it is, 0 if not, -EINVAL, or -ENODEV without power.
 */
int flashsim_model_is_bad(struct flashsim_model *m, u64 ofs)
{
	if (m->off)
		return -ENODEV;
	if (!flashsim_range_ok(m, ofs, m->geo.erasesize, m->geo.erasesize))
		return flashsim_refuse(m, -EINVAL);
	return is_bad(m, ofs);
}

static int flag_block(struct flashsim_model *m, u64 ofs, u8 flag)
{
	if (!flashsim_range_ok(m, ofs, m->geo.erasesize, m->geo.erasesize))
		return flashsim_refuse(m, -EINVAL);
	if (!m->blocks)
		return flashsim_refuse(m, -EOPNOTSUPP);
	m->blocks[flashsim_block(m, ofs)] |= flag;
	return 0;
}

/**
 * flashsim_model_mark_bad() - mark a block as bad
 * @m: chip
 * @ofs: start of the block
 *
 * It is no step: power is not lost in it.
 *
 * Return: 0, -EINVAL, -EOPNOTSUPP for a chip that is no NAND, or -ENODEV
 * without power.
 */
int flashsim_model_mark_bad(struct flashsim_model *m, u64 ofs)
{
	if (m->off)
		return -ENODEV;
	if (!m->geo.nand)
		return flashsim_refuse(m, -EOPNOTSUPP);
	return flag_block(m, ofs, FLASHSIM_BLOCK_BAD);
}

/**
 * flashsim_model_wear() - let a block be worn out from now on
 * @m: chip
 * @ofs: start of the block
 *
 * This is for tests, the chip's user cannot know: erases of the block change
 * nothing and fail with -EIO; a program of a page of it fails with -EIO and
 * leaves the page torn.
 *
 * Return: 0, -EINVAL, or -EOPNOTSUPP for a chip that has no @blocks.
 */
int flashsim_model_wear(struct flashsim_model *m, u64 ofs)
{
	return flag_block(m, ofs, FLASHSIM_BLOCK_WORN);
}
