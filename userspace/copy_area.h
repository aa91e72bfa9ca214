/* SPDX-License-Identifier: MIT */
/*
 * copy_area.h - a piece of an MTD device, read-only
 */
#ifndef FWSLOT_USERSPACE_COPY_AREA_H
#define FWSLOT_USERSPACE_COPY_AREA_H

#include "core.h"

/**
 * struct copy_area - an area; all zero: not open
 * @open: it is
 * @fd: the MTD device
 * @erase_size: bytes of an erase block
 * @blocks: good blocks
 * @map: where each of them is in the device, in bytes
 */
struct copy_area {
	bool open;
	int fd;
	u32 erase_size;
	u32 blocks;
	u64 *map;
};

int copy_area_open(struct copy_area *a, u32 mtd, u64 start, u64 size);
void copy_area_close(struct copy_area *a);
int copy_area_read(const struct copy_area *a, u64 ofs, void *buf, u32 len);

/* copy_place.c */

/**
 * struct copy_place - where a record is
 * @mtd: N of /dev/mtdN
 * @start: bytes from the start of that device
 * @size: bytes, 0: one erase block
 */
struct copy_place {
	u32 mtd;
	u64 start;
	u64 size;
};

int copy_place_find(const char *slots, const char *mtds, u32 unit,
		    struct copy_place *place);

#endif /* FWSLOT_USERSPACE_COPY_AREA_H */
