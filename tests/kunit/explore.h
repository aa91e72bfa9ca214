/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * explore.h - every state that a device can get into
 *
 * A state is what is in the flash, and what the kernel remembers since boot.
 * From each state every command is given; its plan is played step by step and
 * cut before, in and after each step; then the device reboots, or the command
 * is given again without a reboot.  This goes on until nothing new is found.
 */
#ifndef FWSLOT_KUNIT_EXPLORE_H
#define FWSLOT_KUNIT_EXPLORE_H

#include "world.h"

#define EXPLORE_KINDS	12

/**
 * struct explore_cmd - one command
 * @release: package
 * @slots: slots asked for
 * @flags: FWSLOT_BEGIN_*
 */
struct explore_cmd {
	u8 release;
	u8 slots;
	u8 flags;
};

/**
 * struct explore_state - a device at one moment
 * @w: flash, and what was done to it since boot
 * @run: what runs, as far as the kernel has found out: 0 nothing, 1 and 2
 *	that format, 3 and up a release
 * @pending: 0, or 1 and up: only that release until the reboot
 */
struct explore_state {
	struct world w;
	u8 run;
	u8 pending;
};

/**
 * struct explore_count - what was seen
 * @states: states
 * @transitions: cuts and completions
 * @refused: commands refused
 * @dead: cuts after which nothing boots, in the write of a single bootloader
 * @blind: the same, from a rescue system that cannot tell what would boot
 * @brick: other cuts after which nothing boots
 * @unnamed: cuts after which the same command is refused, because a record is
 *	lost that was the only name of what a slot holds
 * @stuck: cuts after which the same command does not finish
 * @wrong: plans that break a rule
 * @shut: commands refused though a way is there
 */
struct explore_count {
	u32 states;
	u32 transitions;
	u32 refused;
	u32 dead;
	u32 blind;
	u32 brick;
	u32 unnamed;
	u32 stuck;
	u32 wrong;
	u32 shut;
};

/**
 * struct explore - one exploration
 * @test: the test
 * @copies: of the bootloader
 * @kinds: contents and records that a unit can have, world.h's two letters each
 * @n_kinds: how many
 * @kind: what they mean
 * @weak: a cut can leave weak bits; there must be kinds for that
 * @doubt: nobody can tell what some contents start.  A command may be refused
 *	then where it was not before a cut, and what a rescue system does, or who
 *	goes on where nothing starts, says nothing
 * @n_releases: releases that have a package, from REL_O on
 * @cmds: commands
 * @n_cmds: how many
 * @seen: bitmap of the states that were found
 * @done: bitmap of the states that were left by every command
 * @count: what was seen
 * @said: complaints printed
 */
struct explore {
	struct kunit *test;
	u32 copies;
	const char *kinds;
	u32 n_kinds;
	struct world_unit kind[EXPLORE_KINDS];
	bool weak;
	bool doubt;
	u32 n_releases;
	const struct explore_cmd *cmds;
	u32 n_cmds;
	unsigned long *seen;
	unsigned long *done;
	struct explore_count count;
	u32 said;
};

int explore_init(struct explore *x);
void explore_boot(struct explore_state *s, u32 fails);
void explore_add(struct explore *x, const struct explore_state *s);
void explore_starts(struct explore *x);
void explore_run(struct explore *x);

/* explore_play.c: one command from one state */
void explore_cmd(struct explore *x, const struct explore_state *s,
		 const struct explore_cmd *cmd);

#endif /* FWSLOT_KUNIT_EXPLORE_H */
