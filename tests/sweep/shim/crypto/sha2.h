/* SPDX-License-Identifier: MIT */
/* sha2.h: the kernel's SHA-256 is libcrypto's here */
#include <kernel.h>
#include <openssl/sha.h>

static inline void sha256(const u8 *data, unsigned int len, u8 *digest)
{
	SHA256(data, len, digest);
}
