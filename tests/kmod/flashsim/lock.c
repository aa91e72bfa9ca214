// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Block locks of the flash model
 *
 * What a locked block refuses is checked in model.c.  A power cut leaves the
 * locks as they are: a chip that forgets them, or that comes up locked, is for
 * the owner of the bitmap to make.
 */
#include "inside.h"

static bool block_locked(const struct flashsim_model *m, u64 block)
{
	return m->locks && m->locks[block >> 3] & (1U << (block & 7));
}

/* Is a block of this range locked? */
bool flashsim_any_locked(const struct flashsim_model *m, u64 ofs, u64 len)
{
	u64 end = ofs + len;

	ofs &= ~(u64)(m->geo.erasesize - 1);
	for (; ofs < end; ofs += m->geo.erasesize)
		if (block_locked(m, flashsim_block(m, ofs)))
			return true;
	return false;
}

static int check_lock_range(const struct flashsim_model *m, u64 ofs, u64 len)
{
	if (m->off)
		return -ENODEV;
	if (!m->locks)
		return -EOPNOTSUPP;
	if (!len || !flashsim_range_ok(m, ofs, len, m->geo.erasesize))
		return -EINVAL;
	return 0;
}

static int fail(struct flashsim_model *m)
{
	if (m->fault.err)
		m->count.failed++;
	return m->fault.err;
}

/**
 * flashsim_model_lock() - lock whole blocks
 * @m: chip
 * @ofs: start, a multiple of the erase size
 * @len: bytes, a multiple of the erase size, not 0
 *
 * Return: 0, -EINVAL, -EOPNOTSUPP for a chip without block locks, -ENODEV
 * without power, or what the fault of the chip says.
 */
int flashsim_model_lock(struct flashsim_model *m, u64 ofs, u64 len)
{
	int err = check_lock_range(m, ofs, len);
	u64 end = ofs + len;
	u64 block;

	if (err)
		return flashsim_refuse(m, err);
	if (flashsim_fault_hits(m, FLASHSIM_FAULT_LOCK, m->count.locks++))
		return fail(m);
	for (; ofs < end; ofs += m->geo.erasesize) {
		block = flashsim_block(m, ofs);
		m->locks[block >> 3] |= 1U << (block & 7);
	}
	return 0;
}

/**
 * flashsim_model_unlock() - unlock whole blocks
 * @m: chip
 * @ofs: start, a multiple of the erase size
 * @len: bytes, a multiple of the erase size, not 0
 *
 * Return: 0, -EINVAL, -EOPNOTSUPP for a chip without block locks, -ENODEV
 * without power, or what the fault of the chip says.
 */
int flashsim_model_unlock(struct flashsim_model *m, u64 ofs, u64 len)
{
	int err = check_lock_range(m, ofs, len);
	u64 end = ofs + len;
	u64 block;

	if (err)
		return flashsim_refuse(m, err);
	if (flashsim_fault_hits(m, FLASHSIM_FAULT_UNLOCK, m->count.unlocks++))
		return fail(m);
	for (; ofs < end; ofs += m->geo.erasesize) {
		block = flashsim_block(m, ofs);
		m->locks[block >> 3] &= ~(1U << (block & 7));
	}
	return 0;
}

/**
 * flashsim_model_is_locked() - are all blocks of a range locked?
 * @m: chip
 * @ofs: start, a multiple of the erase size
 * @len: bytes, a multiple of the erase size, not 0
 *
 * Return: 1 if all are, 0 if not, -EINVAL, -EOPNOTSUPP for a chip without
 * block locks, or -ENODEV without power.
 */
int flashsim_model_is_locked(struct flashsim_model *m, u64 ofs, u64 len)
{
	int err = check_lock_range(m, ofs, len);
	u64 end = ofs + len;

	if (err)
		return flashsim_refuse(m, err);
	for (; ofs < end; ofs += m->geo.erasesize)
		if (!block_locked(m, flashsim_block(m, ofs)))
			return 0;
	return 1;
}
