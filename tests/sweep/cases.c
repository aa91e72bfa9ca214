// SPDX-License-Identifier: MIT
/*
 * cases.c - boards, commands and start states, and the ids of histories
 *
 * To sweep over more, add a line here.
 */
#include <err.h>
#include <stdlib.h>
#include "sweep.h"

#define P	(1U << FWSLOT_PRIMARY)
#define S	(1U << FWSLOT_SECONDARY)
#define B	(1U << FWSLOT_BOOTLOADER)
#define ALL	FWSLOT_SLOTS_ALL

/*
 * Erase blocks of 4, 64 and 256 KiB.  With 4 and 64 KiB a chunk (64 KiB) has
 * many blocks or one, with 256 KiB a block has many chunks.  nor4kr and nor64k
 * have the bootloader's records in a partition of their own.  Pages are larger
 * than those of most chips: each is a step.
 */
static struct board boards[][2] = {
#define BOARD(...) { { __VA_ARGS__, .copies = 1 }, { __VA_ARGS__, .copies = 2 } }
	BOARD(.name = "small", .erase = 4096, .page = 2048, .system = 9001,
	      .bootloader = 5003),
	BOARD(.name = "nor4k", .erase = 4096, .page = 1024, .system = 19387,
	      .bootloader = 9001),
	BOARD(.name = "nor4kr", .erase = 4096, .page = 2048, .system = 70001,
	      .bootloader = 12287, .record_area = true, .spare = 1),
	BOARD(.name = "nor64k", .erase = 65536, .page = 16384,
	      .system = 200003, .bootloader = 40961, .record_area = true),
	BOARD(.name = "nor256k", .erase = 262144, .page = 65536,
	      .system = 300007, .bootloader = 150001),
	BOARD(.name = "nand", .erase = 8192, .page = 2048, .nand = true,
	      .layout = 2, .system = 20001, .bootloader = 9001, .spare = 2),
	BOARD(.name = "nandlin", .erase = 8192, .page = 2048, .nand = true,
	      .layout = 1, .system = 20001, .bootloader = 9001, .spare = 2),
#undef BOARD
};

static const struct order orders[] = {
	{ "up-all", REL_O, REL_M, { REL_N, ALL, 0 } },
	{ "down-all", REL_N, REL_L, { REL_O, ALL, 0 } },
	{ "same-all", REL_O, REL_M, { REL_K, ALL, 0 } },
	{ "same-p", REL_O, REL_M, { REL_K, P, 0 } },
	{ "same-s", REL_O, REL_M, { REL_K, S, 0 } },
	{ "same-b", REL_O, REL_M, { REL_K, B, 0 } },
	{ "new-all", REL_N, REL_L, { REL_L, ALL, 0 } },
	{ "repair-all", REL_O, REL_M, { REL_O, ALL, 0 } },
	{ "repair-p", REL_O, REL_M, { REL_O, P, 0 } },
	{ "repair-s", REL_O, REL_M, { REL_O, S, 0 } },
	{ "repair-b", REL_O, REL_M, { REL_O, B, 0 } },
	{ "adopt", REL_O, REL_M, { REL_O, ALL, FWSLOT_BEGIN_ADOPT } },
};

