/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * draw.h - the states of an upgrade that a power cut can leave, as a graph
 *
 * A node is what is in the slots when power comes back; records are left out.
 * An edge is a write of one unit: a step leads to what the flash holds after
 * it, a cut to what it holds if power was lost in it.
 */
#ifndef FWSLOT_UNIT_DRAW_H
#define FWSLOT_UNIT_DRAW_H

#include <stdio.h>
#include "../../kunit/world.h"

#define NODES_MAX	64
#define EDGES_MAX	256
#define MOMENTS_MAX	512

/**
 * struct node - a state
 * @w: what is in the slots, without records
 * @boots: enum fwslot_booted
 * @images: how many images the bootloader could start, one failing at a time
 * @shown: it is drawn
 * @column: how far it is on the way
 * @row: how many slots are broken, or below that
 * @next: what the same command writes from here, in letters
 * @back: what the opposite command writes
 */
struct node {
	struct world w;
	u32 boots;
	u32 images;
	bool shown;
	u32 column;
	u32 row;
	char next[WORLD_STEPS];
	char back[WORLD_STEPS];
};

/**
 * struct edge - a write of one unit
 * @from: index of a node
 * @to: index of a node
 * @unit: which unit is written
 * @cut: power is lost in it
 * @back: of the opposite command
 * @rescue: it is written by a rescue system, because nothing boots
 * @doubt: what it begins from has content without a record, and what that may
 *	hold besides makes another order; not drawn
 * @hidden: it writes what is there, because that had no record; not kept
 */
struct edge {
	u32 from;
	u32 to;
	u32 unit;
	bool cut;
	bool back;
	bool rescue;
	bool doubt;
	bool hidden;
};

/**
 * struct graph - all that can become of one command, and of its opposite
 * @old: enum world_release that the device comes from
 * @new: the one that it goes to
 * @copies: of the bootloader
 * @node: states
 * @n_nodes: how many
 * @edge: writes
 * @n_edges: how many
 * @moment: the states with their records
 * @n_moments: how many
 * @faults: what must not be: a command refused, nothing boots, no way on
 */
struct graph {
	u32 old;
	u32 new;
	u32 copies;
	struct node node[NODES_MAX];
	u32 n_nodes;
	struct edge edge[EDGES_MAX];
	u32 n_edges;
	struct world moment[MOMENTS_MAX];
	u32 n_moments;
	u32 faults;
};

/* Sizes in a drawing */
#define DRAW_CELL	58	/* a unit */
#define DRAW_PAD	7	/* around the cells */
#define DRAW_HEIGHT	122	/* of a box */
#define DRAW_MARGIN	24
#define DRAW_TOP	84	/* for the title */
#define DRAW_LEGEND	212

/**
 * struct layout - a drawing
 * @g: the graph
 * @box: width of a box
 * @pitch: from column to column
 * @width: of the drawing
 * @height: of the drawing
 */
struct layout {
	const struct graph *g;
	double box;
	double pitch;
	double width;
	double height;
};

/**
 * struct line - a line
 * @x1: start
 * @y1: start
 * @x: what it is bent towards
 * @y: what it is bent towards
 * @x2: end
 * @y2: end
 */
struct line {
	double x1;
	double y1;
	double x;
	double y;
	double x2;
	double y2;
};

/* The units of a device, in the order in which they are shown; returns how many. */
u32 draw_units(const struct graph *g, u32 *units);
const char *draw_letter(u32 unit);

void graph_walk(struct graph *g);
void graph_sort(struct graph *g);
void graph_table(const struct graph *g, FILE *out);
void graph_svg(const struct graph *g, FILE *out);

void layout_make(struct layout *l, const struct graph *g);
double layout_left(const struct layout *l, const struct node *node);
double layout_top(const struct node *node);
void layout_edge(const struct layout *l, const struct edge *e,
		 struct line *line);
void line_at(const struct line *line, double t, double *x, double *y);

#endif /* FWSLOT_UNIT_DRAW_H */
