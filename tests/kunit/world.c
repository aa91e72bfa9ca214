// SPDX-License-Identifier: GPL-2.0-only
/*
 * world.c - a device as the policy sees it, written as text
 */
#include <kunit/test.h>
#include "world.h"

#define SYSTEM(id) \
	{ .kind = 1, .slots = 3, .size = 200000, .chunk_size = 65536, \
	  .chunks = 4, .table_digest = { id, 1 } }
#define BOOTLOADER(id) \
	{ .kind = 2, .slots = 4, .size = 70000, .chunk_size = 65536, \
	  .chunks = 2, .table_digest = { id, 2 } }

static const struct fwslot_manifest manifests[RELS] = {
	[REL_O] = {
		.format = 1, .release = { 5, 21, 2, "" },
		.n_products = 1, .products = { WORLD_PRODUCT },
		.n_bridges = 1, .bridges = { { 2, { 5, 22, 2, "" } } },
		.n_images = 2, .images = { SYSTEM(1), BOOTLOADER(1) },
	},
	[REL_N] = {
		.format = 2, .release = { 5, 22, 2, "" },
		.n_products = 1, .products = { WORLD_PRODUCT },
		.n_bridges = 1, .bridges = { { 1, { 5, 21, 2, "" } } },
		.n_images = 2, .images = { SYSTEM(2), BOOTLOADER(2) },
	},
	[REL_M] = {
		.format = 1, .release = { 5, 20, 0, "" },
		.n_products = 1, .products = { WORLD_PRODUCT },
		.n_images = 2, .images = { SYSTEM(3), BOOTLOADER(3) },
	},
	[REL_L] = {
		.format = 2, .release = { 5, 23, 1, "" },
		.n_products = 1, .products = { WORLD_PRODUCT },
		.n_images = 2, .images = { SYSTEM(4), BOOTLOADER(4) },
	},
};

const struct fwslot_manifest *world_manifest(u32 release)
{
	return &manifests[release];
}

/* The format of what a unit holds, 0: nothing that starts. */
u32 world_format(u32 release)
{
	if (release == REL_U)
		return 1;
	return release < RELS ? manifests[release].format : 0;
}

static const char letters[] = "ONMLUX";
static const char records[] = "onml";

/* Read one unit: two letters. */
void world_unit_parse(struct world_unit *u, const char *text)
{
	const char *at = strchr(letters, text[0] & ~0x20);
	const char *record = strchr(records, text[1]);

	memset(u, 0, sizeof(*u));
	u->content = at && text[0] ? at - letters : REL_X;
	u->record = REL_X;
	u->absent = text[0] == '-';
	u->untrusted = text[1] == '!';
	u->broken = text[1] == '*';
	u->changed = u->broken || text[1] == '~';
	u->weak = text[1] == '?';
	if (text[1] == '+' || text[1] == '~')
		u->record = u->content;
	else if (record && text[1])
		u->record = record - records;
}

/**
 * world_parse() - read a device
 * @w: the result; @w->booted is what would boot
 * @text: see the head of world.h
 */
void world_parse(struct world *w, const char *text)
{
	memset(w, 0, sizeof(*w));
	w->kept = REL_X;
	w->copies = text[5] == ' ' ? 1 : 2;
	world_unit_parse(&w->unit[FWSLOT_UNIT_SECONDARY], text);
	world_unit_parse(&w->unit[FWSLOT_UNIT_BOOT0], text + 3);
	if (w->copies == 2)
		world_unit_parse(&w->unit[FWSLOT_UNIT_BOOT1], text + 5);
	else
		world_unit_parse(&w->unit[FWSLOT_UNIT_BOOT1], "--");
	world_unit_parse(&w->unit[FWSLOT_UNIT_PRIMARY], text + 4 + 2 * w->copies);
	w->booted = world_boot(w);
}

static char *unit_text(const struct world_unit *u, char *p)
{
	*p++ = u->absent ? '-' : letters[u->content];
	if (u->broken)
		*p++ = '*';
	else if (u->untrusted)
		*p++ = '!';
	else if (u->weak)
		*p++ = '?';
	else if (u->content == REL_X && u->record != REL_X)
		*p++ = records[u->record];
	else if (u->record != REL_X)
		*p++ = u->changed ? '~' : '+';
	else
		*p++ = '-';
	return p;
}

/* A device as text, bootloaders in capitals; @buf has WORLD_TEXT bytes. */
char *world_text(const struct world *w, char *buf)
{
	char *p = unit_text(&w->unit[FWSLOT_UNIT_SECONDARY], buf);

	*p++ = ' ';
	p = unit_text(&w->unit[FWSLOT_UNIT_BOOT0], p);
	if (w->copies == 2)
		p = unit_text(&w->unit[FWSLOT_UNIT_BOOT1], p);
	*p++ = ' ';
	p = unit_text(&w->unit[FWSLOT_UNIT_PRIMARY], p);
	*p = '\0';
	return buf;
}

/**
 * world_weak() - which units have weak bits
 * @w: the device
 *
 * Return: mask of units.
 */
u32 world_weak(const struct world *w)
{
	u32 unit, weak = 0;

	for (unit = 0; unit < FWSLOT_UNITS; unit++)
		if (w->unit[unit].weak)
			weak |= BIT(unit);
	return weak;
}

/**
 * world_weak_now() - was one of them left like that since boot
 * @w: the device
 */
