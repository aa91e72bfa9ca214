// SPDX-License-Identifier: MIT
/*
 * planner.c - the shortest way to a release
 *
 * A breadth-first search over states of the device: fewest steps, and of
 * these the one that writes the fewest units.  Every step is followed by a
 * reboot, as the tool does it.
 *
 * On the way only releases help that are the aim, carry a bridge, or are the
 * other end of one: whatever another release of the same format could be
 * installed for (a broken slot, say), one of these can, and it is nearer.
 */
#include <stdlib.h>

#include "planner.h"

#define SEARCH_NONE	(~0U)

/* States that are looked at before the search gives up; about 40 MB. */
#define SEARCH_NODES_MAX	200000U
#define SEARCH_TABLE		(1U << 19)

/**
 * struct search_node - a state that can be reached
 * @state: the state, after the reboot
 * @parent: the node that it was reached from, SEARCH_NONE: none
 * @entry: release of the step that led here, SEARCH_NONE: only a reboot
 * @slots: its slots
 * @writes: units written up to here
 */
struct search_node {
	struct planner_state state;
	u32 parent;
	u32 entry;
	u32 slots;
	u32 writes;
};

/**
 * struct search - a search
 * @p: what it searches in
 * @aim: the release
 * @nodes: states, in the order they were found
 * @n: how many
 * @room: for how many there is memory
 * @table: hash table of indices in @nodes, plus one; 0: free
 * @useful: releases that may help
 * @n_useful: how many
 */
struct search {
	struct planner *p;
	const struct fwslot_manifest *aim;
	struct search_node *nodes;
	u32 n;
	u32 room;
	u32 *table;
	u32 useful[CATALOGUE_MAX];
	u32 n_useful;
};

static bool search_named(const struct search *s, const struct fwslot_manifest *m)
{
	const struct fwslot_manifest *other;
	u32 i, j;

	for (i = 0; i < s->p->cat->n; i++) {
		other = &s->p->cat->entries[i].manifest;
		for (j = 0; j < other->n_bridges; j++)
			if (other->bridges[j].format == m->format &&
			    fwslot_release_equal(&other->bridges[j].release,
						 &m->release))
				return true;
	}
	return false;
}

static void search_choose(struct search *s)
{
	const struct fwslot_manifest *m;
	u32 i;

	for (i = 0; i < s->p->cat->n; i++) {
		m = &s->p->cat->entries[i].manifest;
		if (m->n_bridges || search_named(s, m) ||
		    fwslot_release_equal(&m->release, &s->aim->release))
			s->useful[s->n_useful++] = i;
	}
}

/* What runs follows from the rest, so it is not part of the key. */
static bool search_same(const struct planner_state *a,
			const struct planner_state *b)
{
	return a->booted == b->booted && a->pending == b->pending &&
	       !memcmp(a->units, b->units, sizeof(a->units));
}

static u32 search_hash(const struct planner_state *st)
{
	const u8 *bytes = (const u8 *)st->units;
	u32 hash = 2166136261U + st->booted;
	size_t i;

	for (i = 0; i < sizeof(st->units); i++)
		hash = (hash ^ bytes[i]) * 16777619U;
	return hash;
}

/* Where in the table a state is, or would be. */
static u32 *search_place(const struct search *s, const struct planner_state *st)
{
	u32 at = search_hash(st) % SEARCH_TABLE;

	while (s->table[at] &&
	       !search_same(&s->nodes[s->table[at] - 1].state, st))
		at = (at + 1) % SEARCH_TABLE;
	return &s->table[at];
}

static int search_grow(struct search *s)
{
	u32 room = s->room ? s->room * 2 : 64;
	struct search_node *nodes;

	if (s->n < s->room)
		return 0;
	if (s->n >= SEARCH_NODES_MAX)
		return -1;
	nodes = realloc(s->nodes, room * sizeof(*nodes));
	if (!nodes)
		return -1;
	s->nodes = nodes;
	s->room = room;
	return 0;
}

/* A state; @layer: the first node that takes one step more than its parent. */
static int search_add(struct search *s, const struct search_node *node,
		      u32 layer)
{
	u32 *place = search_place(s, &node->state);
	u32 old = *place - 1;

	if (*place) {
		if (old >= layer && s->nodes[old].writes > node->writes)
			s->nodes[old] = *node;
		return 0;
	}
	if (search_grow(s))
		return -1;
	*place = s->n + 1;
	s->nodes[s->n++] = *node;
	return 0;
}

static int search_try(struct search *s, u32 from, u32 entry, u32 slots,
		      u32 layer)
{
	struct search_node node = s->nodes[from];
	struct fwslot_plan plan;

	if (planner_ask(s->p, &node.state, entry, slots, &plan))
		return 0;
	if (planner_effect(s->p, &node.state, entry, &plan, &node.writes))
		return -1;
	if (node.writes == s->nodes[from].writes ||
	    !planner_reboot(s->p, &node.state))
		return 0;
	node.parent = from;
	node.entry = entry;
	node.slots = slots;
	return search_add(s, &node, layer);
}

