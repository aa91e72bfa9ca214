// SPDX-License-Identifier: MIT
/*
 * tool_host.c - what the tool reads of its host, from a folder
 *
 * usage: tool_host ROOT doctor|inuse
 *
 * Calls that name files are wrapped by the linker: absolute names are looked up
 * in ROOT.  What belongs to the user who runs this seems to be root's there, and
 * a file mtdblockN the block device of that name.
 *
 * doctor: one line for a finding.  inuse: which of primary (mtd2), secondary
 * (mtd12) and bootloader (mtd0) are in use, or why that cannot be told.
 */
#include <dirent.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "doctor.h"
#include "fwslot.h"
#include "inuse.h"

static const char *root;

FILE *__real_fopen(const char *path, const char *mode);
DIR *__real_opendir(const char *path);
int __real_access(const char *path, int mode);
int __real_stat(const char *path, struct stat *st);
int __real_statvfs(const char *path, struct statvfs *fs);

static const char *under(const char *path)
{
	static char buf[PATH_MAX];

	if (path[0] != '/')
		return path;
	snprintf(buf, sizeof(buf), "%s%s", root, path);
	return buf;
}

FILE *__wrap_fopen(const char *path, const char *mode)
{
	return __real_fopen(under(path), mode);
}

DIR *__wrap_opendir(const char *path)
{
	return __real_opendir(under(path));
}

int __wrap_access(const char *path, int mode)
{
	return __real_access(under(path), mode);
}

int __wrap_stat(const char *path, struct stat *st)
{
	unsigned int n;

	if (__real_stat(under(path), st))
		return -1;
	if (st->st_uid == geteuid())
		st->st_uid = 0;
	if (sscanf(path, "/dev/mtdblock%u", &n) == 1) {
		st->st_mode = S_IFBLK | 0600;
		st->st_rdev = makedev(31, n);
	}
	return 0;
}

int __wrap_statvfs(const char *path, struct statvfs *fs)
{
	return __real_statvfs(under(path), fs);
}

void doctor_tell(struct doctor *d, enum doctor_level level, const char *check,
		 const char *fmt, ...)
{
	static const char *const words[] = { "good", "note", "WARNING" };
	va_list ap;

	(void)d;
	printf("%s %s: ", words[level], check);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

static void show_inuse(void)
{
	struct nl_status st = {
		.units[FWSLOT_UNIT_PRIMARY].mtd_index = 2,
		.units[FWSLOT_UNIT_SECONDARY].mtd_index = 12,
		.units[FWSLOT_UNIT_BOOT0].mtd_index = 0,
	};
	struct failure f = { 0 };
	u32 i, units;

	for (i = 0; i < FWSLOT_UNIT_BOOT1; i++)
		st.units[i].seen = 1ULL << FWSLOT_A_MTD_INDEX;
	if (inuse_find(&st, FWSLOT_SLOTS_ALL, &units, &f)) {
		printf("%s\n", f.text);
		return;
	}
	for (i = 0; i < FWSLOT_UNITS; i++)
		if (units & 1U << i)
			printf("%s\n", fwslot_unit_word(i));
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	root = argv[1];
	if (!strcmp(argv[2], "inuse")) {
		show_inuse();
		return 0;
	}
	doctor_kernel(NULL);
	doctor_boot(NULL);
	return 0;
}
