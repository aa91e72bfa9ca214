// SPDX-License-Identifier: MIT
/*
 * faults_play.c - plays a command on a chip that fails or lies
 *
 * The model does most of the faults; those that begin in the middle, and an
 * erase whose failure shows only in what is programmed next, are done in the
 * hook that is called before each step.
 */
#include <stdlib.h>
#include "faults.h"

static void start_unit(const struct scene *scene, struct flash *flash, u32 unit)
{
	const char *text = scene->start[unit];

	if (text[0] == 'e')
		flash_erase(flash, unit);
	else
		flash_put(flash, unit, text[0] == 'a' ? scene->own :
			  scene->cmd.rel, text[1] == '+');
}

/* Make the flash what the scene starts from. */
void scene_start(const struct scene *scene, struct flash *flash)
{
	const struct board *board = scene->board;
	u32 unit;

	for (unit = 0; unit < FWSLOT_UNITS; unit++) {
		if (!board_has(board, unit))
			continue;
		if (scene->bad)
			flashsim_model_mark_bad(&flash->m,
						board->part[unit].ofs +
						board->erase);
		start_unit(scene, flash, unit);
	}
}

/* Which unit a place on the chip belongs to. */
u32 board_unit(const struct board *board, u64 ofs)
{
	const struct board_part *part = board->part;
	u32 i;

	for (i = 0; i < BOARD_PARTS; i++, part++)
		if (part->name && ofs >= part->ofs &&
		    ofs - part->ofs < part->size)
			break;
	if (i != BOARD_RECORDS)
		return i;
	return FWSLOT_UNIT_BOOT0 + (ofs - part->ofs) / board->erase;
}

static void keep_unit(struct fault_run *run, u32 unit)
{
	const struct board *board = run->scene->board;
	const struct board_part *part = &board->part[unit];

	run->kept_unit = unit;
	memcpy(run->kept, run->flash->m.array + part->ofs, part->size);
	if (board->record_area)
		memcpy(run->kept + part->size,
		       run->flash->m.array + board_record(board, unit),
		       board->erase);
}

static void mix_block(struct fault_run *run, struct flashsim_model *m,
		      const struct flashsim_step *step)
{
	u32 erase = run->scene->board->erase;

	if (run->mixed >= 0)
		memcpy(m->array + run->mixed, run->mix, erase);
	run->mixed = -1;
	if (!run->kind->mix || m->steps != run->at || !step->erase)
		return;
	run->was_mixed = true;
	run->mixed = step->ofs;
	memcpy(run->mix, m->array + step->ofs, erase);
}

static void stick_line(struct fault_run *run)
{
	struct flashsim_fault fault = {
		.kind = FLASHSIM_FAULT_WRAP, .line = run->line,
	};

	flashsim_fault_arm(&run->flash->m, &fault);
}

static bool before_step(void *ctx, struct flashsim_model *m,
			const struct flashsim_step *step)
{
	struct fault_run *run = ctx;
	struct fault_step *seen = &run->step[run->n_steps++];

	if (run->n_steps == FAULT_STEPS_MAX)
		abort();
	seen->unit = board_unit(run->scene->board, step->ofs);
	seen->ofs = step->ofs;
	seen->count = m->count;
	if (IMAGE_OF(seen->unit) &&
	    (run->n_steps == 1 || seen[-1].unit != seen->unit))
		keep_unit(run, seen->unit);
	if (verbose)
		printf("#   step %llu: %s %s at 0x%llx, %u bytes, reads %llu\n",
		       (unsigned long long)m->steps,
		       step->erase ? "erase" : "program",
		       fwslot_unit_word(seen->unit),
		       (unsigned long long)step->ofs, step->len,
		       (unsigned long long)m->count.reads);
	if (!run->kind)
		return true;
	mix_block(run, m, step);
	if (run->kind->unit == FAULT_AT_LINE_STEP && m->steps == run->at)
		stick_line(run);
	return true;
}

static void arm(struct fault_run *run)
{
	const struct fault_kind *kind = run->kind;
	struct flashsim_fault fault = { .at = run->at };

	switch (kind ? kind->unit : FAULT_AT_LINE_STEP) {
	case FAULT_AT_LINE_STEP:
		return;
	case FAULT_AT_LINE:
		stick_line(run);
		return;
	case FAULT_AT_BLOCK:
		flashsim_model_wear(&run->flash->m,
				    run->at * run->scene->board->erase);
		return;
	default:
		fault.kind = kind->kind;
		fault.err = kind->err;
		fault.sticky = kind->sticky;
		flashsim_fault_arm(&run->flash->m, &fault);
	}
}

/* What the module writes to the kernel's log. */
static ssize_t take_log(void *ctx, const char *buf, size_t len)
{
	struct fault_run *run = ctx;

	if (memmem(buf, len, "lock-failed", 11))
		run->lock_told = true;
	if (memmem(buf, len, "corrected bits", 14))
		run->flips_told = true;
	if (verbose)
		printf("# %.*s", (int)len, buf);
	return len;
}

/* Memory for the runs of a scene, and the flash that they start from. */
void fault_prepare(struct fault_run *run, const struct scene *scene)
{
	static const cookie_io_functions_t log = { .write = take_log };
	const struct board *board = scene->board;

	memset(run, 0, sizeof(*run));
	run->scene = scene;
	run->start = flash_new(board);
	run->flash = flash_new(board);
	run->after = flash_new(board);
	run->kept = malloc(board->geo.size + board->erase);
	run->mix = malloc(board->erase);
	scene_start(scene, run->start);
	machine_log = fopencookie(run, "w", log);
	setlinebuf(machine_log);
}

void fault_release(struct fault_run *run)
{
	fclose(machine_log);
	machine_log = NULL;
	flash_free(run->start);
	flash_free(run->flash);
	flash_free(run->after);
	free(run->kept);
	free(run->mix);
}

/* Switch on, and run the command; the machine is left on. */
void fault_play(struct fault_run *run)
{
	struct flashsim_model *m = &run->flash->m;
	struct boot_result boot;
	u32 booted;

	flash_copy(run->flash, run->start);
	booted = judge(run->flash, true, &boot);
	memset(&m->count, 0, sizeof(m->count));
	run->n_steps = 0;
	run->kept_unit = FWSLOT_UNITS;
	run->was_mixed = false;
	run->mixed = -1;
	run->lock_told = false;
	run->flips_told = false;
	run->told[0] = '\0';
	m->before = before_step;
	m->before_ctx = run;
	arm(run);
	machine_on(&run->mc, run->flash, booted);
	machine_run(&run->mc, &run->scene->cmd, &run->result);
	fflush(machine_log);
	if (run->mixed >= 0)
		memcpy(m->array + run->mixed, run->mix,
		       run->scene->board->erase);
	m->before = NULL;
}

void fault_end(struct fault_run *run)
{
	machine_off(&run->mc, true);
}
