// SPDX-License-Identifier: GPL-2.0-only
/*
 * flashsim_damage_test.c - what a step of NOR that is stopped leaves behind
 *
 * Each mode is tried with many seeds.  Said here is what the bytes may be and
 * must not be, not what the model's random numbers happen to give.
 */
#include <kunit/test.h>
#include "rig.h"

#define PAGE_OFS	(RIG_BLOCK + 2 * RIG_PAGE)
#define END		64	/* bytes that count as near an end */

/**
 * struct play - a step and what it does to a chip
 * @was: chip before, blocks full of a pattern
 * @done: chip after all of the step
 * @is: chip after the step was stopped
 * @step: the step
 * @old: bytes before, of the step
 * @new: bytes after all of it
 * @got: bytes as it was stopped
 */
struct play {
	struct rig *was, *done, *is;
	struct flashsim_step step;
	const u8 *old, *new, *got;
};

static void play_set(struct kunit *test, struct play *p, bool erase)
{
	p->was = rig_new(test, false);
	KUNIT_ASSERT_EQ(test, 0, rig_program(p->was, 0, RIG_SIZE, 1));
	p->done = rig_clone(test, p->was);
	p->is = rig_clone(test, p->was);

	p->step.erase = erase;
	p->step.ofs = erase ? RIG_BLOCK : PAGE_OFS;
	p->step.len = erase ? RIG_BLOCK : RIG_PAGE;
	p->step.buf = erase ? NULL : p->done->buf;
	if (erase)
		KUNIT_ASSERT_EQ(test, 0, flashsim_model_erase(&p->done->m,
							      p->step.ofs,
							      p->step.len));
	else
		KUNIT_ASSERT_EQ(test, 0, rig_program(p->done, p->step.ofs,
						     p->step.len, 2));
	p->old = p->was->array + p->step.ofs;
	p->new = p->done->array + p->step.ofs;
	p->got = p->is->array + p->step.ofs;
}

static void play(struct play *p, enum flashsim_damage d, u32 seed)
{
	rig_copy(p->is, p->was);
	flashsim_damage(&p->is->m, &p->step, d, seed);
}

/* How many bytes from the start are new; of equal bytes, as few as can be. */
static u32 new_bytes(const struct play *p)
{
	u32 n = p->step.len;

	while (n && p->got[n - 1] == p->old[n - 1])
		n--;
	return n;
}

static u32 ones(const u8 *p, u32 len)
{
	u32 n = 0;
	u32 i;

	for (i = 0; i < len * 8; i++)
		n += p[i / 8] >> (i & 7) & 1;
	return n;
}

static void damage_before(struct kunit *test)
{
	struct play p;
	int erase;

	for (erase = 0; erase < 2; erase++) {
		play_set(test, &p, erase);
		play(&p, FLASHSIM_CUT_BEFORE, 3);
		KUNIT_EXPECT_EQ(test, p.is->m.steps, p.was->m.steps + 1);
		p.is->m.steps--;
		KUNIT_EXPECT_TRUE(test, rig_equal(p.is, p.was));
	}
}

static void damage_after(struct kunit *test)
{
	struct play p;
	int erase;

	for (erase = 0; erase < 2; erase++) {
		play_set(test, &p, erase);
		play(&p, FLASHSIM_CUT_AFTER, 3);
		KUNIT_EXPECT_TRUE(test, rig_equal(p.is, p.done));
	}
}

static void damage_torn_erased(struct kunit *test)
{
	u32 near_start = 0, near_end = 0, between = 0;
	struct play p;
	u32 seed, n;

	play_set(test, &p, false);
	for (seed = 0; seed < RIG_SEEDS; seed++) {
		play(&p, FLASHSIM_TORN_ERASED, seed);
		n = new_bytes(&p);
		KUNIT_EXPECT_TRUE(test, !memcmp(p.got, p.new, n));
		KUNIT_EXPECT_LT(test, n, p.step.len);
		near_start += n < END;
		near_end += n > p.step.len - END;
		between += n >= END && n <= p.step.len - END;
	}
	KUNIT_EXPECT_GT(test, near_start, RIG_SEEDS / 8);
	KUNIT_EXPECT_GT(test, near_end, RIG_SEEDS / 8);
	KUNIT_EXPECT_GT(test, between, RIG_SEEDS / 8);
}

