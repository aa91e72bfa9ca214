// SPDX-License-Identifier: GPL-2.0-only
/*
 * policy_test.c - what may be installed, and what runs
 */
#include <kunit/test.h>
#include "world.h"

/* A request, and one thing about it that is not as usual */
struct row {
	const char *what;
	const char *state;
	u32 release;
	u32 slots;
	u32 flags;
	u32 reason;
	u32 detail;
	const char *product;
	const char *floor;
	bool pending;
	bool booted_unknown;
	u32 too_small;
};

#define REASON(name)	FWSLOT_REASON_##name
#define UNIT(name)	BIT(FWSLOT_UNIT_##name)

static const struct row rows[] = {
	{ "usual", "O+ o+ O+", REL_M, ALL },
	{ "border", "O+ o+ O+", REL_N, ALL },

	{ "other product", "O+ o+ O+", REL_M, ALL, .product = "viper",
	  .reason = REASON(WRONG_PRODUCT) },
	{ "no product", "O+ o+ O+", REL_M, ALL, .product = "",
	  .reason = REASON(NO_PRODUCT) },
	{ "other product, adopt", "O+ o+ O+", REL_O, ALL, FWSLOT_BEGIN_ADOPT,
	  .product = "viper", .reason = REASON(WRONG_PRODUCT) },
	{ "other product, force", "O+ o+ O+", REL_M, ALL, FWSLOT_BEGIN_FORCE,
	  .product = "viper", .reason = REASON(WRONG_PRODUCT) },

	{ "no primary", "O+ o+ --", REL_M, ALL,
	  .reason = REASON(SLOT_ABSENT), .detail = UNIT(PRIMARY) },
	{ "no secondary", "-- o+ O+", REL_M, ALL,
	  .reason = REASON(SLOT_ABSENT), .detail = UNIT(SECONDARY) },
	{ "no bootloader", "O+ -- O+", REL_M, ALL,
	  .reason = REASON(SLOT_ABSENT), .detail = UNIT(BOOT0) },
	{ "no second copy", "O+ o+-- O+", REL_M, BOOT,
	  .reason = REASON(SLOT_ABSENT), .detail = UNIT(BOOT1) },
	{ "nothing at all", "-- -- --", REL_M, ALL,
	  .reason = REASON(SLOT_ABSENT),
	  .detail = UNIT(PRIMARY) | UNIT(SECONDARY) | UNIT(BOOT0) },
	{ "no secondary, not asked", "-- o+ O+", REL_M, BOOT },

	{ "primary too small", "O+ o+ O+", REL_M, ALL,
	  .too_small = UNIT(PRIMARY),
	  .reason = REASON(TOO_LARGE), .detail = UNIT(PRIMARY) },
	{ "second copy too small", "O+ o+o+ O+", REL_M, ALL,
	  .too_small = UNIT(BOOT1),
	  .reason = REASON(TOO_LARGE), .detail = UNIT(BOOT1) },
	{ "too small, not asked", "O+ o+ O+", REL_M, SEC,
	  .too_small = UNIT(PRIMARY) },

	{ "pending", "O+ o+ O+", REL_M, ALL, .pending = true,
	  .reason = REASON(REBOOT_PENDING) },
	{ "pending, force", "O+ o+ O+", REL_M, ALL, FWSLOT_BEGIN_FORCE,
	  .pending = true, .reason = REASON(REBOOT_PENDING) },
	{ "pending, adopt", "O- o+ O+", REL_O, SEC, FWSLOT_BEGIN_ADOPT,
	  .pending = true, .reason = REASON(REBOOT_PENDING) },

	{ "booted unknown", "O+ o+ O+", REL_M, ALL, .booted_unknown = true,
	  .reason = REASON(BOOTED_UNKNOWN) },
	{ "booted unknown, same", "O+ o+ O+", REL_O, ALL,
	  .booted_unknown = true, .reason = REASON(BOOTED_UNKNOWN) },
	{ "booted unknown, adopt", "O- o- O-", REL_O, ALL, FWSLOT_BEGIN_ADOPT,
	  .booted_unknown = true },

	{ "floor below", "O+ o+ O+", REL_M, ALL, .floor = "5.19.9" },
	{ "floor equal", "O+ o+ O+", REL_M, ALL, .floor = "5.20.0" },
	{ "floor, label", "O+ o+ O+", REL_M, ALL, .floor = "5.20.0-z" },
	{ "floor above", "O+ o+ O+", REL_M, ALL, .floor = "5.20.1",
	  .reason = REASON(BELOW_MINIMUM) },
	{ "floor far above", "O+ o+ O+", REL_M, SEC, .floor = "6.0.0",
	  .reason = REASON(BELOW_MINIMUM) },
	{ "floor, force", "O+ o+ O+", REL_M, ALL, FWSLOT_BEGIN_FORCE,
	  .floor = "5.20.1", .reason = REASON(BELOW_MINIMUM) },
	{ "floor closes the way back", "N+ n+ N+", REL_O, ALL,
	  .floor = "5.22.2", .reason = REASON(BELOW_MINIMUM) },
	{ "floor, resume", "N+ n+ O+", REL_N, ALL, .floor = "5.22.2" },
	{ "floor, adopt", "O- o- O-", REL_O, ALL, FWSLOT_BEGIN_ADOPT,
	  .floor = "6.0.0" },

	{ "border, no bridge up", "M+ m+ M+", REL_N, ALL,
	  .reason = REASON(NO_BRIDGE) },
	{ "border, no bridge down", "L+ l+ L+", REL_O, ALL,
	  .reason = REASON(NO_BRIDGE) },
	{ "border, package without any", "O+ o+ O+", REL_L, ALL,
	  .reason = REASON(NO_BRIDGE) },
	{ "border, no bridge, force", "M+ m+ M+", REL_N, ALL,
	  FWSLOT_BEGIN_FORCE, .reason = REASON(NO_BRIDGE) },
	{ "border, primary", "O+ o+ O+", REL_N, PRI,
	  .reason = REASON(NEEDS_ALL) },
	{ "border, two of three", "O+ o+ O+", REL_N, PRI | BOOT,
	  .reason = REASON(NEEDS_ALL) },
	{ "border, primary, force", "O+ o+ O+", REL_N, PRI,
	  FWSLOT_BEGIN_FORCE },
	{ "border, no bridge, primary", "M+ m+ M+", REL_N, PRI,
	  .reason = REASON(NO_BRIDGE) },

	{ "version unknown", "O+ o+ U-", REL_N, ALL,
	  .reason = REASON(VERSION_UNKNOWN) },
	{ "version unknown, force", "O+ o+ U-", REL_N, ALL,
	  FWSLOT_BEGIN_FORCE, .reason = REASON(VERSION_UNKNOWN) },
	{ "version unknown, same format", "O+ o+ U-", REL_M, ALL },
	{ "untrusted runs, border", "O+ o+ O!", REL_N, ALL,
	  .reason = REASON(VERSION_UNKNOWN) },
	{ "untrusted runs, same format", "O+ o+ O!", REL_M, ALL },
	{ "corrupt runs", "U- o+ Xo", REL_N, ALL,
	  .reason = REASON(VERSION_UNKNOWN) },
	{ "format unknown", "U- u- U-", REL_M, SEC,
	  .reason = REASON(FORMAT_UNKNOWN) },
	{ "format unknown, force", "U- u- U-", REL_M, SEC, FWSLOT_BEGIN_FORCE,
	  .reason = REASON(FORMAT_UNKNOWN) },
	{ "format from untrusted", "X- u- O!", REL_M, SEC },

	{ "adopt differs", "U- o- O-", REL_O, ALL, FWSLOT_BEGIN_ADOPT,
	  .reason = REASON(CONTENT_DIFFERS), .detail = UNIT(SECONDARY) },
	{ "adopt one copy differs", "O- o-u- O-", REL_O, BOOT,
	  FWSLOT_BEGIN_ADOPT },
	{ "adopt both copies differ", "O- n-u- O-", REL_O, BOOT,
	  FWSLOT_BEGIN_ADOPT, .reason = REASON(CONTENT_DIFFERS),
	  .detail = UNIT(BOOT0) | UNIT(BOOT1) },
	{ "adopt one of two slots differs", "O- n-u- O-", REL_O, PRI | BOOT,
	  FWSLOT_BEGIN_ADOPT, .reason = REASON(CONTENT_DIFFERS),
	  .detail = UNIT(BOOT0) | UNIT(BOOT1) },
	{ "adopt over the border", "N- u- U-", REL_N, SEC,
	  FWSLOT_BEGIN_ADOPT },
	{ "adopt on no primary", "O- o- --", REL_O, PRI, FWSLOT_BEGIN_ADOPT,
	  .reason = REASON(SLOT_ABSENT), .detail = UNIT(PRIMARY) },
};

