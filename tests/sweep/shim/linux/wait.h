/* SPDX-License-Identifier: MIT */
/* wait.h: see kernel.h */
#include <kernel.h>
