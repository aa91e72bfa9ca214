/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * block.h - what the files of the engine share: writes of single blocks
 *
 * Only writer.c, block.c and keep.c include this.  A function that returns an
 * error has put the writer into FWSLOT_WRITER_FAILED, with the reason.
 */
#ifndef FWSLOT_CORE_BLOCK_H
#define FWSLOT_CORE_BLOCK_H

#include "core.h"

int fwslot_writer_fail(struct fwslot_writer *w, u32 reason, int err);
int fwslot_block_erase(struct fwslot_writer *w, u64 ofs);
int fwslot_block_put(struct fwslot_writer *w, u64 ofs, const u8 *data, u32 len);
int fwslot_block_put_head_last(struct fwslot_writer *w, u64 ofs,
			       const u8 *data, u32 len, u32 head);
int fwslot_block_zero(struct fwslot_writer *w, u64 block);
int fwslot_block_clear(struct fwslot_writer *w, u64 block);
int fwslot_block_destroy(struct fwslot_writer *w, u64 block);
bool fwslot_block_retire(struct fwslot_writer *w, int err);

static inline u32 fwslot_in_block(const struct fwslot_writer *w, u64 ofs)
{
	return ofs & (w->flash->geo.erase_size - 1);
}

#endif /* FWSLOT_CORE_BLOCK_H */
