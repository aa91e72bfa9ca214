// SPDX-License-Identifier: MIT
/*
 * known.c - what kmod/known.c recognises, and what it must not, as TAP
 *
 * SHA-256 is counted here.  Content may be recognised only if it was proven
 * before, with the same digest, and not a bit is different; and only where it was
 * read from flash.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <openssl/sha.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include "fwslot.h"

#define SIZE	4096
#define MANY	40000	/* more than it can remember */
#define FEW	1000	/* less */

bool shim_random_ready;
u32 shim_random_drawn;
siphash_key_t shim_sip_keys[3];
u32 shim_sip_calls;

static u32 hashed, tests, failed;

void shim_bug(const char *file, int line, const char *what)
{
	printf("Bail out! %s:%d: %s\n", file, line, what);
	exit(1);
}

void fwslot_sha256(const void *data, u32 len, u8 *digest)
{
	hashed++;
	SHA256(data, len, digest);
}

static void ok(bool good, const char *name)
{
	tests++;
	failed += !good;
	printf("%sok %u - %s\n", good ? "" : "not ", tests, name);
}

/* Content of its own for each number. */
static void make(u32 number, u8 *data, u8 *digest)
{
	u32 i;

	for (i = 0; i < SIZE; i++)
		data[i] = (number * 2654435761U + i * 40503U) >> 13;
	memcpy(data, &number, sizeof(number));
	SHA256(data, SIZE, digest);
}

/* Asks; says whether that took SHA-256. */
static bool ask(const u8 *data, u32 len, const u8 *digest, bool *right)
{
	u32 before = hashed;

	*right = fwslot_recognize(data, len, digest);
	return hashed != before;
}

static bool prove(const u8 *data, const u8 *digest, bool *right)
{
	u32 before = hashed;

	*right = fwslot_prove(data, SIZE, digest);
	return hashed != before;
}

static void not_ready(u8 *data, u8 *digest)
{
	bool right, slow;

	make(0, data, digest);
	slow = ask(data, SIZE, digest, &right) && right;
	slow = ask(data, SIZE, digest, &right) && right && slow;
	ok(slow && !shim_random_drawn,
	   "without random numbers SHA-256 does all");
	shim_random_ready = true;
	slow = ask(data, SIZE, digest, &right);
	ok(slow && right, "nothing was remembered until they were there");
	slow = ask(data, SIZE, digest, &right);
	ok(!slow && right, "now it was");
	ok(shim_random_drawn == 2 * sizeof(siphash_key_t),
	   "two keys were drawn, once");
}

static bool same_key(const siphash_key_t *a, const siphash_key_t *b)
{
	return !memcmp(a, b, sizeof(*a));
}

/* The digest is hashed with what was drawn, the content with what that gives. */
static void key_of(u8 *data, u8 *digest)
{
	siphash_key_t drawn[2], key, seen[3];
	bool right;
	u32 i;

	for (i = 0; i < sizeof(drawn); i++)
		((u8 *)drawn)[i] = 0x5a + 31 * i;
	make(0, data, digest);
	shim_sip_calls = 0;
	ask(data, SIZE, digest, &right);
	memcpy(seen, shim_sip_keys, sizeof(seen));
	for (i = 0; i < 2; i++)
		key.key[i] = siphash(digest, 32, &drawn[i]);
	ok(same_key(&seen[0], &drawn[0]) && same_key(&seen[1], &drawn[1]) &&
	   same_key(&seen[2], &key), "the key is made of digest and secret");
}

/* What a caller hands over is never recognised, but it is remembered. */
static void handed_over(u8 *data, u8 *digest)
{
	bool right, slow;

	make(3, data, digest);
	slow = prove(data, digest, &right) && right;
	slow = prove(data, digest, &right) && right && slow;
	ok(slow, "what is handed over SHA-256 looks at each time");
	slow = ask(data, SIZE, digest, &right);
	ok(!slow && right, "in flash it is known then");
	data[1] ^= 1;
	slow = prove(data, digest, &right);
	ok(slow && !right, "what is wrong is refused");
}

