// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * plan.c - the order of steps (design rules R3 and R4, heal first)
 *
 * The order follows from what the device would boot now: first the image slot
 * that the installed bootloader would not start, then the bootloader, last the
 * slot that it would start.  Userspace has no say in it.  The plan is played
 * through against guard.c before it is given out, and guard.c is asked again
 * before each step's first erase.
 */
#include "core.h"

static bool would_start(const struct fwslot_request *req, u32 unit, u32 format)
{
	const struct fwslot_view *v = &req->views[unit];

	if (v->matched)
		return format && v->format == format;
	return !v->recorded && !v->changed && v->present &&
	       fwslot_boot_unchanged(req) &&
	       ((unit == FWSLOT_UNIT_PRIMARY &&
		 req->booted == FWSLOT_BOOTED_PRIMARY) ||
		(unit == FWSLOT_UNIT_SECONDARY &&
		 req->booted == FWSLOT_BOOTED_SECONDARY));
}

static bool unknown_copy(const struct fwslot_request *req, u32 unit)
{
	return fwslot_boot_possible(req, unit) && !req->views[unit].matched;
}

/*
 * The copy that runs this system, as far as that can be told.  Of two that are
 * not known the ROM took the first, unless it looks like one that was left
 * unfinished.  By itself that proves nothing: some boards load a bootloader
 * from behind an empty head.
 */
static u32 active_copy(const struct fwslot_request *req)
{
	u32 unit;

	for (unit = FWSLOT_UNIT_BOOT0; unit < FWSLOT_UNITS; unit++)
		if (req->views[unit].matched && req->running.format &&
		    req->views[unit].format == req->running.format)
			return unit;
	for (unit = FWSLOT_UNIT_BOOT0; unit < FWSLOT_UNITS; unit++)
		if (unknown_copy(req, unit) && !req->views[unit].blank)
			return unit;
	for (unit = FWSLOT_UNIT_BOOT0; unit < FWSLOT_UNITS; unit++)
		if (unknown_copy(req, unit))
			return unit;
	for (unit = FWSLOT_UNIT_BOOT0; unit < FWSLOT_UNITS; unit++)
		if (req->views[unit].matched)
			return unit;
	return FWSLOT_UNIT_BOOT0;
}

static u32 add_bootloader(const struct fwslot_request *req, u32 *order, u32 n)
{
	u32 active = active_copy(req);
	u32 idle = active == FWSLOT_UNIT_BOOT0 ? FWSLOT_UNIT_BOOT1 :
						 FWSLOT_UNIT_BOOT0;

	if (req->configured & BIT(idle))
		order[n++] = idle;
	order[n++] = active;
	return n;
}

static bool bootloader_possible(const struct fwslot_request *req)
{
	return fwslot_boot_possible(req, FWSLOT_UNIT_BOOT0) ||
	       fwslot_boot_possible(req, FWSLOT_UNIT_BOOT1);
}

/*
 * The bootloader comes first where none is valid or nothing can be started, if
 * that makes one of the images startable, or if there are no good images.
 */
static bool bootloader_first(const struct fwslot_request *req)
{
	const struct fwslot_view *v = req->views;
	bool any = false;
	u32 unit;

	if (fwslot_startable(req))
		return false;
	for (unit = FWSLOT_UNIT_PRIMARY; unit <= FWSLOT_UNIT_SECONDARY; unit++) {
		if (v[unit].matched && v[unit].format == req->manifest->format)
			return true;
		any |= v[unit].matched;
	}
	return !any && !bootloader_possible(req);
}

/* All units in the order of R3; returns how many. */
static u32 make_order(const struct fwslot_request *req, u32 *order)
{
	bool boot_first = bootloader_first(req);
	u32 format = boot_first ? req->manifest->format :
				  fwslot_installed_format(req);
	u32 first = FWSLOT_UNIT_SECONDARY;
	u32 last = FWSLOT_UNIT_PRIMARY;
	u32 n = 0;

	if (!would_start(req, FWSLOT_UNIT_PRIMARY, format) &&
	    (would_start(req, FWSLOT_UNIT_SECONDARY, format) ||
	     (req->views[FWSLOT_UNIT_SECONDARY].matched &&
	      !req->views[FWSLOT_UNIT_PRIMARY].matched))) {
		first = FWSLOT_UNIT_PRIMARY;
		last = FWSLOT_UNIT_SECONDARY;
	}
	if (boot_first)
		n = add_bootloader(req, order, n);
	order[n++] = first;
	if (!boot_first)
		n = add_bootloader(req, order, n);
	order[n++] = last;
	return n;
}

