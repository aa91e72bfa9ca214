// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Add or delete a partition of an MTD device through a descriptor that may
 * only read
 *
 *   blkpg DEVICE add NAME OFFSET SIZE
 *   blkpg DEVICE del NUMBER
 *
 * The kernel asks for CAP_SYS_ADMIN, but not for write permission, so this
 * works on /dev/mtdNro as well, where mtdpart(8) does not.
 */
#include <err.h>
#include <fcntl.h>
#include <linux/blkpg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

static int fill_add(struct blkpg_partition *part, char **argv)
{
	part->start = strtoll(argv[1], NULL, 0);
	part->length = strtoll(argv[2], NULL, 0);
	snprintf(part->devname, sizeof(part->devname), "%s", argv[0]);
	return BLKPG_ADD_PARTITION;
}

static int fill_del(struct blkpg_partition *part, char **argv)
{
	part->pno = atoi(argv[0]);
	return BLKPG_DEL_PARTITION;
}

int main(int argc, char **argv)
{
	struct blkpg_partition part = { 0 };
	struct blkpg_ioctl_arg arg = {
		.datalen = sizeof(part),
		.data = &part,
	};
	int fd;

	if (argc == 6 && !strcmp(argv[2], "add"))
		arg.op = fill_add(&part, argv + 3);
	else if (argc == 4 && !strcmp(argv[2], "del"))
		arg.op = fill_del(&part, argv + 3);
	else
		errx(2, "usage: blkpg DEVICE add NAME OFFSET SIZE | del NUMBER");
	fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, BLKPG, &arg))
		err(1, "%s", argv[1]);
	return 0;
}
