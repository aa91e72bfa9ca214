// SPDX-License-Identifier: GPL-2.0-only
/*
 * wanted_test.c - only what has changed is asked for, and written
 */
#include <kunit/test.h>
#include "bench.h"

#define K	1024U
#define CHUNKS	17	/* of BENCH_IMAGE, at most */

/* Blocks smaller than a chunk, as large, larger. */
static const struct bench_shape shapes[] = {
	{ 4 * K, 64 * K, 300 * K + 1, 1, true, false, 1500 },
	{ 64 * K, 64 * K, 1000 * K, 256, true, true, 1500 },
	{ 256 * K, 64 * K, 900 * K + 77, 1, true, false, 1500 },
	{ 64 * K, 128 * K, 600 * K, 256, false, false, 1500 },
	{ 16 * K, 256 * K, 1024 * K, 4096, false, false, 1500 },
};

/* What the flash holds: an image and its table. */
struct old {
	struct fwslot_image img;
	u8 table[CHUNKS * FWSLOT_DIGEST_SIZE];
};

static u8 *table_of(struct bench *b)
{
	return b->body + BENCH_MANIFEST + b->shape.signature;
}

/* A whole image and its record are there. */
static void install_old(struct kunit *test, struct bench *b,
			const struct bench_shape *s, struct old *old)
{
	KUNIT_ASSERT_EQ(test, bench_setup(b, s, 1), 0);
	bench_old(b);
	KUNIT_ASSERT_EQ(test, bench_install(b), 0);
	memcpy(b->before, b->chip->array, b->total);
	old->img = b->img;
	memcpy(old->table, table_of(b), 32 * b->img.chunks);
}

/* Its successor, which differs in a byte of each chunk of @changed. */
static void change(struct bench *b, u32 changed)
{
	u32 chunk;

	for (chunk = 0; chunk < b->img.chunks; chunk++)
		if (changed & BIT(chunk))
			b->data[chunk * b->img.chunk_size + 4711] ^= 1;
	bench_table(b);
	b->body[0] ^= 1;
}

/* The map as words say it, over all blocks and chunks. */
static u32 plain_map(const struct bench *b, u32 changed)
{
	u32 block = b->shape.erase_size, size = b->img.chunk_size;
	u32 at, chunk, inner, map = 0;

	for (at = 0; at < b->img.size; at += block) {
		inner = at ? 0 : 1;
		for (chunk = 0; chunk < b->img.chunks; chunk++)
			if (chunk * size < at + block &&
			    (chunk + 1) * size > at && (changed & BIT(chunk)))
				inner = 1;
		for (chunk = 0; inner && chunk < b->img.chunks; chunk++)
			if (chunk * size < at + block &&
			    (chunk + 1) * size > at)
				map |= BIT(chunk);
	}
	return map;
}

static u32 make_map(struct bench *b, const struct old *old, u8 *map)
{
	memset(map, 0, 8);
	return fwslot_wanted_make(&b->chip->flash.geo, &b->img, table_of(b),
				  &old->img, old->table, map);
}

static u32 bits(u32 word)
{
	u32 n = 0;

	for (; word; word &= word - 1)
		n++;
	return n;
}

static u32 map_word(const u8 *map)
{
	return map[0] | map[1] << 8 | map[2] << 16;
}

/* Only the wanted chunks come. */
static int install(struct bench *b, const u8 *map)
{
	struct fwslot_writer *w = &b->writer;
	int err = bench_init(b);

	w->firm = true;
	w->wanted = map;
	err = err ? err : (int)fwslot_writer_init(w);
	while (!err && w->state <= FWSLOT_WRITER_BODY)
		err = fwslot_writer_chunk(w, b->data +
					  w->chunk * b->img.chunk_size);
	return err ? err : fwslot_writer_finish(w);
}

static u32 erases_at(const struct bench *b, u32 ofs)
{
	u32 i, n = 0;

	for (i = 0; i < b->chip->n_log; i++)
		n += b->chip->log[i].kind == CHIP_ERASE &&
		     b->chip->log[i].ofs == ofs;
	return n;
}

