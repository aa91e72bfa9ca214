// SPDX-License-Identifier: GPL-2.0-only
/*
 * writer_test.c - the engine: what it writes, and in which order
 *
 * writer_fault_test.c has what it does when something goes wrong.
 */
#include <kunit/test.h>
#include "bench.h"

#define K	1024U

static u32 head_size(const struct bench *b)
{
	return max_t(u32, 64, b->shape.write_unit);
}

static u32 record_head(const struct bench *b)
{
	return b->total - b->shape.erase_size;
}

static u32 erases_of(struct chip *chip, u32 ofs)
{
	u32 i, n = 0;

	for (i = 0; i < chip->n_log; i++)
		n += chip->log[i].kind == CHIP_ERASE && chip->log[i].ofs == ofs;
	return n;
}

/* Index of the last program that begins in [@from, @to), or -1. */
static int last_program(struct chip *chip, u32 from, u32 to)
{
	int i, last = -1;

	for (i = 0; i < (int)chip->n_log; i++)
		if (chip->log[i].kind == CHIP_PROGRAM &&
		    chip->log[i].ofs >= from && chip->log[i].ofs < to)
			last = i;
	return last;
}

static int first_op(struct chip *chip, u32 from, u32 to)
{
	int i;

	for (i = 0; i < (int)chip->n_log; i++)
		if (chip->log[i].ofs >= from && chip->log[i].ofs < to)
			return i;
	return chip->n_log;
}

static bool is_op(const struct chip_op *op, enum chip_kind kind, u32 ofs,
		  u32 len, bool zero)
{
	return op->kind == kind && op->ofs == ofs && op->len == len &&
	       op->zero == zero;
}

static bool starts_with(struct bench *b, const struct chip_op *op,
			const u32 *places, u32 n, bool erase)
{
	for (; n; n--, op++, places++)
		if (!is_op(op, erase ? CHIP_ERASE : CHIP_PROGRAM, *places,
			   erase ? b->shape.erase_size : head_size(b), !erase))
			return false;
	return true;
}

/* The head of the first block goes first, then the record's head. */
static bool starts_right(struct bench *b, bool image)
{
	const struct chip_op *op = b->chip->log;
	const u32 places[] = { 0, record_head(b) };
	const u32 *from = places + !image;

	if (!b->shape.overwrite)
		return starts_with(b, op, from, 1 + image, true);
	return starts_with(b, op, from, 1 + image, false) &&
	       starts_with(b, op + 1 + image, from, 1, true);
}

/* First block last of the image, its head last of it, the record after it. */
static bool ends_right(struct bench *b)
{
	struct chip *chip = b->chip;
	u32 block = b->shape.erase_size;
	u32 image = b->image_blocks * block;
	int head = last_program(chip, 0, 1);
	int record = last_program(chip, record_head(b), record_head(b) + 1);

	return chip->log[head].len <= head_size(b) &&
	       head == last_program(chip, 0, block) &&
	       head == last_program(chip, 0, image) &&
	       (b->record_blocks == 1 ||
		head < first_op(chip, image, record_head(b))) &&
	       record == (int)chip->n_log - 1 &&
	       chip->log[record].len <= head_size(b);
}

static bool one_erase_each(struct bench *b)
{
	u32 ofs;

	for (ofs = 0; ofs < b->total; ofs += b->shape.erase_size)
		if (erases_of(b->chip, ofs) != 1)
			return false;
	return true;
}

static bool padding_erased(struct bench *b)
{
	u32 end = b->image_blocks * b->shape.erase_size;

	return !memchr_inv(b->chip->array + b->shape.image_size, 0xff,
			   end - b->shape.image_size);
}

static void expect_installed(struct kunit *test, struct bench *b)
{
	const struct fwslot_writer *w = &b->writer;

	KUNIT_EXPECT_TRUE(test, bench_image_right(b));
	KUNIT_EXPECT_TRUE(test, padding_erased(b));
	KUNIT_EXPECT_TRUE(test, bench_record_right(b));
	KUNIT_EXPECT_TRUE(test, bench_record_valid(b));
	KUNIT_EXPECT_TRUE(test, one_erase_each(b));
	KUNIT_EXPECT_TRUE(test, starts_right(b, true));
	KUNIT_EXPECT_TRUE(test, ends_right(b));
	KUNIT_EXPECT_EQ(test, b->chip->over, 0);
	KUNIT_EXPECT_LT(test, b->chip->n_log, CHIP_LOG);
	KUNIT_EXPECT_EQ(test, w->state, FWSLOT_WRITER_DONE);
	KUNIT_EXPECT_EQ(test, w->reason, FWSLOT_REASON_NONE);
	KUNIT_EXPECT_TRUE(test, w->touched);
	KUNIT_EXPECT_EQ(test, w->blocks, w->blocks_total);
	KUNIT_EXPECT_EQ(test, w->blocks, b->image_blocks + b->record_blocks);
}

