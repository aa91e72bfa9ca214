// SPDX-License-Identifier: GPL-2.0-only
/*
 * bind.c - finds the units' flash and keeps everybody else from writing it
 *
 * Everything happens in the MTD notifier, under mtd_table_mutex: until ->add
 * returns nobody can open a new device, so a flag that is cleared here is
 * cleared before the first open.  ->remove is the last moment at which the
 * chip's driver is alive, whatever references are held.
 *
 * A range of a chip that was bound once stays protected for the life of the
 * module: on every partition that overlaps it, also after its own partition
 * is deleted.  A registered master is left alone until seal, because
 * partitions that are still to come would inherit its flag.  Flags are never
 * given back.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include "fwslot.h"

/**
 * struct tracked - an MTD device that exists
 * @node: in tracked_list
 * @mtd: the device
 */
struct tracked {
	struct list_head node;
	struct mtd_info *mtd;
};

/**
 * struct guarded - part of a chip that is protected
 * @node: in range_list
 * @master: name of the chip
 * @offset: start on the chip
 * @size: bytes
 */
struct guarded {
	struct list_head node;
	char master[FWSLOT_NAME_MAX];
	u64 offset;
	u64 size;
};

/* Written in the notifier and at seal; protected by fwslot_lock. */
static LIST_HEAD(tracked_list);
static LIST_HEAD(range_list);
static bool sealed;
static bool tampered;

/* Only used in the notifier. */
static bool enumerating;
static bool leaving;
static u32 ambiguous;

static void protect(struct mtd_info *mtd)
{
	WRITE_ONCE(mtd->flags, mtd->flags & ~MTD_WRITEABLE);
}

static bool same_master(const struct mtd_info *mtd, const struct guarded *range)
{
	const char *name = mtd_get_master((struct mtd_info *)mtd)->name;

	return !strncmp(name, range->master, sizeof(range->master) - 1);
}

static bool reaches(struct mtd_info *mtd, const struct guarded *range)
{
	u64 start = mtd_get_master_ofs(mtd, 0);
	u64 size = mtd_is_partition(mtd) ? mtd->part.size : mtd->size;

	return same_master(mtd, range) && start < range->offset + range->size &&
	       range->offset < start + size;
}

/* Is the range the whole of a device that has no partitions. */
static bool is_master_slot(const struct mtd_info *mtd,
			   const struct guarded *range)
{
	return !range->offset && range->size == mtd->size;
}

static void protect_from(struct mtd_info *mtd, const struct guarded *range)
{
	lockdep_assert_held(&fwslot_lock);
	if (!reaches(mtd, range))
		return;
	if (mtd_is_partition(mtd) || sealed || is_master_slot(mtd, range))
		protect(mtd);
}

static void protect_all(void)
{
	struct tracked *t;
	struct guarded *range;

	list_for_each_entry(t, &tracked_list, node)
		list_for_each_entry(range, &range_list, node)
			protect_from(t->mtd, range);
}

static int guard_range(struct fwslot_area *area)
{
	struct guarded *range = kzalloc(sizeof(*range), GFP_KERNEL);

	if (!range)
		return -ENOMEM;
	strscpy(range->master, area->identity.master, sizeof(range->master));
	range->offset = area->identity.offset;
	range->size = area->identity.size;
	mutex_lock(&fwslot_lock);
	list_add(&range->node, &range_list);
	protect_all();
	mutex_unlock(&fwslot_lock);
	area->guarded = true;
	return 0;
}

static bool matches(const struct fwslot_area *area, struct mtd_info *mtd,
		    bool slot)
{
	const struct fwslot_place *place = &area->place;

	if (!place->name[0] || strcmp(place->name, mtd->name))
		return false;
	if (!slot)
		return true;
	if (place->master[0] && strcmp(place->master, mtd_get_master(mtd)->name))
		return false;
	if (place->has_offset && place->offset != mtd_get_master_ofs(mtd, 0))
		return false;
	return !place->has_size || place->size == mtd->size;
}

