// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * writer.c - the engine: writes one image and its record into one unit
 *
 * The order is the whole point (design rule R7).  A cut at any place leaves
 * either what was there before, or a unit that cannot be taken for valid:
 *
 *  1. the head of the first block is programmed to zero
 *  2. the same for the record's header; the first block is erased
 *  3. every other block that is not right already: erased, programmed, read back
 *  4. the first block without its head, then its head; read back
 *  5. the whole image is read once more, against the digest table
 *  6. the record: its block is erased; body, then header; read back
 *
 * The image goes before its record: content that is whole never loses its
 * name, and a record is not believed without its content.  Between 1 and the
 * end of 4 a bootloader does not start, so the record is erased after that.
 *
 * Flash that cannot be overwritten gets erases instead of 1 and 2.  NAND keeps
 * the order of the blocks, but within a block the head cannot be last; there
 * half a block is found by its digest.  A NAND block that fails is given up and
 * the next one takes its place, but for the first block in 4: what follows it
 * is written already, so that is left to the next attempt.
 *
 * The caller authenticates every chunk before it comes here.  Memory is the
 * caller's; nothing is allocated between the first and the last step.
 */
#include "block.h"

#define PIECE	4096

/**
 * fwslot_writer_init() - check and lay out a write; touches nothing
 * @w: flash, img, table, rec (manifest_size, signature_size, image), body,
 *	first, block, scratch, old, firm and wanted are given
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
	w->kept = false;
	w->whole = false;
	w->state = FWSLOT_WRITER_READY;
	w->chunk = 0;
	w->touched = false;
	w->bad = 0;
	w->doubt = false;
	w->gone = U64_MAX;
	w->blocks = 0;
	w->blocks_total = fwslot_wanted_blocks(geo, w->img, w->wanted) +
			  fwslot_record_blocks(geo, &w->rec);
	w->reason = FWSLOT_REASON_NONE;
	return FWSLOT_REASON_NONE;
}

static int destroy_record(struct fwslot_writer *w)
{
	u64 head;
	int err;

	do {
		head = fwslot_record_head(&w->flash->geo);
		err = fwslot_block_destroy(w, head);
	} while (err && fwslot_block_retire(w, err));
	if (!err)
		w->gone = head;
	return err;
}

static int clear_first(struct fwslot_writer *w)
{
	int err;

	do
		err = fwslot_block_clear(w, 0);
	while (err && fwslot_block_retire(w, err));
	return err;
}

static int zero_heads(struct fwslot_writer *w)
{
	int err = fwslot_block_zero(w, 0);

	if (!err)
		err = fwslot_block_zero(w, fwslot_record_head(&w->flash->geo));
	return err ? err : fwslot_block_clear(w, 0);
}

static int erase_heads(struct fwslot_writer *w)
{
	int err = clear_first(w);

	return err ? err : destroy_record(w);
}

static int start(struct fwslot_writer *w)
{
	int err = w->flash->geo.overwrite ? zero_heads(w) : erase_heads(w);

	if (!err)
		w->state = FWSLOT_WRITER_BODY;
	return err;
}

/* Are there bytes of a block, and erased ones behind them? */
static bool same(const u8 *old, u32 size, const u8 *data, u32 len)
{
	return !memcmp(old, data, len) &&
	       !memchr_inv(old + len, 0xff, size - len);
}

/* In pieces, since those that are not the same differ at once, as a rule. */
static bool same_in_flash(const struct fwslot_writer *w, u64 ofs,
			  const u8 *data, u32 len)
{
	const struct fwslot_flash *flash = w->flash;
	u32 piece = min_t(u32, flash->geo.erase_size, PIECE);
	u32 done, part;

	for (done = 0; done < flash->geo.erase_size; done += piece) {
		part = done < len ? min_t(u32, len - done, piece) : 0;
		if (flash->ops->read(flash->ctx, ofs + done, w->scratch, piece) ||
		    !same(w->scratch, piece, part ? data + done : data, part))
			return false;
	}
	return true;
}

/*
 * The map leaves out chunks, so a block with a whole one of the others differs; but
 * for the last one of an image of another size, which may be erased for nothing.
 */
static bool differs_by_map(const struct fwslot_writer *w)
{
	return w->wanted && w->img->chunk_size <= w->flash->geo.erase_size;
}

/* Was this block read as part of what is valid, and is it what is wanted? */
static bool right_already(const struct fwslot_writer *w, u64 ofs,
			  const u8 *data, u32 len)
{
	if (!w->firm || differs_by_map(w))
		return false;
	if (!w->kept)
		return same_in_flash(w, ofs, data, len);
	return same(w->old + ofs, w->flash->geo.erase_size, data, len);
}

static int put_block(struct fwslot_writer *w, u64 ofs, const u8 *data, u32 len)
{
	int err;

	if (right_already(w, ofs, data, len)) {
		w->blocks++;
		return 0;
	}
	do {
		err = fwslot_block_erase(w, ofs);
		if (!err)
			err = fwslot_block_put(w, ofs, data, len);
	} while (err && fwslot_block_retire(w, err));
	if (err)
		return err;
	w->state = FWSLOT_WRITER_BODY;
	w->blocks++;
	return 0;
}