static void damage_torn_random(struct kunit *test)
{
	u32 split, i, seed, wild = 0, whole = 0;
	struct play p;

	play_set(test, &p, false);
	for (seed = 0; seed < RIG_SEEDS; seed++) {
		play(&p, FLASHSIM_TORN_RANDOM, seed);
		for (split = 0; split < p.step.len; split++)
			if (p.got[split] != p.new[split])
				break;
		KUNIT_EXPECT_GT(test, split, 0);
		whole += split == p.step.len;
		/* Of the rest also bits that @buf leaves alone are cleared. */
		for (i = split; i < p.step.len; i++)
			if (p.new[i] & ~p.got[i])
				break;
		wild += i < p.step.len;
		if (split + END < p.step.len)
			KUNIT_EXPECT_LT(test, i, p.step.len);
	}
	KUNIT_EXPECT_GT(test, wild, RIG_SEEDS / 2);
	KUNIT_EXPECT_LT(test, whole, RIG_SEEDS / 20);
}

static void damage_torn_bits(struct kunit *test)
{
	u32 i, seed, changes, done;
	struct play p;

	play_set(test, &p, false);
	for (seed = 0; seed < RIG_SEEDS; seed++) {
		play(&p, FLASHSIM_TORN_BITS, seed);
		changes = 0;
		done = 0;
		for (i = 0; i < p.step.len; i++) {
			u8 diff = p.old[i] ^ p.new[i];
			u8 is_new = p.old[i] ^ p.got[i];

			KUNIT_EXPECT_EQ(test, is_new & ~diff, 0);
			changes += ones(&diff, 1);
			done += ones(&is_new, 1);
		}
		KUNIT_EXPECT_GT(test, done, changes / 3);
		KUNIT_EXPECT_LT(test, done, changes - changes / 3);
	}
}

/* No bit goes from 0 to 1, and nothing but the step's bytes changes. */
static void damage_only_clears(struct kunit *test)
{
	struct play p;
	u32 d, seed, i;

	play_set(test, &p, false);
	for (d = 0; d < FLASHSIM_DAMAGES; d++) {
		for (seed = 0; seed < RIG_SEEDS; seed++) {
			play(&p, d, seed);
			for (i = 0; i < p.step.len; i++)
				if (p.got[i] & ~p.old[i])
					break;
			KUNIT_EXPECT_EQ_MSG(test, i, p.step.len, "%s %u",
					    flashsim_damage_word(d), seed);
			KUNIT_EXPECT_TRUE(test,
					  rig_only_changed(p.was, p.is,
							   p.step.ofs,
							   p.step.len));
		}
	}
}

static void damage_erase_zero(struct kunit *test)
{
	u32 seed, n, near_start = 0, near_end = 0;
	struct play p;

	play_set(test, &p, true);
	for (seed = 0; seed < RIG_SEEDS; seed++) {
		play(&p, FLASHSIM_ERASE_ZERO, seed);
		for (n = 0; n < p.step.len && p.got[n] == p.old[n]; n++)
			;
		KUNIT_EXPECT_GT(test, n, 0);
		KUNIT_EXPECT_LT(test, n, p.step.len);
		KUNIT_EXPECT_TRUE(test, !memchr_inv(p.got + n, 0,
						    p.step.len - n));
		KUNIT_EXPECT_TRUE(test, rig_only_changed(p.was, p.is,
							 p.step.ofs,
							 p.step.len));
		near_start += n < END;
		near_end += n > p.step.len - END;
	}
	KUNIT_EXPECT_GT(test, near_start, RIG_SEEDS / 8);
	KUNIT_EXPECT_GT(test, near_end, RIG_SEEDS / 8);
}

static void damage_erase_random(struct kunit *test)
{
	u32 seed, n, i, at_0, at_1, bits = RIG_BLOCK * 8;
	struct play p;

	play_set(test, &p, true);
	for (i = 0; i < 8; i++) {
		at_0 = 0;
		at_1 = 0;
		for (seed = 0; seed < RIG_SEEDS; seed++) {
			play(&p, FLASHSIM_ERASE_RANDOM, seed);
			n = ones(p.got, p.step.len);
			KUNIT_EXPECT_GT(test, n, bits / 2 - bits / 32);
			KUNIT_EXPECT_LT(test, n, bits / 2 + bits / 32);
			at_0 += p.got[0] >> i & 1;
			at_1 += p.got[p.step.len - 1] >> i & 1;
		}
		/* Each bit can be both, whatever it was. */
		KUNIT_EXPECT_GT(test, at_0, RIG_SEEDS / 4);
		KUNIT_EXPECT_LT(test, at_0, 3 * RIG_SEEDS / 4);
		KUNIT_EXPECT_GT(test, at_1, RIG_SEEDS / 4);
		KUNIT_EXPECT_LT(test, at_1, 3 * RIG_SEEDS / 4);
	}
	KUNIT_EXPECT_TRUE(test, rig_only_changed(p.was, p.is, p.step.ofs,
						 p.step.len));
}

