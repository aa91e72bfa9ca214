// SPDX-License-Identifier: MIT
/*
 * catalogue.c - the releases that are at hand
 *
 * Reads NAME.pkg up to the manifest, and NAME.manifest, which is the first
 * member of a package as it is signed.  Other files do not count.  A file of
 * these names that cannot be read as what it says is passed over with a
 * warning: one broken download must not hide the others.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalogue.h"
#include "fwslot.h"
#include "pkg.h"

#define CATALOGUE_PACKAGE	".pkg"
#define CATALOGUE_MANIFEST	".manifest"

static bool catalogue_suffix(const char *name, const char *suffix)
{
	size_t len = strlen(name), tail = strlen(suffix);

	return len > tail && !strcmp(name + len - tail, suffix);
}

/**
 * catalogue_only_manifest() - is there no package
 * @entry: a release
 */
bool catalogue_only_manifest(const struct catalogue_entry *entry)
{
	return catalogue_suffix(entry->path, CATALOGUE_MANIFEST);
}

static bool catalogue_read_manifest(int fd, struct fwslot_manifest *m)
{
	u8 buf[FWSLOT_MANIFEST_MAX + 1];
	ssize_t n = read(fd, buf, sizeof(buf));

	return n > 0 && n <= (ssize_t)FWSLOT_MANIFEST_MAX &&
	       !fwslot_manifest_parse(buf, n, m);
}

static bool catalogue_read_package(int fd, struct fwslot_manifest *m)
{
	struct pkg_source src;
	struct pkg *pkg;
	bool good;

	pkg_source_fd(&src, fd);
	if (pkg_new(&src, &pkg))
		return false;
	good = !pkg_read_head(pkg);
	if (good)
		*m = pkg_head(pkg)->manifest;
	pkg_free(pkg);
	return good;
}

/* Not a link or a pipe: to open anything else may block or do something. */
static bool catalogue_read(int dir, const char *name, struct fwslot_manifest *m)
{
	struct stat st;
	bool good;
	int fd;

	fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	if (fd < 0)
		return false;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		good = false;
	else if (catalogue_suffix(name, CATALOGUE_PACKAGE))
		good = catalogue_read_package(fd, m);
	else
		good = catalogue_read_manifest(fd, m);
	close(fd);
	return good;
}

static int catalogue_add(struct catalogue *cat, const char *folder,
			 const char *name, const struct fwslot_manifest *m)
{
	struct catalogue_entry *entries;

	entries = realloc(cat->entries, (cat->n + 1) * sizeof(*entries));
	if (!entries)
		return -1;
	cat->entries = entries;
	if (asprintf(&entries[cat->n].path, "%s/%s", folder, name) < 0)
		return -1;
	entries[cat->n++].manifest = *m;
	return 0;
}

/*
 * By release, packages before manifests, then by name, so that a plan does not
 * depend on the folder and names a package where there is one.
 */
static int catalogue_order(const void *a, const void *b)
{
	const struct catalogue_entry *x = a, *y = b;
	int order = fwslot_release_order(&x->manifest.release,
					 &y->manifest.release);

	if (!order)
		order = catalogue_only_manifest(x) - catalogue_only_manifest(y);
	return order ? order : strcmp(x->path, y->path);
}

static int catalogue_fill(struct catalogue *cat, const char *folder, DIR *dir,
			  struct failure *f)
{
	struct fwslot_manifest m;
	struct dirent *entry;

	while ((entry = readdir(dir))) {
		if (!catalogue_suffix(entry->d_name, CATALOGUE_PACKAGE) &&
		    !catalogue_suffix(entry->d_name, CATALOGUE_MANIFEST))
			continue;
		if (!catalogue_read(dirfd(dir), entry->d_name, &m)) {
			fprintf(stderr,
				"fwslot: warning: %s/%s is passed over: not a file that is what its name says\n",
				folder, entry->d_name);
			continue;
		}
		if (cat->n == CATALOGUE_MAX)
			return failure_plain(f, TOOL_EARLY, "%s: more than %u releases",
					     folder, CATALOGUE_MAX);
		if (catalogue_add(cat, folder, entry->d_name, &m))
			return failure_set(f, FWSLOT_REASON_NO_MEMORY, 0, "%s",
					   folder);
	}
	return 0;
}

/**
 * catalogue_load() - read a folder
 * @cat: filled in, to be given back with catalogue_free() also after a failure
 * @folder: its name
 * @f: why it could not be read
 *
 * Return: 0, or -1.
 */
int catalogue_load(struct catalogue *cat, const char *folder,
		   struct failure *f)
{
	DIR *dir = opendir(folder);
	int ret;

	memset(cat, 0, sizeof(*cat));
	if (!dir)
		return failure_plain(f, TOOL_EARLY, "%s: %s", folder,
				     strerror(errno));
	ret = catalogue_fill(cat, folder, dir, f);
	closedir(dir);
	if (cat->n)
		qsort(cat->entries, cat->n, sizeof(*cat->entries),
		      catalogue_order);
	return ret;
}

/**
 * catalogue_free() - give back what catalogue_load() took
 * @cat: the catalogue
 */
void catalogue_free(struct catalogue *cat)
{
	while (cat->n)
		free(cat->entries[--cat->n].path);
	free(cat->entries);
	cat->entries = NULL;
}

/**
 * catalogue_find() - a release by its version
 * @cat: the catalogue
 * @release: its version, numbers and label
 * @product: product of the device, NULL: any
 *
 * Return: the first manifest of that version for that product; if there is
 * none, the first for another one, so that the refusal can say so; or NULL.
 */
const struct fwslot_manifest *catalogue_find(const struct catalogue *cat,
					     const struct fwslot_release *release,
					     const char *product)
{
	const struct fwslot_manifest *m, *other = NULL;
	u32 i;

	for (i = 0; i < cat->n; i++) {
		m = &cat->entries[i].manifest;
		if (!fwslot_release_equal(&m->release, release))
			continue;
		if (!product || !fwslot_manifest_product(m, product))
			return m;
		if (!other)
			other = m;
	}
	return other;
}
