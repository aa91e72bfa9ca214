/* SPDX-License-Identifier: MIT */
/*
 * dev.h - /dev/fwslot
 *
 * Thin calls over the ioctls: signals, short writes and errors are dealt with
 * here, what to do next is decided by the callers.
 */
#ifndef FWSLOT_USERSPACE_DEV_H
#define FWSLOT_USERSPACE_DEV_H

#include "failure.h"

int dev_open(struct failure *f);
int dev_begin(int fd, struct fwslot_begin *begin, struct failure *f);
int dev_write(int fd, const void *buf, size_t len, struct failure *f);
int dev_finish(int fd, u32 step, u32 timeout_ms,
	       struct fwslot_progress *progress, struct failure *f);
int dev_commit(int fd, struct fwslot_progress *progress, struct failure *f);
int dev_progress(int fd, struct fwslot_progress *progress);
int dev_verify(int fd, u32 unit, struct fwslot_verify *verify,
	       struct failure *f);
int dev_seal(int fd, struct failure *f);

#endif /* FWSLOT_USERSPACE_DEV_H */
