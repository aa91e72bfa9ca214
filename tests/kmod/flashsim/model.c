// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A NOR flash chip as a plain C model
 *
 * Every function checks its whole request first and then either does all of it
 * or refuses it and changes nothing.  The chip works in steps, one erase block
 * or one page each: erase_block() and program_page() are the only places that
 * change the array, so a power cut, when one is wanted, is taken there.
 */
#include "model.h"

static bool is_pow2(u32 n)
{
	return n && !(n & (n - 1));
}

static bool is_multiple(u64 n, u32 unit)
{
	return !(n & (unit - 1));
}

static bool geometry_ok(const struct flashsim_geometry *geo)
{
	return is_pow2(geo->erasesize) && is_pow2(geo->writesize) &&
	       is_pow2(geo->writebufsize) &&
	       geo->writesize <= geo->writebufsize &&
	       geo->writebufsize <= geo->erasesize && geo->size &&
	       is_multiple(geo->size, geo->erasesize);
}

static u32 log2_of(u32 pow2)
{
	u32 shift = 0;

	while (pow2 >>= 1)
		shift++;
	return shift;
}

static int refuse(struct flashsim_model *m, int err)
{
	m->count.refused++;
	return err;
}

static bool range_ok(const struct flashsim_model *m, u64 ofs, u64 len, u32 unit)
{
	return ofs <= m->geo.size && len <= m->geo.size - ofs &&
	       is_multiple(ofs, unit) && is_multiple(len, unit);
}

static bool block_locked(const struct flashsim_model *m, u64 block)
{
	return m->locks && m->locks[block >> 3] & (1U << (block & 7));
}

static bool any_locked(const struct flashsim_model *m, u64 ofs, u64 len)
{
	u64 block = ofs >> m->erase_shift;

	for (; block << m->erase_shift < ofs + len; block++)
		if (block_locked(m, block))
			return true;
	return false;
}

/* Would programming @buf have to set a bit that is already clear? */
static bool sets_bits(const u8 *old, const u8 *buf, u64 len)
{
	u64 i;

	for (i = 0; i < len; i++)
		if (buf[i] & ~old[i])
			return true;
	return false;
}

static void erase_block(struct flashsim_model *m, u64 ofs)
{
	memset(m->array + ofs, 0xff, m->geo.erasesize);
	m->count.erases++;
}

static void program_page(struct flashsim_model *m, u64 ofs, const u8 *buf,
			 u64 len)
{
	u64 i;

	for (i = 0; i < len; i++)
		m->array[ofs + i] &= buf[i];
	m->count.programs++;
	m->count.bytes_programmed += len;
}

/**
 * flashsim_lock_bytes() - size of the lock bitmap
 * @geo: geometry, may be unchecked
 *
 * Return: bytes that a chip of this geometry needs for its lock bits, 0 if the
 * geometry makes no sense.
 */
size_t flashsim_lock_bytes(const struct flashsim_geometry *geo)
{
	if (!geometry_ok(geo))
		return 0;
	return ((geo->size >> log2_of(geo->erasesize)) + 7) >> 3;
}

/**
 * flashsim_model_init() - make a chip of the caller's memory
 * @m: model to fill
 * @geo: geometry
 * @array: contents, @geo->size bytes; left as they are
 * @locks: lock bitmap, left as it is, or NULL
 *
 * Return: 0, or -EINVAL for a geometry that no chip has.
 */
int flashsim_model_init(struct flashsim_model *m,
			const struct flashsim_geometry *geo, u8 *array,
			u8 *locks)
{
	if (!geometry_ok(geo))
		return -EINVAL;

	memset(m, 0, sizeof(*m));
	m->geo = *geo;
	m->erase_shift = log2_of(geo->erasesize);
	m->array = array;
	m->locks = locks;
	return 0;
}

/**
 * flashsim_model_erase() - erase whole blocks
 * @m: chip
 * @ofs: start, a multiple of the erase size
 * @len: bytes, a multiple of the erase size
 *
 * Return: 0, -EINVAL if unaligned or out of range, -EROFS if a block is locked.
 */
