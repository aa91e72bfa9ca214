// SPDX-License-Identifier: GPL-2.0-only
/*
 * manifest_test.c - the parser of manifests
 *
 * One good manifest, and it wrong in every way.
 */
#include <kunit/test.h>
#include "build.h"

#define PRODUCT0	HEAD_SIZE
#define BRIDGE0		(PRODUCT0 + 2 * PRODUCT_SIZE)
#define BRIDGE1		(BRIDGE0 + BRIDGE_SIZE)
#define IMAGE0		(BRIDGE1 + BRIDGE_SIZE)
#define IMAGE1		(IMAGE0 + IMAGE_SIZE)
#define GOOD_SIZE	(IMAGE1 + IMAGE_SIZE)

static const struct test_spec good = {
	.format = 2,
	.release = { { 5, 22, 2 }, "rc.1" },
	.n_products = 2,
	.products = { "lynx", "viper_12" },
	.n_bridges = 2,
	.bridges = {
		{ 1, { { 5, 21, 2 }, NULL } },
		{ 1, { { 5, 21, 2 }, "b" } },
	},
	.n_images = 2,
	.images = {
		{ 1, 3, 70000, 65536, NULL },
		{ 2, 4, 65536, 65536, NULL },
	},
};

/* A value of @len bytes at @ofs, and what the parser says to it */
struct patch {
	const char *what;
	u32 ofs;
	u32 len;
	u64 value;
	u32 reason;
};

#define BAD	FWSLOT_REASON_BAD_MANIFEST
#define OTHER	FWSLOT_REASON_MANIFEST_VERSION

