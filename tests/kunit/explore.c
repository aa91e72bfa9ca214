// SPDX-License-Identifier: GPL-2.0-only
/*
 * explore.c - every state that a device can get into: the set of states
 *
 * A state is a number of mixed radix, the set is a bitmap.  explore_play.c
 * leads from one state to the next.
 */
#include <kunit/test.h>
#include "explore.h"

#define WORD_BITS	(8 * sizeof(unsigned long))
#define MARKS		3	/* clean, changed, broken */
#define BOOTS		3	/* primary, secondary, other */
#define FORMATS		3	/* of what runs: not known, 1, 2 */

static u32 units(const struct explore *x)
{
	return 2 + x->copies;
}

static u32 space(const struct explore *x)
{
	u32 n = BOOTS * (FORMATS + x->n_releases) * (1 + x->n_releases);
	u32 i;

	for (i = 0; i < units(x); i++)
		n *= x->n_kinds * MARKS;
	return n;
}

/**
 * explore_init() - get ready
 * @x: test, copies, kinds, releases and commands are given
 *
 * Return: 0, -EINVAL for too many kinds, or -ENOMEM.
 */
int explore_init(struct explore *x)
{
	size_t bytes;
	u32 i;

	x->n_kinds = strlen(x->kinds) / 2;
	if (x->n_kinds > EXPLORE_KINDS)
		return -EINVAL;
	for (i = 0; i < x->n_kinds; i++)
		world_unit_parse(&x->kind[i], x->kinds + 2 * i);
	bytes = (space(x) / WORD_BITS + 1) * sizeof(unsigned long);
	x->seen = kunit_kzalloc(x->test, bytes, GFP_KERNEL);
	x->done = kunit_kzalloc(x->test, bytes, GFP_KERNEL);
	return x->seen && x->done ? 0 : -ENOMEM;
}

static u32 kind_of(struct explore *x, const struct world_unit *u)
{
	u32 i;

	for (i = 0; i < x->n_kinds; i++)
		if (x->kind[i].content == u->content &&
		    x->kind[i].record == u->record &&
		    x->kind[i].weak == u->weak)
			return i;
	x->count.wrong++;
	return 0;
}

static u32 encode(struct explore *x, const struct explore_state *s)
{
	const struct world_unit *u = s->w.unit;
	u32 i, n = 0;

	for (i = 0; i < units(x); i++, u++) {
		n = n * x->n_kinds + kind_of(x, u);
		n = n * MARKS + (u->broken ? 2 : u->changed);
	}
	n = n * BOOTS + s->w.booted - FWSLOT_BOOTED_PRIMARY;
	n = n * (FORMATS + x->n_releases) + s->run;
	return n * (1 + x->n_releases) + s->pending;
}

static u32 take(u32 *n, u32 radix)
{
	u32 digit = *n % radix;

	*n /= radix;
	return digit;
}

static void decode(const struct explore *x, u32 n, struct explore_state *s)
{
	struct world_unit *u;
	u32 i, mark;

	memset(s, 0, sizeof(*s));
	s->w.copies = x->copies;
	s->pending = take(&n, 1 + x->n_releases);
	s->run = take(&n, FORMATS + x->n_releases);
	s->w.kept = s->run < FORMATS ? REL_X : s->run - FORMATS;
	s->w.booted = take(&n, BOOTS) + FWSLOT_BOOTED_PRIMARY;
	world_unit_parse(&s->w.unit[FWSLOT_UNIT_BOOT1], "--");
	for (i = units(x); i > 0; i--) {
		u = &s->w.unit[i - 1];
		mark = take(&n, MARKS);
		*u = x->kind[take(&n, x->n_kinds)];
		u->changed = mark > 0;
		u->broken = mark == 2;
	}
}

/**
 * explore_boot() - power on
 * @s: the state; what was remembered is forgotten, and what boots, boots; if
 *	nothing does, a rescue system
 * @fails: mask of units whose weak bits read wrong this time
 */
void explore_boot(struct explore_state *s, u32 fails)
{
	u32 i;

	for (i = 0; i < FWSLOT_UNITS; i++) {
		s->w.unit[i].changed = false;
		s->w.unit[i].broken = false;
	}
	s->run = 0;
	s->pending = 0;
	s->w.kept = REL_X;
	s->w.booted = world_boot_without(&s->w, fails);
}

/**
 * explore_add() - a state was found
 * @x: the exploration
 * @s: the state
 */
void explore_add(struct explore *x, const struct explore_state *s)
{
	u32 n = encode(x, s);
	unsigned long bit = 1UL << n % WORD_BITS;

	if (!(x->seen[n / WORD_BITS] & bit))
		x->count.states++;
	x->seen[n / WORD_BITS] |= bit;
}

/**
 * explore_starts() - add every device that was just switched on
 * @x: the exploration
 *
 * All kinds of all units, but no weak bits, which only a cut leaves; normally
 * and from a rescue system, but see @x->doubt.
 */
void explore_starts(struct explore *x)
{
	struct explore_state s;
	u32 n, i, rest, all = 1;

	for (i = 0; i < units(x); i++)
		all *= x->n_kinds;
	for (n = 0; n < all; n++) {
		decode(x, 0, &s);
		for (i = 0, rest = n; i < units(x); i++)
			s.w.unit[i] = x->kind[take(&rest, x->n_kinds)];
		if (world_weak(&s.w))
			continue;
		explore_boot(&s, 0);
		if (x->doubt && s.w.booted == FWSLOT_BOOTED_OTHER)
			continue;
		explore_add(x, &s);
		if (x->doubt)
			continue;
		s.w.booted = FWSLOT_BOOTED_OTHER;
		explore_add(x, &s);
	}
}

static void leave(struct explore *x, u32 n)
{
	struct explore_state s;
	u32 i;

	decode(x, n, &s);
	for (i = 0; i < x->n_cmds; i++)
		explore_cmd(x, &s, &x->cmds[i]);
}

static bool sweep(struct explore *x)
{
	u32 n, end = space(x);
	bool found = false;
	unsigned long bit;

	for (n = 0; n < end; n++) {
		bit = 1UL << n % WORD_BITS;
		if (!(x->seen[n / WORD_BITS] & ~x->done[n / WORD_BITS] & bit))
			continue;
		x->done[n / WORD_BITS] |= bit;
		leave(x, n);
		found = true;
	}
	return found;
}

/**
 * explore_run() - go on until nothing new is found
 * @x: the exploration, with its first states
 */
void explore_run(struct explore *x)
{
	while (sweep(x))
		;
}
