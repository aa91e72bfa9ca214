// SPDX-License-Identifier: MIT
/*
 * judge.c - what boots, by the boot model of the VM tests
 *
 * The boot model (tests/vm/boot.c) shares no code with fwslot; here it is only
 * given the bytes that a read of the chip gives.
 */
#include <stdlib.h>
#include "host.h"

static struct boot_part part_of(const struct board *board, u32 unit)
{
	return (struct boot_part){
		.ofs = board->part[unit].ofs, .size = board->part[unit].size,
	};
}

/*
 * Power on: the boot ROM checks the whole bootloader, or only its header.
 * Return: enum fwslot_booted, FWSLOT_BOOTED_OTHER: nothing starts.
 */
u32 judge(struct flash *flash, bool rom_whole, struct boot_result *result)
{
	const struct board *board = flash->board;
	struct boot_layout layout = {
		.primary = part_of(board, FWSLOT_UNIT_PRIMARY),
		.secondary = part_of(board, FWSLOT_UNIT_SECONDARY),
		.copies = board->copies,
		.rom_whole = rom_whole,
	};
	static u8 *buf;
	static u64 size;
	u32 unit;

	if (size < board->geo.size) {
		size = board->geo.size;
		buf = realloc(buf, size);
	}
	for (unit = 0; unit < FWSLOT_UNITS; unit++) {
		if (!board_has(board, unit))
			continue;
		flash_read(flash, unit, buf + board->part[unit].ofs);
		if (IMAGE_OF(unit))
			layout.boot[unit - FWSLOT_UNIT_BOOT0] =
				part_of(board, unit);
	}
	if (!boot_decide(&layout, buf, board->geo.size, result))
		return FWSLOT_BOOTED_OTHER;
	return strcmp(result->slot, "primary") ? FWSLOT_BOOTED_SECONDARY :
						 FWSLOT_BOOTED_PRIMARY;
}
