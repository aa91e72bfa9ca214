/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A NOR flash chip as a plain C model
 *
 * The model knows what NOR flash does and nothing else: erase whole blocks to
 * 0xFF, clear bits by programming, keep locked blocks as they are, count.  The
 * caller owns all memory, serialises the calls and deals with time.  It is
 * built into the flashsim module and into the unit tests in userspace.
 */
#ifndef FLASHSIM_MODEL_H
#define FLASHSIM_MODEL_H

#include "../../../kmod/core/env.h"

/**
 * struct flashsim_geometry - what the chip looks like
 * @size: bytes, a multiple of @erasesize
 * @erasesize: bytes of an erase block
 * @writesize: smallest unit that can be programmed
 * @writebufsize: largest unit that is programmed in one go (the chip's page)
 *
 * All but @size are powers of two, each at least as large as the next smaller
 * unit.
 */
struct flashsim_geometry {
	u64 size;
	u32 erasesize;
	u32 writesize;
	u32 writebufsize;
};

/**
 * struct flashsim_counters - what the chip did since flashsim_model_init()
 * @erases: blocks erased
 * @programs: pages (@writebufsize) programmed, partly or whole
 * @bytes_programmed: bytes in these
 * @reads: read operations
 * @bytes_read: bytes in these
 * @refused: operations that the chip refused; they changed nothing
 */
struct flashsim_counters {
	u64 erases;
	u64 programs;
	u64 bytes_programmed;
	u64 reads;
	u64 bytes_read;
	u64 refused;
};

/**
 * struct flashsim_model - one chip
 * @geo: geometry
 * @erase_shift: log2 of the erase block size
 * @array: contents, @geo.size bytes of the caller's
 * @locks: one bit for each block, flashsim_lock_bytes() of the caller's, or
 *	NULL for a chip without block locks
 * @count: counters
 */
struct flashsim_model {
	struct flashsim_geometry geo;
	u32 erase_shift;
	u8 *array;
	u8 *locks;
	struct flashsim_counters count;
};

size_t flashsim_lock_bytes(const struct flashsim_geometry *geo);
int flashsim_model_init(struct flashsim_model *m,
			const struct flashsim_geometry *geo, u8 *array,
			u8 *locks);
int flashsim_model_erase(struct flashsim_model *m, u64 ofs, u64 len);
int flashsim_model_program(struct flashsim_model *m, u64 ofs, const u8 *buf,
			   u64 len);
int flashsim_model_read(struct flashsim_model *m, u64 ofs, u8 *buf, u64 len);
int flashsim_model_lock(struct flashsim_model *m, u64 ofs, u64 len);
int flashsim_model_unlock(struct flashsim_model *m, u64 ofs, u64 len);
int flashsim_model_is_locked(struct flashsim_model *m, u64 ofs, u64 len);

#endif /* FLASHSIM_MODEL_H */
