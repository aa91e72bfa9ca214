// SPDX-License-Identifier: MIT
/*
 * verdict.c - what the states of all slots mean together
 *
 * Derived from the slots and the running slot only; there is no journal.  Two
 * image formats side by side are an "upgrade all" that was not finished:
 * nothing else leaves a device so.  Two releases of one format are not, since
 * slots may be upgraded one by one.
 */
#include <stdio.h>

#include "fwslot.h"
#include "failure.h"
#include "verdict.h"

#define VERDICT_IMAGES	(1U << FWSLOT_UNIT_PRIMARY | \
			 1U << FWSLOT_UNIT_SECONDARY)
#define VERDICT_BOOT	(1U << FWSLOT_UNIT_BOOT0 | 1U << FWSLOT_UNIT_BOOT1)

static u32 verdict_in_state(const struct nl_status *st, u32 units, u32 state)
{
	u32 i, mask = 0;

	for (i = 0; i < FWSLOT_UNITS; i++)
		if (units & 1U << i && st->units[i].state == state)
			mask |= 1U << i;
	return mask;
}

static const char *verdict_slot_word(u32 unit)
{
	return fwslot_unit_word(fwslot_unit_slot(unit));
}

static u32 verdict_first(u32 units)
{
	u32 i = 0;

	while (i < FWSLOT_UNITS - 1 && !(units & 1U << i))
		i++;
	return i;
}

static void verdict_set(struct verdict *v, int status, const char *word,
			const char *text, u32 units)
{
	char list[80];

	v->status = status;
	v->word = word;
	v->next[0] = '\0';
	failure_units(list, sizeof(list), units);
	snprintf(v->text, sizeof(v->text), "%s%s%s", text, units ? ": " : "",
		 units ? list : "");
}

static bool verdict_holds(const struct nl_status *st, u32 unit,
			  const char *version)
{
	const struct nl_unit *u = &st->units[unit];

	return (u->state == FWSLOT_STATE_VERIFIED ||
		u->state == FWSLOT_STATE_RECORDED) &&
	       !strcmp(u->version, version);
}

/*
 * Can the unit be copied from its twin?  It needs signed digests of the whole
 * release, so some bootloader must be of it, too.
 */
static bool verdict_has_twin(const struct nl_status *st, u32 unit)
{
	static const u8 twins[FWSLOT_UNITS] = {
		[FWSLOT_UNIT_PRIMARY] = FWSLOT_UNIT_SECONDARY,
		[FWSLOT_UNIT_SECONDARY] = FWSLOT_UNIT_PRIMARY,
		[FWSLOT_UNIT_BOOT0] = FWSLOT_UNIT_BOOT1,
		[FWSLOT_UNIT_BOOT1] = FWSLOT_UNIT_BOOT0,
	};
	const char *version = st->units[twins[unit]].version;
	const char *own = st->units[unit].version;
	u32 other = unit < FWSLOT_UNIT_BOOT0 ? VERDICT_BOOT : VERDICT_IMAGES;
	u32 i;

	if (!*version || !verdict_holds(st, twins[unit], version) ||
	    (*own && strcmp(own, version)))
		return false;
	for (i = 0; i < FWSLOT_UNITS; i++)
		if (other & 1U << i && verdict_holds(st, i, version))
			return true;
	return false;
}

/* Repair of the first of @units, with the package of @version if need be. */
static void verdict_repair(const struct nl_status *st, struct verdict *v,
			   u32 units, const char *version)
{
	if (st->units[verdict_first(units)].state != FWSLOT_STATE_ABSENT &&
	    verdict_has_twin(st, verdict_first(units))) {
		snprintf(v->next, sizeof(v->next), "fwslot repair %s",
			 verdict_slot_word(verdict_first(units)));
		return;
	}
	snprintf(v->next, sizeof(v->next),
		 "fwslot upgrade %s <package of %s>",
		 verdict_slot_word(verdict_first(units)),
		 *version ? version : "the release it should hold");
}

/*
 * What a broken unit should hold: what all the good ones hold.  If they are not
 * of one release it is the running one, which can be installed in any case.
 * After a crossing that was cut short in its last slot the good ones are of a
 * format that does not run yet; then only all slots lead on.
 */
static void verdict_broken(const struct nl_status *st, u32 broken, u32 good,
			   struct verdict *v)
{
	const struct nl_unit *u = &st->units[verdict_first(good)];
	bool same = good;
	u32 i;

	for (i = 0; i < FWSLOT_UNITS; i++)
		if (good & 1U << i && strcmp(st->units[i].version, u->version))
			same = false;
	if (same && st->device.format && st->device.format != u->format)
		snprintf(v->next, sizeof(v->next),
			 "fwslot upgrade all <package of %s>", u->version);
	else
		verdict_repair(st, v, broken, same ? u->version :
			       st->device.running);
}

/* The image slot that an unfinished change of formats had as its aim. */
static const struct nl_unit *verdict_aim(const struct nl_status *st, u32 good)
{
	const struct nl_unit *pri = &st->units[FWSLOT_UNIT_PRIMARY];
	const struct nl_unit *sec = &st->units[FWSLOT_UNIT_SECONDARY];
	const struct nl_unit *boot =
		&st->units[verdict_first(good & VERDICT_BOOT)];

	if (!(good & 1U << FWSLOT_UNIT_PRIMARY))
		return sec;
	if (!(good & 1U << FWSLOT_UNIT_SECONDARY))
		return pri;
	/* From the secondary the order is primary, bootloader, secondary. */
	if (st->device.booted == FWSLOT_BOOTED_SECONDARY &&
	    boot->format != sec->format)
		return pri;
	return sec;
}

