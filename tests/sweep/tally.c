// SPDX-License-Identifier: MIT
/*
 * tally.c - what was seen, added up and printed
 */
#include <stdlib.h>
#include "sweep.h"

struct tally *tally;

const char *event_word(u32 kind)
{
	static const char *const words[] = { "kill", "eio", "eio-torn" };

	if (kind < FLASHSIM_DAMAGES)
		return flashsim_damage_word(kind);
	return words[kind - FLASHSIM_DAMAGES];
}

int event_find(const char *word)
{
	u32 kind;

	for (kind = 0; kind < EVENTS; kind++)
		if (!strcmp(event_word(kind), word))
			return kind;
	return -1;
}

static void add_state(struct tally *t, const char *text, u64 count)
{
	u32 i;

	for (i = 0; i < t->n_states; i++)
		if (!strcmp(t->state[i].text, text))
			break;
	if (i == STATES_MAX)
		return;
	if (i == t->n_states)
		strncpy(t->state[t->n_states++].text, text,
			sizeof(t->state[i].text) - 1);
	t->state[i].count += count;
}

void tally_state(const char *text)
{
	add_state(tally, text, 1);
}

static void add(u64 *to, const u64 *from, size_t n)
{
	while (n--)
		*to++ += *from++;
}

void tally_add(struct tally *to, const struct tally *from)
{
	u32 i;

	add(&to->cuts, &from->cuts,
	    offsetof(struct tally, n_states) / sizeof(u64));
	for (i = 0; i < from->n_states; i++)
		add_state(to, from->state[i].text, from->state[i].count);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static u64 sum(const u64 *n, u32 count)
{
	u64 all = 0;

	while (count--)
		all += *n++;
	return all;
}

static void print_row(const char *name, const u64 *row)
{
	u32 i;

	printf("%-34s", name);
	for (i = 0; i < FLASHSIM_DAMAGES; i++)
		printf(" %11llu", (unsigned long long)row[i]);
	printf("\n");
}

static void print_damage(const struct tally *t)
{
	u32 i;

	printf("%-34s", "by damage");
	for (i = 0; i < FLASHSIM_DAMAGES; i++)
		printf(" %11.11s", event_word(i));
	printf("\n");
	print_row("cuts", t->damage);
	print_row("one copy: in its own write", t->window);
	print_row("header-only ROM, one copy: dead", t->header[0]);
	print_row("header-only ROM, two copies: dead", t->header[1]);
}

static void print_minds(const struct tally *t)
{
	u32 i;

	printf("changes of mind: %llu went through",
	       (unsigned long long)t->mind_done);
	for (i = 0; i < FWSLOT_REASON_MAX; i++)
		if (t->mind_refused[i])
			printf(", %llu refused: %s",
			       (unsigned long long)t->mind_refused[i],
			       fwslot_reason_word(i));
	printf("\n");
}

/* A short table; what is in it changes only when the rules or the cases do. */
void tally_print(const struct tally *t)
{
	static struct tally sorted;
	u32 i;

	sorted = *t;
	qsort(sorted.state, sorted.n_states, sizeof(sorted.state[0]), by_text);
	printf("states after a cut: secondary, bootloaders, primary; what boots\n");
	for (i = 0; i < sorted.n_states; i++)
		printf("  %-44s %9llu\n", sorted.state[i].text,
		       (unsigned long long)sorted.state[i].count);
	print_damage(t);
	printf("one copy, in its own write: %llu cuts, %llu finished by a rescue system\n",
	       (unsigned long long)sum(t->window, EVENTS),
	       (unsigned long long)t->rescued);
	print_minds(t);
	printf("retries without a reboot: %llu\n",
	       (unsigned long long)t->stops);
	printf("cases: %llu played, %llu refused from the start\n",
	       (unsigned long long)t->played, (unsigned long long)t->refused);
}
