// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * wanted.c - which chunks of an image a unit does not hold already
 *
 * Flash is slow to erase, so blocks that are right are left alone.  Which ones
 * are is told from two digest tables: that of the image to be written, and that
 * of the image which the unit holds beyond doubt.  An erase block is written
 * whole or not at all, so all chunks that have a part of it go together.
 *
 * The map has a bit for each chunk: bit n % 8 of byte n / 8, as in the protocol.
 */
#include "core.h"

static bool differs(const struct fwslot_image *img, const u8 *table,
		    const struct fwslot_image *old, const u8 *old_table,
		    u32 chunk)
{
	u32 ofs = chunk * FWSLOT_DIGEST_SIZE;

	return chunk >= old->chunks ||
	       fwslot_chunk_len(img, chunk) != fwslot_chunk_len(old, chunk) ||
	       memcmp(table + ofs, old_table + ofs, FWSLOT_DIGEST_SIZE);
}

/* What is behind the end of the image in its last block counts, too. */
static bool at_an_edge(const struct fwslot_image *img,
		       const struct fwslot_image *old, u32 first, u32 end)
{
	return !first || (end == img->chunks && img->size != old->size);
}

/**
 * fwslot_wanted_make() - compare what is to be written with what is there
 * @geo: shape of the flash
 * @img: the image to be written
 * @table: its digest table
 * @old: the image that the unit holds
 * @old_table: its digest table
 * @map: fwslot_wanted_size() bytes, all zero; the bits are set
 *
 * The chunks of the first block are always wanted: it is written last and makes
 * the image valid.  Images with chunks of another size have nothing in common.
 *
 * Return: number of chunks wanted.
 */
u32 fwslot_wanted_make(const struct fwslot_geometry *geo,
		       const struct fwslot_image *img, const u8 *table,
		       const struct fwslot_image *old, const u8 *old_table,
		       u8 *map)
{
	u32 step = fwslot_blocks(max_t(u32, geo->erase_size, img->chunk_size),
				 img->chunk_size);
	u32 first, end, chunk, n = 0;
	bool write;

	for (first = 0; first < img->chunks; first = end) {
		end = min_t(u32, first + step, img->chunks);
		write = img->chunk_size != old->chunk_size ||
			at_an_edge(img, old, first, end);
		for (chunk = first; !write && chunk < end; chunk++)
			write = differs(img, table, old, old_table, chunk);
		for (chunk = first; write && chunk < end; chunk++, n++)
			map[chunk / 8] |= BIT(chunk % 8);
	}
	return n;
}

/**
 * fwslot_wanted_next() - the next chunk that is wanted
 * @map: the map, or NULL when all are
 * @chunk: where to begin
 * @chunks: number of chunks of the image
 *
 * Return: its number, @chunks when there is none.
 */
u32 fwslot_wanted_next(const u8 *map, u32 chunk, u32 chunks)
{
	while (map && chunk < chunks && !(map[chunk / 8] & BIT(chunk % 8)))
		chunk++;
	return chunk;
}

/**
 * fwslot_wanted_blocks() - erase blocks that the wanted chunks lie in
 * @geo: shape of the flash
 * @img: the image
 * @map: the map, or NULL
 *
 * Return: how many.
 */
u32 fwslot_wanted_blocks(const struct fwslot_geometry *geo,
			 const struct fwslot_image *img, const u8 *map)
{
	u32 chunk, block, last, next = 0, n = 0;
	u64 ofs;

	for (chunk = fwslot_wanted_next(map, 0, img->chunks);
	     chunk < img->chunks;
	     chunk = fwslot_wanted_next(map, chunk + 1, img->chunks)) {
		ofs = (u64)chunk * img->chunk_size;
		block = fwslot_blocks(ofs + 1, geo->erase_size) - 1;
		last = fwslot_blocks(ofs + fwslot_chunk_len(img, chunk),
				     geo->erase_size);
		n += last - max_t(u32, block, next);
		next = last;
	}
	return n;
}
