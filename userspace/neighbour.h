/* SPDX-License-Identifier: MIT */
/*
 * neighbour.h - other packages beside a package
 */
#ifndef FWSLOT_USERSPACE_NEIGHBOUR_H
#define FWSLOT_USERSPACE_NEIGHBOUR_H

#include "core.h"

typedef bool (*neighbour_match)(const struct fwslot_manifest *m,
				const void *data);

bool neighbour_find(const char *file, neighbour_match match, const void *data,
		    char *path, size_t size, struct fwslot_release *release);

#endif /* FWSLOT_USERSPACE_NEIGHBOUR_H */
