// SPDX-License-Identifier: GPL-2.0-only
/*
 * plan_test.c - which steps, in which order
 *
 * Every row of the boot-state model, and what surrounds it.  world.h explains
 * the states, world_steps() the steps.
 */
#include <kunit/test.h>
#include "world.h"

struct row {
	const char *state;
	u32 release;
	u32 slots;
	u32 flags;
	u32 reason;
	const char *steps;
};

#define NOTHING	FWSLOT_REASON_NOTHING_BOOTABLE
#define BOOTLOADER	FWSLOT_REASON_NEEDS_BOOTLOADER
#define FORMAT	FWSLOT_REASON_FORMAT_UNKNOWN
#define VERSION	FWSLOT_REASON_VERSION_UNKNOWN
#define ADOPT	FWSLOT_BEGIN_ADOPT
#define FORCE	FWSLOT_BEGIN_FORCE

static const struct row one_copy[] = {
	/* 6.2, 6.4, 6.5: every state that boots, both ways */
	{ "O+ o+ O+", REL_N, ALL, 0, 0, "wSs wAh wPt" },
	{ "O+ o+ O+", REL_O, ALL, 0, 0, "sS sA sP" },
	{ "X- o+ O+", REL_N, ALL, 0, 0, "wSs wAh wPt" },
	{ "X- o+ O+", REL_O, ALL, 0, 0, "wSt sA sP" },
	{ "N+ o+ O+", REL_N, ALL, 0, 0, "sS wAh wPt" },
	{ "N+ o+ O+", REL_O, ALL, 0, 0, "wSt sA sP" },
	{ "N+ n+ O+", REL_N, ALL, 0, 0, "wPt sA sS" },
	{ "N+ n+ O+", REL_O, ALL, 0, 0, "sP wAh wSt" },
	{ "N+ n+ X-", REL_N, ALL, 0, 0, "wPt sA sS" },
	{ "N+ n+ X-", REL_O, ALL, 0, 0, "wPs wAh wSt" },
	{ "N+ n+ N+", REL_N, ALL, 0, 0, "sS sA sP" },
	{ "N+ n+ N+", REL_O, ALL, 0, 0, "wSs wAh wPt" },
	{ "X- n+ N+", REL_N, ALL, 0, 0, "wSt sA sP" },
	{ "X- n+ N+", REL_O, ALL, 0, 0, "wSs wAh wPt" },
	{ "O+ n+ N+", REL_N, ALL, 0, 0, "wSt sA sP" },
	{ "O+ n+ N+", REL_O, ALL, 0, 0, "sS wAh wPt" },
	{ "O+ o+ N+", REL_N, ALL, 0, 0, "sP wAh wSt" },
	{ "O+ o+ N+", REL_O, ALL, 0, 0, "wPt sA sS" },
	{ "O+ o+ X-", REL_N, ALL, 0, 0, "wPs wAh wSt" },
	{ "O+ o+ X-", REL_O, ALL, 0, 0, "wPt sA sS" },

	/* 6.4: cut in the bootloader; a rescue system, the bootloader first */
	{ "N+ X- O+", REL_N, ALL, 0, 0, "wAh wPt sS" },
	{ "N+ X- O+", REL_O, ALL, 0, 0, "wAh wSt sP" },
	{ "N+ X- O+", REL_M, ALL, 0, 0, "wAh wSs wPt" },
	{ "N+ X- O+", REL_N, BOOT, 0, 0, "wAh" },
	{ "N+ X- O+", REL_N, PRI, 0, BOOTLOADER, "" },
	{ "N+ X- X-", REL_O, ALL, 0, FORMAT, "" },
	{ "N+ X- X-", REL_N, ALL, 0, 0, "wAh wPt sS" },
	{ "O+ X- X-", REL_M, ALL, 0, 0, "wAh wPs wSt" },
	{ "X- X- X-", REL_N, ALL, 0, FORMAT, "" },
	{ "N+ Xo O+", REL_N, ALL, 0, 0, "wAh wPt sS" },

	/* 6.5, last row: the bootloader that matches a good image helps */
	{ "N+ o+ N+", REL_N, ALL, 0, 0, "wAh sS sP" },
	{ "N+ o+ X-", REL_N, ALL, 0, 0, "wAh wPt sS" },
	{ "X- o+ N+", REL_N, ALL, 0, 0, "wAh wSt sP" },
	{ "X- o+ X-", REL_N, ALL, 0, VERSION, "" },
	{ "O+ n+ O+", REL_N, ALL, 0, 0, "wSs sA wPt" },
	{ "O+ n+ X-", REL_N, ALL, 0, 0, "wPs sA wSt" },
	{ "X- n+ O+", REL_N, ALL, 0, 0, "wSs sA wPt" },
	{ "X- n+ X-", REL_N, ALL, 0, 0, "wSs sA wPt" },
	{ "N+ o+ N+", REL_O, ALL, 0, 0, "wSs sA wPt" },
	{ "N+ o+ X-", REL_O, ALL, 0, 0, "wPs sA wSt" },
	{ "X- o+ N+", REL_O, ALL, 0, 0, "wSs sA wPt" },
	{ "X- o+ X-", REL_O, ALL, 0, 0, "wSs sA wPt" },
	{ "O+ n+ O+", REL_O, ALL, 0, 0, "wAh sS sP" },
	{ "O+ n+ X-", REL_O, ALL, 0, 0, "wAh wPt sS" },
	{ "X- n+ O+", REL_O, ALL, 0, 0, "wAh wSt sP" },
	{ "X- n+ X-", REL_O, ALL, 0, VERSION, "" },
	{ "N+ o+ N+", REL_N, PRI, 0, BOOTLOADER, "" },

	/* inside one format: any subset, up and down */
	{ "O+ o+ O+", REL_M, ALL, 0, 0, "wSs wAh wPt" },
	{ "O+ o+ O+", REL_M, SEC, 0, 0, "wSs" },
	{ "O+ o+ O+", REL_M, PRI, 0, 0, "wPs" },
	{ "O+ o+ O+", REL_M, BOOT, 0, 0, "wAh" },
	{ "O+ o+ O+", REL_M, PRI | SEC, 0, 0, "wSs wPt" },
	{ "O+ o+ O+", REL_M, PRI | BOOT, 0, 0, "wAh wPs" },
	{ "O+ o+ O+", REL_M, SEC | BOOT, 0, 0, "wSs wAh" },
	{ "M+ o+ O+", REL_M, PRI | BOOT, 0, 0, "wAh wPt" },
	{ "M+ m+ M+", REL_O, ALL, 0, 0, "wSs wAh wPt" },
	{ "N+ n+ N+", REL_L, ALL, 0, 0, "wSs wAh wPt" },
	{ "O+ o+ M+", REL_O, ALL, 0, 0, "sS sA wPt" },

	/* the last image is kept */
	{ "X- o+ O+", REL_M, PRI, 0, NOTHING, "" },
	{ "X- o+ O+", REL_M, ALL, 0, 0, "wSs wAh wPt" },
	{ "X- o+ O+", REL_M, BOOT, 0, 0, "wAh" },
	{ "N+ o+ O+", REL_M, PRI, 0, NOTHING, "" },
	{ "O+ o+ X-", REL_M, SEC, 0, NOTHING, "" },
	{ "O+ o+ X-", REL_M, PRI, 0, 0, "wPs" },
	{ "O+ o+ N+", REL_M, SEC, 0, NOTHING, "" },
	{ "O+ o+ N+", REL_M, PRI, 0, 0, "wPs" },
	{ "Xo o+ O+", REL_M, PRI, 0, NOTHING, "" },
	{ "U- o+ O+", REL_M, PRI, 0, NOTHING, "" },

	/* WeOS 5: through the border in two commands */
	{ "M+ m+ M+", REL_N, ALL, 0, FWSLOT_REASON_NO_BRIDGE, "" },
	{ "M+ m+ M+", REL_O, PRI, 0, 0, "wPs" },
	{ "M+ m+ O+", REL_N, ALL, 0, 0, "wSs wAh wPt" },
	{ "L+ l+ L+", REL_O, ALL, 0, FWSLOT_REASON_NO_BRIDGE, "" },
	{ "L+ l+ L+", REL_N, PRI, 0, 0, "wPs" },
	{ "L+ l+ N+", REL_O, ALL, 0, 0, "wSs wAh wPt" },
	{ "O+ o+ O+", REL_N, PRI, 0, FWSLOT_REASON_NEEDS_ALL, "" },
	{ "O+ o+ O+", REL_N, PRI | SEC, 0, FWSLOT_REASON_NEEDS_ALL, "" },
	{ "O+ o+ O+", REL_L, ALL, 0, FWSLOT_REASON_NO_BRIDGE, "" },

	/* no records: named, and then made firm */
	{ "O- o- O-", REL_N, ALL, 0, FORMAT, "" },
	{ "O- o- O-", REL_M, SEC, 0, FORMAT, "" },
	{ "O- o- O-", REL_O, ALL, 0, 0, "rP rS rA wSs wAh wPt" },
	{ "O- o- O-", REL_O, SEC, 0, 0, "rP rS rA wSs" },
	{ "O- o- O-", REL_O, ALL, ADOPT, 0, "rP rS rA" },
	{ "O- o- O-", REL_O, SEC, ADOPT, 0, "rS" },
	{ "O- o- O-", REL_M, PRI, ADOPT, FWSLOT_REASON_CONTENT_DIFFERS, "" },
	{ "O+ o- O-", REL_O, ALL, ADOPT, 0, "rP sS rA" },
	{ "O- o+ O-", REL_N, ALL, 0, 0, "rP rS wSs wAh wPt" },
	{ "O- o- O+", REL_N, ALL, 0, 0, "rS rA wSs wAh wPt" },
	{ "U- o+ U-", REL_N, ALL, 0, VERSION, "" },
	{ "U- o+ U-", REL_O, ALL, 0, 0, "wSs sA wPt" },
	{ "U- o+ X-", REL_O, ALL, 0, 0, "wPs sA wSt" },
	{ "U- u- U-", REL_O, ALL, 0, FORMAT, "" },
	{ "U- u- O-", REL_O, ALL, 0, 0, "rP wSs wAh wPt" },
	{ "X- u- O-", REL_O, PRI, 0, 0, "rP sP" },
	{ "O- u- X-", REL_O, ALL, 0, 0, "rS wPs wAh wSt" },

	/* cut between content and record, or between record and content */
	{ "N- o+ O+", REL_N, ALL, 0, 0, "rS wSs wAh wPt" },
	{ "O- o+ O+", REL_N, ALL, 0, 0, "rS wSs wAh wPt" },
	{ "N+ o- O+", REL_N, ALL, 0, 0, "rA sS wAh wPt" },
	{ "N+ n- O+", REL_N, ALL, 0, 0, "rA wPt wAh sS" },
	{ "N+ n+ N-", REL_N, ALL, 0, 0, "rP sS sA wPt" },
	{ "N+ n+ O-", REL_N, ALL, 0, 0, "wPt sA sS" },
	{ "N+ n+ O-", REL_O, ALL, 0, 0, "rP wPs wAh wSt" },

	/* what may fail at the next power-on, before what it would fall back to */
	{ "O+ o+ O-", REL_N, ALL, 0, 0, "rP wPs wAh wSt" },
	{ "M+ o+ O-", REL_N, ALL, 0, 0, "rP wSs wAh wPt" },

	/* force: a single image, but never the last one that starts */
	{ "O+ o+ O+", REL_N, SEC, FORCE, 0, "wSs" },
	{ "O+ o+ O+", REL_N, BOOT, FORCE, NOTHING, "" },
	{ "O+ o+ O+", REL_N, PRI, FORCE, 0, "wPs" },
	{ "N+ o+ O+", REL_N, BOOT, FORCE, 0, "wAh" },
	{ "N+ o+ O+", REL_N, PRI, FORCE, NOTHING, "" },
	{ "M+ m+ M+", REL_N, SEC, FORCE, FWSLOT_REASON_NO_BRIDGE, "" },
	{ "U- o+ U-", REL_N, SEC, FORCE, VERSION, "" },
};

