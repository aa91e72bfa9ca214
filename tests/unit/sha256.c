// SPDX-License-Identifier: MIT
/* sha256.c - the suites' hash, in userspace */
#include <openssl/sha.h>
#include "../kunit/build.h"

void test_sha256(const void *data, u32 len, u8 *digest)
{
	SHA256(data, len, digest);
}
