// SPDX-License-Identifier: MIT
/*
 * wear_reject.c - packages that are not installed do not wear the flash
 *
 * Each kind is offered again and again to a device that runs 5.21.2.  Those
 * that are told by their data alone come from kmod/input.c, the others from the
 * survey, the policy, or before.
 */
#include <errno.h>
#include <stdlib.h>
#include "../kunit/build.h"
#include "faults.h"
#include "faults_tool.h"

#define REJECTED	1000
#define ALL		FWSLOT_SLOTS_ALL

/**
 * struct reject - a package that is no good
 * @name: what is wrong with it
 * @reason: enum fwslot_reason
 * @cmd: the command
 * @spoil: makes it wrong
 * @tool: or the tool does
 * @image: TOOL_SPOILS and TOOL_DIES: in which image
 */
struct reject {
	const char *name;
	u32 reason;
	struct command cmd;
	void (*spoil)(struct package *pkg);
	enum tool_fault tool;
	u32 image;
};

static void sign(struct package *pkg)
{
	package_sign(pkg->manifest, pkg->manifest_size, pkg->signature);
}

static void spoil_signature(struct package *pkg)
{
	pkg->signature[7] ^= 1;
}

static void spoil_manifest(struct package *pkg)
{
	pkg->manifest[OFS_FORMAT] ^= 1;
}

static void spoil_product(struct package *pkg)
{
	pkg->manifest[HEAD_SIZE] = 'X';
	sign(pkg);
}

static void spoil_bridge(struct package *pkg)
{
	put16(pkg->manifest + HEAD_SIZE + PRODUCT_SIZE + 8 + 2, 20);
	sign(pkg);
}

static void spoil_table(struct package *pkg)
{
	pkg->tables[5] ^= 1;
}

static void cut_manifest(struct package *pkg)
{
	pkg->manifest_size -= 8;
	sign(pkg);
}

static void cut_tables(struct package *pkg)
{
	pkg->tables_size -= 32;
}

static const struct reject rejects[] = {
	{ "bad signature", FWSLOT_REASON_BAD_SIGNATURE, { REL_N, ALL, 0 },
	  spoil_signature },
	{ "changed manifest", FWSLOT_REASON_BAD_SIGNATURE, { REL_N, ALL, 0 },
	  spoil_manifest },
	{ "wrong product", FWSLOT_REASON_WRONG_PRODUCT, { REL_N, ALL, 0 },
	  spoil_product },
	{ "below the minimum", FWSLOT_REASON_BELOW_MINIMUM, { REL_M, ALL, 0 } },
	{ "no bridge", FWSLOT_REASON_NO_BRIDGE, { REL_L, ALL, 0 } },
	{ "another bridge", FWSLOT_REASON_NO_BRIDGE, { REL_N, ALL, 0 },
	  spoil_bridge },
	{ "needs all", FWSLOT_REASON_NEEDS_ALL,
	  { REL_N, 1U << FWSLOT_PRIMARY, 0 } },
	{ "bad digest table", FWSLOT_REASON_BAD_TABLE, { REL_N, ALL, 0 },
	  spoil_table },
	{ "truncated manifest", FWSLOT_REASON_BAD_MANIFEST, { REL_N, ALL, 0 },
	  cut_manifest },
	{ "truncated digest tables", FWSLOT_REASON_BAD_TABLE,
	  { REL_N, ALL, 0 }, cut_tables },
	{ "bad first chunk of the bootloader", FWSLOT_REASON_BAD_CHUNK,
	  { REL_N, ALL, 0 }, NULL, TOOL_SPOILS, 1 },
	{ "bad first chunk of the system", FWSLOT_REASON_BAD_CHUNK,
	  { REL_N, ALL, 0 }, NULL, TOOL_SPOILS, 0 },
	{ "truncated bootloader", FWSLOT_REASON_ABORTED, { REL_N, ALL, 0 },
	  NULL, TOOL_DIES, 1 },
	{ "truncated first chunk of the system", FWSLOT_REASON_ABORTED,
	  { REL_N, ALL, 0 }, NULL, TOOL_DIES, 0 },
	{ "no data at all", FWSLOT_REASON_IDLE_TIMEOUT, { REL_N, ALL, 0 },
	  NULL, TOOL_SLEEPS, 0 },
};

/* A copy that can be spoilt, but for the images. */
static void copy_package(struct package *to, const struct package *from)
{
	*to = *from;
	to->manifest = memcpy(malloc(FWSLOT_MANIFEST_MAX), from->manifest,
			      from->manifest_size);
	to->tables = memcpy(malloc(from->tables_size), from->tables,
			    from->tables_size);
}

static void test_reject(struct board *board, const struct reject *r)
{
	struct package *pkg = &board->pkg[r->cmd.rel];
	struct flash *flash = flash_new(board);
	struct package good = *pkg;
	struct boot_result boot;
	struct result result;
	struct machine mc;
	struct wear wear;
	u32 unit, n, as_expected = 0;
	u64 steps;

	for (unit = 0; unit < FWSLOT_UNITS; unit++)
		if (board_has(board, unit))
			flash_put(flash, unit, REL_O, true);
	copy_package(pkg, &good);
	if (r->spoil)
		r->spoil(pkg);
	tool_fault = r->tool;
	tool_image = r->image;
	machine_on(&mc, flash, judge(flash, true, &boot));
	machine_floor(5, 21, 0);
	wear_begin(&wear, flash);
	for (n = 0; n < REJECTED; n++) {
		machine_run(&mc, &r->cmd, &result);
		as_expected += result.err && result.reason == r->reason;
	}
	steps = flash->m.steps;
	machine_off(&mc, true);
	tool_fault = TOOL_GOOD;
	free(pkg->manifest);
	free(pkg->tables);
	*pkg = good;
	tap(as_expected == REJECTED && !wear_sum(&wear) && !steps,
	    "wear: %u packages: %s", REJECTED, r->name);
	note("%u of them %s, %u erases, %llu steps", as_expected,
	     fwslot_reason_word(r->reason), wear_sum(&wear),
	     (unsigned long long)steps);
	if (as_expected != REJECTED)
		note("the last one: %s", fwslot_reason_word(result.reason));
	flash_free(flash);
}

void wear_reject_tests(struct board *board)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rejects); i++)
		test_reject(board, &rejects[i]);
}
