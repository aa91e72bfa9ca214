/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * world.h - a device as the policy sees it, written as text
 *
 * "N+ o+ O+" is secondary, bootloader, primary, as in the tables of the
 * boot-state model; "N+ o+n+ O+" has two copies of the bootloader.  For each
 * unit its content and its record:
 *
 *	O N M L	a release, see world_release (small letters for bootloaders)
 *	X	erased or broken
 *	U	starts images (is an image) of format 1, but nobody knows it
 *	-	no flash
 *
 *	+	with its record
 *	o n m	X with the record of O, N, M, which it does not equal
 *	-	without
 *	!	content of that release, with a record that no known key signed
 *	*	without, broken by a write since boot
 *	~	with its record, written since boot
 *	?	without, with weak bits: it starts at one power-on and does not at
 *		the next, and the kernel, which reads it often, finds no name for it
 */
#ifndef FWSLOT_KUNIT_WORLD_H
#define FWSLOT_KUNIT_WORLD_H

#include "build.h"

/**
 * enum world_release - what a unit can hold
 * @REL_O: 5.21.2, format 1, the last before the border
 * @REL_N: 5.22.2, format 2, the first behind it
 * @REL_M: 5.20.0, format 1
 * @REL_L: 5.23.1, format 2
 * @RELS: number of releases that have a manifest
 * @REL_U: unknown, of format 1
 * @REL_X: nothing
 */
enum world_release {
	REL_O,
	REL_N,
	REL_M,
	REL_L,
	RELS,
	REL_U = RELS,
	REL_X,
};

#define WORLD_PRODUCT	"lynx"

/**
 * struct world_unit - one unit
 * @content: enum world_release
 * @record: enum world_release of its own valid record, or REL_X
 * @absent: no flash
 * @untrusted: @content with a record of a foreign key
 * @changed: written since boot
 * @broken: a write since boot was not finished
 * @weak: what the writer has left has weak bits
 */
struct world_unit {
	u8 content;
	u8 record;
	bool absent;
	bool untrusted;
	bool changed;
	bool broken;
	bool weak;
};

/**
 * struct world - a device
 * @unit: its units
 * @copies: of the bootloader
 * @booted: enum fwslot_booted
 * @kept: the release that was found to run, its manifest kept in memory since;
 *	REL_X: none
 */
struct world {
	struct world_unit unit[FWSLOT_UNITS];
	u32 copies;
	u32 booted;
	u32 kept;
};

/* Units, and what booted, for tables of states */
#define P	FWSLOT_UNIT_PRIMARY
#define S	FWSLOT_UNIT_SECONDARY
#define A	FWSLOT_UNIT_BOOT0
#define B	FWSLOT_UNIT_BOOT1
#define FROM_P	FWSLOT_BOOTED_PRIMARY
#define FROM_S	FWSLOT_BOOTED_SECONDARY
#define RESCUE	FWSLOT_BOOTED_OTHER

/* Slots, as the tool's users write them */
#define ALL	FWSLOT_SLOTS_ALL
#define PRI	BIT(FWSLOT_PRIMARY)
#define SEC	BIT(FWSLOT_SECONDARY)
#define BOOT	BIT(FWSLOT_BOOTLOADER)

const struct fwslot_manifest *world_manifest(u32 release);
u32 world_format(u32 release);
void world_unit_parse(struct world_unit *u, const char *text);
void world_parse(struct world *w, const char *text);
char *world_text(const struct world *w, char *buf);
u32 world_boot(const struct world *w);
u32 world_boot_without(const struct world *w, u32 fails);
u32 world_weak(const struct world *w);
bool world_weak_now(const struct world *w);
bool world_holds(const struct world *w, u32 release);
void world_request(const struct world *w, u32 release, u32 slots,
		   struct fwslot_request *req);
void world_ask(const char *state, u32 booted, u32 release, u32 slots,
	       struct fwslot_request *req);
char *world_steps(const struct fwslot_plan *plan, char *buf);

/* Room for world_text() */
#define WORLD_TEXT	11

/* Room for world_steps(): four characters a step, with NUL */
#define WORLD_STEPS	(4 * FWSLOT_STEPS_MAX + 1)

#endif /* FWSLOT_KUNIT_WORLD_H */
