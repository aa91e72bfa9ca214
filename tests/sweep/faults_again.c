// SPDX-License-Identifier: MIT
/*
 * faults_again.c - is it done, and can it be finished without the fault?
 *
 * What is on the flash is seen as its readers see it: by reads.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include "faults.h"

#define TRIES		6	/* runs of the command until it must be done */
#define SEEN_MAX	8192

/* A run is no good; the first reason is told. */
void complain(struct fault_run *run, const char *fmt, ...)
{
	va_list ap;

	if (run->told[0])
		return;
	va_start(ap, fmt);
	vsnprintf(run->told, sizeof(run->told), fmt, ap);
	va_end(ap);
}

/* Which release a unit holds, as a read of the chip says; -1: none. */
int unit_holds(struct flash *flash, u32 unit)
{
	const struct board *board = flash->board;
	u32 image = IMAGE_OF(unit);
	u8 *buf = malloc(board->geo.size);
	int rel, found = -1;

	flash_read(flash, unit, buf);
	for (rel = 0; found < 0 && rel < RELS; rel++)
		if (!memcmp(buf, board->pkg[rel].image[image],
			    board->pkg[rel].size[image]))
			found = rel;
	free(buf);
	return found;
}

static bool wanted(const struct scene *scene, u32 unit)
{
	return board_has(scene->board, unit) &&
	       (scene->cmd.slots & (1U << fwslot_unit_slot(unit)));
}

/*
 * The command says that it is done: then every unit that was asked for holds
 * the release and the module can verify it, and the others are what they were.
 */
static const char *what_is_wrong(struct fault_run *run, struct machine *mc)
{
	const struct scene *scene = run->scene;
	struct flash *flash = mc->flash;
	struct boot_result boot;
	struct unit_info info;
	u32 unit, slots = 0;

	for (unit = 0; unit < FWSLOT_UNITS; unit++) {
		if (!board_has(scene->board, unit))
			continue;
		if (!wanted(scene, unit)) {
			if (unit_holds(flash, unit) !=
			    unit_holds(run->start, unit))
				return "another unit is damaged";
			continue;
		}
		if (unit_holds(flash, unit) != (int)scene->cmd.rel)
			return "a unit does not hold the release";
		machine_verify(mc, unit);
		machine_unit(mc, unit, &info);
		if (info.state == FWSLOT_STATE_VERIFIED)
			slots |= 1U << fwslot_unit_slot(unit);
		else if (!(scene->cmd.flags & FWSLOT_BEGIN_ADOPT))
			return "a unit does not verify";
	}
	/* For adopt one copy of the bootloader is enough. */
	if (slots != scene->cmd.slots)
		return "a slot does not verify";
	judge(flash, true, &boot);
	if ((scene->cmd.slots & (1U << FWSLOT_PRIMARY)) &&
	    (strcmp(boot.slot, "primary") ||
	     strcmp(boot.version, scene->board->pkg[scene->cmd.rel].version)))
		return "another release boots";
	return NULL;
}

/* The command ended well: is that so? */
void check_done(struct fault_run *run, struct fault_tally *tally)
{
	const char *wrong = what_is_wrong(run, &run->mc);

	/* A line that was stuck too late to do harm. */
	if (wrong && run->kind->unit == FAULT_AT_LINE_STEP) {
		flashsim_fault_arm(&run->flash->m, NULL);
		wrong = what_is_wrong(run, &run->mc);
	}

	if (wrong) {
		tally->undetected++;
		complain(run, "said to be done, but %s", wrong);
	}
	if (run->kind->err == -EUCLEAN && !run->flips_told)
		complain(run, "corrected bits, and nobody says so");
}

/* The tool is run again, on a chip that works again. */
void check_again(struct fault_run *run)
{
	struct result result;
	const char *wrong;

	machine_run(&run->mc, &run->scene->cmd, &result);
	if (result.err) {
		complain(run, "again, same boot: %s %s",
			 result.refused ? "refused" : "failed",
			 fwslot_reason_word(result.reason));
		return;
	}
	wrong = what_is_wrong(run, &run->mc);
	if (wrong)
		complain(run, "again, same boot: %s", wrong);
}

static u64 mix_in(u64 hash, const u8 *data, size_t len)
{
	u64 word;

	for (; len >= sizeof(word); len -= sizeof(word)) {
		memcpy(&word, data, sizeof(word));
		hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
		hash ^= hash >> 29;
		data += sizeof(word);
	}
	while (len--)
		hash = (hash ^ *data++) * 0x100000001b3ULL;
	return hash;
}

/* What a flash holds was seen before: what follows a reboot is known. */
static bool seen_before(const struct fault_run *run)
{
	static const struct scene *scene;
	static u64 seen[SEEN_MAX];
	static u32 n;
	const struct flashsim_model *m = &run->after->m;
	u64 hash = mix_in(0, m->array, m->geo.size);
	u32 i;

	hash = mix_in(hash, m->blocks, flashsim_block_bytes(&m->geo));
	if (m->locks)
		hash = mix_in(hash, m->locks, flashsim_lock_bytes(&m->geo));
	if (m->pages)
		hash = mix_in(hash, m->pages, flashsim_page_bytes(&m->geo));
	if (scene != run->scene)
		n = 0;
	scene = run->scene;
	for (i = 0; i < n; i++)
		if (seen[i] == hash)
			return true;
	if (n < SEEN_MAX)
		seen[n++] = hash;
	return false;
}

/* After a reboot: does verify tell the truth? */
static void check_verify(struct fault_run *run, u32 booted)
{
	struct unit_info info;
	struct machine mc;
	u32 unit;

	machine_on(&mc, run->after, booted);
	for (unit = 0; unit < FWSLOT_UNITS; unit++) {
		if (!board_has(run->scene->board, unit))
			continue;
		machine_verify(&mc, unit);
		machine_unit(&mc, unit, &info);
		if (info.state == FWSLOT_STATE_VERIFIED &&
		    unit_holds(run->after, unit) < 0)
			complain(run, "after a reboot %s is damaged and verified",
				 fwslot_unit_word(unit));
	}
	machine_off(&mc, true);
}

/* The same command after a reboot, again until there is nothing left to do. */
void check_reboot(struct fault_run *run)
{
	struct boot_result boot;
	u32 booted = judge(run->after, true, &boot);
	const char *wrong = NULL;
	struct result result;
	struct machine mc;
	u32 i;

	if (seen_before(run))
		return;
	check_verify(run, booted);
	for (i = 0; i < TRIES; i++) {
		machine_on(&mc, run->after, booted);
		machine_run(&mc, &run->scene->cmd, &result);
		if (!result.err && !result.writes)
			wrong = what_is_wrong(run, &mc);
		machine_off(&mc, true);
		if (result.err || !result.writes)
			break;
		booted = judge(run->after, true, &boot);
	}
	if (result.err)
		complain(run, "again, after a reboot: %s %s",
			 result.refused ? "refused" : "failed",
			 fwslot_reason_word(result.reason));
	else if (i == TRIES)
		complain(run, "again, after a reboot: no end");
	else if (wrong)
		complain(run, "again, after a reboot: %s", wrong);
}
