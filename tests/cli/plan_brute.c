// SPDX-License-Identifier: MIT
/*
 * plan_brute.c - the planner against a search that knows no short cuts
 *
 * From every state that it is told to begin with, this program plays every
 * release in every set of slots until no new state comes, and keeps all edges.
 * The least steps, and writes, from one state to another follow from these by
 * plain iteration over the number of steps.  Only the core is shared with the
 * planner; what a step leaves behind and what boots is said here once more.
 *
 * Prints "ok NAME" or "not ok NAME: what came", and a line of figures.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fwslot.h"
#include "planner.h"

#define PRODUCT		"sw"
#define STATES_MAX	40000
#define EDGES_MAX	(STATES_MAX * 16)
#define ROUNDS		12
#define FAR		(~0U)

static const struct {
	const char *version;
	u32 format;
	const char *product;
	struct {
		u32 format;
		const char *version;
	} bridges[2];
} releases[] = {
	{ "5.20.0", 1, PRODUCT, { } },
	{ "5.21.0", 1, PRODUCT, { } },
	{ "5.21.2", 1, PRODUCT, { { 2, "5.22.2" } } },
	{ "5.22.2", 2, PRODUCT, { { 1, "5.21.2" } } },
	{ "5.22.9", 2, PRODUCT, { { 1, "5.21.9" } } },	/* its start is missing */
	{ "5.23.0", 2, PRODUCT, { { 3, "6.0.0" } } },
	{ "5.23.1", 2, "other", { { 1, "5.20.0" } } },	/* not for this device */
	{ "6.0.0", 3, PRODUCT, { { 2, "5.23.0" } } },
	{ "6.1.0", 3, PRODUCT, { { 1, "5.21.0" } } },	/* one way only */
	{ "7.0.0", 4, PRODUCT, { { 3, "6.9.9" } } },	/* cannot be reached */
};

#define RELEASES	((int)ARRAY_SIZE(releases))

static struct catalogue catalogue;

/* What a unit holds: a release, or one of these. */
enum { EMPTY = -1, JUNK = -2, WRONG = -3, REST = -4 };

static const struct {
	int holds;
	const char *word;
} odd[] = {
	{ EMPTY, "absent" }, { JUNK, "unknown" }, { WRONG, "corrupt" },
	{ REST, "incomplete" },
};

struct device {
	int holds[FWSLOT_UNITS];
	int copies;
	u32 booted;
};

struct edge {
	int from;
	int to;
	u32 writes;
	int release;
	u32 slots;
};

static struct device *states;
static int n_states;
static struct edge *edges;
static int n_edges;

static void result(bool ok, const char *name, const char *came)
{
	if (ok)
		printf("ok %s\n", name);
	else
		printf("not ok %s: %s\n", name, came);
}

static void make_image(struct fwslot_image *img, u32 kind, int release)
{
	img->kind = kind;
	img->slots = kind == FWSLOT_IMAGE_SYSTEM ?
		     1U << FWSLOT_PRIMARY | 1U << FWSLOT_SECONDARY :
		     1U << FWSLOT_BOOTLOADER;
	img->size = 70000;
	img->chunk_size = FWSLOT_CHUNK_MIN;
	img->chunks = 2;
	memset(img->table_digest, release + 1, sizeof(img->table_digest));
	img->table_digest[0] = kind;
}

static void make_catalogue(void)
{
	struct fwslot_manifest *m;
	int i, j;

	catalogue.n = RELEASES;
	catalogue.entries = calloc(RELEASES, sizeof(*catalogue.entries));
	for (i = 0; i < RELEASES; i++) {
		m = &catalogue.entries[i].manifest;
		m->format = releases[i].format;
		fwslot_release_parse(releases[i].version, &m->release);
		m->n_products = 1;
		strcpy(m->products[0], releases[i].product);
		m->n_images = 2;
		make_image(&m->images[0], FWSLOT_IMAGE_SYSTEM, i);
		make_image(&m->images[1], FWSLOT_IMAGE_BOOTLOADER, i);
		for (j = 0; j < 2 && releases[i].bridges[j].format; j++) {
			m->bridges[j].format = releases[i].bridges[j].format;
			fwslot_release_parse(releases[i].bridges[j].version,
					     &m->bridges[j].release);
			m->n_bridges++;
		}
	}
}

static void ask_view(const struct device *d, int unit, int release,
		     struct fwslot_view *v)
{
	int holds = d->holds[unit];

	v->present = holds != EMPTY;
	v->fits = true;
	v->recorded = holds >= 0 || holds == WRONG;
	v->matched = holds >= 0;
	v->equal = holds == release;
	v->blank = holds == REST;
	if (holds >= 0) {
		v->format = releases[holds].format;
		fwslot_release_parse(releases[holds].version, &v->release);
	}
}

static bool ask(const struct device *d, int release, u32 slots,
		struct fwslot_plan *plan)
{
	struct fwslot_request req = {
		.manifest = &catalogue.entries[release].manifest,
		.slots = slots, .booted = d->booted, .product = PRODUCT,
		.configured = d->copies == 2 ? 0xf : 0x7,
	};
	int i;

