// SPDX-License-Identifier: GPL-2.0-only
/*
 * chip.c - the flash model behind the core's flash ops, with a log and faults
 */
#include <kunit/test.h>
#include "chip.h"

/* What happens to this operation; counts it. */
static enum chip_fault next_op(struct chip *chip, enum chip_kind kind)
{
	bool past = chip->count > chip->at;
	bool hit = false;

	if (chip->fault == CHIP_FINE)
		return CHIP_FINE;
	if (past && kind != CHIP_READ)
		chip->after++;
	if (kind & chip->kinds)
		hit = chip->count++ == chip->at;
	if (chip->fault == CHIP_CUT)
		return past || hit ? CHIP_CUT : CHIP_FINE;
	return hit ? chip->fault : CHIP_FINE;
}

static void log_op(struct chip *chip, enum chip_kind kind, u64 ofs, u32 len,
		   bool zero)
{
	struct chip_op *op;

	if (chip->n_log == CHIP_LOG)
		return;
	op = &chip->log[chip->n_log++];
	op->kind = kind;
	op->ofs = ofs;
	op->len = len;
	op->zero = zero;
}

static int chip_read(void *ctx, u64 ofs, void *buf, u32 len)
{
	struct chip *chip = ctx;
	enum chip_fault fault = next_op(chip, CHIP_READ);
	int err;

	if (fault == CHIP_FAIL || fault == CHIP_CUT)
		return chip->err;
	if (fault == CHIP_NOOP)
		return 0;
	err = flashsim_model_read(&chip->model, ofs, buf, len);
	if (!err && fault == CHIP_FLIP)
		*(u8 *)buf ^= 4;
	return err;
}

static int chip_erase(void *ctx, u64 ofs)
{
	struct chip *chip = ctx;
	u32 size = chip->flash.geo.erase_size;
	enum chip_fault fault = next_op(chip, CHIP_ERASE);
	int err;

	if (fault == CHIP_FAIL || fault == CHIP_CUT)
		return chip->err;
	log_op(chip, CHIP_ERASE, ofs, size, false);
	if (fault == CHIP_NOOP)
		return 0;
	err = flashsim_model_erase(&chip->model, ofs, size);
	if (!err && fault == CHIP_FLIP)
		chip->array[ofs + size - 1] ^= 4;
	return err;
}

static int chip_program(void *ctx, u64 ofs, const void *buf, u32 len)
{
	struct chip *chip = ctx;
	bool zero = !memchr_inv(buf, 0, len);
	enum chip_fault fault = next_op(chip, CHIP_PROGRAM);
	int err;

	if (fault == CHIP_FAIL || fault == CHIP_CUT)
		return chip->err;
	log_op(chip, CHIP_PROGRAM, ofs, len, zero);
	if (fault == CHIP_NOOP)
		return 0;
	if (memchr_inv(chip->array + ofs, 0xff, len) &&
	    !(zero && chip->flash.geo.overwrite))
		chip->over++;
	err = flashsim_model_program(&chip->model, ofs, buf, len);
	if (!err && fault == CHIP_FLIP)
		chip->array[ofs] ^= 4;
	return err;
}

static const struct fwslot_flash_ops chip_ops = {
	.read = chip_read,
	.erase = chip_erase,
	.program = chip_program,
};

/**
 * chip_new() - a chip without shape
 * @test: owner of the memory
 * @room: bytes of the largest shape
 */
struct chip *chip_new(struct kunit *test, u32 room)
{
	struct chip *chip = kunit_kzalloc(test, sizeof(*chip), GFP_KERNEL);

	if (!chip)
		return NULL;
	chip->array = kunit_kzalloc(test, room, GFP_KERNEL);
	chip->room = room;
	chip->flash.ops = &chip_ops;
	chip->flash.sha256 = test_sha256;
	chip->flash.ctx = chip;
	return chip->array ? chip : NULL;
}

/**
 * chip_shape() - give a chip a shape; contents stay, log and fault are cleared
 * @chip: the chip
 * @geo: its shape
 *
 * Return: 0 or -EINVAL.
 */
int chip_shape(struct chip *chip, const struct fwslot_geometry *geo)
{
	struct flashsim_geometry sim = {
		.size = geo->size + geo->record_size,
		.erasesize = geo->erase_size,
		.writesize = geo->write_unit,
		.writebufsize = geo->erase_size,
	};

	if (sim.size > chip->room)
		return -EINVAL;
	chip->flash.geo = *geo;
	chip_fault_set(chip, CHIP_FINE, CHIP_ALL, 0, 0);
	return flashsim_model_init(&chip->model, &sim, chip->array, NULL);
}

/**
 * chip_fault_set() - choose what goes wrong; clears log and counters
 * @chip: the chip
 * @fault: what
 * @kinds: at which kind of operations
 * @at: at which of these
 * @err: errno of CHIP_FAIL and CHIP_CUT
 */
void chip_fault_set(struct chip *chip, enum chip_fault fault,
		    enum chip_kind kinds, u32 at, int err)
{
	chip->fault = fault;
	chip->kinds = kinds;
	chip->at = at;
	chip->err = err;
	chip->count = 0;
	chip->after = 0;
	chip->over = 0;
	chip->n_log = 0;
}
