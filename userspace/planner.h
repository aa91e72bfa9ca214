/* SPDX-License-Identifier: MIT */
/*
 * planner.h - the shortest way from what a device holds to a release
 *
 * What a step may do is decided by the core (fwslot_plan_make()), as in the
 * kernel; planner_sim.c says what a step leaves behind and what boots then;
 * planner.c searches; planner_why.c puts it into words.  A plan is advice: it
 * believes the records, and the kernel decides again at every step.
 */
#ifndef FWSLOT_USERSPACE_PLANNER_H
#define FWSLOT_USERSPACE_PLANNER_H

#include "catalogue.h"
#include "nl.h"

/* Most steps of a path; a catalogue with 20 formats needs no more. */
#define PLANNER_STEPS_MAX	48

/**
 * enum planner_kind - what is known of a unit
 * @PLANNER_ABSENT: there is no such unit, or no flash
 * @PLANNER_UNKNOWN: something without a record; it may be startable
 * @PLANNER_BROKEN: the rest of a write that was not finished
 * @PLANNER_CORRUPT: not what its record says
 * @PLANNER_UNTRUSTED: an image that no known key signed
 * @PLANNER_HOLDS: an image of a release, with its record
 */
enum planner_kind {
	PLANNER_ABSENT,
	PLANNER_UNKNOWN,
	PLANNER_BROKEN,
	PLANNER_CORRUPT,
	PLANNER_UNTRUSTED,
	PLANNER_HOLDS,
};

/**
 * struct planner_content - what a unit may hold
 * @format: format of the image; of PLANNER_UNKNOWN: the format that it starts
 *	or is, as far as it is known from what it did, else 0
 * @release: version
 * @image: identity of the image; @size 0: not known
 */
struct planner_content {
	u32 format;
	struct fwslot_release release;
	struct fwslot_image image;
};

/**
 * struct planner_unit - a unit
 * @kind: enum planner_kind
 * @content: index in struct planner.contents, 0: nothing is known
 * @changed: written since the boot
 * @broken: a write was begun since the boot and not finished
 */
struct planner_unit {
	u8 kind;
	u8 changed;
	u8 broken;
	u8 reserved;
	u32 content;
};

/**
 * struct planner_state - a device between two steps
 * @units: its units
 * @booted: enum fwslot_booted
 * @pending: a release waits for a reboot
 * @running: the running release
 */
struct planner_state {
	struct planner_unit units[FWSLOT_UNITS];
	u32 booted;
	u32 pending;
	struct fwslot_running running;
};

/**
 * struct planner - all that does not change from step to step
 * @cat: the releases
 * @product: the device's product
 * @floor: lowest release, NULL: none
 * @configured: mask of the units that the board has
 * @sizes: room for an image in each unit, 0: not known
 * @erase_sizes: erase block of each unit, 0: not known
 * @contents: what units may hold; entry 0 stands for nothing
 * @n_contents: how many
 */
struct planner {
	const struct catalogue *cat;
	const char *product;
	const struct fwslot_release *floor;
	u32 configured;
	u64 sizes[FWSLOT_UNITS];
	u32 erase_sizes[FWSLOT_UNITS];
	struct planner_content *contents;
	u32 n_contents;
};

/**
 * struct planner_step - one command
 * @slots: mask of slots
 * @entry: index of the release in the catalogue
 * @plan: what the core makes of it
 * @before: the device before it
 */
struct planner_step {
	u32 slots;
	u32 entry;
	struct fwslot_plan plan;
	struct planner_state before;
};

/**
 * struct planner_path - a way
 * @found: there is one
 * @reboot: it begins with a reboot
 * @n: steps
 * @writes: units that are written on it
 * @steps: the steps
 * @reason: why there is none, as the core said it of the release asked for;
 *	FWSLOT_REASON_NONE: it is not in the catalogue
 * @detail: units that @reason speaks of
 */
struct planner_path {
	bool found;
	bool reboot;
	u32 n;
	u32 writes;
	struct planner_step steps[PLANNER_STEPS_MAX];
	u32 reason;
	u32 detail;
};

/* planner_sim.c */
u32 planner_content(struct planner *p, const struct planner_content *c);
u32 planner_ask(const struct planner *p, const struct planner_state *st,
		u32 entry, u32 slots, struct fwslot_plan *plan);
int planner_effect(struct planner *p, struct planner_state *st, u32 entry,
		   const struct fwslot_plan *plan, u32 *writes);
void planner_running(const struct planner *p, struct planner_state *st);
bool planner_reboot(const struct planner *p, struct planner_state *st);
bool planner_reached(const struct planner *p, const struct planner_state *st,
		     const struct fwslot_manifest *aim);

/* planner_from.c */
int planner_from_device(struct planner *p, const struct nl_status *status,
			struct planner_state *st);
int planner_from_text(struct planner *p, const char *text,
		      struct planner_state *st, struct failure *f);

/* planner.c */
int planner_search(struct planner *p, const struct planner_state *st,
		   const struct fwslot_manifest *aim,
		   struct planner_path *path);
void planner_free(struct planner *p);

/* planner_why.c */

/* Most releases that are named as missing. */
#define PLANNER_MISSING_MAX	8

/**
 * struct planner_missing - releases whose lack leaves no way
 * @n: how many
 * @more: there are others, which are not named
 * @known: there would be a way with them
 * @releases: the releases, with their formats
 */
struct planner_missing {
	u32 n;
	bool more;
	bool known;
	struct fwslot_bridge releases[PLANNER_MISSING_MAX];
};

void planner_why(const struct planner *p, const struct planner_path *path,
		 u32 step, char *buf, size_t size);
int planner_missing(const struct planner *p, const struct fwslot_running *run,
		    const struct fwslot_manifest *aim,
		    struct planner_missing *missing);

#endif /* FWSLOT_USERSPACE_PLANNER_H */