	for (i = 0; i < FWSLOT_UNITS; i++)
		ask_view(d, i, release, &req.views[i]);
	fwslot_running_find(&req, &req.running);
	return !fwslot_plan_make(&req, plan);
}

/* The format that the first good copy of the bootloader starts. */
static int starts(const struct device *d)
{
	int i;

	for (i = FWSLOT_UNIT_BOOT0; i < FWSLOT_UNIT_BOOT0 + d->copies; i++)
		if (d->holds[i] >= 0)
			return releases[d->holds[i]].format;
	return -1;
}

static bool boot(struct device *d)
{
	int format = starts(d), i;

	for (i = 0; i < 2; i++) {
		if (d->holds[i] < 0 || (int)releases[d->holds[i]].format != format)
			continue;
		d->booted = i ? FWSLOT_BOOTED_SECONDARY : FWSLOT_BOOTED_PRIMARY;
		return true;
	}
	return d->booted == FWSLOT_BOOTED_OTHER;
}

static int state_number(const struct device *d)
{
	int i;

	for (i = 0; i < n_states; i++)
		if (!memcmp(&states[i], d, sizeof(*d)))
			return i;
	if (n_states == STATES_MAX)
		exit(2);
	states[n_states] = *d;
	return n_states++;
}

static void play(int from, int release, u32 slots)
{
	struct device d = states[from];
	struct fwslot_plan plan;
	struct edge *e;
	u32 i, writes = 0;

	if (!ask(&d, release, slots, &plan))
		return;
	for (i = 0; i < plan.n_steps; i++) {
		if (plan.steps[i].action != FWSLOT_ACTION_WRITE)
			continue;
		d.holds[plan.steps[i].unit] = release;
		writes++;
	}
	if (!boot(&d) || n_edges == EDGES_MAX)
		return;
	e = &edges[n_edges++];
	e->from = from;
	e->to = state_number(&d);
	e->writes = writes;
	e->release = release;
	e->slots = slots;
}

static void play_all(void)
{
	static const u32 slots[] = { 1, 2, 4, 7 };
	int from, release;
	size_t i;

	for (from = 0; from < n_states; from++)
		for (release = 0; release < RELEASES; release++)
			for (i = 0; i < ARRAY_SIZE(slots); i++)
				play(from, release, slots[i]);
}

static bool reached(const struct device *d, int aim)
{
	int i;

	for (i = 0; i < FWSLOT_UNIT_BOOT0 + d->copies; i++)
		if (d->holds[i] != aim)
			return false;
	return true;
}

/**
 * struct least - the least to get from one state to a release
 * @steps: commands, FAR: it cannot be reached
 * @writes: units written with that many commands
 */
struct least {
	u32 steps;
	u32 writes;
};

static void note_reached(const u32 *writes, u32 round, struct least *least)
{
	int i, aim;

	for (i = 0; i < n_states; i++) {
		aim = states[i].holds[0];
		if (writes[i] == FAR || aim < 0 || !reached(&states[i], aim) ||
		    least[aim].steps < round)
			continue;
		if (least[aim].steps == round && least[aim].writes <= writes[i])
			continue;
		least[aim].steps = round;
		least[aim].writes = writes[i];
	}
}

static void measure(int start, struct least *least)
{
	u32 *now = malloc(2 * n_states * sizeof(*now));
	u32 *next = now + n_states, *swap, round, sum;
	u32 *memory = now;
	int i;

	for (i = 0; i < RELEASES; i++)
		least[i].steps = FAR;
	for (i = 0; i < n_states; i++)
		now[i] = i == start ? 0 : FAR;
	for (round = 0; round <= ROUNDS; round++) {
		note_reached(now, round, least);
		for (i = 0; i < n_states; i++)
			next[i] = FAR;
		for (i = 0; i < n_edges; i++) {
			if (now[edges[i].from] == FAR)
				continue;
			sum = now[edges[i].from] + edges[i].writes;
			if (sum < next[edges[i].to])
				next[edges[i].to] = sum;
		}
		swap = now;
		now = next;
		next = swap;
	}
	free(memory);
}

/* Of another product's release the catalogue does not say the format. */
static size_t describe_unit(int unit, int holds, char *buf, size_t size)
{
	const char *word = holds >= 0 ? releases[holds].version : "";
	size_t j;

	for (j = 0; j < ARRAY_SIZE(odd); j++)
		if (odd[j].holds == holds)
			word = odd[j].word;
	if (holds >= 0 && strcmp(releases[holds].product, PRODUCT))
		return snprintf(buf, size, "%s=%s:%u,", fwslot_unit_word(unit),
				word, releases[holds].format);
	return snprintf(buf, size, "%s=%s,", fwslot_unit_word(unit), word);
}

static void describe(const struct device *d, char *buf, size_t size)
{
	size_t used = 0;
	int i;

	for (i = 0; i < FWSLOT_UNIT_BOOT0 + d->copies; i++)
		used += describe_unit(i, d->holds[i], buf + used, size - used);
	snprintf(buf + used, size - used, "booted=%s",
		 fwslot_booted_word(d->booted));
}

