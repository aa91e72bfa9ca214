// SPDX-License-Identifier: MIT
/*
 * copy_place.c - where the module was told to keep a unit's record
 *
 * Reads the module parameter slots= as Documentation/parameters.rst describes
 * it.  The module has checked it, so what does not fit here is just not found;
 * what is found wrongly is no record, and then no copy is made.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "copy_area.h"

#define PLACE_OPTION	"record="

/* The entry of a unit: the second "bootloader=" is the second copy. */
static const char *place_entry(const char *slots, u32 unit, size_t *len)
{
	const char *word = fwslot_unit_word(fwslot_unit_slot(unit));
	u32 skip = unit == FWSLOT_UNIT_BOOT1;
	size_t n = strlen(word);

	for (;; slots += *len + 1) {
		*len = strcspn(slots, ";\n");
		if (!strncmp(slots, word, n) && slots[n] == '=' && !skip--)
			return slots;
		if (slots[*len] != ';')
			return NULL;
	}
}

static const char *place_option(const char *entry, size_t len)
{
	const char *end = entry + len;
	const char *p;

	for (p = entry; p < end; p++)
		if (*p == ',' && !strncmp(p + 1, PLACE_OPTION,
					  sizeof(PLACE_OPTION) - 1))
			return p + sizeof(PLACE_OPTION);
	return NULL;
}

static u64 place_bytes(const char *s, char **end)
{
	static const char units[] = "KMG";
	u64 n = strtoull(s, end, 0);
	const char *unit = **end ? strchr(units, **end) : NULL;

	if (!unit)
		return n;
	++*end;
	return n << 10 * (unit - units + 1);
}

/* The number of an MTD device, from the text of /proc/mtd. */
static int place_mtd(const char *mtds, const char *name, size_t len, u32 *mtd)
{
	const char *line, *quote;

	for (line = mtds; *line; line = strchrnul(line, '\n') + 1) {
		quote = strchr(line, '"');
		if (quote && !strncmp(quote + 1, name, len) &&
		    quote[1 + len] == '"' && sscanf(line, "mtd%u:", mtd) == 1)
			return 0;
		if (!strchr(line, '\n'))
			break;
	}
	return -ENOENT;
}

/**
 * copy_place_find() - find the record of a unit
 * @slots: the module parameter
 * @mtds: the text of /proc/mtd
 * @unit: enum fwslot_unit
 * @place: where it is
 *
 * Return: 0, or -ENOENT when its record has no area of its own, or that is not
 * there.
 */
int copy_place_find(const char *slots, const char *mtds, u32 unit,
		    struct copy_place *place)
{
	const char *entry, *option;
	size_t len;
	char *end;

	entry = place_entry(slots, unit, &len);
	option = entry ? place_option(entry, len) : NULL;
	if (!option)
		return -ENOENT;
	len = strcspn(option, "@,;\n");
	if (option[len] != '@' || place_mtd(mtds, option, len, &place->mtd))
		return -ENOENT;
	place->start = place_bytes(option + len + 1, &end);
	place->size = *end == ':' ? place_bytes(end + 1, &end) : 0;
	return 0;
}
