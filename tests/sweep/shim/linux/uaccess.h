/* SPDX-License-Identifier: MIT */
/* uaccess.h: see kernel.h */
#include <kernel.h>
