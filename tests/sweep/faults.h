/* SPDX-License-Identifier: MIT */
/*
 * faults.h - chips that fail and chips that lie: what the files share
 *
 * A scene is a device and a command on it.  The scene is played once without a
 * fault, to see how many flash operations of each kind there are; then once for
 * each of them, with that one going wrong.  faults.c has the tables,
 * faults_play.c plays, faults_check.c and faults_again.c judge; wear.c counts
 * erases.
 */
#ifndef SWEEP_FAULTS_H
#define SWEEP_FAULTS_H

#include "host.h"

/**
 * struct scene - a device and a command
 * @name: for ids
 * @board: its board
 * @own: release that is on it, enum release
 * @cmd: the command
 * @start: by enum fwslot_unit: @own (a), the release of @cmd (b) or nothing
 *	(e), with (+) or without (-) a record
 * @bad: NAND: the second block of every slot is bad from the factory
 * @lines: address lines that are stuck one by one
 */
struct scene {
	const char *name;
	struct board *board;
	enum release own;
	struct command cmd;
	const char *start[FWSLOT_UNITS];
	bool bad;
	bool lines;
};

/* Of struct board. */
#define LAYOUT_LINEAR		1
#define LAYOUT_SKIP_BAD		2

/* What is counted to say when a fault strikes. */
enum fault_unit {
	FAULT_AT_STEP,
	FAULT_AT_READ,
	FAULT_AT_LOCK,
	FAULT_AT_UNLOCK,
	FAULT_AT_LINE,		/* number of the line, from the start on */
	FAULT_AT_LINE_STEP,	/* line, and the step from which on */
	FAULT_AT_BLOCK,		/* number of the block that is worn */
};

/**
 * struct fault_kind - a kind of fault
 * @name: for ids
 * @unit: what is counted
 * @kind: of the model; none where the test does it itself
 * @err: of the model
 * @sticky: of the model
 * @mix: an erase that does nothing, and nobody says a word when what is
 *	programmed next is mixed with what was there (NOR)
 */
struct fault_kind {
	const char *name;
	enum fault_unit unit;
	enum flashsim_fault_kind kind;
	int err;
	bool sticky;
	bool mix;
};

/**
 * struct fault_step - a flash step that was seen
 * @unit: enum fwslot_unit that it is in
 * @ofs: where on the chip
 * @count: counters before it
 */
struct fault_step {
	u32 unit;
	u64 ofs;
	struct flashsim_counters count;
};

#define FAULT_STEPS_MAX		4096

/**
 * struct fault_run - a scene that is played with a fault
 * @scene: the scene
 * @kind: the fault, NULL: none
 * @at: when it strikes
 * @line: FAULT_AT_LINE and FAULT_AT_LINE_STEP: which line
 * @start: the flash before
 * @flash: the flash
 * @after: the same when the command had ended
 * @mc: the machine
 * @result: how the command ended
 * @n_steps: used entries of @step
 * @step: all steps
 * @kept: what the bootloader held that is, or was last, written
 * @kept_unit: which it is; FWSLOT_UNITS: none
 * @was_mixed: there was an erase to do nothing
 * @mixed: block whose erase did nothing, till the next step; -1: none
 * @mix: what was in it
 * @lock_told: the log says that a lock failed
 * @flips_told: the log says that bits were corrected
 * @told: reason why this run is no good
 */
struct fault_run {
	const struct scene *scene;
	const struct fault_kind *kind;
	u64 at;
	u64 line;
	struct flash *start;
	struct flash *flash;
	struct flash *after;
	struct machine mc;
	struct result result;
	u32 n_steps;
	struct fault_step step[FAULT_STEPS_MAX];
	u8 *kept;
	u32 kept_unit;
	bool was_mixed;
	s64 mixed;
	u8 *mix;
	bool lock_told;
	bool flips_told;
	char told[160];
};

/**
 * struct fault_tally - what came of the runs of a scene and a kind
 * @runs: all
 * @done: the command ended well
 * @refused: it was refused
 * @failed: it failed
 * @reason: by reason, refused or failed
 * @restored: a bootloader that could not be written got its old content back
 * @lost: it did not
 * @window: then nothing boots: there was one copy
 * @retired: NAND blocks marked bad
 * @undetected: a session that ended well and left something wrong
 * @bad: runs that are no good
 */
struct fault_tally {
	u32 runs;
	u32 done;
	u32 refused;
	u32 failed;
	u32 reason[FWSLOT_REASON_MAX];
	u32 restored;
	u32 lost;
	u32 window;
	u32 retired;
	u32 undetected;
	u32 bad;
};

/* faults.c: TAP */

extern bool verbose;
void tap(bool good, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* faults_play.c */

void scene_start(const struct scene *scene, struct flash *flash);
u32 board_unit(const struct board *board, u64 ofs);
void fault_prepare(struct fault_run *run, const struct scene *scene);
void fault_release(struct fault_run *run);
void fault_play(struct fault_run *run);
void fault_end(struct fault_run *run);

/* faults_again.c */

void complain(struct fault_run *run, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int unit_holds(struct flash *flash, u32 unit);
void check_done(struct fault_run *run, struct fault_tally *tally);
void check_again(struct fault_run *run);
void check_reboot(struct fault_run *run);

/* faults_check.c */

void fault_judge(struct fault_run *run, struct fault_tally *tally);

/* wear.c and its helpers */

#define WEAR_BLOCKS_MAX		256

/**
 * struct wear - erases of each block of a chip
 * @flash: the chip
 * @erases: by block
 */
struct wear {
	struct flash *flash;
	u32 erases[WEAR_BLOCKS_MAX];
};

void wear_begin(struct wear *wear, struct flash *flash);
u32 wear_sum(const struct wear *wear);
void wear_tests(const struct scene *scenes, u32 n);
void wear_reject_tests(struct board *board);
void wear_cycle_tests(const struct scene *scene);

#endif /* SWEEP_FAULTS_H */
