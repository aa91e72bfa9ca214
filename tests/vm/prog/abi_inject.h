/* SPDX-License-Identifier: MIT */
/*
 * What the sweeps over failing allocations share
 */
#ifndef ABI_INJECT_H
#define ABI_INJECT_H

#include "abi.h"

/**
 * struct path - a call that is swept
 * @name: of the claims
 * @prepare: done before, without faults
 * @run: the call; 0 or a negative errno
 * @undo: done after, without faults
 * @want: what the call returns when nothing fails
 * @like: the same call for a file that is not ours: what can fail in that is the
 *	kernel's, and here nothing else can; NULL: something can
 */
struct path {
	const char *name;
	void (*prepare)(void);
	int (*run)(void);
	void (*undo)(void);
	int want;
	const struct path *like;
};

void begin_faults(void);
void sweep(const struct path *path, int count);
void sweep_worker(const struct path *path);

#endif /* ABI_INJECT_H */
