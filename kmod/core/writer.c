// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * writer.c - the engine: writes one image and its record into one unit
 *
 * The order is the whole point (design rule R7).  A cut at any place leaves
 * either what was there before, or a unit that cannot be taken for valid:
 *
 *  1. the record's header is programmed to zero (NOR), its block is erased
 *  2. the same for the head of the first block
 *  3. every other block: erased, programmed, read back
 *  4. the first block without its head, then its head; read back
 *  5. the whole image is read once more, against the digest table
 *  6. the record: body, then header; read back
 *
 * The caller authenticates every chunk before it comes here.  Memory is the
 * caller's; nothing is allocated between the first and the last step.
 */
#include "core.h"

static int fail(struct fwslot_writer *w, u32 reason, int err)
{
	if (err == -ENODEV)
		reason = FWSLOT_REASON_SLOT_GONE;
	else if (err == -ECANCELED)
		reason = FWSLOT_REASON_ABORTED;
	w->state = FWSLOT_WRITER_FAILED;
	w->reason = reason;
	return err;
}

/* These two come before the flash is asked; after any other it is changed. */
static void note_touch(struct fwslot_writer *w, int err)
{
	if (err != -ECANCELED && err != -ENODEV)
		w->touched = true;
}

static int erase(struct fwslot_writer *w, u64 ofs)
{
	int err = w->flash->ops->erase(w->flash->ctx, ofs);

	note_touch(w, err);
	return err ? fail(w, FWSLOT_REASON_FLASH_IO, err) : 0;
}

static int program(struct fwslot_writer *w, u64 ofs, const u8 *data, u32 len)
{
	int err = w->flash->ops->program(w->flash->ctx, ofs, data, len);

	note_touch(w, err);
	return err ? fail(w, FWSLOT_REASON_FLASH_IO, err) : 0;
}

static int read_back(struct fwslot_writer *w, u64 ofs, const u8 *data, u32 len)
{
	int err;

	/* Spoil the buffer, so that a read that does nothing cannot pass. */
	memset(w->scratch, ~data[0], len);
	err = w->flash->ops->read(w->flash->ctx, ofs, w->scratch, len);
	if (err)
		return fail(w, FWSLOT_REASON_FLASH_IO, err);
	if (memcmp(w->scratch, data, len))
		return fail(w, FWSLOT_REASON_READ_BACK, -EIO);
	return 0;
}

/* Program bytes that start on a write unit, and read them back. */
static int put(struct fwslot_writer *w, u64 ofs, const u8 *data, u32 len)
{
	u32 unit = w->flash->geo.write_unit;
	u32 tail = len & (unit - 1);
	int err;

	if (len > tail) {
		err = program(w, ofs, data, len - tail);
		if (err)
			return err;
	}
	if (tail) {
		memset(w->scratch, 0xff, unit);
		memcpy(w->scratch, data + len - tail, tail);
		err = program(w, ofs + len - tail, w->scratch, unit);
		if (err)
			return err;
	}
	return read_back(w, ofs, data, len);
}

/* Destroy the head of a block, then the block; look that it is gone. */
static int destroy(struct fwslot_writer *w, u64 block)
{
	u32 head = fwslot_head_size(&w->flash->geo);
	int err;

	if (w->flash->geo.overwrite) {
		memset(w->scratch, 0, head);
		err = program(w, block, w->scratch, head);
		if (err)
			return err;
	}
	err = erase(w, block);
	if (err)
		return err;
	err = w->flash->ops->read(w->flash->ctx, block, w->scratch, head);
	if (err)
		return fail(w, FWSLOT_REASON_FLASH_IO, err);
	if (memchr_inv(w->scratch, 0xff, head))
		return fail(w, FWSLOT_REASON_READ_BACK, -EIO);
	return 0;
}

/* Body first, head last: nobody takes half of it for the whole. */
static int put_head_last(struct fwslot_writer *w, u64 ofs, const u8 *data,
			 u32 len)
{
	u32 head = min_t(u32, fwslot_head_size(&w->flash->geo), len);
	int err;

	if (len > head) {
		err = put(w, ofs + head, data + head, len - head);
		if (err)
			return err;
	}
	return put(w, ofs, data, head);
}

static int put_block_part(struct fwslot_writer *w, u64 ofs, const u8 *data,
			  u32 len)
{
	u32 in_block = ofs & (w->flash->geo.erase_size - 1);
	int err;

	if (!in_block) {
		err = erase(w, ofs);
		if (err)
			return err;
	}
	err = put(w, ofs, data, len);
	if (err)
		return err;
	if (in_block + len == w->flash->geo.erase_size ||
	    ofs + len == w->img->size)
		w->blocks++;
	return 0;
}

