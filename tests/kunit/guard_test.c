// SPDX-License-Identifier: GPL-2.0-only
/*
 * guard_test.c - nothing is written that leaves nothing bootable
 */
#include <kunit/test.h>
#include "world.h"

/* May @unit be written with @release? */
struct row {
	const char *state;
	u32 booted;
	u32 release;
	u32 unit;
	bool may;
};

static const struct row rows[] = {
	/* two good images: either, and the bootloader of their format */
	{ "O+ o+ O+", FROM_P, REL_M, P, true },
	{ "O+ o+ O+", FROM_P, REL_M, S, true },
	{ "O+ o+ O+", FROM_P, REL_M, A, true },
	{ "O+ o+ O+", FROM_P, REL_N, A, false },
	{ "O+ o+ O+", FROM_P, REL_N, P, true },
	/* one good image */
	{ "X- o+ O+", FROM_P, REL_M, P, false },
	{ "X- o+ O+", FROM_P, REL_M, S, true },
	{ "X- o+ O+", FROM_P, REL_M, A, true },
	{ "O+ o+ X-", FROM_S, REL_M, S, false },
	{ "O+ o+ X-", FROM_S, REL_M, P, true },
	/* the other one is of the other format */
	{ "N+ o+ O+", FROM_P, REL_N, P, false },
	{ "N+ o+ O+", FROM_P, REL_N, A, true },
	{ "N+ n+ O+", FROM_S, REL_O, S, false },
	{ "N+ n+ O+", FROM_S, REL_O, A, true },
	{ "N+ n+ O+", FROM_S, REL_N, P, true },
	/* corrupt or unknown is not good */
	{ "Xo o+ O+", FROM_P, REL_M, P, false },
	{ "U- o+ O+", FROM_P, REL_M, P, false },
	{ "O+ o+ Xo", FROM_P, REL_M, S, false },
	{ "O+ o+ Xo", FROM_P, REL_M, P, true },
	/* what booted counts as long as it and the bootloader are unchanged */
	{ "U- o+ U-", FROM_P, REL_M, S, true },
	{ "U- o+ U-", FROM_P, REL_M, P, false },
	{ "U- o+ U-", FROM_P, REL_M, A, false },
	{ "U- u- U-", FROM_P, REL_M, S, true },
	{ "U- u- U-", FROM_P, REL_M, A, false },
	{ "X- o~ U-", FROM_P, REL_M, S, true },
	/* but nothing that is known is given up for it */
	{ "O+ o+ U-", FROM_P, REL_M, S, false },
	{ "O+ o+ U-", FROM_P, REL_M, P, true },
	{ "O+ o+ U-", FROM_P, REL_M, A, true },
	{ "O+ u-o+ O+", FROM_P, REL_M, B, false },
	{ "O+ u-o+ O+", FROM_P, REL_M, A, true },
	{ "O+ X-o+ O+", FROM_P, REL_M, A, true },
	{ "N+ u-n+ O+", FROM_P, REL_N, S, false },
	/* a copy behind the one that was taken does not matter */
	{ "U- o+u- U-", FROM_P, REL_M, B, true },
	/* untrusted counts only where it has booted */
	{ "O! o+ O+", FROM_P, REL_M, P, false },
	{ "X- o+ O!", FROM_P, REL_M, S, true },
	{ "X- o+ O!", FROM_P, REL_M, P, false },
	{ "X- o+ O!", FROM_P, REL_M, A, true },
	{ "O! o+ O+", FROM_S, REL_M, P, true },
	/* broken since boot: again, but no bootloader that starts nothing */
	{ "X* o+ O+", FROM_P, REL_N, S, true },
	{ "N~ n~ X*", FROM_P, REL_N, P, true },
	{ "N~ X* O+", FROM_P, REL_N, A, true },
	{ "N~ X* O+", FROM_P, REL_O, A, true },
	{ "O+ X* O+", FROM_P, REL_N, A, false },
	{ "O+ X* O+", FROM_P, REL_M, A, true },
	/* marked broken, but read and right: it is kept */
	{ "X- o+ O*", FROM_P, REL_O, P, false },
	/* nothing boots: the way out is kept open */
	{ "N+ X- O+", RESCUE, REL_N, A, true },
	{ "N+ X- O+", RESCUE, REL_O, A, true },
	{ "N+ X- X-", RESCUE, REL_O, A, false },
	{ "N+ X- X-", RESCUE, REL_O, P, true },
	{ "N+ X- X-", RESCUE, REL_O, S, false },
	{ "X- X- X-", RESCUE, REL_O, A, true },
	{ "X- X- X-", RESCUE, REL_O, P, true },
	{ "N+ o+ N+", RESCUE, REL_N, A, true },
	/* two copies: one of them at a time */
	{ "O+ o+o+ O+", FROM_P, REL_M, A, true },
	{ "O+ o+o+ O+", FROM_P, REL_M, B, true },
	{ "O+ o+o+ O+", FROM_P, REL_N, B, true },
	{ "O+ o+o+ O+", FROM_P, REL_N, A, false },
	{ "N+ o+n+ O+", FROM_P, REL_N, A, true },
	{ "O+ o+n+ O+", FROM_P, REL_M, A, false },
	{ "O+ o+X- O+", FROM_P, REL_M, B, true },
	{ "N+ X-n+ O+", FROM_S, REL_O, A, true },
	{ "N~ X*n~ O+", FROM_P, REL_O, B, false },
	{ "N~ X*n~ O+", FROM_P, REL_O, A, true },
	/* in doubt which copy the ROM takes, both must start something */
	{ "O+ u-o+ O+", FROM_P, REL_M, P, true },
	{ "N+ u-n+ O+", FROM_P, REL_N, P, false },
	{ "N+ u-n+ O+", FROM_P, REL_N, A, true },
};

