// SPDX-License-Identifier: GPL-2.0-only
/*
 * scan.c - reads what a unit holds: its record, and its content against it
 *
 * Nothing here changes flash.  A record counts if its manifest is signed by a
 * known key (a retired one, too), names this product and its parts belong
 * together; it is believed only after the content was read.
 */
#include <linux/slab.h>
#include "fwslot.h"

/*
 * A record that the chip cannot correct any more is a damaged one like any
 * other: that is what NAND says of pages that a power cut left half written.
 */
static u32 read_failed(int *err)
{
	if (!mtd_is_eccerr(*err))
		return FWSLOT_REASON_FLASH_IO;
	*err = 0;
	return FWSLOT_REASON_BAD_RECORD;
}

static u32 read_head(struct fwslot_dev *dev, struct fwslot_record *rec,
		     int *err)
{
	u8 head[sizeof(struct fwslot_disk_record)];

	*err = dev->flash.ops->read(dev, fwslot_record_head(&dev->flash.geo),
				    head, sizeof(head));
	if (*err)
		return read_failed(err);
	return fwslot_record_parse(&dev->flash.geo, head, rec);
}

static u32 check_found(struct fwslot_dev *dev, struct fwslot_found *found)
{
	const struct fwslot_record *rec = &found->rec;
	u32 reason;

	if (fwslot_manifest_parse(found->body, rec->manifest_size,
				  &found->manifest) ||
	    fwslot_record_check(&dev->flash, rec, found->body,
				&found->manifest, fwslot_unit_slot(dev->id)))
		return FWSLOT_REASON_BAD_RECORD;
	if (fwslot_manifest_product(&found->manifest, fwslot_config.product) ==
	    FWSLOT_REASON_WRONG_PRODUCT)
		return FWSLOT_REASON_WRONG_PRODUCT;
	reason = fwslot_signature_check(found->body, rec->manifest_size,
					found->body + rec->manifest_size,
					rec->signature_size, &found->signer);
	return reason == FWSLOT_REASON_RETIRED_KEY ? FWSLOT_REASON_NONE :
						     reason;
}

/*
 * Read the record of a unit.  @out is set for FWSLOT_REASON_NONE and for
 * FWSLOT_REASON_UNKNOWN_KEY; in the second case it has no signer.
 */
static u32 scan(struct fwslot_dev *dev, struct fwslot_found **out, int *err)
{
	struct fwslot_found *found;
	struct fwslot_record rec;
	u32 reason;

	*out = NULL;
	reason = read_head(dev, &rec, err);
	if (reason)
		return reason;
	found = fwslot_found_alloc(fwslot_record_body(&rec));
	if (!found) {
		*err = -ENOMEM;
		return FWSLOT_REASON_NO_MEMORY;
	}
	found->rec = rec;
	*err = fwslot_record_read(&dev->flash, &rec, found->body);
	reason = *err ? read_failed(err) : check_found(dev, found);
	if (reason == FWSLOT_REASON_NO_MEMORY)
		*err = -ENOMEM;
	if (!reason || reason == FWSLOT_REASON_UNKNOWN_KEY)
		*out = found;
	else
		fwslot_found_put(found);
	return reason;
}

static enum fwslot_change change_of(u32 reason)
{
	switch (reason) {
	case FWSLOT_REASON_NONE:
		return FWSLOT_CHANGE_RECORD;
	case FWSLOT_REASON_NO_RECORD:
		return FWSLOT_CHANGE_NO_RECORD;
	default:
		return FWSLOT_CHANGE_BAD_RECORD;
	}
}

/* Who wanted to know is gone, or what was asked: nothing of this flash. */
static bool says_nothing(int err)
{
	return err == -ECANCELED || err == -EINTR || err == -ENOMEM ||
	       err == -ENODEV;
}

/* Read the record and set state and record of the unit by it. */
static struct fwslot_found *refresh(struct fwslot_dev *dev, u32 *reason,
				    int *error)
{
	struct fwslot_found *found;
	int err = 0;

	*reason = scan(dev, &found, &err);
	*error = err;
	if (says_nothing(err))
		return NULL;
	if (!fwslot_dev_change(dev, change_of(*reason), *reason, err))
		fwslot_dev_found(dev,
				 *reason ? NULL : fwslot_found_get(found));
	return found;
}

