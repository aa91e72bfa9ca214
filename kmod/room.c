// SPDX-License-Identifier: GPL-2.0-only
/*
 * room.c - is there room for a record in a slot that nobody asked for
 *
 * Where a record would go there may be something else, on a device that was
 * never written by fwslot.  A slot that is asked for is written there anyway;
 * in others only what is erased, was a record, or is one that a power cut has
 * stopped is taken.  To change what may be overwritten unasked, look here.
 */
#include <linux/slab.h>
#include "session.h"

/**
 * struct room - a piece of flash that may hold the beginning of a record
 * @dev: the unit
 * @buf: memory for @piece bytes
 * @piece: most that the chip programs at a time, and so what a cut can tear
 * @torn: a piece was not what was wanted: nothing may follow it
 */
struct room {
	struct fwslot_dev *dev;
	u8 *buf;
	u32 piece;
	bool torn;
};

static int read_piece(struct room *p, u64 ofs, u32 len)
{
	return p->dev->flash.ops->read(p->dev, ofs, p->buf, len);
}

/* One piece of a block: 0: as a cut may leave it, 1: it is something else. */
static int check_piece(struct room *p, u64 ofs, const u8 *want, u32 want_len,
		       u32 len)
{
	int err = read_piece(p, ofs, len);

	if (mtd_is_eccerr(err)) {
		if (p->torn)
			return 1;
		p->torn = true;
		return 0;
	}
	if (err)
		return err;
	if (p->torn || !want_len)
		return memchr_inv(p->buf, 0xff, len) ? 1 : 0;
	if (memcmp(p->buf, want, min(len, want_len)) ||
	    (len > want_len &&
	     memchr_inv(p->buf + want_len, 0xff, len - want_len)))
		p->torn = true;
	return 0;
}

/* From @ofs to the end of its block. */
static int check_block(struct room *p, u64 ofs, const u8 *want, u32 want_len)
{
	u32 block = p->dev->flash.geo.erase_size;
	u32 at = ofs & (block - 1);
	u32 len, used;
	int ret = 0;

	for (; !ret && at < block; at += len, ofs += len) {
		len = min(p->piece - (at & (p->piece - 1)), block - at);
		ret = check_piece(p, ofs, want, want_len, len);
		used = min(len, want_len);
		want += used;
		want_len -= used;
	}
	return ret;
}

/*
 * The blocks in the order in which they are written (writer.c), the one of the
 * header last: the beginning of what is wanted, then at most one piece that was
 * torn, then nothing.
 */
static int check_blocks(struct room *p, const struct fwslot_record *rec,
			const u8 *body)
{
	const struct fwslot_geometry *geo = &p->dev->flash.geo;
	u64 head = fwslot_record_head(geo);
	u32 size = fwslot_record_body(rec);
	u32 room = geo->erase_size - rec->body_offset;
	u32 i, ofs;
	int ret = 0;

	for (i = fwslot_record_blocks(geo, rec) - 1; !ret && i > 0; i--) {
		ofs = room + (i - 1) * geo->erase_size;
		ret = check_block(p, head - (u64)i * geo->erase_size,
				  body + ofs,
				  min(size - ofs, geo->erase_size));
	}
	return ret ? ret : check_block(p, head + rec->body_offset, body,
				       min(size, room));
}

/*
 * What is in front of the body: 0: a record was there, or a write of one was
 * stopped, 1: nothing at all, -EEXIST: something else, or the errno of a read.
 */
static int check_head(struct room *p, u32 len)
{
	const u32 head = sizeof(struct fwslot_disk_record);
	int err = read_piece(p, fwslot_record_head(&p->dev->flash.geo), len);

	/* NAND that cannot be read: a write that was stopped. */
	if (err)
		return mtd_is_eccerr(err) ? 0 : err;
	if (!memchr_inv(p->buf, 0, head) ||
	    !memcmp(p->buf, FWSLOT_RECORD_MAGIC, strlen(FWSLOT_RECORD_MAGIC)))
		return 0;
	return memchr_inv(p->buf, 0xff, len) ? -EEXIST : 1;
}

/* The header may be in pieces: it is written last and destroyed first. */
static bool body_begun(struct room *p, const struct fwslot_record *rec)
{
	u64 ofs = fwslot_record_head(&p->dev->flash.geo) + rec->body_offset;

	return !read_piece(p, ofs, strlen(FWSLOT_MANIFEST_MAGIC)) &&
	       !memcmp(p->buf, FWSLOT_MANIFEST_MAGIC,
		       strlen(FWSLOT_MANIFEST_MAGIC));
}

/**
 * fwslot_record_room() - may a record be written that nobody asked for
 * @dev: the unit
 * @found: what the record would be made of; it fits
 *
 * Return: 1 if nothing foreign is there, 0 if there is, -ENOMEM, or the errno
 * of a read.
 */
int fwslot_record_room(struct fwslot_dev *dev,
		       const struct fwslot_found *found)
{
	const struct fwslot_geometry *geo = &dev->flash.geo;
	struct fwslot_record rec = found->rec;
	struct room p = { .dev = dev, .piece = fwslot_head_size(geo) };
	int ret;

	if (fwslot_record_layout(geo, fwslot_found_image(found), &rec))
		return 0;
	p.buf = kvmalloc(max(p.piece, rec.body_offset), GFP_KERNEL);
	if (!p.buf)
		return -ENOMEM;
	ret = check_head(&p, rec.body_offset);
	if ((ret == 1 || ret == -EEXIST) && body_begun(&p, &rec))
		ret = 0;
	else if (ret > 0)
		ret = check_blocks(&p, &rec, found->body);
	kvfree(p.buf);
	if (ret > 0 || ret == -EEXIST)
		return 0;
	return ret ? ret : 1;
}
