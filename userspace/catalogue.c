// SPDX-License-Identifier: MIT
/*
 * catalogue.c - the releases that are at hand
 *
 * Reads NAME.pkg up to the manifest, and NAME.manifest, which is the first
 * member of a package as it is signed.  Other files do not count.  A file of
 * these suffixes that cannot be read as what it says, or whose name is not a
 * plain one, is passed over with a warning: one broken download must not hide
 * the others.  Where that cannot be told, because the disk or the memory fails,
 * there is no catalogue: half of one leads another way, or nowhere.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalogue.h"
#include "catalogue_uri.h"
#include "fwslot.h"
#include "uri.h"

#define CATALOGUE_UPPER	"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define CATALOGUE_LOWER	"abcdefghijklmnopqrstuvwxyz"
#define CATALOGUE_CHARS	CATALOGUE_UPPER CATALOGUE_LOWER "0123456789._+-"

static bool catalogue_suffix(const char *name, const char *suffix)
{
	size_t len = strlen(name), tail = strlen(suffix);

	return len > tail && !strcmp(name + len - tail, suffix);
}

static bool catalogue_named(const char *name)
{
	return catalogue_suffix(name, CATALOGUE_PACKAGE) ||
	       catalogue_suffix(name, CATALOGUE_MANIFEST);
}

static bool catalogue_plain(const char *name)
{
	return name[0] != '.' && name[0] != '-' &&
	       !name[strspn(name, CATALOGUE_CHARS)];
}

/**
 * catalogue_name() - is it a name that a release may have
 * @name: name of a file, without its folder
 * @suffix: its end
 *
 * Commands that are shown are pasted into a shell of root, and somebody else may
 * have chosen the name: nothing in it means anything to a terminal, a shell, or
 * as an option.
 *
 * Return: true when it is one.
 */
bool catalogue_name(const char *name, const char *suffix)
{
	return catalogue_suffix(name, suffix) && catalogue_plain(name);
}

/**
 * catalogue_only_manifest() - is there no package
 * @entry: a release
 */
bool catalogue_only_manifest(const struct catalogue_entry *entry)
{
	return catalogue_suffix(entry->path, CATALOGUE_MANIFEST);
}

/**
 * catalogue_shown() - where a release or a catalogue is, as it may be shown
 * @place: a file or folder, or a URI, which is shown without its secrets
 * @buf: where to put it
 * @size: room there
 *
 * Return: @buf.
 */
const char *catalogue_shown(const char *place, char *buf, size_t size)
{
	if (uri_is(place))
		uri_shown(place, buf, size);
	else
		snprintf(buf, size, "%s", place);
	return buf;
}

/**
 * catalogue_bytes() - read all there is
 * @src: where
 * @buf: where to put it
 * @size: room there
 *
 * Return: how many bytes, @size when there may be more; or a negative errno.
 */
ssize_t catalogue_bytes(const struct pkg_source *src, void *buf, size_t size)
{
	size_t used = 0;
	ssize_t n;

	while (used < size) {
		n = src->read(src->ctx, (char *)buf + used, size - used);
		if (n < 0)
			return n;
		if (!n)
			break;
		used += n;
	}
	return used;
}

static int catalogue_read_manifest(const struct pkg_source *src,
				   struct fwslot_manifest *m)
{
	u8 buf[FWSLOT_MANIFEST_MAX + 1];
	ssize_t n = catalogue_bytes(src, buf, sizeof(buf));

	if (n < 0)
		return n;
	return n && n <= (ssize_t)FWSLOT_MANIFEST_MAX &&
	       !fwslot_manifest_parse(buf, n, m) ? 0 : -EBADMSG;
}

static int catalogue_read_package(const struct pkg_source *src,
				  struct fwslot_manifest *m)
{
	struct pkg *pkg;
	int ret;

	ret = pkg_new(src, &pkg);
	if (ret)
		return ret;
	ret = pkg_read_manifest(pkg);
	if (!ret)
		*m = pkg_head(pkg)->manifest;
	pkg_free(pkg);
	return ret;
}

/**
 * catalogue_read() - read a release up to the end of its manifest
 * @name: of its file, which says what it is
 * @src: the file
 * @m: filled in
 *
 * Return: 0, -EBADMSG when it is none, or what the source said.
 */
int catalogue_read(const char *name, const struct pkg_source *src,
		   struct fwslot_manifest *m)
{
	return catalogue_suffix(name, CATALOGUE_PACKAGE) ?
	       catalogue_read_package(src, m) : catalogue_read_manifest(src, m);
}