/**
 * fwslot_scan_work() - lock a unit that was just bound, and read its record
 * @work: fwslot_dev.scan
 */
void fwslot_scan_work(struct work_struct *work)
{
	struct fwslot_dev *dev = container_of(work, struct fwslot_dev, scan);
	struct fwslot_found *found;
	u32 reason;
	int err;

	err = fwslot_flash_set_lock(dev, true);
	if (err && err != -ENODEV)
		fwslot_audit(FWSLOT_EVENT_STATE, dev->id,
			     FWSLOT_REASON_LOCK_FAILED, "");
	found = refresh(dev, &reason, &err);
	fwslot_found_put(found);
	fwslot_event(FWSLOT_EVENT_STATE, dev->id, reason);
}

/**
 * fwslot_rescan() - read the record of a unit anew
 * @dev: the unit, bound and not being written
 */
void fwslot_rescan(struct fwslot_dev *dev)
{
	u32 reason;
	int err;

	fwslot_found_put(refresh(dev, &reason, &err));
}

/**
 * fwslot_verify_dev() - read a unit whole and set its state by what is there
 * @dev: the unit, bound and not being written
 *
 * Return: 0, -EINTR when the caller was killed, -ECANCELED when the session
 * was, -ENODEV when the flash went away, or another errno of a read; the
 * state then says no more than the record does.
 */
int fwslot_verify_dev(struct fwslot_dev *dev)
{
	struct fwslot_found *found;
	enum fwslot_change change;
	u32 reason;
	int ret;

	found = refresh(dev, &reason, &ret);
	if (!found)
		return ret;
	ret = fwslot_content(dev, found);
	if (ret < 0 && !says_nothing(ret))
		fwslot_dev_change(dev, change_of(reason),
				  FWSLOT_REASON_FLASH_IO, ret);
	if (ret < 0)
		goto put_found;
	if (reason == FWSLOT_REASON_UNKNOWN_KEY) {
		/* Content and record agree, but nobody known vouches. */
		if (!ret)
			fwslot_dev_change(dev, FWSLOT_CHANGE_UNTRUSTED, reason,
					  0);
		if (!ret)
			fwslot_dev_found(dev, fwslot_found_get(found));
		ret = 0;
		goto put_found;
	}
	change = ret ? FWSLOT_CHANGE_CORRUPT : FWSLOT_CHANGE_VERIFIED;
	fwslot_dev_change(dev, change,
			  ret ? FWSLOT_REASON_CORRUPT : FWSLOT_REASON_NONE, 0);
	if (!ret)
		fwslot_running_verified(dev, found);
	ret = 0;

put_found:
	fwslot_found_put(found);
	return ret;
}

static u32 verify_event(u32 state)
{
	switch (state) {
	case FWSLOT_STATE_VERIFIED:
		return FWSLOT_EVENT_VERIFIED;
	case FWSLOT_STATE_CORRUPT:
		return FWSLOT_EVENT_CORRUPT;
	default:
		return FWSLOT_EVENT_STATE;
	}
}

/**
 * fwslot_verify() - verify a unit for a caller
 * @unit: enum fwslot_unit
 * @out: state, reason and error are filled in
 *
 * Return: 0, -EBUSY while a session is open, -ENODEV when the unit is not
 * bound, -EINTR when the caller was killed, or the errno of a read.
 */
int fwslot_verify(u32 unit, struct fwslot_verify *out)
{
	struct fwslot_dev *dev = &fwslot_devs[unit];
	int err;

	err = fwslot_busy_begin();
	if (err) {
		out->reason = FWSLOT_REASON_BUSY;
		return err;
	}
	flush_work(&dev->scan);
	if (fwslot_dev_state(dev) == FWSLOT_STATE_ABSENT)
		err = -ENODEV;
	else
		err = fwslot_verify_dev(dev);
	fwslot_busy_end();
	fwslot_flash_report(dev);
	mutex_lock(&fwslot_lock);
	out->state = dev->state;
	out->reason = dev->reason;
	out->error = dev->error;
	mutex_unlock(&fwslot_lock);
	if (!err || out->error)
		fwslot_audit(verify_event(out->state), unit, out->reason, "");
	return err;
}
