// SPDX-License-Identifier: MIT
/*
 * planner_sim.c - what a step does to a device, and what boots then
 *
 * Only facts of the hardware are here: a unit that was written holds what was
 * written, the ROM takes the first good bootloader, which starts the first
 * good image of its format, primary before secondary.  Whether a step may be
 * taken, and in which order it writes, the core says.
 */
#include <stdlib.h>

#include "planner.h"

/**
 * planner_content() - number of a content
 * @p: the planner
 * @c: the content
 *
 * Return: its index in the planner's contents, a new one if it is new, 0 when
 * there is no memory.
 */
u32 planner_content(struct planner *p, const struct planner_content *c)
{
	struct planner_content *grown;
	u32 i;

	/* Entry 0 stands for nothing. */
	for (i = 1; i < p->n_contents; i++)
		if (p->contents[i].format == c->format &&
		    fwslot_release_equal(&p->contents[i].release,
					 &c->release) &&
		    fwslot_image_same(&p->contents[i].image, &c->image))
			return i;
	grown = realloc(p->contents, (i + 1) * sizeof(*grown));
	if (!grown)
		return 0;
	memset(&grown[0], 0, sizeof(grown[0]));
	grown[i] = *c;
	p->contents = grown;
	p->n_contents = i + 1;
	return i;
}

static const struct planner_content *sim_content(const struct planner *p,
						 const struct planner_unit *u)
{
	static const struct planner_content nothing;

	return u->content ? &p->contents[u->content] : &nothing;
}

static void sim_view(const struct planner *p, const struct planner_state *st,
		     const struct fwslot_manifest *m, u32 unit,
		     struct fwslot_view *v)
{
	const struct planner_unit *u = &st->units[unit];
	const struct planner_content *c = sim_content(p, u);
	int image = m ? fwslot_manifest_image(m, fwslot_unit_slot(unit)) : -1;

	memset(v, 0, sizeof(*v));
	v->present = u->kind != PLANNER_ABSENT;
	v->fits = image >= 0 && (!p->sizes[unit] ||
				 m->images[image].size <= p->sizes[unit]);
	v->recorded = u->kind == PLANNER_HOLDS || u->kind == PLANNER_CORRUPT;
	v->matched = u->kind == PLANNER_HOLDS;
	v->equal = v->matched && image >= 0 &&
		   fwslot_image_same(&c->image, &m->images[image]);
	v->changed = u->changed;
	v->broken = u->broken;
	v->untrusted = u->kind == PLANNER_UNTRUSTED;
	v->blank = u->kind == PLANNER_BROKEN;
	if (v->matched || v->untrusted) {
		v->format = c->format;
		v->release = c->release;
	}
}

/*
 * Only the release that waits for the reboot may go on before it.  The module
 * knows it by its manifest; here it is one that has written something since.
 */
static bool sim_pending_other(const struct planner_state *st,
			      const struct fwslot_request *req)
{
	u32 i;

	if (!st->pending)
		return false;
	for (i = 0; i < FWSLOT_UNITS; i++)
		if (st->units[i].changed && req->views[i].equal)
			return false;
	return true;
}

static void sim_request(const struct planner *p, const struct planner_state *st,
			const struct fwslot_manifest *m,
			struct fwslot_request *req)
{
	u32 i;

	memset(req, 0, sizeof(*req));
	req->manifest = m;
	req->booted = st->booted;
	req->configured = p->configured;
	req->product = p->product;
	req->floor = p->floor;
	req->running = st->running;
	for (i = 0; i < FWSLOT_UNITS; i++)
		sim_view(p, st, m, i, &req->views[i]);
	req->pending = sim_pending_other(st, req);
}

/**
 * planner_ask() - ask the core about a step
 * @p: the planner
 * @st: the device before it
 * @entry: index of the release in the catalogue
 * @slots: mask of slots
 * @plan: what the step would do
 *
 * Return: FWSLOT_REASON_NONE, or why it is refused.
 */
u32 planner_ask(const struct planner *p, const struct planner_state *st,
		u32 entry, u32 slots, struct fwslot_plan *plan)
{
	struct fwslot_request req;

	sim_request(p, st, &p->cat->entries[entry].manifest, &req);
	req.slots = slots;
	return fwslot_plan_make(&req, plan);
}

