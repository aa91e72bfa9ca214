// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What a boot ROM and a bootloader would do with a flash chip
 *
 * The ROM starts the first bootloader copy that it believes to be good.  A
 * bootloader of format F starts the first of primary and secondary that holds
 * an undamaged system image of format F.  A ROM that reads only headers may
 * start a damaged bootloader; then nothing runs any more.
 */
#include <endian.h>
#include <string.h>

#include "boot.h"
#include "sha256.h"

static bool header_ok(const struct boot_part *part, const uint8_t *flash,
		      uint64_t size, uint32_t kind, struct testimage_header *h)
{
	if (part->ofs > size || part->size > size - part->ofs ||
	    part->size < TESTIMAGE_MIN_LENGTH)
		return false;

	memcpy(h, flash + part->ofs, sizeof(*h));
	h->kind = le32toh(h->kind);
	h->format = le32toh(h->format);
	h->length = le64toh(h->length);
	return !memcmp(h->magic, TESTIMAGE_MAGIC, sizeof(h->magic)) &&
	       h->kind == kind && h->format &&
	       h->length >= TESTIMAGE_MIN_LENGTH && h->length <= part->size;
}

static bool whole_ok(const struct boot_part *part, const uint8_t *flash,
		     const struct testimage_header *h)
{
	uint8_t digest[32];

	sha256(flash + part->ofs, TESTIMAGE_HEAD, digest);
	if (memcmp(digest, h->head_sha256, sizeof(digest)))
		return false;
	sha256(flash + part->ofs + sizeof(*h), h->length - sizeof(*h), digest);
	return !memcmp(digest, h->sha256, sizeof(digest));
}

/* The boot ROM.  Return: the reason why nothing runs, or NULL. */
static const char *start_bootloader(const struct boot_layout *layout,
				    const uint8_t *flash, uint64_t size,
				    struct boot_result *result)
{
	const struct boot_part *part;
	struct testimage_header h;
	unsigned int i;
	bool whole;

	for (i = 0; i < layout->copies; i++) {
		part = &layout->boot[i];
		if (!header_ok(part, flash, size, TESTIMAGE_BOOTLOADER, &h))
			continue;
		whole = whole_ok(part, flash, &h);
		if (!whole && layout->rom_whole)
			continue;
		result->copy = i;
		result->format = h.format;
		return whole ? NULL : "bootloader-damaged";
	}
	return "no-bootloader";
}

static bool start_system(const struct boot_part *part, const uint8_t *flash,
			 uint64_t size, struct boot_result *result)
{
	struct testimage_header h;

	if (!header_ok(part, flash, size, TESTIMAGE_SYSTEM, &h) ||
	    h.format != result->format || !whole_ok(part, flash, &h))
		return false;
	memcpy(result->version, h.version, sizeof(h.version));
	return true;
}

/**
 * boot_decide() - what runs after power-on?
 * @layout: the board
 * @flash: contents of the flash
 * @size: bytes of it
 * @result: filled in
 *
 * Return: true if a system runs; else @result->reason says why not.
 */
bool boot_decide(const struct boot_layout *layout, const uint8_t *flash,
		 uint64_t size, struct boot_result *result)
{
	memset(result, 0, sizeof(*result));
	result->slot = "none";
	result->reason = start_bootloader(layout, flash, size, result);
	if (result->reason)
		return false;

	if (start_system(&layout->primary, flash, size, result))
		result->slot = "primary";
	else if (start_system(&layout->secondary, flash, size, result))
		result->slot = "secondary";
	else
		result->reason = "no-system";
	return !result->reason;
}
