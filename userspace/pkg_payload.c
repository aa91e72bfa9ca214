// SPDX-License-Identifier: MIT
/*
 * pkg_payload.c - the content of one image in a package
 *
 * Plain, or a row of zstd frames with an index before it.  One frame is in
 * memory at a time.  With the index, frames that nobody wants are skipped; an
 * index that does not tell the truth only makes the package be refused.
 */
#include <endian.h>
#include <stdlib.h>

#include "pkg_payload.h"

#define PKG_FRAMES_MAX \
	((u64)FWSLOT_CHUNKS_MAX * FWSLOT_CHUNK_MAX / FWSLOT_FRAME_SIZE)
#define PKG_NO_FRAME	UINT32_MAX

/**
 * pkg_payload_name() - first part of the names of an image's members
 * @img: the image
 *
 * Return: "system" or "bootloader".
 */
const char *pkg_payload_name(const struct fwslot_image *img)
{
	return img->kind == FWSLOT_IMAGE_BOOTLOADER ? FWSLOT_PKG_BOOTLOADER :
						      FWSLOT_PKG_SYSTEM;
}

/* An end for each frame: ascending, no frame empty or larger than needed. */
static int pkg_payload_check_index(struct pkg_payload *p)
{
	u64 start = 0;
	u32 i;

	for (i = 0; i < p->frames; i++) {
		p->ends[i] = le64toh(p->ends[i]);
		if (p->ends[i] <= start ||
		    p->ends[i] - start > pkg_frame_stored_max())
			return pkg_tar_refuse(p->tar, FWSLOT_REASON_BAD_PACKAGE,
					      "entry %u of \"%s\" is impossible",
					      i, p->tar->name);
		start = p->ends[i];
	}
	return 0;
}

static int pkg_payload_read_index(struct pkg_payload *p)
{
	u64 frames = (p->img->size + FWSLOT_FRAME_SIZE - 1) / FWSLOT_FRAME_SIZE;
	u8 *index = NULL;
	int ret;

	if (!frames || frames > PKG_FRAMES_MAX)
		return pkg_tar_refuse(p->tar, FWSLOT_REASON_BAD_MANIFEST,
				      "an image has a size that none may have");
	ret = pkg_tar_content(p->tar, frames * sizeof(u64),
			      frames * sizeof(u64),
			      &index);
	free(p->ends);
	p->ends = (u64 *)index;
	p->frames = frames;
	return ret ? ret : pkg_payload_check_index(p);
}

static int pkg_payload_open_zstd(struct pkg_payload *p)
{
	int ret;

	ret = pkg_payload_read_index(p);
	if (ret)
		return ret;
	ret = pkg_tar_expect(p->tar, pkg_payload_name(p->img), FWSLOT_PKG_ZSTD);
	if (ret)
		return ret;
	if (p->tar->size != p->ends[p->frames - 1])
		return pkg_tar_refuse(p->tar, FWSLOT_REASON_BAD_PACKAGE,
				      "member \"%s\" does not end where its index says",
				      p->tar->name);
	if (!p->fr)
		p->fr = pkg_frame_reader_new();
	return p->fr ? 0 : pkg_tar_no_memory(p->tar);
}

static int pkg_payload_open_plain(struct pkg_payload *p)
{
	if (p->tar->size == p->img->size)
		return 0;
	return pkg_tar_refuse(p->tar, FWSLOT_REASON_BAD_PACKAGE,
			      "member \"%s\" has %llu bytes instead of %llu",
			      p->tar->name, (unsigned long long)p->tar->size,
			      (unsigned long long)p->img->size);
}

/**
 * pkg_payload_open() - go to the payload of an image
 * @p: @tar set, the payload before it left
 * @img: the image whose payload must come next
 *
 * Return: 0; -EBADMSG when it does not, or is malformed; -ENOMEM; or the
 * source's errno.
 */
