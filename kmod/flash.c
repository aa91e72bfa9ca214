// SPDX-License-Identifier: GPL-2.0-only
/*
 * flash.c - the core's flash operations on MTD
 *
 * A unit's address space is its slot and, behind it, its record area if that
 * is somewhere else; on NAND without the bad blocks (nand.c).  Every operation
 * looks at one of them, takes the area's lock, and finds the device gone or
 * does one erase, one program or one read.
 */
#include <crypto/sha2.h>
#include <linux/ktime.h>
#include <linux/mtd/mtd.h>
#include <linux/sched/signal.h>
#include "fwslot.h"

/**
 * fwslot_sha256() - SHA-256 for the core
 * @data: bytes
 * @len: how many
 * @digest: 32 bytes
 */
void fwslot_sha256(const void *data, u32 len, u8 *digest)
{
	sha256(data, len, digest);
}

static struct fwslot_area *pick(struct fwslot_dev *dev, u64 *ofs, u32 len)
{
	struct fwslot_area *area = &dev->slot;
	u64 size = dev->flash.geo.size;

	if (*ofs >= size && fwslot_dev_own_record(dev)) {
		*ofs -= size;
		size = dev->flash.geo.record_size;
		area = &dev->record;
	}
	if (*ofs > size || len > size - *ofs)
		return NULL;
	return area;
}

static int read_child(struct fwslot_area *area, u64 at, void *buf, u32 len)
{
	size_t done = 0;
	int err;

	err = mtd_read(area->child, at, len, &done, buf);
	/* Corrected bitflips: the data is right, but somebody should know. */
	if (mtd_is_bitflip(err)) {
		area->flips++;
		err = 0;
	}
	if (!err && done != len)
		err = -EIO;
	return err;
}

static int erase_child(struct mtd_info *child, u64 at)
{
	struct erase_info erase = {
		.addr = at,
		.len = child->erasesize,
	};

	return mtd_erase(child, &erase);
}

/*
 * A page of NAND that is programmed, if only with ones, cannot be programmed
 * any more.  Those at the end that hold nothing are left as the erase made
 * them; that is how a boot loader's tools do it, too.
 */
static u32 used_pages(const struct mtd_info *child, const u8 *buf, u32 len)
{
	u32 page = child->writesize;

	if (child->type != MTD_NANDFLASH)
		return len;
	while (len >= page && !memchr_inv(buf + len - page, 0xff, page))
		len -= page;
	return len;
}

static int program_child(struct mtd_info *child, u64 at, const void *buf,
			 u32 len)
{
	size_t done = 0;
	int err;

	len = used_pages(child, buf, len);
	if (!len)
		return 0;
	err = mtd_write(child, at, len, &done, buf);
	if (!err && done != len)
		err = -EIO;
	return err;
}

enum op { OP_READ, OP_ERASE, OP_PROGRAM, OP_RETIRE };

/* Pieces that lie in one block; on NAND the next one may be anywhere. */
static int do_pieces(enum op op, struct fwslot_area *area, u64 ofs, void *buf,
		     u32 len)
{
	u32 block = area->identity.erasesize;
	u32 piece;
	u64 at;
	int err = 0;

	while (!err && len) {
		piece = len;
		if (area->map)
			piece = min_t(u32, len, block - (ofs & (block - 1)));
		at = fwslot_area_at(area, ofs);
		err = op == OP_READ ? read_child(area, at, buf, piece) :
				      program_child(area->child, at, buf, piece);
		ofs += piece;
		buf += piece;
		len -= piece;
	}
	return err;
}

static int do_op(enum op op, struct fwslot_area *area, u64 ofs, void *buf,
		 u32 len)
{
	if (ofs + len > fwslot_area_room(area))
		return -EINVAL;
	if (op == OP_ERASE)
		return erase_child(area->child, fwslot_area_at(area, ofs));
	return do_pieces(op, area, ofs, buf, len);
}

/* What is left of the area is known to the core before anybody goes on. */
static int do_retire(struct fwslot_dev *dev, struct fwslot_area *area, u64 ofs)
{
	struct fwslot_geometry *geo = &dev->flash.geo;
	bool slot = area == &dev->slot;
	int err;

	err = fwslot_area_retire(area, ofs, slot && !fwslot_dev_own_record(dev));
	if (err)
		return err;
	if (slot) {
		geo->size = fwslot_area_room(area);
		geo->image_size = fwslot_area_linear(area);
	} else {
		geo->record_size = fwslot_area_room(area);
	}
	return 0;
}

/* Only the worker is stopped by its session, and by flash that came back. */
static int stopped(const struct fwslot_dev *dev)
{
	if (READ_ONCE(dev->worker) != current)
		return 0;
	if (dev->cancel && READ_ONCE(*dev->cancel))
		return -ECANCELED;
	return READ_ONCE(dev->binding) == dev->worker_binding ? 0 : -ENODEV;
}

static int run_op(struct fwslot_dev *dev, enum op op, u64 ofs, void *buf,
		  u32 len)
{
	struct fwslot_area *area = pick(dev, &ofs, len);
	ktime_t start;
	int err;

	lockdep_assert_not_held(&fwslot_lock);
	if (!area)
		return -EINVAL;
	/* Does not happen to the worker, only to a verify that is killed. */
	if (fatal_signal_pending(current))
		return -EINTR;
	mutex_lock(&area->lock);
	start = ktime_get();
	err = area->child ? stopped(dev) : -ENODEV;
	if (!err && op == OP_RETIRE)
		err = do_retire(dev, area, ofs);
	else if (!err)
		err = do_op(op, area, ofs, buf, len);
	dev->busy_ns += ktime_to_ns(ktime_sub(ktime_get(), start));
	mutex_unlock(&area->lock);
	cond_resched();
	return err;
}

