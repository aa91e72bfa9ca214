// SPDX-License-Identifier: MIT
/*
 * pkg_frame.c - zstd frames of a compressed image
 *
 * A frame is decoded whole, from one buffer of fixed size into another, so
 * that no byte of the package decides how much memory is used: the output
 * buffer is the window.  A frame that wants a larger window than the format
 * allows is refused all the same, so that every reader gives the same answer.
 */
#include <stdlib.h>
#include <zstd.h>

#include "pkg_frame.h"

#define PKG_FRAME_HEAD_MIN		6
#define PKG_FRAME_SINGLE_SEGMENT	0x20
#define PKG_FRAME_WINDOW_BASE	10

/**
 * struct pkg_frame_reader - what decoding needs
 * @dctx: libzstd's state
 * @in: a frame as it is stored, pkg_frame_stored_max() bytes
 * @out: its content, FWSLOT_FRAME_SIZE bytes
 */
struct pkg_frame_reader {
	ZSTD_DCtx *dctx;
	u8 *in;
	u8 *out;
};

/**
 * pkg_frame_stored_max() - the most bytes that a stored frame may have
 *
 * Return: what the compressor needs for content that cannot be compressed.
 */
size_t pkg_frame_stored_max(void)
{
	return ZSTD_compressBound(FWSLOT_FRAME_SIZE);
}

/**
 * pkg_frame_reader_new() - get the memory that decoding needs
 *
 * Return: the reader, or NULL without memory.
 */
struct pkg_frame_reader *pkg_frame_reader_new(void)
{
	struct pkg_frame_reader *fr = calloc(1, sizeof(*fr));

	if (!fr)
		return NULL;
	fr->dctx = ZSTD_createDCtx();
	fr->in = malloc(pkg_frame_stored_max());
	fr->out = malloc(FWSLOT_FRAME_SIZE);
	if (fr->dctx && fr->in && fr->out)
		return fr;
	pkg_frame_reader_free(fr);
	return NULL;
}

/**
 * pkg_frame_reader_free() - give it back
 * @fr: the reader, or NULL
 */
void pkg_frame_reader_free(struct pkg_frame_reader *fr)
{
	if (!fr)
		return;
	ZSTD_freeDCtx(fr->dctx);
	free(fr->in);
	free(fr->out);
	free(fr);
}

/**
 * pkg_frame_input() - where to put a stored frame
 * @fr: the reader
 *
 * Return: room for pkg_frame_stored_max() bytes.
 */
u8 *pkg_frame_input(struct pkg_frame_reader *fr)
{
	return fr->in;
}

/**
 * pkg_frame_content() - content of the frame that was decoded last
 * @fr: the reader
 *
 * Return: its bytes, as many as pkg_frame_decode() was told.
 */
const u8 *pkg_frame_content(const struct pkg_frame_reader *fr)
{
	return fr->out;
}

/* The window descriptor of RFC 8878, 3.1.1.1.2. */
static bool pkg_frame_window_good(const u8 *head)
{
	u64 base;

	if (head[4] & PKG_FRAME_SINGLE_SEGMENT)
		return true;
	base = 1ULL << (PKG_FRAME_WINDOW_BASE + (head[5] >> 3));
	return base + base / 8 * (head[5] & 7) <= FWSLOT_WINDOW_MAX;
}

/**
 * pkg_frame_decode() - decode the frame in pkg_frame_input()
 * @fr: the reader
 * @stored: bytes of it, at most pkg_frame_stored_max()
 * @content: bytes that it must hold, at most FWSLOT_FRAME_SIZE
 *
 * Return: NULL, or what is wrong with it, to follow "the frame ".
 */
const char *pkg_frame_decode(struct pkg_frame_reader *fr, size_t stored,
			     size_t content)
{
	static const u8 magic[] = { 0x28, 0xb5, 0x2f, 0xfd };
	size_t ret;

	if (stored < PKG_FRAME_HEAD_MIN || memcmp(fr->in, magic, sizeof(magic)))
		return "does not begin as a zstd frame";
	if (!pkg_frame_window_good(fr->in))
		return "needs too large a window";
	if (ZSTD_findFrameCompressedSize(fr->in, stored) != stored)
		return "does not end where the index says";
	ret = ZSTD_decompressDCtx(fr->dctx, fr->out, content, fr->in, stored);
	if (ZSTD_isError(ret))
		return "cannot be decoded";
	if (ret != content)
		return "holds too little";
	return NULL;
}