/* Walk the planner's way along our edges. */
static bool walk(int start, int aim, const struct planner_path *path)
{
	u32 i, writes = 0;
	int at = start, e;

	for (i = 0; i < path->n; i++) {
		for (e = 0; e < n_edges; e++)
			if (edges[e].from == at &&
			    edges[e].release == (int)path->steps[i].entry &&
			    edges[e].slots == path->steps[i].slots)
				break;
		if (e == n_edges)
			return false;
		writes += edges[e].writes;
		at = edges[e].to;
	}
	return reached(&states[at], aim) && writes == path->writes;
}

static bool compare(int start, int aim, const struct least *least, char *came,
		    size_t size)
{
	struct planner p = { .cat = &catalogue, .product = PRODUCT };
	struct planner_path *path = calloc(1, sizeof(*path));
	struct failure f = { 0 };
	struct planner_state st;
	char text[160];
	bool ok;

	describe(&states[start], text, sizeof(text));
	ok = path && !planner_from_text(&p, text, &st, &f) &&
	     !planner_search(&p, &st, &catalogue.entries[aim].manifest, path);
	if (ok && least->steps == FAR)
		ok = !path->found && path->reason != FWSLOT_REASON_NONE;
	else if (ok)
		ok = path->found && path->n == least->steps &&
		     path->writes == least->writes && walk(start, aim, path);
	if (!ok)
		snprintf(came, size, "%s to %s: %u steps, %u writes instead of %d, %u; %s",
			 text, releases[aim].version, path->n, path->writes,
			 (int)least->steps, least->writes, f.text);
	planner_free(&p);
	free(path);
	return ok;
}

static int add_start(int primary, int secondary, int boot0, int copies,
		     u32 booted)
{
	struct device d = { .holds = { primary, secondary, boot0, EMPTY },
			    .copies = copies, .booted = booted };

	if (copies == 2)
		d.holds[FWSLOT_UNIT_BOOT1] = boot0 == REST ? secondary : boot0;
	if (booted == FWSLOT_BOOTED_OTHER ? boot(&d) &&
	    d.booted != FWSLOT_BOOTED_OTHER : !boot(&d) || d.booted != booted)
		return n_states;
	return state_number(&d);
}

/* All in one release, and what power cuts between any two leave behind. */
static void add_starts(int copies, u32 booted)
{
	int a, b;
	size_t i;

	for (a = 0; a < RELEASES; a++) {
		add_start(a, a, a, copies, booted);
		for (i = 0; i < ARRAY_SIZE(odd); i++) {
			add_start(a, odd[i].holds, a, copies, booted);
			add_start(odd[i].holds, a, a, copies, booted);
		}
		for (b = 0; b < RELEASES; b++) {
			if (a == b)
				continue;
			add_start(a, b, a, copies, booted);
			add_start(a, b, b, copies, booted);
			add_start(REST, b, b, copies, booted);
			add_start(a, b, REST, copies, booted);
			if (copies == 2) {
				struct device d = { .holds = { a, b, a, b },
						    .copies = 2, .booted = booted };

				if (boot(&d) && d.booted == booted)
					state_number(&d);
			}
		}
	}
}

static void run(const char *name, int copies, u32 booted)
{
	struct least least[RELEASES];
	int starts_n, start, aim, pairs = 0, none = 0;
	bool ok = true;
	char came[400] = "";
	u32 longest = 0;

	n_states = 0;
	n_edges = 0;
	add_starts(copies, booted);
	starts_n = n_states;
	play_all();
	for (start = 0; start < starts_n && ok; start++) {
		measure(start, least);
		for (aim = 0; aim < RELEASES && ok; aim++) {
			/* Not even where somebody says that it is there. */
			if (strcmp(releases[aim].product, PRODUCT))
				least[aim].steps = FAR;
			ok = compare(start, aim, &least[aim], came,
				     sizeof(came));
			pairs++;
			if (least[aim].steps == FAR)
				none++;
			else if (least[aim].steps > longest)
				longest = least[aim].steps;
		}
	}
	printf("# %s: %d pairs, %d of them dead ends, up to %u steps; %d states, %d edges\n",
	       name, pairs, none, longest, n_states, n_edges);
	result(ok && pairs > 100 && none && longest >= 4, name, came);
}

int main(void)
{
	states = calloc(STATES_MAX, sizeof(*states));
	edges = calloc(EDGES_MAX, sizeof(*edges));
	make_catalogue();
	run("one bootloader, from primary", 1, FWSLOT_BOOTED_PRIMARY);
	run("one bootloader, from secondary", 1, FWSLOT_BOOTED_SECONDARY);
	run("one bootloader, a rescue system", 1, FWSLOT_BOOTED_OTHER);
	run("two bootloaders, from primary", 2, FWSLOT_BOOTED_PRIMARY);
	run("two bootloaders, from secondary", 2, FWSLOT_BOOTED_SECONDARY);
	free(catalogue.entries);
	free(states);
	free(edges);
	return 0;
}
