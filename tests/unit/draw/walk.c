// SPDX-License-Identifier: GPL-2.0-only
/*
 * walk.c - finds the states: every command from every state, cut in every step
 *
 * Plans come from the core, what boots from the suites' model of the device.
 * Nothing here knows an order, or what may be written when.
 */
#include "draw.h"

u32 draw_units(const struct graph *g, u32 *units)
{
	u32 n = 0;

	units[n++] = FWSLOT_UNIT_SECONDARY;
	units[n++] = FWSLOT_UNIT_BOOT0;
	if (g->copies == 2)
		units[n++] = FWSLOT_UNIT_BOOT1;
	units[n++] = FWSLOT_UNIT_PRIMARY;
	return n;
}

const char *draw_letter(u32 unit)
{
	static const char *const letters[] = {
		[FWSLOT_UNIT_PRIMARY] = "P", [FWSLOT_UNIT_SECONDARY] = "S",
		[FWSLOT_UNIT_BOOT0] = "B", [FWSLOT_UNIT_BOOT1] = "B2",
	};

	return letters[unit];
}

static void fault(struct graph *g, const char *what, const struct world *w)
{
	char text[WORLD_TEXT];

	fprintf(stderr, "%s: %s\n", world_text(w, text), what);
	g->faults++;
}

/* Images that can be started, each after the one before it has failed. */
static u32 count_images(struct world w)
{
	u32 boots, n = 0;

	for (; (boots = world_boot(&w)) != FWSLOT_BOOTED_OTHER; n++)
		w.unit[boots == FWSLOT_BOOTED_PRIMARY ? FWSLOT_UNIT_PRIMARY :
			FWSLOT_UNIT_SECONDARY].content = REL_X;
	return n;
}

static bool same_text(const struct world *a, const struct world *b)
{
	char x[WORLD_TEXT], y[WORLD_TEXT];

	return !strcmp(world_text(a, x), world_text(b, y));
}

/* The node of a device; a new one, if it was not seen before. */
static u32 node_of(struct graph *g, const struct world *from)
{
	struct world w = *from;
	struct node *node;
	u32 i;

	for (i = 0; i < FWSLOT_UNITS; i++) {
		w.unit[i].record = REL_X;
		w.unit[i].changed = false;
		w.unit[i].broken = false;
	}
	for (i = 0; i < g->n_nodes; i++)
		if (same_text(&g->node[i].w, &w))
			return i;
	if (i == NODES_MAX) {
		fault(g, "too many states", from);
		return 0;
	}
	node = &g->node[g->n_nodes++];
	memset(node, 0, sizeof(*node));
	node->w = w;
	node->boots = world_boot(&w);
	node->images = count_images(w);
	return i;
}

/* Power comes back: what was remembered is forgotten, and what boots, boots. */
static void add_moment(struct graph *g, const struct world *from)
{
	struct world w = *from;
	u32 i;

	for (i = 0; i < FWSLOT_UNITS; i++) {
		w.unit[i].changed = false;
		w.unit[i].broken = false;
	}
	w.kept = REL_X;
	w.booted = world_boot(&w);
	for (i = 0; i < g->n_moments; i++)
		if (same_text(&g->moment[i], &w))
			return;
	if (i == MOMENTS_MAX)
		fault(g, "too many states", from);
	else
		g->moment[g->n_moments++] = w;
}

static void add_edge(struct graph *g, const struct edge *e)
{
	u32 i;

	if (e->hidden || e->from == e->to)
		return;
	for (i = 0; i < g->n_edges; i++)
		if (!memcmp(&g->edge[i], e, sizeof(*e)))
			return;
	if (i == EDGES_MAX)
		fault(g, "too many writes", &g->node[e->from].w);
	else
		g->edge[g->n_edges++] = *e;
}

/* Power is lost in a write of @e->unit: it holds @content, and the record. */
static void cut_write(struct graph *g, struct world w, struct edge e,
		      u32 content, u32 record)
{
	struct node *to;

	w.unit[e.unit].content = content;
	w.unit[e.unit].record = record;
	add_moment(g, &w);
	e.cut = true;
	e.to = node_of(g, &w);
	to = &g->node[e.to];
	if (!to->images && (g->copies == 2 || e.unit < FWSLOT_UNIT_BOOT0))
		fault(g, "nothing boots", &w);
	if (content == REL_X)
		add_edge(g, &e);
}

/*
 * A write: all that a cut in it can leave, then all of it.  Where only the
 * record was missing, it changes nothing that is shown.
 */
static void play_write(struct graph *g, struct world *w, u32 release,
		       struct edge *e)
{
	struct world_unit *u = &w->unit[e->unit];
	u32 record = u->record;

