// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Hold a NAND device open for reading and writing, and try to use it later
 *
 *   nandfd DEVICE
 *
 * Says "open".  Then, for each line that comes on stdin, tries everything that
 * changes the first block: program a page, the same with its OOB area and raw,
 * the OOB area alone, erase it, mark it bad.  Prints one line of WORD=ERRNO.
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

#define PAGE_MAX	8192
#define OOB_BYTES	8

static char zeros[PAGE_MAX];

static void print_result(const char *word, long result)
{
	const char *name = result < 0 ? strerrorname_np(errno) : "0";

	printf("%s=%s ", word, name ? name : "?");
}

static void try_program(int fd, const struct mtd_info_user *info)
{
	struct mtd_write_req req = {
		.len = info->writesize,
		.usr_data = (uintptr_t)zeros,
		.ooblen = OOB_BYTES,
		.usr_oob = (uintptr_t)zeros,
		.mode = MTD_OPS_RAW,
	};

	print_result("write", pwrite(fd, zeros, info->writesize, 0));
	print_result("memwrite", ioctl(fd, MEMWRITE, &req));
}

static void try_oob(int fd)
{
	struct mtd_oob_buf oob = {
		.length = OOB_BYTES,
		.ptr = (unsigned char *)zeros,
	};
	struct mtd_oob_buf64 oob64 = {
		.length = OOB_BYTES,
		.usr_ptr = (uintptr_t)zeros,
	};

	print_result("oob", ioctl(fd, MEMWRITEOOB, &oob));
	print_result("oob64", ioctl(fd, MEMWRITEOOB64, &oob64));
}

static void try_block(int fd, const struct mtd_info_user *info)
{
	struct erase_info_user range = { .length = info->erasesize };
	struct erase_info_user64 range64 = { .length = info->erasesize };
	long long block = 0;

	print_result("erase", ioctl(fd, MEMERASE, &range));
	print_result("erase64", ioctl(fd, MEMERASE64, &range64));
	print_result("markbad", ioctl(fd, MEMSETBADBLOCK, &block));
	putchar('\n');
}

int main(int argc, char **argv)
{
	struct mtd_info_user info;
	char line[80];
	int fd;

	if (argc != 2)
		errx(2, "usage: nandfd DEVICE");
	fd = open(argv[1], O_RDWR | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, MEMGETINFO, &info))
		err(1, "%s", argv[1]);
	if (info.writesize > PAGE_MAX)
		errx(1, "%s: pages of %u bytes", argv[1], info.writesize);
	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("open");
	while (fgets(line, sizeof(line), stdin)) {
		try_program(fd, &info);
		try_oob(fd);
		try_block(fd, &info);
	}
	return 0;
}
