// SPDX-License-Identifier: MIT
/*
 * board.c - where things are on the chip of a board
 *
 * Each slot has room for its largest image and its record, and for what the
 * board wants to spare.  Where the bootloader's records have a partition of
 * their own, it has one erase block for each copy.
 */
#include "host.h"

static const char *const names[BOARD_PARTS] = {
	[FWSLOT_UNIT_PRIMARY] = "primary",
	[FWSLOT_UNIT_SECONDARY] = "secondary",
	[FWSLOT_UNIT_BOOT0] = "bootloader",
	[FWSLOT_UNIT_BOOT1] = "bootloader2",
	[BOARD_RECORDS] = "records",
};

bool board_has(const struct board *board, u32 unit)
{
	if (unit == FWSLOT_UNIT_BOOT1)
		return board->copies == 2;
	return unit != BOARD_RECORDS || board->record_area;
}

static u32 blocks_of(const struct board *board, u32 unit)
{
	u32 image = IMAGE_OF(unit) ? board->bootloader : board->system;
	u32 blocks = fwslot_blocks(image, board->erase);

	if (unit == BOARD_RECORDS)
		return board->copies;
	if (!IMAGE_OF(unit) || !board->record_area)
		blocks++;
	return blocks + board->spare;
}

/* Where a unit's record area of its own begins on the chip. */
u64 board_record(const struct board *board, u32 unit)
{
	return board->part[BOARD_RECORDS].ofs +
	       (u64)(unit - FWSLOT_UNIT_BOOT0) * board->erase;
}

/* Bootloaders come first on the chip, as they do on most boards. */
void board_init(struct board *board)
{
	static const u32 order[BOARD_PARTS] = {
		FWSLOT_UNIT_BOOT0, FWSLOT_UNIT_BOOT1, BOARD_RECORDS,
		FWSLOT_UNIT_PRIMARY, FWSLOT_UNIT_SECONDARY,
	};
	struct board_part *part;
	u64 ofs = 0;
	u32 i;

	for (i = 0; i < BOARD_PARTS; i++) {
		part = &board->part[order[i]];
		if (!board_has(board, order[i]))
			continue;
		part->name = names[order[i]];
		part->ofs = ofs;
		part->size = (u64)blocks_of(board, order[i]) * board->erase;
		ofs += part->size;
	}
	board->geo.size = ofs;
	board->geo.erasesize = board->erase;
	board->geo.writesize = board->nand ? board->page : 1;
	board->geo.writebufsize = board->page;
	board->geo.nand = board->nand;
	for (i = 0; i < RELS; i++)
		package_make(&board->pkg[i], board, i);
}
