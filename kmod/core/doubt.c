// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * doubt.c - what if content that reads right is not
 *
 * Content is firm if it equals a record that was there before this session.
 * All other content is in doubt: a power cut may have left bits in it that read
 * right now and wrong at the next power-on, and the other way round.  A device
 * can run from such content.  While it does, what is firm must not be touched;
 * the unit in doubt is written first, as long as the firm ones can start the
 * device without it.
 *
 * Whether they can is tried with everything that the units in doubt may turn
 * out to be.  To change what counts as firm, change fwslot_view_firm().
 */
#include "core.h"

#define NOTHING		0	/* neither the boot ROM nor the bootloader takes it */
#define FORMATS_MAX	(FWSLOT_UNITS + 2)

/* What each unit may be: @may[unit] has the @n[unit] formats, or NOTHING. */
struct doubt {
	u32 may[FWSLOT_UNITS][FORMATS_MAX + 1];
	u32 n[FWSLOT_UNITS];
};

/* Is it beyond doubt what a unit holds? */
typedef bool (*sure_fn)(const struct fwslot_request *req, u32 unit);

/**
 * fwslot_view_firm() - is what a unit holds beyond doubt
 * @view: the unit
 *
 * Content that gets its record in this session was only read, not written.
 *
 * Return: true if it is.
 */
bool fwslot_view_firm(const struct fwslot_view *view)
{
	return view->present && view->recorded && view->matched && !view->heal;
}

static bool firm(const struct fwslot_request *req, u32 unit)
{
	return fwslot_view_firm(&req->views[unit]);
}

/* Some boards load a bootloader from behind an empty head: there it says nothing. */
static bool blank_counts(const struct fwslot_request *req)
{
	u32 unit;

	for (unit = FWSLOT_UNIT_BOOT0; unit < FWSLOT_UNITS; unit++)
		if (req->views[unit].matched && req->views[unit].blank)
			return false;
	return true;
}

/*
 * Was it read and is it known?  Content that is not what its record says, and a
 * blank head, were left by a write or by decay: that is known, too, next to
 * something better.  An image that is not known counts as none; but a bootloader
 * that is not may be the one that is taken.
 */
static bool known(const struct fwslot_request *req, u32 unit)
{
	const struct fwslot_view *v = &req->views[unit];

	return unit < FWSLOT_UNIT_BOOT0 || v->recorded ||
	       (v->blank && blank_counts(req)) ||
	       fwslot_content_good(req, unit);
}

static void add(struct doubt *d, u32 unit, u32 format)
{
	u32 i;

	for (i = 0; i < d->n[unit]; i++)
		if (d->may[unit][i] == format)
			return;
	d->may[unit][d->n[unit]++] = format;
}

/* All that is known of no unit: a release of any format that is in sight. */
static void add_any(struct doubt *d, const struct fwslot_request *req, u32 unit)
{
	u32 i;

	add(d, unit, req->manifest->format);
	if (req->running.format)
		add(d, unit, req->running.format);
	for (i = 0; i < FWSLOT_UNITS; i++)
		if (req->views[i].matched)
			add(d, unit, req->views[i].format);
}

static void find_outcomes(struct doubt *d, const struct fwslot_request *req,
			  sure_fn sure)
{
	const struct fwslot_view *v = req->views;
	u32 unit;

	memset(d, 0, sizeof(*d));
	for (unit = 0; unit < FWSLOT_UNITS; unit++, v++) {
		if (sure(req, unit)) {
			add(d, unit, fwslot_content_good(req, unit) ?
				     v->format : NOTHING);
			continue;
		}
		add(d, unit, NOTHING);
		if (!(req->configured & BIT(unit)) || !v->present || v->broken)
			continue;
		if (v->matched || v->untrusted)
			add(d, unit, v->format);
		else
			add_any(d, req, unit);
	}
}

/* What is started: an image slot; FWSLOT_UNITS: nothing is. */
static u32 started(const u32 *is)
{
	u32 format = is[FWSLOT_UNIT_BOOT0];

	if (format == NOTHING)
		format = is[FWSLOT_UNIT_BOOT1];
	if (format == NOTHING)
		return FWSLOT_UNITS;
	if (is[FWSLOT_UNIT_PRIMARY] == format)
		return FWSLOT_UNIT_PRIMARY;
	return is[FWSLOT_UNIT_SECONDARY] == format ? FWSLOT_UNIT_SECONDARY :
						     FWSLOT_UNITS;
}

/* Would the system in an image slot accept the same session? */
static bool way_open(const struct fwslot_request *req, const u32 *is, u32 unit)
{
	const struct fwslot_view *v = &req->views[unit];

	if (is[unit] == req->manifest->format)
		return true;
	if (req->slots != FWSLOT_SLOTS_ALL &&
	    !(req->flags & FWSLOT_BEGIN_FORCE))
		return false;
	return v->matched &&
	       fwslot_bridge_from(req->manifest, v->format, &v->release);
}

