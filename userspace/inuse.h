/* SPDX-License-Identifier: MIT */
/*
 * inuse.h - is a slot mounted or attached
 */
#ifndef FWSLOT_USERSPACE_INUSE_H
#define FWSLOT_USERSPACE_INUSE_H

#include "failure.h"
#include "nl.h"

int inuse_find(const struct nl_status *st, u32 slots, u32 *units,
	       struct failure *f);

#endif /* FWSLOT_USERSPACE_INUSE_H */