static const struct patch patches[] = {
	{ "magic, first byte", 0, 1, 'F', BAD },
	{ "magic, last byte", 31, 1, 'T', BAD },
	{ "version 0", OFS_VERSION, 4, 0, OTHER },
	{ "version 2", OFS_VERSION, 4, 2, OTHER },
	{ "version high", OFS_VERSION, 4, 0x01000001, OTHER },
	{ "size 0", OFS_SIZE, 4, 0, BAD },
	{ "size less", OFS_SIZE, 4, GOOD_SIZE - 1, BAD },
	{ "size more", OFS_SIZE, 4, GOOD_SIZE + 1, BAD },
	{ "flag 0", OFS_FLAGS, 4, 1, BAD },
	{ "flag 31", OFS_FLAGS, 4, 1U << 31, BAD },
	{ "format 0", OFS_FORMAT, 4, 0, BAD },
	{ "format is a bridge's", OFS_FORMAT, 4, 1, BAD },
	{ "format 3", OFS_FORMAT, 4, 3, 0 },
	{ "format max", OFS_FORMAT, 4, ~0U, 0 },
	{ "release reserved", OFS_RELEASE + 6, 2, 1, BAD },
	{ "release reserved high", OFS_RELEASE + 6, 2, 0x8000, BAD },
	{ "release numbers max", OFS_RELEASE, 4, ~0U, 0 },
	{ "label after NUL", OFS_RELEASE + 8 + 5, 1, 'x', BAD },
	{ "label last byte", OFS_RELEASE + 8 + 23, 1, 'x', BAD },
	{ "label starts with NUL", OFS_RELEASE + 8, 1, 0, BAD },
	{ "label empty", OFS_RELEASE + 8, 4, 0, 0 },
	{ "no products", OFS_N_PRODUCTS, 4, 0, BAD },
	{ "one product", OFS_N_PRODUCTS, 4, 1, BAD },
	{ "three products", OFS_N_PRODUCTS, 4, 3, BAD },
	{ "17 products", OFS_N_PRODUCTS, 4, 17, BAD },
	{ "products overflow", OFS_N_PRODUCTS, 4, 0x80000002, BAD },
	{ "no bridges", OFS_N_BRIDGES, 4, 0, BAD },
	{ "one bridge", OFS_N_BRIDGES, 4, 1, BAD },
	{ "17 bridges", OFS_N_BRIDGES, 4, 17, BAD },
	{ "bridges overflow", OFS_N_BRIDGES, 4, 0x20000002, BAD },
	{ "no images", OFS_N_IMAGES, 4, 0, BAD },
	{ "one image", OFS_N_IMAGES, 4, 1, BAD },
	{ "three images", OFS_N_IMAGES, 4, 3, BAD },
	{ "images overflow", OFS_N_IMAGES, 4, 0x20000002, BAD },
	{ "notes without digest", OFS_NOTES_SIZE, 4, 1, 0 },
	{ "notes max", OFS_NOTES_SIZE, 4, 256 << 10, 0 },
	{ "notes max + 1", OFS_NOTES_SIZE, 4, (256 << 10) + 1, BAD },
	{ "digest without notes", OFS_NOTES_DIGEST, 1, 1, BAD },
	{ "digest without notes, last", OFS_NOTES_DIGEST + 31, 1, 1, BAD },
	{ "product empty", PRODUCT0, 8, 0, BAD },
	{ "product starts with NUL", PRODUCT0, 1, 0, BAD },
	{ "product after NUL", PRODUCT0 + 5, 1, 'x', BAD },
	{ "product last byte", PRODUCT0 + 31, 1, 'x', BAD },
	{ "bridge format 0", BRIDGE0, 4, 0, BAD },
	{ "bridge to own format", BRIDGE0, 4, 2, BAD },
	{ "bridge to format 3", BRIDGE0, 4, 3, 0 },
	{ "bridge reserved", BRIDGE0 + 4, 4, 1, BAD },
	{ "bridge reserved high", BRIDGE0 + 4, 4, 1U << 31, BAD },
	{ "bridge release reserved", BRIDGE0 + 14, 2, 1, BAD },
	{ "bridge label charset", BRIDGE0 + 16, 1, '/', BAD },
	{ "bridge label after NUL", BRIDGE0 + 18, 1, 'x', BAD },
	{ "bridges equal", BRIDGE1 + 16, 1, 0, BAD },
	{ "bridges differ in number", BRIDGE1 + 12, 2, 3, 0 },
	{ "image kind 0", IMAGE0, 4, 0, BAD },
	{ "image kind 3", IMAGE1, 4, 3, BAD },
	{ "two systems", IMAGE1, 8, 0x300000001, BAD },
	{ "two bootloaders", IMAGE0, 8, 0x400000002, BAD },
	{ "system, no slot", IMAGE0 + 4, 4, 0, BAD },
	{ "system, primary", IMAGE0 + 4, 4, 1, 0 },
	{ "system, secondary", IMAGE0 + 4, 4, 2, 0 },
	{ "system in bootloader", IMAGE0 + 4, 4, 4, BAD },
	{ "system everywhere", IMAGE0 + 4, 4, 7, BAD },
	{ "system, slot 3", IMAGE0 + 4, 4, 0xb, BAD },
	{ "bootloader, no slot", IMAGE1 + 4, 4, 0, BAD },
	{ "bootloader in primary", IMAGE1 + 4, 4, 1, BAD },
	{ "bootloader in both", IMAGE1 + 4, 4, 5, BAD },
	{ "image size 0", IMAGE0 + 8, 8, 0, BAD },
	{ "image size 1", IMAGE0 + 8, 8, 1, 0 },
	{ "image size max", IMAGE0 + 8, 8, 1ULL << 30, 0 },
	{ "image size max + 1", IMAGE0 + 8, 8, (1ULL << 30) + 1, BAD },
	{ "image size huge", IMAGE0 + 8, 8, ~0ULL, BAD },
	{ "image size wraps u32", IMAGE0 + 8, 8, 1ULL << 48, BAD },
	{ "bootloader size max", IMAGE1 + 8, 8, 16 << 20, 0 },
	{ "bootloader size max + 1", IMAGE1 + 8, 8, (16 << 20) + 1, BAD },
	{ "chunk size 0", IMAGE0 + 16, 4, 0, BAD },
	{ "chunk size odd", IMAGE0 + 16, 4, 65537, BAD },
	{ "chunk size no power of two", IMAGE0 + 16, 4, 98304, BAD },
	{ "chunk size small", IMAGE0 + 16, 4, 32768, BAD },
	{ "chunk size 128K", IMAGE0 + 16, 4, 131072, 0 },
	{ "chunk size 256K", IMAGE0 + 16, 4, 262144, 0 },
	{ "chunk size 512K", IMAGE0 + 16, 4, 524288, BAD },
	{ "chunk size 2G", IMAGE0 + 16, 4, 1U << 31, BAD },
	{ "image reserved", IMAGE0 + 20, 4, 1, BAD },
	{ "image reserved high", IMAGE1 + 20, 4, 1U << 31, BAD },
};

