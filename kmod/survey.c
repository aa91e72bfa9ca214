// SPDX-License-Identifier: GPL-2.0-only
/*
 * survey.c - reads all units and describes them to the core
 *
 * Content is identified by an authentic manifest: the unit's own record, the
 * session's manifest, or the record of another unit.  What is identified
 * without a record of its own is read many times (name.c): a cut may have left
 * bits that read well once.
 */
#include <linux/slab.h>
#include "session.h"

static bool record_fits(struct fwslot_dev *dev,
			const struct fwslot_found *found)
{
	struct fwslot_record rec = found->rec;

	return !fwslot_record_layout(&dev->flash.geo,
				     fwslot_found_image(found), &rec);
}

/* The session's image for a slot, NULL: it has none. */
static struct fwslot_found *session_found(const struct fwslot_session *s,
					  u32 slot)
{
	int image = fwslot_manifest_image(fwslot_session_manifest(s), slot);

	return image < 0 ? NULL : s->found[image];
}

static void identify(struct fwslot_session *s, struct fwslot_dev *dev,
		     const struct fwslot_found *found)
{
	struct fwslot_view *v = &s->req.views[dev->id];
	const struct fwslot_found *mine;

	v->matched = true;
	v->broken = false;
	v->format = found->manifest.format;
	v->release = found->manifest.release;
	mine = session_found(s, fwslot_unit_slot(dev->id));
	v->equal = mine && fwslot_image_same(fwslot_found_image(mine),
					     fwslot_found_image(found));
}

/* Not a matter of this unit's flash: the survey cannot go on. */
static bool ends_survey(int err)
{
	return err == -ECANCELED || err == -EINTR || err == -ENOMEM;
}

/* 1: the unit gets its record, 0: it does not, or a negative errno. */
static int may_heal(const struct fwslot_session *s, struct fwslot_dev *dev,
		    const struct fwslot_found *found)
{
	if (!record_fits(dev, found))
		return 0;
	if (s->req.slots & BIT(fwslot_unit_slot(dev->id)))
		return 1;
	return fwslot_record_room(dev, found);
}

/* Try one manifest at hand on a unit without a record; negative: errno. */
static int try_found(struct fwslot_session *s, struct fwslot_dev *dev,
		     struct fwslot_found *from)
{
	struct fwslot_found *found;
	int ret;

	ret = fwslot_name_content(dev, from, &found);
	if (ret)
		return ret < 0 ? ret : 0;
	identify(s, dev, found);
	/* If it has a record at all, it is one of something else. */
	s->req.views[dev->id].recorded = false;
	ret = may_heal(s, dev, found);
	if (ends_survey(ret)) {
		fwslot_found_put(found);
		return ret;
	}
	s->req.views[dev->id].heal = ret > 0;
	s->heal_from[dev->id] = found;
	return 0;
}

/* Most of them are of the same release: each image is looked for once. */
static int try_new(struct fwslot_session *s, struct fwslot_dev *dev,
		   struct fwslot_found *from, struct fwslot_image *tried, u32 *n)
{
	const struct fwslot_manifest *m;
	int image;
	u32 i;

	if (!from || !from->signer || s->req.views[dev->id].matched)
		return 0;
	m = &from->manifest;
	image = fwslot_manifest_image(m, fwslot_unit_slot(dev->id));
	if (image < 0)
		return 0;
	for (i = 0; i < *n; i++)
		if (fwslot_image_same(&tried[i], &m->images[image]))
			return 0;
	tried[(*n)++] = m->images[image];
	return try_found(s, dev, from);
}

static int find_name(struct fwslot_session *s, struct fwslot_dev *dev)
{
	struct fwslot_image tried[FWSLOT_UNITS + 2];
	struct fwslot_found *found;
	u32 unit, n = 0;
	int err;

	err = try_new(s, dev, session_found(s, fwslot_unit_slot(dev->id)),
		      tried, &n);
	for (unit = 0; !err && unit < FWSLOT_UNITS; unit++) {
		if (!s->req.views[unit].recorded)
			continue;
		found = fwslot_dev_get_found(&fwslot_devs[unit]);
		err = try_new(s, dev, found, tried, &n);
		fwslot_found_put(found);
	}
	found = fwslot_running_found();
	if (!err)
		err = try_new(s, dev, found, tried, &n);
	fwslot_found_put(found);
	return err;
}

static void view_state(struct fwslot_session *s, struct fwslot_dev *dev)
{
	struct fwslot_view *v = &s->req.views[dev->id];
	struct fwslot_found *found = fwslot_dev_get_found(dev);

	if (!found)
		return;
	v->recorded = found->signer;
	if (fwslot_dev_state(dev) == FWSLOT_STATE_VERIFIED) {
		identify(s, dev, found);
	} else if (fwslot_dev_state(dev) == FWSLOT_STATE_UNTRUSTED) {
		v->untrusted = true;
		v->format = found->manifest.format;
		v->release = found->manifest.release;
	}
	fwslot_found_put(found);
}

#define PIECE	4096

