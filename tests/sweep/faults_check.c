// SPDX-License-Identifier: MIT
/*
 * faults_check.c - was that right, on a chip that failed or lied?
 *
 * A command either ends well, and then the flash holds what it should, or it
 * fails for a reason that fits.  Then nothing but the unit that was being
 * written has changed, it says so, all is locked, something boots, and without
 * the fault the same command finishes, with a reboot in between or without.
 */
#include <errno.h>
#include "faults.h"

static bool is_line(const struct fault_run *run)
{
	return run->kind->unit == FAULT_AT_LINE ||
	       run->kind->unit == FAULT_AT_LINE_STEP;
}

static bool for_good(const struct fault_run *run)
{
	return run->kind->sticky || run->kind->unit == FAULT_AT_BLOCK;
}

/* The first step after the fault struck. */
static u32 first_after(const struct fault_run *run)
{
	u32 erase = run->scene->board->erase;
	const struct fault_step *step = run->step;
	bool after = false;
	u32 i;

	for (i = 0; i < run->n_steps && !after; i++, step++) {
		if (run->kind->unit == FAULT_AT_READ)
			after = step->count.reads > run->at;
		else if (run->kind->unit == FAULT_AT_LOCK)
			after = step->count.locks > run->at;
		else if (run->kind->unit == FAULT_AT_UNLOCK)
			after = step->count.unlocks > run->at;
		else if (run->kind->unit == FAULT_AT_BLOCK)
			after = i && step[-1].ofs / erase == run->at;
		else
			after = i > run->at;
	}
	return after ? i - 1 : i;
}

/* What was never known may be beyond correction, or blank, and is no loss. */
static bool was_unknown(const struct fault_run *run, u32 unit)
{
	return IMAGE_OF(unit) && run->scene->start[unit][1] == '-' &&
	       run->kind->unit == FAULT_AT_READ && run->kind->err != -EIO;
}

/*
 * The unit that was being written when the fault struck.  What fails before the
 * first one is opened has been seen, or has done no harm; if it goes on failing
 * that one is the last.
 */
static u32 struck_unit(const struct fault_run *run)
{
	u32 i = first_after(run);

	if (!i && run->n_steps && for_good(run))
		return run->step[0].unit;
	if (i < run->n_steps && was_unknown(run, run->step[i].unit))
		return run->step[i].unit;
	return i ? run->step[i - 1].unit : FWSLOT_UNITS;
}

static bool stepped(const struct fault_run *run, u32 unit)
{
	u32 i;

	for (i = 0; i < run->n_steps; i++)
		if (run->step[i].unit == unit)
			return true;
	return false;
}

/*
 * After an error the next slot is not opened.  A bootloader is not opened if
 * the last that was heard of the chip is that it does not answer.
 */
static void check_others(struct fault_run *run)
{
	u32 i = first_after(run);
	u32 unit = struck_unit(run);

	if (!i && i < run->n_steps && IMAGE_OF(unit) &&
	    run->kind->unit == FAULT_AT_READ && run->kind->err == -EIO)
		complain(run, "%s is opened after a fault",
			 fwslot_unit_word(unit));
	for (; i < run->n_steps; i++)
		if (run->step[i].unit != unit)
			complain(run, "step %u in %s after a fault in %s", i,
				 fwslot_unit_word(run->step[i].unit),
				 unit < FWSLOT_UNITS ? fwslot_unit_word(unit) :
						       "no unit");
}

/* What cannot be read in the survey is not known; then this may follow. */
static bool fits_unread(u32 reason)
{
	return reason == FWSLOT_REASON_VERSION_UNKNOWN ||
	       reason == FWSLOT_REASON_FORMAT_UNKNOWN ||
	       reason == FWSLOT_REASON_NOTHING_BOOTABLE ||
	       reason == FWSLOT_REASON_NEEDS_BOOTLOADER ||
	       reason == FWSLOT_REASON_CONTENT_DIFFERS;
}

