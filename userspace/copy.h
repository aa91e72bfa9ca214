/* SPDX-License-Identifier: MIT */
/*
 * copy.h - what a slot's flash holds, for copying it to its twin
 */
#ifndef FWSLOT_USERSPACE_COPY_H
#define FWSLOT_USERSPACE_COPY_H

#include "copy_area.h"
#include "failure.h"
#include "nl.h"
#include "pkg.h"

/**
 * struct copy - the record of a unit, and its content; all zero: not open
 * @slot: its flash
 * @record: the flash of its record, where that has an area of its own
 * @flash: both, as the core sees them; of the operations only reading is there
 * @rec: where the parts of the record are
 * @body: the record
 * @manifest: its manifest
 */
struct copy {
	struct copy_area slot;
	struct copy_area record;
	struct fwslot_flash flash;
	struct fwslot_record rec;
	u8 *body;
	struct fwslot_manifest manifest;
};

int copy_open(struct copy *c, const struct nl_unit *unit);
void copy_close(struct copy *c);
const u8 *copy_table(const struct copy *c, const struct fwslot_image *img);
int copy_chunk(const struct copy *c, u32 chunk, u8 *buf);

#endif /* FWSLOT_USERSPACE_COPY_H */
