// SPDX-License-Identifier: MIT
/*
 * record.c - fuzz target: the record of a slot
 *
 * Input: four bytes that choose a flash, its last block, and what is before
 * that.  The record is read as scan.c does it.  No read may leave the flash, a header
 * that is accepted can be made again from what was read, and image and record
 * of one that holds together do not overlap.
 */
#include "fuzz.h"

#define FLASH_MAX	(512U << 10)
#define CHOICE		4

struct area {
	u8 bytes[FLASH_MAX];
	u64 size;
};

static struct area area;
static u8 body[FWSLOT_RECORD_BODY_MAX];
static u8 head[4096];

static int area_read(void *ctx, u64 ofs, void *buf, u32 len)
{
	const struct area *a = ctx;

	fuzz_check(ofs <= a->size && len <= a->size - ofs);
	memcpy(buf, a->bytes + ofs, len);
	return 0;
}

static const struct fwslot_flash_ops ops = { .read = area_read };

/* A flash of 1 KiB to FLASH_MAX, with or without an area for the record. */
static bool choose(const u8 *data, struct fwslot_flash *flash)
{
	struct fwslot_geometry *geo = &flash->geo;
	u32 blocks = 1 + data[1] * 4;

	geo->erase_size = 1024U << data[0] % 6;
	geo->write_unit = 1U << data[2] % 12;
	if (data[3] & 1)
		geo->record_size = (u64)geo->erase_size * (1 + data[3] / 64);
	geo->ordered = data[3] & 2;
	geo->overwrite = !geo->ordered;
	if ((u64)blocks * geo->erase_size + geo->record_size > FLASH_MAX)
		blocks = (FLASH_MAX - geo->record_size) / geo->erase_size;
	geo->size = (u64)blocks * geo->erase_size;
	return !fwslot_geometry_check(geo);
}

static void fill(const struct fwslot_geometry *geo, const u8 *data, size_t size)
{
	u64 all = geo->size + geo->record_size;
	u64 len = min_t(u64, size, all);
	u64 block = min_t(u64, len, geo->erase_size);

	area.size = all;
	memset(area.bytes, 0xff, all);
	memcpy(area.bytes + fwslot_record_head(geo), data, block);
	memcpy(area.bytes + fwslot_record_head(geo) - (len - block),
	       data + block, len - block);
}

static void check_header(const struct fwslot_geometry *geo,
			 const struct fwslot_record *rec)
{
	struct fwslot_disk_record again;

	fwslot_record_build(geo, rec, (u8 *)&again);
	fuzz_check(!memcmp(&again, head, sizeof(again)));
	fuzz_check(fwslot_record_body(rec) <= FWSLOT_RECORD_BODY_MAX);
	fuzz_check((u64)fwslot_record_blocks(geo, rec) * geo->erase_size <=
		   (geo->record_size ? geo->record_size : geo->size));
}

static void check_whole(const struct fwslot_flash *flash,
			const struct fwslot_record *rec)
{
	const struct fwslot_geometry *geo = &flash->geo;
	u64 begin = fwslot_record_head(geo) + geo->erase_size;
	struct fwslot_manifest m;
	u32 slot;

	if (fwslot_manifest_parse(body, rec->manifest_size, &m))
		return;
	begin -= (u64)fwslot_record_blocks(geo, rec) * geo->erase_size;
	for (slot = 0; slot < FWSLOT_SLOTS; slot++) {
		if (fwslot_record_check(flash, rec, body, &m, slot))
			continue;
		fuzz_check(m.images[rec->image].slots & BIT(slot));
		fuzz_check(m.images[rec->image].size <= begin);
		fuzz_check(rec->table_size ==
			   fwslot_table_size(&m.images[rec->image]));
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct fwslot_flash flash = { .ops = &ops, .sha256 = test_sha256,
				      .ctx = &area };
	struct fwslot_record rec;

	if (size < CHOICE || !choose(data, &flash))
		return 0;
	fill(&flash.geo, data + CHOICE, size - CHOICE);
	area_read(&area, fwslot_record_head(&flash.geo), head,
		  sizeof(struct fwslot_disk_record));
	if (fwslot_record_parse(&flash.geo, head, &rec))
		return 0;
	check_header(&flash.geo, &rec);
	fuzz_check(!fwslot_record_read(&flash, &rec, body));
	check_whole(&flash, &rec);
	return 0;
}
