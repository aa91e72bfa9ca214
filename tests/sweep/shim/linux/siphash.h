/* SPDX-License-Identifier: MIT */
/* siphash.h: SipHash-2-4, after the paper of Aumasson and Bernstein (2012) */
#include <kernel.h>

typedef struct {
	u64 key[2];
} siphash_key_t;

/* The keys of the last three calls, and how many there were */
extern siphash_key_t shim_sip_keys[3];
extern u32 shim_sip_calls;

static inline u64 sip_turn(u64 v, u32 bits)
{
	return v << bits | v >> (64 - bits);
}

static inline void sip_rounds(u64 v[4], u32 n)
{
	while (n--) {
		v[0] += v[1];
		v[2] += v[3];
		v[1] = sip_turn(v[1], 13) ^ v[0];
		v[3] = sip_turn(v[3], 16) ^ v[2];
		v[0] = sip_turn(v[0], 32) + v[3];
		v[2] += v[1];
		v[1] = sip_turn(v[1], 17) ^ v[2];
		v[3] = sip_turn(v[3], 21) ^ v[0];
		v[2] = sip_turn(v[2], 32);
	}
}

static inline void sip_word(u64 v[4], u64 word)
{
	v[3] ^= word;
	sip_rounds(v, 2);
	v[0] ^= word;
}

static inline u64 siphash(const void *data, size_t len,
			  const siphash_key_t *key)
{
	u64 v[4] = {
		key->key[0] ^ 0x736f6d6570736575, key->key[1] ^ 0x646f72616e646f6d,
		key->key[0] ^ 0x6c7967656e657261, key->key[1] ^ 0x7465646279746573,
	};
	const u8 *p = data;
	u64 word;
	size_t i;

	shim_sip_keys[shim_sip_calls++ % 3] = *key;
	for (i = 0; i + 8 <= len; i += 8) {
		memcpy(&word, p + i, 8);
		sip_word(v, word);
	}
	for (word = (u64)len << 56; i < len; i++)
		word |= (u64)p[i] << 8 * (i % 8);
	sip_word(v, word);
	v[2] ^= 0xff;
	sip_rounds(v, 4);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}
