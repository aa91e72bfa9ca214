/* SPDX-License-Identifier: MIT */
/* ktime.h: see kernel.h */
#include <kernel.h>
