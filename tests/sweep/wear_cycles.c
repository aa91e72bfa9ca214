// SPDX-License-Identifier: MIT
/*
 * wear_cycles.c - up and down again, thousands of times
 *
 * A cycle is an upgrade over the border, a reboot, the way back and a reboot.
 * After each one the flash is byte by byte what it was after the first one, each
 * block was erased as often as in every cycle, and no memory is left.
 */
#include <malloc.h>
#include <stdlib.h>
#include "faults.h"
#include "faults_tool.h"

#define CYCLES		1000
#define CYCLES_LONG	10000
#define SESSIONS	1000

/* There is nothing to do; returns the memory that is left, 0: there was. */
static u32 run_idle(struct machine *mc, const struct command *cmd)
{
	struct result result;

	machine_run(mc, cmd, &result);
	return result.err || result.writes ? 0 : machine_memory();
}

static bool install(struct flash *flash, const struct command *cmd)
{
	struct boot_result boot;
	struct result result;
	struct machine mc;
	u32 memory;
	bool good;

	machine_on(&mc, flash, judge(flash, true, &boot));
	machine_run(&mc, cmd, &result);
	good = !result.err && result.writes && result.reboot;
	/* From here on each unit holds a record of its own. */
	memory = run_idle(&mc, cmd);
	good = good && memory && run_idle(&mc, cmd) == memory;
	machine_off(&mc, true);
	judge(flash, true, &boot);
	return good && !strcmp(boot.slot, "primary") &&
	       !strcmp(boot.version, flash->board->pkg[cmd->rel].version);
}

static bool same_flash(const struct flash *a, const struct flash *b)
{
	const struct flashsim_geometry *geo = &a->board->geo;

	return !memcmp(a->m.array, b->m.array, geo->size) &&
	       !memcmp(a->m.locks, b->m.locks, flashsim_lock_bytes(geo));
}

/* Was each block erased @n times as often as in one cycle? */
static bool is_linear(const struct wear *wear, const u32 *one, u32 n)
{
	u32 i;

	for (i = 0; i < WEAR_BLOCKS_MAX; i++)
		if (wear->erases[i] != n * one[i])
			return false;
	return true;
}

static bool cycle(struct flash *flash, const struct scene *scene)
{
	struct command back = scene->cmd;

	back.rel = scene->own;
	return install(flash, &scene->cmd) && install(flash, &back);
}

static void test_cycles(const struct scene *scene, u32 cycles)
{
	struct flash *flash = flash_new(scene->board);
	struct flash *first = flash_new(scene->board);
	u32 one[WEAR_BLOCKS_MAX];
	struct wear wear;
	size_t memory;
	bool good;
	u32 n;

	scene_start(scene, flash);
	wear_begin(&wear, flash);
	good = cycle(flash, scene);
	memcpy(one, wear.erases, sizeof(one));
	flash_copy(first, flash);
	memory = mallinfo2().uordblks;
	for (n = 2; good && n <= cycles; n++)
		good = cycle(flash, scene) && same_flash(flash, first) &&
		       is_linear(&wear, one, n) &&
		       mallinfo2().uordblks == memory;
	tap(good, "wear: %u cycles of upgrade and downgrade, all alike",
	    cycles);
	note("%u cycles, %u erases, %u in each", n - 1, wear_sum(&wear),
	     wear_sum(&wear) / (n - 1));
	flash_free(flash);
	flash_free(first);
}

/* Without a reboot: one slot, one release and the other. */
static void test_sessions(const struct scene *scene)
{
	struct command cmd = { REL_K, 1U << FWSLOT_SECONDARY, 0 };
	struct flash *flash = flash_new(scene->board);
	struct boot_result boot;
	struct result result;
	struct machine mc;
	struct wear wear;
	u32 n, memory = 0;
	bool good = true;

	scene_start(scene, flash);
	machine_on(&mc, flash, judge(flash, true, &boot));
	wear_begin(&wear, flash);
	for (n = 0; good && n < SESSIONS; n++) {
		cmd.rel = n % 2 ? REL_O : REL_K;
		machine_run(&mc, &cmd, &result);
		good = !result.err && result.writes;
		if (n < 2)
			memory = machine_memory();
		else
			good = good && machine_memory() == memory;
	}
	machine_off(&mc, true);
	tap(good, "wear: %u sessions without a reboot, no memory is lost",
	    SESSIONS);
	note("%u sessions, %u blocks of memory held", n, memory);
	flash_free(flash);
}

void wear_cycle_tests(const struct scene *scene)
{
	test_cycles(scene, getenv("FWSLOT_LONG") ? CYCLES_LONG : CYCLES);
	test_sessions(scene);
}
