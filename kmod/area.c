// SPDX-License-Identifier: GPL-2.0-only
/*
 * area.c - a piece of flash: identity, checks, and the private handle
 *
 * A slot is programmed through a private child: a struct mtd_info that is
 * never registered, has no device, node or number, and whose parent is the
 * MTD device of the slot.  The MTD core asks only the handle that it is given
 * whether it may write (mtd_erase(), mtd_write_oob() and the mtd_write() on
 * top of it, mtd_block_markbad()), and finds the chip through ->parent and
 * ->part (mtd_get_master(), mtd_get_master_ofs()).  So the public handle says
 * -EROFS to everybody while the private one works.  The statistics of the
 * core walk ->parent, too.  Nothing on these paths looks at ->dev.
 */
#include <linux/slab.h>
#include "fwslot.h"

/*
 * NAND with several bits a cell (MTD_MLCNANDFLASH) is not taken: there a page
 * that is cut short takes an older one with it, one that was read back and
 * found good, so the order of pages protects nothing.
 */
static bool known_type(const struct mtd_info *mtd)
{
	switch (mtd->type) {
	case MTD_NORFLASH:
	case MTD_NANDFLASH:
	case MTD_RAM:
	case MTD_DATAFLASH:
		return true;
	default:
		return false;
	}
}

static u32 check_type(const struct fwslot_area *area, struct mtd_info *mtd)
{
	struct mtd_info *master = mtd_get_master(mtd);

	if (!known_type(mtd))
		return FWSLOT_REASON_SLOT_UNSUPPORTED;
	if (mtd->type == MTD_NANDFLASH &&
	    area->place.layout == FWSLOT_LAYOUT_UNKNOWN)
		return FWSLOT_REASON_NO_LAYOUT;
	if (!mtd->erasesize || !mtd->writesize ||
	    mtd->numeraseregions > 1 || master->numeraseregions > 1)
		return FWSLOT_REASON_SLOT_UNSUPPORTED;
	return FWSLOT_REASON_NONE;
}

/**
 * fwslot_area_check() - can an area live here
 * @area: the area
 * @mtd: the device
 * @offset: start of the area in @mtd
 * @size: bytes
 *
 * The start is checked in the coordinates of the chip: the MTD core does not
 * do that for a partition that was read-only from the start, and SPI-NOR would
 * silently erase the block that contains the address.
 *
 * Return: FWSLOT_REASON_NONE, FWSLOT_REASON_SLOT_UNSUPPORTED,
 * FWSLOT_REASON_NO_LAYOUT or FWSLOT_REASON_SLOT_UNALIGNED.
 */
u32 fwslot_area_check(const struct fwslot_area *area, struct mtd_info *mtd,
		      u64 offset, u64 size)
{
	u64 start = mtd_get_master_ofs(mtd, offset);
	u32 reason = check_type(area, mtd);

	if (reason)
		return reason;
	if (!is_power_of_2(mtd->erasesize))
		return FWSLOT_REASON_SLOT_UNSUPPORTED;
	if ((start | size) & (mtd->erasesize - 1) || !size ||
	    offset > mtd->size || size > mtd->size - offset)
		return FWSLOT_REASON_SLOT_UNALIGNED;
	return FWSLOT_REASON_NONE;
}

static struct mtd_info *make_child(struct mtd_info *mtd)
{
	struct mtd_info *child = kzalloc(sizeof(*child), GFP_KERNEL);

	if (!child)
		return NULL;
	child->type = mtd->type;
	child->flags = mtd->flags | MTD_WRITEABLE;
	child->size = mtd->size;
	child->erasesize = mtd->erasesize;
	child->writesize = mtd->writesize;
	child->writebufsize = mtd->writebufsize;
	child->oobsize = mtd->oobsize;
	child->oobavail = mtd->oobavail;
	child->erasesize_shift = mtd->erasesize_shift;
	child->writesize_shift = mtd->writesize_shift;
	child->erasesize_mask = mtd->erasesize_mask;
	child->writesize_mask = mtd->writesize_mask;
	child->bitflip_threshold = mtd->bitflip_threshold;
	child->ecc_strength = mtd->ecc_strength;
	child->ecc_step_size = mtd->ecc_step_size;
	child->subpage_sft = mtd->subpage_sft;
	child->name = mtd->name;
	child->owner = mtd->owner;
	child->parent = mtd;
	child->part.offset = 0;
	child->part.size = mtd->size;
	return child;
}