static const struct row two_copies[] = {
	{ "N- n-o+ O+", REL_O, ALL, 0, FORMAT, "" },
	{ "U- X-o+ U-", REL_O, ALL, 0, FORMAT, "" },
	{ "O+ o+o+ O+", REL_N, ALL, 0, 0, "wSs wBh wAh wPt" },
	{ "O+ o+o+ O+", REL_O, ALL, 0, 0, "sS sB sA sP" },
	{ "N+ o+X- O+", REL_N, ALL, 0, 0, "sS wBh wAh wPt" },
	{ "N+ o+X- O+", REL_O, ALL, 0, 0, "wSt wBh sA sP" },
	{ "N+ o+n+ O+", REL_N, ALL, 0, 0, "sS sB wAh wPt" },
	{ "N+ o+n+ O+", REL_O, ALL, 0, 0, "wSt wBh sA sP" },
	{ "N+ X-n+ O+", REL_N, ALL, 0, 0, "wAh wPt sB sS" },
	{ "N+ X-n+ O+", REL_O, ALL, 0, 0, "sP wAh wBh wSt" },
	{ "N+ n+n+ O+", REL_N, ALL, 0, 0, "wPt sB sA sS" },
	{ "N+ n+n+ O+", REL_O, ALL, 0, 0, "sP wBh wAh wSt" },
	{ "N+ n+n+ X-", REL_O, ALL, 0, 0, "wPs wBh wAh wSt" },
	{ "N+ n+n+ N+", REL_O, ALL, 0, 0, "wSs wBh wAh wPt" },
	{ "O+ n+o+ N+", REL_O, ALL, 0, 0, "sS sB wAh wPt" },
	{ "O+ X-o+ N+", REL_O, ALL, 0, 0, "wAh wPt sB sS" },
	{ "O+ n+o+ N+", REL_N, ALL, 0, 0, "wSt wBh sA sP" },
	{ "O+ o+o+ X-", REL_N, ALL, 0, 0, "wPs wBh wAh wSt" },
	{ "N+ X-X- O+", REL_N, ALL, 0, 0, "wBh wAh wPt sS" },
	{ "O+ o+o+ O+", REL_M, BOOT, 0, 0, "wBh wAh" },
	{ "O+ u-u- U-", REL_O, BOOT, 0, FORMAT, "" },
	{ "U- o+u- U-", REL_O, BOOT, 0, 0, "wBh sA" },
	{ "U- o+u- U-", REL_O, ALL, 0, 0, "wSs wBh sA wPt" },
	{ "O- o-o- O-", REL_O, BOOT, ADOPT, 0, "rA rB" },
	{ "O- o-u- O-", REL_O, BOOT, ADOPT, 0, "rA" },
	{ "O- u-o- O-", REL_O, BOOT, ADOPT, 0, "rB" },
	{ "O- u-u- O-", REL_O, BOOT, ADOPT, FWSLOT_REASON_CONTENT_DIFFERS, "" },
};