static void put_value(u8 *p, u32 len, u64 value)
{
	for (; len; len--, value >>= 8)
		*p++ = value;
}

/* Parse from memory that ends where the manifest does. */
static u32 parse(struct kunit *test, const u8 *buf, size_t len,
		 struct fwslot_manifest *m)
{
	u8 *exact = kunit_kzalloc(test, len ? len : 1, GFP_KERNEL);

	if (!exact)
		return ~0U;
	memcpy(exact, buf, len);
	return fwslot_manifest_parse(exact, len, m);
}

struct fixture {
	u8 buf[FWSLOT_MANIFEST_MAX + 1];
	size_t len;
	struct fwslot_manifest good;
	struct fwslot_manifest m;
};

static int manifest_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	if (!f)
		return -ENOMEM;
	f->len = test_manifest(f->buf, &good);
	test->priv = f;
	return fwslot_manifest_parse(f->buf, f->len, &f->good) ? -EINVAL : 0;
}

static void manifest_good(struct kunit *test)
{
	struct fixture *f = test->priv;
	const struct fwslot_manifest *m = &f->good;

	KUNIT_EXPECT_EQ(test, f->len, GOOD_SIZE);
	KUNIT_EXPECT_EQ(test, m->format, 2);
	KUNIT_EXPECT_EQ(test, m->release.major, 5);
	KUNIT_EXPECT_EQ(test, m->release.minor, 22);
	KUNIT_EXPECT_EQ(test, m->release.patch, 2);
	KUNIT_EXPECT_STREQ(test, m->release.label, "rc.1");
	KUNIT_EXPECT_EQ(test, m->n_products, 2);
	KUNIT_EXPECT_STREQ(test, m->products[1], "viper_12");
	KUNIT_EXPECT_EQ(test, m->n_bridges, 2);
	KUNIT_EXPECT_EQ(test, m->bridges[1].format, 1);
	KUNIT_EXPECT_EQ(test, m->bridges[1].release.minor, 21);
	KUNIT_EXPECT_STREQ(test, m->bridges[1].release.label, "b");
	KUNIT_EXPECT_EQ(test, m->n_images, 2);
	KUNIT_EXPECT_EQ(test, m->images[0].kind, FWSLOT_IMAGE_SYSTEM);
	KUNIT_EXPECT_EQ(test, m->images[0].slots, 3);
	KUNIT_EXPECT_EQ(test, m->images[0].size, 70000);
	KUNIT_EXPECT_EQ(test, m->images[0].chunk_size, 65536);
	KUNIT_EXPECT_EQ(test, m->images[0].chunks, 2);
	KUNIT_EXPECT_EQ(test, m->images[0].table_digest[31], 0x5a);
	KUNIT_EXPECT_EQ(test, m->images[1].chunks, 1);
}

static void manifest_patches(struct kunit *test)
{
	struct fixture *f = test->priv;
	const struct patch *p;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(patches); i++) {
		p = &patches[i];
		test_manifest(f->buf, &good);
		put_value(f->buf + p->ofs, p->len, p->value);
		KUNIT_EXPECT_EQ_MSG(test, parse(test, f->buf, f->len, &f->m),
				    p->reason, "%s", p->what);
	}
}

static void expect_length(struct kunit *test, size_t len)
{
	struct fixture *f = test->priv;

	KUNIT_EXPECT_EQ_MSG(test, parse(test, f->buf, len, &f->m), BAD,
			    "length %d", (int)len);
	if (len < OFS_SIZE + 4)
		return;
	/* ... and with a size field that agrees */
	put32(f->buf + OFS_SIZE, len);
	KUNIT_EXPECT_EQ_MSG(test, parse(test, f->buf, len, &f->m), BAD,
			    "size %d", (int)len);
	put32(f->buf + OFS_SIZE, f->len);
}

static void manifest_lengths(struct kunit *test)
{
	struct fixture *f = test->priv;
	size_t len;

	for (len = 0; len <= f->len + IMAGE_SIZE + 1; len++)
		if (len != f->len)
			expect_length(test, len);
	expect_length(test, FWSLOT_MANIFEST_MAX);
	expect_length(test, FWSLOT_MANIFEST_MAX + 1);
}

