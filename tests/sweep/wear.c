// SPDX-License-Identifier: MIT
/*
 * wear.c - how often is each block erased?
 *
 * Erases are counted here, not by the chip, block by block.  What is expected
 * follows from the plan: each block of the image and of the record once.
 */
#include <stdlib.h>
#include "faults.h"

#define TRIES		4	/* runs of the command until it must be done */

static bool count_erase(void *ctx, struct flashsim_model *m,
			const struct flashsim_step *step)
{
	struct wear *wear = ctx;

	if (step->erase)
		wear->erases[step->ofs >> m->erase_shift]++;
	return true;
}

/* From here on all erases of a chip are counted. */
void wear_begin(struct wear *wear, struct flash *flash)
{
	memset(wear, 0, sizeof(*wear));
	wear->flash = flash;
	if (flash->board->geo.size / flash->board->erase > WEAR_BLOCKS_MAX)
		abort();
	flash->m.before = count_erase;
	flash->m.before_ctx = wear;
}

u32 wear_sum(const struct wear *wear)
{
	u32 n, sum = 0;

	for (n = 0; n < WEAR_BLOCKS_MAX; n++)
		sum += wear->erases[n];
	return sum;
}

static bool is_bad(const struct flash *flash, u64 block)
{
	return flash->m.blocks[block] & FLASHSIM_BLOCK_BAD;
}

/*
 * Does a block hold already what the release has there?  Only of a bootloader
 * whose record is valid, and not of its first block, such blocks are left.
 */
static bool block_stays(const struct scene *scene, const struct flash *before,
			u32 unit, u32 n, u64 block)
{
	const struct package *pkg = &scene->board->pkg[scene->cmd.rel];
	u32 erase = scene->board->erase;
	u32 size = pkg->size[1], len = size - n * erase;
	u8 *want;
	bool same;

	if (!IMAGE_OF(unit) || !n)
		return false;
	want = malloc(erase);
	memset(want, 0xff, erase);
	memcpy(want, pkg->image[1] + n * erase, len < erase ? len : erase);
	same = !memcmp(want, before->m.array + block * erase, erase);
	free(want);
	return same;
}

static u64 record_at(const struct flash *before, u32 unit)
{
	const struct board *board = before->board;
	const struct board_part *part = &board->part[unit];
	u64 block = (part->ofs + part->size) / board->erase - 1;

	if (board->record_area && IMAGE_OF(unit))
		return board_record(board, unit) / board->erase;
	while (is_bad(before, block))
		block--;
	return block;
}

/* Has it a valid record?  One that is written in the session does not count. */
static bool is_named(const struct scene *scene, u32 unit)
{
	return scene->start[unit][1] == '+';
}

/* What one step of the plan has to erase. */
static void expect_step(const struct scene *scene, const struct flash *before,
			const struct fwslot_step *step, u32 *expected)
{
	const struct board *board = scene->board;
	u32 size = board->pkg[scene->cmd.rel].size[IMAGE_OF(step->unit)];
	u64 block = board->part[step->unit].ofs / board->erase;
	u32 n, blocks = fwslot_blocks(size, board->erase);

	/* Whatever the plan says: it is there already. */
	if (step->action == FWSLOT_ACTION_SKIP ||
	    !strcmp(scene->start[step->unit], "b+"))
		return;
	expected[record_at(before, step->unit)]++;
	if (step->action == FWSLOT_ACTION_RECORD)
		return;
	for (n = 0; n < blocks; block++) {
		if (is_bad(before, block))
			continue;
		if (!is_named(scene, step->unit) ||
		    !block_stays(scene, before, step->unit, n, block))
			expected[block]++;
		n++;
	}
}

static void test_install(const struct scene *scene)
{
	struct flash *before = flash_new(scene->board);
	struct flash *flash = flash_new(scene->board);
	u32 expected[WEAR_BLOCKS_MAX] = { 0 };
	struct boot_result boot;
	struct result result;
	struct machine mc;
	struct wear wear;
	u32 i;

	scene_start(scene, before);
	flash_copy(flash, before);
	machine_on(&mc, flash, judge(flash, true, &boot));
	wear_begin(&wear, flash);
	machine_run(&mc, &scene->cmd, &result);
	machine_off(&mc, true);
	for (i = 0; i < result.n_steps; i++)
		expect_step(scene, before, &result.steps[i], expected);
	tap(!result.err && !memcmp(wear.erases, expected, sizeof(expected)),
	    "wear: %s from %s %s %s %s, each block once", scene->name,
	    scene->start[0], scene->start[1], scene->start[2], scene->start[3]);
	note("%u erases", wear_sum(&wear));
	for (i = 0; i < WEAR_BLOCKS_MAX; i++)
		if (wear.erases[i] != expected[i])
			note("block %u: %u, expected %u", i, wear.erases[i],
			     expected[i]);
	flash_free(before);
	flash_free(flash);
}

