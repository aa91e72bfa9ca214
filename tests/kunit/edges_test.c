// SPDX-License-Identifier: GPL-2.0-only
/*
 * edges_test.c - views that no healthy device has
 *
 * world.h writes devices as they can be found.  Here single facts are set that
 * do not go together there, because guard, policy and plan must not be led
 * astray by them either; and the whole content of a slot is read.
 */
#include <kunit/test.h>
#include "chip.h"
#include "world.h"

/* A write stopped, but what is there was read and is right: it is kept. */
static void edges_broken_and_right(struct kunit *test)
{
	struct fwslot_request req;

	world_ask("X- o+ O+", FROM_P, REL_M, ALL, &req);
	req.views[P].broken = true;
	req.views[P].changed = true;
	KUNIT_EXPECT_EQ(test, fwslot_guard(&req, P),
			FWSLOT_REASON_NOTHING_BOOTABLE);
	req.views[P].matched = false;
	KUNIT_EXPECT_EQ(test, fwslot_guard(&req, P), FWSLOT_REASON_NONE);
}

/* The slot that booted proves nothing when it is gone or broken. */
static void edges_booted_slot(struct kunit *test)
{
	struct fwslot_request req;

	world_ask("U- u- U-", FROM_P, REL_M, ALL, &req);
	KUNIT_EXPECT_TRUE(test, fwslot_startable(&req));
	req.views[P].broken = true;
	KUNIT_EXPECT_FALSE(test, fwslot_startable(&req));
	req.views[P].broken = false;
	req.views[P].present = false;
	KUNIT_EXPECT_FALSE(test, fwslot_startable(&req));
}

/* What was forced in counts where it booted, and a rescue system is not it. */
static void edges_untrusted_rescue(struct kunit *test)
{
	struct fwslot_request req;

	world_ask("X- o+ O!", FROM_P, REL_M, ALL, &req);
	KUNIT_EXPECT_EQ(test, fwslot_guard(&req, A), FWSLOT_REASON_NONE);
	KUNIT_EXPECT_TRUE(test, fwslot_startable(&req));
	req.booted = RESCUE;
	KUNIT_EXPECT_FALSE(test, fwslot_startable(&req));
}

/* Content that cannot be there any more does not run. */
static void edges_running_gone(struct kunit *test)
{
	struct fwslot_running run;
	struct fwslot_request req;

	world_ask("O+ o+ O+", FROM_P, REL_M, ALL, &req);
	fwslot_running_find(&req, &run);
	KUNIT_EXPECT_TRUE(test, run.known);
	req.views[P].present = false;
	fwslot_running_find(&req, &run);
	KUNIT_EXPECT_FALSE(test, run.known);
}

static void steps(struct kunit *test, const struct fwslot_request *req,
		  const char *expected)
{
	struct fwslot_plan plan;
	char text[WORLD_STEPS];

	fwslot_plan_make(req, &plan);
	KUNIT_EXPECT_STREQ(test, world_steps(&plan, text), expected);
}

/* A slot without flash is not what starts, wherever the system came from. */
static void edges_order_without_flash(struct kunit *test)
{
	struct fwslot_request req;

	world_ask("O+ o+ U-", FROM_P, REL_O, SEC | BOOT, &req);
	steps(test, &req, "sS sA");
	req.views[P].present = false;
	steps(test, &req, "sA sS");
}

/* The other slot holds the image: it is the source unless something is odd. */
static void edges_twin(struct kunit *test)
{
	struct fwslot_request req;

	world_ask("O+ o+ X-", FROM_P, REL_O, PRI, &req);
	steps(test, &req, "wPt");
	req.views[S].broken = true;
	steps(test, &req, "wPs");
	req.views[S].broken = false;
	req.views[S].present = false;
	steps(test, &req, "wPs");
}

/* The format that runs is not known: no copy is active because of it. */
static void edges_active_copy(struct kunit *test)
{
	struct fwslot_request req;

	world_ask("O+ n+ O+", RESCUE, REL_O, ALL, &req);
	KUNIT_EXPECT_EQ(test, req.running.format, 2);
	steps(test, &req, "wAh sS sP");
	req.running.format = 0;
	steps(test, &req, "wAh sS sP");
}

/* A slot gets its name back, though this release has no image for it. */
static void edges_heal_without_image(struct kunit *test)
{
	struct fwslot_manifest *only = kunit_kzalloc(test, sizeof(*only),
						     GFP_KERNEL);
	struct fwslot_request req;
	struct fwslot_plan plan;
	char text[WORLD_STEPS];
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, only);
	world_ask("O+ o+ O+", FROM_P, REL_M, BOOT, &req);
	req.views[S].recorded = false;
	req.views[S].heal = true;
	*only = *req.manifest;
	for (i = 0; i < only->n_images; i++)
		if (only->images[i].kind == FWSLOT_IMAGE_BOOTLOADER)
			only->images[0] = only->images[i];
	only->n_images = 1;
	req.manifest = only;
	KUNIT_EXPECT_EQ(test, fwslot_plan_make(&req, &plan),
			FWSLOT_REASON_NONE);
	KUNIT_EXPECT_STREQ(test, world_steps(&plan, text), "rS wAh");
	KUNIT_EXPECT_EQ(test, plan.steps[0].image, 0);
}

