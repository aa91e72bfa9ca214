// SPDX-License-Identifier: MIT
/*
 * store.c - the images in the package, plain or as zstd frames
 *
 * The size of the compressed data and the index stand before the data, so
 * both are left open and filled in when all frames are written.  Compression
 * is single threaded and every frame is independent of the others: the same
 * input, level and libzstd give the same bytes.
 */
#include "mkpkg.h"

#include <stdio.h>
#include <zstd.h>

/* A member name: image name and the longest suffix. */
#define NAME_SIZE	32

/**
 * struct store - a image that is being written
 * @o: the package
 * @img: the image
 * @mtime: time of the members
 * @ctx: compressor, NULL: plain
 * @frame: content of one frame
 * @packed: room for one compressed frame
 * @index: the index
 */
struct store {
	struct dest *o;
	const struct image *img;
	u64 mtime;
	ZSTD_CCtx *ctx;
	struct bytes frame;
	struct bytes packed;
	struct bytes index;
};

static size_t frame_length(const struct image *img, u64 ofs)
{
	return min_t(u64, img->size - ofs, FWSLOT_FRAME_SIZE);
}

static void make_header(const struct store *p, const char *suffix, u64 size,
			u8 block[USTAR_BLOCK])
{
	char name[NAME_SIZE];

	snprintf(name, sizeof(name), "%s%s", image_name(p->img->kind), suffix);
	ustar_header(block, name, size, p->mtime);
}

/* A frame holds whole chunks, so that its digests can be compared again. */
static int read_frame(struct store *p, u64 ofs, size_t len)
{
	const struct image *img = p->img;
	const u8 *expect = img->table.data +
			   ofs / img->chunk_size * FWSLOT_DIGEST_SIZE;
	u8 digest[FWSLOT_DIGEST_SIZE];
	size_t pos, n;
	int err;

	err = image_read(img, ofs, p->frame.data, len);
	for (pos = 0; pos < len && !err; pos += n) {
		n = min_t(size_t, len - pos, img->chunk_size);
		err = sha256(p->frame.data + pos, n, digest);
		if (!err && memcmp(digest, expect, sizeof(digest))) {
			mkpkg_error("%s changed while it was read", img->path);
			return -EIO;
		}
		expect += sizeof(digest);
	}
	return err;
}

static int write_plain(struct store *p)
{
	u8 block[USTAR_BLOCK];
	u64 ofs;
	size_t len;
	int err;

	make_header(p, FWSLOT_PKG_PLAIN, p->img->size, block);
	err = dest_write(p->o, block, sizeof(block));
	for (ofs = 0; ofs < p->img->size && !err; ofs += len) {
		len = frame_length(p->img, ofs);
		err = read_frame(p, ofs, len);
		if (!err)
			err = dest_write(p->o, p->frame.data, len);
	}
	return err ? err : ustar_pad(p->o);
}

static int write_frame(struct store *p, u64 ofs)
{
	const size_t len = frame_length(p->img, ofs);
	size_t n;
	int err;

	err = read_frame(p, ofs, len);
	if (err)
		return err;
	n = ZSTD_compress2(p->ctx, p->packed.data, p->packed.size,
			   p->frame.data, len);
	if (ZSTD_isError(n)) {
		mkpkg_error("cannot compress %s: %s", p->img->path,
			    ZSTD_getErrorName(n));
		return -EIO;
	}
	return dest_write(p->o, p->packed.data, n);
}

static int write_frames(struct store *p)
{
	u8 block[USTAR_BLOCK];
	const u64 index_at = p->o->ofs + sizeof(block);
	u64 head_at, start, ofs;
	u8 *entry = p->index.data;
	int err;

	make_header(p, FWSLOT_PKG_INDEX, p->index.size, block);
	err = dest_write(p->o, block, sizeof(block));
	if (!err)
		err = dest_fill(p->o, 0, p->index.size);
	if (!err)
		err = ustar_pad(p->o);
	head_at = p->o->ofs;
	if (!err)
		err = dest_fill(p->o, 0, sizeof(block));
	start = p->o->ofs;
	for (ofs = 0; ofs < p->img->size && !err; ofs += FWSLOT_FRAME_SIZE) {
		err = write_frame(p, ofs);
		put_le(entry, p->o->ofs - start, sizeof(u64));
		entry += sizeof(u64);
	}
	if (err)
		return err;
	make_header(p, FWSLOT_PKG_ZSTD, p->o->ofs - start, block);
	err = dest_patch(p->o, head_at, block, sizeof(block));
	if (!err)
		err = dest_patch(p->o, index_at, p->index.data, p->index.size);
	return err ? err : ustar_pad(p->o);
}

static int write_zstd(struct store *p, int level)
{
	const u64 frames = (p->img->size - 1) / FWSLOT_FRAME_SIZE + 1;
	size_t ret;
	int err;

	p->ctx = ZSTD_createCCtx();
	if (!p->ctx) {
		mkpkg_error("not enough memory to compress");
		return -ENOMEM;
	}
	/* With the size known, no window is larger than a frame's content. */
	ret = ZSTD_CCtx_setParameter(p->ctx, ZSTD_c_compressionLevel, level);
	err = ZSTD_isError(ret) ? -EIO : 0;
	if (!err)
		err = bytes_alloc(&p->packed,
				  ZSTD_compressBound(FWSLOT_FRAME_SIZE));
	if (!err)
		err = bytes_alloc(&p->index, frames * sizeof(u64));
	if (!err)
		err = write_frames(p);
	bytes_free(&p->index);
	bytes_free(&p->packed);
	ZSTD_freeCCtx(p->ctx);
	return err;
}

/**
 * store_image() - write the members of one image
 * @o: the package
 * @img: the image
 * @level: LEVEL_PLAIN, or a level of zstd
 * @mtime: time of the members
 *
 * Return: 0, -EIO if the image changed or cannot be compressed, or a negative
 * errno of reading, writing or malloc().
 */
int store_image(struct dest *o, const struct image *img, int level, u64 mtime)
{
	struct store p = { .o = o, .img = img, .mtime = mtime };
	int err;

	/* A frame holds whole chunks. */
	static_assert(FWSLOT_FRAME_SIZE % FWSLOT_CHUNK_MAX == 0);
	err = bytes_alloc(&p.frame, FWSLOT_FRAME_SIZE);
	if (err)
		return err;
	err = level == LEVEL_PLAIN ? write_plain(&p) : write_zstd(&p, level);
	bytes_free(&p.frame);
	return err;
}
