// SPDX-License-Identifier: MIT
/*
 * planner_why.c - the reasons of steps, and of dead ends
 *
 * A dead end is explained by the releases that the bridges in the catalogue
 * speak of and that are not in it: the fewest of them that would open a way,
 * if the other end of a bridge may be crossed in both directions.
 */
#include <stdio.h>
#include <stdlib.h>

#include "planner.h"

#define WHY_NONE	(~0U)
#define WHY_FAR		(~0U)

/**
 * planner_why() - the reason of a step
 * @p: the planner
 * @path: the way
 * @step: number of the step
 * @buf: where to put it
 * @size: room there
 */
void planner_why(const struct planner *p, const struct planner_path *path,
		 u32 step, char *buf, size_t size)
{
	char there[FWSLOT_RELEASE_STR], from[FWSLOT_RELEASE_STR];
	const struct fwslot_manifest *m;
	const struct fwslot_running *run;
	u32 i;

	for (i = step; i < path->n; i++) {
		m = &p->cat->entries[path->steps[i].entry].manifest;
		run = &path->steps[i].before.running;
		if (!run->format || m->format == run->format)
			continue;
		fwslot_release_print(&m->release, there);
		fwslot_release_print(&run->release, from);
		if (i == step)
			snprintf(buf, size,
				 "format %u is left for format %u from %s only in all slots at once",
				 run->format, m->format, from);
		else
			snprintf(buf, size,
				 "the way to format %u: %s can be installed from %s",
				 m->format, there, from);
		return;
	}
	if (step + 1 == path->n)
		snprintf(buf, size, "the release asked for, of the running format");
	else
		snprintf(buf, size, "a slot must be made whole first");
}

/**
 * struct why_node - a release on the way, in the catalogue or not
 * @manifest: its manifest, NULL: it is only named by a bridge
 * @name: its format and version
 * @lacking: how many releases before it, and itself, are not at hand
 * @before: the node before it
 * @done: settled
 */
struct why_node {
	const struct fwslot_manifest *manifest;
	struct fwslot_bridge name;
	u32 lacking;
	u32 before;
	bool done;
};

/**
 * struct why - the releases and how to get from one to the other
 * @nodes: the releases
 * @n: how many
 * @room: for how many there is memory
 */
struct why {
	struct why_node *nodes;
	u32 n;
	u32 room;
};

static bool why_same(const struct fwslot_bridge *a,
		     const struct fwslot_bridge *b)
{
	return a->format == b->format &&
	       fwslot_release_equal(&a->release, &b->release);
}

static void why_add(struct why *w, const struct fwslot_bridge *name,
		    const struct fwslot_manifest *m)
{
	u32 i;

	for (i = 0; i < w->n && !m; i++)
		if (why_same(&w->nodes[i].name, name))
			return;
	if (w->n == w->room)
		return;
	w->nodes[w->n].manifest = m;
	w->nodes[w->n].name = *name;
	w->nodes[w->n].lacking = WHY_FAR;
	w->nodes[w->n++].before = WHY_NONE;
}

static bool why_names(const struct fwslot_manifest *m,
		      const struct fwslot_bridge *name)
{
	u32 i;

	for (i = 0; m && i < m->n_bridges; i++)
		if (why_same(&m->bridges[i], name))
			return true;
	return false;
}

static bool why_leads(const struct why_node *a, const struct why_node *b)
{
	if (a->name.format == b->name.format)
		return true;
	return b->manifest ? why_names(b->manifest, &a->name) :
			     why_names(a->manifest, &b->name);
}

static bool why_below(const struct planner *p,
		      const struct fwslot_release *release)
{
	return p->floor && fwslot_release_order(release, p->floor) < 0;
}

/* Releases that no device of this kind installs lead nowhere. */
static bool why_usable(const struct planner *p, const struct fwslot_manifest *m,
		       const struct fwslot_manifest *aim)
{
	return m == aim || (!why_below(p, &m->release) &&
			    (!p->product ||
			     !fwslot_manifest_product(m, p->product)));
}

