/* SPDX-License-Identifier: MIT */
/*
 * sweep.h - cases, histories, and what is counted
 *
 * A case is a board, a command and a start state.  A history is a case and up
 * to EVENTS_MAX events in it.  Its id is all that is needed to play it again:
 *
 *	BOARD.COPIES.COMMAND.START[.sSTEP.EVENT[@SEED][.mind]]...
 *
 * The first event strikes at flash step number STEP of the command.  After a
 * power cut the system that boots runs the command again until there is
 * nothing left to do, or, with "mind", the opposite one; steps are counted
 * anew from there, and there the next event strikes.
 */
#ifndef SWEEP_SWEEP_H
#define SWEEP_SWEEP_H

#include "host.h"

/* cases.c */

/**
 * struct order - a command on a device of one kind
 * @name: for ids
 * @own: the release that the device has, enum release
 * @third: another release of its format
 * @cmd: the command
 */
struct order {
	const char *name;
	enum release own;
	enum release third;
	struct command cmd;
};

/**
 * struct start - what a device has before a command
 * @name: for ids
 * @two: only with two copies of the bootloader
 * @boards: 1: on the small board, 2: also on nor4k, 3: on all
 * @unit: by enum fwslot_unit: a (its own release), b (that of the command),
 *	c (a third one), x (its own, damaged) or e (erased), then + or - for
 *	with or without a record
 * @doubt: nobody can tell which copy of the bootloader runs.  With a command
 *	that leaves it so, weak bits in the slot that booted are a second fault,
 *	after which the format is not known
 */
struct start {
	const char *name;
	bool two;
	u32 boards;
	const char *unit[FWSLOT_UNITS];
	bool doubt;
};

/**
 * struct sweep_case - a case
 * @board: board
 * @order: command
 * @start: start
 * @refused: reason for which it must be refused from the start
 */
struct sweep_case {
	struct board *board;
	const struct order *order;
	const struct start *start;
	u32 refused;
};

#define CASES_MAX	2048
#define ID_MAX		160

u32 cases_make(struct sweep_case *cases);
void cases_refused(struct sweep_case *cases, u32 n, const char *path);
void case_start(const struct sweep_case *c, struct flash *flash);
bool case_brief(const struct sweep_case *c);
bool case_key(const struct sweep_case *c);
bool case_opposite(const struct sweep_case *c, struct command *cmd);

/* What strikes: enum flashsim_damage, and these, without a loss of power. */
enum {
	EVENT_KILL = FLASHSIM_DAMAGES,	/* the tool is killed */
	EVENT_EIO,			/* the step is not done, the chip says so */
	EVENT_EIO_TORN,			/* it is done in part, the chip says so */
	EVENTS
};

#define EVENTS_MAX	4

/**
 * struct event - an event in a history
 * @step: number of the flash step since the last one, from 1
 * @kind: enum flashsim_damage or EVENT_*
 * @seed: for the damage
 * @mind: after it the opposite command is run
 */
struct event {
	u32 step;
	u32 kind;
	u32 seed;
	bool mind;
};

/**
 * struct history - what happens
 * @c: the case
 * @n: events
 * @event: the events
 */
struct history {
	const struct sweep_case *c;
	u32 n;
	struct event event[EVENTS_MAX];
};

char *history_id(const struct history *h, char *id);
const char *history_parse(struct history *h, const struct sweep_case *cases,
			  u32 n_cases, const char *id);

/* tally.c */

#define STATES_MAX	4096

/**
 * struct tally - what was seen; each process has one
 * @cuts: power cuts that were the last event of a history
 * @stops: kills and I/O errors that were
 * @unbootable: nothing starts, and it is not the single copy's window
 * @unfinished: the command cannot be finished
 * @damage: cuts by kind of event
 * @window: nothing starts inside the single copy's write, by kind
 * @rescued: of these, what a rescue system could finish
 * @header: with a ROM that checks headers alone nothing starts; by copies - 1
 *	and kind
 * @mind_done: changes of mind that went through
 * @mind_refused: those that were refused, by reason
 * @refused: cases that are refused at once
 * @played: cases that are not
 * @missed: histories whose events did not all strike
 * @n_states: used entries of @state
 * @state: what was found at power-on after a cut
 */
struct tally {
	u64 cuts;
	u64 stops;
	u64 unbootable;
	u64 unfinished;
	u64 damage[EVENTS];
	u64 window[EVENTS];
	u64 rescued;
	u64 header[2][EVENTS];
	u64 mind_done;
	u64 mind_refused[FWSLOT_REASON_MAX];
	u64 refused;
	u64 played;
	u64 missed;
	u32 n_states;
	struct {
		char text[64];
		u64 count;
	} state[STATES_MAX];
};

extern struct tally *tally;

void tally_state(const char *text);
void tally_add(struct tally *to, const struct tally *from);
void tally_print(const struct tally *t);
const char *event_word(u32 kind);
int event_find(const char *word);

/* play.c */

/* Which events strike at one depth of a history. */
enum play_mode {
	PLAY_NONE,
	PLAY_ONE,	/* the one that the script says */
	PLAY_CUTS,	/* every cut at every step, with both ways to go on */
};

/**
 * struct player - plays the histories of a case
 * @mode: for each depth, that is number of events so far
 * @script: case, and the events for PLAY_ONE
 * @shard: of the first cuts, only every @shards-th, beginning with this one
 * @shards: see @shard
 * @stride: of the second cuts only every so many
 * @verbose: 1: print the story, 2: all flash steps, too
 *
 * Its own:
 * @h: the history as far as it went
 * @flash: by depth
 * @number: of cuts that were possible, by depth
 * @struck: events so far that did not cut the power
 * @bad: bad ends so far
 * @refused: reason for which the case was refused from the start
 */
struct player {
	enum play_mode mode[EVENTS_MAX + 1];
	struct history script;
	u32 shard;
	u32 shards;
	u32 stride;
	int verbose;

	struct history h;
	struct flash *flash[EVENTS_MAX + 1];
	u64 number[EVENTS_MAX + 1];
	u64 struck;
	u32 bad;
	u32 refused;
};

u32 play(struct player *p);

#endif /* SWEEP_SWEEP_H */