/* In the order of enum fwslot_unit: primary, secondary, both bootloaders. */
static const struct start starts[] = {
	{ "factory", false, 3, { "a+", "a+", "a+", "a+" } },
	{ "norec", false, 2, { "a-", "a-", "a-", "a-" } },
	{ "norec-i", false, 1, { "a-", "a-", "a+", "a+" } },
	{ "norec-b", false, 3, { "a+", "a+", "a-", "a-" } },
	{ "norec-p", false, 2, { "a-", "a+", "a+", "a+" } },
	{ "norec-s", false, 1, { "a+", "a-", "a+", "a+" } },
	{ "norec-b0", true, 1, { "a+", "a+", "a-", "a+" } },
	{ "norec-b1", true, 1, { "a+", "a+", "a+", "a-" } },
	{ "only-p", false, 1, { "a+", "a-", "a-", "a-" } },
	{ "only-s", false, 1, { "a-", "a+", "a-", "a-" } },
	{ "only-b0", true, 1, { "a-", "a-", "a+", "a-" } },
	{ "only-b1", true, 1, { "a-", "a-", "a-", "a+" } },
	{ "mixed", false, 2, { "a+", "c+", "a+", "a+" } },
	{ "mixed-n", false, 1, { "a+", "c-", "a-", "a-" } },
	{ "mixed-b", false, 1, { "a+", "a+", "c+", "c+" } },
	{ "mixed-b1", true, 1, { "a+", "a+", "a+", "c+" } },
	{ "mixed-p", false, 1, { "a+", "c+", "c+", "c+" } },
	{ "from-s", false, 3, { "x+", "a+", "a+", "a+" } },
	{ "from-s-n", false, 1, { "x-", "a-", "a-", "a-" } },
	{ "from-s-e", false, 1, { "e-", "a+", "a-", "a-" } },
	{ "s-bad", false, 2, { "a+", "x+", "a+", "a+" } },
	{ "s-bad-n", false, 1, { "a-", "x-", "a-", "a-" } },
	{ "s-empty", false, 1, { "a+", "e-", "a+", "a+" } },
	{ "b0-bad", true, 3, { "a+", "a+", "x+", "a+" } },
	{ "b1-bad", true, 1, { "a+", "a+", "a+", "x+" } },
	{ "b0-bad-n", true, 1, { "a-", "a-", "x-", "a-" }, true },
	{ "b1-bad-n", true, 1, { "a-", "a-", "a-", "x-" } },
	{ "b0-bad-r", true, 1, { "a+", "a+", "x-", "a-" }, true },
	{ "b1-bad-r", true, 1, { "a+", "a+", "a-", "x-" } },
	{ "half", false, 2, { "a+", "b+", "b+", "b+" } },
	{ "half-x", false, 1, { "x-", "b+", "b+", "b+" } },
	{ "half-s", false, 1, { "a+", "b+", "a+", "a+" } },
	{ "half-b", true, 1, { "a+", "b+", "a+", "b+" } },
	{ "half-bx", true, 1, { "a+", "b+", "a+", "x-" } },
};

/* Not all starts on all boards: what they have in common is seen on one. */
static bool wanted(const struct board *board, const struct order *order,
		   const struct start *start)
{
	u32 level = 3;

	if (start->two && board->copies != 2)
		return false;
	if (start->doubt && !(order->cmd.slots & BIT(FWSLOT_BOOTLOADER)))
		return false;
	if (board == &boards[0][board->copies - 1])
		level = 1;
	else if (board == &boards[1][board->copies - 1])
		level = 2;
	return start->boards >= level;
}

/* On the last boards a step takes long; changes of mind are seen on others. */
bool case_brief(const struct sweep_case *c)
{
	return c->board >= &boards[2][0];
}

/* All cases, in a fixed order; the boards are made. */
u32 cases_make(struct sweep_case *cases)
{
	u32 b, o, s, n = 0;

	for (b = 0; b < 2 * ARRAY_SIZE(boards); b++) {
		board_init(&boards[b / 2][b % 2]);
		for (o = 0; o < ARRAY_SIZE(orders); o++) {
			for (s = 0; s < ARRAY_SIZE(starts); s++) {
				cases[n].board = &boards[b / 2][b % 2];
				cases[n].order = &orders[o];
				cases[n].start = &starts[s];
				n += wanted(cases[n].board, &orders[o],
					    &starts[s]);
			}
		}
	}
	return n;
}

static u32 find_reason(const char *word)
{
	u32 reason;

	for (reason = 1; reason < FWSLOT_REASON_MAX; reason++)
		if (!strcmp(fwslot_reason_word(reason), word))
			return reason;
	return FWSLOT_REASON_NONE;
}

/*
 * Read which cases are refused from the start, and why: lines of copies,
 * command, start and reason.  It is the same on all boards.
 */
void cases_refused(struct sweep_case *cases, u32 n, const char *path)
{
	char order[32], start[32], reason[32];
	FILE *f = fopen(path, "r");
	u32 copies, i;

	if (!f)
		err(2, "%s", path);
	while (fscanf(f, "%u %31s %31s %31s", &copies, order, start,
		      reason) == 4)
		for (i = 0; i < n; i++)
			if (cases[i].board->copies == copies &&
			    !strcmp(cases[i].order->name, order) &&
			    !strcmp(cases[i].start->name, start))
				cases[i].refused = find_reason(reason);
	if (!feof(f))
		errx(2, "%s: cannot be read", path);
	fclose(f);
}

