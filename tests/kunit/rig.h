/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rig.h - a small chip of the flash model, for the suites of the model itself
 */
#ifndef FWSLOT_KUNIT_RIG_H
#define FWSLOT_KUNIT_RIG_H

#include "build.h"
#include "../kmod/flashsim/model.h"

#define RIG_SIZE	0x4000
#define RIG_BLOCK	0x1000
#define RIG_BLOCKS	(RIG_SIZE / RIG_BLOCK)
#define RIG_PAGE	0x200
#define RIG_PAGES	(RIG_SIZE / RIG_PAGE)
#define RIG_SEEDS	200

/**
 * struct rig - a chip and all its memory
 * @m: the model
 * @array: contents
 * @locks: lock bits
 * @pages: NAND: states of the pages
 * @blocks: flags of the blocks
 * @buf: for what is read or programmed
 */
struct rig {
	struct flashsim_model m;
	u8 array[RIG_SIZE];
	u8 locks[RIG_BLOCKS];
	u8 pages[RIG_PAGES];
	u8 blocks[RIG_BLOCKS];
	u8 buf[RIG_SIZE];
};

struct kunit;

struct rig *rig_new(struct kunit *test, bool nand);
struct rig *rig_clone(struct kunit *test, const struct rig *rig);
void rig_copy(struct rig *to, const struct rig *from);
bool rig_equal(const struct rig *a, const struct rig *b);
int rig_read(struct rig *rig, u64 ofs, u32 len);
int rig_program(struct rig *rig, u64 ofs, u32 len, u32 seed);
bool rig_only_changed(const struct rig *was, const struct rig *is, u32 ofs,
		      u32 len);

#endif /* FWSLOT_KUNIT_RIG_H */
