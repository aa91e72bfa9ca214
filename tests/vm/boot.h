/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What a boot ROM and a bootloader would do with a flash chip
 *
 * The judge of the tests: it looks at the bytes on the flash as the hardware
 * and the old and new bootloaders do, through the images' own headers.  It
 * shares no code with fwslot and never looks at a slot record.
 */
#ifndef BOOT_H
#define BOOT_H

#include <stdbool.h>
#include <stdint.h>

#include "testimage.h"

#define BOOT_MAX_COPIES		4

/**
 * struct boot_part - where a slot lies on the flash
 * @ofs: first byte
 * @size: bytes, 0 if the device has no such slot
 */
struct boot_part {
	uint64_t ofs;
	uint64_t size;
};

/**
 * struct boot_layout - the board
 * @primary: slot that the bootloader tries first
 * @secondary: slot that it tries next
 * @boot: bootloader copies in the order of the ROM
 * @copies: how many
 * @rom_whole: the ROM checks the whole bootloader and takes the next copy if
 *	it is damaged; else it checks the header and starts what follows
 */
struct boot_layout {
	struct boot_part primary;
	struct boot_part secondary;
	struct boot_part boot[BOOT_MAX_COPIES];
	unsigned int copies;
	bool rom_whole;
};

/**
 * struct boot_result - what happened at power-on
 * @slot: "primary", "secondary" or "none"
 * @reason: why none started, else NULL
 * @copy: bootloader copy that ran
 * @format: format that it starts
 * @version: of the system image that runs, NUL terminated
 */
struct boot_result {
	const char *slot;
	const char *reason;
	unsigned int copy;
	uint32_t format;
	char version[33];
};

bool boot_decide(const struct boot_layout *layout, const uint8_t *flash,
		 uint64_t size, struct boot_result *result);

#endif /* BOOT_H */