static struct fwslot_step *add_step(const struct fwslot_request *req,
				    struct fwslot_plan *plan, u32 unit,
				    u32 action)
{
	struct fwslot_step *step = &plan->steps[plan->n_steps++];
	int image = fwslot_manifest_image(req->manifest,
					  fwslot_unit_slot(unit));

	step->unit = unit;
	step->action = action;
	step->source = FWSLOT_SOURCE_NONE;
	step->image = image < 0 ? 0 : image;
	return step;
}

static void add_heals(const struct fwslot_request *req,
		      struct fwslot_plan *plan, u32 units)
{
	u32 unit;

	for (unit = 0; unit < FWSLOT_UNITS; unit++)
		if ((units & BIT(unit)) && req->views[unit].heal)
			add_step(req, plan, unit, FWSLOT_ACTION_RECORD);
}

static bool wanted(const struct fwslot_request *req, u32 unit)
{
	return (req->configured & BIT(unit)) &&
	       (req->slots & BIT(fwslot_unit_slot(unit)));
}

static u32 requested_units(const struct fwslot_request *req)
{
	u32 unit, units = 0;

	for (unit = 0; unit < FWSLOT_UNITS; unit++)
		if (wanted(req, unit))
			units |= BIT(unit);
	return units;
}

/* @unit is an image slot. */
static bool twin_ready(const struct fwslot_request *sim, u32 unit)
{
	const struct fwslot_view *v;

	v = &sim->views[unit == FWSLOT_UNIT_PRIMARY ? FWSLOT_UNIT_SECONDARY :
						      FWSLOT_UNIT_PRIMARY];
	/* One that only got its name may hold weak bits of a write that stopped. */
	return v->present && v->equal && !v->broken && !v->heal &&
	       fwslot_manifest_image(sim->manifest, FWSLOT_PRIMARY) ==
	       fwslot_manifest_image(sim->manifest, FWSLOT_SECONDARY);
}

static void add_write(struct fwslot_request *sim, struct fwslot_plan *plan,
		      u32 unit)
{
	struct fwslot_step *step = add_step(sim, plan, unit,
					    FWSLOT_ACTION_WRITE);

	step->chunks = sim->manifest->images[step->image].chunks;
	if (unit >= FWSLOT_UNIT_BOOT0)
		step->source = FWSLOT_SOURCE_STAGED;
	else if (twin_ready(sim, unit))
		step->source = FWSLOT_SOURCE_TWIN;
	else
		step->source = FWSLOT_SOURCE_STREAM;
	fwslot_view_written(sim, &sim->views[unit]);
}

static bool right_already(const struct fwslot_view *v)
{
	return v->equal && fwslot_view_firm(v);
}

/* A unit that the guard refuses ends the plan. */
static u32 add_unit(struct fwslot_request *sim, struct fwslot_plan *plan,
		    u32 unit)
{
	const struct fwslot_view *v = &sim->views[unit];
	u32 reason;

	if (right_already(v)) {
		add_step(sim, plan, unit, FWSLOT_ACTION_SKIP);
		return FWSLOT_REASON_NONE;
	}
	reason = fwslot_guard(sim, unit);
	if (!reason) {
		add_write(sim, plan, unit);
	} else if (v->heal && v->equal) {
		/* Healed content is right; it is only not made firm. */
		add_step(sim, plan, unit, FWSLOT_ACTION_SKIP);
		reason = FWSLOT_REASON_NONE;
	} else {
		plan->detail = BIT(unit);
	}
	return reason;
}

/* Is @unit, which is in doubt, to be written before @next? */
static bool goes_first(const struct fwslot_request *sim, u32 left, u32 unit,
		       u32 next)
{
	struct fwslot_request then = *sim;
	u32 order[FWSLOT_UNITS];
	u32 i, n;

	if (fwslot_guard(sim, next))
		return true;
	left &= ~BIT(unit);
	fwslot_view_written(sim, &then.views[unit]);
	n = unit < FWSLOT_UNIT_BOOT0 ? make_order(&then, order) : 0;
	for (i = 0; i < n; i++)
		if (left & BIT(order[i]))
			break;
	return fwslot_doubt_helps(&then, left, i < n ? order[i] : next);
}

