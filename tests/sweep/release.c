// SPDX-License-Identifier: MIT
/*
 * release.c - makes the releases that are installed
 *
 * The rules between them are those of WeOS 5: see the bridges.  Sizes differ
 * from release to release and are multiples of nothing.  Every third 4 KiB of
 * the bootloaders and the second chunk of the systems is the same in all.
 */
#include <endian.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include "../kunit/build.h"
#include "host.h"

#define CHUNK	65536

static const struct {
	const char *version;
	u32 format;
	u16 number[3];
	u32 n_bridges;
	struct test_bridge bridge;
} releases[RELS] = {
	[REL_O] = { "5.21.2", 1, { 5, 21, 2 }, 1, { 2, { { 5, 22, 2 }, "" } } },
	[REL_N] = { "5.22.2", 2, { 5, 22, 2 }, 1, { 1, { { 5, 21, 2 }, "" } } },
	[REL_K] = { "5.21.1", 1, { 5, 21, 1 }, 0, { 0 } },
	[REL_M] = { "5.20.0", 1, { 5, 20, 0 }, 0, { 0 } },
	[REL_L] = { "5.22.3", 2, { 5, 22, 3 }, 0, { 0 } },
};

/* The fake of a signature: who knows the key can make it. */
void package_sign(const void *manifest, u32 size, u8 *signature)
{
	static const char key[] = "factory key";
	u8 buf[sizeof(key) + FWSLOT_MANIFEST_MAX];

	memcpy(buf, key, sizeof(key));
	memcpy(buf + sizeof(key), manifest, size);
	SHA256(buf, sizeof(key) + size, signature);
}

static bool in_all(u32 kind, u32 ofs)
{
	return kind == TESTIMAGE_SYSTEM ? ofs / CHUNK == 1 :
					  ofs / 4096 % 3 == 1;
}

static void fill(u8 *image, u32 size, u32 kind, enum release rel)
{
	u32 ofs, len, seed;

	for (ofs = 0; ofs < size; ofs += len) {
		len = min_t(u32, size - ofs, 4096);
		seed = ofs / 4096 * 8 + kind;
		if (!in_all(kind, ofs))
			seed += 1000 * (rel + 1);
		test_pattern(image + ofs, len, seed);
	}
}

static u8 *make_image(u32 size, u32 kind, enum release rel)
{
	struct testimage_header h = {
		.kind = htole32(kind),
		.format = htole32(releases[rel].format),
		.length = htole64(size),
	};
	u8 *image = malloc(size);

	fill(image, size, kind, rel);
	memcpy(h.magic, TESTIMAGE_MAGIC, sizeof(h.magic));
	strcpy(h.version, releases[rel].version);
	SHA256(image + sizeof(h), size - sizeof(h), h.sha256);
	SHA256((const u8 *)&h, TESTIMAGE_HEAD, h.head_sha256);
	memcpy(image, &h, sizeof(h));
	return image;
}

static u32 chunks(u32 size)
{
	return (size + CHUNK - 1) / CHUNK;
}

static void make_tables(struct package *pkg)
{
	u8 *table;
	u32 i;

	pkg->tables_size = 32 * (chunks(pkg->size[0]) + chunks(pkg->size[1]));
	pkg->tables = malloc(pkg->tables_size);
	table = pkg->tables;
	for (i = 0; i < 2; i++) {
		test_table(pkg->image[i], pkg->size[i], CHUNK, table);
		table += 32 * chunks(pkg->size[i]);
	}
}

static void make_manifest(struct package *pkg, enum release rel)
{
	u8 digest[2][FWSLOT_DIGEST_SIZE];
	u32 first = 32 * chunks(pkg->size[0]);
	struct test_spec spec = {
		.format = releases[rel].format,
		.n_products = 1,
		.products = { HOST_PRODUCT },
		.n_bridges = releases[rel].n_bridges,
		.bridges = { releases[rel].bridge },
		.n_images = 2,
		.images = {
			{ 1, 3, pkg->size[0], CHUNK, digest[0] },
			{ 2, 4, pkg->size[1], CHUNK, digest[1] },
		},
	};

	memcpy(spec.release.number, releases[rel].number,
	       sizeof(spec.release.number));
	SHA256(pkg->tables, first, digest[0]);
	SHA256(pkg->tables + first, pkg->tables_size - first, digest[1]);
	pkg->manifest = malloc(FWSLOT_MANIFEST_MAX);
	pkg->manifest_size = test_manifest(pkg->manifest, &spec);
	package_sign(pkg->manifest, pkg->manifest_size, pkg->signature);
}

/* Make a release for a board; it lives as long as the process. */
void package_make(struct package *pkg, const struct board *board,
		  enum release rel)
{
	pkg->version = releases[rel].version;
	pkg->format = releases[rel].format;
	pkg->size[0] = board->system - board->system / 11 * rel;
	pkg->size[1] = board->bootloader - board->bootloader / 27 * rel;
	pkg->image[0] = make_image(pkg->size[0], TESTIMAGE_SYSTEM, rel);
	pkg->image[1] = make_image(pkg->size[1], TESTIMAGE_BOOTLOADER, rel);
	make_tables(pkg);
	make_manifest(pkg, rel);
}
