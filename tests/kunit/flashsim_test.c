// SPDX-License-Identifier: GPL-2.0-only
/*
 * flashsim_test.c - steps, cuts, weak bits and clones of the flash model
 */
#include <kunit/test.h>
#include "rig.h"

/* One history with steps of both kinds; how many is for the reader to count. */
#define HISTORY_STEPS	(2 + 3 + 1 + 2)

static int history(struct rig *rig)
{
	int err = flashsim_model_erase(&rig->m, 0, 2 * RIG_BLOCK);

	if (!err)
		err = rig_program(rig, 0x180, 2 * RIG_PAGE, 7);
	if (!err)
		err = flashsim_model_erase(&rig->m, 0, RIG_BLOCK);
	if (!err)
		err = rig_program(rig, RIG_BLOCK, 2 * RIG_PAGE, 8);
	return err;
}

static struct rig *used_rig(struct kunit *test)
{
	struct rig *rig = rig_new(test, false);

	KUNIT_ASSERT_EQ(test, 0, rig_program(rig, 0, RIG_SIZE, 1));
	memset(&rig->m.count, 0, sizeof(rig->m.count));
	rig->m.steps = 0;
	return rig;
}

static void flashsim_counts(struct kunit *test)
{
	struct rig *rig = used_rig(test);
	struct flashsim_counters *c = &rig->m.count;

	KUNIT_ASSERT_EQ(test, 0, history(rig));
	KUNIT_EXPECT_EQ(test, rig->m.steps, HISTORY_STEPS);
	KUNIT_EXPECT_EQ(test, c->erases, 3);
	KUNIT_EXPECT_EQ(test, c->programs, 5);
	KUNIT_EXPECT_EQ(test, c->bytes_programmed, 4 * RIG_PAGE);
	KUNIT_EXPECT_EQ(test, 0, rig_read(rig, 5, 100));
	KUNIT_EXPECT_EQ(test, c->reads, 1);
	KUNIT_EXPECT_EQ(test, c->bytes_read, 100);
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_lock(&rig->m, 0, RIG_BLOCK));
	KUNIT_EXPECT_EQ(test, -EROFS, history(rig));
	KUNIT_EXPECT_EQ(test, 0, flashsim_model_unlock(&rig->m, 0, RIG_SIZE));
	KUNIT_EXPECT_EQ(test, c->locks + c->unlocks, 2);
	KUNIT_EXPECT_EQ(test, -EINVAL, rig_read(rig, RIG_SIZE - 5, 6));
	memset(rig->buf, 0xff, RIG_PAGE);
	KUNIT_EXPECT_EQ(test, -EIO, flashsim_model_program(&rig->m, RIG_BLOCK,
							   rig->buf, RIG_PAGE));
	KUNIT_EXPECT_EQ(test, c->refused, 3);
	KUNIT_EXPECT_EQ(test, c->failed, 0);
	KUNIT_EXPECT_EQ(test, rig->m.steps, HISTORY_STEPS);
}

/**
 * struct watch - what the hook saw and should do
 * @rig: the chip
 * @erase: which steps were erases
 * @ofs: where they were
 * @len: their bytes
 * @n: how many
 * @stop: number of the step to prevent
 * @off: and turn the power off; then it does not matter what is returned
 * @twin: a chip to stop that step on, instead, or NULL
 * @damage: how
 */
struct watch {
	struct rig *rig;
	bool erase[HISTORY_STEPS + 1];
	u64 ofs[HISTORY_STEPS + 1];
	u32 len[HISTORY_STEPS + 1];
	u32 n;
	u64 stop;
	bool off;
	struct rig *twin;
	enum flashsim_damage damage;
};

static bool look_on(void *ctx, struct flashsim_model *m,
		    const struct flashsim_step *step)
{
	struct watch *w = ctx;

	if (w->n > HISTORY_STEPS)
		return false;
	w->erase[w->n] = step->erase && !step->buf;
	w->ofs[w->n] = step->ofs;
	w->len[w->n++] = step->len;
	if (m->steps != w->stop)
		return true;
	if (w->twin) {
		rig_copy(w->twin, w->rig);
		flashsim_damage(&w->twin->m, step, w->damage, 11);
		return true;
	}
	m->off = w->off;
	return w->off;
}

static void watch_it(struct rig *rig, struct watch *w, u64 stop)
{
	w->rig = rig;
	w->n = 0;
	w->stop = stop;
	rig->m.before = look_on;
	rig->m.before_ctx = w;
}

static void flashsim_hook_sees(struct kunit *test)
{
	static const char kinds[] = "eepppepp";
	struct watch *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);
	struct rig *rig = used_rig(test);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, w);
	watch_it(rig, w, HISTORY_STEPS);
	KUNIT_EXPECT_EQ(test, 0, history(rig));
	KUNIT_ASSERT_EQ(test, w->n, HISTORY_STEPS);
	for (i = 0; i < HISTORY_STEPS; i++)
		KUNIT_EXPECT_EQ(test, w->erase[i], kinds[i] == 'e');
	KUNIT_EXPECT_EQ(test, w->ofs[1], RIG_BLOCK);
	KUNIT_EXPECT_EQ(test, w->len[1], RIG_BLOCK);
	/* A program is cut at the borders of pages. */
	KUNIT_EXPECT_EQ(test, w->ofs[2], 0x180);
	KUNIT_EXPECT_EQ(test, w->len[2], 0x80);
	KUNIT_EXPECT_EQ(test, w->ofs[4], 0x400);
	KUNIT_EXPECT_EQ(test, w->len[4], 0x180);
}