static void set_reason(struct fwslot_dev *dev, u32 reason,
		       struct mtd_info *mtd)
{
	mutex_lock(&fwslot_lock);
	if (dev->state == FWSLOT_STATE_ABSENT)
		dev->reason = reason;
	mutex_unlock(&fwslot_lock);
	fwslot_audit(FWSLOT_EVENT_STATE, dev->id, reason, mtd->name);
}

static u32 write_unit(const struct mtd_info *mtd)
{
	if (mtd->type == MTD_NANDFLASH)
		return mtd->writesize;
	return max_t(u32, mtd->writesize, mtd->writebufsize);
}

static void set_geometry(struct fwslot_dev *dev)
{
	struct fwslot_geometry *geo = &dev->flash.geo;
	const struct mtd_info *mtd = dev->slot.mtd;
	const struct mtd_info *record = dev->record.mtd;

	mutex_lock(&dev->slot.lock);
	geo->size = fwslot_area_room(&dev->slot);
	geo->image_size = fwslot_area_linear(&dev->slot);
	mutex_unlock(&dev->slot.lock);
	mutex_lock(&dev->record.lock);
	geo->record_size = record ? fwslot_area_room(&dev->record) : 0;
	mutex_unlock(&dev->record.lock);
	geo->erase_size = mtd->erasesize;
	geo->ordered = mtd->type == MTD_NANDFLASH;
	geo->write_unit = write_unit(mtd);
	geo->overwrite = mtd->flags & MTD_BIT_WRITEABLE;
	if (!record)
		return;
	geo->write_unit = max(geo->write_unit, write_unit(record));
	geo->overwrite = geo->overwrite && record->flags & MTD_BIT_WRITEABLE;
}

/* The core knows one erase block, one write unit and one set of rules a unit. */
static bool record_fits(const struct fwslot_dev *dev)
{
	const struct mtd_info *slot = dev->slot.mtd;
	const struct mtd_info *record = dev->record.mtd;

	if (slot->erasesize != record->erasesize)
		return false;
	if (slot->type != MTD_NANDFLASH && record->type != MTD_NANDFLASH)
		return true;
	return slot->type == record->type &&
	       slot->writesize == record->writesize;
}

/* All areas of the unit have their flash. */
static void complete_bind(struct fwslot_dev *dev)
{
	u32 reason;

	set_geometry(dev);
	reason = fwslot_geometry_check(&dev->flash.geo);
	if (fwslot_dev_own_record(dev) && !record_fits(dev))
		reason = FWSLOT_REASON_SLOT_UNSUPPORTED;
	if (reason) {
		set_reason(dev, reason, dev->slot.mtd);
		return;
	}
	if (fwslot_dev_change(dev, FWSLOT_CHANGE_BIND, FWSLOT_REASON_NONE, 0))
		return;
	fwslot_audit(FWSLOT_EVENT_BOUND, dev->id, FWSLOT_REASON_NONE,
		     dev->slot.mtd->name);
	queue_work(system_unbound_wq, &dev->scan);
}

static void unbind(struct fwslot_dev *dev, u32 reason)
{
	bool was = !fwslot_dev_change(dev, FWSLOT_CHANGE_GONE, reason, -ENODEV);

	fwslot_dev_found(dev, NULL);
	if (!was || leaving)
		return;
	if (fwslot_sealed()) {
		mutex_lock(&fwslot_lock);
		tampered = true;
		mutex_unlock(&fwslot_lock);
		fwslot_audit(FWSLOT_EVENT_TAMPERED, dev->id, reason, "");
	} else {
		fwslot_audit(FWSLOT_EVENT_GONE, dev->id, reason, "");
	}
}

/* A second device of the name, before it is known which is meant. */
static void refuse_both(struct fwslot_dev *dev, struct fwslot_area *area,
			struct mtd_info *mtd)
{
	ambiguous |= BIT(dev->id);
	protect(mtd);
	if (area->mtd)
		fwslot_area_detach(area);
	unbind(dev, FWSLOT_REASON_SLOT_AMBIGUOUS);
	set_reason(dev, FWSLOT_REASON_SLOT_AMBIGUOUS, mtd);
}

