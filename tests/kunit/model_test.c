// SPDX-License-Identifier: GPL-2.0-only
/*
 * model_test.c - every state, every command, every cut
 *
 * The oracle is the boot model of world.c: the first valid copy of the
 * bootloader starts the first valid image of its format.
 */
#include <kunit/test.h>
#include "explore.h"

static const struct explore_cmd commands[] = {
	{ REL_O, ALL, 0 }, { REL_O, PRI, 0 }, { REL_O, SEC, 0 },
	{ REL_O, BOOT, 0 }, { REL_O, PRI | SEC, 0 },
	{ REL_O, PRI | BOOT, 0 }, { REL_O, SEC | BOOT, 0 },
	{ REL_N, ALL, 0 }, { REL_N, PRI, 0 }, { REL_N, SEC, 0 },
	{ REL_N, BOOT, 0 }, { REL_N, PRI | SEC, 0 },
	{ REL_N, PRI | BOOT, 0 }, { REL_N, SEC | BOOT, 0 },
	{ REL_M, ALL, 0 }, { REL_M, PRI, 0 }, { REL_M, SEC, 0 },
	{ REL_M, BOOT, 0 },
};

/* Adopt, and what force allows: a single image over the border */
static const struct explore_cmd unusual[] = {
	{ REL_O, ALL, 0 }, { REL_N, ALL, 0 },
	{ REL_O, PRI, FWSLOT_BEGIN_ADOPT }, { REL_N, PRI, FWSLOT_BEGIN_ADOPT },
	{ REL_O, SEC, FWSLOT_BEGIN_ADOPT }, { REL_N, SEC, FWSLOT_BEGIN_ADOPT },
	{ REL_O, BOOT, FWSLOT_BEGIN_ADOPT },
	{ REL_N, BOOT, FWSLOT_BEGIN_ADOPT },
	{ REL_O, PRI, FWSLOT_BEGIN_FORCE }, { REL_N, PRI, FWSLOT_BEGIN_FORCE },
	{ REL_O, SEC, FWSLOT_BEGIN_FORCE }, { REL_N, SEC, FWSLOT_BEGIN_FORCE },
	{ REL_O, BOOT, FWSLOT_BEGIN_FORCE },
	{ REL_N, BOOT, FWSLOT_BEGIN_FORCE },
};

static struct explore *explore_all(struct kunit *test, u32 copies,
				   const char *kinds, u32 n_releases,
				   const struct explore_cmd *cmds, u32 n_cmds)
{
	struct explore *x = kunit_kzalloc(test, sizeof(*x), GFP_KERNEL);

	if (!x)
		return NULL;
	x->test = test;
	x->copies = copies;
	x->kinds = kinds;
	x->weak = strchr(kinds, '?');
	x->doubt = x->weak || (copies == 2 && strchr(kinds, 'U'));
	x->n_releases = n_releases;
	x->cmds = cmds;
	x->n_cmds = n_cmds;
	if (explore_init(x))
		return NULL;
	explore_starts(x);
	explore_run(x);
	kunit_info(test, "%u states, %u cuts, %u refusals\n", x->count.states,
		   x->count.transitions, x->count.refused);
	kunit_info(test, "nothing boots: %u in the window, %u blind, %u else\n",
		   x->count.dead, x->count.blind, x->count.brick);
	kunit_info(test, "unnamed %u, stuck %u, wrong %u, shut %u\n",
		   x->count.unnamed, x->count.stuck, x->count.wrong,
		   x->count.shut);
	return x;
}

/*
 * What explore_play.c complains of has failed the test already; this says it
 * once more, and what else must hold.
 */
static void expect_safe(struct kunit *test, const struct explore *x)
{
	KUNIT_ASSERT_NOT_NULL(test, x);
	KUNIT_EXPECT_EQ(test, x->count.brick, 0);
	KUNIT_EXPECT_EQ(test, x->count.stuck, 0);
	KUNIT_EXPECT_EQ(test, x->count.wrong, 0);
	KUNIT_EXPECT_EQ(test, x->count.shut, 0);
	KUNIT_EXPECT_GT(test, x->count.states, 1000);
}

static void model_one_copy(struct kunit *test)
{
	struct explore *x = explore_all(test, 1, "O+O-N+N-X-XoXn", 2,
					commands, 14);

	expect_safe(test, x);
	KUNIT_EXPECT_GT(test, x->count.dead, 0);
	KUNIT_EXPECT_EQ(test, x->count.blind, 0);
	KUNIT_EXPECT_EQ(test, x->count.unnamed, 0);
}

/* Two copies of the bootloader: there is no window. */
static void model_two_copies(struct kunit *test)
{
	struct explore *x = explore_all(test, 2, "O+O-N+N-X-XoXn", 2,
					commands, 14);

	expect_safe(test, x);
	KUNIT_EXPECT_EQ(test, x->count.dead, 0);
	KUNIT_EXPECT_EQ(test, x->count.unnamed, 0);
}

