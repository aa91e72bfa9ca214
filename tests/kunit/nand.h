/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nand.h - a small NAND chip with a map of its good blocks, and a job for it
 */
#ifndef FWSLOT_KUNIT_NAND_H
#define FWSLOT_KUNIT_NAND_H

#include "build.h"
#include "../kmod/flashsim/model.h"

#define NAND_ERASE	8192U
#define NAND_PAGE	512U
#define NAND_BLOCKS	16U
#define NAND_IMAGE	70001U	/* nine blocks, two chunks */
#define NAND_IMAGE_BLOCKS	9U
#define NAND_RECORD_BLOCKS	2U
#define NAND_CHUNK	65536U
#define NAND_MANIFEST	300U
#define NAND_SIGNATURE	8000U
#define NAND_BODY	(NAND_MANIFEST + NAND_SIGNATURE + 2 * 32)

/**
 * struct nand - the chip, an image and a writer
 * @flash: what the core gets
 * @model: the chip
 * @array: its contents
 * @pages: states of its pages
 * @blocks: flags of its blocks
 * @map: physical blocks of the logical ones
 * @retired: blocks that were retired
 * @retire_err: what comes of retiring one; 0: it is done
 * @own: the last good blocks are an area of the record's own, so many
 * @img: the image
 * @data: its content
 * @body: body of its record
 * @w: the writer
 * @memory: the writer's memory
 */
struct nand {
	struct fwslot_flash flash;
	struct flashsim_model model;
	u8 *array;
	u8 *pages;
	u8 *blocks;
	u32 map[NAND_BLOCKS];
	u32 retired;
	int retire_err;
	u32 own;
	struct fwslot_image img;
	u8 *data;
	u8 *body;
	struct fwslot_writer w;
	u8 *memory[3];
};

struct kunit;

struct nand *nand_new(struct kunit *test);
void nand_erased(struct nand *n);
void nand_map(struct nand *n);
void nand_image(struct nand *n, u32 seed);
u32 nand_begin(struct nand *n);
int nand_feed(struct nand *n);
int nand_install(struct nand *n);
bool nand_image_right(struct nand *n);
bool nand_record_right(struct nand *n);

#endif /* FWSLOT_KUNIT_NAND_H */
