// SPDX-License-Identifier: MIT
/*
 * strike.c - the events of a history: at which steps, and what is judged then
 *
 * At a cut the flash is copied and damaged, and a segment of the next depth is
 * played on the copy; then the one that was interrupted goes on as if nothing
 * had been.
 */
#include "segment.h"

static bool in_unit(const struct board *board, u32 unit, u64 at)
{
	u64 ofs = board->part[unit].ofs;

	if (board_has(board, unit) && at >= ofs &&
	    at < ofs + board->part[unit].size)
		return true;
	return board->record_area && at >= board_record(board, unit) &&
	       at < board_record(board, unit) + board->erase;
}

/*
 * With one copy, its own write is the only time when nothing may start.  A
 * rescue system that finishes the job is in it until its bootloader starts, and
 * weak bits that a cut in it has left may show later, but not at the end.  So is
 * who goes on after an error of the chip in it: then @boot says that there is no
 * bootloader, whatever the step is.
 */
static bool in_window(const struct segment *seg,
		      const struct flashsim_step *step,
		      const struct boot_result *boot)
{
	const struct board *board = flash_of(seg)->board;
	const struct flashsim_model *m = &flash_of(seg)->m;
	u32 i;

	if (board->copies != 1)
		return false;
	for (i = 0; i < m->n_unstable; i++)
		if (in_unit(board, FWSLOT_UNIT_BOOT0, m->unstable[i].ofs))
			return true;
	if (seg->boot_failed && boot->reason &&
	    !strcmp(boot->reason, "no-bootloader"))
		return true;
	return seg->boot.reason ||
	       in_unit(board, FWSLOT_UNIT_BOOT0, step->ofs);
}

static bool is_head(const struct board *board, u64 ofs)
{
	return ofs == board->part[FWSLOT_UNIT_BOOT0].ofs ||
	       (board->copies == 2 &&
		ofs == board->part[FWSLOT_UNIT_BOOT1].ofs);
}

/*
 * A ROM that looks at the header alone takes a bootloader for good from the
 * moment its head is there, and that is programmed last, in one page: if that
 * page is stopped behind the header, now or in an earlier cut that left weak bits,
 * such a ROM is lost.  So it is where the chip has failed in a bootloader: then
 * what it held is put back, with weak bits that read wrong just then.
 */
static bool in_head(const struct segment *seg, const struct segment *cut,
		    const struct flashsim_step *step)
{
	const struct flashsim_model *m = &flash_of(seg)->m;
	u32 i;

	if (cut->boot_failed)
		return true;
	for (i = 0; i < m->n_unstable; i++)
		if (is_head(flash_of(seg)->board, m->unstable[i].ofs))
			return true;
	return !step->erase && is_head(flash_of(seg)->board, step->ofs);
}

static void judge_header(struct segment *seg, const struct segment *cut,
			 const struct flashsim_step *step, bool count)
{
	const struct event *e = last_event(seg);

	/* On NAND the pages have an order: a ROM like that is not enough. */
	seg->header = !flash_of(seg)->board->nand && !header_dead(seg);
	if (seg->header || flash_of(seg)->board->nand)
		return;
	say(seg, 1, "with a ROM that checks the header alone: nothing boots");
	if (count && cut->header)
		tally->header[flash_of(seg)->board->copies - 1][e->kind]++;
	if (cut->header && !in_head(seg, cut, step) && !in_window(cut, step, &seg->boot))
		bad_end(seg, &tally->unbootable,
			"nothing boots if the ROM checks the header alone");
}

static void count_state(struct segment *seg, u32 booted)
{
	static const char *const boots[] = {
		[FWSLOT_BOOTED_PRIMARY] = "primary",
		[FWSLOT_BOOTED_SECONDARY] = "secondary",
		[FWSLOT_BOOTED_OTHER] = "nothing",
	};
	char text[FLASH_TEXT], state[64];
	char *p, *q;

	flash_text(flash_of(seg), text);
	/* Without the records: there would be too many. */
	for (p = q = text; *p; p++)
		if (*p != '+' && *p != '-')
			*q++ = *p;
	*q = '\0';
	snprintf(state, sizeof(state), "%-10s %-8s %s",
		 seg->p->script.c->order->name, text, boots[booted]);
	tally_state(state);
}

/* The power was cut: what boots, and how does it go on? */
static void after_cut(struct segment *cut, const struct flashsim_step *step,
		      bool count)
{
	struct segment seg = {
		.p = cut->p, .depth = cut->depth + 1, .index = cut->index + 1,
		.cmd = cut->cmd, .begun = cut->begun,
	};
	const struct event *e = last_event(&seg);
	u64 bad = tally->unfinished;
	u32 booted;

	say(&seg, 1, "cut at step %u: %s", e->step, event_word(e->kind));
	booted = power_on(&seg);
	if (count) {
		tally->cuts++;
		tally->damage[e->kind]++;
		count_state(&seg, booted);
	}
	judge_header(&seg, cut, step, count);
	if (booted != FWSLOT_BOOTED_OTHER) {
		go_on(&seg, booted);
		return;
	}
	if (!in_window(cut, step, &seg.boot)) {
		bad_end(&seg, &tally->unbootable, "nothing boots");
		return;
	}
	go_on(&seg, booted);
	if (!count)
		return;
	tally->window[e->kind]++;
	if (tally->unfinished == bad)
		tally->rescued++;
}

/* Take note of an event; true if it is the last of its history. */
static bool note_event(struct segment *seg, const struct event *event)
{
	struct player *p = seg->p;

	p->h.event[seg->index] = *event;
	p->h.n = seg->index + 1;
	p->number[seg->index + 1] = 0;
	return p->mode[seg->index + 1] == PLAY_NONE;
}

