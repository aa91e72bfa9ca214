// SPDX-License-Identifier: GPL-2.0-only
/*
 * survey.c - reads all units and describes them to the core
 *
 * Content is identified by an authentic manifest: the unit's own record, the
 * session's manifest, or the record of another unit.  What is identified
 * without a record of its own is read twice: a cut may have left bits that
 * read well once.
 */
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

static int content_twice(struct fwslot_dev *dev,
			 const struct fwslot_found *found)
{
	int ret = fwslot_content(dev, found);

	return ret ?: fwslot_content(dev, found);
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

/* Try one manifest at hand on a unit without a record; negative: errno. */
static int try_found(struct fwslot_session *s, struct fwslot_dev *dev,
		     struct fwslot_found *found)
{
	u32 slot = fwslot_unit_slot(dev->id);
	int ret;

	if (!found->signer || !(fwslot_found_image(found)->slots & BIT(slot)))
		return 0;
	ret = content_twice(dev, found);
	if (ret)
		return ret < 0 ? ret : 0;
	identify(s, dev, found);
	/* If it has a record at all, it is one of something else. */
	s->req.views[dev->id].recorded = false;
	s->req.views[dev->id].heal = record_fits(dev, found);
	s->heal_from[dev->id] = fwslot_found_get(found);
	return 0;
}

/* Not a matter of this unit's flash: the survey cannot go on. */
static bool ends_survey(int err)
{
	return err == -ECANCELED || err == -EINTR || err == -ENOMEM;
}

static int find_name(struct fwslot_session *s, struct fwslot_dev *dev)
{
	struct fwslot_view *v = &s->req.views[dev->id];
	struct fwslot_found *found;
	u32 unit;
	int err = 0;

	found = session_found(s, fwslot_unit_slot(dev->id));
	if (found)
		err = try_found(s, dev, found);
	for (unit = 0; !err && !v->matched && unit < FWSLOT_UNITS; unit++) {
		if (!s->req.views[unit].recorded)
			continue;
		found = fwslot_dev_get_found(&fwslot_devs[unit]);
		if (found)
			err = try_found(s, dev, found);
		fwslot_found_put(found);
	}
	return err;
}

static void view_state(struct fwslot_session *s, struct fwslot_dev *dev)
{
	struct fwslot_view *v = &s->req.views[dev->id];
	struct fwslot_found *found = fwslot_dev_get_found(dev);

	if (!found)
		return;
	v->recorded = found->signer;
	if (dev->state == FWSLOT_STATE_VERIFIED) {
		identify(s, dev, found);
	} else if (dev->state == FWSLOT_STATE_UNTRUSTED) {
		v->untrusted = true;
		v->format = found->manifest.format;
		v->release = found->manifest.release;
	}
	fwslot_found_put(found);
}

static int view_unit(struct fwslot_session *s, struct fwslot_dev *dev)
{
	struct fwslot_view *v = &s->req.views[dev->id];
	struct fwslot_found *mine;
	int err;

	flush_work(&dev->scan);
	if (dev->state == FWSLOT_STATE_ABSENT)
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
	return 0;
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

/**
 * fwslot_survey() - read all units and fill in the request
 * @s: the session, its package authenticated
 * @err: 0 or the negative errno that goes with the reason
 *
 * Return: FWSLOT_REASON_NONE, _ABORTED or _NO_MEMORY.
 */
u32 fwslot_survey(struct fwslot_session *s, int *err)
{
	u32 unit;

	*err = 0;
	for (unit = 0; !*err && unit < FWSLOT_UNITS; unit++)
		*err = view_unit(s, &fwslot_devs[unit]);
	for (unit = 0; !*err && unit < FWSLOT_UNITS; unit++)
		*err = name_unit(s, &fwslot_devs[unit]);
	if (*err)
		return *err == -ENOMEM ? FWSLOT_REASON_NO_MEMORY :
					 FWSLOT_REASON_ABORTED;
	fwslot_running_update(&s->req);
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
