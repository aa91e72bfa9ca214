/* SPDX-License-Identifier: MIT */
/* pid.h: see kernel.h */
#include <kernel.h>
