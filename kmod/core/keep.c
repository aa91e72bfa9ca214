// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * keep.c - what a unit held before a write, and how it gets that back
 *
 * For the bootloader (design rule R8): a write that fails while the system is
 * alive must not leave a device that only runs until the next power cut.  Kept
 * are the blocks that the write may change, those of the image and behind them
 * those of the record.  They are put back in the order of writer.c: what makes
 * them valid is destroyed first and written last.
 */
#include "block.h"

static u32 image_blocks(const struct fwslot_writer *w)
{
	return fwslot_image_blocks(&w->flash->geo, w->img);
}

static u32 record_blocks(const struct fwslot_writer *w)
{
	return fwslot_record_blocks(&w->flash->geo, &w->rec);
}

/* Where block @n of what is kept lies in the unit. */
static u64 place(const struct fwslot_writer *w, u32 n)
{
	const struct fwslot_geometry *geo = &w->flash->geo;
	u32 image = image_blocks(w);

	if (n < image)
		return (u64)n * geo->erase_size;
	n = record_blocks(w) - 1 - (n - image);
	return fwslot_record_head(geo) - (u64)n * geo->erase_size;
}

static u8 *kept(const struct fwslot_writer *w, u32 n)
{
	return w->old + (size_t)n * w->flash->geo.erase_size;
}

/**
 * fwslot_writer_old_size() - memory that fwslot_writer_keep() needs
 * @w: the writer, after fwslot_writer_init()
 *
 * Return: bytes.
 */
size_t fwslot_writer_old_size(const struct fwslot_writer *w)
{
	return (size_t)(image_blocks(w) + record_blocks(w)) *
	       w->flash->geo.erase_size;
}

/**
 * fwslot_writer_keep() - read what a write may change
 * @w: the writer, nothing written yet, with memory at @w->old
 *
 * Return: 0, or the negative errno of a read; then nothing is kept.
 */
int fwslot_writer_keep(struct fwslot_writer *w)
{
	u32 n, blocks = image_blocks(w) + record_blocks(w);
	int err;

	for (n = 0; n < blocks; n++) {
		err = w->flash->ops->read(w->flash->ctx, place(w, n),
					  kept(w, n),
					  w->flash->geo.erase_size);
		if (err)
			return err;
	}
	w->kept = true;
	return 0;
}

/* Bytes up to the last that is not erased, in whole write units. */
static u32 used(const struct fwslot_writer *w, const u8 *data)
{
	u32 unit = w->flash->geo.write_unit;
	u32 len = w->flash->geo.erase_size;

	while (len && !memchr_inv(data + len - unit, 0xff, unit))
		len -= unit;
	return len;
}

/* Program a block that was erased. */
static int put_back(struct fwslot_writer *w, u32 n)
{
	const u8 *data = kept(w, n);
	u32 head = fwslot_head_size(&w->flash->geo);
	u32 len = used(w, data);

	if (!len)
		return 0;
	return fwslot_block_put_head_last(w, place(w, n), data, len, head);
}

static int restore_block(struct fwslot_writer *w, u32 n)
{
	u32 block = w->flash->geo.erase_size;
	int err;

	err = w->flash->ops->read(w->flash->ctx, place(w, n), w->scratch,
				  block);
	if (!err && !memcmp(w->scratch, kept(w, n), block))
		return 0;
	err = fwslot_block_erase(w, place(w, n));
	return err ? err : put_back(w, n);
}

static int restore_all(struct fwslot_writer *w, u32 last)
{
	u32 n;
	int err;

	err = fwslot_block_destroy(w, 0);
	if (err)
		return err;
	err = fwslot_block_destroy(w, place(w, last));
	for (n = 1; !err && n < image_blocks(w); n++)
		err = restore_block(w, n);
	if (!err)
		err = put_back(w, 0);
	for (n = image_blocks(w); !err && n < last; n++)
		err = restore_block(w, n);
	return err ? err : put_back(w, last);
}

/**
 * fwslot_writer_restore() - put back what a unit held before a failed write
 * @w: the writer, failed, with what it held kept
 *
 * @w->reason stays what it was.  After success @w->touched is not set any more:
 * the unit is what it was, record and all.
 *
 * Return: 0, -EINVAL when nothing is kept, -ENOSPC when too many blocks have
 * gone bad, or the error of a block.
 */
int fwslot_writer_restore(struct fwslot_writer *w)
{
	u32 last = image_blocks(w) + record_blocks(w) - 1;
	u32 reason = w->reason;
	int err;

	if (!w->kept || w->state != FWSLOT_WRITER_FAILED)
		return -EINVAL;
	if (fwslot_record_layout(&w->flash->geo, w->img, &w->rec))
		return -ENOSPC;
	err = restore_all(w, last);
	w->reason = reason;
	w->state = FWSLOT_WRITER_FAILED;
	if (!err)
		w->touched = false;
	return err;
}
