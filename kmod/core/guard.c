// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * guard.c - would the device still boot (design rule R5)
 *
 * All answers are about what the bootloader that is installed would do with
 * the image slots as the views describe them.  Two kinds of evidence count:
 * content that was read in this session and equals an authentic manifest, and
 * the fact that this system was booted, as long as what booted it is unchanged.
 * In doubt about which bootloader copy the ROM takes, an image must be
 * startable by each that is possible.
 */
#include "core.h"

static bool booted_from_slot(const struct fwslot_request *req)
{
	return req->booted == FWSLOT_BOOTED_PRIMARY ||
	       req->booted == FWSLOT_BOOTED_SECONDARY;
}

static u32 booted_unit(const struct fwslot_request *req)
{
	return req->booted == FWSLOT_BOOTED_PRIMARY ? FWSLOT_UNIT_PRIMARY :
						      FWSLOT_UNIT_SECONDARY;
}

/**
 * fwslot_boot_unchanged() - is the bootloader as it was at boot
 * @req: the request
 *
 * Copies behind the first that is known, and of the format that runs, do not
 * matter: the ROM takes that one.
 *
 * Return: true if it is.
 */
bool fwslot_boot_unchanged(const struct fwslot_request *req)
{
	const struct fwslot_view *v = &req->views[FWSLOT_UNIT_BOOT0];
	u32 unit;

	for (unit = FWSLOT_UNIT_BOOT0; unit < FWSLOT_UNITS; unit++, v++) {
		if (v->changed)
			return false;
		if (v->matched && v->format == req->running.format)
			return true;
	}
	return true;
}

/**
 * fwslot_boot_possible() - can the boot ROM take this copy of the bootloader
 * @req: the request
 * @unit: FWSLOT_UNIT_BOOT0 or FWSLOT_UNIT_BOOT1
 *
 * A copy whose content is known can be taken.  One that is not known but is as
 * it was when this system booted may be the one that did it.
 */
bool fwslot_boot_possible(const struct fwslot_request *req, u32 unit)
{
	const struct fwslot_view *v = &req->views[unit];

	if (!(req->configured & BIT(unit)) || !v->present || v->broken)
		return false;
	return v->matched || (booted_from_slot(req) && !v->changed &&
			      !v->recorded);
}

/* The format that a possible copy starts. */
static u32 copy_format(const struct fwslot_request *req, u32 unit)
{
	const struct fwslot_view *v = &req->views[unit];

	return v->matched ? v->format : req->running.format;
}

/**
 * fwslot_installed_format() - format of the images that will be started
 * @req: the request
 *
 * Return: format of the first possible bootloader copy in the ROM's order;
 * 0 when there is none or its format is not known.
 */
u32 fwslot_installed_format(const struct fwslot_request *req)
{
	u32 unit;

	if (booted_from_slot(req) && fwslot_boot_unchanged(req) &&
	    req->running.format)
		return req->running.format;
	for (unit = FWSLOT_UNIT_BOOT0; unit < FWSLOT_UNITS; unit++)
		if (fwslot_boot_possible(req, unit))
			return copy_format(req, unit);
	return 0;
}

/**
 * fwslot_content_good() - is it known that a unit holds what starts
 * @req: the request
 * @unit: the unit
 *
 * Return: true if its content is that of an authentic manifest, or was forced
 * in and has proved itself by booting.
 */
bool fwslot_content_good(const struct fwslot_request *req, u32 unit)
{
	const struct fwslot_view *v = &req->views[unit];

	if (v->matched)
		return true;
	return v->untrusted && !v->changed && booted_from_slot(req) &&
	       booted_unit(req) == unit;
}

static bool format_startable(const struct fwslot_request *req, u32 format)
{
	u32 unit;

	for (unit = FWSLOT_UNIT_PRIMARY; unit <= FWSLOT_UNIT_SECONDARY; unit++)
		if (fwslot_content_good(req, unit) &&
		    req->views[unit].format == format)
			return true;
	return false;
}

/* What booted this system is unchanged and nothing speaks against it. */
static bool booted_stands(const struct fwslot_request *req)
{
	const struct fwslot_view *v;

	if (!booted_from_slot(req) || !fwslot_boot_unchanged(req))
		return false;
	v = &req->views[booted_unit(req)];
	return v->present && !v->changed && !v->broken &&
	       (v->matched || !v->recorded);
}

