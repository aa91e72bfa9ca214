// SPDX-License-Identifier: MIT
/*
 * machine.c - a device that is switched on: the module, loaded, on a chip
 *
 * The module's objects have their variables in two sections of their own
 * (Makefile).  To switch on is to make these as they were in the file; what
 * was in them is kept for the machine that is interrupted.
 */
#include <stdlib.h>
#include "inside.h"

extern char __start_fwslot_data[], __stop_fwslot_data[];
extern char __start_fwslot_bss[], __stop_fwslot_bss[];

/**
 * struct machine_state - what a machine has in memory
 * @chip: its MTD devices
 * @heap: what it has allocated
 * @outer_heap: where memory came from before
 * @outer: variables of the machine that is interrupted
 */
struct machine_state {
	struct chip chip;
	struct shim_heap heap;
	struct shim_heap *outer_heap;
	char outer[];
};

FILE *machine_log;

static struct machine *now;
static char *pristine;

static size_t data_size(void)
{
	return __stop_fwslot_data - __start_fwslot_data;
}

static size_t bss_size(void)
{
	return __stop_fwslot_bss - __start_fwslot_bss;
}

struct chip *machine_chip(void)
{
	return &now->state->chip;
}

static void keep(char *to)
{
	memcpy(to, __start_fwslot_data, data_size());
	memcpy(to + data_size(), __start_fwslot_bss, bss_size());
}

static void bring_back(const char *from)
{
	memcpy(__start_fwslot_data, from, data_size());
	memcpy(__start_fwslot_bss, from + data_size(), bss_size());
}

static void configure_unit(const struct board *board, u32 unit)
{
	struct fwslot_dev *dev = &fwslot_devs[unit];
	struct fwslot_place *place = &dev->record.place;

	if (!board_has(board, unit))
		return;
	strcpy(dev->slot.place.name, board->part[unit].name);
	dev->slot.place.layout = board->layout;
	if (!IMAGE_OF(unit) || !board->record_area)
		return;
	strcpy(place->name, board->part[BOARD_RECORDS].name);
	place->offset = board_record(board, unit) -
			board->part[BOARD_RECORDS].ofs;
	place->layout = FWSLOT_LAYOUT_SKIP_BAD;
}

/* As fwslot_init() does, with the parameters that the board has. */
static void load(const struct board *board, u32 booted)
{
	u32 unit;

	fwslot_devs_init();
	strcpy(fwslot_config.product, HOST_PRODUCT);
	fwslot_config.booted = booted;
	fwslot_config.idle_timeout = 300;
	for (unit = 0; unit < FWSLOT_UNITS; unit++)
		configure_unit(board, unit);
	must_not(fwslot_session_init());
	must_not(fwslot_bind_init());
}

/* As fwslot_exit() does; then nothing is left. */
static void unload(void)
{
	fwslot_bind_exit();
	fwslot_devs_exit();
	fwslot_session_exit();
	fwslot_running_exit();
	must_not(now->state->heap.count);
}

/**
 * machine_on() - switch a device on and load the module
 * @mc: filled in
 * @flash: its chip
 * @booted: enum fwslot_booted, from judge()
 *
 * Another machine that is on is interrupted until this one is off.
 */
void machine_on(struct machine *mc, struct flash *flash, u32 booted)
{
	size_t size = data_size() + bss_size();

	mc->flash = flash;
	mc->outer = now;
	mc->state = malloc(sizeof(*mc->state) + size);
	if (!pristine) {
		pristine = malloc(size);
		keep(pristine);
	}
	keep(mc->state->outer);
	bring_back(pristine);
	shim_heap_init(&mc->state->heap);
	mc->state->outer_heap = shim_heap_use(&mc->state->heap);
	chip_init(&mc->state->chip, flash);
	now = mc;
	load(flash->board, booted);
}

/**
 * machine_off() - switch a device off
 * @mc: the machine that was switched on last
 * @clean: unload the module before, and look whether it leaves anything
 */
void machine_off(struct machine *mc, bool clean)
{
	must_not(mc != now);
	if (clean)
		unload();
	shim_heap_free(&mc->state->heap);
	shim_heap_use(mc->state->outer_heap);
	bring_back(mc->state->outer);
	now = mc->outer;
	free(mc->state);
}