bool world_weak_now(const struct world *w)
{
	u32 unit;

	for (unit = 0; unit < FWSLOT_UNITS; unit++)
		if (w->unit[unit].weak && w->unit[unit].broken)
			return true;
	return false;
}

/**
 * world_holds() - does some unit hold a release
 * @w: the device
 * @release: enum world_release
 */
bool world_holds(const struct world *w, u32 release)
{
	u32 i;

	for (i = 0; i < FWSLOT_UNITS; i++)
		if (!w->unit[i].absent && w->unit[i].content == release)
			return true;
	return false;
}

/**
 * world_boot_without() - what boots if some units fail
 * @w: the device
 * @fails: mask of units whose weak bits read wrong
 *
 * The first valid copy of the bootloader starts the first valid image of its
 * format.
 *
 * Return: enum fwslot_booted, FWSLOT_BOOTED_OTHER: nothing boots.
 */
u32 world_boot_without(const struct world *w, u32 fails)
{
	u32 is[FWSLOT_UNITS];
	u32 unit, format;

	for (unit = 0; unit < FWSLOT_UNITS; unit++)
		is[unit] = fails & BIT(unit) ? 0 :
			   world_format(w->unit[unit].content);
	format = is[FWSLOT_UNIT_BOOT0];
	if (!format && w->copies == 2)
		format = is[FWSLOT_UNIT_BOOT1];
	if (!format)
		return FWSLOT_BOOTED_OTHER;
	if (is[FWSLOT_UNIT_PRIMARY] == format)
		return FWSLOT_BOOTED_PRIMARY;
	return is[FWSLOT_UNIT_SECONDARY] == format ? FWSLOT_BOOTED_SECONDARY :
						     FWSLOT_BOOTED_OTHER;
}

/**
 * world_boot() - what boots if all weak bits read right
 * @w: the device
 *
 * Return: as world_boot_without().
 */
u32 world_boot(const struct world *w)
{
	return world_boot_without(w, 0);
}

/*
 * Is there an authentic manifest that names this release: the session's, that
 * of the running release, a record?  The record of a unit that does not hold
 * what it says is not asked.
 */
static bool at_hand(const struct world *w, u32 release, u32 session)
{
	u32 i;

	if (release >= RELS)
		return false;
	for (i = 0; i < FWSLOT_UNITS; i++)
		if (w->unit[i].record == release &&
		    w->unit[i].content == release && !w->unit[i].absent)
			return true;
	return release == session || release == w->kept;
}

static void make_view(const struct world *w, u32 unit, u32 session,
		      struct fwslot_view *v)
{
	const struct world_unit *u = &w->unit[unit];

	v->present = !u->absent;
	v->fits = true;
	v->recorded = u->record != REL_X;
	v->matched = !u->untrusted && !u->weak &&
		     at_hand(w, u->content, session);
	v->equal = v->matched && u->content == session;
	v->heal = v->matched && !v->recorded;
	v->changed = u->changed;
	v->broken = u->broken && !v->matched;
	v->untrusted = u->untrusted;
	v->blank = u->content == REL_X && u->record == REL_X;
	if (v->matched || v->untrusted) {
		v->format = world_format(u->content);
		v->release = manifests[u->content].release;
	}
}

/**
 * world_request() - what the kernel would ask the policy
 * @w: the device
 * @release: of the session's manifest
 * @slots: asked for
 * @req: the result; the running release is found by the core
 */
void world_request(const struct world *w, u32 release, u32 slots,
		   struct fwslot_request *req)
{
	u32 unit;

	memset(req, 0, sizeof(*req));
	req->manifest = &manifests[release];
	req->slots = slots;
	req->booted = w->booted;
	req->configured = w->copies == 2 ? 0xf : 0x7;
	req->product = WORLD_PRODUCT;
	for (unit = 0; unit < FWSLOT_UNITS; unit++)
		make_view(w, unit, release, &req->views[unit]);
	fwslot_running_find(req, &req->running);
}

/**
 * world_ask() - what the kernel asks on a device that is written as text
 * @state: as for world_parse()
 * @booted: enum fwslot_booted
 * @release: enum world_release of the package
 * @slots: slots that are wanted
 * @req: the request; where the running release is unknown, its format is that of
 *	the content of the slot that booted
 */
void world_ask(const char *state, u32 booted, u32 release, u32 slots,
	       struct fwslot_request *req)
{
	struct world w;

	world_parse(&w, state);
	w.booted = booted;
	world_request(&w, release, slots, req);
	if (!req->running.format && booted != RESCUE)
		req->running.format =
			world_format(w.unit[booted == FROM_P ? P : S].content);
}

/**
 * world_steps() - a plan as text
 * @plan: the plan
 * @buf: WORLD_STEPS bytes
 *
 * A word a step: skip, record or write; unit (S, P, A and B are the copies of
 * the bootloader); for a write the source: stream, held in memory, twin.
 *
 * Return: @buf.
 */
char *world_steps(const struct fwslot_plan *plan, char *buf)
{
	static const char actions[] = "srw", units[] = "PSAB";
	static const char sources[] = "-sht";
	char *p = buf;
	u32 i;

	for (i = 0; i < plan->n_steps && i < FWSLOT_STEPS_MAX; i++) {
		if (i)
			*p++ = ' ';
		*p++ = actions[plan->steps[i].action];
		*p++ = units[plan->steps[i].unit];
		if (plan->steps[i].action == FWSLOT_ACTION_WRITE)
			*p++ = sources[plan->steps[i].source];
	}
	*p = '\0';
	return buf;
}