static void install(struct kunit *test, struct bench *b,
		    const struct bench_shape *s)
{
	int err;

	KUNIT_ASSERT_EQ(test, bench_setup(b, s, s->image_size), 0);
	bench_old(b);
	err = bench_install(b);
	KUNIT_EXPECT_EQ_MSG(test, err, 0, "erase %u chunk %u size %u unit %u",
			    s->erase_size, s->chunk_size, s->image_size,
			    s->write_unit);
	if (!err)
		expect_installed(test, b);
}

/* Sizes around everything that has an edge. */
static u32 odd_size(const struct bench_shape *s, u32 n)
{
	const u32 sizes[] = {
		1, s->write_unit - 1, s->write_unit, 65, s->erase_size - 1,
		s->erase_size, s->erase_size + 1, s->chunk_size + 1,
		2 * s->chunk_size, 3 * s->chunk_size + s->erase_size + 77,
	};

	return n < ARRAY_SIZE(sizes) ? sizes[n] : 0;
}

static u32 install_all(struct kunit *test, struct bench *b,
		       struct bench_shape *s)
{
	u32 n, done = 0;

	for (n = 0; n < 10; n++) {
		s->image_size = odd_size(s, n);
		if (!s->image_size)
			continue;
		install(test, b, s);
		done++;
	}
	return done;
}

static void writer_matrix(struct kunit *test)
{
	static const u32 erase_sizes[] = { 4 * K, 64 * K, 256 * K };
	static const u32 chunk_sizes[] = { 64 * K, 128 * K, 256 * K };
	static const u32 units[] = { 1, 256, 4096 };
	struct bench_shape s = { .signature = 1500 };
	struct bench *b = bench_new(test);
	u32 i, done = 0;

	KUNIT_ASSERT_NOT_NULL(test, b);
	for (i = 0; i < 3 * 3 * 3 * 4; i++) {
		s.erase_size = erase_sizes[i % 3];
		s.chunk_size = chunk_sizes[i / 3 % 3];
		s.write_unit = units[i / 9 % 3];
		s.overwrite = i / 27 & 1;
		s.own = i / 54;
		if (s.write_unit < s.erase_size)
			done += install_all(test, b, &s);
	}
	kunit_info(test, "%u installs\n", done);
}

/* A record of several blocks, and one that fills its block. */
static void writer_long_record(struct kunit *test)
{
	static const u32 signatures[] = {
		1, 3584 - 300 - 64, 3585 - 300 - 64, 7680 - 300 - 64, 8192
	};
	struct bench_shape s = {
		.erase_size = 4 * K, .chunk_size = 64 * K,
		.image_size = 100 * K, .write_unit = 1,
	};
	struct bench *b = bench_new(test);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, b);
	for (i = 0; i < 4 * ARRAY_SIZE(signatures); i++) {
		s.signature = signatures[i / 4];
		s.overwrite = i & 1;
		s.own = i >> 1 & 1;
		install(test, b, &s);
	}
}

static const struct bench_shape middle = {
	4 * K, 64 * K, 70 * K, 256, true, false, 5000
};

/* What is neither image nor record is left alone. */
static void writer_leaves_rest(struct kunit *test)
{
	struct bench *b = bench_new(test);
	struct fwslot_geometry geo;
	u32 gap;

	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_ASSERT_EQ(test, bench_setup(b, &middle, 1), 0);
	geo = b->chip->flash.geo;
	gap = b->image_blocks * 4 * K;
	geo.size += 12 * K;
	b->total += 12 * K;
	KUNIT_ASSERT_EQ(test, chip_shape(b->chip, &geo), 0);
	bench_old(b);
	KUNIT_ASSERT_EQ(test, bench_install(b), 0);
	KUNIT_EXPECT_TRUE(test, bench_image_right(b));
	KUNIT_EXPECT_TRUE(test, bench_record_right(b));
	KUNIT_EXPECT_EQ(test, memcmp(b->chip->array + gap, b->before + gap,
				     12 * K), 0);
	KUNIT_EXPECT_EQ(test, first_op(b->chip, gap, gap + 12 * K),
			b->chip->n_log);
}