	e->from = node_of(g, w);
	e->hidden = e->doubt || u->content == release;
	cut_write(g, *w, *e, REL_X, record);
	cut_write(g, *w, *e, REL_X, REL_X);
	cut_write(g, *w, *e, release, REL_X);
	u->content = release;
	u->record = release;
	e->to = node_of(g, w);
	add_edge(g, e);
	e->rescue = false;
}

/* All that is there has its record. */
static bool named(const struct graph *g, const struct world *w)
{
	u32 units[FWSLOT_UNITS];
	u32 i, n = draw_units(g, units);

	for (i = 0; i < n; i++)
		if (w->unit[units[i]].record != w->unit[units[i]].content &&
		    w->unit[units[i]].content != REL_X)
			return false;
	return true;
}

/* What a plan writes, in letters. */
static void writes_text(const struct fwslot_plan *plan, char *text)
{
	u32 i;

	*text = '\0';
	for (i = 0; i < plan->n_steps; i++) {
		if (plan->steps[i].action != FWSLOT_ACTION_WRITE)
			continue;
		if (*text)
			strcat(text, " ");
		strcat(text, draw_letter(plan->steps[i].unit));
	}
	if (!*text)
		strcpy(text, "done");
}

/* From one node there is one way, whatever the records of broken slots say. */
static void note_way(struct graph *g, const struct world *w, bool back,
		     const struct fwslot_plan *plan)
{
	struct node *node = &g->node[node_of(g, w)];
	char *way = back ? node->back : node->next;
	char text[WORLD_STEPS];

	if (plan->reason)
		strcpy(text, "refused");
	else
		writes_text(plan, text);
	if (!*way)
		strcpy(way, text);
	else if (strcmp(way, text))
		fault(g, "two ways from here", w);
}

/* What the kernel says to a command on a device that was just switched on. */
static u32 make_plan(struct graph *g, const struct world *w, bool back,
		     struct fwslot_plan *plan)
{
	struct fwslot_request req;

	world_request(w, back ? g->old : g->new, FWSLOT_SLOTS_ALL, &req);
	fwslot_plan_make(&req, plan);
	if (named(g, w))
		note_way(g, w, back, plan);
	return plan->reason;
}

/*
 * Give the command.  Only a rescue system may have to refuse it: it begins with
 * the bootloader, and that must find an image.
 */
static bool play(struct graph *g, struct world w, bool back)
{
	struct edge e = {
		.back = back, .rescue = w.booted == FWSLOT_BOOTED_OTHER,
		.doubt = !named(g, &w),
	};
	struct fwslot_plan plan;
	u32 i;

	if (make_plan(g, &w, back, &plan)) {
		if (!e.rescue)
			fault(g, fwslot_reason_word(plan.reason), &w);
		return false;
	}
	for (i = 0; i < plan.n_steps; i++) {
		e.unit = plan.steps[i].unit;
		if (plan.steps[i].action == FWSLOT_ACTION_WRITE)
			play_write(g, &w, back ? g->old : g->new, &e);
		else
			w.unit[e.unit].record = w.unit[e.unit].content;
		add_moment(g, &w);
	}
	return true;
}

/* Nothing but one release is there. */
static bool holds_only(const struct graph *g, const struct world *w, u32 release)
{
	u32 units[FWSLOT_UNITS];
	u32 i, n = draw_units(g, units);

	for (i = 0; i < n; i++)
		if (w->unit[units[i]].content != release)
			return false;
	return true;
}

/*
 * Shown is what the command can come to, cut any number of times.  Where a
 * change of mind leaves that, only the boxes and the tables say how.
 */
static void mark_shown(struct graph *g)
{
	const struct edge *e = g->edge;

	g->node[0].shown = true;
	while (e < g->edge + g->n_edges) {
		if (e->back || !g->node[e->from].shown || g->node[e->to].shown) {
			e++;
			continue;
		}
		g->node[e->to].shown = true;
		e = g->edge;
	}
}

/**
 * graph_walk() - find all nodes and edges
 * @g: old, new and copies are given
 *
 * The device begins with the old release in every slot.  Somebody changes his
 * mind only in between: from the end the way back is another graph.
 */
void graph_walk(struct graph *g)
{
	struct world start = { .copies = g->copies, .kept = REL_X };
	struct fwslot_plan plan;
	struct world w;
	bool done;
	u32 i;

	for (i = 0; i < FWSLOT_UNITS; i++) {
		start.unit[i].content = g->old;
		start.unit[i].record = g->old;
	}
	if (g->copies == 1)
		world_unit_parse(&start.unit[FWSLOT_UNIT_BOOT1], "--");
	node_of(g, &start);
	add_moment(g, &start);
	for (i = 0; i < g->n_moments; i++) {
		w = g->moment[i];
		done = play(g, w, false);
		if (holds_only(g, &w, g->new))
			make_plan(g, &w, true, &plan);
		else
			done |= play(g, w, true);
		if (!done)
			fault(g, "no way on", &w);
	}
	mark_shown(g);
}