static void manifest_reserved(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 i;

	for (i = OFS_RESERVED; i < HEAD_SIZE; i++) {
		f->buf[i] = 1;
		KUNIT_EXPECT_EQ_MSG(test, parse(test, f->buf, f->len, &f->m),
				    BAD, "byte %u", i);
		f->buf[i] = 0;
	}
}

static bool allowed(u32 c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || (c && strchr("._+-", (int)c));
}

static void manifest_charset(struct kunit *test)
{
	static const u32 at[] = {
		OFS_RELEASE + 8, PRODUCT0 + 3, BRIDGE1 + 16
	};
	struct fixture *f = test->priv;
	u32 i, c;

	for (i = 0; i < ARRAY_SIZE(at); i++)
		for (c = 1; c < 256; c++) {
			test_manifest(f->buf, &good);
			f->buf[at[i]] = c;
			KUNIT_EXPECT_EQ_MSG(test,
					    parse(test, f->buf, f->len, &f->m),
					    allowed(c) ? 0 : BAD,
					    "byte %u at %u", c, at[i]);
		}
}

static void manifest_full_strings(struct kunit *test)
{
	static const char product[] = "12345678901234567890123456789012";
	static const char label[] = "123456789012345678901234";
	struct fixture *f = test->priv;

	memcpy(f->buf + PRODUCT0, product, 32);
	memcpy(f->buf + OFS_RELEASE + 8, label, 24);
	KUNIT_ASSERT_EQ(test, parse(test, f->buf, f->len, &f->m), 0);
	KUNIT_EXPECT_STREQ(test, f->m.products[0], product);
	KUNIT_EXPECT_STREQ(test, f->m.release.label, label);
}

static void manifest_duplicates(struct kunit *test)
{
	struct fixture *f = test->priv;

	memcpy(f->buf + PRODUCT0 + PRODUCT_SIZE, f->buf + PRODUCT0,
	       PRODUCT_SIZE);
	KUNIT_EXPECT_EQ(test, parse(test, f->buf, f->len, &f->m), BAD);
	test_manifest(f->buf, &good);
	memcpy(f->buf + BRIDGE1, f->buf + BRIDGE0, BRIDGE_SIZE);
	KUNIT_EXPECT_EQ(test, parse(test, f->buf, f->len, &f->m), BAD);
	test_manifest(f->buf, &good);
	memcpy(f->buf + IMAGE1, f->buf + IMAGE0, IMAGE_SIZE);
	KUNIT_EXPECT_EQ(test, parse(test, f->buf, f->len, &f->m), BAD);
}

static void manifest_image_order(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 swap[IMAGE_SIZE];

	memcpy(swap, f->buf + IMAGE0, IMAGE_SIZE);
	memcpy(f->buf + IMAGE0, f->buf + IMAGE1, IMAGE_SIZE);
	memcpy(f->buf + IMAGE1, swap, IMAGE_SIZE);
	KUNIT_EXPECT_EQ(test, parse(test, f->buf, f->len, &f->m), BAD);
}

/* As many entries as there may be, then one more of each. */
static void manifest_full(struct kunit *test)
{
	static const char names[] = "abcdefghijklmnopqr";
	struct fixture *f = test->priv;
	struct test_spec *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);
	char *text = kunit_kzalloc(test, 2 * sizeof(names), GFP_KERNEL);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, s);
	KUNIT_ASSERT_NOT_NULL(test, text);
	*s = good;
	s->n_products = 16;
	s->n_bridges = 16;
	for (i = 0; i < 18; i++) {
		text[2 * i] = names[i];
		s->products[i] = text + 2 * i;
		s->bridges[i].format = 3 + i;
	}
	f->len = test_manifest(f->buf, s);
	KUNIT_EXPECT_EQ(test, f->len, 160 + 16 * 32 + 16 * 40 + 2 * 56);
	KUNIT_ASSERT_EQ(test, parse(test, f->buf, f->len, &f->m), 0);
	KUNIT_EXPECT_STREQ(test, f->m.products[15], "p");
	KUNIT_EXPECT_EQ(test, f->m.bridges[15].format, 18);
	KUNIT_EXPECT_EQ(test, f->m.images[1].kind, 2);

	s->n_products = 17;
	f->len = test_manifest(f->buf, s);
	KUNIT_EXPECT_EQ(test, parse(test, f->buf, f->len, &f->m), BAD);
	s->n_products = 16;
	s->n_bridges = 17;
	f->len = test_manifest(f->buf, s);
	KUNIT_EXPECT_EQ(test, parse(test, f->buf, f->len, &f->m), BAD);
}

