// SPDX-License-Identifier: MIT
/*
 * Image data that does not match its digest: no byte of it reaches the flash
 */
#include "abi.h"

#define BLOCK	65536U	/* erase block of the simulated chip */

/* Index of the input that wants an image of this kind. */
static u32 input_of(const struct session *s, u32 kind)
{
	u32 i;

	for (i = 0; i < s->begin.n_inputs; i++)
		if (s->pkg->m.images[s->begin.inputs[i].image].kind == kind)
			return i;
	return 0;
}

static void claim_failed(struct session *s, u32 want, const char *when)
{
	struct fwslot_progress p;
	int errno_of = fwslot_reason_errno(want);

	claim_is(session_progress(s, &p), 0, "%s: PROGRESS", when);
	claim_refused(p.error, p.reason, want, "%s: reason", when);
	claim_is(session_send(s, 0, 0, 1), errno_of, "%s: no more data", when);
	claim_is(session_finish(s, s->begin.n_steps - 1, 2000, NULL), errno_of,
		 "%s: FINISH", when);
	claim_is(session_commit(s), errno_of, "%s: COMMIT", when);
}

/* Write up to a chunk with one bit flipped, which must be refused. */
static int feed_flipped(struct session *s, u32 input, u32 chunk, u32 bit)
{
	const struct blob *img = session_image(s, input);
	u32 len = s->pkg->m.images[0].chunk_size;
	u32 from = chunk * len;
	int ret = 0;
	u32 i;

	for (i = 0; i < input && !ret; i++)
		ret = session_send(s, i, 0, UINT32_MAX);
	if (!ret)
		ret = session_send(s, input, 0, from);
	if (ret)
		return ret;
	if (len > img->size - from)
		len = img->size - from;
	bit %= len * 8;
	img->data[from + bit / 8] ^= 1U << bit % 8;
	ret = session_send(s, input, from, len);
	img->data[from + bit / 8] ^= 1U << bit % 8;
	return ret;
}

/**
 * chunk_one_bit() - claim that a chunk with one flipped bit is refused
 * @kind: of the image
 * @chunk: its chunk
 * @bit: the bit, counted round within the chunk
 * @when: name of the claims
 *
 * Of the bootloader, or of the first chunk of the system image: nothing at
 * all was erased.  Of a later chunk: nothing from that chunk on, and nothing
 * of the other slots.
 */
void chunk_one_bit(u32 kind, u32 chunk, u32 bit, const char *when)
{
	u32 ofs = chunk * pkg_a.m.images[0].chunk_size;
	struct flash *before;
	struct session *s;
	u32 input, end;

	need_b();
	before = flash_take();
	s = session_new(&pkg_a, FWSLOT_SLOTS_ALL, 0);
	input = input_of(s, kind);
	end = (session_image(s, input)->size + BLOCK - 1) & ~(BLOCK - 1);
	claim_is(feed_flipped(s, input, chunk, bit), -EBADMSG, "%s: refused",
		 when);
	claim_failed(s, FWSLOT_REASON_BAD_CHUNK, when);
	session_end(s);
	if (kind == FWSLOT_IMAGE_BOOTLOADER || !chunk) {
		claim_untouched(before, when);
		return;
	}
	claim_part_same(before, FWSLOT_PRIMARY, 0, 0, when);
	claim_part_same(before, FWSLOT_BOOTLOADER, 0, 0, when);
	claim_part_same(before, FWSLOT_SECONDARY, ofs, end, when);
	claim_locked(when);
	flash_drop(before);
}