static void guard_rows(struct kunit *test)
{
	struct fwslot_request req;
	struct world w;
	u32 i, reason;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		world_parse(&w, rows[i].state);
		w.booted = rows[i].booted;
		world_request(&w, rows[i].release, ALL, &req);
		reason = fwslot_guard(&req, rows[i].unit);
		KUNIT_EXPECT_EQ_MSG(test, reason, rows[i].may ? 0 :
				    FWSLOT_REASON_NOTHING_BOOTABLE,
				    "%s, %s, format %u", rows[i].state,
				    fwslot_unit_word(rows[i].unit),
				    req.manifest->format);
	}
}

/* A package that no trusted key signed: it is never what is left to boot. */
static void guard_untrusted(struct kunit *test)
{
	static const struct row forced[] = {
		{ "O+ o+ O+", FROM_P, REL_M, S, true },
		{ "O+ o+ O+", FROM_P, REL_M, P, true },
		{ "O+ o+ O+", FROM_P, REL_M, A, false },
		{ "O+ o+o+ O+", FROM_P, REL_M, A, true },
		{ "O+ o+o+ O+", FROM_P, REL_M, B, true },
		{ "X- o+ O+", FROM_P, REL_M, P, false },
		{ "N! o+ O+", FROM_P, REL_N, A, false },
		{ "N+ o+ O+", FROM_P, REL_N, P, false },
	};
	struct fwslot_request req;
	struct world w;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(forced); i++) {
		world_parse(&w, forced[i].state);
		w.booted = forced[i].booted;
		world_request(&w, forced[i].release, ALL, &req);
		req.untrusted = true;
		KUNIT_EXPECT_EQ_MSG(test, !fwslot_guard(&req, forced[i].unit),
				    forced[i].may, "%s, %s", forced[i].state,
				    fwslot_unit_word(forced[i].unit));
	}
}

/* Is there an image that the bootloader can start? */
static void guard_startable(struct kunit *test)
{
	static const struct {
		const char *state;
		u32 booted;
		bool yes;
		u32 format;
	} states[] = {
		{ "O+ o+ O+", FROM_P, true, 1 },
		{ "O+ o+ X-", FROM_S, true, 1 },
		{ "N+ n+ O+", FROM_S, true, 2 },
		{ "U- u- U-", FROM_P, true, 0 },
		{ "U- o+ U-", FROM_P, true, 1 },
		{ "U- o+ Xo", FROM_P, false, 1 },
		{ "N+ X- O+", RESCUE, false, 0 },
		{ "O+ n+ O+", RESCUE, false, 2 },
		{ "O+ u- O+", RESCUE, false, 0 },
		{ "O+ o+ O+", RESCUE, true, 1 },
		{ "N~ n~ O+", FROM_P, true, 2 },
		{ "N~ X* O+", FROM_P, false, 0 },
		{ "N~ X*n~ O+", FROM_P, true, 2 },
		{ "N~ o+n~ O+", FROM_P, true, 1 },
		{ "O~ n+o~ O+", FROM_P, false, 2 },
	};
	struct fwslot_request req;
	struct world w;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(states); i++) {
		world_parse(&w, states[i].state);
		w.booted = states[i].booted;
		world_request(&w, REL_L, ALL, &req);
		KUNIT_EXPECT_EQ_MSG(test, fwslot_startable(&req),
				    states[i].yes, "%s", states[i].state);
		KUNIT_EXPECT_EQ_MSG(test, fwslot_installed_format(&req),
				    states[i].format, "%s", states[i].state);
	}
}

/* What a unit is after it was written */
static void guard_written(struct kunit *test)
{
	struct fwslot_request req;
	struct fwslot_view v;
	struct world w;
	u32 i;

	world_parse(&w, "N* o+ O+");
	world_request(&w, REL_M, ALL, &req);
	for (i = 0; i < 2; i++) {
		req.untrusted = i;
		v = req.views[S];
		v.heal = true;
		fwslot_view_written(&req, &v);
		KUNIT_EXPECT_TRUE(test, v.present && v.fits && v.changed);
		KUNIT_EXPECT_FALSE(test, v.broken || v.heal);
		KUNIT_EXPECT_EQ(test, v.recorded, !i);
		KUNIT_EXPECT_EQ(test, v.matched, !i);
		KUNIT_EXPECT_EQ(test, v.untrusted, i);
		KUNIT_EXPECT_TRUE(test, v.equal);
		KUNIT_EXPECT_EQ(test, v.format, 1);
		KUNIT_EXPECT_EQ(test, v.release.minor, 20);
	}
}

static struct kunit_case guard_cases[] = {
	KUNIT_CASE(guard_rows),
	KUNIT_CASE(guard_untrusted),
	KUNIT_CASE(guard_startable),
	KUNIT_CASE(guard_written),
	{}
};

static struct kunit_suite guard_suite = {
	.name = "guard",
	.test_cases = guard_cases,
};

kunit_test_suite(guard_suite);
