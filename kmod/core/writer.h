/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * writer.h - the engine: the write of one image and its record into one unit
 *
 * Part of core.h, which includes it.  One state machine, driven by its caller
 * chunk by chunk.
 */
#ifndef FWSLOT_CORE_WRITER_H
#define FWSLOT_CORE_WRITER_H

/**
 * enum fwslot_writer_state - where a writer is
 * @FWSLOT_WRITER_READY: nothing touched
 * @FWSLOT_WRITER_BODY: record destroyed, taking chunks
 * @FWSLOT_WRITER_FIRST: all but the first block is programmed
 * @FWSLOT_WRITER_CHECK: the whole image is programmed
 * @FWSLOT_WRITER_RECORD: the whole image was read back and is right
 * @FWSLOT_WRITER_DONE: the record is in place
 * @FWSLOT_WRITER_FAILED: stopped; the unit is broken if @touched
 */
enum fwslot_writer_state {
	FWSLOT_WRITER_READY,
	FWSLOT_WRITER_BODY,
	FWSLOT_WRITER_FIRST,
	FWSLOT_WRITER_CHECK,
	FWSLOT_WRITER_RECORD,
	FWSLOT_WRITER_DONE,
	FWSLOT_WRITER_FAILED,
};

/**
 * struct fwslot_writer - a write of one image and its record
 * @flash: the unit
 * @img: the image
 * @table: its digest table
 * @rec: layout of the record
 * @body: bytes of the record's body, fwslot_record_body(@rec) of them
 * @first: memory for the first erase block, @flash->geo.erase_size bytes
 * @block: the same for the block that is being filled; needed only if an
 *	erase block is larger than a chunk
 * @scratch: memory to read back into: the larger of @img->chunk_size and
 *	@flash->geo.erase_size
 * @old: memory for what the unit holds now, fwslot_writer_old_size() bytes,
 *	or NULL: then it is not put back when the write fails
 * @firm: what the unit holds now was read and equals its valid record; blocks
 *	that are right already are not written
 * @wanted: map of the chunks that come, see wanted.c; the unit holds all others
 *	already, and @firm is true.  NULL: all of them come
 * @old_size: bytes of the image that it holds, 0: not known
 * @old_room: bytes of the slot when it was kept
 * @kept: fwslot_writer_keep() has filled @old
 * @whole: the new image was read back and is right
 * @state: where it is
 * @chunk: next chunk to come
 * @touched: something was erased or programmed
 * @bad: offset of the block that failed last
 * @doubt: a block was given up, and none was good since then
 * @gone: offset of the block that was erased to destroy the record
 * @blocks: erase blocks complete so far
 * @blocks_total: erase blocks of the wanted chunks, and of the record
 * @reason: why it failed
 */
struct fwslot_writer {
	const struct fwslot_flash *flash;
	const struct fwslot_image *img;
	const u8 *table;
	struct fwslot_record rec;
	const u8 *body;
	u8 *first;
	u8 *block;
	u8 *scratch;
	u8 *old;
	bool firm;
	const u8 *wanted;
	u64 old_size;
	u64 old_room;
	bool kept;
	bool whole;
	enum fwslot_writer_state state;
	u32 chunk;
	bool touched;
	u64 bad;
	bool doubt;
	u64 gone;
	u32 blocks;
	u32 blocks_total;
	u32 reason;
};

u32 fwslot_writer_init(struct fwslot_writer *w);
int fwslot_writer_chunk(struct fwslot_writer *w, const u8 *data);
int fwslot_writer_finish(struct fwslot_writer *w);
int fwslot_writer_record(struct fwslot_writer *w);

/* keep.c: what a unit held, and how it gets that back */

size_t fwslot_writer_old_size(const struct fwslot_writer *w);
int fwslot_writer_keep(struct fwslot_writer *w);
int fwslot_writer_restore(struct fwslot_writer *w);

#endif /* FWSLOT_CORE_WRITER_H */