/* A third release, content that nobody knows, and a record without content. */
static void model_unknown(struct kunit *test)
{
	expect_safe(test, explore_all(test, 1, "O+O-N+N-M+M-U-X-XoXnXm", 3,
				      commands, ARRAY_SIZE(commands)));
}

/* Two copies of the bootloader, and content that nobody knows. */
static void model_unknown_copies(struct kunit *test)
{
	struct explore *x = explore_all(test, 2, "O+O-N+N-U-X-XoXn", 2,
					commands, 14);

	expect_safe(test, x);
	KUNIT_EXPECT_EQ(test, x->count.dead, 0);
}

/* A cut leaves content that starts at one power-on and not at the next. */
static void model_weak(struct kunit *test)
{
	struct explore *x = explore_all(test, 2, "O+O-N+N-X-XoXnO?N?", 2,
					commands, 14);

	expect_safe(test, x);
	KUNIT_EXPECT_EQ(test, x->count.dead, 0);
	/* Refused in doubt; all else finishes. */
	KUNIT_EXPECT_LT(test, x->count.unnamed, 2500);
}

static void model_unusual(struct kunit *test)
{
	expect_safe(test, explore_all(test, 1, "O+O-N+N-X-XoXn", 2, unusual,
				      ARRAY_SIZE(unusual)));
	expect_safe(test, explore_all(test, 2, "O+O-N+N-X-XoXn", 2, unusual,
				      ARRAY_SIZE(unusual)));
}

/* One run without a cut: what is seen on the way. */
struct seen {
	u32 runs;
	u32 points;
	u32 dead;
};

static void look(const struct world *w, struct seen *seen)
{
	seen->points++;
	seen->dead += world_boot(w) == FWSLOT_BOOTED_OTHER;
}

static void walk(struct kunit *test, struct world *w, u32 release,
		 struct seen *seen)
{
	struct fwslot_request req;
	struct fwslot_plan plan;
	struct world_unit *u;
	u32 i;

	world_request(w, release, ALL, &req);
	KUNIT_EXPECT_EQ(test, fwslot_plan_make(&req, &plan), 0);
	seen->runs++;
	look(w, seen);
	for (i = 0; i < plan.n_steps; i++) {
		if (plan.steps[i].action != FWSLOT_ACTION_WRITE)
			continue;
		u = &w->unit[plan.steps[i].unit];
		u->content = REL_X;
		look(w, seen);
		u->content = release;
		look(w, seen);
	}
	KUNIT_EXPECT_EQ(test, world_boot(w), FWSLOT_BOOTED_PRIMARY);
}

/* Every start of part 6.5 of the boot-state model that boots, both ways. */
static void walk_all(struct kunit *test, u32 copies, struct seen *seen)
{
	static const char letters[] = "ONX";
	char one[] = "O+ O+ O+", two[] = "O+ O+O+ O+";
	char *text = copies == 2 ? two : one;
	u32 at[] = { 0, 3, copies == 2 ? 8 : 6, 5 };
	u32 n, i, rest, all = copies == 2 ? 81 : 27;
	struct world w;

	for (n = 0; n < 2 * all; n++) {
		for (i = 0, rest = n / 2; i < 2 + copies; i++, rest /= 3) {
			text[at[i]] = letters[rest % 3];
			text[at[i] + 1] = rest % 3 == 2 ? '-' : '+';
		}
		world_parse(&w, text);
		if (w.booted != FWSLOT_BOOTED_OTHER)
			walk(test, &w, n % 2 ? REL_N : REL_O, seen);
	}
}

/* The figures that the boot-state model gives for the same walks */
static void model_walks(struct kunit *test)
{
	struct seen one = { 0 }, two = { 0 };

	walk_all(test, 1, &one);
	KUNIT_EXPECT_EQ(test, one.runs, 20);
	KUNIT_EXPECT_EQ(test, one.points, 88);
	KUNIT_EXPECT_EQ(test, one.dead, 10);
	walk_all(test, 2, &two);
	KUNIT_EXPECT_EQ(test, two.runs, 80);
	KUNIT_EXPECT_EQ(test, two.points, 472);
	KUNIT_EXPECT_EQ(test, two.dead, 0);
	kunit_info(test, "%u and %u walks, %u and %u points\n", one.runs,
		   two.runs, one.points, two.points);
}

static struct kunit_case model_cases[] = {
	KUNIT_CASE(model_walks),
	KUNIT_CASE(model_one_copy),
	KUNIT_CASE(model_two_copies),
	KUNIT_CASE(model_unknown),
	KUNIT_CASE(model_unknown_copies),
	KUNIT_CASE(model_weak),
	KUNIT_CASE(model_unusual),
	{}
};

static struct kunit_suite model_suite = {
	.name = "model",
	.test_cases = model_cases,
};

kunit_test_suite(model_suite);
