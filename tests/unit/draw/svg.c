// SPDX-License-Identifier: GPL-2.0-only
/*
 * svg.c - draws a graph
 *
 * A node is a box with a cell for each unit, in the colour of the number of
 * images that can be started.
 */
#include "draw.h"

static const char *const fills[] = { "#f4b6ae", "#fbe3a2", "#c5e6bd" };
static const char *const frames[] = { "#b3261e", "#a87400", "#2e7d32" };
static const char *const ways[] = { "#1557a0", "#a3420a" };

static void put_text(FILE *out, double x, double y, const char *style,
		     const char *words)
{
	fprintf(out, "<text x='%.1f' y='%.1f' %s>%s</text>\n", x, y, style, words);
}

static const char *version(u32 release, char *buf)
{
	if (release == REL_X)
		return "broken";
	return fwslot_release_print(&world_manifest(release)->release, buf);
}

static void draw_cell(const struct graph *g, FILE *out, double x, double y,
		      const struct node *node, u32 unit)
{
	u32 release = node->w.unit[unit].content;
	bool dark = release == REL_X;
	const char *fill = dark ? "#4a4a4a" :
			   release == g->old ? "#ffffff" : "#d5e3f7";
	char buf[FWSLOT_RELEASE_STR];

	fprintf(out, "<rect x='%.1f' y='%.1f' width='%d' height='38' fill='%s' stroke='#555'/>\n",
		x, y, DRAW_CELL, fill);
	x += DRAW_CELL / 2.0;
	put_text(out, x, y + 14, dark ? "class='unit' fill='#ddd'" :
		 "class='unit' fill='#555'", draw_letter(unit));
	put_text(out, x, y + 31, dark ? "class='what' fill='#fff'" :
		 "class='what' fill='#000'", version(release, buf));
}

static void draw_way(const struct graph *g, FILE *out, double x, double y,
		     const struct node *node, bool back)
{
	const char *way = back ? node->back : node->next;
	char style[64], words[64], buf[FWSLOT_RELEASE_STR];

	snprintf(style, sizeof(style), "class='way' fill='%s'", ways[back]);
	snprintf(words, sizeof(words), "to %s: %s",
		 version(back ? g->old : g->new, buf), way);
	put_text(out, x, y, style, words);
}

static void draw_words(const struct graph *g, FILE *out, double x, double y,
		       const struct node *node)
{
	static const char *const images[] = {
		"no image can be started", "1 image can be started",
		"2 images can be started",
	};
	u32 unit = node->boots == FWSLOT_BOOTED_PRIMARY ? FWSLOT_UNIT_PRIMARY :
							  FWSLOT_UNIT_SECONDARY;
	char words[64] = "nothing boots";
	char buf[FWSLOT_RELEASE_STR];

	if (node->boots != FWSLOT_BOOTED_OTHER)
		snprintf(words, sizeof(words), "boots %s, %s",
			 fwslot_unit_word(unit),
			 version(node->w.unit[unit].content, buf));
	put_text(out, x, y, "class='boots'", words);
	put_text(out, x, y + 16, "class='images'", images[node->images]);
	draw_way(g, out, x, y + 33, node, false);
	draw_way(g, out, x, y + 48, node, true);
}

static void draw_node(const struct layout *l, FILE *out, const struct node *node)
{
	double x = layout_left(l, node), y = layout_top(node);
	u32 units[FWSLOT_UNITS];
	u32 i, n = draw_units(l->g, units);

	fprintf(out, "<g class='state'>\n<rect x='%.1f' y='%.1f' width='%.1f' height='%d' ",
		x, y, l->box, DRAW_HEIGHT);
	fprintf(out, "rx='8' fill='%s' stroke='%s' stroke-width='2'/>\n",
		fills[node->images], frames[node->images]);
	for (i = 0; i < n; i++)
		draw_cell(l->g, out, x + DRAW_PAD + i * DRAW_CELL, y + DRAW_PAD,
			  node, units[i]);
	draw_words(l->g, out, x + l->box / 2, y + DRAW_PAD + 55, node);
	fprintf(out, "</g>\n");
}

static const char *const dashes[] = { "none", "7 4", "2 3" };

static void draw_line(FILE *out, const struct line *line, bool back,
		      const char *dash)
{
	fprintf(out, "<path d='M%.1f %.1fQ%.1f %.1f %.1f %.1f' fill='none' ",
		line->x1, line->y1, line->x, line->y, line->x2, line->y2);
	fprintf(out, "stroke='%s' stroke-dasharray='%s' stroke-width='1.8' ",
		ways[back], dash);
	fprintf(out, "marker-end='url(#%s)'/>\n", back ? "back" : "next");
}