static bool unit_complete(const struct fwslot_dev *dev)
{
	return dev->slot.mtd &&
	       (!fwslot_dev_own_record(dev) || dev->record.mtd);
}

static bool overlaps_others(const struct fwslot_area *area,
			    struct mtd_info *mtd, u64 offset, u64 size)
{
	const struct fwslot_area *other;
	u32 i;

	for (i = 0; i < 2 * FWSLOT_UNITS; i++) {
		other = i % 2 ? &fwslot_devs[i / 2].record :
				&fwslot_devs[i / 2].slot;
		if (other != area &&
		    fwslot_area_overlaps(other, mtd, offset, size))
			return true;
	}
	return false;
}

static u32 attach_reason(int err)
{
	switch (err) {
	case 0:
		return FWSLOT_REASON_NONE;
	case -ENOMEM:
		return FWSLOT_REASON_NO_MEMORY;
	case -ENOSPC:
		return FWSLOT_REASON_BAD_BLOCKS;
	default:
		return FWSLOT_REASON_FLASH_IO;
	}
}

/* Check a place, and bind the area to it. */
static u32 take_place(struct fwslot_area *area, struct mtd_info *mtd,
		      u64 offset, u64 size)
{
	u32 reason = fwslot_area_check(area, mtd, offset, size);

	if (reason)
		return reason;
	if (overlaps_others(area, mtd, offset, size))
		return FWSLOT_REASON_SLOT_OVERLAPS;
	reason = attach_reason(fwslot_area_attach(area, mtd, offset, size));
	if (reason)
		return reason;
	if (area->guarded || !guard_range(area))
		return FWSLOT_REASON_NONE;
	fwslot_area_detach(area);
	return FWSLOT_REASON_NO_MEMORY;
}

static void bind_area(struct fwslot_dev *dev, struct fwslot_area *area,
		      struct mtd_info *mtd)
{
	bool slot = area == &dev->slot;
	u64 offset = slot ? 0 : area->place.offset;
	u64 size = slot ? mtd->size : area->place.size ?: mtd->erasesize;
	u32 reason;

	if ((ambiguous & BIT(dev->id)) || (area->mtd && enumerating)) {
		refuse_both(dev, area, mtd);
		return;
	}
	if (area->mtd || !fwslot_area_same(area, mtd, offset, size)) {
		set_reason(dev, FWSLOT_REASON_SLOT_MOVED, mtd);
		return;
	}
	reason = take_place(area, mtd, offset, size);
	if (slot || mtd_is_partition(mtd))
		protect(mtd);
	if (reason)
		set_reason(dev, reason, mtd);
	else if (unit_complete(dev))
		complete_bind(dev);
}

static void track(struct mtd_info *mtd)
{
	struct tracked *t = kzalloc(sizeof(*t), GFP_KERNEL);
	struct guarded *range;

	/* Without memory to follow it, be safe and take its flag for good. */
	if (!t) {
		protect(mtd);
		return;
	}
	t->mtd = mtd;
	mutex_lock(&fwslot_lock);
	list_add(&t->node, &tracked_list);
	list_for_each_entry(range, &range_list, node)
		protect_from(mtd, range);
	mutex_unlock(&fwslot_lock);
}

static void untrack(struct mtd_info *mtd)
{
	struct tracked *t, *next;

	mutex_lock(&fwslot_lock);
	list_for_each_entry_safe(t, next, &tracked_list, node) {
		if (t->mtd != mtd)
			continue;
		list_del(&t->node);
		kfree(t);
	}
	mutex_unlock(&fwslot_lock);
}