/* The format of the images that the bootloader starts, 0: none can be told. */
static u32 sim_bootloader(const struct planner *p,
			  const struct planner_state *st)
{
	const struct planner_unit *u;
	u32 i, format;

	for (i = FWSLOT_UNIT_BOOT0; i < FWSLOT_UNITS; i++) {
		u = &st->units[i];
		format = sim_content(p, u)->format;
		if (u->kind == PLANNER_HOLDS ||
		    (u->kind == PLANNER_UNKNOWN && format))
			return format;
	}
	return 0;
}

static bool sim_starts(const struct planner *p, const struct planner_state *st,
		       u32 unit, u32 format)
{
	const struct planner_unit *u = &st->units[unit];

	return format && sim_content(p, u)->format == format &&
	       (u->kind == PLANNER_HOLDS || u->kind == PLANNER_UNKNOWN ||
		u->kind == PLANNER_UNTRUSTED);
}

/**
 * planner_running() - find out what runs, as the kernel does after a boot
 * @p: the planner
 * @st: the device, changed
 */
void planner_running(const struct planner *p, struct planner_state *st)
{
	struct fwslot_request req;

	sim_request(p, st, NULL, &req);
	memset(&st->running, 0, sizeof(st->running));
	fwslot_running_find(&req, &st->running);
}

/**
 * planner_reboot() - what the device is after a reboot
 * @p: the planner
 * @st: the device
 *
 * Return: false if nothing can be started, and no rescue system either.
 */
bool planner_reboot(const struct planner *p, struct planner_state *st)
{
	u32 format = sim_bootloader(p, st);
	u32 booted = FWSLOT_BOOTED_OTHER;
	u32 i;

	if (sim_starts(p, st, FWSLOT_UNIT_PRIMARY, format))
		booted = FWSLOT_BOOTED_PRIMARY;
	else if (sim_starts(p, st, FWSLOT_UNIT_SECONDARY, format))
		booted = FWSLOT_BOOTED_SECONDARY;
	else if (st->booted != FWSLOT_BOOTED_OTHER)
		return false;
	/* A bootloader that says nothing will say nothing the next time. */
	if (st->booted != FWSLOT_BOOTED_UNKNOWN)
		st->booted = booted;
	for (i = 0; i < FWSLOT_UNITS; i++) {
		st->units[i].changed = false;
		st->units[i].broken = false;
	}
	st->pending = false;
	planner_running(p, st);
	return true;
}

static void sim_written(const struct fwslot_manifest *m, u32 image,
			struct planner_content *c)
{
	memset(c, 0, sizeof(*c));
	c->format = m->format;
	c->release = m->release;
	c->image = m->images[image];
}

/**
 * planner_effect() - take a step, up to its reboot
 * @p: the planner
 * @st: the device, changed
 * @entry: index of the release in the catalogue
 * @plan: what the core said of it
 * @writes: units that were written are added here
 *
 * Return: 0, or -1 when there is no memory.
 */
int planner_effect(struct planner *p, struct planner_state *st, u32 entry,
		   const struct fwslot_plan *plan, u32 *writes)
{
	const struct fwslot_step *step = plan->steps;
	struct planner_content c;
	struct planner_unit *u;

	for (; step < plan->steps + plan->n_steps; step++) {
		if (step->action != FWSLOT_ACTION_WRITE)
			continue;
		u = &st->units[step->unit];
		sim_written(&p->cat->entries[entry].manifest, step->image, &c);
		u->content = planner_content(p, &c);
		if (!u->content)
			return -1;
		u->kind = PLANNER_HOLDS;
		(*writes)++;
	}
	return 0;
}

/**
 * planner_reached() - is the release in all slots that it has images for
 * @p: the planner
 * @st: the device
 * @aim: the release
 *
 * Content counts, not the version that a record gives it.  What waits for a
 * reboot does not run yet.
 */
bool planner_reached(const struct planner *p, const struct planner_state *st,
		     const struct fwslot_manifest *aim)
{
	struct fwslot_view v;
	u32 i;

	if (st->pending)
		return false;
	for (i = 0; i < FWSLOT_UNITS; i++) {
		if (!(p->configured & 1U << i) ||
		    fwslot_manifest_image(aim, fwslot_unit_slot(i)) < 0)
			continue;
		sim_view(p, st, aim, i, &v);
		if (!v.equal)
			return false;
	}
	return true;
}
