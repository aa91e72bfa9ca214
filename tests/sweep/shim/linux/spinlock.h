/* SPDX-License-Identifier: MIT */
/* spinlock.h: see kernel.h */
#include <kernel.h>
