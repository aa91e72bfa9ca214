// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parts= parameter, "NAME@OFFSET+SIZE;NAME@OFFSET+SIZE;..."
 *
 * Offsets and sizes are numbers as memparse() takes them (0x10000, 64K).  Only
 * the range is checked here.  What MTD thinks of partitions that overlap or are
 * not aligned is for MTD to say: tests want to see it.
 */
#include "flashsim.h"

static int parse_part(char *text, struct mtd_partition *part, u64 size)
{
	char *at = strchr(text, '@');
	char *end;

	if (!at || at == text)
		return -EINVAL;
	*at = '\0';
	part->name = text;
	part->offset = memparse(at + 1, &end);
	if (*end != '+')
		return -EINVAL;
	part->size = memparse(end + 1, &end);
	if (*end || !part->size)
		return -EINVAL;
	if (part->offset > size || part->size > size - part->offset)
		return -ERANGE;
	return 0;
}

/**
 * flashsim_parse_parts() - read the parts= parameter
 * @text: parameter; cut to pieces, the names point into it
 * @parts: FLASHSIM_MAX_PARTS zeroed entries to fill
 * @size: size of the chip
 *
 * Return: number of partitions, -EINVAL if @text cannot be read, -ERANGE for a
 * partition beyond the chip, -E2BIG for too many.
 */
int flashsim_parse_parts(char *text, struct mtd_partition *parts, u64 size)
{
	char *word;
	int n = 0;
	int err;

	while ((word = strsep(&text, ";"))) {
		if (!*word)
			continue;
		if (n == FLASHSIM_MAX_PARTS)
			return -E2BIG;
		err = parse_part(word, &parts[n++], size);
		if (err)
			return err;
	}
	return n;
}