static void flashsim_hook_stops(struct kunit *test)
{
	struct watch *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);
	struct rig *start = used_rig(test);
	struct rig *rig = rig_clone(test, start);

	KUNIT_ASSERT_NOT_NULL(test, w);
	watch_it(rig, w, 0);
	KUNIT_EXPECT_EQ(test, -EIO, history(rig));
	KUNIT_EXPECT_EQ(test, rig->m.steps, 1);
	KUNIT_EXPECT_EQ(test, rig->m.count.failed, 1);
	KUNIT_EXPECT_TRUE(test, rig_only_changed(start, rig, 0, 0));
	KUNIT_EXPECT_EQ(test, 0, history(rig));

	rig_copy(rig, start);
	w->off = true;
	watch_it(rig, w, 1);
	KUNIT_EXPECT_EQ(test, -ENODEV, history(rig));
	KUNIT_EXPECT_EQ(test, rig->m.steps, 2);
	KUNIT_EXPECT_TRUE(test, rig_only_changed(start, rig, 0, RIG_BLOCK));
	KUNIT_EXPECT_TRUE(test, !memchr_inv(rig->array, 0xff, RIG_BLOCK));
}

static void expect_dead(struct kunit *test, struct rig *rig)
{
	struct rig *was = rig_clone(test, rig);
	struct flashsim_model *m = &rig->m;

	KUNIT_EXPECT_TRUE(test, m->off);
	KUNIT_EXPECT_EQ(test, -ENODEV, flashsim_model_erase(m, 0, RIG_SIZE));
	KUNIT_EXPECT_EQ(test, -ENODEV,
			flashsim_model_program(m, 0, rig->buf, 1));
	KUNIT_EXPECT_EQ(test, -ENODEV, flashsim_model_read(m, 0, rig->buf, 1));
	KUNIT_EXPECT_EQ(test, -ENODEV, flashsim_model_lock(m, 0, RIG_SIZE));
	KUNIT_EXPECT_EQ(test, -ENODEV, flashsim_model_unlock(m, 0, RIG_SIZE));
	KUNIT_EXPECT_EQ(test, -ENODEV, flashsim_model_is_locked(m, 0, RIG_SIZE));
	KUNIT_EXPECT_EQ(test, -ENODEV, flashsim_model_is_bad(m, 0));
	KUNIT_EXPECT_EQ(test, -ENODEV, flashsim_model_mark_bad(m, 0));
	KUNIT_EXPECT_TRUE(test, rig_equal(rig, was));
}

/* An armed cut does what flashsim_damage() does to a clone at that step. */
static void flashsim_cuts(struct kunit *test)
{
	struct watch *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);
	struct rig *start = used_rig(test);
	struct rig *rig = rig_clone(test, start);
	struct flashsim_step kind = { 0 };
	u32 at, d, cuts = 0;

	KUNIT_ASSERT_NOT_NULL(test, w);
	w->twin = rig_clone(test, start);
	for (at = 0; at < HISTORY_STEPS; at++) {
		for (d = 0; d < FLASHSIM_DAMAGES; d++) {
			rig_copy(rig, start);
			w->damage = d;
			watch_it(rig, w, at);
			KUNIT_ASSERT_EQ(test, 0, history(rig));
			kind.erase = w->erase[at];
			if (!flashsim_damage_applies(d, &kind))
				continue;
			rig_copy(rig, start);
			flashsim_cut_arm(&rig->m, at, d, 11);
			KUNIT_EXPECT_EQ(test, -ENODEV, history(rig));
			KUNIT_EXPECT_EQ(test, rig->m.steps, at + 1);
			KUNIT_EXPECT_TRUE_MSG(test, rig_equal(rig, w->twin),
					      "step %u, %s", at,
					      flashsim_damage_word(d));
			expect_dead(test, rig);
			flashsim_power_on(&rig->m);
			KUNIT_EXPECT_EQ(test, 0, history(rig));
			cuts++;
		}
	}
	KUNIT_EXPECT_EQ(test, cuts, 3 * 5 + 5 * 6);
}

/* Damage that does not apply waits for a step that it applies to. */
static void flashsim_cut_waits(struct kunit *test)
{
	struct rig *rig = used_rig(test);

	flashsim_cut_arm(&rig->m, 1, FLASHSIM_TORN_BITS, 0);
	KUNIT_EXPECT_EQ(test, -ENODEV, history(rig));
	KUNIT_EXPECT_EQ(test, rig->m.steps, 3);
	flashsim_power_on(&rig->m);
	flashsim_cut_arm(&rig->m, 3, FLASHSIM_ERASE_RANDOM, 0);
	flashsim_power_on(&rig->m);
	KUNIT_EXPECT_EQ(test, 0, history(rig));
	flashsim_cut_arm(&rig->m, rig->m.steps + HISTORY_STEPS,
			 FLASHSIM_CUT_BEFORE, 0);
	KUNIT_EXPECT_EQ(test, 0, history(rig));
	KUNIT_EXPECT_EQ(test, -ENODEV, history(rig));
}

static struct kunit_case flashsim_cases[] = {
	KUNIT_CASE(flashsim_counts),
	KUNIT_CASE(flashsim_hook_sees),
	KUNIT_CASE(flashsim_hook_stops),
	KUNIT_CASE(flashsim_cuts),
	KUNIT_CASE(flashsim_cut_waits),
	{}
};

static struct kunit_suite flashsim_suite = {
	.name = "flashsim",
	.test_cases = flashsim_cases,
};

kunit_test_suite(flashsim_suite);
