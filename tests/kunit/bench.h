/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bench.h - a writer with everything that it needs, for the suites
 */
#ifndef FWSLOT_KUNIT_BENCH_H
#define FWSLOT_KUNIT_BENCH_H

#include "chip.h"

#define BENCH_ROOM	(2560U << 10)	/* the largest slot with its record */
#define BENCH_IMAGE	(1088U << 10)	/* the largest image */
#define BENCH_MANIFEST	300
#define BENCH_BODY	(16U << 10)

/**
 * struct bench_shape - what to write to what
 * @erase_size: of the flash
 * @chunk_size: of the image
 * @image_size: of the image
 * @write_unit: of the flash
 * @overwrite: as NOR allows it
 * @own: the record has an area of its own
 * @signature: bytes of the signature
 */
struct bench_shape {
	u32 erase_size;
	u32 chunk_size;
	u32 image_size;
	u32 write_unit;
	bool overwrite;
	bool own;
	u32 signature;
};

/**
 * struct bench - one chip, one image, one writer
 * @chip: the chip
 * @shape: what it is now
 * @img: the image
 * @writer: the writer
 * @image_blocks: erase blocks of the image
 * @record_blocks: erase blocks of the record
 * @total: bytes of the flash, record area included
 * @data: content of the image
 * @before: content of the flash before the write
 * @body: body of the record
 * @memory: the writer's memory
 */
struct bench {
	struct chip *chip;
	struct bench_shape shape;
	struct fwslot_image img;
	struct fwslot_writer writer;
	u32 image_blocks;
	u32 record_blocks;
	u32 total;
	u8 *data;
	u8 *before;
	u8 *body;
	u8 *memory[3];
};

struct bench *bench_new(struct kunit *test);
int bench_setup(struct bench *b, const struct bench_shape *shape, u32 seed);
void bench_table(struct bench *b);
void bench_old(struct bench *b);
int bench_init(struct bench *b);
int bench_install(struct bench *b);
bool bench_image_right(struct bench *b);
bool bench_record_right(struct bench *b);
bool bench_record_valid(struct bench *b);

#endif /* FWSLOT_KUNIT_BENCH_H */
