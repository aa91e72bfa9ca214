// SPDX-License-Identifier: GPL-2.0-only
/*
 * table.c - the states in order, and as a table for the documentation
 *
 * Releases are called old and new: the table of an upgrade and that of the
 * downgrade are the same, and main() sees to it.
 */
#include <stdlib.h>
#include "draw.h"

#define NO_ROW	(~0U)

static u32 broken(const struct node *node)
{
	u32 i, n = 0;

	for (i = 0; i < FWSLOT_UNITS; i++)
		n += !node->w.unit[i].absent &&
		     node->w.unit[i].content == REL_X;
	return n;
}

/* How far it is: two for each unit that is done, one for one that is broken. */
static u32 progress(const struct graph *g, const struct node *node)
{
	u32 units[FWSLOT_UNITS];
	u32 i, n = draw_units(g, units), column = 0;

	for (i = 0; i < n; i++) {
		if (node->w.unit[units[i]].content == g->new)
			column += 2;
		else if (node->w.unit[units[i]].content == REL_X)
			column++;
	}
	return column;
}

/* What is drawn comes first, from left to right. */
static int by_place(const void *a, const void *b)
{
	const struct node *x = *(const struct node *const *)a;
	const struct node *y = *(const struct node *const *)b;

	if (x->shown != y->shown)
		return x->shown ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	if (broken(x) != broken(y))
		return broken(x) < broken(y) ? -1 : 1;
	return x < y ? -1 : 1;
}

static void renumber(struct graph *g, const u32 *place)
{
	u32 i;

	for (i = 0; i < g->n_edges; i++) {
		g->edge[i].from = place[g->edge[i].from];
		g->edge[i].to = place[g->edge[i].to];
	}
}

/* A box is nearly two columns wide. */
static bool row_taken(const struct graph *g, const struct node *node)
{
	const struct node *n;

	for (n = g->node; n < g->node + g->n_nodes; n++)
		if (n != node && n->shown && n->row == node->row &&
		    n->column < node->column + 2 && node->column < n->column + 2)
			return true;
	return false;
}

/* Those with nothing broken on top; among equals, what was found earlier. */
static void find_rows(struct graph *g)
{
	struct node *node;
	u32 n;

	for (node = g->node; node < g->node + g->n_nodes; node++)
		node->row = NO_ROW;
	for (n = 0; n < FWSLOT_UNITS; n++) {
		for (node = g->node; node < g->node + g->n_nodes; node++) {
			if (!node->shown || broken(node) != n)
				continue;
			node->row = n;
			while (row_taken(g, node))
				node->row++;
		}
	}
}

/**
 * graph_sort() - find column and row of each node, and put them in order
 * @g: the graph, walked
 */
void graph_sort(struct graph *g)
{
	static struct node found[NODES_MAX];
	struct node *order[NODES_MAX];
	u32 place[NODES_MAX];
	u32 i;

	for (i = 0; i < g->n_nodes; i++)
		g->node[i].column = progress(g, &g->node[i]);
	find_rows(g);
	memcpy(found, g->node, sizeof(found));
	for (i = 0; i < g->n_nodes; i++)
		order[i] = &found[i];
	qsort(order, g->n_nodes, sizeof(order[0]), by_place);
	for (i = 0; i < g->n_nodes; i++) {
		place[order[i] - found] = i;
		g->node[i] = *order[i];
	}
	renumber(g, place);
}

static const char *word(const struct graph *g, u32 release)
{
	if (release == REL_X)
		return "X";
	return release == g->old ? "old" : "new";
}

static void boots_text(const struct graph *g, const struct node *node, char *text)
{
	u32 unit = node->boots == FWSLOT_BOOTED_PRIMARY ? FWSLOT_UNIT_PRIMARY :
							  FWSLOT_UNIT_SECONDARY;

	if (node->boots == FWSLOT_BOOTED_OTHER)
		strcpy(text, "nothing");
	else
		sprintf(text, "%s, %s", fwslot_unit_word(unit),
			word(g, node->w.unit[unit].content));
}

static void rule(const struct graph *g, FILE *out)
{
	fprintf(out, "========= %s======= ============== ====== =========== ========\n",
		g->copies == 2 ? "====== ====== " : "========== ");
}

/**
 * graph_table() - print the nodes as a table of reStructuredText
 * @g: the graph, sorted
 * @out: where to
 */
void graph_table(const struct graph *g, FILE *out)
{
	const struct world_unit *u;
	const struct node *node;
	char boots[32];
	u32 i;

	rule(g, out);
	fprintf(out, "secondary %sprimary boots          images to new      to old\n",
		g->copies == 2 ? "first  second " : "bootloader ");
	rule(g, out);
	for (i = 0; i < g->n_nodes; i++) {
		node = &g->node[i];
		u = node->w.unit;
		boots_text(g, node, boots);
		fprintf(out, "%-9s ", word(g, u[FWSLOT_UNIT_SECONDARY].content));
		if (g->copies == 2)
			fprintf(out, "%-6s %-6s ",
				word(g, u[FWSLOT_UNIT_BOOT0].content),
				word(g, u[FWSLOT_UNIT_BOOT1].content));
		else
			fprintf(out, "%-10s ",
				word(g, u[FWSLOT_UNIT_BOOT0].content));
		fprintf(out, "%-7s %-14s %-6u %-11s %s\n",
			word(g, u[FWSLOT_UNIT_PRIMARY].content), boots,
			node->images, node->next, node->back);
	}
	rule(g, out);
}
