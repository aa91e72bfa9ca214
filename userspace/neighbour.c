// SPDX-License-Identifier: MIT
/*
 * neighbour.c - other packages beside a package
 *
 * Whoever has a package often has the one that is needed before it in the
 * same folder.  What is found here only goes into advice: nothing of it is
 * authentic before the kernel has checked it.
 */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "catalogue.h"
#include "neighbour.h"
#include "pkg.h"

#define NEIGHBOUR_FILES_MAX	256

/* Only regular files: to open anything else may block or do something. */
static bool neighbour_try(int dir, const char *name, neighbour_match match,
			  const void *data, struct fwslot_release *release)
{
	struct pkg_source src;
	struct pkg *pkg;
	bool found = false;
	int fd;

	fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return false;
	pkg_source_fd(&src, fd);
	if (!src.skip || pkg_new(&src, &pkg))
		goto close_file;
	if (!pkg_read_head(pkg) && match(&pkg_head(pkg)->manifest, data)) {
		*release = pkg_head(pkg)->manifest.release;
		found = true;
	}
	pkg_free(pkg);
close_file:
	close(fd);
	return found;
}

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
		    !neighbour_try(dirfd(dir), entry->d_name, match, data,
				   release))
			continue;
		found = snprintf(path, size, "%s%s", folder, entry->d_name) <
			(int)size;
	}
	closedir(dir);
	return found;
}
