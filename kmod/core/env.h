/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * env.h - what the core needs from the world around it
 *
 * The core is built into the kernel module, the KUnit tests, the userspace
 * tests and fuzzers, the tool and the builder.  This is the only file of the
 * core that knows which one it is in.  The core needs integer types, memcpy
 * and friends, errno names and unaligned-safe little-endian access, no more.
 */
#ifndef FWSLOT_CORE_ENV_H
#define FWSLOT_CORE_ENV_H

#ifdef __KERNEL__
#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/types.h>
#else
#include "env_user.h"
#endif

#endif /* FWSLOT_CORE_ENV_H */
