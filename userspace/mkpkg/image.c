// SPDX-License-Identifier: MIT
/*
 * image.c - input images and their digest tables
 *
 * An image is read twice: for the digest table, which stands before it in the
 * package, and for the payload.  store.c notices if it changed in between.
 */
#include "mkpkg.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/**
 * image_name() - name of an image in the package
 * @kind: FWSLOT_IMAGE_*
 */
const char *image_name(u32 kind)
{
	return kind == FWSLOT_IMAGE_SYSTEM ? FWSLOT_PKG_SYSTEM :
					     FWSLOT_PKG_BOOTLOADER;
}

static int check_size(const struct image *img)
{
	const u64 chunks = (u64)FWSLOT_CHUNKS_MAX * img->chunk_size;
	const u64 max = img->kind == FWSLOT_IMAGE_BOOTLOADER ?
			min_t(u64, chunks, FWSLOT_BOOTLOADER_MAX) : chunks;

	if (!img->size) {
		mkpkg_error("%s is empty", img->path);
		return -EINVAL;
	}
	if (img->size <= max)
		return 0;
	mkpkg_error("%s has %llu bytes, a %s image may have %llu with chunks of %u%s",
		    img->path, (unsigned long long)img->size,
		    image_name(img->kind), (unsigned long long)max,
		    img->chunk_size,
		    max == chunks && img->chunk_size < FWSLOT_CHUNK_MAX ?
		    "; larger chunks allow more" : "");
	return -EINVAL;
}

static int open_file(struct image *img)
{
	struct stat st;
	int err;

	img->fd = open(img->path, O_RDONLY | O_CLOEXEC);
	if (img->fd < 0 || fstat(img->fd, &st)) {
		err = -errno;
		mkpkg_error("cannot open %s: %s", img->path, strerror(-err));
		return err;
	}
	if (!S_ISREG(st.st_mode)) {
		mkpkg_error("%s is not a regular file", img->path);
		return -EINVAL;
	}
	img->size = st.st_size;
	return check_size(img);
}

static int make_table(struct image *img)
{
	const u64 chunks = (img->size - 1) / img->chunk_size + 1;
	struct bytes chunk;
	u64 i;
	int err;

	err = bytes_alloc(&img->table, chunks * FWSLOT_DIGEST_SIZE);
	if (err)
		return err;
	err = bytes_alloc(&chunk, img->chunk_size);
	if (err)
		return err;
	for (i = 0; i < chunks && !err; i++) {
		const u64 ofs = i * img->chunk_size;
		const size_t len = min_t(u64, img->size - ofs,
					 img->chunk_size);

		err = image_read(img, ofs, chunk.data, len);
		if (!err)
			err = sha256(chunk.data, len, img->table.data +
				     i * FWSLOT_DIGEST_SIZE);
	}
	if (!err)
		err = sha256(img->table.data, img->table.size,
			     img->table_digest);
	bytes_free(&chunk);
	return err;
}

/**
 * image_open() - open an image and compute its digest table
 * @img: path, kind, slots and chunk_size are set; close it with image_close()
 *
 * Return: 0, -EINVAL if its size is not allowed, or a negative errno of
 * open(), read() or malloc().
 */
int image_open(struct image *img)
{
	int err;

	err = open_file(img);
	if (!err)
		err = make_table(img);
	if (err)
		image_close(img);
	return err;
}

/**
 * image_close() - close an image
 * @img: the image, may be closed already
 */
void image_close(struct image *img)
{
	bytes_free(&img->table);
	if (img->fd >= 0)
		close(img->fd);
	img->fd = -1;
}

/**
 * image_read() - read a part of an image
 * @img: the image
 * @ofs: where
 * @buf: room for it
 * @size: bytes
 *
 * Return: 0 or a negative errno as of read_full().
 */
int image_read(const struct image *img, u64 ofs, void *buf, size_t size)
{
	return read_full(img->fd, img->path, ofs, buf, size);
}