static void try_flipped(void)
{
	static const struct {
		const char *name;
		u32 kind;
		u32 place;
		u32 bit;
	} bad[] = {
		{ "first bit of the bootloader", FWSLOT_IMAGE_BOOTLOADER, 0, 0 },
		{ "bit in the middle of the bootloader",
		  FWSLOT_IMAGE_BOOTLOADER, 1, 123457 },
		{ "last bit of the bootloader", FWSLOT_IMAGE_BOOTLOADER, 2,
		  UINT32_MAX },
		{ "first bit of the system", FWSLOT_IMAGE_SYSTEM, 0, 0 },
		{ "bit in the middle of the system", FWSLOT_IMAGE_SYSTEM, 1,
		  123457 },
		{ "last bit of the system", FWSLOT_IMAGE_SYSTEM, 2,
		  UINT32_MAX },
	};
	const struct fwslot_image *img;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		img = &pkg_a.m.images[bad[i].kind != FWSLOT_IMAGE_SYSTEM];
		chunk_one_bit(bad[i].kind, bad[i].place * (img->chunks - 1) / 2,
			      bad[i].bit, bad[i].name);
	}
	claim_good("flipped bits");
}

/* Signed as it should be, but the payload is something else. */
static void garbage(void)
{
	static const struct {
		const char *name;
		int byte;
	} with[] = {
		{ "payload of zeros", 0 },
		{ "payload of an erased flash", 0xff },
		{ "payload of another release", -1 },
	};
	struct flash *before;
	struct session *s;
	struct pkg p;
	size_t i;
	u32 n;

	for (i = 0; i < ARRAY_SIZE(with); i++) {
		p = pkg_a;
		for (n = 0; n < p.m.n_images; n++) {
			p.image[n] = pkg_b.image[n];
			if (with[i].byte < 0)
				continue;
			p.image[n].data = need(malloc(p.image[n].size));
			memset(p.image[n].data, with[i].byte, p.image[n].size);
		}
		need_b();
		before = flash_take();
		s = session_new(&p, FWSLOT_SLOTS_ALL, 0);
		claim_is(session_feed(s), -EBADMSG, "%s: refused",
			 with[i].name);
		claim_failed(s, FWSLOT_REASON_BAD_CHUNK, with[i].name);
		session_end(s);
		claim_untouched(before, with[i].name);
	}
	claim_good("garbage");
}

/* Right chunks in the wrong order. */
static void swapped(void)
{
	struct flash *before = flash_take();
	struct session *s = session_new(other_pkg(), SECONDARY, 0);
	u32 len = s->pkg->m.images[0].chunk_size;

	claim_is(session_send(s, 0, len, len), -EBADMSG,
		 "second chunk first: refused");
	claim_failed(s, FWSLOT_REASON_BAD_CHUNK, "second chunk first");
	session_end(s);
	claim_untouched(before, "second chunk first");
	before = flash_take();
	s = session_new(other_pkg(), SECONDARY, 0);
	session_send(s, 0, 0, len / 2);
	claim_is(session_send(s, 0, 0, len), -EBADMSG,
		 "half a chunk twice: refused");
	session_end(s);
	claim_untouched(before, "half a chunk twice");
}

static void too_much(u32 flags, const char *when)
{
	const struct pkg *pkg = other_pkg();
	struct session *s = session_new(pkg, SECONDARY, flags);
	struct flash *before = flash_take();
	struct fwslot_progress p;

	claim_is(session_feed(s), 0, "%s: all data is taken", when);
	claim_is(session_send(s, 0, 0, 1), -EFBIG, "%s: a byte more", when);
	claim_is(session_commit(s), -EFBIG, "%s: COMMIT", when);
	session_progress(s, &p);
	claim_is(p.reason, FWSLOT_REASON_TOO_MUCH_DATA, "%s: reason", when);
	session_end(s);
	if (flags)
		claim_untouched(before, when);
	else
		claim_locked(when);
	if (!flags)
		flash_drop(before);
	claim_good(when);
}

/**
 * test_chunks() - data that does not match, and too much of it
 */
void test_chunks(void)
{
	try_flipped();
	garbage();
	swapped();
	too_much(FWSLOT_BEGIN_CHECK, "too much data for a check");
	too_much(0, "too much data");
}
