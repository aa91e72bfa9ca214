// SPDX-License-Identifier: GPL-2.0-only
/*
 * bench.c - a writer with everything that it needs, for the suites
 */
#include <kunit/test.h>
#include "bench.h"

#define HEADER		64
#define BODY_MIN	512U

/**
 * bench_new() - a bench without shape
 * @test: owner of the memory
 */
struct bench *bench_new(struct kunit *test)
{
	struct bench *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	if (!b)
		return NULL;
	b->chip = chip_new(test, BENCH_ROOM);
	b->data = kunit_kzalloc(test, BENCH_IMAGE, GFP_KERNEL);
	b->before = kunit_kzalloc(test, BENCH_ROOM, GFP_KERNEL);
	b->body = kunit_kzalloc(test, BENCH_BODY, GFP_KERNEL);
	b->memory[0] = kunit_kzalloc(test, 256U << 10, GFP_KERNEL);
	b->memory[1] = kunit_kzalloc(test, 256U << 10, GFP_KERNEL);
	b->memory[2] = kunit_kzalloc(test, 256U << 10, GFP_KERNEL);
	return b->chip && b->data && b->before && b->body && b->memory[0] &&
	       b->memory[1] && b->memory[2] ? b : NULL;
}

static u32 blocks_for(u32 bytes, u32 erase_size)
{
	return (bytes + erase_size - 1) / erase_size;
}

static u32 body_offset(const struct bench *b)
{
	return max_t(u32, BODY_MIN, b->shape.write_unit);
}

static u32 body_size(const struct bench *b)
{
	return BENCH_MANIFEST + b->shape.signature + 32 * b->img.chunks;
}

static u32 record_blocks(const struct bench *b)
{
	u32 room = b->shape.erase_size - body_offset(b);

	if (body_size(b) <= room)
		return 1;
	return 1 + blocks_for(body_size(b) - room, b->shape.erase_size);
}

/**
 * bench_table() - make image and digest table of what is in @b->data
 * @b: the bench
 */
void bench_table(struct bench *b)
{
	struct fwslot_image *img = &b->img;
	u8 *table = b->body + BENCH_MANIFEST + b->shape.signature;

	img->kind = 1;
	img->slots = 3;
	img->size = b->shape.image_size;
	img->chunk_size = b->shape.chunk_size;
	img->chunks = blocks_for(img->size, img->chunk_size);
	test_table(b->data, img->size, img->chunk_size, table);
	test_sha256(table, 32 * img->chunks, img->table_digest);
}

static void make_image(struct bench *b, u32 seed)
{
	test_pattern(b->data, b->shape.image_size, seed);
	test_pattern(b->body, BENCH_MANIFEST + b->shape.signature, ~seed);
	bench_table(b);
}

/**
 * bench_setup() - make an image, and flash on which it just fits
 * @b: the bench
 * @shape: what to write to what
 * @seed: for the content
 *
 * Return: 0 or -EINVAL.
 */
int bench_setup(struct bench *b, const struct bench_shape *shape, u32 seed)
{
	struct fwslot_geometry geo = {
		.erase_size = shape->erase_size,
		.write_unit = shape->write_unit,
		.overwrite = shape->overwrite,
	};

	b->shape = *shape;
	make_image(b, seed);
	b->image_blocks = blocks_for(shape->image_size, shape->erase_size);
	b->record_blocks = record_blocks(b);
	b->total = (b->image_blocks + b->record_blocks) * shape->erase_size;
	geo.record_size = shape->own ? b->record_blocks * shape->erase_size : 0;
	geo.size = b->total - geo.record_size;
	return chip_shape(b->chip, &geo);
}

/**
 * bench_old() - fill the flash with something else
 * @b: the bench
 */
void bench_old(struct bench *b)
{
	test_pattern(b->chip->array, b->total, 4711);
	memcpy(b->before, b->chip->array, b->total);
}

/**
 * bench_init() - make the writer ready
 * @b: the bench
 *
 * Return: what fwslot_writer_init() says.
 */
int bench_init(struct bench *b)
{
	struct fwslot_writer *w = &b->writer;

	memset(w, 0x5a, sizeof(*w));
	w->flash = &b->chip->flash;
	w->img = &b->img;
	w->table = b->body + BENCH_MANIFEST + b->shape.signature;
	w->rec.manifest_size = BENCH_MANIFEST;
	w->rec.signature_size = b->shape.signature;
	w->rec.image = 1;
	w->body = b->body;
	w->first = b->memory[0];
	w->scratch = b->memory[1];
	w->block = b->memory[2];
	w->old = NULL;
	w->firm = false;
	w->wanted = NULL;
	w->old_size = 0;
	return fwslot_writer_init(w);
}

/**
 * bench_install() - write the image and its record
 * @b: the bench
 *
 * Return: 0 or what the writer says.
 */
int bench_install(struct bench *b)
{
	u32 chunk;
	int err = bench_init(b);

	for (chunk = 0; !err && chunk < b->img.chunks; chunk++)
		err = fwslot_writer_chunk(&b->writer,
					  b->data + chunk * b->img.chunk_size);
	return err ? err : fwslot_writer_finish(&b->writer);
}

/**
 * bench_image_right() - is the image in the flash
 * @b: the bench
 */
bool bench_image_right(struct bench *b)
{
	return !memcmp(b->chip->array, b->data, b->shape.image_size);
}

static u8 *head_block(struct bench *b)
{
	return b->chip->array + b->total - b->shape.erase_size;
}

static void make_header(struct bench *b, u8 *p)
{
	static const char magic[] = "fwsl.rec";

	memset(p, 0, HEADER);
	memcpy(p, magic, 8);
	put32(p + 8, 1);
	put32(p + 12, b->shape.erase_size);
	put32(p + 16, body_offset(b));
	put32(p + 20, BENCH_MANIFEST);
	put32(p + 24, b->shape.signature);
	put32(p + 28, 32 * b->img.chunks);
	put32(p + 32, 1);
}

/**
 * bench_record_right() - is the record in the flash, byte by byte
 * @b: the bench
 */
bool bench_record_right(struct bench *b)
{
	u32 block = b->shape.erase_size;
	const u8 *from = b->body, *p = head_block(b);
	u32 left = body_size(b), ofs = body_offset(b), len;
	u8 header[HEADER];

	make_header(b, header);
	if (memcmp(p, header, HEADER))
		return false;
	for (; left; left -= len, from += len, p -= block, ofs = 0) {
		len = min_t(u32, left, block - ofs);
		if (memcmp(p + ofs, from, len))
			return false;
	}
	return true;
}

/**
 * bench_record_valid() - would the core take what is there for a record
 * @b: the bench
 */
bool bench_record_valid(struct bench *b)
{
	struct fwslot_record rec;

	return !fwslot_record_parse(&b->chip->flash.geo, head_block(b), &rec);
}
