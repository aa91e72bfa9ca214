// SPDX-License-Identifier: MIT
/*
 * copy.c - what a slot's flash holds, for copying it to its twin
 *
 * The record is taken apart by the same code as in the kernel, but nothing is
 * authenticated here: the kernel does that with what it gets, as with any
 * package.
 */
#include <errno.h>
#include <stdlib.h>

#include "copy.h"
#include "fwslot.h"
#include "text.h"

#define COPY_SLOTS	"/sys/module/" FWSLOT_DEVICE "/parameters/slots"
#define COPY_MTDS	"/proc/mtd"

static int copy_read(void *ctx, u64 ofs, void *buf, u32 len)
{
	const struct copy *c = ctx;
	u64 size = c->flash.geo.size;

	if (ofs < size)
		return copy_area_read(&c->slot, ofs, buf, len);
	return copy_area_read(&c->record, ofs - size, buf, len);
}

static const struct fwslot_flash_ops copy_ops = { .read = copy_read };

static int copy_open_record(struct copy *c, u32 unit)
{
	char slots[4096], mtds[16384];
	struct copy_place place;
	int ret;

	ret = text_read(COPY_SLOTS, slots, sizeof(slots));
	if (ret >= 0)
		ret = text_read(COPY_MTDS, mtds, sizeof(mtds));
	if (ret >= 0)
		ret = copy_place_find(slots, mtds, unit, &place);
	if (ret < 0)
		return ret;
	return copy_area_open(&c->record, place.mtd, place.start, place.size);
}

static int copy_open_flash(struct copy *c, const struct nl_unit *unit)
{
	struct fwslot_geometry *geo = &c->flash.geo;
	int ret;

	ret = copy_area_open(&c->slot, unit->mtd_index, 0, unit->size);
	if (!ret && unit->flags & FWSLOT_UNIT_OWN_RECORD)
		ret = copy_open_record(c, unit->unit);
	geo->erase_size = c->slot.erase_size;
	geo->size = (u64)c->slot.blocks * c->slot.erase_size;
	geo->record_size = (u64)c->record.blocks * c->record.erase_size;
	if (!ret && c->record.open && c->record.erase_size != geo->erase_size)
		ret = -EINVAL;
	return ret;
}

static int copy_parse(struct copy *c)
{
	const struct fwslot_record *rec = &c->rec;

	if (fwslot_manifest_parse(c->body, rec->manifest_size, &c->manifest) ||
	    rec->image >= c->manifest.n_images ||
	    rec->table_size !=
	    fwslot_table_size(&c->manifest.images[rec->image]))
		return -EBADMSG;
	return 0;
}

/**
 * copy_open() - open a unit and read its record
 * @c: all zero; to be closed in any case
 * @unit: the unit
 *
 * Return: 0, or a negative errno.
 */
int copy_open(struct copy *c, const struct nl_unit *unit)
{
	u8 head[sizeof(struct fwslot_disk_record)];
	int ret;

	c->flash.ops = &copy_ops;
	c->flash.ctx = c;
	ret = copy_open_flash(c, unit);
	if (ret)
		return ret;
	ret = copy_read(c, fwslot_record_head(&c->flash.geo), head,
			sizeof(head));
	if (ret)
		return ret;
	if (fwslot_record_parse(&c->flash.geo, head, &c->rec))
		return -EBADMSG;
	c->body = malloc(fwslot_record_body(&c->rec));
	if (!c->body)
		return -ENOMEM;
	ret = fwslot_record_read(&c->flash, &c->rec, c->body);
	return ret ? ret : copy_parse(c);
}

/**
 * copy_close() - close a unit
 * @c: the unit
 */
void copy_close(struct copy *c)
{
	copy_area_close(&c->slot);
	copy_area_close(&c->record);
	free(c->body);
	c->body = NULL;
}

/**
 * copy_table() - the digest table of an image
 * @c: a unit that is open
 * @img: the image, of any manifest
 *
 * Return: its table, which is in the unit's record, or NULL when that is of
 * another image.
 */
const u8 *copy_table(const struct copy *c, const struct fwslot_image *img)
{
	const struct fwslot_image *own = &c->manifest.images[c->rec.image];

	if (img->size != own->size || img->chunk_size != own->chunk_size ||
	    memcmp(img->table_digest, own->table_digest, FWSLOT_DIGEST_SIZE))
		return NULL;
	return c->body + c->rec.manifest_size + c->rec.signature_size;
}

/**
 * copy_chunk() - read a chunk of a unit's content
 * @c: a unit that is open
 * @chunk: its number, one of the image that the record is of
 * @buf: room for fwslot_chunk_len() bytes
 *
 * Return: 0, or a negative errno.
 */
int copy_chunk(const struct copy *c, u32 chunk, u8 *buf)
{
	const struct fwslot_image *img = &c->manifest.images[c->rec.image];

	return copy_area_read(&c->slot, (u64)chunk * img->chunk_size, buf,
			      fwslot_chunk_len(img, chunk));
}
