/* SPDX-License-Identifier: MIT */
/*
 * host.h - a device in a process: board, flash, releases, and the module in it
 *
 * The module's own sources run over shim/, on a chip of the flash model that
 * holds all slots, so that one counter numbers every step.  A typical test:
 *
 *	board_init(&board);			once for each board
 *	flash = flash_new(&board);		a blank chip
 *	flash_put(flash, unit, release, true);	as the production line does
 *	machine_on(&mc, flash, judge(flash, true, &boot));
 *	machine_run(&mc, &cmd, &result);
 *	machine_off(&mc, true);
 *
 * Machines nest: one that is switched on inside a hook of another's flash
 * (flash->m.before) has the module to itself until it is switched off; then
 * the other goes on as if nothing had happened.  So a power cut at a step is:
 * copy the flash, damage the copy, switch on a machine on it.
 */
#ifndef SWEEP_HOST_H
#define SWEEP_HOST_H

#include <stdio.h>
#include "core.h"
#include "../kmod/flashsim/model.h"
#include "../vm/boot.h"

/* release.c */

/**
 * enum release - the releases that there are
 * @REL_O: 5.21.2, format 1, the last before the border
 * @REL_N: 5.22.2, format 2, the first behind it
 * @REL_K: 5.21.1, format 1
 * @REL_M: 5.20.0, format 1
 * @REL_L: 5.22.3, format 2
 */
enum release {
	REL_O,
	REL_N,
	REL_K,
	REL_M,
	REL_L,
	RELS
};

/**
 * struct package - a release as it is installed on one board
 * @version: text
 * @format: of its images
 * @manifest: its bytes
 * @manifest_size: how many
 * @signature: what the module's fake of a signature check accepts
 * @tables: digest tables, in the order of @image
 * @tables_size: bytes of both
 * @image: system and bootloader, as in the manifest
 * @size: their bytes
 */
struct package {
	const char *version;
	u32 format;
	u8 *manifest;
	u32 manifest_size;
	u8 signature[FWSLOT_DIGEST_SIZE];
	u8 *tables;
	u32 tables_size;
	u8 *image[FWSLOT_IMAGES_MAX];
	u32 size[FWSLOT_IMAGES_MAX];
};

#define IMAGE_OF(unit)		((unit) >= FWSLOT_UNIT_BOOT0)
#define HOST_PRODUCT		"lynx"

struct board;

void package_make(struct package *pkg, const struct board *board,
		  enum release rel);
void package_sign(const void *manifest, u32 size, u8 *signature);

/* board.c */

#define BOARD_RECORDS		FWSLOT_UNITS	/* index of the record area */
#define BOARD_PARTS		(FWSLOT_UNITS + 1)

/**
 * struct board_part - a partition
 * @name: MTD name, NULL: the board has none
 * @ofs: start on the chip
 * @size: bytes
 */
struct board_part {
	const char *name;
	u64 ofs;
	u64 size;
};

/**
 * struct board - a kind of device
 * @name: for ids
 * @erase: bytes of an erase block
 * @page: bytes that the chip programs in one step
 * @nand: NAND, else NOR
 * @layout: of the slots: 0, on NAND 1 (linear) or 2 (skip-bad)
 * @copies: of the bootloader, 1 or 2
 * @record_area: the bootloader's records have a partition of their own
 * @spare: erase blocks of each slot that nothing needs
 * @system: bytes of the largest system image
 * @bootloader: bytes of the largest bootloader
 *
 * board_init() fills in:
 * @geo: the chip
 * @part: partitions; enum fwslot_unit, and BOARD_RECORDS
 * @pkg: enum release
 */
struct board {
	const char *name;
	u32 erase;
	u32 page;
	bool nand;
	u32 layout;
	u32 copies;
	bool record_area;
	u32 spare;
	u32 system;
	u32 bootloader;

	struct flashsim_geometry geo;
	struct board_part part[BOARD_PARTS];
	struct package pkg[RELS];
};

void board_init(struct board *board);
bool board_has(const struct board *board, u32 unit);
u64 board_record(const struct board *board, u32 unit);

/* flash.c */

/**
 * struct flash - the chip of a board
 * @board: the board
 * @m: the chip; its counters, hooks and faults are the test's to use
 */
struct flash {
	const struct board *board;
	struct flashsim_model m;
};

struct flash *flash_new(const struct board *board);
void flash_free(struct flash *flash);
void flash_copy(struct flash *to, const struct flash *from);
void flash_erase(struct flash *flash, u32 unit);
void flash_put(struct flash *flash, u32 unit, enum release rel, bool record);
void flash_spoil(struct flash *flash, u32 unit);
void flash_read(struct flash *flash, u32 unit, u8 *buf);
int flash_holds(struct flash *flash, u32 unit);
bool flash_has_record(struct flash *flash, u32 unit);
bool flash_locked(struct flash *flash);
char *flash_text(struct flash *flash, char *text);

#define FLASH_TEXT		24

/* judge.c */

u32 judge(struct flash *flash, bool rom_whole, struct boot_result *result);

/* machine.c */

/**
 * struct machine - a device that is switched on
 * @flash: its chip
 * @outer: the machine that it interrupts, NULL: none
 */
struct machine {
	struct flash *flash;
	struct machine *outer;
	struct machine_state *state;
};

/**
 * struct command - what an operator asks for
 * @rel: the package, enum release
 * @slots: mask of 1 << enum fwslot_slot
 * @flags: FWSLOT_BEGIN_*
 */
struct command {
	enum release rel;
	u32 slots;
	u32 flags;
};

/**
 * struct result - how a command ended
 * @err: 0 or a negative errno
 * @reason: enum fwslot_reason
 * @refused: there was no plan, nothing was written
 * @writes: something was to be written
 * @reboot: the installed release needs a reboot
 * @n_steps: used entries of @steps
 * @steps: the plan
 */
struct result {
	int err;
	u32 reason;
	bool refused;
	bool writes;
	bool reboot;
	u32 n_steps;
	struct fwslot_step steps[FWSLOT_STEPS_MAX];
};

/**
 * struct unit_info - what the module says of a unit
 * @state: enum fwslot_state
 * @reason: enum fwslot_reason
 * @error: last error of its flash
 * @lock: enum fwslot_lock
 */
struct unit_info {
	u32 state;
	u32 reason;
	int error;
	u32 lock;
};

void machine_on(struct machine *mc, struct flash *flash, u32 booted);
void machine_off(struct machine *mc, bool clean);
void machine_run(struct machine *mc, const struct command *cmd,
		 struct result *result);
void machine_kill(struct machine *mc);
int machine_verify(struct machine *mc, u32 unit);
void machine_unit(struct machine *mc, u32 unit, struct unit_info *info);
char *result_text(const struct result *result, char *text);

#define RESULT_TEXT		128

/*
 * Set by the test.  What the module decides goes to @machine_log, if that is
 * set.  @machine_story prints what was being done when a bug ends the test.
 */
extern FILE *machine_log;
extern void (*machine_story)(FILE *out);

#endif /* SWEEP_HOST_H */
