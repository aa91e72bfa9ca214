/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A NOR or NAND flash chip as a plain C model
 *
 * The model knows what flash does and nothing else: erase whole blocks to 0xFF,
 * clear bits by programming, keep locked blocks as they are, count, lose power
 * in the middle of something, fail.  The caller owns all memory, serialises the
 * calls and deals with time.  It is built into the flashsim module and into
 * tests in userspace.
 *
 * The chip works in steps: a step is what it does in one go, the erase of one
 * block or the program of one page (@writebufsize).
 *
 * A model is plain data and the caller's memory.  To clone a chip, copy the
 * struct, copy @array, @locks, @pages and @blocks, and point to the copies.
 * Equal chips that get equal calls stay equal: nothing is random but by seed.
 *
 * model.c has the calls, lock.c those for locks, damage.c what a step that is
 * stopped leaves behind, unstable.c weak bits, nand.c what NAND adds, fault.c
 * faults of the chip; inside.h is for these only.
 */
#ifndef FLASHSIM_MODEL_H
#define FLASHSIM_MODEL_H

#include "../../../kmod/core/env.h"

#define FLASHSIM_WEAK_BITS	16
#define FLASHSIM_UNSTABLE_REGIONS	8

/**
 * struct flashsim_geometry - what the chip looks like
 * @size: bytes, a multiple of @erasesize
 * @erasesize: bytes of an erase block
 * @writesize: smallest unit that can be programmed; NAND: the page
 * @writebufsize: largest unit that is programmed in one go (the chip's page);
 *	NAND: equal to @writesize
 * @nand: NAND: the pages of a block are programmed in order and once, they have
 *	an ECC, and blocks may be bad
 *
 * All but @size are powers of two, each at least as large as the next smaller
 * unit.
 */
struct flashsim_geometry {
	u64 size;
	u32 erasesize;
	u32 writesize;
	u32 writebufsize;
	bool nand;
};

/**
 * struct flashsim_counters - what the chip did since flashsim_model_init()
 * @erases: blocks erased, also partly
 * @programs: pages (@writebufsize) programmed, partly or whole
 * @bytes_programmed: bytes in these
 * @reads: read operations, also those that failed
 * @bytes_read: bytes in these
 * @locks: lock operations, also those that failed
 * @unlocks: unlock operations, also those that failed
 * @refused: operations that the chip refused; they changed nothing
 * @failed: operations that failed after they had begun: faults and worn blocks
 */
struct flashsim_counters {
	u64 erases;
	u64 programs;
	u64 bytes_programmed;
	u64 reads;
	u64 bytes_read;
	u64 locks;
	u64 unlocks;
	u64 refused;
	u64 failed;
};

/**
 * enum flashsim_damage - what a step leaves behind when power is lost
 * @FLASHSIM_CUT_BEFORE: nothing happened
 * @FLASHSIM_CUT_AFTER: all happened, the caller never learns
 * @FLASHSIM_TORN_ERASED: program: done up to a byte, the rest as before
 * @FLASHSIM_TORN_RANDOM: program: done up to a byte, of the rest any bits
 *	that were set are cleared
 * @FLASHSIM_TORN_BITS: program: each bit is old or new
 * @FLASHSIM_ERASE_ZERO: erase: stopped while the block is filled with zeroes
 *	from its end; the bytes before are as they were
 * @FLASHSIM_ERASE_RANDOM: erase: stopped later; all bits are random
 * @FLASHSIM_UNSTABLE: reads as if it was done for 0 to 7 reads, then some bits
 *	are wrong, and others at each read, until the block is erased
 * @FLASHSIM_DAMAGES: how many there are
 *
 * On NAND a torn page reads -EBADMSG.  After an erase that was stopped each
 * page is as it was or reads -EBADMSG, or it looks erased (not with
 * @FLASHSIM_ERASE_ZERO) and cannot be programmed.  An unstable page reads right
 * 0 to 7 times, then it gives -EUCLEAN or -EBADMSG.
 */
