// SPDX-License-Identifier: MIT
/*
 * neighbour.c - other packages beside a package
 *
 * Whoever has a package often has the one that is needed before it in the
 * same folder.  What is found here only goes into advice: nothing of it is
 * authentic before the kernel has checked it.
 */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>

#include "catalogue.h"
#include "neighbour.h"

#define NEIGHBOUR_FILES_MAX	256

/**
 * neighbour_find() - look for a package in the folder of another one
 * @file: name of that other one
 * @match: says whether it is the one that is looked for
 * @data: passed to @match
 * @path: where to put its name
 * @size: room there
 * @release: its version
 *
 * Return: true when one was found; @path and @release are valid then.
 */
bool neighbour_find(const char *file, neighbour_match match, const void *data,
		    char *path, size_t size, struct fwslot_release *release)
{
	const char *slash = strrchr(file, '/');
	int len = slash ? slash - file + 1 : 0;
	int files = NEIGHBOUR_FILES_MAX;
	struct fwslot_manifest m;
	char folder[PATH_MAX];
	struct dirent *entry;
	bool found = false;
	DIR *dir;

	if (len >= PATH_MAX)
		return false;
	snprintf(folder, sizeof(folder), "%.*s", len, file);
	dir = opendir(len ? folder : ".");
	if (!dir)
		return false;
	while (!found && files-- && (entry = readdir(dir))) {
		if (!catalogue_name(entry->d_name, CATALOGUE_PACKAGE) ||
		    catalogue_read_file(dirfd(dir), entry->d_name, &m) ||
		    !match(&m, data))
			continue;
		*release = m.release;
		found = snprintf(path, size, "%s%s", folder, entry->d_name) <
			(int)size;
	}
	closedir(dir);
	return found;
}
