/* SPDX-License-Identifier: MIT */
/* math64.h: see kernel.h */
#include <kernel.h>
