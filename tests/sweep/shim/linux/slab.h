/* SPDX-License-Identifier: MIT */
/* slab.h: see kernel.h */
#include <kernel.h>