/* Heal and adopt: only the record, never the content. */
static void writer_record_only(struct kunit *test)
{
	struct bench_shape s = middle;
	struct bench *b = bench_new(test);
	u32 i, image;

	KUNIT_ASSERT_NOT_NULL(test, b);
	for (i = 0; i < 4; i++) {
		s.overwrite = i & 1;
		s.own = i >> 1;
		KUNIT_ASSERT_EQ(test, bench_setup(b, &s, 2), 0);
		bench_old(b);
		memcpy(b->chip->array, b->data, s.image_size);
		memcpy(b->before, b->data, s.image_size);
		image = b->image_blocks * s.erase_size;
		KUNIT_ASSERT_EQ(test, bench_init(b), 0);
		KUNIT_EXPECT_EQ(test, fwslot_writer_record(&b->writer), 0);
		KUNIT_EXPECT_EQ(test, memcmp(b->chip->array, b->before, image),
				0);
		KUNIT_EXPECT_EQ(test, first_op(b->chip, 0, image),
				b->chip->n_log);
		KUNIT_EXPECT_TRUE(test, bench_record_right(b));
		KUNIT_EXPECT_TRUE(test, starts_right(b, false));
		KUNIT_EXPECT_EQ(test, b->writer.state, FWSLOT_WRITER_DONE);
		KUNIT_EXPECT_EQ(test, b->writer.blocks, b->record_blocks);
		KUNIT_EXPECT_EQ(test, b->writer.blocks_total,
				b->record_blocks);
		KUNIT_EXPECT_EQ(test, b->chip->over, 0);
	}
}

static void writer_too_large(struct kunit *test)
{
	struct bench *b = bench_new(test);

	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_ASSERT_EQ(test, bench_setup(b, &middle, 1), 0);
	b->chip->flash.geo.size -= 4 * K;
	KUNIT_EXPECT_EQ(test, bench_init(b), FWSLOT_REASON_TOO_LARGE);
	b->chip->flash.geo.size += 4 * K - 1;
	KUNIT_EXPECT_EQ(test, bench_init(b), FWSLOT_REASON_SLOT_UNALIGNED);
	b->chip->flash.geo.write_unit = 3;
	KUNIT_EXPECT_EQ(test, bench_init(b), FWSLOT_REASON_SLOT_UNSUPPORTED);
	KUNIT_EXPECT_EQ(test, b->chip->n_log, 0);
}

/* Calls in the wrong order do nothing. */
static void writer_wrong_order(struct kunit *test)
{
	struct bench *b = bench_new(test);
	struct fwslot_writer *w;
	u32 done;

	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_ASSERT_EQ(test, bench_setup(b, &middle, 1), 0);
	w = &b->writer;
	KUNIT_ASSERT_EQ(test, bench_init(b), 0);
	KUNIT_EXPECT_FALSE(test, w->touched);
	KUNIT_EXPECT_EQ(test, fwslot_writer_finish(w), -EINVAL);
	KUNIT_EXPECT_FALSE(test, w->touched);
	KUNIT_ASSERT_EQ(test, fwslot_writer_chunk(w, b->data), 0);
	KUNIT_EXPECT_TRUE(test, w->touched);
	done = b->chip->n_log;
	KUNIT_EXPECT_EQ(test, fwslot_writer_finish(w), -EINVAL);
	KUNIT_EXPECT_EQ(test, fwslot_writer_record(w), -EINVAL);
	KUNIT_EXPECT_EQ(test, b->chip->n_log, done);
	KUNIT_ASSERT_EQ(test, fwslot_writer_chunk(w, b->data + 64 * K), 0);
	done = b->chip->n_log;
	KUNIT_EXPECT_EQ(test, fwslot_writer_chunk(w, b->data), -EINVAL);
	KUNIT_EXPECT_EQ(test, fwslot_writer_record(w), -EINVAL);
	KUNIT_EXPECT_EQ(test, b->chip->n_log, done);
	KUNIT_ASSERT_EQ(test, fwslot_writer_finish(w), 0);
	done = b->chip->n_log;
	KUNIT_EXPECT_EQ(test, fwslot_writer_chunk(w, b->data), -EINVAL);
	KUNIT_EXPECT_EQ(test, fwslot_writer_finish(w), -EINVAL);
	KUNIT_EXPECT_EQ(test, fwslot_writer_record(w), -EINVAL);
	KUNIT_EXPECT_EQ(test, b->chip->n_log, done);
	KUNIT_EXPECT_TRUE(test, bench_record_right(b));
}

static struct kunit_case writer_cases[] = {
	KUNIT_CASE(writer_matrix),
	KUNIT_CASE(writer_long_record),
	KUNIT_CASE(writer_leaves_rest),
	KUNIT_CASE(writer_record_only),
	KUNIT_CASE(writer_too_large),
	KUNIT_CASE(writer_wrong_order),
	{}
};

static struct kunit_suite writer_suite = {
	.name = "writer",
	.test_cases = writer_cases,
};

kunit_test_suite(writer_suite);
