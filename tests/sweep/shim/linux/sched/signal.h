/* SPDX-License-Identifier: MIT */
/* signal.h: see kernel.h */
#include <kernel.h>
