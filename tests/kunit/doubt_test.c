// SPDX-License-Identifier: GPL-2.0-only
/*
 * doubt_test.c - content that may have weak bits is not relied upon
 *
 * That no chain of cuts and commands leads to a device that does not start is
 * in model_test.c; here is what the rules say, one by one.
 */
#include <kunit/test.h>
#include "world.h"

#define LEFT	(BIT(P) | BIT(S) | BIT(A) | BIT(B))

static void doubt_firm(struct kunit *test)
{
	static const struct {
		const char *state;
		bool firm;
	} rows[] = {
		{ "O+ o+ O+", true },
		{ "O+ o+ O~", true },
		{ "O+ o+ O-", false },	/* gets its name in this session */
		{ "O+ o+ O?", false },
		{ "O+ o+ U-", false },
		{ "O+ o+ Xo", false },
		{ "O+ o+ X-", false },
		{ "O+ o+ O!", false },
	};
	struct fwslot_request req;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		world_ask(rows[i].state, FROM_P, REL_O, ALL, &req);
		KUNIT_EXPECT_EQ_MSG(test, fwslot_view_firm(&req.views[P]),
				    rows[i].firm, "%s", rows[i].state);
	}
	/* It has its name since a moment ago. */
	world_ask("O+ o+ O-", FROM_P, REL_O, ALL, &req);
	req.views[P].recorded = true;
	KUNIT_EXPECT_FALSE(test, fwslot_view_firm(&req.views[P]));
	req.views[P].heal = false;
	KUNIT_EXPECT_TRUE(test, fwslot_view_firm(&req.views[P]));
}

/* It is @next's turn with @release: which unit is written? */
static const struct {
	const char *state;
	u32 booted;
	u32 release;
	u32 slots;
	u32 left;
	u32 next;
	u32 unit;
} firsts[] = {
	/* nothing in doubt */
	{ "O+ o+o+ O+", FROM_P, REL_N, ALL, LEFT, S, S },
	{ "N+ o+n+ O+", FROM_P, REL_N, ALL, LEFT, A, A },
	/* it runs from a copy that may fail: that one, before what it falls back to */
	{ "O+ o?n+ N+", FROM_S, REL_O, ALL, LEFT, P, A },
	{ "O+ o?n+ N+", FROM_S, REL_O, ALL, LEFT, B, A },
	{ "O+ o-n+ N+", FROM_S, REL_O, ALL, LEFT, P, A },
	/* not if it is not asked for, or has had its turn */
	{ "O+ o?n+ N+", FROM_S, REL_O, ALL, BIT(P) | BIT(B), P, P },
	/* not if it would then start nothing */
	{ "O+ o?o+ O+", FROM_P, REL_N, ALL, LEFT, B, B },
	{ "N+ o?o+ O+", FROM_P, REL_N, ALL, LEFT, B, A },
	/* the booted image may fail, and the other one is all there is then */
	{ "N+ n+ N-", FROM_P, REL_O, ALL, LEFT, S, P },
	{ "N+ n+ N?", FROM_P, REL_O, ALL, LEFT, S, P },
	/* so may one that no known key signed */
	{ "O! o+ O+", FROM_P, REL_M, ALL, LEFT, P, S },
	/* it is all there is for the way to the other format */
	{ "M+ o+ O-", FROM_P, REL_N, ALL, LEFT, S, S },
	{ "O+ o+ O-", FROM_P, REL_N, ALL, LEFT, S, P },
	/* a single slot does not lead over the border */
	{ "N+ o?n+ O+", FROM_P, REL_O, BOOT, LEFT, B, B },
	{ "O+ o?o+ O+", FROM_P, REL_O, BOOT, LEFT, B, A },
	/* the only bootloader waits for nobody */
	{ "O+ o+ O-", FROM_P, REL_O, ALL, LEFT, A, A },
	/* from a rescue system nobody knows */
	{ "O+ o?n+ N+", RESCUE, REL_O, ALL, LEFT, P, P },
};

