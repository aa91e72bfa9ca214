/* SPDX-License-Identifier: MIT */
/* vmalloc.h: see kernel.h */
#include <kernel.h>
