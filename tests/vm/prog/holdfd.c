// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Hold an MTD device open for reading and writing, and try to use it later
 *
 *   holdfd DEVICE
 *
 * Says "open".  Then, for each line that comes on stdin, tries to unlock, to
 * program and to erase the first block, and prints one line of WORD=ERRNO, for
 * example "unlock=0 write=EROFS erase=EROFS erase64=EROFS memwrite=EOPNOTSUPP
 * raw=EROFS".
 * Ends with stdin.  What it programs are zeros: those every NOR chip takes.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <mtd/mtd-user.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define BYTES	256

static void print_result(const char *word, long result)
{
	const char *name = result < 0 ? strerrorname_np(errno) : "0";

	printf("%s=%s ", word, name ? name : "?");
}

static void try_all(int fd, const struct mtd_info_user *info)
{
	static char zeros[BYTES];
	struct erase_info_user range = { .length = info->erasesize };
	struct erase_info_user64 range64 = { .length = info->erasesize };
	struct mtd_write_req req = {
		.len = sizeof(zeros),
		.usr_data = (uintptr_t)zeros,
		.mode = MTD_OPS_PLACE_OOB,
	};

	print_result("unlock", ioctl(fd, MEMUNLOCK, &range));
	print_result("write", pwrite(fd, zeros, sizeof(zeros), 0));
	print_result("erase", ioctl(fd, MEMERASE, &range));
	print_result("erase64", ioctl(fd, MEMERASE64, &range64));
	print_result("memwrite", ioctl(fd, MEMWRITE, &req));
	ioctl(fd, MTDFILEMODE, MTD_FILE_MODE_RAW);
	print_result("raw", pwrite(fd, zeros, sizeof(zeros), 0));
	ioctl(fd, MTDFILEMODE, MTD_FILE_MODE_NORMAL);
	putchar('\n');
}

int main(int argc, char **argv)
{
	struct mtd_info_user info;
	char line[80];
	int fd;

	if (argc != 2)
		errx(2, "usage: holdfd DEVICE");
	fd = open(argv[1], O_RDWR | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, MEMGETINFO, &info))
		err(1, "%s", argv[1]);
	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("open");
	while (fgets(line, sizeof(line), stdin))
		try_all(fd, &info);
	return 0;
}