static u32 programs_in(const struct bench *b, u32 ofs)
{
	u32 i, n = 0;

	for (i = 0; i < b->chip->n_log; i++)
		n += b->chip->log[i].kind == CHIP_PROGRAM &&
		     b->chip->log[i].ofs >= ofs &&
		     b->chip->log[i].ofs < ofs + b->shape.erase_size;
	return n;
}

/* Blocks that were right were not touched, all others were erased once. */
static void expect_blocks(struct kunit *test, struct bench *b)
{
	u32 block = b->shape.erase_size, at, len;
	bool right;

	for (at = 0; at < b->img.size; at += block) {
		len = min_t(u32, block, b->img.size - at);
		right = at && !memcmp(b->before + at, b->data + at, len);
		KUNIT_EXPECT_EQ_MSG(test, erases_at(b, at), right ? 0 : 1,
				    "block at %u", at);
		if (right)
			KUNIT_EXPECT_EQ(test, programs_in(b, at), 0);
	}
}

static void write_changed(struct kunit *test, struct bench *b,
			  const struct bench_shape *s, u32 changed)
{
	struct old *old = kunit_kzalloc(test, sizeof(*old), GFP_KERNEL);
	u32 n, expected;
	u8 map[8];

	KUNIT_ASSERT_NOT_NULL(test, old);
	install_old(test, b, s, old);
	changed &= BIT(b->img.chunks) - 1;
	change(b, changed);
	n = make_map(b, old, map);
	expected = plain_map(b, changed);
	KUNIT_EXPECT_EQ_MSG(test, map_word(map), expected, "%x of %u", changed,
			    s->erase_size);
	KUNIT_EXPECT_EQ(test, n, bits(expected));
	chip_fault_set(b->chip, CHIP_FINE, CHIP_ALL, 0, 0);
	b->chip->n_log = 0;
	KUNIT_ASSERT_EQ(test, install(b, map), 0);
	KUNIT_EXPECT_TRUE(test, bench_image_right(b));
	KUNIT_EXPECT_TRUE(test, bench_record_right(b));
	KUNIT_EXPECT_EQ(test, b->writer.blocks, b->writer.blocks_total);
	KUNIT_EXPECT_EQ(test, b->chip->over, 0);
	expect_blocks(test, b);
}

static void wanted_written(struct kunit *test)
{
	static const u32 changes[] = {
		0, 1, 2, 0x10, 0x8000, 0x10000, 0x21, 0x555, 0x1ffff
	};
	struct bench *b = bench_new(test);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, b);
	for (i = 0; i < ARRAY_SIZE(shapes) * ARRAY_SIZE(changes); i++)
		write_changed(test, b, &shapes[i / ARRAY_SIZE(changes)],
			      changes[i % ARRAY_SIZE(changes)]);
}

/* The successor is shorter or longer, its beginning is the same. */
static void wanted_sizes(struct kunit *test)
{
	static const u32 sizes[] = {
		100 * K, 256 * K, 299 * K, 300 * K, 300 * K + 2, 320 * K,
		384 * K, 500 * K
	};
	struct bench *b = bench_new(test);
	struct old *old = kunit_kzalloc(test, sizeof(*old), GFP_KERNEL);
	u32 i, same, last;
	u8 map[8];

	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_ASSERT_NOT_NULL(test, old);
	KUNIT_ASSERT_EQ(test, bench_setup(b, &shapes[0], 1), 0);
	old->img = b->img;
	memcpy(old->table, table_of(b), 32 * b->img.chunks);
	test_pattern(b->data, 500 * K, 1);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		b->shape.image_size = sizes[i];
		bench_table(b);
		make_map(b, old, map);
		/* Whole chunks of both; the first and the last one change. */
		same = min_t(u32, sizes[i], 300 * K + 1) / (64 * K);
		last = b->img.chunks - 1;
		same = (BIT(same) - 1) & ~BIT(last) & ~1U;
		KUNIT_EXPECT_EQ_MSG(test, map_word(map),
				    (BIT(b->img.chunks) - 1) & ~same, "%u",
				    sizes[i]);
	}
}