static int put_record(struct fwslot_writer *w)
{
	const struct fwslot_geometry *geo = &w->flash->geo;
	u64 head = fwslot_record_head(geo);
	u32 room = geo->erase_size - w->rec.body_offset;
	u32 size = fwslot_record_body(&w->rec);
	u32 i, ofs, len;
	int err;

	for (i = fwslot_record_blocks(geo, &w->rec) - 1; i > 0; i--) {
		ofs = room + (i - 1) * geo->erase_size;
		len = min_t(u32, size - ofs, geo->erase_size);
		err = erase(w, head - (u64)i * geo->erase_size);
		if (err)
			return err;
		err = put(w, head - (u64)i * geo->erase_size, w->body + ofs,
			  len);
		if (err)
			return err;
		w->blocks++;
	}
	err = put(w, head + w->rec.body_offset, w->body,
		  min_t(u32, size, room));
	if (err)
		return err;
	/* The first block is not needed any more: its memory takes the header. */
	fwslot_record_build(geo, &w->rec, w->first);
	err = put(w, head, w->first, sizeof(struct fwslot_disk_record));
	if (err)
		return err;
	w->blocks++;
	w->state = FWSLOT_WRITER_DONE;
	return 0;
}

/**
 * fwslot_writer_init() - check and lay out a write; touches nothing
 * @w: flash, img, table, rec (manifest_size, signature_size, image), body,
 *	first and scratch are given
 *
 * Return: FWSLOT_REASON_NONE, FWSLOT_REASON_TOO_LARGE, or what
 * fwslot_geometry_check() says.
 */
u32 fwslot_writer_init(struct fwslot_writer *w)
{
	const struct fwslot_geometry *geo = &w->flash->geo;
	u32 reason;

	reason = fwslot_geometry_check(geo);
	if (!reason)
		reason = fwslot_record_layout(geo, w->img, &w->rec);
	if (reason)
		return reason;
	w->state = FWSLOT_WRITER_READY;
	w->chunk = 0;
	w->touched = false;
	w->blocks = 0;
	w->blocks_total = fwslot_image_blocks(geo, w->img) +
			  fwslot_record_blocks(geo, &w->rec);
	w->reason = FWSLOT_REASON_NONE;
	return FWSLOT_REASON_NONE;
}

static int start(struct fwslot_writer *w)
{
	int err;

	err = destroy(w, fwslot_record_head(&w->flash->geo));
	if (err)
		return err;
	err = destroy(w, 0);
	if (err)
		return err;
	w->state = FWSLOT_WRITER_BODY;
	return 0;
}

/**
 * fwslot_writer_chunk() - write the next chunk
 * @w: the writer; its first chunk destroys the unit's record and first block
 * @data: fwslot_chunk_len() bytes, authenticated by the caller
 *
 * What belongs to the first block is kept in memory until the others are done.
 *
 * Return: 0, -EINVAL when no chunk is expected, -EIO when the flash does not
 * hold what was programmed, or the negative errno of a flash op.  After an
 * error @w->reason says why, and the unit is broken if @w->touched.
 */
int fwslot_writer_chunk(struct fwslot_writer *w, const u8 *data)
{
	u32 block = w->flash->geo.erase_size;
	u64 ofs = (u64)w->chunk * w->img->chunk_size;
	u32 left, len;
	int err;

	if (w->state == FWSLOT_WRITER_READY) {
		err = start(w);
		if (err)
			return err;
	}
	if (w->state != FWSLOT_WRITER_BODY)
		return -EINVAL;
	for (left = fwslot_chunk_len(w->img, w->chunk); left; left -= len) {
		len = min_t(u32, left, block - (ofs & (block - 1)));
		if (ofs < block) {
			memcpy(w->first + ofs, data, len);
		} else {
			err = put_block_part(w, ofs, data, len);
			if (err)
				return err;
		}
		ofs += len;
		data += len;
	}
	if (++w->chunk == w->img->chunks)
		w->state = FWSLOT_WRITER_FIRST;
	return 0;
}

/**
 * fwslot_writer_finish() - write the first block, check all, write the record
 * @w: the writer, after its last chunk
 *
 * Return: as fwslot_writer_chunk().
 */
int fwslot_writer_finish(struct fwslot_writer *w)
{
	u32 len = min_t(u64, w->img->size, w->flash->geo.erase_size);
	int err;

	if (w->state != FWSLOT_WRITER_FIRST)
		return -EINVAL;
	err = put_head_last(w, 0, w->first, len);
	if (err)
		return err;
	w->blocks++;
	w->state = FWSLOT_WRITER_CHECK;
	err = fwslot_content_check(w->flash, w->img, w->table, w->scratch);
	if (err < 0)
		return fail(w, FWSLOT_REASON_FLASH_IO, err);
	if (err)
		return fail(w, FWSLOT_REASON_READ_BACK, -EIO);
	w->state = FWSLOT_WRITER_RECORD;
	return put_record(w);
}

/**
 * fwslot_writer_record() - write only the record
 * @w: the writer, nothing written yet; the caller has read the unit's content
 *	and knows that it equals @w->img
 *
 * Return: as fwslot_writer_chunk().
 */
int fwslot_writer_record(struct fwslot_writer *w)
{
	int err;

	if (w->state != FWSLOT_WRITER_READY)
		return -EINVAL;
	w->blocks_total = fwslot_record_blocks(&w->flash->geo, &w->rec);
	err = destroy(w, fwslot_record_head(&w->flash->geo));
	if (err)
		return err;
	w->state = FWSLOT_WRITER_RECORD;
	return put_record(w);
}
