/* SPDX-License-Identifier: MIT */
/* list.h: see kernel.h */
#include <kernel.h>
