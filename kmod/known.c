// SPDX-License-Identifier: GPL-2.0-only
/*
 * known.c - recognises content that SHA-256 has proven before
 *
 * A session reads the same content several times: all slots before its plan,
 * a package for the check and for the write, a slot before its record and once
 * more at the end.  The first time SHA-256 tells whether it is what an authentic
 * digest table names.  What passed leaves a mark: SipHash-2-4 over content and
 * digest, with a key that was drawn at random and never leaves this file
 * (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012).  Content
 * with such a mark need not be hashed again.
 *
 * Every byte is still read and goes into the mark, so what has changed on the
 * way or in the flash has another one.  Who does not know the key can do no
 * better than guess, with one chance in 2^61 for each chunk, and a wrong guess is
 * told by SHA-256 as before.  As long as the kernel's generator of random numbers
 * is not ready there is no key, and SHA-256 does all.
 */
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/spinlock.h>
#include "fwslot.h"

/* Marks of 4096 chunks, 256 MiB of content; a full row forgets one. */
#define ROWS	512
#define WAYS	8

/* What a mark is made of. */
struct proven {
	u8 digest[FWSLOT_DIGEST_SIZE];
	u64 content;
};

static DEFINE_SPINLOCK(lock);
static siphash_key_t key;
static bool has_key;
static u64 marks[ROWS][WAYS];

static bool get_key(void)
{
	bool yes;

	spin_lock(&lock);
	if (!has_key && rng_is_initialized()) {
		get_random_bytes(&key, sizeof(key));
		has_key = true;
	}
	yes = has_key;
	spin_unlock(&lock);
	return yes;
}

/* Never 0, which is an empty place. */
static u64 mark_of(const void *data, u32 len, const u8 *digest)
{
	struct proven p;

	memcpy(p.digest, digest, sizeof(p.digest));
	p.content = siphash(data, len, &key);
	return siphash(&p, sizeof(p), &key) ?: 1;
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
		if (!row[i])
			break;
	if (row[i])
		i = mark % WAYS;
	row[i] = mark;
	spin_unlock(&lock);
}

/**
 * fwslot_is_content() - is this the content that a digest names, for the core
 * @data: bytes
 * @len: how many
 * @digest: their SHA-256, out of an authentic digest table
 *
 * Any context that may hold a spinlock; nothing is allocated.
 */
bool fwslot_is_content(const void *data, u32 len, const u8 *digest)
{
	u8 is[FWSLOT_DIGEST_SIZE];
	u64 mark = 0;

	if (get_key()) {
		mark = mark_of(data, len, digest);
		if (is_known(digest, mark))
			return true;
	}
	fwslot_sha256(data, len, is);
	if (memcmp(is, digest, sizeof(is)))
		return false;
	if (mark)
		remember(digest, mark);
	return true;
}
