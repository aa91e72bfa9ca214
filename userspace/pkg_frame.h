/* SPDX-License-Identifier: MIT */
/*
 * pkg_frame.h - zstd frames of a compressed image
 *
 * Private to the package reader (pkg.c).
 */
#ifndef FWSLOT_USERSPACE_PKG_FRAME_H
#define FWSLOT_USERSPACE_PKG_FRAME_H

#include <stddef.h>

#include "core.h"

struct pkg_frame_reader;

size_t pkg_frame_stored_max(void);
struct pkg_frame_reader *pkg_frame_reader_new(void);
void pkg_frame_reader_free(struct pkg_frame_reader *fr);
u8 *pkg_frame_input(struct pkg_frame_reader *fr);
const u8 *pkg_frame_content(const struct pkg_frame_reader *fr);
const char *pkg_frame_decode(struct pkg_frame_reader *fr, size_t stored,
			     size_t content);

#endif /* FWSLOT_USERSPACE_PKG_FRAME_H */