static void other_bits(u8 *data, const u8 *digest)
{
	u32 i, wrong = 0, quick = 0;
	bool right;

	for (i = 0; i < SIZE * 8; i++) {
		data[i / 8] ^= 1U << i % 8;
		quick += !ask(data, SIZE, digest, &right);
		wrong += right;
		data[i / 8] ^= 1U << i % 8;
	}
	ok(!wrong, "not with any one bit flipped");
	ok(!quick, "and SHA-256 has the last word on each");
	ok(!ask(data, SIZE, digest, &right) && right,
	   "what it knows is known still");
}

static void other_digests(const u8 *data, u8 *digest)
{
	u32 i, wrong = 0;
	bool right;

	for (i = 0; i < 32 * 8; i++) {
		digest[i / 8] ^= 1U << i % 8;
		ask(data, SIZE, digest, &right);
		wrong += right;
		digest[i / 8] ^= 1U << i % 8;
	}
	ok(!wrong, "not under a digest with any one bit flipped");
}

static void other_sizes(const u8 *data, const u8 *digest)
{
	u32 len, wrong = 0;
	bool right;

	for (len = 0; len < SIZE; len++) {
		ask(data, len, digest, &right);
		wrong += right;
	}
	ok(!wrong, "not with bytes missing");
}

static void refused_stays_refused(u8 *data, u8 *digest)
{
	u8 other[32];
	bool right, slow;

	make(1, data, digest);
	make(2, data, other);
	slow = ask(data, SIZE, digest, &right);
	ok(slow && !right, "what is wrong in flash is seen");
	slow = ask(data, SIZE, digest, &right);
	ok(slow && !right, "and leaves no mark");
}

/* Ask for contents from @first on; how many are recognised. */
static u32 quick_ones(u32 first, u32 n, u8 *data, u8 *digest, u32 *wrong)
{
	u32 i, quick = 0;
	bool right;

	for (i = 0; i < n; i++) {
		make(first + i, data, digest);
		quick += !ask(data, SIZE, digest, &right);
		*wrong += !right;
	}
	return quick;
}

static void more_than_fits(u8 *data, u8 *digest)
{
	u32 quick, wrong = 0;

	quick_ones(0, MANY, data, digest, &wrong);
	quick = quick_ones(MANY - FEW, FEW, data, digest, &wrong);
	ok(quick > FEW * 9 / 10, "what came last is recognised");
	quick = quick_ones(0, FEW, data, digest, &wrong);
	ok(!quick, "what came first is forgotten");
	ok(!wrong, "and nothing is refused");
}

/* One content again and again takes the place of no other. */
static void one_again(u8 *data, u8 *digest)
{
	u32 i, quick, wrong = 0;
	bool right;

	quick_ones(MANY, FEW, data, digest, &wrong);
	make(MANY + FEW, data, digest);
	for (i = 0; i < 100; i++)
		prove(data, digest, &right);
	quick = quick_ones(MANY, FEW, data, digest, &wrong);
	ok(quick > FEW - 2 && !wrong, "proving one again forgets no others");
}

static void siphash_is_siphash(void)
{
	siphash_key_t key = { { 0x0706050403020100, 0x0f0e0d0c0b0a0908 } };
	u8 data[15];
	u32 i;

	for (i = 0; i < sizeof(data); i++)
		data[i] = i;
	ok(siphash(data, sizeof(data), &key) == 0xa129ca6149be45e5,
	   "SipHash is that of the paper's appendix");
}

int main(void)
{
	static u8 data[SIZE];
	u8 digest[32];

	siphash_is_siphash();
	not_ready(data, digest);
	key_of(data, digest);
	handed_over(data, digest);
	make(0, data, digest);
	other_bits(data, digest);
	other_digests(data, digest);
	other_sizes(data, digest);
	refused_stays_refused(data, digest);
	more_than_fits(data, digest);
	one_again(data, digest);
	printf("1..%u\n", tests);
	return failed != 0;
}
