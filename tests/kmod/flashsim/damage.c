// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What a step of the flash model leaves behind when power is lost in it
 *
 * The physics: a program only clears bits, in any order.  An erase first writes
 * zeroes from the end of the block to its start, then sets the bits in any
 * order.  What is left depends on nothing but the chip, the step, the mode and
 * the seed, so that a case can be played again from its numbers.
 */
#include "inside.h"

/* Cuts near the two ends are more telling than their share of the bytes. */
#define END_BYTES	64

static const char *const words[FLASHSIM_DAMAGES] = {
	[FLASHSIM_CUT_BEFORE] = "cut-before",
	[FLASHSIM_CUT_AFTER] = "cut-after",
	[FLASHSIM_TORN_ERASED] = "torn-erased",
	[FLASHSIM_TORN_RANDOM] = "torn-random",
	[FLASHSIM_TORN_BITS] = "torn-bits",
	[FLASHSIM_ERASE_ZERO] = "erase-zero",
	[FLASHSIM_ERASE_RANDOM] = "erase-random",
	[FLASHSIM_UNSTABLE] = "unstable",
};

/* Spread the bits of a number over all bits. */
u32 flashsim_mix(u32 x)
{
	x = (x ^ x >> 15) * 0x9e3779b1;
	x = (x ^ x >> 13) * 0x85ebca77;
	return x ^ x >> 16;
}

u32 flashsim_random(u32 *state)
{
	*state += 0x6a09e667;
	return flashsim_mix(*state);
}

static u32 below(u32 *state, u32 n)
{
	return (u64)flashsim_random(state) * n >> 32;
}

/* A random number below @len, every other time near to 0 or to @len. */
u32 flashsim_spot(u32 *state, u32 len)
{
	u32 end = min_t(u32, len, END_BYTES);

	switch (flashsim_random(state) & 3) {
	case 0:
		return below(state, end);
	case 1:
		return len - 1 - below(state, end);
	default:
		return below(state, len);
	}
}

static u32 start(const struct flashsim_step *step, enum flashsim_damage d,
		 u32 seed)
{
	u32 x = flashsim_mix(seed);

	x = flashsim_mix(x ^ (u32)step->ofs);
	x = flashsim_mix(x ^ (u32)(step->ofs >> 32));
	x = flashsim_mix(x ^ step->len);
	return flashsim_mix(x ^ (u32)d << 1 ^ step->erase);
}

/* Program some of what @buf would, or, with @any, some bits of all. */
static void program_some(u8 *array, const u8 *buf, u32 len, u32 *rnd, bool any)
{
	u32 r = 0;
	u32 i;

	for (i = 0; i < len; i++, r >>= 8) {
		if (!(i & 3))
			r = flashsim_random(rnd);
		array[i] &= any ? r : buf[i] | r;
	}
}

static void tear_program(struct flashsim_model *m,
			 const struct flashsim_step *step,
			 enum flashsim_damage d, u32 *rnd)
{
	u8 *array = m->array + step->ofs;
	u32 split = 0;
	u32 i;

	m->count.programs++;
	m->count.bytes_programmed += step->len;
	if (d != FLASHSIM_TORN_BITS && step->len > 1)
		split = 1 + flashsim_spot(rnd, step->len - 1);
	for (i = 0; i < split; i++)
		array[i] &= step->buf[i];
	if (d != FLASHSIM_TORN_ERASED)
		program_some(array + split, step->buf + split,
			     step->len - split, rnd,
			     d == FLASHSIM_TORN_RANDOM);
	if (m->geo.nand)
		flashsim_nand_mark(m, step, FLASHSIM_PAGE_TORN);
}

static void stop_erase(struct flashsim_model *m,
		       const struct flashsim_step *step,
		       enum flashsim_damage d, u32 *rnd)
{
	u8 *array = m->array + step->ofs;
	u32 split = 0;

