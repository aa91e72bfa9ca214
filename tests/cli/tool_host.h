/* SPDX-License-Identifier: MIT */
/*
 * tool_host.h - the calls that tool_host.c wraps, as they were
 */
#ifndef FWSLOT_TESTS_TOOL_HOST_H
#define FWSLOT_TESTS_TOOL_HOST_H

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

FILE *__real_fopen(const char *path, const char *mode);
DIR *__real_opendir(const char *path);
int __real_access(const char *path, int mode);
int __real_stat(const char *path, struct stat *st);
int __real_open(const char *path, int flags, ...);
int __real_statvfs(const char *path, struct statvfs *fs);

#endif /* FWSLOT_TESTS_TOOL_HOST_H */
