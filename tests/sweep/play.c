// SPDX-License-Identifier: MIT
/*
 * play.c - plays histories, and judges what they come to
 *
 * A segment is what happens between two power cuts: the command is run, again
 * and again as an operator would, until nothing is left to do.  At a cut the
 * flash is copied and damaged, and a segment of the next depth is played on
 * the copy; then the one that was interrupted goes on as if nothing had been.
 */
#include <stdarg.h>
#include <stdlib.h>
#include "segment.h"

#define TRIES		8	/* runs of the command until it must be done */
#define BAD_SHOWN	20

static struct player *playing;

static void tell_story(FILE *out)
{
	char id[ID_MAX];

	if (playing)
		fprintf(out, "history: %s\n", history_id(&playing->h, id));
}

void say(const struct segment *seg, int level, const char *fmt, ...)
{
	va_list ap;

	if (seg->p->verbose < level)
		return;
	printf("%*s", 2 * (int)seg->depth, "");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

void bad_end(struct segment *seg, u64 *counter, const char *fmt, ...)
{
	char id[ID_MAX];
	va_list ap;

	__atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
	if (seg->p->bad++ >= BAD_SHOWN && !seg->p->verbose)
		return;
	printf("%s %s: ", counter == &tally->unbootable ? "UNBOOTABLE" :
							   "UNFINISHED",
	       history_id(&seg->p->h, id));
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
}

/*
 * Would a ROM that looks at the header of a bootloader alone start nothing?  If
 * the first copy is whole, it starts that one, as any ROM does.
 */
bool header_dead(struct segment *seg)
{
	struct boot_result result;

	if (!seg->boot.reason && !seg->boot.copy)
		return false;
	return judge(flash_of(seg), false, &result) == FWSLOT_BOOTED_OTHER;
}

u32 power_on(struct segment *seg)
{
	char text[FLASH_TEXT];
	u32 booted = judge(flash_of(seg), true, &seg->boot);

	seg->judged = seg->ever;
	if (seg->p->verbose)
		say(seg, 1, "power on: %s boots %s %s",
		    flash_text(flash_of(seg), text), seg->boot.slot,
		    seg->boot.reason ?: seg->boot.version);
	return booted;
}

static void switch_on(struct segment *seg, u32 booted)
{
	struct flash *flash = flash_of(seg);

	machine_on(&seg->mc, flash, booted);
	flash->m.before = before_step;
	flash->m.before_ctx = seg;
}

static void switch_off(struct segment *seg, bool clean)
{
	flash_of(seg)->m.before = NULL;
	machine_off(&seg->mc, clean);
}

/* Run the command once. */
static void run(struct segment *seg, struct result *result)
{
	char text[RESULT_TEXT];

	seg->struck = false;
	machine_run(&seg->mc, &seg->cmd, result);
	seg->reason = result->reason;
	if (!seg->over)
		say(seg, 1, "%s: %s",
		    flash_of(seg)->board->pkg[seg->cmd.rel].version,
		    result_text(result, text));
}

/*
 * May the command be refused?  One that somebody has just changed his mind to,
 * and that has written nothing since; and in the window of the single copy,
 * where a rescue system may need the other package.
 */
static bool may_refuse(const struct segment *seg)
{
	u32 i;

	if (seg->turned || (seg->begun && !seg->boot.reason))
		return false;
	for (i = 0; i < seg->index; i++)
		if (seg->p->h.event[i].mind)
			return true;
	return false;
}

/* Another release is wanted now, or after all the first one. */
static void change_mind(struct segment *seg)
{
	const struct order *order = seg->p->script.c->order;

	seg->mind = true;
	seg->begun = false;
	seg->cmd.rel = seg->cmd.rel == order->own ? order->cmd.rel : order->own;
}

/* After a run of the command: is that all? */
static enum end judge_run(struct segment *seg, const struct result *result)
{
	if (seg->over)
		return END_OVER;
	if (seg->struck) {
		if (last_event(seg)->mind) {
			change_mind(seg);
			seg->turned = false;
		}
		return END_AGAIN;
	}
	/* After a change of mind one of both commands has to lead on. */
	if (result->refused && may_refuse(seg)) {
		tally->mind_refused[result->reason]++;
		change_mind(seg);
		seg->mind = false;
		seg->turned = true;
		return END_AGAIN;
	}
	if (result->refused)
		return END_REFUSED;
	if (result->err) {
		bad_end(seg, &tally->unfinished, "failed: %s",
			fwslot_reason_word(result->reason));
		return END_BAD;
	}
	seg->boot_failed = false;
	return result->writes ? END_AGAIN : END_DONE;
}

/* Until nothing is left to do; the tool reboots where it can. */
static enum end run_until_done(struct segment *seg, u32 booted)
{
	struct result result = { .reboot = true };
	enum end end = END_AGAIN;
	u32 i;

	switch_on(seg, booted);
	for (i = 0; i < TRIES && end == END_AGAIN; i++) {
		run(seg, &result);
		end = judge_run(seg, &result);
		if (end != END_AGAIN || result.err || !result.reboot)
			continue;
		switch_off(seg, true);
		booted = power_on(seg);
		seg->header = !header_dead(seg);
		switch_on(seg, booted);
		if (booted == FWSLOT_BOOTED_OTHER) {
			bad_end(seg, &tally->unbootable, "after the command");
			end = END_BAD;
		}
	}
	switch_off(seg, !seg->over);
	if (end == END_AGAIN)
		bad_end(seg, &tally->unfinished, "no end after %d runs", TRIES);
	return end;
}

/* Weak bits that are left must not be where they matter. */
static bool boots_for_good(struct segment *seg)
{
	struct flash *flash = flash_of(seg);
	u32 i, n = flash->m.n_unstable ? 16 : seg->ever != seg->judged;

	while (n--) {
		if (judge(flash, true, &seg->boot) == FWSLOT_BOOTED_OTHER)
			return false;
		for (i = 0; i < flash->m.n_unstable; i++)
			flash->m.unstable[i].good = 0;
	}
	return true;
}

static bool holds_package(struct segment *seg, u32 unit)
{
	struct flash *flash = flash_of(seg);
	bool adopt = seg->cmd.flags & FWSLOT_BEGIN_ADOPT;

	if (!board_has(flash->board, unit) ||
	    !(seg->cmd.slots & BIT(fwslot_unit_slot(unit))))
		return true;
	if (flash_holds(flash, unit) != (int)seg->cmd.rel)
		return adopt;
	return flash_has_record(flash, unit);
}

static bool boots_package(struct segment *seg)
{
	const struct board *board = flash_of(seg)->board;

	if (!(seg->cmd.slots & BIT(FWSLOT_PRIMARY)) ||
	    (seg->cmd.flags & FWSLOT_BEGIN_ADOPT))
		return true;
	return !strcmp(seg->boot.slot, "primary") &&
	       !strcmp(seg->boot.version, board->pkg[seg->cmd.rel].version);
}

/* The command says that nothing is left to do.  Is that so? */
static void check_end(struct segment *seg)
{
	char text[FLASH_TEXT];
	u32 unit;

	flash_text(flash_of(seg), text);
	if (!boots_for_good(seg))
		bad_end(seg, &tally->unbootable, "at the end, with %s", text);
	else if (!boots_package(seg))
		bad_end(seg, &tally->unfinished, "%s boots another release",
			text);
	for (unit = 0; unit < FWSLOT_UNITS; unit++)
		if (!holds_package(seg, unit))
			bad_end(seg, &tally->unfinished, "done, but %s: %s",
				text, fwslot_unit_word(unit));
	if (!flash_locked(flash_of(seg)))
		bad_end(seg, &tally->unfinished, "not all is locked");
}

/* The same command, or the opposite one, which may be refused. */
void go_on(struct segment *seg, u32 booted)
{
	bool mind = last_event(seg)->mind;
	enum end end;

	if (mind)
		change_mind(seg);
	end = run_until_done(seg, booted);
	if (end == END_DONE && seg->mind)
		tally->mind_done++;
	if (end == END_REFUSED)
		bad_end(seg, &tally->unfinished, "refused: %s",
			fwslot_reason_word(seg->reason));
	if (end == END_DONE)
		check_end(seg);
}

static void make_flash(struct player *p)
{
	const struct board *board = p->script.c->board;
	u32 i;

	for (i = 0; i <= EVENTS_MAX; i++) {
		if (p->flash[i] && p->flash[i]->board == board)
			continue;
		if (p->flash[i])
			flash_free(p->flash[i]);
		p->flash[i] = flash_new(board);
	}
}

/**
 * play() - play the histories of a case
 * @p: script and mode are given
 *
 * Sets @p->refused if the case is refused from the start.
 *
 * Return: flash steps of the first segment.
 */
u32 play(struct player *p)
{
	struct segment seg = { .p = p, .cmd = p->script.c->order->cmd };
	enum end end;
	u32 booted;

	playing = p;
	machine_story = tell_story;
	p->h.c = p->script.c;
	p->h.n = 0;
	p->number[0] = 0;
	make_flash(p);
	flashsim_power_on(&p->flash[0]->m);
	case_start(p->script.c, p->flash[0]);
	booted = power_on(&seg);
	seg.header = !header_dead(&seg);
	end = run_until_done(&seg, booted);
	if (end == END_DONE)
		check_end(&seg);
	p->refused = FWSLOT_REASON_NONE;
	if (end == END_REFUSED && !seg.ever)
		p->refused = seg.reason;
	else if (end == END_REFUSED)
		bad_end(&seg, &tally->unfinished, "refused: %s",
			fwslot_reason_word(seg.reason));
	return seg.ever;
}
