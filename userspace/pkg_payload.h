/* SPDX-License-Identifier: MIT */
/*
 * pkg_payload.h - the content of one image in a package
 *
 * Private to the package reader (pkg.c).
 */
#ifndef FWSLOT_USERSPACE_PKG_PAYLOAD_H
#define FWSLOT_USERSPACE_PKG_PAYLOAD_H

#include "pkg_frame.h"
#include "pkg_tar.h"

/**
 * struct pkg_payload - the payload that is being read
 * @tar: the archive, at the member that holds it
 * @img: the image
 * @open: the fields below are valid
 * @offset: bytes of the member read or skipped so far
 * @frames: its frames, 0: it is plain
 * @frame: number of the frame in @fr
 * @ends: offset of the end of each of its frames
 * @fr: decoder, allocated when the first frame comes
 */
struct pkg_payload {
	struct pkg_tar *tar;
	const struct fwslot_image *img;
	bool open;
	u64 offset;
	u32 frames;
	u32 frame;
	u64 *ends;
	struct pkg_frame_reader *fr;
};

const char *pkg_payload_name(const struct fwslot_image *img);
int pkg_payload_open(struct pkg_payload *p, const struct fwslot_image *img);
int pkg_payload_chunk(struct pkg_payload *p, u32 chunk, void *buf);
int pkg_payload_leave(struct pkg_payload *p);
void pkg_payload_release(struct pkg_payload *p);

#endif /* FWSLOT_USERSPACE_PKG_PAYLOAD_H */