/**
 * fwslot_area_same() - is this the place that the area was bound to before
 * @area: the area
 * @mtd: a device
 * @offset: start in @mtd
 * @size: bytes
 *
 * Return: true if it is, or if the area was never bound.
 */
bool fwslot_area_same(const struct fwslot_area *area, struct mtd_info *mtd,
		      u64 offset, u64 size)
{
	if (!area->identity.known)
		return true;
	return area->identity.offset == mtd_get_master_ofs(mtd, offset) &&
	       area->identity.size == size &&
	       area->identity.erasesize == mtd->erasesize &&
	       !strncmp(area->identity.master, mtd_get_master(mtd)->name,
			sizeof(area->identity.master) - 1);
}

/**
 * fwslot_area_overlaps() - does an area lie over a place
 * @area: an area; its identity counts, whether it is bound or not
 * @mtd: a device
 * @offset: start in @mtd
 * @size: bytes
 */
bool fwslot_area_overlaps(const struct fwslot_area *area,
			  struct mtd_info *mtd, u64 offset, u64 size)
{
	u64 start = mtd_get_master_ofs(mtd, offset);

	return area->identity.known &&
	       start < area->identity.offset + area->identity.size &&
	       area->identity.offset < start + size &&
	       !strncmp(area->identity.master, mtd_get_master(mtd)->name,
			sizeof(area->identity.master) - 1);
}

/**
 * fwslot_area_attach() - bind an area to its device
 * @area: the area, not bound
 * @mtd: the device; a reference is taken
 * @offset: start in @mtd
 * @size: bytes
 *
 * Called from the notifier, under mtd_table_mutex.
 *
 * Return: 0, -ENOMEM, -ENOSPC when the flash has too few good blocks, or why
 * the MTD core does not give the device.
 */
int fwslot_area_attach(struct fwslot_area *area, struct mtd_info *mtd,
		       u64 offset, u64 size)
{
	struct mtd_info *child = make_child(mtd);
	struct fwslot_map *map;
	int err;

	if (!child)
		return -ENOMEM;
	err = fwslot_map_make(area->place.layout, mtd, offset, size, &map);
	if (err)
		goto free_child;
	err = __get_mtd_device(mtd);
	if (err)
		goto free_map;
	if (!area->identity.known) {
		area->identity.known = true;
		area->identity.offset = mtd_get_master_ofs(mtd, offset);
		area->identity.size = size;
		area->identity.erasesize = mtd->erasesize;
		strscpy(area->identity.master, mtd_get_master(mtd)->name,
			sizeof(area->identity.master));
	}
	mutex_lock(&area->lock);
	area->mtd = mtd;
	area->child = child;
	area->map = map;
	area->offset = offset;
	area->size = size;
	mutex_unlock(&area->lock);
	return 0;

free_map:
	kvfree(map);
free_child:
	kfree(child);
	return err;
}

/**
 * fwslot_area_detach() - forget the device of an area
 * @area: the area
 *
 * Called from the notifier, under mtd_table_mutex: this is the last moment at
 * which the chip's driver is alive.  Waits for the flash operation that is
 * running, one at most.
 *
 * Return: the device that was bound, or NULL.
 */
struct mtd_info *fwslot_area_detach(struct fwslot_area *area)
{
	struct mtd_info *mtd;

	mutex_lock(&area->lock);
	mtd = area->mtd;
	/* The last moment to lock the chip: a session may have it open. */
	if (area->child)
		mtd_lock(area->child, area->offset, area->size);
	kfree(area->child);
	kvfree(area->map);
	area->mtd = NULL;
	area->child = NULL;
	area->map = NULL;
	mutex_unlock(&area->lock);
	if (mtd)
		__put_mtd_device(mtd);
	return mtd;
}