int pkg_payload_open(struct pkg_payload *p, const struct fwslot_image *img)
{
	int ret;

	p->img = img;
	p->offset = 0;
	p->frames = 0;
	p->frame = PKG_NO_FRAME;
	ret = pkg_tar_next(p->tar);
	if (ret)
		return ret;
	if (pkg_tar_named(p->tar, pkg_payload_name(img), FWSLOT_PKG_PLAIN))
		ret = pkg_payload_open_plain(p);
	else if (pkg_tar_named(p->tar, pkg_payload_name(img), FWSLOT_PKG_INDEX))
		ret = pkg_payload_open_zstd(p);
	else
		ret = pkg_tar_refuse(p->tar, FWSLOT_REASON_BAD_PACKAGE,
				     "the content of image \"%s\" is not where it must be",
				     pkg_payload_name(img));
	p->open = !ret;
	return ret;
}

/**
 * pkg_payload_leave() - go to its end
 * @p: an open payload
 *
 * Return: 0; -EBADMSG when the package ends before; or the source's errno.
 */
int pkg_payload_leave(struct pkg_payload *p)
{
	int ret = pkg_tar_leave(p->tar);

	p->open = !!ret;
	return ret;
}

/* Bytes [@from, @from + @len) of the member. */
static int pkg_payload_bytes(struct pkg_payload *p, u64 from, u64 len,
			     void *buf)
{
	int ret;

	if (from < p->offset)
		return pkg_tar_fail(p->tar, -EINVAL, FWSLOT_REASON_WRONG_STATE,
				    "the chunk lies behind already");
	ret = pkg_tar_skip(p->tar, from - p->offset);
	if (ret)
		return ret;
	ret = pkg_tar_read(p->tar, buf, len);
	if (ret)
		return ret;
	p->offset = from + len;
	return 0;
}

static int pkg_payload_load(struct pkg_payload *p, u32 frame)
{
	u64 from = frame ? p->ends[frame - 1] : 0;
	u64 stored = p->ends[frame] - from;
	u64 left = p->img->size - (u64)frame * FWSLOT_FRAME_SIZE;
	const char *wrong;
	int ret;

	ret = pkg_payload_bytes(p, from, stored, pkg_frame_input(p->fr));
	if (ret)
		return ret;
	p->frame = PKG_NO_FRAME;
	wrong = pkg_frame_decode(p->fr, stored,
				 min_t(u64, left, FWSLOT_FRAME_SIZE));
	if (wrong)
		return pkg_tar_refuse(p->tar, FWSLOT_REASON_BAD_PACKAGE,
				      "frame %u of \"%s\" %s", frame,
				      p->tar->name, wrong);
	p->frame = frame;
	return 0;
}

/**
 * pkg_payload_chunk() - read one chunk
 * @p: an open payload
 * @chunk: its number, less than the image's chunks.  Chunks are powers of two
 *	not larger than a frame, so none lies in two frames.
 * @buf: room for fwslot_chunk_len() bytes
 *
 * Return: 0; -EBADMSG when it is malformed; -EINVAL when it lies behind; or
 * the source's errno.
 */
int pkg_payload_chunk(struct pkg_payload *p, u32 chunk, void *buf)
{
	u64 from = (u64)chunk * p->img->chunk_size;
	u32 len = fwslot_chunk_len(p->img, chunk);
	u32 frame = from / FWSLOT_FRAME_SIZE;
	int ret;

	if (!p->frames)
		return pkg_payload_bytes(p, from, len, buf);
	if (frame != p->frame) {
		ret = pkg_payload_load(p, frame);
		if (ret)
			return ret;
	}
	memcpy(buf, pkg_frame_content(p->fr) + from % FWSLOT_FRAME_SIZE, len);
	return 0;
}

/**
 * pkg_payload_release() - give its memory back
 * @p: a payload, open or not
 */
void pkg_payload_release(struct pkg_payload *p)
{
	pkg_frame_reader_free(p->fr);
	free(p->ends);
}