/* Bytes that go into one block; it is written when it is full. */
static int fill_block(struct fwslot_writer *w, u64 ofs, const u8 *data,
		      u32 len)
{
	u32 block = w->flash->geo.erase_size;
	u32 in_block = fwslot_in_block(w, ofs);

	if (ofs < block) {
		memcpy(w->first + ofs, data, len);
		return 0;
	}
	if (in_block + len < block && ofs + len < w->img->size) {
		memcpy(w->block + in_block, data, len);
		return 0;
	}
	if (!in_block)
		return put_block(w, ofs, data, len);
	memcpy(w->block + in_block, data, len);
	return put_block(w, ofs - in_block, w->block, in_block + len);
}

/**
 * fwslot_writer_chunk() - write the next chunk that is wanted, @w->chunk
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
		len = min_t(u32, left, block - fwslot_in_block(w, ofs));
		err = fill_block(w, ofs, data, len);
		if (err)
			return err;
		ofs += len;
		data += len;
	}
	w->chunk = fwslot_wanted_next(w->wanted, w->chunk + 1, w->img->chunks);
	if (w->chunk == w->img->chunks)
		w->state = FWSLOT_WRITER_FIRST;
	return 0;
}

static int put_first(struct fwslot_writer *w)
{
	u32 len = min_t(u64, w->img->size, w->flash->geo.erase_size);
	u32 head = min_t(u32, fwslot_head_size(&w->flash->geo), len);
	u32 reason;
	int err;

	err = fwslot_block_put_head_last(w, 0, w->first, len, head);
	if (!err) {
		w->blocks++;
		return 0;
	}
	/* The next attempt does without it; what follows has to move. */
	reason = w->reason;
	fwslot_block_retire(w, err);
	return fwslot_writer_fail(w, reason, err);
}

static int put_overflow(struct fwslot_writer *w, u64 head, u32 room)
{
	const struct fwslot_geometry *geo = &w->flash->geo;
	u32 size = fwslot_record_body(&w->rec);
	u32 i, ofs;
	int err;

	for (i = fwslot_record_blocks(geo, &w->rec) - 1; i > 0; i--) {
		ofs = room + (i - 1) * geo->erase_size;
		err = fwslot_block_erase(w, head - (u64)i * geo->erase_size);
		if (err)
			return err;
		err = fwslot_block_put(w, head - (u64)i * geo->erase_size,
				       w->body + ofs,
				       min_t(u32, size - ofs, geo->erase_size));
		if (err)
			return err;
	}
	return 0;
}

/* The block of the header.  The first block's memory takes it. */
static int put_head_block(struct fwslot_writer *w, u64 head, u32 room)
{
	const struct fwslot_geometry *geo = &w->flash->geo;
	u32 len = min_t(u32, fwslot_record_body(&w->rec), room);
	u32 body = w->rec.body_offset;
	int err;

	memset(w->first, 0xff, body);
	fwslot_record_build(geo, &w->rec, w->first);
	memcpy(w->first + body, w->body, len);
	if (geo->ordered)
		return fwslot_block_put(w, head, w->first, body + len);
	err = fwslot_block_put(w, head + body, w->first + body, len);
	if (err)
		return err;
	return fwslot_block_put(w, head, w->first,
				sizeof(struct fwslot_disk_record));
}

static int try_record(struct fwslot_writer *w)
{
	u64 head = fwslot_record_head(&w->flash->geo);
	u32 room = w->flash->geo.erase_size - w->rec.body_offset;
	int err = 0;

	if (w->gone != head)
		err = fwslot_block_destroy(w, head);
	if (!err)
		err = put_overflow(w, head, room);
	w->gone = U64_MAX;
	return err ? err : put_head_block(w, head, room);
}

static int put_record(struct fwslot_writer *w)
{
	int err;

	do
		err = try_record(w);
	while (err && fwslot_block_retire(w, err));
	if (err)
		return err;
	w->blocks += fwslot_record_blocks(&w->flash->geo, &w->rec);
	w->state = FWSLOT_WRITER_DONE;
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
	int err;

	if (w->state != FWSLOT_WRITER_FIRST)
		return -EINVAL;
	err = put_first(w);
	if (err)
		return err;
	w->state = FWSLOT_WRITER_CHECK;
	err = fwslot_content_check(w->flash, w->img, w->table, w->scratch);
	if (err < 0)
		return fwslot_writer_fail(w, FWSLOT_REASON_FLASH_IO, err);
	if (err)
		return fwslot_writer_fail(w, FWSLOT_REASON_READ_BACK, -EIO);
	w->whole = true;
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
	err = destroy_record(w);
	if (err)
		return err;
	w->state = FWSLOT_WRITER_RECORD;
	return put_record(w);
}