/**
 * fwslot_startable() - is there an image that the bootloader can start
 * @req: the request
 *
 * Return: true if some image is startable by every bootloader copy that the
 * ROM may take, and there is such a copy.
 */
bool fwslot_startable(const struct fwslot_request *req)
{
	bool any = false;
	u32 unit;

	if (booted_stands(req))
		return true;
	for (unit = FWSLOT_UNIT_BOOT0; unit < FWSLOT_UNITS; unit++) {
		if (!fwslot_boot_possible(req, unit))
			continue;
		if (!format_startable(req, copy_format(req, unit)))
			return false;
		any = true;
		if (req->views[unit].matched)
			break;
	}
	return any;
}

/**
 * fwslot_view_written() - what a unit is after the session has written it
 * @req: the request
 * @view: its view
 */
void fwslot_view_written(const struct fwslot_request *req,
			 struct fwslot_view *view)
{
	view->changed = true;
	view->broken = false;
	view->recorded = !req->untrusted;
	view->matched = !req->untrusted;
	view->untrusted = req->untrusted;
	view->equal = true;
	view->heal = false;
	view->blank = false;
	view->format = req->manifest->format;
	view->release = req->manifest->release;
}

static u32 other_image(u32 unit)
{
	return unit == FWSLOT_UNIT_PRIMARY ? FWSLOT_UNIT_SECONDARY :
					     FWSLOT_UNIT_PRIMARY;
}

/**
 * fwslot_only_copy() - is a unit the only copy of the bootloader
 * @req: the request
 * @unit: the unit
 *
 * Return: true if it is.
 */
bool fwslot_only_copy(const struct fwslot_request *req, u32 unit)
{
	return unit >= FWSLOT_UNIT_BOOT0 &&
	       !(req->configured & ~BIT(unit) &
		 (BIT(FWSLOT_UNIT_BOOT0) | BIT(FWSLOT_UNIT_BOOT1)));
}

/**
 * fwslot_guard() - may a unit be erased and written now
 * @req: the request, with the views as they are now
 * @unit: the unit
 *
 * Refused is what would leave nothing that the installed bootloader can start,
 * during the write or after it, and what would rely on content in doubt while
 * there is something better (doubt.c).  The write of a single bootloader copy
 * is the exception while it lasts.  An image slot that this boot broke may be
 * written again, whatever it will hold.
 * Where nothing can be started even now, there is nothing to keep, but a
 * bootloader is not written to start nothing while there are good images.
 *
 * Return: FWSLOT_REASON_NONE or FWSLOT_REASON_NOTHING_BOOTABLE.
 */
u32 fwslot_guard(const struct fwslot_request *req, u32 unit)
{
	struct fwslot_request sim = *req;
	struct fwslot_view *v = &sim.views[unit];
	bool broken = v->broken && !v->matched;
	bool before, after, images;

	before = fwslot_startable(&sim);
	/* Nothing boots; the last good image is what a way out starts from. */
	if (!before && unit < FWSLOT_UNIT_BOOT0 &&
	    fwslot_content_good(&sim, unit) &&
	    !fwslot_content_good(&sim, other_image(unit)))
		return FWSLOT_REASON_NOTHING_BOOTABLE;
	images = fwslot_content_good(&sim, FWSLOT_UNIT_PRIMARY) ||
		 fwslot_content_good(&sim, FWSLOT_UNIT_SECONDARY);

	v->matched = false;
	v->untrusted = false;
	v->changed = true;
	v->broken = true;
	if (!broken && !fwslot_only_copy(req, unit) &&
	    ((before && !fwslot_startable(&sim)) ||
	     fwslot_doubt_forbids(req, unit)))
		return FWSLOT_REASON_NOTHING_BOOTABLE;

	fwslot_view_written(req, v);
	after = fwslot_startable(&sim);
	if (after ||
	    ((!before || broken) && (unit < FWSLOT_UNIT_BOOT0 || !images)))
		return FWSLOT_REASON_NONE;
	return FWSLOT_REASON_NOTHING_BOOTABLE;
}