static void why_bridges(struct why *w, const struct planner *p,
			const struct fwslot_manifest *m)
{
	u32 i;

	for (i = 0; i < m->n_bridges; i++)
		if (!why_below(p, &m->bridges[i].release))
			why_add(w, &m->bridges[i], NULL);
}

static void why_fill(struct why *w, const struct planner *p,
		     const struct fwslot_bridge *run,
		     const struct fwslot_manifest *aim)
{
	const struct fwslot_manifest *m;
	struct fwslot_bridge name;
	u32 i;

	for (i = 0; i < p->cat->n; i++) {
		m = &p->cat->entries[i].manifest;
		if (!why_usable(p, m, aim))
			continue;
		name.format = m->format;
		name.release = m->release;
		why_add(w, &name, m);
	}
	if (run)
		why_add(w, run, NULL);
	for (i = 0; i < p->cat->n; i++) {
		m = &p->cat->entries[i].manifest;
		if (why_usable(p, m, aim))
			why_bridges(w, p, m);
	}
}

static u32 why_nearest(const struct why *w)
{
	u32 i, best = WHY_NONE;

	for (i = 0; i < w->n; i++)
		if (!w->nodes[i].done && w->nodes[i].lacking != WHY_FAR &&
		    (best == WHY_NONE ||
		     w->nodes[i].lacking < w->nodes[best].lacking))
			best = i;
	return best;
}

static void why_walk(struct why *w)
{
	struct why_node *a, *b;
	u32 at, i, lacking;

	while ((at = why_nearest(w)) != WHY_NONE) {
		a = &w->nodes[at];
		a->done = true;
		for (i = 0; i < w->n; i++) {
			b = &w->nodes[i];
			lacking = a->lacking + (b->manifest ? 0 : 1);
			if (lacking >= b->lacking || !why_leads(a, b))
				continue;
			b->lacking = lacking;
			b->before = at;
		}
	}
}

/* What runs is there, whether or not the catalogue has it. */
static void why_start(struct why *w, const struct fwslot_running *run)
{
	struct why_node *node = w->nodes;

	for (; node < w->nodes + w->n; node++) {
		if (node->name.format != run->format)
			continue;
		if (run->known && fwslot_release_equal(&node->name.release,
						       &run->release))
			node->lacking = 0;
		else if (!run->known)
			node->lacking = node->manifest ? 0 : 1;
	}
}

static void why_collect(const struct why *w, const struct fwslot_manifest *aim,
			struct planner_missing *missing)
{
	u32 i, at = WHY_NONE;

	for (i = 0; i < w->n; i++)
		if (w->nodes[i].manifest == aim)
			at = i;
	missing->known = at != WHY_NONE && w->nodes[at].lacking != WHY_FAR;
	for (; missing->known && at != WHY_NONE; at = w->nodes[at].before) {
		if (w->nodes[at].manifest || !w->nodes[at].lacking)
			continue;
		missing->more = missing->n == PLANNER_MISSING_MAX;
		if (!missing->more)
			missing->releases[missing->n++] = w->nodes[at].name;
	}
}

/**
 * planner_missing() - which releases would open a way
 * @p: the planner
 * @run: what runs
 * @aim: the release asked for, one of the catalogue's
 * @missing: the result
 *
 * Return: 0, or -1 when there is no memory.
 */
int planner_missing(const struct planner *p, const struct fwslot_running *run,
		    const struct fwslot_manifest *aim,
		    struct planner_missing *missing)
{
	struct fwslot_bridge name = { .format = run->format,
				      .release = run->release };
	struct why w = { .room = 2 * CATALOGUE_MAX };

	memset(missing, 0, sizeof(*missing));
	w.nodes = calloc(w.room, sizeof(*w.nodes));
	if (!w.nodes)
		return -1;
	why_fill(&w, p, run->known ? &name : NULL, aim);
	why_start(&w, run);
	why_walk(&w);
	why_collect(&w, aim, missing);
	free(w.nodes);
	return 0;
}
