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

/* Was this block read in this session, and part of what is valid? */
static bool was_right(const struct fwslot_writer *w, u32 n)
{
	return w->firm && n < image_blocks(w) && place(w, n) < w->old_size;
}

/* Nothing that could be put back, and no loss; of a record it is weak bits. */
static void keep_blank(struct fwslot_writer *w, u32 n)
{
	memset(kept(w, n), 0xff, w->flash->geo.erase_size);
	if (n >= image_blocks(w))
		w->firm = false;
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
	struct fwslot_record rec;
	int err;

	for (n = 0; n < blocks; n++) {
		err = w->flash->ops->read(w->flash->ctx, place(w, n),
					  kept(w, n),
					  w->flash->geo.erase_size);
		if (err && (err != -EBADMSG || was_right(w, n)))
			return err;
		if (err)
			keep_blank(w, n);
	}
	/* It was there a moment ago: so reads a dead chip, and no weak bit. */
	if (w->firm &&
	    fwslot_record_parse(&w->flash->geo, kept(w, blocks - 1), &rec) ==
	    FWSLOT_REASON_NO_RECORD)
		return -EIO;
	/* A blank unit is nothing to put back, and so reads a dead chip. */
	w->kept = memchr_inv(w->old, 0xff, w->flash->geo.erase_size);
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

/* Blocks may have been given up since it was kept. */
static bool room(const struct fwslot_writer *w)
{
	const struct fwslot_geometry *geo = &w->flash->geo;
	u32 blocks = image_blocks(w);

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
 * too many blocks have gone bad, or the error of a block.
 */
int fwslot_writer_restore(struct fwslot_writer *w)
{
	u32 last = image_blocks(w) + record_blocks(w) - 1;
	u32 reason = w->reason;
	int err;

	if (!w->kept || w->whole || w->state != FWSLOT_WRITER_FAILED)
		return -EINVAL;
	if (fwslot_record_layout(&w->flash->geo, w->img, &w->rec) ||
	    !room(w))
		return -ENOSPC;
	err = restore_all(w, last);
	w->reason = reason;
	w->state = FWSLOT_WRITER_FAILED;
	if (!err)
		w->touched = false;
	return err;
}
