// SPDX-License-Identifier: MIT
/*
 * tool_host.c - what the tool reads of its host, from a folder
 *
 * usage: tool_host ROOT doctor|inuse|timeout
 *
 * Calls that name files are wrapped by the linker: absolute names are looked up
 * in ROOT.  What belongs to the user who runs this seems to be root's there.
 * A file /dev/loopN holds the number of the mtdblock that the loop device of that
 * name is on; "x": of none.
 *
 * doctor: one line for a finding.  inuse: which of primary (mtd2), secondary
 * (mtd12) and bootloader (mtd0) are in use, or why that cannot be told.
 * timeout: what a configured one of 100 seconds is.
 */
#include <limits.h>
#include <linux/loop.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "doctor.h"
#include "fwslot.h"
#include "input.h"
#include "inuse.h"
#include "tool_host.h"

static const char *root;

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
	if (__real_stat(under(path), st))
		return -1;
	if (st->st_uid == geteuid())
		st->st_uid = 0;
	return 0;
}

int __wrap_open(const char *path, int flags, ...)
{
	return __real_open(under(path), flags, 0);
}

/* That of a loop device; an empty file is one that nothing is on. */
int __wrap_ioctl(int fd, unsigned long request, ...)
{
	struct loop_info64 *info;
	char text[16] = "";
	va_list ap;

	va_start(ap, request);
	info = va_arg(ap, struct loop_info64 *);
	va_end(ap);
	errno = ENXIO;
	if (request != LOOP_GET_STATUS64 || read(fd, text, sizeof(text) - 1) <= 0)
		return -1;
	memset(info, 0, sizeof(*info));
	if (text[0] != 'x')
		info->lo_rdevice = makedev(31, atoi(text));
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

static void show_timeout(void)
{
	const struct conf conf = { .timeout = 100 };

	printf("%d\n", input_timeout(&conf));
}

static void show_doctor(void)
{
	doctor_kernel(NULL);
	doctor_boot(NULL);
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	root = argv[1];
	if (!strcmp(argv[2], "inuse"))
		show_inuse();
	else if (!strcmp(argv[2], "timeout"))
		show_timeout();
	else
		show_doctor();
	return 0;
}
