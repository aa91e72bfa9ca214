// SPDX-License-Identifier: GPL-2.0-only
/*
 * known.c - recognises content of the flash that SHA-256 has proven before
 *
 * A session reads the same content of the flash several times: all slots before
 * its plan, and so does the session that only checks, what it has written before
 * the record and once more at the end.  The first time SHA-256 tells whether it
 * is what an authentic digest table names.  What passed leaves a mark: SipHash-2-4
 * over the content, under a key that is made of the digest and of a random one
 * (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012).  Content
 * with such a mark need not be hashed again.
 *
 * That notices what the flash does by itself.  Who can read the kernel's memory
 * can learn the key and find other bytes with the same mark; so whatever is going
 * to be programmed is for SHA-256.  As long as the kernel's random numbers are not
 * ready SHA-256 does all.
 */
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/spinlock.h>
#include "fwslot.h"

/* Marks of 4096 chunks, 256 MiB of content; a full row forgets its oldest. */
#define ROWS	512
#define WAYS	8

static DEFINE_SPINLOCK(lock);
static siphash_key_t keys[2];
static bool has_keys;
static u64 marks[ROWS][WAYS];

static bool get_keys(void)
{
	bool yes;

	spin_lock(&lock);
	if (!has_keys && rng_is_initialized()) {
		get_random_bytes(keys, sizeof(keys));
		has_keys = true;
	}
	yes = has_keys;
	spin_unlock(&lock);
	return yes;
}

/* Never 0, which is an empty place. */
static u64 mark_of(const void *data, u32 len, const u8 *digest)
{
	siphash_key_t key;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(key.key); i++)
		key.key[i] = siphash(digest, FWSLOT_DIGEST_SIZE, &keys[i]);
	return siphash(data, len, &key) ?: 1;
}

static u64 *row_of(const u8 *digest)
{
	return marks[(digest[0] | digest[1] << 8) % ROWS];
}

static bool is_known(const u8 *digest, u64 mark)
{
	const u64 *row = row_of(digest);
	bool yes = false;
	u32 i;

	spin_lock(&lock);
	for (i = 0; i < WAYS; i++)
		yes |= row[i] == mark;
	spin_unlock(&lock);
	return yes;
}

static void remember(const u8 *digest, u64 mark)
{
	u64 *row = row_of(digest);
	u32 i;

	spin_lock(&lock);
	for (i = 0; i < WAYS - 1; i++)
		if (row[i] == mark)
			break;
	memmove(row + 1, row, i * sizeof(*row));
	row[0] = mark;
	spin_unlock(&lock);
}

static bool has_digest(const void *data, u32 len, const u8 *digest)
{
	u8 is[FWSLOT_DIGEST_SIZE];

	fwslot_sha256(data, len, is);
	return !memcmp(is, digest, sizeof(is));
}

/**
 * fwslot_prove() - let SHA-256 say whether this is what a digest names
 * @data: bytes, from wherever
 * @len: how many
 * @digest: what their SHA-256 should be
 *
 * For all that is going to be programmed.  From then on fwslot_recognize() knows
 * it.  In process context; nothing is allocated.
 */
bool fwslot_prove(const void *data, u32 len, const u8 *digest)
{
	bool right = has_digest(data, len, digest);

	if (right && get_keys())
		remember(digest, mark_of(data, len, digest));
	return right;
}

/**
 * fwslot_recognize() - is this the content that a digest names, for the core
 * @data: bytes, read from flash to be looked at
 * @len: how many
 * @digest: what their SHA-256 should be
 *
 * As fwslot_prove(), which has the last word on what is not known.
 */
bool fwslot_recognize(const void *data, u32 len, const u8 *digest)
{
	u64 mark;

	if (!get_keys())
		return has_digest(data, len, digest);
	mark = mark_of(data, len, digest);
	if (is_known(digest, mark))
		return true;
	if (!has_digest(data, len, digest))
		return false;
	remember(digest, mark);
	return true;
}