static void make(const struct row *r, struct fwslot_request *req,
		 struct fwslot_release *floor)
{
	struct world w;
	u32 unit;

	world_parse(&w, r->state);
	if (r->booted_unknown)
		w.booted = FWSLOT_BOOTED_UNKNOWN;
	world_request(&w, r->release, r->slots, req);
	req->flags = r->flags;
	req->pending = r->pending;
	if (r->product)
		req->product = r->product;
	if (r->floor && !fwslot_release_parse(r->floor, floor))
		req->floor = floor;
	for (unit = 0; unit < FWSLOT_UNITS; unit++)
		req->views[unit].fits = !(r->too_small & BIT(unit));
}

static void policy_rows(struct kunit *test)
{
	struct fwslot_release floor;
	struct fwslot_request req;
	u32 i, reason, detail;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		make(&rows[i], &req, &floor);
		detail = ~0U;
		reason = fwslot_policy_check(&req, &detail);
		KUNIT_EXPECT_EQ_MSG(test, reason, rows[i].reason, "%s: %s",
				    rows[i].what, fwslot_reason_word(reason));
		KUNIT_EXPECT_EQ_MSG(test, detail, rows[i].detail, "%s",
				    rows[i].what);
	}
}

/* A slot that the manifest has no image for. */
static void policy_no_image(struct kunit *test)
{
	struct fwslot_manifest *m = kunit_kzalloc(test, sizeof(*m), GFP_KERNEL);
	struct fwslot_request req;
	struct world w;
	u32 detail;

	KUNIT_ASSERT_NOT_NULL(test, m);
	*m = *world_manifest(REL_M);
	world_parse(&w, "O+ o+o+ O+");
	world_request(&w, REL_M, ALL, &req);
	req.manifest = m;
	m->n_images = 1;
	KUNIT_EXPECT_EQ(test, fwslot_policy_check(&req, &detail),
			FWSLOT_REASON_NO_IMAGE);
	KUNIT_EXPECT_EQ(test, detail, UNIT(BOOT0) | UNIT(BOOT1));
	req.slots = PRI | SEC;
	KUNIT_EXPECT_EQ(test, fwslot_policy_check(&req, &detail), 0);
	m->images[0].slots = SEC;
	KUNIT_EXPECT_EQ(test, fwslot_policy_check(&req, &detail),
			FWSLOT_REASON_NO_IMAGE);
	KUNIT_EXPECT_EQ(test, detail, UNIT(PRIMARY));
}