/* The same seed gives the same, and another one or another place does not. */
static void damage_replays(struct kunit *test)
{
	struct rig *first;
	struct play p;
	u32 d;
	int erase;

	for (erase = 0; erase < 2; erase++) {
		play_set(test, &p, erase);
		first = rig_clone(test, p.was);
		for (d = FLASHSIM_TORN_ERASED; d < FLASHSIM_DAMAGES; d++) {
			if (!flashsim_damage_applies(d, &p.step))
				continue;
			play(&p, d, 5);
			rig_copy(first, p.is);
			play(&p, d, 5);
			KUNIT_EXPECT_TRUE(test, rig_equal(p.is, first));
			KUNIT_EXPECT_FALSE(test, rig_equal(p.is, p.done));
			play(&p, d, 6);
			KUNIT_EXPECT_FALSE(test, rig_equal(p.is, first));
		}
		d = erase ? FLASHSIM_ERASE_RANDOM : FLASHSIM_TORN_RANDOM;
		play(&p, d, 5);
		rig_copy(first, p.is);
		rig_copy(p.is, p.was);
		p.step.ofs += p.step.len;
		memcpy(p.is->array + p.step.ofs, p.old, p.step.len);
		flashsim_damage(&p.is->m, &p.step, d, 5);
		KUNIT_EXPECT_NE(test, 0,
				memcmp(p.is->array + p.step.ofs,
				       first->array + p.step.ofs - p.step.len,
				       p.step.len));
	}
}

/* A mode that does not apply does nothing; all that apply are counted. */
static void damage_applies(struct kunit *test)
{
	static const char applies[] = "bbpppeeb";	/* to both, program, erase */
	struct play p;
	bool does;
	int erase;
	u32 d;

	KUNIT_ASSERT_EQ(test, strlen(applies), FLASHSIM_DAMAGES);
	for (erase = 0; erase < 2; erase++) {
		play_set(test, &p, erase);
		for (d = 0; d <= FLASHSIM_DAMAGES; d++) {
			does = d < FLASHSIM_DAMAGES &&
			       (applies[d] == 'b' || (applies[d] == 'e') == erase);
			KUNIT_EXPECT_EQ(test, does,
					flashsim_damage_applies(d, &p.step));
			play(&p, d, 0);
			KUNIT_EXPECT_EQ(test, p.is->m.steps,
					p.was->m.steps + 1);
			does = does && d != FLASHSIM_CUT_BEFORE;
			KUNIT_EXPECT_EQ(test, does,
					!!memcmp(&p.is->m.count, &p.was->m.count,
						 sizeof(p.is->m.count)));
			if (does)
				KUNIT_EXPECT_TRUE(test,
						  !memcmp(&p.is->m.count,
							  &p.done->m.count,
							  sizeof(p.is->m.count)));
		}
	}
}

static void damage_words(struct kunit *test)
{
	u32 d;

	for (d = 0; d < FLASHSIM_DAMAGES; d++)
		KUNIT_EXPECT_EQ(test, d,
				flashsim_damage_find(flashsim_damage_word(d)));
	KUNIT_EXPECT_STREQ(test, flashsim_damage_word(FLASHSIM_ERASE_ZERO),
			   "erase-zero");
	KUNIT_EXPECT_STREQ(test, flashsim_damage_word(FLASHSIM_DAMAGES), "?");
	KUNIT_EXPECT_EQ(test, flashsim_damage_find("erase"), -EINVAL);
}

static struct kunit_case damage_cases[] = {
	KUNIT_CASE(damage_before),
	KUNIT_CASE(damage_after),
	KUNIT_CASE(damage_torn_erased),
	KUNIT_CASE(damage_torn_random),
	KUNIT_CASE(damage_torn_bits),
	KUNIT_CASE(damage_only_clears),
	KUNIT_CASE(damage_erase_zero),
	KUNIT_CASE(damage_erase_random),
	KUNIT_CASE(damage_replays),
	KUNIT_CASE(damage_applies),
	KUNIT_CASE(damage_words),
	{}
};

static struct kunit_suite damage_suite = {
	.name = "flashsim-damage",
	.test_cases = damage_cases,
};

kunit_test_suite(damage_suite);