int flashsim_model_erase(struct flashsim_model *m, u64 ofs, u64 len)
{
	u64 end = ofs + len;

	if (!range_ok(m, ofs, len, m->geo.erasesize))
		return refuse(m, -EINVAL);
	if (any_locked(m, ofs, len))
		return refuse(m, -EROFS);

	for (; ofs < end; ofs += m->geo.erasesize)
		erase_block(m, ofs);
	return 0;
}

/**
 * flashsim_model_program() - clear bits
 * @m: chip
 * @ofs: start, a multiple of the write size
 * @buf: what to program; may clear more bits of a unit programmed before
 * @len: bytes, a multiple of the write size
 *
 * Return: 0, -EINVAL if unaligned or out of range, -EROFS if a block is
 * locked, -EIO if @buf has a bit set that is clear in the array.
 */
int flashsim_model_program(struct flashsim_model *m, u64 ofs, const u8 *buf,
			   u64 len)
{
	u64 page = m->geo.writebufsize;
	u64 n;

	if (!range_ok(m, ofs, len, m->geo.writesize))
		return refuse(m, -EINVAL);
	if (any_locked(m, ofs, len))
		return refuse(m, -EROFS);
	if (sets_bits(m->array + ofs, buf, len))
		return refuse(m, -EIO);

	for (; len; ofs += n, buf += n, len -= n) {
		n = min_t(u64, len, page - (ofs & (page - 1)));
		program_page(m, ofs, buf, n);
	}
	return 0;
}

/**
 * flashsim_model_read() - read
 * @m: chip
 * @ofs: start, any
 * @buf: where to
 * @len: bytes, any
 *
 * Return: 0, or -EINVAL if out of range.
 */
int flashsim_model_read(struct flashsim_model *m, u64 ofs, u8 *buf, u64 len)
{
	if (!range_ok(m, ofs, len, 1))
		return refuse(m, -EINVAL);

	memcpy(buf, m->array + ofs, len);
	m->count.reads++;
	m->count.bytes_read += len;
	return 0;
}

static int check_lock_range(const struct flashsim_model *m, u64 ofs, u64 len)
{
	if (!m->locks)
		return -EOPNOTSUPP;
	return range_ok(m, ofs, len, m->geo.erasesize) && len ? 0 : -EINVAL;
}

/**
 * flashsim_model_lock() - lock whole blocks
 * @m: chip
 * @ofs: start, a multiple of the erase size
 * @len: bytes, a multiple of the erase size, not 0
 *
 * Return: 0, -EINVAL, or -EOPNOTSUPP for a chip without block locks.
 */
int flashsim_model_lock(struct flashsim_model *m, u64 ofs, u64 len)
{
	u64 block = ofs >> m->erase_shift;
	int err = check_lock_range(m, ofs, len);

	if (err)
		return refuse(m, err);
	for (; block << m->erase_shift < ofs + len; block++)
		m->locks[block >> 3] |= 1U << (block & 7);
	return 0;
}

/**
 * flashsim_model_unlock() - unlock whole blocks
 * @m: chip
 * @ofs: start, a multiple of the erase size
 * @len: bytes, a multiple of the erase size, not 0
 *
 * Return: 0, -EINVAL, or -EOPNOTSUPP for a chip without block locks.
 */
int flashsim_model_unlock(struct flashsim_model *m, u64 ofs, u64 len)
{
	u64 block = ofs >> m->erase_shift;
	int err = check_lock_range(m, ofs, len);

	if (err)
		return refuse(m, err);
	for (; block << m->erase_shift < ofs + len; block++)
		m->locks[block >> 3] &= ~(1U << (block & 7));
	return 0;
}

/**
 * flashsim_model_is_locked() - are all blocks of a range locked?
 * @m: chip
 * @ofs: start, a multiple of the erase size
 * @len: bytes, a multiple of the erase size, not 0
 *
 * Return: 1 if all are, 0 if not, -EINVAL, or -EOPNOTSUPP for a chip without
 * block locks.
 */
int flashsim_model_is_locked(struct flashsim_model *m, u64 ofs, u64 len)
{
	u64 block = ofs >> m->erase_shift;
	int err = check_lock_range(m, ofs, len);

	if (err)
		return refuse(m, err);
	for (; block << m->erase_shift < ofs + len; block++)
		if (!block_locked(m, block))
			return 0;
	return 1;
}
