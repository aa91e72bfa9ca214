// SPDX-License-Identifier: MIT
/*
 * tool_host.c - what the tool reads of its host, from a folder
 *
 * usage: tool_host ROOT
 *
 * Calls that name files are wrapped by the linker: absolute names are looked up
 * in ROOT.  What belongs to the user who runs this seems to be root's there.
 * Prints one line for a finding of doctor.
 */
#include <dirent.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "doctor.h"
#include "fwslot.h"

static const char *root;

FILE *__real_fopen(const char *path, const char *mode);
DIR *__real_opendir(const char *path);
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

int __wrap_stat(const char *path, struct stat *st)
{
	if (__real_stat(under(path), st))
		return -1;
	if (st->st_uid == geteuid())
		st->st_uid = 0;
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

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	root = argv[1];
	doctor_kernel(NULL);
	doctor_boot(NULL);
	return 0;
}