/* Chunks of another size: nothing is known to be the same. */
static void wanted_other_chunks(struct kunit *test)
{
	struct bench *b = bench_new(test);
	struct old *old = kunit_kzalloc(test, sizeof(*old), GFP_KERNEL);
	struct bench_shape s = shapes[0];
	u8 map[8];

	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_ASSERT_NOT_NULL(test, old);
	/* The last chunk of one is as long as the third of the other. */
	s.image_size = 320 * K;
	install_old(test, b, &s, old);
	KUNIT_EXPECT_EQ(test, make_map(b, old, map), 1);
	b->shape.chunk_size = 128 * K;
	bench_table(b);
	/* Even if a digest happens to be that of the other's chunk. */
	memcpy(table_of(b), old->table, 32 * b->img.chunks);
	KUNIT_EXPECT_EQ(test, make_map(b, old, map), b->img.chunks);
	KUNIT_EXPECT_EQ(test, map_word(map), BIT(b->img.chunks) - 1);
}

/* What cannot be read is not right. */
static void wanted_unreadable(struct kunit *test)
{
	struct bench *b = bench_new(test);
	struct old *old = kunit_kzalloc(test, sizeof(*old), GFP_KERNEL);
	u8 map[8];
	u32 at;

	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_ASSERT_NOT_NULL(test, old);
	install_old(test, b, &shapes[0], old);
	change(b, 0);
	KUNIT_ASSERT_EQ(test, make_map(b, old, map), 1);
	b->chip->n_log = 0;
	/* The second read, behind that of the head, is of the second block. */
	chip_fault_set(b->chip, CHIP_FAIL, CHIP_READ, 1, -EIO);
	KUNIT_EXPECT_EQ(test, install(b, map), 0);
	KUNIT_EXPECT_TRUE(test, bench_image_right(b));
	KUNIT_EXPECT_EQ(test, erases_at(b, 4 * K), 1);
	for (at = 8 * K; at < 300 * K; at += 4 * K)
		KUNIT_EXPECT_EQ(test, erases_at(b, at), 0);
}

/* What a record vouched for and is not there is found before the record. */
static void wanted_decayed(struct kunit *test)
{
	struct bench *b = bench_new(test);
	struct old *old = kunit_kzalloc(test, sizeof(*old), GFP_KERNEL);
	u8 map[8];

	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_ASSERT_NOT_NULL(test, old);
	install_old(test, b, &shapes[1], old);
	change(b, 0x10);
	make_map(b, old, map);
	b->chip->array[8 * 64 * K + 5] ^= 1;
	KUNIT_EXPECT_EQ(test, install(b, map), -EIO);
	KUNIT_EXPECT_EQ(test, b->writer.reason, FWSLOT_REASON_READ_BACK);
	KUNIT_EXPECT_TRUE(test, b->writer.touched);
	KUNIT_EXPECT_FALSE(test, bench_record_valid(b));
	/* Whole, as it is written then. */
	KUNIT_EXPECT_EQ(test, bench_install(b), 0);
	KUNIT_EXPECT_TRUE(test, bench_record_right(b));
}

static void wanted_next_chunk(struct kunit *test)
{
	static const u8 map[8] = { 0x81, 0, 0x10 };

	KUNIT_EXPECT_EQ(test, fwslot_wanted_next(map, 0, 24), 0);
	KUNIT_EXPECT_EQ(test, fwslot_wanted_next(map, 1, 24), 7);
	KUNIT_EXPECT_EQ(test, fwslot_wanted_next(map, 8, 24), 20);
	KUNIT_EXPECT_EQ(test, fwslot_wanted_next(map, 8, 20), 20);
	KUNIT_EXPECT_EQ(test, fwslot_wanted_next(map, 21, 24), 24);
	KUNIT_EXPECT_EQ(test, fwslot_wanted_next(NULL, 5, 24), 5);
	KUNIT_EXPECT_EQ(test, fwslot_wanted_next(NULL, 24, 24), 24);
}

static struct kunit_case wanted_cases[] = {
	KUNIT_CASE(wanted_written),
	KUNIT_CASE(wanted_sizes),
	KUNIT_CASE(wanted_other_chunks),
	KUNIT_CASE(wanted_unreadable),
	KUNIT_CASE(wanted_decayed),
	KUNIT_CASE(wanted_next_chunk),
	{}
};

static struct kunit_suite wanted_suite = {
	.name = "wanted",
	.test_cases = wanted_cases,
};

kunit_test_suite(wanted_suite);
