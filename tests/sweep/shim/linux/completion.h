/* SPDX-License-Identifier: MIT */
/* completion.h: see kernel.h */
#include <kernel.h>