static int flash_read(void *ctx, u64 ofs, void *buf, u32 len)
{
	return run_op(ctx, OP_READ, ofs, buf, len);
}

static int flash_erase(void *ctx, u64 ofs)
{
	struct fwslot_dev *dev = ctx;

	return run_op(dev, OP_ERASE, ofs, NULL, dev->flash.geo.erase_size);
}

static int flash_program(void *ctx, u64 ofs, const void *buf, u32 len)
{
	return run_op(ctx, OP_PROGRAM, ofs, (void *)buf, len);
}

static int flash_retire(void *ctx, u64 ofs)
{
	struct fwslot_dev *dev = ctx;

	return run_op(dev, OP_RETIRE, ofs, NULL, dev->flash.geo.erase_size);
}

const struct fwslot_flash_ops fwslot_mtd_ops = {
	.read = flash_read,
	.erase = flash_erase,
	.program = flash_program,
	.retire = flash_retire,
};

/* Drivers say "no such method" in two ways; raw NAND's leaks as 524. */
static bool no_lock(int err)
{
	return err == -EOPNOTSUPP || err == -ENOTSUPP;
}

static u32 area_lock_state(struct fwslot_area *area)
{
	u32 state = FWSLOT_LOCK_NONE;
	int err;

	lockdep_assert_not_held(&fwslot_lock);
	mutex_lock(&area->lock);
	if (area->child) {
		err = mtd_is_locked(area->child, area->offset, area->size);
		if (err >= 0)
			state = err ? FWSLOT_LOCK_LOCKED : FWSLOT_LOCK_OPEN;
	}
	mutex_unlock(&area->lock);
	return state;
}

/**
 * fwslot_flash_lock_state() - hardware lock of a unit, read from the chip
 * @dev: the unit
 *
 * Return: enum fwslot_lock; the weaker one of slot and record area.
 */
u32 fwslot_flash_lock_state(struct fwslot_dev *dev)
{
	u32 state = area_lock_state(&dev->slot);

	if (state == FWSLOT_LOCK_LOCKED && fwslot_dev_own_record(dev))
		state = area_lock_state(&dev->record);
	return state;
}

static int area_set_lock(struct fwslot_area *area, bool locked)
{
	int err = -ENODEV;

	lockdep_assert_not_held(&fwslot_lock);
	mutex_lock(&area->lock);
	if (area->child && locked)
		err = mtd_lock(area->child, area->offset, area->size);
	else if (area->child)
		err = mtd_unlock(area->child, area->offset, area->size);
	mutex_unlock(&area->lock);
	/* -EINVAL: the chip cannot express this range. */
	return no_lock(err) || err == -EINVAL ? 0 : err;
}

/**
 * fwslot_flash_set_lock() - lock or unlock the chip over a unit
 * @dev: the unit
 * @locked: what to do
 *
 * Return: 0, also where the chip has no lock that covers the unit, -ENODEV,
 * or the error of the driver.
 */
int fwslot_flash_set_lock(struct fwslot_dev *dev, bool locked)
{
	int err = area_set_lock(&dev->slot, locked);
	int record_err = 0;

	if (fwslot_dev_own_record(dev))
		record_err = area_set_lock(&dev->record, locked);
	return err ?: record_err;
}

static bool area_is_locked(struct fwslot_area *area)
{
	return area_lock_state(area) == FWSLOT_LOCK_LOCKED;
}

/**
 * fwslot_flash_unlock() - unlock the chip over a unit, and look
 * @dev: the unit
 *
 * Return: as fwslot_flash_set_lock(), or -EIO when the chip says that it is
 * still locked: by a pin, as a rule.
 */
int fwslot_flash_unlock(struct fwslot_dev *dev)
{
	int err = fwslot_flash_set_lock(dev, false);

	if (!err && (area_is_locked(&dev->slot) ||
		     (fwslot_dev_own_record(dev) &&
		      area_is_locked(&dev->record))))
		err = -EIO;
	return err;
}

static void report_retired(struct fwslot_dev *dev, struct fwslot_area *area)
{
	char text[40];

	mutex_lock(&area->lock);
	while (area->told < area->retired) {
		scnprintf(text, sizeof(text), "marked bad: block at 0x%llx",
			  area->retired_at[area->told++]);
		mutex_unlock(&area->lock);
		fwslot_audit(FWSLOT_EVENT_STATE, dev->id, FWSLOT_REASON_NONE,
			     text);
		mutex_lock(&area->lock);
	}
	mutex_unlock(&area->lock);
}

static u32 take_flips(struct fwslot_area *area)
{
	u32 flips;

	mutex_lock(&area->lock);
	flips = area->flips;
	area->flips = 0;
	mutex_unlock(&area->lock);
	return flips;
}

/**
 * fwslot_flash_report() - write down what a unit's flash has shown
 * @dev: the unit
 *
 * One line for each block that was marked bad since the last report, and one
 * if bits had to be corrected.  Not while a bootloader is written: the lines
 * go to listeners, too.
 */
void fwslot_flash_report(struct fwslot_dev *dev)
{
	u32 flips = take_flips(&dev->slot) + take_flips(&dev->record);
	char text[40];

	report_retired(dev, &dev->slot);
	report_retired(dev, &dev->record);
	if (!flips)
		return;
	scnprintf(text, sizeof(text), "corrected bits in %u reads", flips);
	fwslot_audit(FWSLOT_EVENT_STATE, dev->id, FWSLOT_REASON_NONE, text);
}
