/* SPDX-License-Identifier: MIT */
/* kref.h: see kernel.h */
#include <kernel.h>