/* A record that does not say what is there is no name. */
static void edges_adopt_wrong_record(struct kunit *test)
{
	struct fwslot_request req;

	world_ask("O+ o+ O+", FROM_P, REL_O, SEC, &req);
	req.flags = FWSLOT_BEGIN_ADOPT;
	steps(test, &req, "sS");
	req.views[S].matched = false;
	steps(test, &req, "rS");
}

/* A table is made from what is in flash: right, wrong, unreadable, too long. */
static void edges_content_table(struct kunit *test)
{
	static const struct fwslot_geometry geo = {
		.size = 160 << 10, .erase_size = 4096, .write_unit = 1,
		.overwrite = true,
	};
	struct fwslot_image img = { .kind = FWSLOT_IMAGE_SYSTEM,
				    .size = (130 << 10) + 7,
				    .chunk_size = 64 << 10, .chunks = 3 };
	struct chip *chip = chip_new(test, geo.size);
	u8 *buf = kunit_kzalloc(test, img.chunk_size, GFP_KERNEL);
	u8 want[3 * FWSLOT_DIGEST_SIZE], got[3 * FWSLOT_DIGEST_SIZE];

	KUNIT_ASSERT_NOT_NULL(test, chip);
	KUNIT_ASSERT_NOT_NULL(test, buf);
	KUNIT_ASSERT_EQ(test, chip_shape(chip, &geo), 0);
	test_pattern(chip->array, geo.size, 5);
	test_table(chip->array, img.size, img.chunk_size, want);
	test_sha256(want, sizeof(want), img.table_digest);
	KUNIT_EXPECT_EQ(test, fwslot_content_table(&chip->flash, &img, got,
						   buf), 0);
	KUNIT_EXPECT_FALSE(test, memcmp(got, want, sizeof(want)));
	chip->array[img.size - 1] ^= 1;
	KUNIT_EXPECT_EQ(test, fwslot_content_table(&chip->flash, &img, got,
						   buf), 1);
	chip_fault_set(chip, CHIP_FAIL, CHIP_READ, 1, -EIO);
	KUNIT_EXPECT_EQ(test, fwslot_content_table(&chip->flash, &img, got,
						   buf), -EIO);
	img.size = geo.size + 1;
	KUNIT_EXPECT_EQ(test, fwslot_content_table(&chip->flash, &img, got,
						   buf), 1);
	KUNIT_EXPECT_EQ(test, fwslot_content_check(&chip->flash, &img, got,
						   buf), 1);
}

/* Says yes to what has the first byte that its digest has. */
static bool recognize_first(const void *data, u32 len, const u8 *digest)
{
	return len == 64 << 10 && *(const u8 *)data == digest[0];
}

/* Who can recognise content has the word on it, with its own length and digest. */
static void edges_recognized(struct kunit *test)
{
	static const struct fwslot_image img = { .size = 192 << 10,
						 .chunk_size = 64 << 10,
						 .chunks = 3 };
	struct fwslot_flash flash = { .sha256 = test_sha256,
				      .recognize = recognize_first };
	u8 *data = kunit_kzalloc(test, img.chunk_size, GFP_KERNEL);
	u8 table[3 * FWSLOT_DIGEST_SIZE] = { 0 };

	KUNIT_ASSERT_NOT_NULL(test, data);
	data[0] = 7;
	table[2 * FWSLOT_DIGEST_SIZE] = 7;
	KUNIT_EXPECT_FALSE(test, fwslot_chunk_good(&flash, &img, table, 1, data));
	KUNIT_EXPECT_TRUE(test, fwslot_chunk_good(&flash, &img, table, 2, data));
	flash.recognize = NULL;
	KUNIT_EXPECT_FALSE(test, fwslot_chunk_good(&flash, &img, table, 2, data));
	test_sha256(data, img.chunk_size, table + FWSLOT_DIGEST_SIZE);
	KUNIT_EXPECT_TRUE(test, fwslot_chunk_good(&flash, &img, table, 1, data));
}

static struct kunit_case edges_cases[] = {
	KUNIT_CASE(edges_broken_and_right),
	KUNIT_CASE(edges_booted_slot),
	KUNIT_CASE(edges_untrusted_rescue),
	KUNIT_CASE(edges_running_gone),
	KUNIT_CASE(edges_order_without_flash),
	KUNIT_CASE(edges_twin),
	KUNIT_CASE(edges_active_copy),
	KUNIT_CASE(edges_heal_without_image),
	KUNIT_CASE(edges_adopt_wrong_record),
	KUNIT_CASE(edges_content_table),
	KUNIT_CASE(edges_recognized),
	{}
};

static struct kunit_suite edges_suite = {
	.name = "edges",
	.test_cases = edges_cases,
};

kunit_test_suite(edges_suite);