/* A bridge is exact: format, each number, label. */
static void policy_bridges(struct kunit *test)
{
	static const struct {
		u32 format;
		const char *release;
		u32 reason;
	} bridges[] = {
		{ 1, "5.21.2", 0 },
		{ 1, "5.21.1", REASON(NO_BRIDGE) },
		{ 1, "5.21.3", REASON(NO_BRIDGE) },
		{ 1, "5.22.2", REASON(NO_BRIDGE) },
		{ 1, "4.21.2", REASON(NO_BRIDGE) },
		{ 1, "5.21.2-a", REASON(NO_BRIDGE) },
		{ 3, "5.21.2", REASON(NO_BRIDGE) },
	};
	struct fwslot_manifest *m = kunit_kzalloc(test, sizeof(*m), GFP_KERNEL);
	struct fwslot_request req;
	struct world w;
	u32 i, detail;

	KUNIT_ASSERT_NOT_NULL(test, m);
	world_parse(&w, "O+ o+ O+");
	world_request(&w, REL_N, ALL, &req);
	*m = *world_manifest(REL_N);
	req.manifest = m;
	for (i = 0; i < ARRAY_SIZE(bridges); i++) {
		m->bridges[0].format = bridges[i].format;
		fwslot_release_parse(bridges[i].release,
				     &m->bridges[0].release);
		KUNIT_EXPECT_EQ_MSG(test, fwslot_policy_check(&req, &detail),
				    bridges[i].reason, "%s",
				    bridges[i].release);
	}
	/* the last of many counts like the first */
	m->n_bridges = 16;
	m->bridges[15] = world_manifest(REL_N)->bridges[0];
	KUNIT_EXPECT_EQ(test, fwslot_policy_check(&req, &detail), 0);
	m->n_bridges = 15;
	KUNIT_EXPECT_EQ(test, fwslot_policy_check(&req, &detail),
			FWSLOT_REASON_NO_BRIDGE);
}

