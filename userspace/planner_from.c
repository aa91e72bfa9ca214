// SPDX-License-Identifier: MIT
/*
 * planner_from.c - the state that a plan begins with
 *
 * Of the device that the tool runs on, as the module reports it, or as
 * somebody writes it down: a release that is in all slots, or each slot by
 * itself.  The grammar is documented in fwslot.8.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fwslot.h"
#include "planner.h"

/* The image of a release in the catalogue that a record speaks of. */
static void from_image(const struct planner *p, const struct nl_unit *u,
		       struct planner_content *c)
{
	const struct fwslot_image *img;
	u32 i, j;

	c->image.size = u->image_size;
	memcpy(c->image.table_digest, u->digest, sizeof(u->digest));
	for (i = 0; i < p->cat->n; i++) {
		img = p->cat->entries[i].manifest.images;
		for (j = 0; j < p->cat->entries[i].manifest.n_images; j++)
			if (img[j].size == u->image_size &&
			    !memcmp(img[j].table_digest, u->digest,
				    sizeof(u->digest)))
				c->image = img[j];
	}
}

static u8 from_kind(u8 state)
{
	static const u8 kinds[] = {
		[FWSLOT_STATE_ABSENT] = PLANNER_ABSENT,
		[FWSLOT_STATE_UNKNOWN] = PLANNER_UNKNOWN,
		[FWSLOT_STATE_INCOMPLETE] = PLANNER_BROKEN,
		[FWSLOT_STATE_RECORDED] = PLANNER_HOLDS,
		[FWSLOT_STATE_VERIFIED] = PLANNER_HOLDS,
		[FWSLOT_STATE_CORRUPT] = PLANNER_CORRUPT,
		[FWSLOT_STATE_UNTRUSTED] = PLANNER_UNTRUSTED,
		[FWSLOT_STATE_WRITING] = PLANNER_BROKEN,
	};

	return state < ARRAY_SIZE(kinds) ? kinds[state] : PLANNER_UNKNOWN;
}

static int from_unit(struct planner *p, const struct nl_unit *u,
		     struct planner_unit *to)
{
	struct planner_content c = { .format = u->format };

	to->kind = from_kind(u->state);
	to->changed = u->flags & FWSLOT_UNIT_CHANGED ? 1 : 0;
	to->broken = to->changed && to->kind == PLANNER_BROKEN;
	if (to->kind != PLANNER_HOLDS && to->kind != PLANNER_UNTRUSTED)
		return 0;
	if (fwslot_release_parse(u->version, &c.release)) {
		to->kind = PLANNER_UNKNOWN;
		return 0;
	}
	from_image(p, u, &c);
	to->content = planner_content(p, &c);
	return to->content ? 0 : -1;
}

/* What has no record but did its work at this boot will do it again. */
static int from_belief(struct planner *p, struct planner_state *st)
{
	struct planner_content c = { .format = st->running.format };
	bool booted[FWSLOT_UNITS] = {
		[FWSLOT_UNIT_PRIMARY] = st->booted == FWSLOT_BOOTED_PRIMARY,
		[FWSLOT_UNIT_SECONDARY] = st->booted == FWSLOT_BOOTED_SECONDARY,
		[FWSLOT_UNIT_BOOT0] = true,
		[FWSLOT_UNIT_BOOT1] = true,
	};
	u32 i;

	for (i = 0; i < FWSLOT_UNITS; i++) {
		if (!booted[i] || st->units[i].kind != PLANNER_UNKNOWN ||
		    st->units[i].changed || !c.format)
			continue;
		st->units[i].content = planner_content(p, &c);
		if (!st->units[i].content)
			return -1;
	}
	return 0;
}

/**
 * planner_from_device() - the device that the tool runs on
 * @p: the planner, its catalogue set; room and shape of the units filled in
 * @status: the device
 * @st: the state
 *
 * Return: 0, or -1 when there is no memory.
 */
int planner_from_device(struct planner *p, const struct nl_status *status,
			struct planner_state *st)
{
	const struct nl_device *dev = &status->device;
	const struct nl_unit *u = status->units;
	u32 i;

	memset(st, 0, sizeof(*st));
	for (i = 0; i < FWSLOT_UNITS; i++, u++) {
		if (u->flags & FWSLOT_UNIT_CONFIGURED ||
		    u->state != FWSLOT_STATE_ABSENT)
			p->configured |= 1U << i;
		p->sizes[i] = u->size;
		p->erase_sizes[i] = u->erase_size;
		if (from_unit(p, u, &st->units[i]))
			return -1;
	}
	st->booted = dev->booted;
	st->pending = dev->flags & FWSLOT_DEVICE_REBOOT ? 1 : 0;
	planner_running(p, st);
	if (dev->format) {
		st->running.format = dev->format;
		st->running.known = !fwslot_release_parse(dev->running,
							  &st->running.release);
	}
	return from_belief(p, st);
}

/* What the catalogue has of a release; another product's says nothing of it. */
static const struct fwslot_manifest *
from_manifest(const struct planner *p, const struct fwslot_release *release)
{
	const struct fwslot_manifest *m = catalogue_find(p->cat, release,
							 p->product);

	return m && p->product && fwslot_manifest_product(m, p->product) ?
	       NULL : m;
}