/* Weak bits of NAND may be corrected at the next power-on: then it is no cut. */
static bool never_reads(struct fwslot_dev *dev, u64 ofs, u8 *buf, u32 len)
{
	u32 i;

	for (i = 0; i < FWSLOT_NAME_READS; i++)
		if (!mtd_is_eccerr(dev->flash.ops->read(dev, ofs, buf, len)))
			return false;
	return true;
}

/*
 * NAND cannot have its head written last.  But a page that was cut short cannot
 * be read, and no boot ROM takes a copy with such a page.  Return: 1 if there is
 * one in the first @size bytes, 0 or -ENOMEM.
 */
static int cut_short(struct fwslot_dev *dev, u64 size)
{
	u8 *buf = kmalloc(PIECE, GFP_KERNEL);
	bool cut = false;
	u64 ofs;
	u32 len;

	if (!buf)
		return -ENOMEM;
	size = min(size, dev->flash.geo.size);
	for (ofs = 0; !cut && ofs < size; ofs += len) {
		len = min_t(u64, PIECE, size - ofs);
		cut = never_reads(dev, ofs, buf, len);
	}
	kfree(buf);
	return cut;
}

static bool head_blank(struct fwslot_dev *dev)
{
	u8 head[sizeof(struct fwslot_disk_record)];

	if (dev->flash.ops->read(dev, 0, head, sizeof(head)))
		return never_reads(dev, 0, head, sizeof(head));
	return !memchr_inv(head, 0xff, sizeof(head)) ||
	       !memchr_inv(head, 0, sizeof(head));
}

/* Is this copy of the bootloader one whose write was stopped? */
static int view_blank(struct fwslot_dev *dev, struct fwslot_view *v,
		      struct fwslot_found *mine)
{
	int ret;

	v->blank = head_blank(dev);
	if (v->blank || v->matched || !mine || !dev->flash.geo.ordered)
		return 0;
	ret = cut_short(dev, fwslot_found_image(mine)->size);
	v->blank = ret > 0;
	return ret < 0 ? ret : 0;
}

static int view_unit(struct fwslot_session *s, struct fwslot_dev *dev)
{
	struct fwslot_view *v = &s->req.views[dev->id];
	struct fwslot_found *mine;
	int err;

	flush_work(&dev->scan);
	if (fwslot_dev_state(dev) == FWSLOT_STATE_ABSENT)
		return 0;
	mine = session_found(s, fwslot_unit_slot(dev->id));
	v->fits = mine && record_fits(dev, mine);
	/* What cannot be read is not known, and may be written anew. */
	err = fwslot_verify_dev(dev);
	if (ends_survey(err))
		return err;
	v->present = err != -ENODEV;
	v->changed = dev->changed;
	v->broken = dev->broken;
	view_state(s, dev);
	/*
	 * In doubt an image has a record that its content may not equal, and a
	 * bootloader is one that the ROM may take.
	 */
	if (err)
		v->recorded = dev->id < FWSLOT_UNIT_BOOT0;
	return dev->id < FWSLOT_UNIT_BOOT0 ? 0 : view_blank(dev, v, mine);
}

static int name_unit(struct fwslot_session *s, struct fwslot_dev *dev)
{
	const struct fwslot_view *v = &s->req.views[dev->id];
	int err;

	if (!v->present || v->matched)
		return 0;
	err = find_name(s, dev);
	return ends_survey(err) ? err : 0;
}

/* What names the content of the booted slot, NULL: nothing does. */
static struct fwslot_found *booted_found(struct fwslot_session *s)
{
	u32 unit = s->req.booted == FWSLOT_BOOTED_PRIMARY ?
		   FWSLOT_UNIT_PRIMARY : FWSLOT_UNIT_SECONDARY;

	if (s->heal_from[unit])
		return fwslot_found_get(s->heal_from[unit]);
	return fwslot_dev_get_found(&fwslot_devs[unit]);
}

/**
 * fwslot_survey() - read all units and fill in the request
 * @s: the session, its package authenticated
 * @err: 0 or the negative errno that goes with the reason
 *
 * Return: FWSLOT_REASON_NONE, _ABORTED or _NO_MEMORY.
 */
u32 fwslot_survey(struct fwslot_session *s, int *err)
{
	struct fwslot_found *found;
	u32 unit;

	*err = 0;
	for (unit = 0; !*err && unit < FWSLOT_UNITS; unit++)
		*err = view_unit(s, &fwslot_devs[unit]);
	for (unit = 0; !*err && unit < FWSLOT_UNITS; unit++)
		*err = name_unit(s, &fwslot_devs[unit]);
	if (*err)
		return *err == -ENOMEM ? FWSLOT_REASON_NO_MEMORY :
					 FWSLOT_REASON_ABORTED;
	found = booted_found(s);
	fwslot_running_update(&s->req, found);
	fwslot_found_put(found);
	fwslot_running_get(&s->req.running);
	return FWSLOT_REASON_NONE;
}

/**
 * fwslot_survey_free() - drop what the survey holds
 * @s: the session
 */
void fwslot_survey_free(struct fwslot_session *s)
{
	u32 unit;

	for (unit = 0; unit < FWSLOT_UNITS; unit++)
		fwslot_found_put(s->heal_from[unit]);
}
