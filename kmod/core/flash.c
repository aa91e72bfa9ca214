// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * flash.c - shape of a unit's flash, and checks of whole contents
 *
 * Nothing here writes.  64-bit divisions are kept to shifts and loops that a
 * 32-bit kernel can link.
 */
#include "core.h"

static bool power_of_two(u32 n)
{
	return n && !(n & (n - 1));
}

/**
 * fwslot_geometry_check() - can slots live on flash of this shape
 * @geo: the shape
 *
 * Erase block and write unit are powers of two, the slot and its record area
 * are whole erase blocks, and a block has room for a header and some body.
 *
 * Return: FWSLOT_REASON_NONE, FWSLOT_REASON_SLOT_UNSUPPORTED or
 * FWSLOT_REASON_SLOT_UNALIGNED.
 */
u32 fwslot_geometry_check(const struct fwslot_geometry *geo)
{
	const u32 mask = geo->erase_size - 1;

	if (!power_of_two(geo->erase_size) || !power_of_two(geo->write_unit) ||
	    geo->erase_size > FWSLOT_ERASE_MAX ||
	    geo->erase_size <= max_t(u32, geo->write_unit,
				     FWSLOT_RECORD_BODY_MIN))
		return FWSLOT_REASON_SLOT_UNSUPPORTED;
	if (!geo->size || (geo->size & mask) || (geo->record_size & mask))
		return FWSLOT_REASON_SLOT_UNALIGNED;
	return FWSLOT_REASON_NONE;
}

/**
 * fwslot_chunk_good() - is a chunk of a unit the one that the digest table names
 * @flash: the unit
 * @img: the image
 * @table: its digest table, already known to be authentic
 * @chunk: number of the chunk
 * @data: fwslot_chunk_len() bytes
 */
bool fwslot_chunk_good(const struct fwslot_flash *flash,
		       const struct fwslot_image *img, const u8 *table,
		       u32 chunk, const void *data)
{
	const u8 *want = table + chunk * FWSLOT_DIGEST_SIZE;
	u32 len = fwslot_chunk_len(img, chunk);
	u8 digest[FWSLOT_DIGEST_SIZE];

	if (flash->recognize)
		return flash->recognize(data, len, want);
	flash->sha256(data, len, digest);
	return !memcmp(digest, want, sizeof(digest));
}

/**
 * fwslot_content_check() - read an image from flash and compare its digests
 * @flash: the unit
 * @img: the image that should be there
 * @table: its digest table
 * @buf: memory for one chunk of @img
 *
 * Return: 0 if the unit holds the image, 1 if it does not, or the negative
 * errno of a read.
 */
int fwslot_content_check(const struct fwslot_flash *flash,
			 const struct fwslot_image *img, const u8 *table,
			 u8 *buf)
{
	u32 chunk;
	int err;

	if (img->size > fwslot_image_room(&flash->geo))
		return 1;
	for (chunk = 0; chunk < img->chunks; chunk++) {
		err = flash->ops->read(flash->ctx,
				       (u64)chunk * img->chunk_size, buf,
				       fwslot_chunk_len(img, chunk));
		if (err)
			return err;
		if (!fwslot_chunk_good(flash, img, table, chunk, buf))
			return 1;
	}
	return 0;
}

/**
 * fwslot_content_table() - make the digest table of what is in flash
 * @flash: the unit
 * @img: the image that should be there
 * @table: memory for its digest table, fwslot_table_size() bytes
 * @buf: memory for one chunk of @img
 *
 * For a manifest that is at hand without the digest table of this image.
 *
 * Return: 0 if the unit holds the image, and then @table is authentic, 1 if it
 * does not, or the negative errno of a read.
 */
int fwslot_content_table(const struct fwslot_flash *flash,
			 const struct fwslot_image *img, u8 *table, u8 *buf)
{
	u8 digest[FWSLOT_DIGEST_SIZE];
	u32 chunk, len;
	int err;

	if (img->size > fwslot_image_room(&flash->geo))
		return 1;
	for (chunk = 0; chunk < img->chunks; chunk++) {
		len = fwslot_chunk_len(img, chunk);
		err = flash->ops->read(flash->ctx,
				       (u64)chunk * img->chunk_size, buf, len);
		if (err)
			return err;
		flash->sha256(buf, len, table + chunk * FWSLOT_DIGEST_SIZE);
	}
	flash->sha256(table, fwslot_table_size(img), digest);
	return memcmp(digest, img->table_digest, sizeof(digest)) ? 1 : 0;
}
