/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * chip.h - the flash model behind the core's flash ops, with a log and faults
 */
#ifndef FWSLOT_KUNIT_CHIP_H
#define FWSLOT_KUNIT_CHIP_H

#include "build.h"
#include "../kmod/flashsim/model.h"

#define CHIP_LOG	4096

enum chip_kind {
	CHIP_READ = 1,
	CHIP_ERASE = 2,
	CHIP_PROGRAM = 4,
	CHIP_WRITES = CHIP_ERASE | CHIP_PROGRAM,
	CHIP_ALL = CHIP_READ | CHIP_WRITES,
};

struct chip_op {
	enum chip_kind kind;
	u32 ofs;
	u32 len;
	bool zero;	/* programs zeroes only */
};

/**
 * enum chip_fault - what happens at the chosen operation
 * @CHIP_FINE: nothing
 * @CHIP_FAIL: it fails, and does nothing
 * @CHIP_CUT: power is lost before it: it and all after it do nothing
 * @CHIP_NOOP: it says that it was done, and was not
 * @CHIP_FLIP: it is done, but one bit of it is wrong
 */
enum chip_fault {
	CHIP_FINE,
	CHIP_FAIL,
	CHIP_CUT,
	CHIP_NOOP,
	CHIP_FLIP,
};

/**
 * struct chip - one unit's flash
 * @flash: what the core gets
 * @model: the model
 * @array: its contents
 * @room: bytes at @array
 * @fault: what goes wrong
 * @kinds: operations that are counted for it
 * @at: at which of these, from 0
 * @err: errno of CHIP_FAIL
 * @count: operations of @kinds so far
 * @after: writes after the fault
 * @over: programs over what was not erased, but for zeroes where overwrite is
 *	allowed
 * @n_log: used entries of @log
 * @log: erases and programs that were done
 */
struct chip {
	struct fwslot_flash flash;
	struct flashsim_model model;
	u8 *array;
	u32 room;
	enum chip_fault fault;
	enum chip_kind kinds;
	u32 at;
	int err;
	u32 count;
	u32 after;
	u32 over;
	u32 n_log;
	struct chip_op log[CHIP_LOG];
};

struct kunit;

struct chip *chip_new(struct kunit *test, u32 room);
int chip_shape(struct chip *chip, const struct fwslot_geometry *geo);
void chip_fault_set(struct chip *chip, enum chip_fault fault,
		    enum chip_kind kinds, u32 at, int err);

#endif /* FWSLOT_KUNIT_CHIP_H */