/* The format of a release: as the catalogue, or a bridge in it, says. */
static u32 from_format(const struct planner *p,
		       const struct fwslot_release *release)
{
	const struct fwslot_manifest *m = from_manifest(p, release);
	u32 i, j;

	if (m)
		return m->format;
	for (i = 0; i < p->cat->n; i++) {
		m = &p->cat->entries[i].manifest;
		if (p->product && fwslot_manifest_product(m, p->product))
			continue;
		for (j = 0; j < m->n_bridges; j++)
			if (fwslot_release_equal(&m->bridges[j].release,
						 release))
				return m->bridges[j].format;
	}
	return 0;
}

/* VERSION or VERSION:FORMAT in one unit. */
static int from_release(struct planner *p, char *text, u32 unit,
			struct planner_unit *to, struct failure *f)
{
	struct planner_content c = { 0 };
	const struct fwslot_manifest *m;
	char *format = strchr(text, ':');
	int image = -1;

	if (format)
		*format++ = '\0';
	if (fwslot_release_parse(text, &c.release))
		return failure_plain(f, TOOL_USAGE, "\"%s\" is not a release",
				     text);
	if (!format)
		c.format = from_format(p, &c.release);
	if ((format && !args_number(format, &c.format)) || !c.format)
		return failure_plain(f, TOOL_USAGE,
				     "the catalogue does not know %s: say its format, %s:FORMAT",
				     text, text);
	m = from_manifest(p, &c.release);
	if (m && m->format == c.format)
		image = fwslot_manifest_image(m, fwslot_unit_slot(unit));
	if (image >= 0)
		c.image = m->images[image];
	to->kind = PLANNER_HOLDS;
	to->content = planner_content(p, &c);
	if (!to->content)
		return failure_set(f, FWSLOT_REASON_NO_MEMORY, 0, "plan");
	return 0;
}

static int from_value(struct planner *p, char *text, u32 unit,
		      struct planner_unit *to, struct failure *f)
{
	static const struct {
		const char *word;
		u8 kind;
	} words[] = {
		{ "absent", PLANNER_ABSENT },
		{ "unknown", PLANNER_UNKNOWN },
		{ "incomplete", PLANNER_BROKEN },
		{ "corrupt", PLANNER_CORRUPT },
	};
	size_t i;

	p->configured |= 1U << unit;
	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcmp(text, words[i].word))
			continue;
		to->kind = words[i].kind;
		return 0;
	}
	return from_release(p, text, unit, to, f);
}

static bool from_booted(const char *text, u32 *booted)
{
	for (*booted = FWSLOT_BOOTED_PRIMARY; *booted <= FWSLOT_BOOTED_OTHER;
	     (*booted)++)
		if (!strcmp(text, fwslot_booted_word(*booted)))
			return true;
	return false;
}

static int from_pair(struct planner *p, char *word, struct planner_state *st,
		     struct failure *f)
{
	char *value = strchr(word, '=');
	u32 i;

	if (value) {
		*value++ = '\0';
		if (!strcmp(word, "booted") && from_booted(value, &st->booted))
			return 0;
		for (i = 0; i < FWSLOT_UNITS; i++)
			if (!strcmp(word, fwslot_unit_word(i)))
				return from_value(p, value, i, &st->units[i],
						  f);
	}
	return failure_plain(f, TOOL_USAGE, "\"%s\" is not part of a state",
			     word);
}

#define FROM_SLOTS	(1U << FWSLOT_UNIT_PRIMARY | \
			 1U << FWSLOT_UNIT_SECONDARY | \
			 1U << FWSLOT_UNIT_BOOT0)

static int from_words(struct planner *p, char *text, struct planner_state *st,
		      struct failure *f)
{
	char *word, *save = NULL;
	u32 i;

	if (!strchr(text, '=')) {
		p->configured = FROM_SLOTS;
		for (i = 0; i < FWSLOT_UNIT_BOOT1; i++) {
			char *copy = strdup(text);
			int ret = copy ? from_release(p, copy, i,
						      &st->units[i], f) : -1;

			free(copy);
			if (ret)
				return ret;
		}
		return 0;
	}
	for (word = strtok_r(text, ",", &save); word;
	     word = strtok_r(NULL, ",", &save))
		if (from_pair(p, word, st, f))
			return -1;
	if ((p->configured & FROM_SLOTS) == FROM_SLOTS)
		return 0;
	return failure_plain(f, TOOL_USAGE,
			     "a state names primary, secondary and bootloader");
}

/**
 * planner_from_text() - a state that somebody wrote down
 * @p: the planner, its catalogue set; @p->configured filled in
 * @text: VERSION[:FORMAT], or UNIT=VERSION[:FORMAT]|absent|unknown|incomplete
 *	|corrupt and booted=SLOT, separated by commas
 * @st: the state
 * @f: what is wrong with it
 *
 * Without booted= it is what boots by itself.
 *
 * Return: 0, or -1.
 */
int planner_from_text(struct planner *p, const char *text,
		      struct planner_state *st, struct failure *f)
{
	char *copy = strdup(text);
	int ret;

	memset(st, 0, sizeof(*st));
	if (!copy)
		return failure_set(f, FWSLOT_REASON_NO_MEMORY, 0, "plan");
	ret = from_words(p, copy, st, f);
	free(copy);
	if (ret)
		return ret;
	if (st->booted == FWSLOT_BOOTED_UNKNOWN) {
		st->booted = FWSLOT_BOOTED_OTHER;
		planner_reboot(p, st);
	}
	planner_running(p, st);
	return from_belief(p, st);
}