enum flashsim_damage {
	FLASHSIM_CUT_BEFORE,
	FLASHSIM_CUT_AFTER,
	FLASHSIM_TORN_ERASED,
	FLASHSIM_TORN_RANDOM,
	FLASHSIM_TORN_BITS,
	FLASHSIM_ERASE_ZERO,
	FLASHSIM_ERASE_RANDOM,
	FLASHSIM_UNSTABLE,
	FLASHSIM_DAMAGES
};

/**
 * struct flashsim_step - one step
 * @erase: erase of a block, else program of a page or a part of one
 * @ofs: where
 * @len: bytes; the erase size for an erase
 * @buf: what is programmed, NULL for an erase
 */
struct flashsim_step {
	bool erase;
	u64 ofs;
	u32 len;
	const u8 *buf;
};

/**
 * struct flashsim_unstable - bytes whose step was stopped at its very end
 * @ofs: start
 * @len: bytes
 * @seed: which of the bits are wrong at which read
 * @good: reads that are still right
 * @reads: reads since then
 * @to: NOR: what weak bits may read instead, 0 after an erase, 1 after a program
 * @n_bits: NOR: used entries of @bits
 * @bits: NOR: the weak bits, counted from bit 0 of the byte at @ofs
 */
struct flashsim_unstable {
	u64 ofs;
	u32 len;
	u32 seed;
	u32 good;
	u32 reads;
	bool to;
	u32 n_bits;
	u32 bits[FLASHSIM_WEAK_BITS];
};

/**
 * struct flashsim_cut - when power is lost
 * @armed: whether it is at all
 * @damage: what happens to the step
 * @seed: for @damage
 * @at: number of the step
 */
struct flashsim_cut {
	bool armed;
	enum flashsim_damage damage;
	u32 seed;
	u64 at;
};

/**
 * enum flashsim_fault_kind - faults of the chip that are no power cuts
 * @FLASHSIM_FAULT_NONE: no fault
 * @FLASHSIM_FAULT_STEP: step number @at is not done, it gives @err.  With 0 it
 *	says that it was done: a silent no-op
 * @FLASHSIM_FAULT_READ: read number @at gives @err.  With -EUCLEAN the data are
 *	right, with 0 (a bus without a chip) all 0xFF, otherwise some are wrong
 * @FLASHSIM_FAULT_LOCK: lock operation number @at is not done, it gives @err;
 *	with 0 it says that it was done
 * @FLASHSIM_FAULT_UNLOCK: the same for unlock operations
 * @FLASHSIM_FAULT_WRAP: address line @line is stuck at 0 for everything.  What
 *	is programmed over something is mixed with it without an error, on NOR
 */
enum flashsim_fault_kind {
	FLASHSIM_FAULT_NONE,
	FLASHSIM_FAULT_STEP,
	FLASHSIM_FAULT_READ,
	FLASHSIM_FAULT_LOCK,
	FLASHSIM_FAULT_UNLOCK,
	FLASHSIM_FAULT_WRAP,
};

/**
 * struct flashsim_fault - one fault
 * @kind: what goes wrong
 * @at: at which step (as in @steps of the chip), or read, lock or unlock
 *	operation (as in its counters); not for @FLASHSIM_FAULT_WRAP
 * @sticky: at all from that one on, not at that one alone
 * @err: negative errno, or 0, see the kinds
 * @line: @FLASHSIM_FAULT_WRAP: the address line, a power of two
 */
struct flashsim_fault {
	enum flashsim_fault_kind kind;
	u64 at;
	bool sticky;
	int err;
	u64 line;
};

/* States of a NAND page, one byte each in @pages.  Memory of zeroes is erased. */
enum flashsim_page {
	FLASHSIM_PAGE_ERASED,
	FLASHSIM_PAGE_PROGRAMMED,
	FLASHSIM_PAGE_TORN,	/* its ECC is wrong: reads -EBADMSG */
	FLASHSIM_PAGE_STALE,	/* reads as erased, but cannot be programmed */
};

/* Flags of a block, one byte each in @blocks.  Memory of zeroes is all good. */
#define FLASHSIM_BLOCK_BAD	1
#define FLASHSIM_BLOCK_WORN	2