static int search_expand(struct search *s, u32 from, u32 layer)
{
	static const u32 slots[] = {
		1U << FWSLOT_PRIMARY, 1U << FWSLOT_SECONDARY,
		1U << FWSLOT_BOOTLOADER, FWSLOT_SLOTS_ALL,
	};
	u32 i, j;

	for (i = 0; i < s->n_useful; i++)
		for (j = 0; j < ARRAY_SIZE(slots); j++)
			if (search_try(s, from, s->useful[i], slots[j], layer))
				return -1;
	return 0;
}

/* The start, and what a reboot makes of it if it has something to change. */
static int search_start(struct search *s, const struct planner_state *st)
{
	struct search_node node = { .state = *st, .parent = SEARCH_NONE,
				    .entry = SEARCH_NONE };
	bool settled = !st->pending;
	u32 i;

	if (search_add(s, &node, 0))
		return -1;
	for (i = 0; i < FWSLOT_UNITS; i++)
		settled &= !st->units[i].changed && !st->units[i].broken;
	if (settled || !planner_reboot(s->p, &node.state))
		return 0;
	node.parent = 0;
	return search_add(s, &node, 0);
}

/* The best of the nodes from @first on that reached the aim. */
static u32 search_best(const struct search *s, u32 first)
{
	u32 i, best = SEARCH_NONE;

	for (i = first; i < s->n; i++)
		if (planner_reached(s->p, &s->nodes[i].state, s->aim) &&
		    (best == SEARCH_NONE ||
		     s->nodes[i].writes < s->nodes[best].writes))
			best = i;
	return best;
}

/* Layer by layer.  Return: 0, or -1 when it had to give up. */
static int search_run(struct search *s, u32 *best)
{
	u32 first = 0, layer, i;

	for (;;) {
		*best = search_best(s, first);
		layer = s->n;
		if (*best != SEARCH_NONE || first == layer)
			return 0;
		for (i = first; i < layer; i++)
			if (search_expand(s, i, layer))
				return -1;
		first = layer;
	}
}

static void search_step(const struct search *s, u32 at,
			struct planner_step *step)
{
	const struct search_node *node = &s->nodes[at];

	step->slots = node->slots;
	step->entry = node->entry;
	step->before = s->nodes[node->parent].state;
	planner_ask(s->p, &step->before, step->entry, step->slots,
		    &step->plan);
}

/* From the last step back to the first. */
static int search_path(const struct search *s, u32 at,
		       struct planner_path *path)
{
	u32 i, n = 0;

	for (i = at; s->nodes[i].parent != SEARCH_NONE; i = s->nodes[i].parent) {
		if (s->nodes[i].entry == SEARCH_NONE)
			path->reboot = true;
		else
			n++;
	}
	if (n > PLANNER_STEPS_MAX)
		return -1;
	path->found = true;
	path->n = n;
	path->writes = s->nodes[at].writes;
	for (; n; at = s->nodes[at].parent)
		search_step(s, at, &path->steps[--n]);
	return 0;
}

/* Why not: what the core says of the release asked for, as it stands now. */
static void search_refusal(const struct search *s,
			   const struct planner_state *st,
			   struct planner_path *path)
{
	struct fwslot_plan plan;
	u32 i;

	for (i = 0; i < s->p->cat->n; i++) {
		if (&s->p->cat->entries[i].manifest != s->aim)
			continue;
		path->reason = planner_ask(s->p, st, i, FWSLOT_SLOTS_ALL,
					   &plan);
		path->detail = plan.detail;
	}
}

/**
 * planner_search() - find the shortest way
 * @p: where to search
 * @st: the device
 * @aim: the release, one of the catalogue's
 * @path: the way, or why there is none
 *
 * Return: 0; or -1 when there is no memory, or there are too many states.
 */
int planner_search(struct planner *p, const struct planner_state *st,
		   const struct fwslot_manifest *aim,
		   struct planner_path *path)
{
	struct search *s = calloc(1, sizeof(*s));
	int ret = -1;
	u32 best;

	memset(path, 0, sizeof(*path));
	if (!s)
		return -1;
	s->p = p;
	s->aim = aim;
	s->table = calloc(SEARCH_TABLE, sizeof(*s->table));
	if (!s->table)
		goto free_search;
	search_choose(s);
	if (search_start(s, st) || search_run(s, &best))
		goto free_nodes;
	ret = 0;
	if (best == SEARCH_NONE)
		search_refusal(s, st, path);
	else
		ret = search_path(s, best, path);
free_nodes:
	free(s->nodes);
	free(s->table);
free_search:
	free(s);
	return ret;
}

/**
 * planner_free() - give back what the planner has allocated
 * @p: the planner
 */
void planner_free(struct planner *p)
{
	free(p->contents);
	p->contents = NULL;
	p->n_contents = 0;
}