static void start_unit(const struct sweep_case *c, struct flash *flash,
		       u32 unit)
{
	const char *text = c->start->unit[unit];
	bool record = text[1] == '+';

	switch (text[0]) {
	case 'a':
		flash_put(flash, unit, c->order->own, record);
		break;
	case 'b':
		flash_put(flash, unit, c->order->cmd.rel, record);
		break;
	case 'c':
		flash_put(flash, unit, c->order->third, record);
		break;
	case 'x':
		flash_put(flash, unit, c->order->own, record);
		flash_spoil(flash, unit);
		break;
	default:
		flash_erase(flash, unit);
	}
}

/* Make the flash what the case starts from. */
void case_start(const struct sweep_case *c, struct flash *flash)
{
	u32 unit;

	/* Blocks that an event before has made bad are good again. */
	memset(flash->m.blocks, 0, flashsim_block_bytes(&flash->m.geo));
	for (unit = 0; unit < FWSLOT_UNITS; unit++)
		if (board_has(c->board, unit))
			start_unit(c, flash, unit);
}

/* Up or down with all slots, from what the factory made. */
bool case_key(const struct sweep_case *c)
{
	return c->start == &starts[0] && c->order->cmd.rel != REL_K &&
	       c->order->own != c->order->cmd.rel &&
	       c->order->cmd.rel != REL_L;
}

/* The way back; false if that is the same command. */
bool case_opposite(const struct sweep_case *c, struct command *cmd)
{
	*cmd = c->order->cmd;
	cmd->rel = c->order->own;
	return cmd->rel != c->order->cmd.rel;
}

/* The name of a history; @id has ID_MAX bytes. */
char *history_id(const struct history *h, char *id)
{
	const struct event *e;
	char *p = id;

	p += sprintf(p, "%s.%ucop%s.%s.%s", h->c->board->name,
		     h->c->board->copies, h->c->board->copies > 1 ? "ies" : "y",
		     h->c->order->name, h->c->start->name);
	for (e = h->event; e < h->event + h->n; e++) {
		p += sprintf(p, ".s%u.%s", e->step, event_word(e->kind));
		if (e->seed)
			p += sprintf(p, "@%u", e->seed);
		if (e->mind)
			p += sprintf(p, ".mind");
	}
	return id;
}

static const char *parse_event(struct history *h, const char *word,
			       const char *next)
{
	struct event *e = &h->event[h->n++];
	char name[ID_MAX];
	char *at;
	int kind;

	e->step = atoi(word + 1);
	if (*word != 's' || !e->step || !next)
		return "not a step and an event";
	strcpy(name, next);
	at = strchr(name, '@');
	if (at)
		*at++ = '\0';
	e->seed = at ? strtoul(at, NULL, 10) : 0;
	kind = event_find(name);
	e->kind = kind;
	return kind < 0 ? "no such event" : NULL;
}

/* Read an id; returns what is wrong with it, or NULL. */
const char *history_parse(struct history *h, const struct sweep_case *cases,
			  u32 n_cases, const char *id)
{
	char text[ID_MAX], name[ID_MAX];
	const char *bad = NULL;
	char *word, *rest;
	u32 i, len = 0;

	if (strlen(id) >= sizeof(text))
		return "too long";
	memset(h, 0, sizeof(*h));
	for (i = 0; i < n_cases && !h->c; i++) {
		struct history plain = { .c = &cases[i] };

		len = strlen(history_id(&plain, name));
		if (!strncmp(name, id, len) && (!id[len] || id[len] == '.'))
			h->c = &cases[i];
	}
	if (!h->c)
		return "no such case";
	strcpy(text, id + len);
	for (word = strtok_r(text, ".", &rest); word && !bad;
	     word = strtok_r(NULL, ".", &rest)) {
		if (!strcmp(word, "mind") && h->n)
			h->event[h->n - 1].mind = true;
		else if (h->n == EVENTS_MAX)
			bad = "too many events";
		else
			bad = parse_event(h, word, strtok_r(NULL, ".", &rest));
	}
	return bad;
}
