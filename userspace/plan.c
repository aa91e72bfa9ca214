// SPDX-License-Identifier: MIT
/*
 * plan.c - a plan from the command line's words to a way
 */
#include "fwslot.h"
#include "plan.h"

/**
 * plan_load() - read the catalogue and find the release in it
 * @plan: @folder filled in, the product if it is known, and @to, NULL: the
 *	release is found otherwise
 * @f: what is wrong
 *
 * Return: 0, also when the release is not there; or -1.
 */
int plan_load(struct plan *plan, struct failure *f)
{
	if (plan->to && fwslot_release_parse(plan->to, &plan->release))
		return failure_plain(f, TOOL_USAGE, "\"%s\" is not a release",
				     plan->to);
	if (catalogue_load(&plan->cat, plan->folder, plan->conf, f))
		return -1;
	plan->planner.cat = &plan->cat;
	if (plan->to)
		plan->aim = catalogue_find(&plan->cat, &plan->release,
					   plan->planner.product);
	return 0;
}

/**
 * plan_from_device() - begin with the device that the tool runs on
 * @plan: the plan, its catalogue loaded
 * @status: the device
 * @floor: room for its lowest release
 * @f: what is wrong
 *
 * Return: 0, or -1.
 */
int plan_from_device(struct plan *plan, const struct nl_status *status,
		     struct fwslot_release *floor, struct failure *f)
{
	if (status->device.product[0])
		plan->planner.product = status->device.product;
	if (plan->to)
		plan->aim = catalogue_find(&plan->cat, &plan->release,
					   plan->planner.product);
	if (!fwslot_release_parse(status->device.floor, floor))
		plan->planner.floor = floor;
	if (!planner_from_device(&plan->planner, status, &plan->start))
		return 0;
	return failure_set(f, FWSLOT_REASON_NO_MEMORY, 0, "plan");
}

/**
 * plan_make() - find the way, or why there is none
 * @plan: the plan, its start filled in
 * @f: what is wrong
 *
 * Return: 0, also when there is no way; or -1.
 */
int plan_make(struct plan *plan, struct failure *f)
{
	struct planner_missing *missing = &plan->missing;

	if (!plan->aim) {
		missing->known = true;
		missing->releases[missing->n++].release = plan->release;
		return 0;
	}
	if (planner_search(&plan->planner, &plan->start, plan->aim,
			   &plan->path))
		return failure_plain(f, TOOL_EARLY,
				     "the search was given up: no memory, or too many releases or steps");
	if (plan->path.found ||
	    !planner_missing(&plan->planner, &plan->start.running, plan->aim,
			     missing))
		return 0;
	return failure_set(f, FWSLOT_REASON_NO_MEMORY, 0, "plan");
}

/**
 * plan_status() - exit status that goes with a plan
 * @plan: the plan, made
 *
 * Return: TOOL_DONE, TOOL_NOTHING, or TOOL_REFUSED when there is no way.
 */
int plan_status(const struct plan *plan)
{
	if (!plan->path.found)
		return TOOL_REFUSED;
	return plan->path.n || plan->path.reboot ? TOOL_DONE : TOOL_NOTHING;
}

/**
 * plan_free() - give back what a plan has allocated
 * @plan: the plan
 */
void plan_free(struct plan *plan)
{
	planner_free(&plan->planner);
	catalogue_free(&plan->cat);
}
