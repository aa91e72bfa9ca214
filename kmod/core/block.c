// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * block.c - the engine's hands: erases and programs, each looked at afterwards
 *
 * What is written is read back here, and a block that fails is given up here
 * where the flash has others to take its place (NAND).  In which order blocks
 * are written is the business of writer.c and keep.c.
 */
#include "block.h"

/**
 * fwslot_writer_fail() - stop a writer
 * @w: the writer
 * @reason: why
 * @err: negative errno; two of them are reasons by themselves
 *
 * Return: @err.
 */
int fwslot_writer_fail(struct fwslot_writer *w, u32 reason, int err)
{
	if (err == -ENODEV)
		reason = FWSLOT_REASON_SLOT_GONE;
	else if (err == -ECANCELED)
		reason = FWSLOT_REASON_ABORTED;
	w->state = FWSLOT_WRITER_FAILED;
	w->reason = reason;
	return err;
}

static int fail_at(struct fwslot_writer *w, u32 reason, u64 ofs, int err)
{
	w->bad = ofs - fwslot_in_block(w, ofs);
	return fwslot_writer_fail(w, reason, err);
}

/* These two come before the flash is asked; after any other it is changed. */
static void note_touch(struct fwslot_writer *w, int err)
{
	if (err != -ECANCELED && err != -ENODEV)
		w->touched = true;
}

/**
 * fwslot_block_erase() - erase a block
 * @w: the writer
 * @ofs: start of the block
 *
 * Return: 0 or the negative errno of the flash.
 */
int fwslot_block_erase(struct fwslot_writer *w, u64 ofs)
{
	int err = w->flash->ops->erase(w->flash->ctx, ofs);

	note_touch(w, err);
	return err ? fail_at(w, FWSLOT_REASON_FLASH_IO, ofs, err) : 0;
}

static int program(struct fwslot_writer *w, u64 ofs, const u8 *data, u32 len)
{
	int err = w->flash->ops->program(w->flash->ctx, ofs, data, len);

	note_touch(w, err);
	return err ? fail_at(w, FWSLOT_REASON_FLASH_IO, ofs, err) : 0;
}

static int read_back(struct fwslot_writer *w, u64 ofs, const u8 *data, u32 len)
{
	int err;

	/* Spoil the buffer, so that a read that does nothing cannot pass. */
	memset(w->scratch, ~data[0], len);
	err = w->flash->ops->read(w->flash->ctx, ofs, w->scratch, len);
	if (err)
		return fail_at(w, FWSLOT_REASON_FLASH_IO, ofs, err);
	if (memcmp(w->scratch, data, len))
		return fail_at(w, FWSLOT_REASON_READ_BACK, ofs, -EIO);
	w->doubt = false;
	return 0;
}

/**
 * fwslot_block_put() - program bytes, and read them back
 * @w: the writer
 * @ofs: where to; the start of a write unit
 * @data: bytes, all in one block
 * @len: how many
 *
 * Return: 0, -EIO when the flash does not hold what was programmed, or the
 * negative errno of the flash.
 */
int fwslot_block_put(struct fwslot_writer *w, u64 ofs, const u8 *data, u32 len)
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

/**
 * fwslot_block_put_head_last() - program a block, its head last
 * @w: the writer
 * @ofs: start of the block, which is erased
 * @data: bytes
 * @len: how many
 * @head: bytes of the head, whole write units
 *
 * Nobody takes half of it for the whole.  Flash that has to be programmed in
 * order cannot have that.
 *
 * Return: as fwslot_block_put().
 */
int fwslot_block_put_head_last(struct fwslot_writer *w, u64 ofs,
			       const u8 *data, u32 len, u32 head)
{
	int err;

	if (w->flash->geo.ordered || len <= head)
		return fwslot_block_put(w, ofs, data, len);
	err = fwslot_block_put(w, ofs + head, data + head, len - head);
	return err ? err : fwslot_block_put(w, ofs, data, head);
}

/**
 * fwslot_block_zero() - destroy the head of a block without an erase
 * @w: the writer; its flash allows overwriting
 * @block: start of the block
 *
 * Not read back: a cut may have left bits in it that are weak until the erase,
 * which comes later and is looked at.
 *
 * Return: 0 or the negative errno of the flash.
 */
int fwslot_block_zero(struct fwslot_writer *w, u64 block)
{
	u32 head = fwslot_head_size(&w->flash->geo);

	memset(w->scratch, 0, head);
	return program(w, block, w->scratch, head);
}

/**
 * fwslot_block_clear() - erase a block, and look whether its head is gone
 * @w: the writer
 * @block: start of the block
 *
 * Return: 0, -EIO when it is still there, or the negative errno of the flash.
 */
int fwslot_block_clear(struct fwslot_writer *w, u64 block)
{
	u32 head = fwslot_head_size(&w->flash->geo);
	int err;

	err = fwslot_block_erase(w, block);
	if (err)
		return err;
	memset(w->scratch, 0, head);
	err = w->flash->ops->read(w->flash->ctx, block, w->scratch, head);
	if (err)
		return fail_at(w, FWSLOT_REASON_FLASH_IO, block, err);
	if (memchr_inv(w->scratch, 0xff, head))
		return fail_at(w, FWSLOT_REASON_READ_BACK, block, -EIO);
	return 0;
}

/**
 * fwslot_block_destroy() - destroy the head of a block, then the block
 * @w: the writer
 * @block: start of the block
 *
 * An erase that is cut short can leave a head that is valid over a body that is
 * not: NOR erases from the end.  So the head goes first where it can.
 *
 * Return: as fwslot_block_clear().
 */
int fwslot_block_destroy(struct fwslot_writer *w, u64 block)
{
	int err = 0;

	if (w->flash->geo.overwrite)
		err = fwslot_block_zero(w, block);
	return err ? err : fwslot_block_clear(w, block);
}

static void move_up(struct fwslot_writer *w, u64 ofs)
{
	if (w->gone == ofs)
		w->gone = U64_MAX;
	else if (w->gone != U64_MAX && w->gone > ofs)
		w->gone -= w->flash->geo.erase_size;
}

/**
 * fwslot_block_retire() - go on without the block that has just failed
 * @w: the writer, failed
 * @err: what failed
 *
 * Return: true if another block has taken its place, erased by nobody yet, and
 * the writer is in FWSLOT_WRITER_READY for its caller to set right; false if
 * the failure stands.
 */
bool fwslot_block_retire(struct fwslot_writer *w, int err)
{
	const struct fwslot_flash *flash = w->flash;
	u64 ofs = w->bad;

	if (!flash->ops->retire || (err != -EIO && err != -EBADMSG))
		return false;
	/* The one that took its place fails, too: it is not the block. */
	if (w->doubt || flash->ops->retire(flash->ctx, ofs))
		return false;
	w->doubt = true;
	/* What was read before is not where it was any more. */
	w->firm = false;
	move_up(w, ofs);
	if (fwslot_record_layout(&flash->geo, w->img, &w->rec)) {
		w->reason = FWSLOT_REASON_BAD_BLOCKS;
		return false;
	}
	w->reason = FWSLOT_REASON_NONE;
	w->state = FWSLOT_WRITER_READY;
	return true;
}