static void doubt_first(struct kunit *test)
{
	struct fwslot_request req;
	u32 i, unit;

	for (i = 0; i < ARRAY_SIZE(firsts); i++) {
		world_ask(firsts[i].state, firsts[i].booted, firsts[i].release,
			  firsts[i].slots, &req);
		unit = fwslot_doubt_first(&req, firsts[i].left & req.configured,
					  firsts[i].next);
		KUNIT_EXPECT_EQ_MSG(test, unit, firsts[i].unit,
				    "%s, %s, format %u", firsts[i].state,
				    fwslot_unit_word(firsts[i].next),
				    req.manifest->format);
	}
	/* A single slot that is forced leads over it. */
	world_ask("N+ o?n+ O+", FROM_P, REL_O, BOOT, &req);
	req.flags = FWSLOT_BEGIN_FORCE;
	KUNIT_EXPECT_EQ(test, fwslot_doubt_first(&req, BIT(A) | BIT(B), B), A);
}

/* What is known to start is not given up for what is not known. */
static const struct {
	const char *state;
	u32 booted;
	u32 release;
	u32 unit;
	bool no;
} forbidden[] = {
	{ "O+ o+ O+", FROM_P, REL_M, S, false },
	{ "O+ o+ U-", FROM_P, REL_M, S, true },
	{ "O+ o+ U-", FROM_P, REL_M, P, false },
	/* named in this session counts here */
	{ "O+ o+ O-", FROM_P, REL_M, S, false },
	/* the copy that may be taken first may start either format */
	{ "N+ o?n+ O+", FROM_P, REL_O, S, true },
	{ "N+ o?n+ O+", FROM_P, REL_N, P, true },
	{ "N+ o?n+ O+", FROM_P, REL_N, A, false },
	{ "N+ o?n+ O+", FROM_P, REL_O, B, true },
	/* broken, blank and corrupt are known to start nothing */
	{ "O+ X-o+ O+", FROM_P, REL_N, S, false },
	{ "O+ Xoo+ O+", FROM_P, REL_N, S, false },
	{ "O+ X*o+ O+", FROM_P, REL_N, S, false },
	/* nothing is known: what has booted is all there is */
	{ "U- u- U-", FROM_P, REL_M, S, false },
	{ "U- o+ U-", FROM_P, REL_M, S, false },
	/* forced in, and it has booted */
	{ "O! o+ O+", FROM_S, REL_M, P, false },
	{ "O! o+ O+", FROM_P, REL_M, P, true },
};

static void doubt_forbids(struct kunit *test)
{
	struct fwslot_request req;
	bool no;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(forbidden); i++) {
		world_ask(forbidden[i].state, forbidden[i].booted,
			  forbidden[i].release, ALL, &req);
		no = fwslot_doubt_forbids(&req, forbidden[i].unit);
		KUNIT_EXPECT_EQ_MSG(test, no, forbidden[i].no, "%s, %s, format %u",
				    forbidden[i].state,
				    fwslot_unit_word(forbidden[i].unit),
				    req.manifest->format);
	}
}

/* A copy that is known and has an empty head says what that is worth here. */
static void doubt_blank_board(struct kunit *test)
{
	struct fwslot_request req;

	world_ask("N+ X-n+ O+", FROM_P, REL_N, ALL, &req);
	KUNIT_EXPECT_TRUE(test, req.views[A].blank);
	KUNIT_EXPECT_FALSE(test, fwslot_doubt_forbids(&req, P));
	req.views[B].blank = true;
	KUNIT_EXPECT_TRUE(test, fwslot_doubt_forbids(&req, P));
}

static struct kunit_case doubt_cases[] = {
	KUNIT_CASE(doubt_blank_board),
	KUNIT_CASE(doubt_firm),
	KUNIT_CASE(doubt_first),
	KUNIT_CASE(doubt_forbids),
	{}
};

static struct kunit_suite doubt_suite = {
	.name = "doubt",
	.test_cases = doubt_cases,
};

kunit_test_suite(doubt_suite);
