// SPDX-License-Identifier: MIT
/*
 * dest.c - output files that appear only when they are complete
 *
 * A file is written under a temporary name beside its final one and renamed
 * when everything, the self check included, went well.  Whatever fails before
 * leaves no file, and an older one of that name as it was.
 */
#include "mkpkg.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define TMP_SUFFIX	".XXXXXX"

static int dest_error(const struct dest *o, const char *what)
{
	int err = -errno;

	mkpkg_error("cannot %s %s: %s", what, o->path, strerror(-err));
	return err;
}

static int open_tmp(struct dest *o)
{
	mode_t mask = umask(0);
	int err;

	umask(mask);
	o->fd = mkstemp(o->tmp);
	if (o->fd < 0)
		return dest_error(o, "create");
	if (!fchmod(o->fd, 0666 & ~mask))
		return 0;
	err = dest_error(o, "set the mode of");
	close(o->fd);
	unlink(o->tmp);
	return err;
}

/**
 * dest_open() - begin a file
 * @o: the file
 * @path: its name; must stay valid until the file is closed
 *
 * Ends with dest_commit() or dest_abort().
 *
 * Return: 0, -EINVAL if @path is something else than a regular file, -ENOMEM,
 * or a negative errno of mkstemp().
 */
int dest_open(struct dest *o, const char *path)
{
	struct stat st;
	size_t size;
	int err;

	*o = (struct dest)DEST_CLOSED;
	o->path = path;
	if (!stat(path, &st) && !S_ISREG(st.st_mode)) {
		mkpkg_error("%s is not a regular file, choose another output",
			    path);
		return -EINVAL;
	}
	size = strlen(path) + sizeof(TMP_SUFFIX);
	o->tmp = malloc(size);
	if (!o->tmp) {
		mkpkg_error("not enough memory for a file name");
		return -ENOMEM;
	}
	snprintf(o->tmp, size, "%s" TMP_SUFFIX, path);
	err = open_tmp(o);
	if (!err)
		return 0;
	free(o->tmp);
	o->tmp = NULL;
	return err;
}

static int write_at(struct dest *o, u64 ofs, const u8 *p, size_t size)
{
	ssize_t n;

	for (; size; size -= n, ofs += n, p += n) {
		n = pwrite(o->fd, p, size, ofs);
		if (n < 0)
			return dest_error(o, "write");
	}
	return 0;
}

/**
 * dest_write() - append to a file
 * @o: the file
 * @data: what
 * @size: how many bytes
 *
 * Return: 0 or a negative errno of pwrite().
 */
int dest_write(struct dest *o, const void *data, size_t size)
{
	int err = write_at(o, o->ofs, data, size);

	o->ofs += size;
	return err;
}

/**
 * dest_fill() - append the same byte many times
 * @o: the file
 * @byte: the byte
 * @size: how many
 *
 * Return: 0 or a negative errno of pwrite().
 */
int dest_fill(struct dest *o, u8 byte, u64 size)
{
	u8 buf[4096];
	size_t n;
	int err = 0;

	memset(buf, byte, sizeof(buf));
	for (; size && !err; size -= n) {
		n = min_t(u64, size, sizeof(buf));
		err = dest_write(o, buf, n);
	}
	return err;
}

/**
 * dest_patch() - replace bytes that were written before
 * @o: the file
 * @ofs: where
 * @data: what
 * @size: how many bytes
 *
 * Return: 0 or a negative errno of pwrite().
 */
int dest_patch(struct dest *o, u64 ofs, const void *data, size_t size)
{
	return write_at(o, ofs, data, size);
}

/**
 * dest_commit() - give a complete file its name
 * @o: the file; closed afterwards, also on failure
 *
 * Return: 0 or a negative errno of fsync(), close() or rename().
 */
int dest_commit(struct dest *o)
{
	int err = 0;

	if (fsync(o->fd))
		err = dest_error(o, "write");
	if (close(o->fd) && !err)
		err = dest_error(o, "write");
	o->fd = -1;
	if (!err && rename(o->tmp, o->path))
		err = dest_error(o, "rename to");
	if (err)
		unlink(o->tmp);
	free(o->tmp);
	o->tmp = NULL;
	return err;
}

/**
 * dest_abort() - drop a file
 * @o: the file, or one that is not open
 */
void dest_abort(struct dest *o)
{
	if (!o->tmp)
		return;
	close(o->fd);
	o->fd = -1;
	unlink(o->tmp);
	free(o->tmp);
	o->tmp = NULL;
}

/**
 * dest_file() - write a whole file at once
 * @path: its name
 * @b: its content
 *
 * Return: 0 or a negative errno as of dest_open(), dest_write(), dest_commit().
 */
int dest_file(const char *path, const struct bytes *b)
{
	struct dest o;
	int err;

	err = dest_open(&o, path);
	if (err)
		return err;
	err = dest_write(&o, b->data, b->size);
	if (!err)
		return dest_commit(&o);
	dest_abort(&o);
	return err;
}
