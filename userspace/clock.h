/* SPDX-License-Identifier: MIT */
/*
 * clock.h - time that has passed
 *
 * The clock of the day may jump, at boot and over the network; this one does
 * not.
 */
#ifndef FWSLOT_USERSPACE_CLOCK_H
#define FWSLOT_USERSPACE_CLOCK_H

#include <time.h>

#include "core.h"

/* Milliseconds since some time in the past. */
static inline u64 clock_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (u64)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

#endif /* FWSLOT_USERSPACE_CLOCK_H */