/* The same command again without a reboot: what runs is still what booted. */
static const struct {
	const char *state;
	u32 booted;
	u32 running;
	u32 release;
	u32 reason;
	const char *steps;
} live[] = {
	/* upgrade from primary, stopped in S, in B, in P */
	{ "X* o+ O+", FROM_P, REL_O, REL_N, 0, "wSs wAh wPt" },
	{ "X* o+ O+", FROM_P, REL_O, REL_O, 0, "wSt sA sP" },
	{ "N* o+ O+", FROM_P, REL_O, REL_N, 0, "rS wSs wAh wPt" },
	{ "N~ o* O+", FROM_P, REL_O, REL_N, 0, "rA sS wAh wPt" },
	{ "N~ o* O+", FROM_P, REL_O, REL_O, 0, "rA wSt wAh sP" },
	{ "N~ X* O+", FROM_P, REL_O, REL_N, 0, "wAh wPt sS" },
	{ "N~ X* O+", FROM_P, REL_O, REL_O, 0, "wAh wSt sP" },
	{ "N~ X* O+", FROM_P, REL_O, REL_M, 0, "wAh wSs wPt" },
	{ "N~ n* O+", FROM_P, REL_O, REL_N, 0, "rA wPt wAh sS" },
	{ "O+ M* O+", FROM_P, REL_O, REL_N, 0, "wSs wAh wPt" },
	{ "N~ n~ X*", FROM_P, REL_O, REL_N, 0, "wPt sA sS" },
	{ "N~ n~ O+", FROM_P, REL_O, REL_M, FWSLOT_REASON_NO_BRIDGE, "" },
	{ "N~ n~ O+", FROM_P, REL_O, REL_O, 0, "sP wAh wSt" },
	{ "N~ n~ X*", FROM_P, REL_O, REL_O, 0, "wPs wAh wSt" },
	{ "N~ n~ N~", FROM_P, REL_O, REL_N, 0, "sS sA sP" },
	{ "N~ n~ N~", FROM_P, REL_O, REL_O, 0, "wSs wAh wPt" },
	/* nothing left that the installed bootloader starts */
	{ "X* n~ X*", FROM_P, REL_O, REL_N, 0, "wSs sA wPt" },
	{ "X* X* X*", FROM_P, REL_O, REL_N, 0, "wAh wSs wPt" },
	{ "X* X* X*", FROM_P, REL_O, REL_O, 0, "wAh wSs wPt" },
	/* downgrade from secondary, stopped in P, in B, in S */
	{ "N+ n+ X*", FROM_S, REL_N, REL_O, 0, "wPs wAh wSt" },
	{ "N+ X* O~", FROM_S, REL_N, REL_O, 0, "wAh wSt sP" },
	{ "X* o~ O~", FROM_S, REL_N, REL_O, 0, "wSt sA sP" },
	/* a rescue system has stopped in the bootloader */
	{ "N+ X* O+", FWSLOT_BOOTED_OTHER, REL_X, REL_N, 0, "wAh wPt sS" },
	{ "N+ X* X-", FWSLOT_BOOTED_OTHER, REL_X, REL_O,
	  FORMAT, "" },
	/* two copies */
	{ "N+ u-o* O+", FROM_P, REL_O, REL_O, 0, "rB wAh wSt wBh sP" },
	{ "N~ o+X* O+", FROM_P, REL_O, REL_N, 0, "sS wBh wAh wPt" },
	{ "N~ X*n~ O+", FROM_P, REL_O, REL_N, 0, "wPt wAh sB sS" },
	{ "N~ X*n~ O+", FROM_P, REL_O, REL_O, 0, "sP wAh wBh wSt" },
	{ "N~ X*X* O+", FROM_P, REL_O, REL_N, 0, "wBh wAh wPt sS" },
};