/* Does @is start something, from where the session can go on if @open? */
static bool good(const struct fwslot_request *req, const u32 *is, bool open)
{
	u32 unit = started(is);

	return unit != FWSLOT_UNITS && (!open || way_open(req, is, unit));
}

/*
 * Something is started with @is.  Is something without @unit, and with the
 * session's image in it?  With @keep_way the way must not be shut either.
 */
static bool unit_spared(const struct fwslot_request *req, const u32 *is,
			u32 unit, bool keep_way)
{
	bool open = keep_way && good(req, is, true);
	u32 then[FWSLOT_UNITS];

	memcpy(then, is, sizeof(then));
	then[unit] = NOTHING;
	if (!good(req, then, open))
		return false;
	then[unit] = req->manifest->format;
	return good(req, then, open);
}

/* The next of all combinations; false: that was the last. */
static bool next_outcome(const struct doubt *d, u32 *at)
{
	u32 unit;

	for (unit = 0; unit < FWSLOT_UNITS; unit++) {
		if (++at[unit] < d->n[unit])
			return true;
		at[unit] = 0;
	}
	return false;
}

/*
 * Can the device do without what a unit holds?  Whatever the units that are not
 * @sure turn out to be, the write of the session's image must take nothing
 * away: if something starts before, something starts during and after it.  No
 * also if nothing can start at all.
 */
static bool spared(const struct fwslot_request *req, u32 unit, bool keep_way,
		   sure_fn sure)
{
	u32 at[FWSLOT_UNITS] = { 0 };
	u32 is[FWSLOT_UNITS];
	bool any = false;
	struct doubt d;
	u32 i;

	find_outcomes(&d, req, sure);
	do {
		for (i = 0; i < FWSLOT_UNITS; i++)
			is[i] = d.may[i][at[i]];
		if (!good(req, is, false))
			continue;
		any = true;
		if (!unit_spared(req, is, unit, keep_way))
			return false;
	} while (next_outcome(&d, at));
	return any;
}

static bool known_start(const struct fwslot_request *req)
{
	u32 is[FWSLOT_UNITS];
	u32 i;

	for (i = 0; i < FWSLOT_UNITS; i++)
		is[i] = fwslot_content_good(req, i) ? req->views[i].format :
						      NOTHING;
	return good(req, is, false);
}

/**
 * fwslot_doubt_forbids() - would a write rely on what is not known
 * @req: the request, with the views as they are now
 * @unit: the unit that is to be written
 *
 * As long as there is a bootloader and an image that are known to start, they
 * are not given up for content that is only believed to, because it has booted:
 * it may have weak bits, and have been lucky.  Where nothing is known, on a
 * device without records, what has booted is all there is.
 *
 * Return: true if it would.
 */
bool fwslot_doubt_forbids(const struct fwslot_request *req, u32 unit)
{
	return known_start(req) && !spared(req, unit, false, known);
}

/* A unit in doubt that the device can do without, if what is @sure holds. */
static u32 find_spared(const struct fwslot_request *req, u32 left, sure_fn sure)
{
	u32 unit;

	for (unit = 0; unit < FWSLOT_UNITS; unit++)
		if ((left & BIT(unit)) && !firm(req, unit) &&
		    spared(req, unit, true, sure) && !fwslot_guard(req, unit))
			break;
	return unit;
}

static bool waits(const struct fwslot_request *req, u32 next)
{
	return req->booted != FWSLOT_BOOTED_OTHER && !fwslot_only_copy(req, next) &&
	       !spared(req, next, false, firm);
}

/**
 * fwslot_doubt_first() - what to write before a unit
 * @req: the request, with the views as they are now
 * @left: mask of the units that are still to be written
 * @next: the unit of these whose turn it is
 *
 * If the device could need @next because one in doubt fails, that one is
 * written first, if the device can do without it.  Where @next must not be
 * written at all, content that has only just been named is enough to fall back
 * to.
 *
 * It stays at @next in a rescue system, where nobody knows what a device runs
 * from, and for the only bootloader, without which nothing starts in any case.
 *
 * Return: the unit to write, @next or one in doubt.
 */
u32 fwslot_doubt_first(const struct fwslot_request *req, u32 left, u32 next)
{
	u32 unit;

	if (!waits(req, next))
		return next;
	unit = find_spared(req, left, firm);
	if (unit == FWSLOT_UNITS && fwslot_guard(req, next))
		unit = find_spared(req, left, known);
	return unit == FWSLOT_UNITS ? next : unit;
}

/**
 * fwslot_doubt_helps() - is it of use to have written a unit first
 * @req: the request, with the views as they are after that
 * @left: mask of the units that are still to be written then
 * @next: the unit of these whose turn it is then
 *
 * Return: true if the device could not need @next any more, or if one more unit
 * can go before it.
 */
bool fwslot_doubt_helps(const struct fwslot_request *req, u32 left, u32 next)
{
	return !waits(req, next) || fwslot_doubt_first(req, left, next) != next;
}