struct flashsim_model;

/*
 * Called before each step is done, whose number is @m->steps.  If it returns
 * false or turns the power off, the step is not done, but it counts; the call
 * ends with -EIO, or with -ENODEV if the power is off.
 */
typedef bool (*flashsim_before_fn)(void *ctx, struct flashsim_model *m,
				   const struct flashsim_step *step);

/**
 * struct flashsim_model - one chip
 * @geo: geometry
 * @erase_shift: log2 of the erase block size
 * @page_shift: log2 of the write unit
 * @array: contents, @geo.size bytes of the caller's.  Reads of the chip may
 *	differ from it: they are what counts
 * @locks: one bit for each block, flashsim_lock_bytes() of the caller's, or
 *	NULL for a chip without block locks
 * @pages: NAND: state of each page, flashsim_page_bytes() of the caller's
 * @blocks: flags of each block, flashsim_block_bytes() of the caller's; NOR may
 *	do without (NULL), then no block can wear out
 * @count: counters
 * @steps: steps begun so far; the number of the next one
 * @before: called before each step, or NULL
 * @before_ctx: passed to @before
 * @off: power is off: every call returns -ENODEV and does nothing
 * @cut: when power is lost
 * @fault: fault of the chip
 * @n_unstable: used entries of @unstable
 * @unstable: bytes with weak bits, the oldest first.  When there is no room,
 *	the oldest become stable
 */
struct flashsim_model {
	struct flashsim_geometry geo;
	u32 erase_shift;
	u32 page_shift;
	u8 *array;
	u8 *locks;
	u8 *pages;
	u8 *blocks;
	struct flashsim_counters count;
	u64 steps;
	flashsim_before_fn before;
	void *before_ctx;
	bool off;
	struct flashsim_cut cut;
	struct flashsim_fault fault;
	u32 n_unstable;
	struct flashsim_unstable unstable[FLASHSIM_UNSTABLE_REGIONS];
};

/* model.c */
size_t flashsim_lock_bytes(const struct flashsim_geometry *geo);
size_t flashsim_page_bytes(const struct flashsim_geometry *geo);
size_t flashsim_block_bytes(const struct flashsim_geometry *geo);
int flashsim_model_init(struct flashsim_model *m,
			const struct flashsim_geometry *geo, u8 *array,
			u8 *locks);
int flashsim_model_erase(struct flashsim_model *m, u64 ofs, u64 len);
int flashsim_model_program(struct flashsim_model *m, u64 ofs, const u8 *buf,
			   u64 len);
int flashsim_model_read(struct flashsim_model *m, u64 ofs, u8 *buf, u64 len);

/* lock.c */
int flashsim_model_lock(struct flashsim_model *m, u64 ofs, u64 len);
int flashsim_model_unlock(struct flashsim_model *m, u64 ofs, u64 len);
int flashsim_model_is_locked(struct flashsim_model *m, u64 ofs, u64 len);

/* damage.c */
bool flashsim_damage_applies(enum flashsim_damage d,
			     const struct flashsim_step *step);
void flashsim_damage(struct flashsim_model *m, const struct flashsim_step *step,
		     enum flashsim_damage d, u32 seed);
const char *flashsim_damage_word(enum flashsim_damage d);
int flashsim_damage_find(const char *word);
void flashsim_cut_arm(struct flashsim_model *m, u64 at, enum flashsim_damage d,
		      u32 seed);
void flashsim_power_on(struct flashsim_model *m);

/* nand.c; a NAND model needs flashsim_model_nand() after flashsim_model_init() */
int flashsim_model_nand(struct flashsim_model *m, u8 *pages, u8 *blocks);
int flashsim_model_is_bad(struct flashsim_model *m, u64 ofs);
int flashsim_model_mark_bad(struct flashsim_model *m, u64 ofs);
int flashsim_model_wear(struct flashsim_model *m, u64 ofs);

/* fault.c */
void flashsim_fault_arm(struct flashsim_model *m,
			const struct flashsim_fault *fault);

#endif /* FLASHSIM_MODEL_H */
