/* SPDX-License-Identifier: MIT */
/* module.h: see kernel.h */
#include <kernel.h>