static bool reason_fits(const struct fault_run *run)
{
	u32 reason = run->result.reason;

	/* All that it had to spare was given up. */
	if (reason == FWSLOT_REASON_TOO_LARGE ||
	    reason == FWSLOT_REASON_BAD_BLOCKS)
		return run->scene->board->nand && for_good(run);
	if (run->result.refused)
		return (run->kind->unit == FAULT_AT_READ || is_line(run)) &&
		       fits_unread(reason);
	switch (run->kind->unit) {
	case FAULT_AT_LOCK:
	case FAULT_AT_UNLOCK:
		return reason == FWSLOT_REASON_LOCK_FAILED;
	case FAULT_AT_READ:
		/* A record beyond correction is a damaged one. */
		if (reason == FWSLOT_REASON_READ_BACK)
			return run->kind->err != -EIO;
		return reason == FWSLOT_REASON_TWIN_CORRUPT ||
		       reason == FWSLOT_REASON_FLASH_IO;
	case FAULT_AT_LINE:
	case FAULT_AT_LINE_STEP:
		return reason == FWSLOT_REASON_READ_BACK ||
		       reason == FWSLOT_REASON_FLASH_IO ||
		       reason == FWSLOT_REASON_TWIN_CORRUPT;
	default:
		/* An erase that was none: the chip may say so afterwards. */
		return reason == FWSLOT_REASON_FLASH_IO ||
		       (!run->kind->err && reason == FWSLOT_REASON_READ_BACK);
	}
}

static void check_locks(struct fault_run *run)
{
	if (!flash_locked(run->flash) && !run->lock_told &&
	    run->result.reason != FWSLOT_REASON_LOCK_FAILED)
		complain(run, "not all is locked, and nobody says so");
	if (!flash_locked(run->flash) && run->kind->unit != FAULT_AT_LOCK)
		complain(run, "not all is locked");
}

/* What the module says of the units when the command has ended. */
static void check_states(struct fault_run *run)
{
	struct unit_info info;
	bool whole;
	u32 unit;

	for (unit = 0; unit < FWSLOT_UNITS; unit++) {
		if (!board_has(run->scene->board, unit))
			continue;
		whole = unit_holds(run->flash, unit) >= 0;
		machine_unit(&run->mc, unit, &info);
		if (info.state == FWSLOT_STATE_WRITING)
			complain(run, "%s is being written for ever",
				 fwslot_unit_word(unit));
		if (!whole && info.state == FWSLOT_STATE_VERIFIED &&
		    !is_line(run))
			complain(run, "%s is damaged and verified",
				 fwslot_unit_word(unit));
		if (!whole && stepped(run, unit) && !is_line(run) &&
		    info.state != FWSLOT_STATE_INCOMPLETE)
			complain(run, "%s is damaged and %s",
				 fwslot_unit_word(unit),
				 fwslot_state_word(info.state));
		if (whole && !stepped(run, unit) && !is_line(run) &&
		    info.state == FWSLOT_STATE_INCOMPLETE &&
		    run->kind->unit != FAULT_AT_READ)
			complain(run, "%s was not touched and is incomplete",
				 fwslot_unit_word(unit));
	}
}

/* Is the bootloader byte by byte what it was before it was written? */
static bool is_kept(const struct fault_run *run)
{
	const struct board *board = run->scene->board;
	const struct board_part *part = &board->part[run->kept_unit];
	const u8 *array = run->flash->m.array;

	return !memcmp(run->kept, array + part->ofs, part->size) &&
	       (!board->record_area ||
		!memcmp(run->kept + part->size,
			array + board_record(board, run->kept_unit),
			board->erase));
}

static u32 bad_blocks(const struct flash *flash)
{
	u32 n, bad = 0;

	for (n = 0; n < flash->board->geo.size / flash->board->erase; n++)
		bad += flash->m.blocks[n] & FLASHSIM_BLOCK_BAD;
	return bad;
}