static void expect_plan(struct kunit *test, const struct fwslot_request *req,
			const char *state, u32 reason, const char *steps)
{
	struct fwslot_plan plan;
	char got[WORLD_STEPS];

	memset(&plan, 0x5a, sizeof(plan));
	KUNIT_EXPECT_EQ(test, fwslot_plan_make(req, &plan), plan.reason);
	world_steps(&plan, got);
	KUNIT_EXPECT_TRUE_MSG(test,
			      plan.reason == reason && !strcmp(got, steps),
			      "%s, booted %s, format %u, slots %u: %s, \"%s\"",
			      state, fwslot_booted_word(req->booted),
			      req->manifest->format, req->slots,
			      fwslot_reason_word(plan.reason), got);
}

static void check(struct kunit *test, const struct row *r)
{
	struct fwslot_request req;
	struct world w;

	world_parse(&w, r->state);
	world_request(&w, r->release, r->slots, &req);
	req.flags = r->flags;
	expect_plan(test, &req, r->state, r->reason, r->steps);
}

static void plan_live(struct kunit *test)
{
	const struct fwslot_manifest *m;
	struct fwslot_request req;
	struct world w;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(live); i++) {
		world_parse(&w, live[i].state);
		w.booted = live[i].booted;
		world_request(&w, live[i].release, ALL, &req);
		if (live[i].running < RELS) {
			m = world_manifest(live[i].running);
			req.running.known = true;
			req.running.format = m->format;
			req.running.release = m->release;
		}
		expect_plan(test, &req, live[i].state, live[i].reason,
			    live[i].steps);
	}
}

