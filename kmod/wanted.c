// SPDX-License-Identifier: GPL-2.0-only
/*
 * wanted.c - what a session does not write, and does not ask for
 *
 * An image slot with a valid record is told from the new image by their digest
 * tables; what both have stays.  A bootloader is always taken whole: it must be
 * in memory before its slot is touched (design rule R8).
 */
#include <linux/slab.h>
#include "session.h"

/**
 * fwslot_wanted_firm() - may blocks of a unit stay as they are
 * @s: the session, after its survey
 * @unit: enum fwslot_unit
 *
 * What was only named in this session may hold weak bits.  NAND moves its blocks
 * when one goes bad, and erases fast: an image is written whole there.
 *
 * Return: true if the unit holds what its own record says.
 */
bool fwslot_wanted_firm(const struct fwslot_session *s, u32 unit)
{
	return fwslot_view_firm(&s->req.views[unit]) && !s->heal_from[unit] &&
	       (unit >= FWSLOT_UNIT_BOOT0 ||
		!fwslot_devs[unit].flash.geo.ordered);
}

static int make_map(struct fwslot_session *s, struct fwslot_step *step,
		    const struct fwslot_found *old)
{
	struct fwslot_dev *dev = &fwslot_devs[step->unit];
	const struct fwslot_found *new = s->found[step->image];
	const struct fwslot_image *img = fwslot_found_image(new);
	u8 *map = kzalloc(fwslot_wanted_size(img), GFP_KERNEL);

	if (!map)
		return -ENOMEM;
	step->chunks = fwslot_wanted_make(&dev->flash.geo, img,
					  fwslot_found_table(new),
					  fwslot_found_image(old),
					  fwslot_found_table(old), map);
	s->wanted[step->unit] = map;
	return 0;
}

/*
 * Chunks of two sizes cannot be compared: all are wanted then, and the writer
 * looks at each block.
 */
static int compare(struct fwslot_session *s, struct fwslot_step *step)
{
	struct fwslot_found *old =
		fwslot_dev_get_found(&fwslot_devs[step->unit]);
	u32 size = fwslot_found_image(s->found[step->image])->chunk_size;
	int err = 0;

	if (old && fwslot_found_image(old)->chunk_size == size)
		err = make_map(s, step, old);
	fwslot_found_put(old);
	return err;
}

/* The image that is streamed is wanted as far as its unit wants it. */
static void narrow_input(struct fwslot_session *s,
			 const struct fwslot_step *step)
{
	u32 i;

	s->streamed = s->wanted[step->unit];
	for (i = 0; i < s->plan.n_inputs; i++)
		if (s->plan.inputs[i].image == step->image)
			s->plan.inputs[i].wanted = step->chunks;
}

/* Who does not look at the map sends everything. */
static bool has_map(const struct fwslot_session *s,
		    const struct fwslot_step *step)
{
	return step->action == FWSLOT_ACTION_WRITE &&
	       step->unit < FWSLOT_UNIT_BOOT0 &&
	       fwslot_wanted_firm(s, step->unit) &&
	       (s->mapped || step->source != FWSLOT_SOURCE_STREAM);
}

/* A dry run wants every chunk of every image that was asked for. */
static void want_all(struct fwslot_session *s)
{
	const struct fwslot_manifest *m = fwslot_session_manifest(s);
	struct fwslot_input *in;
	u32 ofs = 0;
	int i;

	s->streamed = NULL;
	s->plan.n_inputs = 0;
	for (i = m->n_images - 1; i >= 0; i--) {
		if (!(m->images[i].slots & s->req.slots))
			continue;
		in = &s->plan.inputs[s->plan.n_inputs++];
		in->image = i;
		in->wanted = m->images[i].chunks;
		in->map_offset = ofs;
		ofs += fwslot_wanted_size(&m->images[i]);
	}
}

/**
 * fwslot_wanted_plan() - find out what each step of the plan needs
 * @s: the session, with its plan
 *
 * A session that only checks wants all that there is.
 *
 * Return: 0 or -ENOMEM; fwslot_wanted_free() is called in both cases.
 */
int fwslot_wanted_plan(struct fwslot_session *s)
{
	struct fwslot_step *step;
	u32 i;
	int err;

	for (i = 0; i < s->plan.n_steps; i++) {
		step = &s->plan.steps[i];
		if (!has_map(s, step))
			continue;
		err = compare(s, step);
		if (err)
			return err;
		if (step->source == FWSLOT_SOURCE_STREAM)
			narrow_input(s, step);
	}
	if (fwslot_session_check(s))
		want_all(s);
	return 0;
}

/**
 * fwslot_wanted_free() - free what fwslot_wanted_plan() got
 * @s: the session
 */
void fwslot_wanted_free(struct fwslot_session *s)
{
	u32 unit;

	for (unit = 0; unit < FWSLOT_UNIT_BOOT0; unit++)
		kfree(s->wanted[unit]);
}

/**
 * fwslot_wanted_unit() - the map of what is written into a unit
 * @s: the session, with its plan
 * @unit: enum fwslot_unit
 *
 * Return: the map, or NULL when all chunks are.
 */
const u8 *fwslot_wanted_unit(const struct fwslot_session *s, u32 unit)
{
	return unit < FWSLOT_UNIT_BOOT0 ? s->wanted[unit] : NULL;
}

static const struct fwslot_image *
input_image(const struct fwslot_session *s, u32 input)
{
	return &fwslot_session_manifest(s)->images[s->plan.inputs[input].image];
}

/**
 * fwslot_wanted_input() - the map of an input
 * @s: the session, with its plan
 * @input: index in the plan's inputs
 *
 * Return: the map, or NULL when all chunks are wanted.
 */
const u8 *fwslot_wanted_input(const struct fwslot_session *s, u32 input)
{
	if (input_image(s, input)->kind == FWSLOT_IMAGE_BOOTLOADER)
		return NULL;
	return s->streamed;
}

/**
 * fwslot_wanted_piece() - a piece of the map as it is copied out
 * @s: the session, with its plan
 * @input: index in the plan's inputs
 * @piece: its number
 * @out: FWSLOT_MAP_PIECE bytes
 *
 * Return: false behind the end of the input's map.
 */
bool fwslot_wanted_piece(const struct fwslot_session *s, u32 input, u32 piece,
			 u8 *out)
{
	const struct fwslot_image *img = input_image(s, input);
	const u8 *map = fwslot_wanted_input(s, input);
	u32 from = piece * 8 * FWSLOT_MAP_PIECE;
	u32 n, end = min_t(u32, img->chunks, from + 8 * FWSLOT_MAP_PIECE);

	if (from >= img->chunks)
		return false;
	memset(out, 0, FWSLOT_MAP_PIECE);
	for (n = fwslot_wanted_next(map, from, end); n < end;
	     n = fwslot_wanted_next(map, n + 1, end))
		out[(n - from) / 8] |= BIT(n % 8);
	return true;
}