/* What runs; the session's package is @release. */
static const struct {
	const char *state;
	u32 booted;
	u32 release;
	u32 running;
	u32 format;
} running[] = {
	{ "O+ o+ O+", FWSLOT_BOOTED_PRIMARY, REL_N, REL_O, 1 },
	{ "N+ n+ O+", FWSLOT_BOOTED_SECONDARY, REL_O, REL_N, 2 },
	{ "M+ o+ O+", FWSLOT_BOOTED_SECONDARY, REL_N, REL_M, 1 },
	/* named by the session, or by another slot's record */
	{ "O- o- O-", FWSLOT_BOOTED_PRIMARY, REL_O, REL_O, 1 },
	{ "O- o+ O-", FWSLOT_BOOTED_PRIMARY, REL_N, REL_O, 1 },
	{ "O+ o- O-", FWSLOT_BOOTED_PRIMARY, REL_N, REL_O, 1 },
	/* not named: the bootloader tells the format */
	{ "O- o- O-", FWSLOT_BOOTED_PRIMARY, REL_N, REL_X, 0 },
	{ "U- o+ U-", FWSLOT_BOOTED_PRIMARY, REL_N, REL_X, 1 },
	{ "U- u- U-", FWSLOT_BOOTED_PRIMARY, REL_N, REL_X, 0 },
	{ "U- u- U-", FWSLOT_BOOTED_SECONDARY, REL_O, REL_X, 0 },
	/* a record without its content is not believed */
	{ "O+ o+ Xo", FWSLOT_BOOTED_PRIMARY, REL_O, REL_X, 1 },
	{ "O+ Xo Xo", FWSLOT_BOOTED_PRIMARY, REL_O, REL_X, 0 },
	/* written since boot: it is not what runs */
	{ "O+ o+ N~", FWSLOT_BOOTED_PRIMARY, REL_N, REL_X, 1 },
	{ "N~ o+ O+", FWSLOT_BOOTED_PRIMARY, REL_N, REL_O, 1 },
	/* untrusted: its format, if the bootloader does not know better */
	{ "O+ o+ O!", FWSLOT_BOOTED_PRIMARY, REL_N, REL_X, 1 },
	{ "X- u- N!", FWSLOT_BOOTED_PRIMARY, REL_O, REL_X, 2 },
	/* a rescue system, and nothing said */
	{ "O+ o+ O+", FWSLOT_BOOTED_OTHER, REL_N, REL_X, 1 },
	{ "O+ X- O+", FWSLOT_BOOTED_OTHER, REL_N, REL_X, 0 },
	{ "O+ n~ O+", FWSLOT_BOOTED_OTHER, REL_O, REL_X, 2 },
	{ "O+ o+ O+", FWSLOT_BOOTED_UNKNOWN, REL_N, REL_X, 1 },
	/* two copies: the first that may have booted */
	{ "U- o+n+ U-", FWSLOT_BOOTED_PRIMARY, REL_L, REL_X, 1 },
	{ "U- Xoo+ U-", FWSLOT_BOOTED_PRIMARY, REL_L, REL_X, 1 },
	{ "N- n-o+ O+", FWSLOT_BOOTED_SECONDARY, REL_O, REL_X, 0 },
	{ "U- X-n+ O+", FWSLOT_BOOTED_OTHER, REL_O, REL_X, 2 },
};

static void policy_running(struct kunit *test)
{
	const struct fwslot_manifest *m;
	struct fwslot_request req;
	struct fwslot_running run;
	struct world w;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(running); i++) {
		world_parse(&w, running[i].state);
		w.booted = running[i].booted;
		world_request(&w, running[i].release, ALL, &req);
		memset(&run, 0x5a, sizeof(run));
		fwslot_running_find(&req, &run);
		KUNIT_EXPECT_EQ_MSG(test, run.known,
				    running[i].running != REL_X, "%s, row %u",
				    running[i].state, i);
		KUNIT_EXPECT_EQ_MSG(test, run.format, running[i].format,
				    "%s, row %u", running[i].state, i);
		if (!run.known || running[i].running == REL_X)
			continue;
		m = world_manifest(running[i].running);
		KUNIT_EXPECT_TRUE(test, fwslot_release_equal(&run.release,
							     &m->release));
	}
}

static struct kunit_case policy_cases[] = {
	KUNIT_CASE(policy_rows),
	KUNIT_CASE(policy_no_image),
	KUNIT_CASE(policy_bridges),
	KUNIT_CASE(policy_running),
	{}
};

static struct kunit_suite policy_suite = {
	.name = "policy",
	.test_cases = policy_cases,
};

kunit_test_suite(policy_suite);