static void plan_one_copy(struct kunit *test)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(one_copy); i++)
		check(test, &one_copy[i]);
}

static void plan_two_copies(struct kunit *test)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(two_copies); i++)
		check(test, &two_copies[i]);
}

/* Of two copies that nobody knows the one that looks unfinished goes first. */
static void plan_blank_copy(struct kunit *test)
{
	static const char * const steps[] = {
		"wSs wBh wAh wPt", "wSs wAh wBh wPt",
		"wSs wBh wAh wPt", "wSs wBh wAh wPt",
	};
	struct fwslot_request req;
	struct world w;
	u32 blank;

	for (blank = 0; blank < ARRAY_SIZE(steps); blank++) {
		world_parse(&w, "O+ u-u- O+");
		world_request(&w, REL_N, ALL, &req);
		req.views[FWSLOT_UNIT_BOOT0].blank = blank & 1;
		req.views[FWSLOT_UNIT_BOOT1].blank = blank & 2;
		expect_plan(test, &req, "O+ u-u- O+", 0, steps[blank]);
	}
}

/* What is streamed: the bootloader first, each image once. */
static void plan_inputs(struct kunit *test)
{
	static const struct {
		const char *state;
		u32 release;
		u32 slots;
		u32 n;
		u32 image[2];
	} rows[] = {
		{ "O+ o+ O+", REL_N, ALL, 2, { 1, 0 } },
		{ "N+ o+ O+", REL_N, ALL, 1, { 1, 0 } },
		{ "N+ n+ X-", REL_N, ALL, 0, { 0, 0 } },
		{ "N+ n+ X-", REL_O, ALL, 2, { 1, 0 } },
		{ "O+ o+ O+", REL_O, ALL, 0, { 0, 0 } },
		{ "O+ o+ O+", REL_M, PRI | SEC, 1, { 0, 0 } },
		{ "O+ o+ O+", REL_M, BOOT, 1, { 1, 0 } },
		{ "O+ o+o+ O+", REL_M, BOOT, 1, { 1, 0 } },
	};
	struct fwslot_request req;
	struct fwslot_plan plan;
	struct world w;
	u32 i, k, chunks;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		world_parse(&w, rows[i].state);
		world_request(&w, rows[i].release, rows[i].slots, &req);
		KUNIT_EXPECT_EQ(test, fwslot_plan_make(&req, &plan), 0);
		KUNIT_ASSERT_EQ_MSG(test, plan.n_inputs, rows[i].n, "row %u",
				    i);
		for (k = 0; k < rows[i].n; k++) {
			chunks = rows[i].image[k] ? 2 : 4;
			KUNIT_EXPECT_EQ_MSG(test, plan.inputs[k].image,
					    rows[i].image[k], "row %u", i);
			KUNIT_EXPECT_EQ(test, plan.inputs[k].wanted, chunks);
			KUNIT_EXPECT_EQ(test, plan.inputs[k].map_offset, 8 * k);
		}
	}
}