/*
 * Give the units of @left their steps, in the order of R3.  One in doubt may
 * have to go before (doubt.c).  If that is an image, what is started when is
 * another question from there on, so that is all for this time.
 */
static u32 add_some(struct fwslot_request *sim, struct fwslot_plan *plan,
		    u32 *left)
{
	u32 order[FWSLOT_UNITS];
	u32 i = 0, n = make_order(sim, order);
	u32 reason, unit;

	while (i < n) {
		unit = order[i];
		if (!(*left & BIT(unit))) {
			i++;
			continue;
		}
		if (!right_already(&sim->views[unit]))
			unit = fwslot_doubt_first(sim, *left, unit);
		if (unit != order[i] &&
		    !goes_first(sim, *left, unit, order[i]))
			unit = order[i];
		*left &= ~BIT(unit);
		reason = add_unit(sim, plan, unit);
		if (reason || (unit != order[i] && unit < FWSLOT_UNIT_BOOT0))
			return reason;
	}
	return FWSLOT_REASON_NONE;
}

/* Play the steps through. */
static u32 add_writes(const struct fwslot_request *req,
		      struct fwslot_plan *plan)
{
	struct fwslot_request sim = *req;
	u32 left = requested_units(req);
	u32 reason = FWSLOT_REASON_NONE;
	u32 unit;

	for (unit = 0; unit < FWSLOT_UNITS; unit++)
		if (sim.views[unit].heal)
			sim.views[unit].recorded = true;
	while (left && !reason)
		reason = add_some(&sim, plan, &left);
	return reason;
}

static void add_inputs(const struct fwslot_request *req,
		       struct fwslot_plan *plan)
{
	static const u8 sources[] = {
		FWSLOT_SOURCE_STAGED, FWSLOT_SOURCE_STREAM
	};
	const struct fwslot_step *step;
	struct fwslot_input *in;
	u32 s, i, ofs = 0;

	for (s = 0; s < ARRAY_SIZE(sources); s++) {
		for (i = 0; i < plan->n_steps; i++)
			if (plan->steps[i].source == sources[s])
				break;
		if (i == plan->n_steps)
			continue;
		step = &plan->steps[i];
		in = &plan->inputs[plan->n_inputs++];
		in->image = step->image;
		in->wanted = req->manifest->images[step->image].chunks;
		in->map_offset = ofs;
		ofs += fwslot_wanted_size(&req->manifest->images[step->image]);
	}
}

static bool any_write(const struct fwslot_plan *plan)
{
	u32 i;

	for (i = 0; i < plan->n_steps; i++)
		if (plan->steps[i].action == FWSLOT_ACTION_WRITE)
			return true;
	return false;
}

static void plan_adopt(const struct fwslot_request *req,
		       struct fwslot_plan *plan)
{
	const struct fwslot_view *v;
	u32 unit;

	for (unit = 0; unit < FWSLOT_UNITS; unit++) {
		v = &req->views[unit];
		if (wanted(req, unit) && v->equal)
			add_step(req, plan, unit,
				 v->recorded && v->matched ?
				 FWSLOT_ACTION_SKIP : FWSLOT_ACTION_RECORD);
	}
}

static u32 plan_install(const struct fwslot_request *req,
			struct fwslot_plan *plan)
{
	struct fwslot_plan writes = { 0 };
	u32 reason, i;

	reason = add_writes(req, &writes);
	if (reason) {
		plan->detail = writes.detail;
		return reason;
	}
	/* Before the first erase every unit that can be named gets its name. */
	add_heals(req, plan, any_write(&writes) ? ~0U : requested_units(req));
	for (i = 0; i < writes.n_steps; i++)
		plan->steps[plan->n_steps++] = writes.steps[i];
	add_inputs(req, plan);
	return FWSLOT_REASON_NONE;
}

/**
 * fwslot_plan_make() - decide, and put the steps in order
 * @req: the request
 * @plan: the result
 *
 * Return: FWSLOT_REASON_NONE, or the reason for the refusal, also in
 * @plan->reason.
 */
u32 fwslot_plan_make(const struct fwslot_request *req,
		     struct fwslot_plan *plan)
{
	memset(plan, 0, sizeof(*plan));
	plan->reason = fwslot_policy_check(req, &plan->detail);
	if (plan->reason)
		return plan->reason;
	if (req->flags & FWSLOT_BEGIN_ADOPT)
		plan_adopt(req, plan);
	else
		plan->reason = plan_install(req, plan);
	return plan->reason;
}
