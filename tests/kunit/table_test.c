// SPDX-License-Identifier: GPL-2.0-only
/*
 * table_test.c - states of a unit
 */
#include <kunit/test.h>
#include "build.h"

/*
 * A letter for each state, in its order; '.': the change is not possible.
 * Columns: bind, gone, no record, bad record, record, verified, corrupt,
 * untrusted, write, name, broken, untouched.
 */
static const char letters[] = "AUIRVCTW";

static const char *const expected[] = {
	"U...........",	/* Absent: only flash helps */
	".AUIR..TWW..",	/* Unknown: nothing to verify it against */
	".AIIR..TWW..",	/* Incomplete: no record, still not complete */
	".AUIRVC.WW..",	/* Recorded */
	".AUIRVC.WW..",	/* Verified */
	".AUIRVCTWW..",	/* Corrupt */
	".AUIR.CTWW..",	/* unTrusted: never verified */
	".A...V.T..IU",	/* Writing: ends well, ends early, or is torn away */
};

static void table_all(struct kunit *test)
{
	u32 s, c;
	int next;
	char got;

	KUNIT_ASSERT_EQ(test, ARRAY_SIZE(expected), FWSLOT_STATES);
	for (s = 0; s < FWSLOT_STATES; s++) {
		KUNIT_ASSERT_EQ(test, strlen(expected[s]), FWSLOT_CHANGES);
		for (c = 0; c < FWSLOT_CHANGES; c++) {
			next = fwslot_state_next(s, c);
			got = next < 0 ? '.' : letters[next];
			KUNIT_EXPECT_EQ_MSG(test, got, expected[s][c],
					    "%s, change %u",
					    fwslot_state_word(s), c);
			if (next < 0)
				KUNIT_EXPECT_EQ(test, next, -EINVAL);
		}
	}
}

static void table_out_of_range(struct kunit *test)
{
	static const u32 wild[] = { 8, 9, 255, 0x7fffffff, ~0U };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(wild); i++) {
		KUNIT_EXPECT_EQ(test, fwslot_state_next(wild[i],
							FWSLOT_CHANGE_GONE),
				-EINVAL);
		KUNIT_EXPECT_EQ(test,
				fwslot_state_next(FWSLOT_STATE_ABSENT,
						  wild[i] | FWSLOT_CHANGES),
				-EINVAL);
	}
}

static struct kunit_case table_cases[] = {
	KUNIT_CASE(table_all),
	KUNIT_CASE(table_out_of_range),
	{}
};

static struct kunit_suite table_suite = {
	.name = "table",
	.test_cases = table_cases,
};

kunit_test_suite(table_suite);
