// SPDX-License-Identifier: MIT
/*
 * copy_area.c - a piece of an MTD device, read-only
 *
 * Bad blocks of NAND are passed over.  In a slot that is read linearly there
 * are none before the end of the image, so that is right there, too.
 */
#include <errno.h>
#include <fcntl.h>
#include <mtd/mtd-user.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "copy_area.h"

static int area_good(int fd, bool nand, loff_t at)
{
	int ret;

	if (!nand)
		return 1;
	ret = ioctl(fd, MEMGETBADBLOCK, &at);
	return ret < 0 ? -errno : !ret;
}

static int area_map(struct copy_area *a, bool nand, u64 start, u64 size)
{
	u64 at;
	int ret;

	a->map = calloc(size / a->erase_size, sizeof(*a->map));
	if (!a->map)
		return -ENOMEM;
	for (at = start; at < start + size; at += a->erase_size) {
		ret = area_good(a->fd, nand, at);
		if (ret < 0)
			return ret;
		if (ret)
			a->map[a->blocks++] = at;
	}
	return a->blocks ? 0 : -EIO;
}

/**
 * copy_area_open() - open an area
 * @a: all zero; to be closed in any case
 * @mtd: N of /dev/mtdN
 * @start: bytes from the start of that device
 * @size: bytes, 0: one erase block
 *
 * Return: 0, or a negative errno.
 */
int copy_area_open(struct copy_area *a, u32 mtd, u64 start, u64 size)
{
	struct mtd_info_user info;
	char path[32];

	snprintf(path, sizeof(path), "/dev/mtd%u", mtd);
	a->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (a->fd < 0)
		return -errno;
	a->open = true;
	if (ioctl(a->fd, MEMGETINFO, &info))
		return -errno;
	if (!size)
		size = info.erasesize;
	if (!info.erasesize || (start | size) % info.erasesize ||
	    start > info.size || size > info.size - start)
		return -EINVAL;
	a->erase_size = info.erasesize;
	return area_map(a, info.type == MTD_NANDFLASH, start, size);
}

/**
 * copy_area_close() - close an area
 * @a: the area; nothing happens when it is not open
 */
void copy_area_close(struct copy_area *a)
{
	if (a->open)
		close(a->fd);
	free(a->map);
	memset(a, 0, sizeof(*a));
}

static int area_pread(int fd, u8 *buf, u32 len, u64 at)
{
	ssize_t n;

	while (len) {
		n = pread(fd, buf, len, at);
		if (n <= 0)
			return n ? -errno : -EIO;
		buf += n;
		len -= n;
		at += n;
	}
	return 0;
}

/**
 * copy_area_read() - read from an area
 * @a: the area
 * @ofs: bytes from its start, bad blocks not counted
 * @buf: where to
 * @len: bytes
 *
 * Return: 0, or a negative errno.
 */
int copy_area_read(const struct copy_area *a, u64 ofs, void *buf, u32 len)
{
	u32 in, part;
	u64 block;
	u8 *to = buf;
	int ret;

	for (; len; ofs += part, to += part, len -= part) {
		block = ofs / a->erase_size;
		in = ofs % a->erase_size;
		part = min_t(u32, len, a->erase_size - in);
		if (block >= a->blocks)
			return -EINVAL;
		ret = area_pread(a->fd, to, part, a->map[block] + in);
		if (ret)
			return ret;
	}
	return 0;
}
