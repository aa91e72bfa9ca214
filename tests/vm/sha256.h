/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * SHA-256 in one call, for the boot model
 *
 * The boot model shares no code with what it judges, not even the digest.
 */
#ifndef SHA256_H
#define SHA256_H

#include <stddef.h>
#include <stdint.h>

void sha256(const uint8_t *data, size_t len, uint8_t digest[32]);

#endif /* SHA256_H */
