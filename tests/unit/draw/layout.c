// SPDX-License-Identifier: GPL-2.0-only
/*
 * layout.c - where boxes and lines are
 *
 * Columns are steps of the command, rows are what graph_sort() says; nothing
 * else is placed by hand.  An edge is a line from box to box, to the right of
 * its own direction, so that the two ways between a pair of boxes do not cover
 * each other, and bent where another box is in its way.
 */
#include <math.h>
#include "draw.h"

#define GAP	92	/* between boxes of a row */
#define ROW	200	/* from row to row */
#define APART	9	/* between an edge and the middle */

/**
 * layout_make() - find the size of a drawing
 * @l: the result
 * @g: the graph, sorted
 */
void layout_make(struct layout *l, const struct graph *g)
{
	u32 units[FWSLOT_UNITS];
	u32 i, columns = 0, rows = 0;

	for (i = 0; i < g->n_nodes; i++) {
		if (!g->node[i].shown)
			continue;
		columns = max_t(u32, columns, g->node[i].column);
		rows = max_t(u32, rows, g->node[i].row);
	}
	l->g = g;
	l->box = draw_units(g, units) * DRAW_CELL + 2 * DRAW_PAD;
	l->pitch = (l->box + GAP) / 2;
	l->width = 2 * DRAW_MARGIN + columns * l->pitch + l->box;
	l->height = DRAW_TOP + rows * ROW + DRAW_HEIGHT + DRAW_LEGEND;
}

/* The left upper corner of a box. */
double layout_left(const struct layout *l, const struct node *node)
{
	return DRAW_MARGIN + node->column * l->pitch;
}

double layout_top(const struct node *node)
{
	return DRAW_TOP + node->row * ROW;
}

/* When a point that moves by @dx and @dy, @x and @y from the centre, is out. */
static double leaves(const struct layout *l, double x, double y, double dx,
		     double dy)
{
	double tx = (copysign(l->box / 2, dx) - x) / dx;
	double ty = (copysign(DRAW_HEIGHT / 2.0, dy) - y) / dy;

	if (fabs(dx) < 0.1)
		return ty;
	return fabs(dy) < 0.1 ? tx : fmin(tx, ty);
}

/* From the border of a box to that of the other. */
static void straight(const struct layout *l, const struct node *a,
		     const struct node *b, struct line *line)
{
	double dx = layout_left(l, b) - layout_left(l, a);
	double dy = layout_top(b) - layout_top(a);
	double len = hypot(dx, dy), gap = 4 / len;
	double x = -dy / len * APART, y = dx / len * APART;
	double from = leaves(l, x, y, dx, dy) + gap;
	double to = 1 - leaves(l, x, y, -dx, -dy) - gap;

	x += layout_left(l, a) + l->box / 2;
	y += layout_top(a) + DRAW_HEIGHT / 2.0;
	line->x1 = x + dx * from;
	line->y1 = y + dy * from;
	line->x2 = x + dx * to;
	line->y2 = y + dy * to;
	line->x = (line->x1 + line->x2) / 2;
	line->y = (line->y1 + line->y2) / 2;
}

/**
 * line_at() - a point on a line
 * @line: the line
 * @t: which: 0 is its start, 1 its end
 * @x: the result
 * @y: the result
 */
void line_at(const struct line *line, double t, double *x, double *y)
{
	double a = (1 - t) * (1 - t), b = 2 * t * (1 - t), c = t * t;

	*x = a * line->x1 + b * line->x + c * line->x2;
	*y = a * line->y1 + b * line->y + c * line->y2;
}

static bool in_box(const struct layout *l, const struct node *node, double x,
		   double y)
{
	x -= layout_left(l, node);
	y -= layout_top(node);
	return x > -DRAW_PAD && x < l->box + DRAW_PAD &&
	       y > -DRAW_PAD && y < DRAW_HEIGHT + DRAW_PAD;
}

/* Does a line meet a box between its ends? */
static bool is_blocked(const struct layout *l, const struct edge *e,
		       const struct line *line)
{
	const struct graph *g = l->g;
	double x, y;
	u32 i, n;

	for (n = 1; n < 20; n++) {
		line_at(line, n / 20.0, &x, &y);
		for (i = 0; i < g->n_nodes; i++)
			if (i != e->from && i != e->to && g->node[i].shown &&
			    in_box(l, &g->node[i], x, y))
				return true;
	}
	return false;
}

/**
 * layout_edge() - find the line of an edge
 * @l: the layout
 * @e: the edge
 * @line: the result
 */
void layout_edge(const struct layout *l, const struct edge *e, struct line *line)
{
	double dx, dy, len;
	u32 n;

	straight(l, &l->g->node[e->from], &l->g->node[e->to], line);
	dx = line->x2 - line->x1;
	dy = line->y2 - line->y1;
	len = hypot(dx, dy);
	for (n = 0; n < 20 && is_blocked(l, e, line); n++) {
		line->x -= dy / len * APART;
		line->y += dx / len * APART;
	}
}
