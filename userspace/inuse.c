// SPDX-License-Identifier: MIT
/*
 * inuse.c - is a slot mounted or attached
 *
 * A file system that reads from a slot would find other data under its feet.
 * Looks at mounts (of mtdblockN, and of file systems that sit on the MTD device
 * itself: both show the number of the block device), at what else holds
 * mtdblockN, at loop devices, and at UBI.  This is for the user's sake; the
 * kernel module does not need it to keep its promises.
 */
#include <dirent.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "fwslot.h"
#include "inuse.h"
#include "text.h"

#define INUSE_MOUNTS	"/proc/self/mountinfo"
#define INUSE_MTD	"/sys/class/mtd"
#define INUSE_BLOCK	"/sys/class/block"
#define INUSE_UBI	"/sys/class/ubi"
#define INUSE_MAJOR	31	/* mtdblock, see Documentation/admin-guide/devices.txt */

/* All of these return 1, 0, or a negative errno when they cannot tell. */

static int inuse_mounted(u32 mtd)
{
	FILE *file = fopen(INUSE_MOUNTS, "re");
	unsigned int major, minor;
	char line[4096];
	int found = 0;

	if (!file)
		return -errno;
	while (!found && fgets(line, sizeof(line), file))
		found = sscanf(line, "%*d %*d %u:%u ", &major, &minor) == 2 &&
			major == INUSE_MAJOR && minor == mtd;
	if (ferror(file))
		found = -errno;
	fclose(file);
	return found;
}

/* Does an entry of a folder, which need not be there, use a device? */
static int inuse_entry(const char *folder, u32 mtd,
		       int (*uses)(const char *name, u32 mtd))
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	int found = 0;

	if (!dir)
		return errno == ENOENT ? 0 : -errno;
	do {
		errno = 0;
		entry = readdir(dir);
		if (!entry)
			found = -errno;
		else if (entry->d_name[0] != '.')
			found = uses(entry->d_name, mtd);
	} while (entry && !found);
	closedir(dir);
	return found;
}

/* Device mapper and the like leave a link. */
static int inuse_is_holder(const char *name, u32 mtd)
{
	(void)name;
	(void)mtd;
	return 1;
}

static int inuse_held(u32 mtd)
{
	char path[64];

	snprintf(path, sizeof(path), INUSE_BLOCK "/mtdblock%u/holders", mtd);
	return inuse_entry(path, mtd, inuse_is_holder);
}

/*
 * A file of sysfs.  Return: bytes, 0 when there is none: not all entries of a
 * folder have it, and some are files themselves.
 */
static int inuse_read(const char *path, char *buf, size_t size)
{
	int n = text_read(path, buf, size);

	return n == -ENOENT || n == -ENOTDIR ? 0 : n;
}

/* Has a loop device something behind it? */
static int inuse_loop_backed(const char *name)
{
	char path[300], file[8];

	snprintf(path, sizeof(path), INUSE_BLOCK "/%s/loop/backing_file", name);
	return inuse_read(path, file, sizeof(file));
}

/* It cannot be opened: was it taken off, or away, meanwhile? */
static int inuse_loop_gone(const char *name, int error)
{
	int ret = error == -ENOENT || error == -ENXIO || error == -ENODEV ?
		  inuse_loop_backed(name) : error;

	return ret > 0 ? error : ret;
}

/*
 * The name of what is behind a loop device may be gone ("NAME (deleted)"), or
 * mean something else in this root directory: the device itself knows better.
 */
static int inuse_loop_on(const char *name, u64 dev)
{
	struct loop_info64 info;
	char path[300];
	int fd, ret = 0;

	snprintf(path, sizeof(path), "/dev/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return inuse_loop_gone(name, -errno);
	if (!ioctl(fd, LOOP_GET_STATUS64, &info))
		ret = info.lo_rdevice == dev;
	else if (errno != ENXIO)	/* else: it was taken off meanwhile */
		ret = -errno;
	close(fd);
	return ret;
}

static int inuse_is_loop(const char *name, u32 mtd)
{
	int ret = inuse_loop_backed(name);

	return ret > 0 ? inuse_loop_on(name, makedev(INUSE_MAJOR, mtd)) : ret;
}

static int inuse_is_ubi(const char *name, u32 mtd)
{
	char path[300], text[16];
	u32 number;
	int ret;

	snprintf(path, sizeof(path), INUSE_UBI "/%s/mtd_num", name);
	ret = inuse_read(path, text, sizeof(text));
	if (ret <= 0)
		return ret;
	text[strcspn(text, "\n")] = '\0';
	return args_number(text, &number) ? number == mtd : -EINVAL;
}

static int inuse_device(u32 mtd)
{
	char path[64];
	int ret;

	/* Without sysfs nothing would seem to be in use. */
	snprintf(path, sizeof(path), INUSE_MTD "/mtd%u", mtd);
	if (access(path, F_OK))
		return -errno;
	ret = inuse_mounted(mtd);
	if (!ret)
		ret = inuse_held(mtd);
	if (!ret)
		ret = inuse_entry(INUSE_BLOCK, mtd, inuse_is_loop);
	if (!ret)
		ret = inuse_entry(INUSE_UBI, mtd, inuse_is_ubi);
	return ret;
}

/**
 * inuse_find() - look which slots are in use
 * @st: the device
 * @slots: mask of slots to look at
 * @units: mask of the units that are
 * @f: why that cannot be told
 *
 * Return: 0, or -1.
 */
int inuse_find(const struct nl_status *st, u32 slots, u32 *units,
	       struct failure *f)
{
	u32 i;
	int ret;

	*units = 0;
	for (i = 0; i < FWSLOT_UNITS; i++) {
		if (!(slots & 1U << fwslot_unit_slot(i)) ||
		    !nl_has(st->units[i].seen, FWSLOT_A_MTD_INDEX))
			continue;
		ret = inuse_device(st->units[i].mtd_index);
		if (ret > 0)
			*units |= 1U << i;
		if (ret >= 0)
			continue;
		failure_set(f, FWSLOT_REASON_NONE, ret,
			    "looking whether %s is mounted",
			    fwslot_unit_word(i));
		f->status = TOOL_EARLY;
		return -1;
	}
	return 0;
}