/**
 * catalogue_read_file() - read a release in a folder
 * @dir: the folder
 * @name: of its file, which says what it is
 * @m: filled in
 *
 * Not a link or a pipe: to open anything else may block or do something.
 *
 * Return: 0, an errno that catalogue_is_none() knows, or one that leaves it open
 * whether it is one.
 */
int catalogue_read_file(int dir, const char *name, struct fwslot_manifest *m)
{
	struct pkg_source src;
	struct stat st;
	int fd, ret;

	fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	if (fd < 0)
		return -errno;
	pkg_source_fd(&src, fd);
	if (fstat(fd, &st))
		ret = -errno;
	else
		ret = S_ISREG(st.st_mode) ? catalogue_read(name, &src, m) :
					    -EBADMSG;
	close(fd);
	return ret;
}

/* Broken, just taken away, a link, or a device or socket that cannot be opened. */
static bool catalogue_is_none(int err)
{
	return err == -EBADMSG || err == -ENOENT || err == -ELOOP ||
	       err == -ENXIO || err == -ENODEV;
}

/**
 * catalogue_add() - one more release
 * @cat: the catalogue
 * @path: where it is
 * @m: its manifest
 * @f: why it cannot be added
 *
 * Return: 0, or -1.
 */
int catalogue_add(struct catalogue *cat, const char *path,
		  const struct fwslot_manifest *m, struct failure *f)
{
	struct catalogue_entry *entries;

	if (cat->n == CATALOGUE_MAX)
		return failure_plain(f, TOOL_EARLY,
				     "a catalogue of more than %u releases",
				     CATALOGUE_MAX);
	entries = realloc(cat->entries, (cat->n + 1) * sizeof(*entries));
	if (entries) {
		cat->entries = entries;
		entries[cat->n].manifest = *m;
		entries[cat->n].path = strdup(path);
	}
	if (!entries || !entries[cat->n].path)
		return failure_set(f, FWSLOT_REASON_NO_MEMORY, 0, "catalogue");
	cat->n++;
	return 0;
}

/**
 * catalogue_passed_over() - warn of a file that does not count
 * @what: the file and the reason
 */
void catalogue_passed_over(const char *what)
{
	fputs("fwslot: warning: passed over: ", stderr);
	out_visible(stderr, what, strlen(what), NULL);
	fputc('\n', stderr);
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

static int catalogue_file(struct catalogue *cat, const char *folder, int dir,
			  const char *name, struct failure *f)
{
	const char *why = NULL;
	struct fwslot_manifest m;
	char *path;
	int ret = 0;

	if (!catalogue_plain(name))
		why = ": " CATALOGUE_NO_NAME;
	else
		ret = catalogue_read_file(dir, name, &m);
	if (ret && !catalogue_is_none(ret))
		return failure_plain(f, TOOL_EARLY, "%s/%s: %s", folder, name,
				     strerror(-ret));
	if (ret)
		why = ": " CATALOGUE_NO_RELEASE;
	if (asprintf(&path, "%s/%s%s", folder, name, why ? why : "") < 0)
		return failure_set(f, FWSLOT_REASON_NO_MEMORY, 0, "catalogue");
	if (why)
		catalogue_passed_over(path);
	ret = why ? 0 : catalogue_add(cat, path, &m, f);
	free(path);
	return ret;
}

static int catalogue_entries(struct catalogue *cat, const char *folder,
			     DIR *dir, struct failure *f)
{
	struct dirent *entry;

	for (;;) {
		errno = 0;
		entry = readdir(dir);
		if (!entry)
			break;
		if (catalogue_named(entry->d_name) &&
		    catalogue_file(cat, folder, dirfd(dir), entry->d_name, f))
			return -1;
	}
	return errno ? failure_plain(f, TOOL_EARLY, "%s: %s", folder,
				     strerror(errno)) : 0;
}

static int catalogue_folder(struct catalogue *cat, const char *folder,
			    struct failure *f)
{
	DIR *dir = opendir(folder);
	int ret;

	if (!dir)
		return failure_plain(f, TOOL_EARLY, "%s: %s", folder,
				     strerror(errno));
	ret = catalogue_entries(cat, folder, dir, f);
	closedir(dir);
	return ret;
}

/**
 * catalogue_load() - read a catalogue
 * @cat: filled in, to be given back with catalogue_free() also after a failure
 * @place: a folder, or a URI, see catalogue_uri.c
 * @conf: the configuration
 * @f: why it could not be read
 *
 * Return: 0, or -1.
 */
int catalogue_load(struct catalogue *cat, const char *place,
		   const struct conf *conf, struct failure *f)
{
	int ret;

	memset(cat, 0, sizeof(*cat));
	ret = uri_is(place) ? catalogue_uri(cat, place, conf, f) :
			      catalogue_folder(cat, place, f);
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
