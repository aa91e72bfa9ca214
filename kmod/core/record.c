// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * record.c - where a slot record is and whether it holds together
 *
 * The layout is in fwslot/format.h: header at the start of the last erase
 * block of the area, body behind it, running over into the blocks before.
 * The header is unsigned and believed in nothing but lengths, which are
 * bounded here before anything is read.  Who signed the manifest is checked
 * by the caller.
 */
#include "core.h"

/**
 * fwslot_record_head() - where the header is
 * @geo: shape of the flash
 *
 * Return: offset in the address space of the flash ops.
 */
u64 fwslot_record_head(const struct fwslot_geometry *geo)
{
	return geo->size + geo->record_size - geo->erase_size;
}

/**
 * fwslot_record_blocks() - erase blocks of a record
 * @geo: shape of the flash
 * @rec: its layout
 */
u32 fwslot_record_blocks(const struct fwslot_geometry *geo,
			 const struct fwslot_record *rec)
{
	u32 body = fwslot_record_body(rec);
	u32 room = geo->erase_size - rec->body_offset;

	if (body <= room)
		return 1;
	return 1 + fwslot_blocks(body - room, geo->erase_size);
}

static bool sizes_valid(const struct fwslot_record *rec)
{
	return rec->manifest_size >= sizeof(struct fwslot_disk_manifest) &&
	       rec->manifest_size <= FWSLOT_MANIFEST_MAX &&
	       rec->signature_size &&
	       rec->signature_size <= FWSLOT_SIGNATURE_MAX &&
	       rec->table_size && rec->table_size <= FWSLOT_TABLE_MAX &&
	       !(rec->table_size % FWSLOT_DIGEST_SIZE);
}

static bool record_fits(const struct fwslot_geometry *geo,
			const struct fwslot_record *rec)
{
	u64 area = geo->record_size ? geo->record_size : geo->size;

	return (u64)fwslot_record_blocks(geo, rec) * geo->erase_size <= area;
}

/**
 * fwslot_record_parse() - parse the header of a record
 * @geo: shape of the flash
 * @head: sizeof(struct fwslot_disk_record) bytes from fwslot_record_head()
 * @rec: the result
 *
 * Return: FWSLOT_REASON_NONE, FWSLOT_REASON_NO_RECORD if the place is erased,
 * or FWSLOT_REASON_BAD_RECORD.
 */
u32 fwslot_record_parse(const struct fwslot_geometry *geo, const u8 *head,
			struct fwslot_record *rec)
{
	struct fwslot_disk_record d;

	if (!memchr_inv(head, 0xff, sizeof(d)))
		return FWSLOT_REASON_NO_RECORD;
	memcpy(&d, head, sizeof(d));
	rec->manifest_size = le32_to_cpu(d.manifest_size);
	rec->signature_size = le32_to_cpu(d.signature_size);
	rec->table_size = le32_to_cpu(d.table_size);
	rec->body_offset = le32_to_cpu(d.body_offset);
	rec->image = le32_to_cpu(d.image);
	if (memcmp(d.magic, FWSLOT_RECORD_MAGIC, sizeof(d.magic)) ||
	    le32_to_cpu(d.version) != FWSLOT_RECORD_VERSION ||
	    le32_to_cpu(d.erase_size) != geo->erase_size ||
	    memchr_inv(d.reserved, 0, sizeof(d.reserved)))
		return FWSLOT_REASON_BAD_RECORD;
	if (rec->body_offset < FWSLOT_RECORD_BODY_MIN ||
	    rec->body_offset % FWSLOT_RECORD_BODY_MIN ||
	    rec->body_offset >= geo->erase_size)
		return FWSLOT_REASON_BAD_RECORD;
	if (!sizes_valid(rec) || !record_fits(geo, rec))
		return FWSLOT_REASON_BAD_RECORD;
	return FWSLOT_REASON_NONE;
}

static u32 layout_check(const struct fwslot_geometry *geo,
			const struct fwslot_image *img,
			const struct fwslot_record *rec)
{
	u32 blocks = fwslot_image_blocks(geo, img);

	if (!geo->record_size)
		blocks += fwslot_record_blocks(geo, rec);
	if ((u64)blocks * geo->erase_size > geo->size ||
	    img->size > fwslot_image_room(geo) || !record_fits(geo, rec))
		return FWSLOT_REASON_TOO_LARGE;
	return FWSLOT_REASON_NONE;
}

