/* SPDX-License-Identifier: MIT */
/* mutex.h: see kernel.h */
#include <kernel.h>
