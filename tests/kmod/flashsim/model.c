// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A flash chip as a plain C model: erase, program, read
 *
 * Every function checks its whole request first and then either does it or
 * refuses it and changes nothing.  The chip works in steps, one erase block or
 * one page each.  All of them pass do_step(): whatever can happen to a step
 * happens there.
 */
#include "inside.h"

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
	       is_multiple(geo->size, geo->erasesize) &&
	       (!geo->nand || geo->writebufsize == geo->writesize);
}

static u32 log2_of(u32 pow2)
{
	u32 shift = 0;

	while (pow2 >>= 1)
		shift++;
	return shift;
}

/* Count a request that is refused; without power there is nobody to count. */
int flashsim_refuse(struct flashsim_model *m, int err)
{
	if (err != -ENODEV)
		m->count.refused++;
	return err;
}

/* Is the range within the chip, and aligned? */
bool flashsim_range_ok(const struct flashsim_model *m, u64 ofs, u64 len,
		       u32 unit)
{
	return ofs <= m->geo.size && len <= m->geo.size - ofs &&
	       is_multiple(ofs, unit) && is_multiple(len, unit);
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

/* Do a step, all of it. */
void flashsim_do(struct flashsim_model *m, const struct flashsim_step *step)
{
	u8 *array = m->array + step->ofs;
	u32 i;

	if (step->erase) {
		flashsim_unstable_forget(m, step->ofs, step->len);
		memset(array, 0xff, step->len);
		m->count.erases++;
	} else {
		for (i = 0; i < step->len; i++)
			array[i] &= step->buf[i];
		m->count.programs++;
		m->count.bytes_programmed += step->len;
	}
	if (m->geo.nand)
		flashsim_nand_mark(m, step, step->erase ?
				   FLASHSIM_PAGE_ERASED :
				   FLASHSIM_PAGE_PROGRAMMED);
}

/* The block is worn out: nothing is erased, and only some bits programmed. */
static void do_worn(struct flashsim_model *m, const struct flashsim_step *step)
{
	if (step->erase)
		m->steps++;
	else
		flashsim_damage(m, step, FLASHSIM_TORN_BITS, (u32)m->steps);
}

static bool is_worn(const struct flashsim_model *m, u64 ofs)
{
	return m->blocks && m->blocks[ofs >> m->erase_shift] &
	       FLASHSIM_BLOCK_WORN;
}

static bool is_prevented(struct flashsim_model *m,
			 const struct flashsim_step *step)
{
	u64 number = m->steps;

	if (!m->before || (m->before(m->before_ctx, m, step) && !m->off))
		return false;
	if (m->steps == number)
		m->steps++;
	return true;
}

static bool is_cut(const struct flashsim_model *m,
		   const struct flashsim_step *step)
{
	return m->cut.armed && m->steps >= m->cut.at &&
	       flashsim_damage_applies(m->cut.damage, step);
}

static int try_step(struct flashsim_model *m, const struct flashsim_step *step)
{
	if (is_prevented(m, step))
		return m->off ? -ENODEV : -EIO;
	if (is_cut(m, step)) {
		flashsim_damage(m, step, m->cut.damage, m->cut.seed);
		m->off = true;
		return -ENODEV;
	}
	if (flashsim_fault_hits(m, FLASHSIM_FAULT_STEP, m->steps)) {
		m->steps++;
		return m->fault.err;
	}
	if (is_worn(m, step->ofs)) {
		do_worn(m, step);
		return -EIO;
	}
	flashsim_do(m, step);
	m->steps++;
	return 0;
}

static int do_step(struct flashsim_model *m, const struct flashsim_step *step)
{
	int err = try_step(m, step);

	if (err && !m->off)
		m->count.failed++;
	return err;
}

static int check_erase(const struct flashsim_model *m, u64 ofs, u64 len)
{
	if (m->off)
		return -ENODEV;
	if (!flashsim_range_ok(m, ofs, len, m->geo.erasesize))
		return -EINVAL;
	if (flashsim_any_locked(m, ofs, len))
		return -EROFS;
	return m->geo.nand ? flashsim_nand_check_erase(m, ofs, len) : 0;
}

static int check_program(const struct flashsim_model *m, u64 ofs,
			 const u8 *buf, u64 len)
{
	if (m->off)
		return -ENODEV;
	if (!flashsim_range_ok(m, ofs, len, m->geo.writesize))
		return -EINVAL;
	if (flashsim_any_locked(m, ofs, len))
		return -EROFS;
	if (m->geo.nand)
		return flashsim_nand_check_program(m, ofs, len);
	if (m->fault.kind == FLASHSIM_FAULT_WRAP)
		return 0;
	return sets_bits(m->array + ofs, buf, len) ? -EIO : 0;
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
 * flashsim_page_bytes() - size of the page states of a NAND chip
 * @geo: geometry, may be unchecked
 *
 * Return: bytes, 0 if the geometry makes no sense or is no NAND's.
 */
size_t flashsim_page_bytes(const struct flashsim_geometry *geo)
{
	if (!geo->nand || !geometry_ok(geo))
		return 0;
	return geo->size >> log2_of(geo->writesize);
}

/**
 * flashsim_block_bytes() - size of the block flags
 * @geo: geometry, may be unchecked
 *
 * Return: bytes, 0 if the geometry makes no sense.
 */
size_t flashsim_block_bytes(const struct flashsim_geometry *geo)
{
	if (!geometry_ok(geo))
		return 0;
	return geo->size >> log2_of(geo->erasesize);
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
	m->page_shift = log2_of(geo->writesize);
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
 * Return: 0, -EINVAL if unaligned or out of range, -EROFS if a block is locked,
 * -EIO if one is bad or worn, -ENODEV without power or if power is lost, or
 * what the fault of the chip says.
 */
int flashsim_model_erase(struct flashsim_model *m, u64 ofs, u64 len)
{
	struct flashsim_step step = { .erase = true, .len = m->geo.erasesize };
	u64 end = ofs + len;
	int err = check_erase(m, ofs, len);

	if (err)
		return flashsim_refuse(m, err);
	for (; !err && ofs < end; ofs += m->geo.erasesize) {
		step.ofs = flashsim_wired(m, ofs);
		err = do_step(m, &step);
	}
	return err;
}

/**
 * flashsim_model_program() - clear bits
 * @m: chip
 * @ofs: start, a multiple of the write size
 * @buf: what to program; on NOR it may clear more bits of a unit programmed
 *	before
 * @len: bytes, a multiple of the write size
 *
 * Return: 0, -EINVAL if unaligned or out of range, -EROFS if a block is
 * locked, -EIO if @buf has a bit set that is clear in the array, if a NAND page
 * is not to be programmed now, or if a block is bad or worn, -ENODEV without
 * power or if power is lost, or what the fault of the chip says.
 */
int flashsim_model_program(struct flashsim_model *m, u64 ofs, const u8 *buf,
			   u64 len)
{
	struct flashsim_step step = { .buf = buf };
	int err = check_program(m, ofs, buf, len);
	u64 page = m->geo.writebufsize;
	u64 end = ofs + len;

	if (err)
		return flashsim_refuse(m, err);
	for (; !err && ofs < end; ofs += step.len, step.buf += step.len) {
		step.ofs = flashsim_wired(m, ofs);
		step.len = min_t(u64, end - ofs, page - (ofs & (page - 1)));
		step.len = flashsim_piece(m, ofs, step.len);
		err = do_step(m, &step);
	}
	return err;
}

static int read_piece(struct flashsim_model *m, u64 ofs, u8 *buf, u64 len)
{
	int err;

	memcpy(buf, m->array + ofs, len);
	err = flashsim_unstable_read(m, ofs, buf, len);
	if (m->geo.nand)
		err = flashsim_worse(err, flashsim_nand_ecc(m, ofs, len));
	return err;
}

/**
 * flashsim_model_read() - read
 * @m: chip
 * @ofs: start, any
 * @buf: where to
 * @len: bytes, any
 *
 * Return: 0, -EINVAL if out of range, -EUCLEAN if the ECC had to correct the
 * data, -EBADMSG if it could not (some are wrong), -ENODEV without power, or
 * what the fault of the chip says.
 */
int flashsim_model_read(struct flashsim_model *m, u64 ofs, u8 *buf, u64 len)
{
	int err = 0;
	u64 n, done;

	if (m->off)
		return -ENODEV;
	if (!flashsim_range_ok(m, ofs, len, 1))
		return flashsim_refuse(m, -EINVAL);

	for (done = 0; done < len; done += n) {
		n = flashsim_piece(m, ofs + done, len - done);
		err = flashsim_worse(err, read_piece(m, flashsim_wired(m, ofs + done),
						     buf + done, n));
	}
	m->count.bytes_read += len;
	if (flashsim_fault_hits(m, FLASHSIM_FAULT_READ, m->count.reads++))
		err = flashsim_fault_read(m, buf, len);
	return err;
}
