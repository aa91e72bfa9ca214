// SPDX-License-Identifier: MIT
/*
 * pkg_hash.c - SHA-256 (FIPS 180-4) of the release notes
 *
 * The notes are the one signed thing that the kernel never sees, so the reader
 * compares them with the manifest itself.  Whether the manifest is authentic
 * the kernel says.  A library of cryptography on every device, for this alone,
 * would be too much.
 */
#include "pkg_hash.h"

#define HASH_BLOCK	64

static const u32 hash_k[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
	0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
	0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static const u32 hash_start[8] = {
	0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
	0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static u32 hash_turn(u32 x, int n)
{
	return x >> n | x << (32 - n);
}

static u32 hash_word(const u8 *p)
{
	return (u32)p[0] << 24 | (u32)p[1] << 16 | (u32)p[2] << 8 | p[3];
}

static void hash_schedule(u32 *w, const u8 *block)
{
	u32 a, b;
	int i;

	for (i = 0; i < 16; i++)
		w[i] = hash_word(block + 4 * i);
	for (; i < 64; i++) {
		a = w[i - 15];
		b = w[i - 2];
		w[i] = w[i - 16] + w[i - 7] +
		       (hash_turn(a, 7) ^ hash_turn(a, 18) ^ a >> 3) +
		       (hash_turn(b, 17) ^ hash_turn(b, 19) ^ b >> 10);
	}
}

static void hash_block(u32 *state, const u8 *block)
{
	u32 w[64], s[8], one, two;
	int i;

	hash_schedule(w, block);
	memcpy(s, state, sizeof(s));
	for (i = 0; i < 64; i++) {
		one = s[7] + hash_k[i] + w[i] + ((s[4] & s[5]) ^ (~s[4] & s[6])) +
		      (hash_turn(s[4], 6) ^ hash_turn(s[4], 11) ^
		       hash_turn(s[4], 25));
		two = (hash_turn(s[0], 2) ^ hash_turn(s[0], 13) ^
		       hash_turn(s[0], 22)) +
		      ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
		memmove(s + 1, s, 7 * sizeof(*s));
		s[4] += one;
		s[0] = one + two;
	}
	for (i = 0; i < 8; i++)
		state[i] += s[i];
}

static void hash_put(u8 *p, u32 value)
{
	p[0] = value >> 24;
	p[1] = value >> 16;
	p[2] = value >> 8;
	p[3] = value;
}

/**
 * pkg_hash() - SHA-256
 * @data: the bytes
 * @len: how many
 * @digest: room for FWSLOT_DIGEST_SIZE bytes
 */
void pkg_hash(const u8 *data, u32 len, u8 *digest)
{
	u8 last[2 * HASH_BLOCK] = { 0 };
	u32 rest = len % HASH_BLOCK;
	u32 end = rest < HASH_BLOCK - 8 ? HASH_BLOCK : 2 * HASH_BLOCK;
	u32 state[8], i;

	memcpy(state, hash_start, sizeof(state));
	for (i = 0; i < len - rest; i += HASH_BLOCK)
		hash_block(state, data + i);
	memcpy(last, data + i, rest);
	last[rest] = 0x80;
	hash_put(last + end - 8, len >> 29);
	hash_put(last + end - 4, len << 3);
	for (i = 0; i < end; i += HASH_BLOCK)
		hash_block(state, last + i);
	for (i = 0; i < 8; i++)
		hash_put(digest + 4 * i, state[i]);
}