static void draw_edge(const struct layout *l, FILE *out, const struct edge *e)
{
	bool level = l->g->node[e->from].row == l->g->node[e->to].row;
	struct line line;
	char style[64];
	double x, y;

	layout_edge(l, e, &line);
	line_at(&line, 0.5, &x, &y);
	fprintf(out, "<g class='%s'>\n", e->cut ? "cut" : "step");
	draw_line(out, &line, e->back, dashes[e->cut ? 1 : e->rescue ? 2 : 0]);
	snprintf(style, sizeof(style), "class='write' fill='%s'", ways[e->back]);
	if (!e->cut)
		put_text(out, x, y + (level ? -4 : 5), style, draw_letter(e->unit));
	fprintf(out, "</g>\n");
}

static void draw_legend(const struct graph *g, FILE *out, double y)
{
	static const char *const kinds[] = {
		"a write, to its end; the letter says of which slot",
		"power is lost in that write; the slot is left broken",
		"a write that only a rescue system can make",
	};
	static const char *const notes[] = {
		"S secondary, B bootloader (B2: its second copy), P primary; broken: erased,",
		"half written, or not to be read.  Wherever power is lost in a write that is drawn,",
		"the device is left in one of these boxes.  It says what starts then, and which",
		"slots each of the two commands still writes, in their order.  Where a change of",
		"mind leads to states that are not drawn, only the box and the tables say so.",
	};
	double x = DRAW_MARGIN, at;
	char words[64], buf[FWSLOT_RELEASE_STR];
	struct line line;
	u32 i, way;

	for (way = 0; way < 2; way++) {
		snprintf(words, sizeof(words), "fwslot upgrade all, with %s",
			 version(way ? g->old : g->new, buf));
		at = x + 300 * way;
		fprintf(out, "<rect x='%.1f' y='%.1f' width='36' height='12' fill='%s'/>\n",
			at, y - 11, ways[way]);
		put_text(out, at + 46, y, "class='note'", words);
	}
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		at = y + 18 + 20 * i;
		line = (struct line){ x, at, x, at, x + 36, at };
		draw_line(out, &line, false, dashes[i]);
		put_text(out, x + 46, at + 4, "class='note'", kinds[i]);
	}
	for (i = 0; i < ARRAY_SIZE(notes); i++)
		put_text(out, x, y + 92 + 17 * i, "class='note'", notes[i]);
}

static const char *const head[] = {
	"font-family='DejaVu Sans, Verdana, Arial, sans-serif'>",
	"<style>",
	".unit, .way { font-size: 11px } .what, .images, .note { font-size: 12px }",
	".boots { font-size: 12px; font-weight: bold }",
	".title { font-size: 20px; font-weight: bold }",
	".write { font-size: 13px; font-weight: bold; stroke: #fff; stroke-width: 4px;",
	"paint-order: stroke }",
	".unit, .what, .boots, .images, .way, .write { text-anchor: middle }",
	"</style>",
	"<rect width='100%' height='100%' fill='#fff'/>",
};

static void draw_arrow(FILE *out, bool back)
{
	fprintf(out, "<marker id='%s' viewBox='0 0 10 10' refX='9' refY='5' ",
		back ? "back" : "next");
	fprintf(out, "markerWidth='7' markerHeight='7' orient='auto'>");
	fprintf(out, "<path d='M0 0L10 5L0 10z' fill='%s'/></marker>\n", ways[back]);
}

static void draw_head(const struct layout *l, FILE *out)
{
	const struct graph *g = l->g;
	char old[FWSLOT_RELEASE_STR], new[FWSLOT_RELEASE_STR], title[128];
	u32 i;

	fprintf(out, "<svg xmlns='http://www.w3.org/2000/svg' width='%.0f' height='%.0f' ",
		l->width, l->height);
	for (i = 0; i < ARRAY_SIZE(head); i++)
		fprintf(out, "%s\n", head[i]);
	draw_arrow(out, false);
	draw_arrow(out, true);
	snprintf(title, sizeof(title), "All slots from %s to %s, %s of the bootloader",
		 version(g->old, old), version(g->new, new),
		 g->copies == 1 ? "one copy" : "two copies");
	put_text(out, DRAW_MARGIN, 34, "class='title'", title);
}

/**
 * graph_svg() - draw
 * @g: the graph, sorted
 * @out: where to
 */
void graph_svg(const struct graph *g, FILE *out)
{
	struct layout l;
	u32 i;

	layout_make(&l, g);
	draw_head(&l, out);
	for (i = 0; i < g->n_edges; i++)
		if (g->node[g->edge[i].from].shown && g->node[g->edge[i].to].shown)
			draw_edge(&l, out, &g->edge[i]);
	for (i = 0; i < g->n_nodes; i++)
		if (g->node[i].shown)
			draw_node(&l, out, &g->node[i]);
	draw_legend(g, out, l.height - DRAW_LEGEND + 34);
	fprintf(out, "</svg>\n");
}