/* The command again, until there is nothing left to do. */
static bool resume(struct flash *flash, const struct command *cmd)
{
	struct boot_result boot;
	struct result result;
	struct machine mc;
	u32 i;

	for (i = 0; i < TRIES; i++) {
		machine_on(&mc, flash, judge(flash, true, &boot));
		machine_run(&mc, cmd, &result);
		machine_off(&mc, true);
		if (!result.err && !result.writes)
			break;
	}
	return !result.err && i < TRIES;
}

/**
 * struct most - erases of the block that has most of them
 * @image: of the blocks of images
 * @record: of those of records
 * @cuts: cuts that were tried
 * @stuck: cuts after which the command could not be finished
 */
struct most {
	u32 image;
	u32 record;
	u32 cuts;
	u32 stuck;
};

static bool is_record(const struct flash *before, u64 block)
{
	u32 unit;

	for (unit = 0; unit < FWSLOT_UNITS; unit++)
		if (board_has(before->board, unit) &&
		    block == record_at(before, unit))
			return true;
	return false;
}

static void wear_most(const struct wear *wear, const struct flash *before,
		      struct most *most)
{
	u32 n, *to;

	for (n = 0; n < WEAR_BLOCKS_MAX; n++) {
		if (!wear->erases[n])
			continue;
		to = is_record(before, n) ? &most->record : &most->image;
		if (wear->erases[n] > *to)
			*to = wear->erases[n];
	}
}

/* One cut, and the command again; false: there is no such step. */
static bool cut_and_resume(const struct scene *scene,
			   const struct flash *before, struct flash *flash,
			   u32 step, u32 damage, struct most *most)
{
	struct boot_result boot;
	struct result result;
	struct machine mc;
	struct wear wear;
	bool cut;

	flash_copy(flash, before);
	machine_on(&mc, flash, judge(flash, true, &boot));
	wear_begin(&wear, flash);
	flashsim_cut_arm(&flash->m, step, damage, step);
	machine_run(&mc, &scene->cmd, &result);
	machine_off(&mc, false);
	cut = flash->m.off;
	flashsim_power_on(&flash->m);
	if (!cut)
		return false;
	most->cuts++;
	most->stuck += !resume(flash, &scene->cmd);
	wear_most(&wear, before, most);
	return true;
}

/*
 * A record that was lost is made anew before anything else is done, and once
 * more when its slot is written: that is once more than the image.
 */
static void test_cut(const struct scene *scene)
{
	struct flash *before = flash_new(scene->board);
	struct flash *flash = flash_new(scene->board);
	u32 damage, step, records;
	struct most most = { 0 };

	scene_start(scene, before);
	for (damage = 0; damage < FLASHSIM_DAMAGES; damage++)
		for (step = 0; cut_and_resume(scene, before, flash, step,
					      damage, &most); step++)
			;
	records = strcmp(scene->start[FWSLOT_UNIT_SECONDARY], "a-") ? 3 : 4;
	tap(most.cuts && !most.stuck && most.image <= 2 &&
	    most.record <= records, "wear: %s, a cut at each step, and again",
	    scene->name);
	note("%u cuts, %u not finished; at most %u erases of a block, %u of a record",
	     most.cuts, most.stuck, most.image, most.record);
	flash_free(before);
	flash_free(flash);
}

void wear_tests(const struct scene *scenes, u32 n)
{
	struct scene skip;
	u32 i;

	for (i = 0; i < n; i++) {
		test_install(&scenes[i]);
		test_cut(&scenes[i]);
	}
	/* What is right already is not touched. */
	skip = scenes[1];
	skip.start[FWSLOT_UNIT_SECONDARY] = "b+";
	test_install(&skip);
	skip.start[FWSLOT_UNIT_BOOT0] = "b+";
	skip.start[FWSLOT_UNIT_BOOT1] = "b+";
	test_install(&skip);
	wear_reject_tests(scenes[1].board);
	wear_cycle_tests(&scenes[1]);
}
