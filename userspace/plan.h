/* SPDX-License-Identifier: MIT */
/*
 * plan.h - a plan that was asked for: made, and shown
 */
#ifndef FWSLOT_USERSPACE_PLAN_H
#define FWSLOT_USERSPACE_PLAN_H

#include "planner.h"

/**
 * struct plan - a plan
 * @folder: the catalogue: a folder or a URI
 * @conf: the configuration
 * @to: version asked for
 * @cat: the catalogue
 * @planner: the planner
 * @start: the device
 * @aim: the release, NULL: it is not in the catalogue
 * @release: its version
 * @path: the way
 * @missing: why there is none
 */
struct plan {
	const char *folder;
	const struct conf *conf;
	const char *to;
	struct catalogue cat;
	struct planner planner;
	struct planner_state start;
	const struct fwslot_manifest *aim;
	struct fwslot_release release;
	struct planner_path path;
	struct planner_missing missing;
};

/* plan.c */
int plan_load(struct plan *plan, struct failure *f);
int plan_from_device(struct plan *plan, const struct nl_status *status,
		     struct fwslot_release *floor, struct failure *f);
int plan_make(struct plan *plan, struct failure *f);
int plan_status(const struct plan *plan);
void plan_free(struct plan *plan);

/* plan_show.c */
void plan_dead_end(const struct plan *plan, char *buf, size_t size);
void plan_show_text(const struct plan *plan);
void plan_show_json(const struct plan *plan);

#endif /* FWSLOT_USERSPACE_PLAN_H */
