// SPDX-License-Identifier: MIT
/*
 * layout.c - the bytes of a slot record
 *
 * The builder's own reading of the slot record in include/fwslot/format.h:
 * the header at the start of the area's last erase block, the body behind it
 * and on in the blocks before.  Version 1 is frozen.
 */
#include "mkpkg.h"

#define HEADER_BYTES	64

static u64 body_size(const struct record_parts *parts)
{
	return parts->manifest.size + parts->signature.size +
	       parts->table.size;
}

static int check_fit(const struct layout *l, u64 image_size)
{
	const u64 need = (u64)l->blocks * l->erase_size;
	const u64 area = l->record_size ? l->record_size : l->slot_size;
	const u64 room = l->record_size ? l->slot_size :
			 l->slot_size - min_t(u64, need, l->slot_size);

	if (need > area) {
		mkpkg_error("the record needs %llu bytes (%u erase blocks), the %s has %llu",
			    (unsigned long long)need, l->blocks,
			    l->record_size ? "record area" : "slot",
			    (unsigned long long)area);
		return -EFBIG;
	}
	if (image_size > room) {
		mkpkg_error("the image has %llu bytes, the slot has room for %llu%s",
			    (unsigned long long)image_size,
			    (unsigned long long)room,
			    l->record_size ? "" : " beside the record");
		return -EFBIG;
	}
	return 0;
}

/**
 * record_layout() - find out where image and record go
 * @l: sizes are set; body_offset and blocks are computed
 * @parts: parts of the record
 * @image_size: bytes of the image
 *
 * The body begins at the first multiple of FWSLOT_RECORD_BODY_MIN that is not
 * in the header's write unit.
 *
 * Return: 0, -EINVAL if the header leaves no room in its erase block, or
 * -EFBIG if image or record do not fit.
 */
int record_layout(struct layout *l, const struct record_parts *parts,
		  u64 image_size)
{
	const u64 size = body_size(parts);
	u64 unit = max_t(u32, l->write_unit, FWSLOT_RECORD_BODY_MIN);

	unit += FWSLOT_RECORD_BODY_MIN - 1;
	l->body_offset = unit - unit % FWSLOT_RECORD_BODY_MIN;
	if (l->body_offset >= l->erase_size) {
		mkpkg_error("--write-unit %u leaves no room for a record in erase blocks of %u",
			    l->write_unit, l->erase_size);
		return -EINVAL;
	}
	unit = l->erase_size - l->body_offset;
	l->blocks = 1;
	if (size > unit)
		l->blocks += (size - unit - 1) / l->erase_size + 1;
	return check_fit(l, image_size);
}

static void put_header(u8 *p, const struct layout *l,
		       const struct record_parts *parts)
{
	memset(p, 0, HEADER_BYTES);
	memcpy(p, FWSLOT_RECORD_MAGIC, 8);
	put_le(p + 8, FWSLOT_RECORD_VERSION, 4);
	put_le(p + 12, l->erase_size, 4);
	put_le(p + 16, l->body_offset, 4);
	put_le(p + 20, parts->manifest.size, 4);
	put_le(p + 24, parts->signature.size, 4);
	put_le(p + 28, parts->table.size, 4);
	put_le(p + 32, parts->image, 4);
}

static int join_body(const struct record_parts *parts, struct bytes *body)
{
	int err = bytes_alloc(body, body_size(parts));
	u8 *p = body->data;

	if (err)
		return err;
	memcpy(p, parts->manifest.data, parts->manifest.size);
	p += parts->manifest.size;
	memcpy(p, parts->signature.data, parts->signature.size);
	p += parts->signature.size;
	memcpy(p, parts->table.data, parts->table.size);
	return 0;
}

/**
 * record_write() - append the blocks of a record to a file
 * @o: the file; what is written ends where the record's area ends
 * @l: result of record_layout()
 * @parts: parts of the record
 *
 * Return: 0 or a negative errno of malloc() or as of dest_write().
 */
int record_write(struct dest *o, const struct layout *l,
		 const struct record_parts *parts)
{
	const size_t total = (size_t)l->blocks * l->erase_size;
	struct bytes blocks = { 0 }, body = { 0 };
	size_t block, to, pos, n;
	int err;

	err = join_body(parts, &body);
	if (err)
		return err;
	err = bytes_alloc(&blocks, total);
	if (err)
		goto free_body;
	memset(blocks.data, 0xff, total);
	block = total - l->erase_size;
	put_header(blocks.data + block, l, parts);
	to = block + l->body_offset;
	for (pos = 0; pos < body.size; pos += n) {
		n = min_t(size_t, body.size - pos, block + l->erase_size - to);
		memcpy(blocks.data + to, body.data + pos, n);
		block -= l->erase_size;
		to = block;
	}
	err = dest_write(o, blocks.data, total);
	bytes_free(&blocks);
free_body:
	bytes_free(&body);
	return err;
}
