// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * policy.c - what may be installed (design part 3)
 *
 * Yes or no, with one reason.  In which order, and whether the device would
 * still boot at every point, is decided in plan.c and guard.c.
 */
#include "core.h"

static const struct fwslot_view *booted_view(const struct fwslot_request *req)
{
	if (req->booted == FWSLOT_BOOTED_PRIMARY)
		return &req->views[FWSLOT_UNIT_PRIMARY];
	if (req->booted == FWSLOT_BOOTED_SECONDARY)
		return &req->views[FWSLOT_UNIT_SECONDARY];
	return NULL;
}

static u32 verified_bootloader_format(const struct fwslot_request *req)
{
	const struct fwslot_view *v = &req->views[FWSLOT_UNIT_BOOT0];
	u32 unit;

	for (unit = FWSLOT_UNIT_BOOT0; unit < FWSLOT_UNITS; unit++, v++)
		if (v->present && v->matched && !v->changed)
			return v->format;
	return 0;
}

/**
 * fwslot_running_find() - find out which release runs
 * @req: the request; @req->running is not used
 * @run: the result
 *
 * The booted slot must be as it was at boot and its content must equal an
 * authentic manifest's image; a record is not believed without its content.
 * Where the version cannot be known, the format is that of the verified
 * bootloader, or else what an untrusted slot that booted says of itself.
 */
void fwslot_running_find(const struct fwslot_request *req,
			 struct fwslot_running *run)
{
	const struct fwslot_view *v = booted_view(req);

	memset(run, 0, sizeof(*run));
	if (v && v->present && !v->changed && v->matched) {
		run->known = true;
		run->format = v->format;
		run->release = v->release;
		return;
	}
	run->format = verified_bootloader_format(req);
	if (!run->format && v && !v->changed && v->untrusted)
		run->format = v->format;
}

static u32 units_of(u32 slots)
{
	u32 units = slots & (BIT(FWSLOT_PRIMARY) | BIT(FWSLOT_SECONDARY));

	if (slots & BIT(FWSLOT_BOOTLOADER))
		units |= BIT(FWSLOT_UNIT_BOOT0) | BIT(FWSLOT_UNIT_BOOT1);
	return units;
}

static u32 check_slots(const struct fwslot_request *req, u32 *detail)
{
	u32 units = units_of(req->slots) &
		    (req->configured | ~BIT(FWSLOT_UNIT_BOOT1));
	u32 unit;

	*detail = 0;
	for (unit = 0; unit < FWSLOT_UNITS; unit++)
		if ((units & BIT(unit)) &&
		    fwslot_manifest_image(req->manifest,
					  fwslot_unit_slot(unit)) < 0)
			*detail |= BIT(unit);
	if (*detail)
		return FWSLOT_REASON_NO_IMAGE;
	for (unit = 0; unit < FWSLOT_UNITS; unit++)
		if ((units & BIT(unit)) && !req->views[unit].present)
			*detail |= BIT(unit);
	if (*detail)
		return FWSLOT_REASON_SLOT_ABSENT;
	for (unit = 0; unit < FWSLOT_UNITS; unit++)
		if ((units & BIT(unit)) && !req->views[unit].fits)
			*detail |= BIT(unit);
	return *detail ? FWSLOT_REASON_TOO_LARGE : FWSLOT_REASON_NONE;
}

static u32 check_adopt(const struct fwslot_request *req, u32 *detail)
{
	u32 units = units_of(req->slots) & req->configured;
	u32 unit;

	for (unit = 0; unit < FWSLOT_UNITS; unit++)
		if ((units & BIT(unit)) && !req->views[unit].equal)
			*detail |= BIT(unit);
	return *detail ? FWSLOT_REASON_CONTENT_DIFFERS : FWSLOT_REASON_NONE;
}

static bool bridge_found(const struct fwslot_request *req)
{
	const struct fwslot_manifest *m = req->manifest;
	u32 i;

	for (i = 0; i < m->n_bridges; i++)
		if (m->bridges[i].format == req->running.format &&
		    fwslot_release_equal(&m->bridges[i].release,
					 &req->running.release))
			return true;
	return false;
}

/*
 * A rescue system runs and no bootloader is known: nothing says which format
 * this device is of, but a good image does, once its bootloader is back.
 */
static u32 check_rescue(const struct fwslot_request *req)
{
	const struct fwslot_view *v = req->views;
	u32 unit;

	if (!(req->slots & BIT(FWSLOT_BOOTLOADER)))
		return FWSLOT_REASON_NEEDS_BOOTLOADER;
	for (unit = FWSLOT_UNIT_PRIMARY; unit <= FWSLOT_UNIT_SECONDARY; unit++)
		if (v[unit].matched &&
		    v[unit].format == req->manifest->format)
			return FWSLOT_REASON_NONE;
	return FWSLOT_REASON_FORMAT_UNKNOWN;
}

static u32 check_format(const struct fwslot_request *req)
{
	const struct fwslot_running *run = &req->running;

	if (!run->format)
		return req->booted == FWSLOT_BOOTED_OTHER ?
			check_rescue(req) : FWSLOT_REASON_FORMAT_UNKNOWN;
	if (run->format == req->manifest->format)
		return FWSLOT_REASON_NONE;
	if (!run->known)
		return FWSLOT_REASON_VERSION_UNKNOWN;
	if (!bridge_found(req))
		return FWSLOT_REASON_NO_BRIDGE;
	if (req->slots != FWSLOT_SLOTS_ALL &&
	    !(req->flags & FWSLOT_BEGIN_FORCE))
		return FWSLOT_REASON_NEEDS_ALL;
	return FWSLOT_REASON_NONE;
}

/**
 * fwslot_policy_check() - may this package be installed in these slots
 * @req: the request
 * @detail: mask of the units that the reason speaks of
 *
 * Adopting needs no knowledge of the running system: it only names what is
 * there.
 *
 * Return: FWSLOT_REASON_NONE or the reason for the refusal.
 */
u32 fwslot_policy_check(const struct fwslot_request *req, u32 *detail)
{
	u32 reason;

	*detail = 0;
	reason = fwslot_manifest_product(req->manifest, req->product);
	if (reason)
		return reason;
	reason = check_slots(req, detail);
	if (reason)
		return reason;
	if (req->pending)
		return FWSLOT_REASON_REBOOT_PENDING;
	if (req->flags & FWSLOT_BEGIN_ADOPT)
		return check_adopt(req, detail);
	if (req->booted == FWSLOT_BOOTED_UNKNOWN)
		return FWSLOT_REASON_BOOTED_UNKNOWN;
	if (req->floor &&
	    fwslot_release_order(&req->manifest->release, req->floor) < 0)
		return FWSLOT_REASON_BELOW_MINIMUM;
	return check_format(req);
}
