/* SPDX-License-Identifier: MIT */
/* workqueue.h: see kernel.h */
#include <kernel.h>
