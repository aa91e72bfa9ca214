/* SPDX-License-Identifier: MIT */
/*
 * estimate.h - how long a plan will take
 */
#ifndef FWSLOT_USERSPACE_ESTIMATE_H
#define FWSLOT_USERSPACE_ESTIMATE_H

#include "conf.h"
#include "nl.h"

/**
 * struct estimate - what a plan means for the device
 * @blocks: erase blocks that are written, at most
 * @ms: how long that takes
 * @window_ms: how long the bootloader is being written, 0: it is not
 * @single: there is only one copy of it
 */
struct estimate {
	u32 blocks;
	u64 ms;
	u64 window_ms;
	bool single;
};

u64 estimate_blocks_ms(const struct conf *conf, const struct nl_unit *unit,
		       u32 blocks);
void estimate_plan(const struct conf *conf, const struct nl_status *st,
		   const struct fwslot_begin *begin, struct estimate *e);
void estimate_time(char *buf, size_t size, u64 ms);

#endif /* FWSLOT_USERSPACE_ESTIMATE_H */
