// SPDX-License-Identifier: MIT
/*
 * inuse.c - is a slot mounted or attached
 *
 * A file system that reads from a slot would find other data under its feet.
 * Looks at mounts (of mtdblockN, and of file systems that sit on the MTD device
 * itself: both show the number of the block device), at what else holds
 * mtdblockN, and at UBI.  This is for the user's sake; the kernel module does
 * not need it to keep its promises.
 */
#include <dirent.h>
#include <stdio.h>

#include "fwslot.h"
#include "inuse.h"

#define INUSE_MOUNTS	"/proc/self/mountinfo"
#define INUSE_UBI	"/sys/class/ubi"
#define INUSE_MAJOR	31	/* mtdblock, see Documentation/admin-guide/devices.txt */

static bool inuse_mounted(u32 mtd)
{
	FILE *file = fopen(INUSE_MOUNTS, "re");
	unsigned int major, minor;
	bool found = false;
	char line[4096];

	while (file && !found && fgets(line, sizeof(line), file))
		found = sscanf(line, "%*d %*d %u:%u ", &major, &minor) == 2 &&
			major == INUSE_MAJOR && minor == mtd;
	if (file)
		fclose(file);
	return found;
}

/* Device mapper and the like leave a link. */
static bool inuse_held(u32 mtd)
{
	struct dirent *entry;
	bool found = false;
	char path[64];
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/class/block/mtdblock%u/holders", mtd);
	dir = opendir(path);
	while (dir && !found && (entry = readdir(dir)))
		found = entry->d_name[0] != '.';
	if (dir)
		closedir(dir);
	return found;
}

static bool inuse_is_ubi(const char *name, u32 mtd)
{
	unsigned int number = ~0U;
	char path[300];
	FILE *file;

	snprintf(path, sizeof(path), INUSE_UBI "/%s/mtd_num", name);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (fscanf(file, "%u", &number) != 1)
		number = ~0U;
	fclose(file);
	return number == mtd;
}

static bool inuse_attached(u32 mtd)
{
	DIR *dir = opendir(INUSE_UBI);
	struct dirent *entry;
	bool found = false;

	while (dir && !found && (entry = readdir(dir)))
		found = inuse_is_ubi(entry->d_name, mtd);
	if (dir)
		closedir(dir);
	return found;
}

/**
 * inuse_check() - ask whether slots that are to be written are in use
 * @st: the device
 * @slots: mask of slots
 * @f: which units are
 *
 * Return: 0, or -1.
 */
int inuse_check(const struct nl_status *st, u32 slots, struct failure *f)
{
	u32 i, mtd, units = 0;

	for (i = 0; i < FWSLOT_UNITS; i++) {
		if (!(slots & 1U << fwslot_unit_slot(i)) ||
		    !nl_has(st->units[i].seen, FWSLOT_A_MTD_INDEX))
			continue;
		mtd = st->units[i].mtd_index;
		if (inuse_mounted(mtd) || inuse_held(mtd) ||
		    inuse_attached(mtd))
			units |= 1U << i;
	}
	if (!units)
		return 0;
	failure_set(f, FWSLOT_REASON_IN_USE, 0, "%s", "");
	f->detail = units;
	return -1;
}