static void verdict_half(const struct nl_status *st, u32 good,
			 struct verdict *v)
{
	const struct nl_unit *aim = verdict_aim(st, good);
	const struct nl_unit *from = NULL;
	struct fwslot_release a, b;
	u32 i;

	for (i = 0; i < FWSLOT_UNITS && !from; i++)
		if (good & 1U << i && st->units[i].format != aim->format)
			from = &st->units[i];
	if (!from || fwslot_release_parse(aim->version, &a) ||
	    fwslot_release_parse(from->version, &b)) {
		verdict_set(v, TOOL_UNKNOWN, "unknown",
			    "the slots' releases cannot be told", good);
		return;
	}
	if (fwslot_release_order(&a, &b) < 0)
		verdict_set(v, TOOL_HALF_DOWN, "interrupted-down",
			    "a downgrade of all slots is not finished", 0);
	else
		verdict_set(v, TOOL_HALF_UP, "interrupted-up",
			    "an upgrade of all slots is not finished", 0);
	snprintf(v->next, sizeof(v->next), "fwslot upgrade all <package of %s>",
		 aim->version);
}

static u32 verdict_formats(const struct nl_status *st, u32 good)
{
	u32 i, first = 0;

	for (i = 0; i < FWSLOT_UNITS; i++) {
		if (!(good & 1U << i))
			continue;
		if (!first)
			first = st->units[i].format;
		else if (st->units[i].format != first)
			return 2;
	}
	return first ? 1 : 0;
}

static void verdict_good(const struct nl_status *st, u32 good,
			 struct verdict *v)
{
	const char *text = "all slots are right";
	u32 first = verdict_first(good), i;

	for (i = 0; i < FWSLOT_UNITS; i++)
		if (good & 1U << i && strcmp(st->units[i].version,
					     st->units[first].version))
			text = "all slots are right; they hold different releases";
	if (verdict_in_state(st, good, FWSLOT_STATE_RECORDED))
		text = "every slot has its record; not every content was read yet";
	verdict_set(v, TOOL_DONE, "complete", text, 0);
}

/* Some units are neither right nor corrupt. */
static void verdict_bad(const struct nl_status *st, u32 units, u32 good,
			struct verdict *v)
{
	u32 writing = verdict_in_state(st, units, FWSLOT_STATE_WRITING);
	u32 broken = verdict_in_state(st, units, FWSLOT_STATE_INCOMPLETE) |
		     verdict_in_state(st, units, FWSLOT_STATE_ABSENT);
	u32 bad = units & ~good;

	if (writing) {
		verdict_set(v, TOOL_UNKNOWN, "unknown",
			    "a slot is being written", writing);
		return;
	}
	if (broken) {
		verdict_set(v, TOOL_DEGRADED, "degraded",
			    "not every slot can be used", broken);
		verdict_broken(st, broken, good, v);
		return;
	}
	verdict_set(v, TOOL_UNKNOWN, "unknown",
		    "it is not known what is in a slot", bad);
	snprintf(v->next, sizeof(v->next),
		 "fwslot adopt %s <package of the release that is in it>",
		 verdict_slot_word(verdict_first(bad)));
}

/**
 * verdict_make() - judge
 * @st: state of all units
 * @units: mask of units to judge, those that exist
 * @quick: a record counts, although the content was not read
 * @v: the verdict
 */
void verdict_make(const struct nl_status *st, u32 units, bool quick,
		  struct verdict *v)
{
	u32 good = verdict_in_state(st, units, FWSLOT_STATE_VERIFIED);
	u32 corrupt = verdict_in_state(st, units, FWSLOT_STATE_CORRUPT);

	if (quick)
		good |= verdict_in_state(st, units, FWSLOT_STATE_RECORDED);
	if (corrupt) {
		verdict_set(v, TOOL_CORRUPT, "corrupt",
			    "content does not match its record", corrupt);
		verdict_repair(st, v, corrupt,
			       st->units[verdict_first(corrupt)].version);
	} else if (verdict_formats(st, good) == 2 && good & VERDICT_IMAGES) {
		verdict_half(st, good, v);
	} else if (!units || good != units) {
		verdict_bad(st, units, good, v);
	} else {
		verdict_good(st, good, v);
	}
}

/**
 * verdict_next() - the next sensible step
 * @st: state of all units
 * @v: the verdict on them
 * @buf: where to put the step
 * @size: room there
 */
void verdict_next(const struct nl_status *st, const struct verdict *v,
		  char *buf, size_t size)
{
	u32 flags = st->device.flags;
	const char *next = v->next;

	if (flags & FWSLOT_DEVICE_SESSION)
		next = "wait, a session is open (fwslot monitor)";
	else if (flags & FWSLOT_DEVICE_TAMPERED)
		next = "find out who took a sealed slot away";
	else if (!st->device.product[0])
		next = "set the module parameter product=";
	else if (!nl_has(st->device.seen, FWSLOT_A_BOOTED) ||
		 st->device.booted == FWSLOT_BOOTED_UNKNOWN)
		next = "let the bootloader pass fwslot.booted=primary or fwslot.booted=secondary";
	else if (v->status != TOOL_DONE && v->next[0])
		next = v->next;
	else if (flags & FWSLOT_DEVICE_REBOOT)
		next = "reboot, to start what was installed";
	else if (verdict_in_state(st, ~0U, FWSLOT_STATE_RECORDED))
		next = "fwslot verify reads the contents";
	else if (v->status == TOOL_DONE)
		next = "nothing, all is well";
	snprintf(buf, size, "%s", next);
}