/**
 * fwslot_record_layout() - lay out a record for an image
 * @geo: shape of the flash
 * @img: the image
 * @rec: manifest_size and signature_size are given; the others are filled in,
 *	but for image
 *
 * Return: FWSLOT_REASON_NONE, or FWSLOT_REASON_TOO_LARGE if image and record
 * do not fit beside each other.
 */
u32 fwslot_record_layout(const struct fwslot_geometry *geo,
			 const struct fwslot_image *img,
			 struct fwslot_record *rec)
{
	rec->table_size = fwslot_table_size(img);
	rec->body_offset = max_t(u32, FWSLOT_RECORD_BODY_MIN, geo->write_unit);
	return layout_check(geo, img, rec);
}

/**
 * fwslot_record_build() - make the bytes of a header
 * @geo: shape of the flash
 * @rec: the layout
 * @head: sizeof(struct fwslot_disk_record) bytes
 */
void fwslot_record_build(const struct fwslot_geometry *geo,
			 const struct fwslot_record *rec, u8 *head)
{
	struct fwslot_disk_record d = {
		.version = cpu_to_le32(FWSLOT_RECORD_VERSION),
		.erase_size = cpu_to_le32(geo->erase_size),
		.body_offset = cpu_to_le32(rec->body_offset),
		.manifest_size = cpu_to_le32(rec->manifest_size),
		.signature_size = cpu_to_le32(rec->signature_size),
		.table_size = cpu_to_le32(rec->table_size),
		.image = cpu_to_le32(rec->image),
	};

	memcpy(d.magic, FWSLOT_RECORD_MAGIC, sizeof(d.magic));
	memcpy(head, &d, sizeof(d));
}

/**
 * fwslot_record_read() - read the body of a record
 * @flash: the unit
 * @rec: from fwslot_record_parse()
 * @body: fwslot_record_body(@rec) bytes
 *
 * Return: 0 or the negative errno of a read.
 */
int fwslot_record_read(const struct fwslot_flash *flash,
		       const struct fwslot_record *rec, u8 *body)
{
	u64 block = fwslot_record_head(&flash->geo);
	u32 left = fwslot_record_body(rec);
	u32 ofs = rec->body_offset;
	u32 len;
	int err;

	while (left) {
		len = min_t(u32, left, flash->geo.erase_size - ofs);
		err = flash->ops->read(flash->ctx, block + ofs, body, len);
		if (err)
			return err;
		body += len;
		left -= len;
		block -= flash->geo.erase_size;
		ofs = 0;
	}
	return 0;
}

/**
 * fwslot_record_check() - do the parts of a record belong together
 * @flash: the unit
 * @rec: layout of the record
 * @body: its body
 * @m: its manifest, parsed from @body by the caller
 * @slot: enum fwslot_slot that it was found in
 *
 * The image index is inside the manifest, the manifest allows that image in
 * @slot, the digest table is the one that the manifest names, and image and
 * record do not overlap.
 *
 * Return: FWSLOT_REASON_NONE or FWSLOT_REASON_BAD_RECORD.
 */
u32 fwslot_record_check(const struct fwslot_flash *flash,
			const struct fwslot_record *rec, const u8 *body,
			const struct fwslot_manifest *m, u32 slot)
{
	const u8 *table = body + rec->manifest_size + rec->signature_size;
	u8 digest[FWSLOT_DIGEST_SIZE];
	const struct fwslot_image *img;

	if (rec->image >= m->n_images)
		return FWSLOT_REASON_BAD_RECORD;
	img = &m->images[rec->image];
	if (!(img->slots & BIT(slot)) ||
	    rec->table_size != fwslot_table_size(img) ||
	    layout_check(&flash->geo, img, rec))
		return FWSLOT_REASON_BAD_RECORD;
	flash->sha256(table, rec->table_size, digest);
	if (memcmp(digest, img->table_digest, sizeof(digest)))
		return FWSLOT_REASON_BAD_RECORD;
	return FWSLOT_REASON_NONE;
}