static void notify_add(struct mtd_info *mtd)
{
	struct fwslot_dev *dev;
	u32 unit;

	/* UBI volumes as MTD devices have no place on a chip. */
	if (mtd->type == MTD_UBIVOLUME || mtd->type == MTD_ABSENT ||
	    !mtd->name || !mtd_get_master(mtd)->name)
		return;
	track(mtd);
	for (unit = 0; unit < FWSLOT_UNITS; unit++) {
		dev = &fwslot_devs[unit];
		if (matches(&dev->slot, mtd, true))
			bind_area(dev, &dev->slot, mtd);
		if (matches(&dev->record, mtd, false))
			bind_area(dev, &dev->record, mtd);
	}
}

static void remove_area(struct fwslot_dev *dev, struct fwslot_area *area,
			struct mtd_info *mtd)
{
	if (area->mtd != mtd)
		return;
	/* The bootloader is not left half written, and no write begins. */
	mutex_lock(&fwslot_lock);
	dev->going = true;
	mutex_unlock(&fwslot_lock);
	wait_event(dev->window_end, !READ_ONCE(dev->window));
	WRITE_ONCE(dev->binding, dev->binding + 1);
	fwslot_area_detach(area);
	unbind(dev, FWSLOT_REASON_SLOT_GONE);
	mutex_lock(&fwslot_lock);
	dev->going = false;
	mutex_unlock(&fwslot_lock);
}

static void notify_remove(struct mtd_info *mtd)
{
	u32 unit;

	for (unit = 0; unit < FWSLOT_UNITS; unit++) {
		remove_area(&fwslot_devs[unit], &fwslot_devs[unit].slot, mtd);
		remove_area(&fwslot_devs[unit], &fwslot_devs[unit].record, mtd);
	}
	untrack(mtd);
}

static struct mtd_notifier notifier = {
	.add = notify_add,
	.remove = notify_remove,
};

/**
 * fwslot_sealed() - was the module sealed
 */
bool fwslot_sealed(void)
{
	return READ_ONCE(sealed);
}

/**
 * fwslot_tampered() - was a sealed unit taken away
 */
bool fwslot_tampered(void)
{
	return READ_ONCE(tampered);
}

/**
 * fwslot_seal() - protect registered masters too, and pin the module
 *
 * One way.  From here on new partitions on these chips are read-only.
 *
 * Return: 0, also when it is sealed already.
 */
int fwslot_seal(void)
{
	bool was;

	mutex_lock(&fwslot_lock);
	was = sealed;
	WRITE_ONCE(sealed, true);
	protect_all();
	mutex_unlock(&fwslot_lock);
	if (was)
		return 0;
	__module_get(THIS_MODULE);
	fwslot_audit(FWSLOT_EVENT_SEALED, FWSLOT_NO_UNIT, FWSLOT_REASON_NONE,
		     "");
	return 0;
}

static bool area_protected(struct fwslot_area *area)
{
	bool is = false;

	mutex_lock(&area->lock);
	if (area->mtd)
		is = !(READ_ONCE(area->mtd->flags) & MTD_WRITEABLE);
	mutex_unlock(&area->lock);
	return is;
}

/**
 * fwslot_dev_protected() - is the unit's flash read-only for everybody else
 * @dev: the unit
 */
bool fwslot_dev_protected(struct fwslot_dev *dev)
{
	return area_protected(&dev->slot) &&
	       (!fwslot_dev_own_record(dev) || area_protected(&dev->record));
}

/**
 * fwslot_bind_init() - start to look for the units' flash
 *
 * Return: 0.
 */
int fwslot_bind_init(void)
{
	u32 unit;

	for (unit = 0; unit < FWSLOT_UNITS; unit++)
		if (fwslot_dev_configured(&fwslot_devs[unit]))
			fwslot_devs[unit].reason = FWSLOT_REASON_SLOT_ABSENT;
	enumerating = true;
	register_mtd_user(&notifier);
	enumerating = false;
	return 0;
}

/**
 * fwslot_bind_exit() - let go of all flash; flags stay cleared
 */
void fwslot_bind_exit(void)
{
	struct guarded *range, *next;

	leaving = true;
	unregister_mtd_user(&notifier);
	list_for_each_entry_safe(range, next, &range_list, node)
		kfree(range);
}
