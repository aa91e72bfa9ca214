/* SPDX-License-Identifier: MIT */
/*
 * pkg_hash.h - SHA-256 of the release notes
 */
#ifndef FWSLOT_USERSPACE_PKG_HASH_H
#define FWSLOT_USERSPACE_PKG_HASH_H

#include "core.h"

void pkg_hash(const u8 *data, u32 len, u8 *digest);

#endif /* FWSLOT_USERSPACE_PKG_HASH_H */
