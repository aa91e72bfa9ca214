// SPDX-License-Identifier: GPL-2.0-only
/*
 * build.c - makes manifests and images for the suites
 */
#include <kunit/test.h>
#include "build.h"

void put16(u8 *p, u16 v)
{
	p[0] = v;
	p[1] = v >> 8;
}

void put32(u8 *p, u32 v)
{
	put16(p, v);
	put16(p + 2, v >> 16);
}

void put64(u8 *p, u64 v)
{
	put32(p, v);
	put32(p + 4, v >> 32);
}

u32 get32(const u8 *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (u32)p[3] << 24;
}

static void put_text(u8 *p, const char *text)
{
	while (*text)
		*p++ = *text++;
}

static void put_release(u8 *p, const struct test_release *r)
{
	put16(p, r->number[0]);
	put16(p + 2, r->number[1]);
	put16(p + 4, r->number[2]);
	if (r->label)
		put_text(p + 8, r->label);
}

static void put_image(u8 *p, const struct test_image *img)
{
	put32(p, img->kind);
	put32(p + 4, img->slots);
	put64(p + 8, img->size);
	put32(p + 16, img->chunk_size);
	if (img->digest)
		memcpy(p + 24, img->digest, 32);
	else
		memset(p + 24, 0x5a, 32);
}

/**
 * test_manifest() - make a manifest; what is wrong in @spec is wrong in it
 * @buf: FWSLOT_MANIFEST_MAX bytes
 * @spec: what to put in
 *
 * Return: its size.
 */
size_t test_manifest(u8 *buf, const struct test_spec *spec)
{
	u8 *p = buf + HEAD_SIZE;
	u32 i;

	memset(buf, 0, FWSLOT_MANIFEST_MAX);
	put_text(buf, "fwslot firmware release manifest");
	put32(buf + OFS_VERSION, 1);
	put32(buf + OFS_FORMAT, spec->format);
	put_release(buf + OFS_RELEASE, &spec->release);
	put32(buf + OFS_N_PRODUCTS, spec->n_products);
	put32(buf + OFS_N_BRIDGES, spec->n_bridges);
	put32(buf + OFS_N_IMAGES, spec->n_images);
	for (i = 0; i < spec->n_products; i++, p += PRODUCT_SIZE)
		put_text(p, spec->products[i]);
	for (i = 0; i < spec->n_bridges; i++, p += BRIDGE_SIZE) {
		put32(p, spec->bridges[i].format);
		put_release(p + 8, &spec->bridges[i].release);
	}
	for (i = 0; i < spec->n_images; i++, p += IMAGE_SIZE)
		put_image(p, &spec->images[i]);
	put32(buf + OFS_SIZE, p - buf);
	return p - buf;
}

/**
 * test_pattern() - bytes that differ from place to place and seed to seed
 * @buf: where to
 * @len: how many
 * @seed: which
 */
void test_pattern(u8 *buf, u32 len, u32 seed)
{
	u32 x = seed * 2654435761U + 1;
	u32 i;

	for (i = 0; i < len; i++) {
		x = x * 1664525 + 1013904223;
		buf[i] = x >> 24;
	}
}

/**
 * test_table() - make the digest table of an image
 * @data: the image
 * @size: its bytes
 * @chunk_size: bytes of a chunk
 * @table: 32 bytes a chunk
 */
void test_table(const u8 *data, u64 size, u32 chunk_size, u8 *table)
{
	u32 len;

	for (; size; size -= len, data += len, table += 32) {
		len = size < chunk_size ? size : chunk_size;
		test_sha256(data, len, table);
	}
}

MODULE_DESCRIPTION("Tests of the fwslot core");
MODULE_LICENSE("GPL");
