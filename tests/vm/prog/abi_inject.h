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
 * @no_memory: there is nothing in it that could fail
 */
struct path {
	const char *name;
	void (*prepare)(void);
	int (*run)(void);
	void (*undo)(void);
	int want;
	bool no_memory;
};

void begin_faults(void);
void sweep(const struct path *path, int count);
void sweep_worker(const struct path *path);

#endif /* ABI_INJECT_H */
