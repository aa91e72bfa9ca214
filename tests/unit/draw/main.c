// SPDX-License-Identifier: GPL-2.0-only
/*
 * main.c - draws what becomes of an upgrade that loses power
 *
 *	states FOLDER	writes four drawings and two tables into FOLDER
 *
 * Drawn are the upgrade 5.21.2 -> 5.22.2 and the downgrade, with one and with
 * two copies of the bootloader.  The status is 1 if a drawing would show what
 * must not be; stderr says what.
 */
#include <stdlib.h>
#include "draw.h"

static FILE *create(const char *folder, const char *name)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "w");
	if (!f) {
		perror(path);
		exit(1);
	}
	return f;
}

static void finish(FILE *f, const char *name)
{
	bool bad = ferror(f);

	if (fclose(f) || bad) {
		perror(name);
		exit(1);
	}
}

static void make(struct graph *g, u32 old, u32 new, u32 copies,
		 const char *folder)
{
	char name[64];
	FILE *f;
	u32 i, shown = 0;

	memset(g, 0, sizeof(*g));
	g->old = old;
	g->new = new;
	g->copies = copies;
	graph_walk(g);
	graph_sort(g);
	for (i = 0; i < g->n_nodes; i++)
		shown += g->node[i].shown;
	snprintf(name, sizeof(name), "%s-%u.svg",
		 old < new ? "upgrade" : "downgrade", copies);
	f = create(folder, name);
	graph_svg(g, f);
	finish(f, name);
	printf("%s: %u of %u states\n", name, shown, g->n_nodes);
}

/* The table of a graph, in memory. */
static char *table_of(const struct graph *g)
{
	size_t size;
	char *text;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		exit(1);
	graph_table(g, f);
	finish(f, "table");
	return text;
}

/* One table for both: but for the names of the releases they are the same. */
static u32 put_table(const struct graph *up, const struct graph *down,
		     const char *folder)
{
	char *text = table_of(up), *other = table_of(down);
	u32 faults = !!strcmp(text, other);
	char name[64];
	FILE *f;

	if (faults)
		fprintf(stderr, "upgrade and downgrade are not the same\n");
	snprintf(name, sizeof(name), "states-%u.txt", up->copies);
	f = create(folder, name);
	fputs(text, f);
	finish(f, name);
	free(text);
	free(other);
	return faults;
}

int main(int argc, char **argv)
{
	static struct graph up, down;
	u32 copies, faults = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
		return 2;
	}
	for (copies = 1; copies <= 2; copies++) {
		make(&up, REL_O, REL_N, copies, argv[1]);
		make(&down, REL_N, REL_O, copies, argv[1]);
		faults += put_table(&up, &down, argv[1]);
		faults += up.faults + down.faults;
	}
	return faults ? 1 : 0;
}
