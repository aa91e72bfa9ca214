// SPDX-License-Identifier: GPL-2.0-only
/*
 * unit.c - the units and their state
 *
 * The one place where a unit's state is set.  Which change leads where is in
 * core/table.c.
 */
#include <linux/slab.h>
#include "fwslot.h"

/* Units' state, tracked devices, the session; see fwslot.h for the order. */
DEFINE_MUTEX(fwslot_lock);

struct fwslot_dev fwslot_devs[FWSLOT_UNITS];

static u32 generation;

/**
 * fwslot_configured() - mask of the units that slots= names
 */
u32 fwslot_configured(void)
{
	u32 unit, mask = 0;

	for (unit = 0; unit < FWSLOT_UNITS; unit++)
		if (fwslot_dev_configured(&fwslot_devs[unit]))
			mask |= BIT(unit);
	return mask;
}

/**
 * fwslot_generation() - number that goes up with every change of any unit
 */
u32 fwslot_generation(void)
{
	return READ_ONCE(generation);
}

static void free_found(struct kref *ref)
{
	kvfree(container_of(ref, struct fwslot_found, ref));
}

/**
 * fwslot_found_alloc() - memory for a record
 * @body: bytes of its body
 *
 * Return: the record with one reference, or NULL.
 */
struct fwslot_found *fwslot_found_alloc(u32 body)
{
	struct fwslot_found *found;

	found = kvzalloc(struct_size(found, body, body), GFP_KERNEL_ACCOUNT);
	if (found)
		kref_init(&found->ref);
	return found;
}

/**
 * fwslot_found_get() - take a reference
 * @found: the record, or NULL
 */
struct fwslot_found *fwslot_found_get(struct fwslot_found *found)
{
	if (found)
		kref_get(&found->ref);
	return found;
}

/**
 * fwslot_found_put() - drop a reference
 * @found: the record, or NULL
 */
void fwslot_found_put(struct fwslot_found *found)
{
	if (found)
		kref_put(&found->ref, free_found);
}

/**
 * fwslot_dev_found() - set the record of a unit
 * @dev: the unit
 * @found: its record, or NULL; the caller's reference goes to the unit
 */
void fwslot_dev_found(struct fwslot_dev *dev, struct fwslot_found *found)
{
	struct fwslot_found *old;

	mutex_lock(&fwslot_lock);
	old = dev->found;
	/* It may have gone away since the state was set. */
	if (dev->state == FWSLOT_STATE_ABSENT && found)
		old = found;
	else
		dev->found = found;
	mutex_unlock(&fwslot_lock);
	fwslot_found_put(old);
}

/**
 * fwslot_dev_get_found() - the record of a unit
 * @dev: the unit
 *
 * Return: a reference to it, or NULL.
 */
struct fwslot_found *fwslot_dev_get_found(struct fwslot_dev *dev)
{
	struct fwslot_found *found;

	mutex_lock(&fwslot_lock);
	found = fwslot_found_get(dev->found);
	mutex_unlock(&fwslot_lock);
	return found;
}

/**
 * fwslot_dev_change() - the one setter of a unit's state
 * @dev: the unit
 * @change: what happened
 * @reason: what is wrong with it now
 * @error: error of its flash, 0 or negative errno
 *
 * Caller must not hold fwslot_lock.
 *
 * Return: 0, or -EINVAL if the change is not possible in its state: it went
 * away in between, as a rule.
 */
int fwslot_dev_change(struct fwslot_dev *dev, enum fwslot_change change,
		      u32 reason, int error)
{
	int next;

	mutex_lock(&fwslot_lock);
	next = fwslot_state_next(dev->state, change);
	if (next >= 0) {
		WRITE_ONCE(dev->next, next);
		dev->reason = reason;
		dev->error = error;
		generation++;
	}
	mutex_unlock(&fwslot_lock);
	return next < 0 ? next : 0;
}

/**
 * fwslot_dev_touched() - remember what was done to a unit since boot
 * @dev: the unit
 * @changed: its content is not what it was at boot
 * @broken: a write was begun and not finished
 */
void fwslot_dev_touched(struct fwslot_dev *dev, bool changed, bool broken)
{
	mutex_lock(&fwslot_lock);
	dev->changed = changed;
	dev->broken = broken;
	mutex_unlock(&fwslot_lock);
}

static void init_area(struct fwslot_area *area)
{
	mutex_init(&area->lock);
}

/**
 * fwslot_devs_init() - make the units, absent and not configured
 */
void __init fwslot_devs_init(void)
{
	struct fwslot_dev *dev;
	u32 unit;

	for (unit = 0; unit < FWSLOT_UNITS; unit++) {
		dev = &fwslot_devs[unit];
		dev->id = unit;
		init_area(&dev->slot);
		init_area(&dev->record);
		init_waitqueue_head(&dev->window_end);
		INIT_WORK(&dev->scan, fwslot_scan_work);
		dev->flash.ops = &fwslot_mtd_ops;
		dev->flash.sha256 = fwslot_sha256;
		dev->flash.recognize = fwslot_recognize;
		dev->flash.ctx = dev;
	}
}

/**
 * fwslot_devs_exit() - drop what the units hold; nothing is bound any more
 */
void fwslot_devs_exit(void)
{
	u32 unit;

	for (unit = 0; unit < FWSLOT_UNITS; unit++) {
		cancel_work_sync(&fwslot_devs[unit].scan);
		fwslot_dev_found(&fwslot_devs[unit], NULL);
	}
}
