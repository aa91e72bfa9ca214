/* SPDX-License-Identifier: MIT */
/* random.h: a generator that always says the same */
#include <kernel.h>

extern bool shim_random_ready;
extern u32 shim_random_drawn;

static inline bool rng_is_initialized(void)
{
	return shim_random_ready;
}

static inline void get_random_bytes(void *buf, size_t len)
{
	u8 *byte = buf;

	while (len--)
		*byte++ = 0x5a + 31 * shim_random_drawn++;
}