/* Sizes around every multiple of the chunk: number and length of chunks. */
static void manifest_chunks(struct kunit *test)
{
	static const struct {
		u64 size;
		u32 chunk_size;
		u32 chunks;
		u32 last;
	} rows[] = {
		{ 1, 65536, 1, 1 },
		{ 65535, 65536, 1, 65535 },
		{ 65536, 65536, 1, 65536 },
		{ 65537, 65536, 2, 1 },
		{ 3 * 131072 - 1, 131072, 3, 131071 },
		{ 3 * 131072, 131072, 3, 131072 },
		{ 3 * 131072 + 1, 131072, 4, 1 },
		{ 1ULL << 30, 65536, 16384, 65536 },
		{ 1ULL << 32, 262144, 16384, 262144 },
		{ (1ULL << 32) - 5, 262144, 16384, 262139 },
	};
	struct fixture *f = test->priv;
	const struct fwslot_image *img = &f->m.images[0];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		put64(f->buf + IMAGE0 + 8, rows[i].size);
		put32(f->buf + IMAGE0 + 16, rows[i].chunk_size);
		KUNIT_ASSERT_EQ_MSG(test, parse(test, f->buf, f->len, &f->m),
				    0, "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, img->chunks, rows[i].chunks,
				    "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, fwslot_chunk_len(img, img->chunks - 1),
				    rows[i].last, "row %u", i);
		if (img->chunks > 1)
			KUNIT_EXPECT_EQ(test, fwslot_chunk_len(img, 0),
					rows[i].chunk_size);
	}
	put64(f->buf + IMAGE0 + 8, (1ULL << 32) + 1);
	KUNIT_EXPECT_EQ(test, parse(test, f->buf, f->len, &f->m), BAD);
}

static bool within_caps(const struct fwslot_manifest *m)
{
	u32 i;

	for (i = 0; i < m->n_images && i < FWSLOT_IMAGES_MAX; i++)
		if (!m->images[i].chunks ||
		    m->images[i].chunks > FWSLOT_CHUNKS_MAX ||
		    fwslot_chunk_len(&m->images[i], m->images[i].chunks - 1) >
		    m->images[i].chunk_size)
			return false;
	return m->format && m->n_products && m->n_products <= 16 &&
	       m->n_bridges <= 16 && m->n_images && m->n_images <= 2 &&
	       m->notes_size <= FWSLOT_NOTES_MAX;
}

/* Every byte changed: refused, or it says something else. */
static void manifest_sweep(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 i, k, accepted = 0;
	u8 was, now[4];

	for (i = 0; i < f->len; i++) {
		was = f->buf[i];
		now[0] = was ^ 0x01;
		now[1] = was ^ 0x80;
		now[2] = 0;
		now[3] = 0xff;
		for (k = 0; k < ARRAY_SIZE(now); k++) {
			if (now[k] == was)
				continue;
			f->buf[i] = now[k];
			if (parse(test, f->buf, f->len, &f->m))
				continue;
			accepted++;
			KUNIT_EXPECT_TRUE_MSG(test, within_caps(&f->m),
					      "byte %u", i);
			KUNIT_EXPECT_TRUE_MSG(test,
					      memcmp(&f->m, &f->good,
						     sizeof(f->m)),
					      "byte %u", i);
		}
		f->buf[i] = was;
	}
	kunit_info(test, "%u changed manifests say something else\n", accepted);
}

static struct kunit_case manifest_cases[] = {
	KUNIT_CASE(manifest_good),
	KUNIT_CASE(manifest_patches),
	KUNIT_CASE(manifest_lengths),
	KUNIT_CASE(manifest_reserved),
	KUNIT_CASE(manifest_charset),
	KUNIT_CASE(manifest_full_strings),
	KUNIT_CASE(manifest_duplicates),
	KUNIT_CASE(manifest_image_order),
	KUNIT_CASE(manifest_full),
	KUNIT_CASE(manifest_chunks),
	KUNIT_CASE(manifest_sweep),
	{}
};

static struct kunit_suite manifest_suite = {
	.name = "manifest",
	.init = manifest_init,
	.test_cases = manifest_cases,
};

kunit_test_suite(manifest_suite);