static void set_begin(struct fwslot_begin *arg, const struct package *pkg,
		      const struct command *cmd)
{
	memset(arg, 0, sizeof(*arg));
	arg->size = sizeof(*arg);
	arg->flags = cmd->flags;
	arg->slots = cmd->slots;
	arg->manifest = (uintptr_t)pkg->manifest;
	arg->manifest_size = pkg->manifest_size;
	arg->signature = (uintptr_t)pkg->signature;
	arg->signature_size = sizeof(pkg->signature);
	arg->tables = (uintptr_t)pkg->tables;
	arg->tables_size = pkg->tables_size;
	arg->map = 1;	/* never copied out: input.c asks for it itself */
}

static void take_plan(struct result *result, const struct fwslot_begin *arg)
{
	u32 i;

	result->n_steps = arg->n_steps;
	memcpy(result->steps, arg->steps, sizeof(result->steps));
	for (i = 0; i < arg->n_steps; i++)
		if (arg->steps[i].action != FWSLOT_ACTION_SKIP)
			result->writes = true;
}

static void take_end(struct result *result, struct fwslot_session *s)
{
	struct fwslot_finish finish = { .size = sizeof(finish) };

	finish.progress.size = sizeof(finish.progress);
	for (; !result->err && finish.step < result->n_steps; finish.step++)
		result->err = fwslot_session_finish(s, &finish);
	result->reason = finish.progress.reason;
	result->reboot = finish.progress.flags & FWSLOT_PROGRESS_REBOOT;
}

/**
 * machine_run() - a session, from begin to commit
 * @mc: the machine that was switched on last
 * @cmd: what to install
 * @result: filled in; meaningless if the power was lost on the way
 */
void machine_run(struct machine *mc, const struct command *cmd,
		 struct result *result)
{
	const struct package *pkg = &mc->flash->board->pkg[cmd->rel];
	struct fwslot_session *s = NULL;
	struct fwslot_begin arg;

	must_not(mc != now);
	memset(result, 0, sizeof(*result));
	feed.image[0] = pkg->image[0];
	feed.image[1] = pkg->image[1];
	set_begin(&arg, pkg, cmd);
	result->err = fwslot_session_begin(&arg, &s);
	if (result->err) {
		result->refused = true;
		result->reason = arg.reason;
		return;
	}
	take_plan(result, &arg);
	take_end(result, s);
	fwslot_session_close(s);
}

/**
 * machine_kill() - the tool is killed: its file is closed
 * @mc: the machine that was switched on last; a session is open
 *
 * To be called from a hook of the flash.  The session sees it at its next
 * flash operation; a bootloader is written to its end.
 */
void machine_kill(struct machine *mc)
{
	must_not(mc != now || !feed.session);
	fwslot_session_fail(feed.session, FWSLOT_REASON_ABORTED, -ECANCELED);
}

/**
 * machine_verify() - fwslot verify, of one unit
 * @mc: the machine that was switched on last
 * @unit: enum fwslot_unit
 *
 * Return: 0 or a negative errno; the unit's state says what was found.
 */
int machine_verify(struct machine *mc, u32 unit)
{
	struct fwslot_verify verify = { .size = sizeof(verify) };

	must_not(mc != now);
	return fwslot_verify(unit, &verify);
}

/**
 * machine_unit() - what the module says of a unit
 * @mc: the machine that was switched on last
 * @unit: enum fwslot_unit
 * @info: filled in
 */
void machine_unit(struct machine *mc, u32 unit, struct unit_info *info)
{
	struct fwslot_dev *dev = &fwslot_devs[unit];

	must_not(mc != now);
	info->state = fwslot_dev_state(dev);
	info->reason = dev->reason;
	info->error = dev->error;
	info->lock = fwslot_flash_lock_state(dev);
}

/**
 * result_text() - plan and end of a command
 * @result: the result
 * @text: RESULT_TEXT bytes
 *
 * A word a step: skip, record or write; P, S, A or B; for a write the source:
 * stream, held in memory, twin.
 */
char *result_text(const struct result *result, char *text)
{
	static const char actions[] = "srw", units[] = "PSAB";
	static const char sources[] = "-sht";
	const struct fwslot_step *step = result->steps;
	char *p = text;
	u32 i;

	for (i = 0; i < result->n_steps; i++, step++)
		p += sprintf(p, "%c%c%c ", actions[step->action],
			     units[step->unit],
			     step->action == FWSLOT_ACTION_WRITE ?
			     sources[step->source] : ' ');
	if (result->err)
		snprintf(p, text + RESULT_TEXT - p, "%s: %s (%d)",
			 result->refused ? "refused" : "failed",
			 fwslot_reason_word(result->reason), result->err);
	else
		strcpy(p, "done");
	return text;
}
