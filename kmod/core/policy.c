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

/*
 * The boot ROM takes the first copy that is valid.  One that is not known and
 * comes before a verified one may be it: then the format is not known.
 */
static u32 verified_bootloader_format(const struct fwslot_request *req)
{
	const struct fwslot_view *v = &req->views[FWSLOT_UNIT_BOOT0];
	u32 unit;

	for (unit = FWSLOT_UNIT_BOOT0; unit < FWSLOT_UNITS; unit++, v++)
		if (fwslot_boot_possible(req, unit))
			return v->matched ? v->format : 0;
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

/* Of each slot at least one copy must hold the image. */
static u32 check_adopt(const struct fwslot_request *req, u32 *detail)
{
	u32 units = units_of(req->slots) & req->configured;
	u32 differ = 0, slots = 0;
	u32 unit;

	for (unit = 0; unit < FWSLOT_UNITS; unit++) {
		if (!(units & BIT(unit)))
			continue;
		if (req->views[unit].equal)
			slots |= BIT(fwslot_unit_slot(unit));
		else
			differ |= BIT(unit);
	}
	if (slots == req->slots)
		return FWSLOT_REASON_NONE;
	*detail = differ;
	return FWSLOT_REASON_CONTENT_DIFFERS;
}

/**
 * fwslot_bridge_from() - does a manifest have a bridge from a release
 * @m: the manifest
 * @format: format of the release
 * @release: its version
 *
 * Return: true if it has, to the letter.
 */
bool fwslot_bridge_from(const struct fwslot_manifest *m, u32 format,
			const struct fwslot_release *release)
{
	u32 i;

	for (i = 0; i < m->n_bridges; i++)
		if (m->bridges[i].format == format &&
		    fwslot_release_equal(&m->bridges[i].release, release))
			return true;
	return false;
}

static u32 check_crossing(const struct fwslot_request *req, u32 format,
			  const struct fwslot_release *release)
{
	if (!fwslot_bridge_from(req->manifest, format, release))
		return FWSLOT_REASON_NO_BRIDGE;
	if (req->slots != FWSLOT_SLOTS_ALL &&
	    !(req->flags & FWSLOT_BEGIN_FORCE))
		return FWSLOT_REASON_NEEDS_ALL;
	return FWSLOT_REASON_NONE;
}

/*
 * What would boot now may differ from what runs, when a session was stopped.
 * The way must be open from there too, or the same command could not be
 * finished after a power cut.
 */
static u32 check_next_boot(const struct fwslot_request *req)
{
	u32 format = fwslot_installed_format(req);
	const struct fwslot_view *v = req->views;
	u32 unit;

	if (!format)
		format = req->running.format;
	if (format == req->manifest->format)
		return FWSLOT_REASON_NONE;
	for (unit = FWSLOT_UNIT_PRIMARY; unit <= FWSLOT_UNIT_SECONDARY; unit++)
		if (v[unit].matched && v[unit].format == format)
			return check_crossing(req, format, &v[unit].release);
	return FWSLOT_REASON_NONE;
}

/*
 * A rescue system runs, and nothing else would: the format of the bootloader
 * does not matter, but a good image does, once its bootloader is there.
 */
static u32 check_rescue(const struct fwslot_request *req)
{
	const struct fwslot_view *v = req->views;
	u32 unit;

	for (unit = FWSLOT_UNIT_PRIMARY; unit <= FWSLOT_UNIT_SECONDARY; unit++)
		if (v[unit].matched &&
		    v[unit].format == req->manifest->format)
			return req->slots & BIT(FWSLOT_BOOTLOADER) ?
				FWSLOT_REASON_NONE :
				FWSLOT_REASON_NEEDS_BOOTLOADER;
	return req->running.format ? FWSLOT_REASON_VERSION_UNKNOWN :
				     FWSLOT_REASON_FORMAT_UNKNOWN;
}

static u32 check_format(const struct fwslot_request *req)
{
	const struct fwslot_running *run = &req->running;
	u32 reason = FWSLOT_REASON_NONE;

	if (!(req->slots & BIT(FWSLOT_BOOTLOADER)) &&
	    !fwslot_boot_possible(req, FWSLOT_UNIT_BOOT0) &&
	    !fwslot_boot_possible(req, FWSLOT_UNIT_BOOT1))
		return FWSLOT_REASON_NEEDS_BOOTLOADER;
	if (req->booted == FWSLOT_BOOTED_OTHER && !fwslot_startable(req) &&
	    run->format != req->manifest->format)
		return check_rescue(req);
	if (!run->format)
		return FWSLOT_REASON_FORMAT_UNKNOWN;
	if (run->format != req->manifest->format)
		reason = run->known ? check_crossing(req, run->format,
						     &run->release) :
				      FWSLOT_REASON_VERSION_UNKNOWN;
	return reason ? reason : check_next_boot(req);
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