/* Take the power away in a step; what comes after it is played on a copy. */
static void cut(struct segment *seg, const struct flashsim_step *step,
		const struct event *event, bool again)
{
	struct flash *copy = seg->p->flash[seg->depth + 1];
	bool last = note_event(seg, event);

	flash_copy(copy, flash_of(seg));
	flashsim_damage(&copy->m, step, event->kind, event->seed);
	after_cut(seg, step, last && !again);
	seg->p->h.n = seg->index;
}

/* Of the first cuts this process has its share, of later ones some are taken. */
static bool mine(struct segment *seg, u64 n)
{
	struct player *p = seg->p;

	if (!seg->index)
		return n % p->shards == p->shard;
	return n % p->stride == p->stride / 2;
}

/* Other damage in every case, but the same whenever it is played. */
static u32 make_seed(const struct segment *seg, const struct event *event,
		     u32 round)
{
	const struct sweep_case *c = seg->p->script.c;
	const char *p;
	u32 x = 7 * round + event->kind;

	if (event->kind == FLASHSIM_CUT_BEFORE ||
	    event->kind == FLASHSIM_CUT_AFTER)
		return 0;
	for (p = c->order->name; *p; p++)
		x = x * 31 + *p;
	for (p = c->start->name; *p; p++)
		x = x * 31 + *p;
	x = (x * 31 + event->step) * 2654435761U + seg->index;
	return 1 + (x >> 16) % 9999;
}

/* Weak bits have the most ways to go: each is played that often. */
#define UNSTABLE_ROUNDS	3

static void cut_kind(struct segment *seg, const struct flashsim_step *step,
		     struct event *event)
{
	struct command opposite;
	const struct sweep_case *c = seg->p->script.c;
	bool two = !case_brief(c) && case_opposite(c, &opposite);
	u32 rounds = 1;
	u32 i;
	u64 n;

	if (event->kind == FLASHSIM_UNSTABLE && !case_brief(c))
		rounds = UNSTABLE_ROUNDS;
	for (i = 0; i < rounds; i++) {
		n = seg->p->number[seg->index]++;
		if (!mine(seg, n))
			continue;
		event->seed = make_seed(seg, event, i);
		/* After a second event one way to go on, by turns. */
		event->mind = two && seg->index && n / seg->p->stride % 2;
		cut(seg, step, event, false);
		event->mind = two && !seg->index;
		if (event->mind)
			cut(seg, step, event, true);
	}
}

/* Every way to lose power at this step, and both ways to go on. */
static void cut_all(struct segment *seg, const struct flashsim_step *step)
{
	struct event event = { .step = seg->steps };

	for (event.kind = 0; event.kind < FLASHSIM_DAMAGES; event.kind++)
		if (flashsim_damage_applies(event.kind, step))
			cut_kind(seg, step, &event);
}

/* What the other kind of step has that is most like it. */
static u32 like(u32 kind, const struct flashsim_step *step)
{
	static const u8 other[FLASHSIM_DAMAGES] = {
		[FLASHSIM_TORN_ERASED] = FLASHSIM_ERASE_ZERO,
		[FLASHSIM_TORN_RANDOM] = FLASHSIM_ERASE_RANDOM,
		[FLASHSIM_TORN_BITS] = FLASHSIM_ERASE_RANDOM,
		[FLASHSIM_ERASE_ZERO] = FLASHSIM_TORN_ERASED,
		[FLASHSIM_ERASE_RANDOM] = FLASHSIM_TORN_BITS,
	};

	if (kind >= FLASHSIM_DAMAGES || flashsim_damage_applies(kind, step))
		return kind;
	return other[kind];
}

/* The event of a script; false if the step is not to be done. */
static bool strike(struct segment *seg, struct flashsim_model *m,
		   const struct flashsim_step *step)
{
	struct event event = seg->p->script.event[seg->index];

	if (seg->steps != event.step || seg->over)
		return true;
	event.kind = like(event.kind, step);
	if (event.kind < FLASHSIM_DAMAGES) {
		seg->over = true;
		cut(seg, step, &event, false);
		m->off = true;
		return false;
	}
	say(seg, 1, "at step %u: %s", event.step, event_word(event.kind));
	seg->p->struck++;
	tally->stops += note_event(seg, &event);
	seg->index++;
	seg->steps = 0;
	seg->struck = true;
	if (event.kind == EVENT_KILL) {
		machine_kill(&seg->mc);
		return true;
	}
	seg->boot_failed |= in_unit(flash_of(seg)->board, FWSLOT_UNIT_BOOT0,
				    step->ofs) ||
			    in_unit(flash_of(seg)->board, FWSLOT_UNIT_BOOT1,
				    step->ofs);
	if (event.kind != EVENT_EIO_TORN)
		return false;
	flashsim_damage(m, step, step->erase ? FLASHSIM_ERASE_RANDOM :
			FLASHSIM_TORN_BITS, event.seed);
	return false;
}

bool before_step(void *ctx, struct flashsim_model *m,
		 const struct flashsim_step *step)
{
	struct segment *seg = ctx;

	seg->steps++;
	seg->ever++;
	seg->begun = true;
	say(seg, 2, "step %u: %s %#llx+%#x", seg->steps,
	    step->erase ? "erase" : "program", (unsigned long long)step->ofs,
	    step->len);
	switch (seg->p->mode[seg->index]) {
	case PLAY_ONE:
		return strike(seg, m, step);
	case PLAY_CUTS:
		cut_all(seg, step);
		return true;
	default:
		return true;
	}
}
