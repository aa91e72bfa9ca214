/* SPDX-License-Identifier: MIT */
/*
 * segment.h - what play.c and strike.c share: the segments of a history
 */
#ifndef SWEEP_SEGMENT_H
#define SWEEP_SEGMENT_H

#include "sweep.h"

/**
 * struct segment - a segment that is being played
 * @p: the player
 * @depth: power cuts before it
 * @index: events so far
 * @steps: flash steps since the last event
 * @ever: flash steps in it
 * @struck: an event that does not cut the power struck in this run
 * @over: the event of a script struck: the rest does not matter
 * @mind: the command is not the one that was run before the last event
 * @begun: it has written something
 * @turned: that one was refused, and it is the other one again
 * @reason: why the command was refused
 * @boot: what booted last
 * @judged: flash steps by then
 * @boot_failed: the chip has failed in a bootloader
 * @header: a ROM that looks at headers alone would have started it, too
 * @mc: the machine
 * @cmd: the command
 */
struct segment {
	struct player *p;
	u32 depth;
	u32 index;
	u32 steps;
	u32 ever;
	bool struck;
	bool over;
	bool mind;
	bool begun;
	bool turned;
	u32 reason;
	struct boot_result boot;
	u32 judged;
	bool boot_failed;
	bool header;
	struct machine mc;
	struct command cmd;
};

/* How a segment goes on, or ends. */
enum end {
	END_AGAIN,	/* it does not yet */
	END_DONE,	/* nothing is left to do */
	END_REFUSED,	/* the command was refused */
	END_BAD,	/* it can neither be finished nor was it refused */
	END_OVER,	/* an event of the script struck */
};

static inline struct flash *flash_of(const struct segment *seg)
{
	return seg->p->flash[seg->depth];
}

/* The event that struck last. */
static inline const struct event *last_event(const struct segment *seg)
{
	return &seg->p->h.event[seg->index - 1];
}

/* play.c */
void __attribute__((format(printf, 3, 4)))
say(const struct segment *seg, int level, const char *fmt, ...);
void __attribute__((format(printf, 3, 4)))
bad_end(struct segment *seg, u64 *counter, const char *fmt, ...);
u32 power_on(struct segment *seg);
bool header_dead(struct segment *seg);
void go_on(struct segment *seg, u32 booted);

/* strike.c */
bool before_step(void *ctx, struct flashsim_model *m,
		 const struct flashsim_step *step);

#endif /* SWEEP_SEGMENT_H */
