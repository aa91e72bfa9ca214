/* SPDX-License-Identifier: MIT */
/*
 * inside.h - what the files that see both the module and the test share
 *
 * machine.c, mtd.c, shim.c, and the two fakes that are linked into the module,
 * input.c and fakes.c.
 */
#ifndef SWEEP_INSIDE_H
#define SWEEP_INSIDE_H

#include "session.h"
#include "host.h"

/* shim.c: all that is allocated belongs to a heap */

struct shim_heap {
	struct list_head blocks;
	u32 count;
};

void shim_heap_init(struct shim_heap *heap);
struct shim_heap *shim_heap_use(struct shim_heap *heap);
void shim_heap_free(struct shim_heap *heap);

/* mtd.c */

/**
 * struct chip - the MTD devices of a machine
 * @master: the chip itself, not registered
 * @part: its partitions, as in struct board
 * @board: the board
 * @notifier: who wants to know of them
 */
struct chip {
	struct mtd_info master;
	struct mtd_info part[BOARD_PARTS];
	const struct board *board;
	struct mtd_notifier *notifier;
};

void chip_init(struct chip *chip, struct flash *flash);
struct chip *machine_chip(void);

/* fakes.c and input.c, with the module's state */

/**
 * struct feed - who gives the data of a session
 * @image: system and bootloader
 * @session: the session, from plan to end
 */
struct feed {
	const u8 *image[FWSLOT_IMAGES_MAX];
	struct fwslot_session *session;
};

extern struct feed feed;

#endif /* SWEEP_INSIDE_H */