	m->count.erases++;
	if (m->geo.nand) {
		flashsim_nand_stop_erase(m, step->ofs,
					 d == FLASHSIM_ERASE_RANDOM, rnd);
		return;
	}
	if (d == FLASHSIM_ERASE_ZERO && step->len > 1)
		split = 1 + flashsim_spot(rnd, step->len - 1);
	flashsim_unstable_forget(m, step->ofs + split, step->len - split);
	if (d == FLASHSIM_ERASE_ZERO) {
		memset(array + split, 0, step->len - split);
		return;
	}
	memset(array, 0xff, step->len);
	program_some(array, NULL, step->len, rnd, true);
}

/**
 * flashsim_damage_applies() - can this step be stopped in this way?
 * @d: way to stop it
 * @step: step
 *
 * Return: whether it can.
 */
bool flashsim_damage_applies(enum flashsim_damage d,
			     const struct flashsim_step *step)
{
	switch (d) {
	case FLASHSIM_CUT_BEFORE:
	case FLASHSIM_CUT_AFTER:
	case FLASHSIM_UNSTABLE:
		return true;
	case FLASHSIM_TORN_ERASED:
	case FLASHSIM_TORN_RANDOM:
	case FLASHSIM_TORN_BITS:
		return !step->erase;
	case FLASHSIM_ERASE_ZERO:
	case FLASHSIM_ERASE_RANDOM:
		return step->erase;
	case FLASHSIM_DAMAGES:
		break;
	}
	return false;
}

/**
 * flashsim_damage() - do a step that is stopped
 * @m: chip; its power, its fault and what is armed do not matter
 * @step: step that the chip would accept
 * @d: what happens to it; if it does not apply to the step, nothing
 * @seed: which of the many ways that mode has
 *
 * The step is counted.  It does the same whenever it is done to an equal chip.
 */
void flashsim_damage(struct flashsim_model *m, const struct flashsim_step *step,
		     enum flashsim_damage d, u32 seed)
{
	u32 rnd = start(step, d, seed);

	m->steps++;
	if (d == FLASHSIM_CUT_BEFORE || !flashsim_damage_applies(d, step))
		return;
	if (d == FLASHSIM_CUT_AFTER)
		flashsim_do(m, step);
	else if (d == FLASHSIM_UNSTABLE)
		flashsim_unstable_make(m, step, &rnd);
	else if (step->erase)
		stop_erase(m, step, d, &rnd);
	else
		tear_program(m, step, d, &rnd);
}

/**
 * flashsim_damage_word() - name of a mode
 * @d: mode
 *
 * Return: its name, or "?" for a number that is none.
 */
const char *flashsim_damage_word(enum flashsim_damage d)
{
	return (u32)d < FLASHSIM_DAMAGES ? words[d] : "?";
}

/**
 * flashsim_damage_find() - find a mode by its name
 * @word: name
 *
 * Return: the mode, or -EINVAL.
 */
int flashsim_damage_find(const char *word)
{
	u32 d;

	for (d = 0; d < FLASHSIM_DAMAGES; d++)
		if (!strcmp(words[d], word))
			return d;
	return -EINVAL;
}

/**
 * flashsim_cut_arm() - choose when power is lost
 * @m: chip
 * @at: number of the step, as in @steps of the chip.  If @d does not apply to
 *	that one, it is the first later one that it applies to
 * @d: what happens to the step; then power is off
 * @seed: for flashsim_damage()
 */
void flashsim_cut_arm(struct flashsim_model *m, u64 at, enum flashsim_damage d,
		      u32 seed)
{
	m->cut.armed = true;
	m->cut.damage = d;
	m->cut.seed = seed;
	m->cut.at = at;
}

/**
 * flashsim_power_on() - power is back
 * @m: chip
 *
 * Neither cut nor fault is armed any more.  What is unstable stays so until
 * its block is erased, and locks are as they were.
 */
void flashsim_power_on(struct flashsim_model *m)
{
	m->off = false;
	m->cut.armed = false;
	flashsim_fault_arm(m, NULL);
}
