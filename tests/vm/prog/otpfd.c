// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Hold an MTD device open, and try its locks and its one-time programmable areas
 *
 *   otpfd DEVICE [ro]
 *
 * Says "open", for reading and writing or for reading only.  Then, for each line
 * that comes on stdin, a number of an OTP region that is still free, tries the
 * lock of the first block and all that the kernel offers for OTP.  Prints one line
 * of WORD=ERRNO, or what the call gave.  Ends with stdin.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <mtd/mtd-user.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define REGION_BYTES	32
#define REGIONS_MAX	100

static char zeros[REGION_BYTES];

static void print_result(const char *word, long result)
{
	const char *name = result < 0 ? strerrorname_np(errno) : NULL;

	if (name)
		printf("%s=%s ", word, name);
	else
		printf("%s=%ld ", word, result);
}

static void try_locks(int fd, const struct mtd_info_user *info)
{
	struct erase_info_user range = { .length = info->erasesize };

	print_result("unlock", ioctl(fd, MEMUNLOCK, &range));
	print_result("lock", ioctl(fd, MEMLOCK, &range));
	print_result("islocked", ioctl(fd, MEMISLOCKED, &range));
}

static void select_area(int fd, const char *word, int area)
{
	struct otp_info info[REGIONS_MAX];
	int count = 0;

	print_result(word, ioctl(fd, OTPSELECT, &area));
	print_result("count", ioctl(fd, OTPGETREGIONCOUNT, &count) ?: count);
	print_result("info", ioctl(fd, OTPGETREGIONINFO, info));
}

static void try_user(int fd, off_t start)
{
	struct otp_info region = { .start = start, .length = REGION_BYTES };
	char text[REGION_BYTES];

	select_area(fd, "user", MTD_OTP_USER);
	print_result("read", pread(fd, text, sizeof(text), start));
	print_result("write", pwrite(fd, zeros, sizeof(zeros), start));
	print_result("erase", ioctl(fd, OTPERASE, &region));
	print_result("lock", ioctl(fd, OTPLOCK, &region));
	print_result("rewrite", pwrite(fd, zeros, sizeof(zeros), start));
}

static void try_factory(int fd)
{
	struct otp_info region = { .length = REGION_BYTES };
	char text[REGION_BYTES];

	select_area(fd, "factory", MTD_OTP_FACTORY);
	print_result("read", pread(fd, text, sizeof(text), 0));
	print_result("write", pwrite(fd, zeros, sizeof(zeros), 0));
	print_result("erase", ioctl(fd, OTPERASE, &region));
	print_result("lock", ioctl(fd, OTPLOCK, &region));
	print_result("off", ioctl(fd, OTPSELECT, &(int){ MTD_OTP_OFF }));
	putchar('\n');
}

int main(int argc, char **argv)
{
	struct mtd_info_user info;
	char line[80];
	int fd;

	if (argc != 2 && (argc != 3 || strcmp(argv[2], "ro")))
		errx(2, "usage: otpfd DEVICE [ro]");
	fd = open(argv[1], (argc == 2 ? O_RDWR : O_RDONLY) | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, MEMGETINFO, &info))
		err(1, "%s", argv[1]);
	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("open");
	while (fgets(line, sizeof(line), stdin)) {
		try_locks(fd, &info);
		try_user(fd, atoi(line) * REGION_BYTES);
		try_factory(fd);
	}
	return 0;
}
