// SPDX-License-Identifier: GPL-2.0-only
/*
 * nand.c - where the good blocks of an area on NAND are
 *
 * The core sees a unit as blocks without gaps.  On NAND these are the good
 * blocks of the area, in order; here is the map.  It is made when the area is
 * bound, by asking the driver for every block, and loses a block that fails.
 *
 * The two layouts have the same map.  What differs is how far an image may go:
 * who loads a linear slot knows nothing of bad blocks, so there it ends at the
 * first one.  The record is for fwslot alone, which finds it in the last good
 * blocks in both.
 */
#include <linux/slab.h>
#include "fwslot.h"

/**
 * struct fwslot_map - the good blocks of an area, in order
 * @blocks: how many there are
 * @linear: how many of them have no bad block before them
 * @block: their numbers in the area
 */
struct fwslot_map {
	u32 blocks;
	u32 linear;
	u32 block[];
};

/* Blocks that the chip's driver keeps for itself count as bad, too. */
static int find_good(struct fwslot_map *map, struct mtd_info *mtd, u64 offset,
		     u32 blocks)
{
	u32 n;
	int bad;

	for (n = 0; n < blocks; n++) {
		bad = mtd_block_isbad(mtd, offset + (u64)n * mtd->erasesize);
		if (bad < 0)
			return bad;
		if (bad)
			continue;
		if (map->linear == n)
			map->linear++;
		map->block[map->blocks++] = n;
	}
	return 0;
}

/**
 * fwslot_map_make() - find the good blocks of an area
 * @layout: enum fwslot_layout
 * @mtd: the device
 * @offset: start of the area in @mtd
 * @size: bytes
 * @out: the map, to be freed with kvfree(); NULL on flash without bad blocks
 *
 * May be called from the notifier: the driver takes no lock for this but those
 * of the chip.
 *
 * Return: 0, -ENOMEM, -ENOSPC when no image can begin here, or the error of
 * the driver.
 */
int fwslot_map_make(u32 layout, struct mtd_info *mtd, u64 offset, u64 size,
		    struct fwslot_map **out)
{
	u32 blocks = size >> ilog2(mtd->erasesize);
	struct fwslot_map *map;
	int err;

	*out = NULL;
	if (mtd->type != MTD_NANDFLASH)
		return 0;
	map = kvzalloc(struct_size(map, block, blocks), GFP_KERNEL);
	if (!map)
		return -ENOMEM;
	err = find_good(map, mtd, offset, blocks);
	if (!err && (!map->blocks ||
		     (layout == FWSLOT_LAYOUT_LINEAR && !map->linear)))
		err = -ENOSPC;
	if (err)
		kvfree(map);
	else
		*out = map;
	return err;
}

/**
 * fwslot_area_room() - bytes of an area that can be used
 * @area: the area, bound; caller holds its lock
 */
u64 fwslot_area_room(const struct fwslot_area *area)
{
	lockdep_assert_held(&area->lock);
	if (!area->map)
		return area->size;
	return (u64)area->map->blocks * area->identity.erasesize;
}

/**
 * fwslot_area_linear() - bytes of an area that an image may take
 * @area: the area, bound; caller holds its lock
 *
 * Return: bytes, or 0 if it may take all that can be used.
 */
u64 fwslot_area_linear(const struct fwslot_area *area)
{
	lockdep_assert_held(&area->lock);
	if (!area->map || area->place.layout != FWSLOT_LAYOUT_LINEAR)
		return 0;
	return (u64)area->map->linear * area->identity.erasesize;
}

/**
 * fwslot_area_at() - where a byte of an area is in its device
 * @area: the area, bound; caller holds its lock
 * @ofs: offset, less than fwslot_area_room()
 */
u64 fwslot_area_at(const struct fwslot_area *area, u64 ofs)
{
	u32 size = area->identity.erasesize;
	u32 n = ofs >> ilog2(size);

	lockdep_assert_held(&area->lock);
	if (!area->map)
		return area->offset + ofs;
	return area->offset + (u64)area->map->block[n] * size +
	       (ofs & (size - 1));
}

/*
 * On a linear slot nothing takes the place of a block of the image.  Only the
 * block with the record's header has others before it, and where no image can
 * go they are free to be given up as well.
 */
static bool may_retire(const struct fwslot_area *area, u64 ofs, bool record)
{
	u64 last = fwslot_area_room(area) - area->identity.erasesize;

	if (!area->map || area->retired == FWSLOT_RETIRE_MAX || !last)
		return false;
	if (area->place.layout != FWSLOT_LAYOUT_LINEAR)
		return true;
	return ofs >= fwslot_area_linear(area) || (record && ofs == last);
}

/**
 * fwslot_area_retire() - mark a block bad and do without it
 * @area: the area, bound; caller holds its lock
 * @ofs: offset of the block
 * @record: the area's last blocks are those of a record
 *
 * The driver marks the block, in the way that boot loaders and other systems
 * look for.  With a table of bad blocks on the flash it allocates memory for
 * that; if it gets none, the write fails like one of a bad block without spare.
 * Few blocks fail in the life of a chip: when many do, something else is wrong,
 * a write protect pin or the supply, and marking them all would ruin a good
 * chip.  Here nothing is allocated.
 *
 * Return: 0, -EIO when the area cannot do without it, or the error of the
 * driver.
 */
int fwslot_area_retire(struct fwslot_area *area, u64 ofs, bool record)
{
	struct fwslot_map *map = area->map;
	u64 at;
	u32 n;
	int err;

	lockdep_assert_held(&area->lock);
	if (!may_retire(area, ofs, record))
		return -EIO;
	at = fwslot_area_at(area, ofs);
	/* It was good.  Who says otherwise has failed to write the mark before. */
	if (mtd_block_isbad(area->child, at))
		return -EIO;
	err = mtd_block_markbad(area->child, at);
	if (err)
		return err;
	area->retired_at[area->retired++] = at;
	n = ofs >> ilog2(area->identity.erasesize);
	map->blocks--;
	memmove(&map->block[n], &map->block[n + 1],
		(map->blocks - n) * sizeof(map->block[0]));
	map->linear = min(map->linear, n);
	return 0;
}
