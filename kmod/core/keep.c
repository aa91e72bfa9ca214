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

/*
 * On NAND a block that is given up moves those behind it, so the whole of what
 * is there is kept, also where it is longer than what comes.
 */
static u32 image_blocks(const struct fwslot_writer *w)
{
	return fwslot_blocks(max_t(u64, w->img->size, w->old_size),
			     w->flash->geo.erase_size);
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

/*
 * Was this block read in this session, and part of what is valid?  NAND may have
 * weak bits in a record that was cut short.
 */
static bool was_right(const struct fwslot_writer *w, u32 n, bool firm)
{
	if (n >= image_blocks(w))
		return firm && !w->flash->geo.ordered;
	return firm && place(w, n) < w->old_size;
}

/* Nothing that could be put back, and no loss; of a record it is weak bits. */
static void keep_blank(struct fwslot_writer *w, u32 n)
{
	memset(kept(w, n), 0xff, w->flash->geo.erase_size);
	if (n >= image_blocks(w))
		w->firm = false;
}

/* Has the chip died while it was read?  A dead one reads all ones, or fails. */
static int still_there(struct fwslot_writer *w)
{
	const struct fwslot_flash *flash = w->flash;
	const u32 len = sizeof(struct fwslot_disk_record);
	struct fwslot_record rec;
	int err;

	err = flash->ops->read(flash->ctx, fwslot_record_head(&flash->geo),
			       w->scratch, len);
	if (err && (err != -EBADMSG || !flash->geo.ordered))
		return err;
	if (!err && fwslot_record_parse(&flash->geo, w->scratch, &rec) ==
	    FWSLOT_REASON_NO_RECORD)
		return -EIO;
	err = flash->ops->read(flash->ctx, 0, w->scratch, len);
	if (err)
		return err;
	return memcmp(w->scratch, w->old, len) ? -EIO : 0;
}

/**
 * fwslot_writer_keep() - read what a write may change
 * @w: the writer, nothing written yet, with memory at @w->old
 *
 * Blocks that cannot be corrected any more are kept as erased ones, unless they
 * were right a moment ago.
 *
 * Return: 0, or the negative errno of a read; then nothing is kept.
 */
int fwslot_writer_keep(struct fwslot_writer *w)
{
	u32 n, blocks = image_blocks(w) + record_blocks(w);
	bool firm = w->firm;
	int err;

	/* The record first: weak bits in it are told from a chip that dies. */
	for (n = blocks; n-- > 0; ) {
		err = w->flash->ops->read(w->flash->ctx, place(w, n),
					  kept(w, n),
					  w->flash->geo.erase_size);
		if (err && (err != -EBADMSG || was_right(w, n, firm)))
			return err;
		if (err)
			keep_blank(w, n);
	}
	err = firm ? still_there(w) : 0;
	if (err)
		return err;
	/* A blank unit is nothing to put back, and so reads a dead chip. */
	w->old_room = w->flash->geo.size;
	w->kept = w->firm ||
		  memchr_inv(w->old, 0xff, w->flash->geo.erase_size);
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

/* Blocks may have been given up since it was kept: does the record still fit? */
static bool record_has_room(const struct fwslot_writer *w)
{
	const struct fwslot_geometry *geo = &w->flash->geo;
	u32 blocks = image_blocks(w);

	if (geo->size == w->old_room)
		return true;
	if (!geo->record_size)
		blocks += record_blocks(w);
	return blocks <= fwslot_blocks(geo->size, geo->erase_size);
}

static int restore_image(struct fwslot_writer *w)
{
	u32 n;
	int err = 0;

	for (n = 1; !err && n < image_blocks(w); n++)
		err = restore_block(w, n);
	return err ? err : put_back(w, 0);
}

static int restore_record(struct fwslot_writer *w, u32 last)
{
	u32 n;
	int err = 0;

	for (n = image_blocks(w); !err && n < last; n++)
		err = restore_block(w, n);
	return err ? err : put_back(w, last);
}

/* A record that cannot be written is no reason to leave nothing that starts. */
static int restore_all(struct fwslot_writer *w, u32 last)
{
	int err, record_err;

	err = fwslot_block_destroy(w, 0);
	if (err)
		return err;
	record_err = -ENOSPC;
	if (record_has_room(w))
		record_err = fwslot_block_destroy(w, place(w, last));
	err = restore_image(w);
	if (err || record_err)
		return err ? err : record_err;
	return restore_record(w, last);
}

/**
 * fwslot_writer_restore() - put back what a unit held before a failed write
 * @w: the writer, failed, with what it held kept
 *
 * @w->reason stays what it was.  After success @w->touched is not set any more:
 * the unit is what it was, record and all.
 *
 * Once the new image is whole it is better than any old one, and only its name
 * is missing: then this does nothing.
 *
 * Return: 0, -EINVAL when nothing is kept or the image is whole, -ENOSPC when
 * too many blocks have gone bad for all of it, or the error of a block.
 */
int fwslot_writer_restore(struct fwslot_writer *w)
{
	u32 last = image_blocks(w) + record_blocks(w) - 1;
	u32 reason = w->reason;
	int err;

	if (!w->kept || w->whole || w->state != FWSLOT_WRITER_FAILED)
		return -EINVAL;
	if ((u64)image_blocks(w) * w->flash->geo.erase_size >
	    w->flash->geo.size)
		return -ENOSPC;
	err = restore_all(w, last);
	/* Blocks have moved, and nobody knows how many of them mattered. */
	if (!err && !w->old_size && w->flash->geo.size != w->old_room)
		err = -ENOSPC;
	w->reason = reason;
	w->state = FWSLOT_WRITER_FAILED;
	if (!err)
		w->touched = false;
	return err;
}