/* The unit that is refused is named. */
static void plan_detail(struct kunit *test)
{
	static const struct {
		const char *state;
		u32 release;
		u32 slots;
		u32 detail;
	} rows[] = {
		{ "X- o+ O+", REL_M, PRI, 1 << FWSLOT_UNIT_PRIMARY },
		{ "O+ o+ X-", REL_M, SEC, 1 << FWSLOT_UNIT_SECONDARY },
		{ "O+ o+ O+", REL_N, BOOT, 1 << FWSLOT_UNIT_BOOT0 },
	};
	struct fwslot_request req;
	struct fwslot_plan plan;
	struct world w;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		world_parse(&w, rows[i].state);
		world_request(&w, rows[i].release, rows[i].slots, &req);
		req.flags = FWSLOT_BEGIN_FORCE;
		KUNIT_EXPECT_EQ(test, fwslot_plan_make(&req, &plan), NOTHING);
		KUNIT_EXPECT_EQ_MSG(test, plan.detail, rows[i].detail,
				    "row %u", i);
		KUNIT_EXPECT_EQ(test, plan.n_steps, 0);
		KUNIT_EXPECT_EQ(test, plan.n_inputs, 0);
	}
}

/* An image for one slot only is no twin of the other's. */
static void plan_no_twin(struct kunit *test)
{
	struct fwslot_manifest *m = kunit_kzalloc(test, sizeof(*m), GFP_KERNEL);
	char steps[WORLD_STEPS];
	struct fwslot_request req;
	struct fwslot_plan plan;
	struct world w;

	KUNIT_ASSERT_NOT_NULL(test, m);
	*m = *world_manifest(REL_M);
	m->images[0].slots = PRI;
	world_parse(&w, "M+ m+ O+");
	world_request(&w, REL_M, PRI, &req);
	req.manifest = m;
	KUNIT_EXPECT_EQ(test, fwslot_plan_make(&req, &plan), 0);
	KUNIT_EXPECT_STREQ(test, world_steps(&plan, steps), "wPs");
	req.slots = ALL;
	KUNIT_EXPECT_EQ(test, fwslot_plan_make(&req, &plan),
			FWSLOT_REASON_NO_IMAGE);
	KUNIT_EXPECT_EQ(test, plan.detail, 1 << FWSLOT_UNIT_SECONDARY);
}

static struct kunit_case plan_cases[] = {
	KUNIT_CASE(plan_one_copy),
	KUNIT_CASE(plan_two_copies),
	KUNIT_CASE(plan_live),
	KUNIT_CASE(plan_blank_copy),
	KUNIT_CASE(plan_inputs),
	KUNIT_CASE(plan_detail),
	KUNIT_CASE(plan_no_twin),
	{}
};

static struct kunit_suite plan_suite = {
	.name = "plan",
	.test_cases = plan_cases,
};

kunit_test_suite(plan_suite);
