/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * build.h - makes manifests, records and images for the suites
 *
 * Written from Documentation/package-format.rst with plain offsets, and not
 * with the structures of fwslot/format.h: a slip in those must show.
 */
#ifndef FWSLOT_KUNIT_BUILD_H
#define FWSLOT_KUNIT_BUILD_H

#include "core.h"

/* Offsets in a manifest */
#define OFS_VERSION	32
#define OFS_SIZE		36
#define OFS_FLAGS	40
#define OFS_FORMAT	44
#define OFS_RELEASE	48
#define OFS_N_PRODUCTS	80
#define OFS_N_BRIDGES	84
#define OFS_N_IMAGES	88
#define OFS_NOTES_SIZE	92
#define OFS_NOTES_DIGEST	96
#define OFS_RESERVED	128
#define HEAD_SIZE	160
#define PRODUCT_SIZE	32
#define BRIDGE_SIZE	40
#define IMAGE_SIZE	56

struct test_release {
	u16 number[3];
	const char *label;
};

struct test_bridge {
	u32 format;
	struct test_release release;
};

struct test_image {
	u32 kind;
	u32 slots;
	u64 size;
	u32 chunk_size;
	const u8 *digest;
};

struct test_spec {
	u32 format;
	struct test_release release;
	u32 n_products;
	const char *products[18];
	u32 n_bridges;
	struct test_bridge bridges[18];
	u32 n_images;
	struct test_image images[3];
};

/* SHA-256: sha256.c here in a kernel, tests/unit/sha256.c in userspace */
void test_sha256(const void *data, u32 len, u8 *digest);

void put16(u8 *p, u16 v);
void put32(u8 *p, u32 v);
void put64(u8 *p, u64 v);
u32 get32(const u8 *p);

size_t test_manifest(u8 *buf, const struct test_spec *spec);
void test_pattern(u8 *buf, u32 len, u32 seed);
void test_table(const u8 *data, u64 size, u32 chunk_size, u8 *table);

#endif /* FWSLOT_KUNIT_BUILD_H */