/* Was its image being written, and not its record alone? */
static bool image_begun(const struct fault_run *run, u32 unit)
{
	const struct board *board = run->scene->board;
	u64 first = board->part[unit].ofs / board->erase;
	u32 i;

	for (i = first_after(run); i && run->step[i - 1].unit == unit; i--)
		if (run->step[i - 1].ofs / board->erase == first)
			return true;
	return false;
}

/* Perhaps without its record: it is not given up for that. */
static bool is_complete(const struct fault_run *run, u32 unit)
{
	return unit_holds(run->flash, unit) == (int)run->scene->cmd.rel;
}

/* A bootloader that could not be written: it is what it was, or the new one. */
static void check_kept(struct fault_run *run, struct fault_tally *tally)
{
	u32 unit = struck_unit(run);
	bool moved = bad_blocks(run->flash) != bad_blocks(run->start);
	bool same;

	if (unit == FWSLOT_UNITS || unit != run->kept_unit || is_line(run) ||
	    is_complete(run, unit) || !image_begun(run, unit))
		return;
	same = moved ? unit_holds(run->flash, unit) == (int)run->scene->own &&
		       flash_has_record(run->flash, unit) : is_kept(run);
	if (same)
		tally->restored++;
	else
		tally->lost++;
	if (!same && !for_good(run))
		complain(run, "%s is not what it was",
			 fwslot_unit_word(unit));
}

static void check_boots(struct fault_run *run, struct fault_tally *tally)
{
	u32 unit = struck_unit(run);
	struct boot_result boot;

	if (is_line(run) ||
	    judge(run->flash, true, &boot) != FWSLOT_BOOTED_OTHER)
		return;
	if (run->scene->board->copies == 1 && for_good(run) &&
	    unit == FWSLOT_UNIT_BOOT0 && unit_holds(run->flash, unit) < 0)
		tally->window++;
	else
		complain(run, "nothing boots: %s", boot.reason);
}

static void check_failed(struct fault_run *run, struct fault_tally *tally)
{
	/* The data were right. */
	if (run->kind->err == -EUCLEAN || !reason_fits(run))
		complain(run, "%s: %s",
			 run->result.refused ? "refused" : "failed",
			 fwslot_reason_word(run->result.reason));
	if (!is_line(run))
		check_others(run);
	if (!run->result.refused)
		check_kept(run, tally);
	check_boots(run, tally);
}

static void count(const struct fault_run *run, struct fault_tally *tally)
{
	tally->runs++;
	tally->retired += bad_blocks(run->flash) - bad_blocks(run->start);
	if (!run->result.err) {
		tally->done++;
		return;
	}
	if (run->result.refused)
		tally->refused++;
	else
		tally->failed++;
	tally->reason[run->result.reason]++;
}

/* Can the command be finished at all, once the fault is gone? */
static bool can_finish(const struct fault_run *run)
{
	const struct board *board = run->scene->board;

	/* What a line destroyed in other slots may have been all there was. */
	if (is_line(run))
		return false;
	/* A block that is worn stays so; only some flash has others. */
	return run->kind->unit != FAULT_AT_BLOCK ||
	       board->layout == LAYOUT_SKIP_BAD;
}

/* Judge a run that was just played, and switch it off. */
void fault_judge(struct fault_run *run, struct fault_tally *tally)
{
	count(run, tally);
	/* A line stays stuck: what is read over it is what is there. */
	if (!is_line(run))
		flashsim_fault_arm(&run->flash->m, NULL);
	check_locks(run);
	check_states(run);
	flash_copy(run->after, run->flash);
	if (run->result.err)
		check_failed(run, tally);
	else
		check_done(run, tally);
	if (run->result.err && can_finish(run))
		check_again(run);
	fault_end(run);
	if (can_finish(run))
		check_reboot(run);
	tally->bad += run->told[0] != '\0';
}
