// SPDX-License-Identifier: GPL-2.0-only
/*
 * reason_test.c - codes, words and sentences
 *
 * The codes and words are ABI; this table is the second copy that keeps them
 * where they are.
 */
#include <kunit/test.h>
#include "build.h"

struct row {
	const char *word;
	enum fwslot_class class;
	int err;
};

#define STATE	FWSLOT_CLASS_STATE
#define PKG	FWSLOT_CLASS_PKG
#define POLICY	FWSLOT_CLASS_POLICY
#define DEVICE	FWSLOT_CLASS_DEVICE
#define BUSY	FWSLOT_CLASS_BUSY
#define USE	FWSLOT_CLASS_USE
#define IO	FWSLOT_CLASS_IO

static const struct row rows[] = {
	{ "ok", STATE, 0 },
	{ "bad-package", PKG, EBADMSG },
	{ "truncated", PKG, EBADMSG },
	{ "bad-manifest", PKG, EBADMSG },
	{ "manifest-version", PKG, EBADMSG },
	{ "bad-signature-form", PKG, EBADMSG },
	{ "bad-signature", PKG, EKEYREJECTED },
	{ "unknown-key", PKG, ENOKEY },
	{ "retired-key", PKG, EKEYREVOKED },
	{ "bad-digest-table", PKG, EBADMSG },
	{ "bad-chunk", PKG, EBADMSG },
	{ "no-image", PKG, ENOENT },
	{ "wrong-product", POLICY, EPERM },
	{ "no-product", POLICY, EPERM },
	{ "below-minimum", POLICY, EPERM },
	{ "needs-all", POLICY, EPERM },
	{ "no-bridge", POLICY, EPERM },
	{ "version-unknown", POLICY, EPERM },
	{ "format-unknown", POLICY, EPERM },
	{ "booted-unknown", POLICY, EPERM },
	{ "nothing-bootable", POLICY, EPERM },
	{ "reboot-pending", POLICY, EPERM },
	{ "force-not-allowed", POLICY, EPERM },
	{ "content-differs", POLICY, EPERM },
	{ "image-too-large", POLICY, EFBIG },
	{ "no-keys", POLICY, ENOKEY },
	{ "slot-absent", DEVICE, ENODEV },
	{ "slot-ambiguous", DEVICE, ENODEV },
	{ "slot-unaligned", DEVICE, ENODEV },
	{ "slot-unsupported", DEVICE, ENODEV },
	{ "slot-moved", DEVICE, ENODEV },
	{ "slot-gone", DEVICE, ENODEV },
	{ "busy", BUSY, EBUSY },
	{ "wrong-state", USE, EINVAL },
	{ "too-much-data", USE, EFBIG },
	{ "flash-error", IO, EIO },
	{ "read-back-differs", IO, EIO },
	{ "lock-failed", IO, EIO },
	{ "twin-corrupt", IO, EIO },
	{ "no-memory", IO, ENOMEM },
	{ "aborted", IO, ECANCELED },
	{ "idle-timeout", IO, ETIMEDOUT },
	{ "no-record", STATE, ENODATA },
	{ "bad-record", STATE, EBADMSG },
	{ "corrupt", STATE, EBADMSG },
	{ "needs-bootloader", POLICY, EPERM },
	{ "in-use", BUSY, EBUSY },
	{ "slot-overlaps", DEVICE, ENODEV },
	{ "no-layout", DEVICE, ENODEV },
	{ "bad-blocks", DEVICE, ENODEV },
};

static void reason_rows(struct kunit *test)
{
	u32 i;

	KUNIT_EXPECT_LE(test, ARRAY_SIZE(rows), FWSLOT_REASON_MAX);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		KUNIT_EXPECT_STREQ(test, fwslot_reason_word(i), rows[i].word);
		KUNIT_EXPECT_EQ_MSG(test, fwslot_reason_class(i),
				    rows[i].class, "%s", rows[i].word);
		KUNIT_EXPECT_EQ_MSG(test, fwslot_reason_errno(i), -rows[i].err,
				    "%s", rows[i].word);
	}
}

static bool is_word(const char *w)
{
	const char *p;

	for (p = w; *p; p++)
		if (!(*p >= 'a' && *p <= 'z') && !(*p >= '0' && *p <= '9') &&
		    *p != '-')
			return false;
	return *w && *w != '-';
}

static void reason_words(struct kunit *test)
{
	const char *text;
	u32 i, k;

	for (i = 0; i < FWSLOT_REASON_MAX; i++) {
		text = fwslot_reason_text(i);
		KUNIT_EXPECT_TRUE_MSG(test, is_word(fwslot_reason_word(i)),
				      "%u", i);
		KUNIT_EXPECT_TRUE_MSG(test, *text >= 'a' && *text <= 'z',
				      "%s", text);
		KUNIT_EXPECT_NE(test, text[strlen(text) - 1], '.');
		for (k = 0; k < i; k++)
			KUNIT_EXPECT_TRUE_MSG(test,
					      strcmp(fwslot_reason_word(i),
						     fwslot_reason_word(k)),
					      "%u and %u", i, k);
	}
}

static void expect_words(struct kunit *test, const char *(*word)(u32 code),
			 const char *const *words, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++)
		KUNIT_EXPECT_STREQ(test, word(i), words[i]);
	KUNIT_EXPECT_STREQ(test, word(n), "unknown");
	KUNIT_EXPECT_STREQ(test, word(0x7fffffff), "unknown");
	KUNIT_EXPECT_STREQ(test, word(~0U), "unknown");
}

static const char *const states[] = {
	"absent", "unknown", "incomplete", "recorded", "verified", "corrupt",
	"untrusted", "writing",
};

static const char *const units[] = {
	"primary", "secondary", "bootloader", "bootloader-2",
};

static const char *const phases[] = {
	"idle", "survey", "receive", "write", "check", "record", "done",
	"failed",
};

static const char *const events[] = {
	"unknown", "bound", "gone", "session", "progress", "step", "commit",
	"failed", "refused", "verified", "corrupt", "sealed", "tampered",
	"state",
};

static const char *const booted[] = {
	"unknown", "primary", "secondary", "other",
};

static const char *const locks[] = { "none", "open", "locked" };

static void reason_other_words(struct kunit *test)
{
	expect_words(test, fwslot_state_word, states, ARRAY_SIZE(states));
	expect_words(test, fwslot_unit_word, units, ARRAY_SIZE(units));
	expect_words(test, fwslot_phase_word, phases, ARRAY_SIZE(phases));
	expect_words(test, fwslot_event_word, events, ARRAY_SIZE(events));
	expect_words(test, fwslot_booted_word, booted, ARRAY_SIZE(booted));
	expect_words(test, fwslot_lock_word, locks, ARRAY_SIZE(locks));
}

static void reason_unknown(struct kunit *test)
{
	static const u32 wild[] = { FWSLOT_REASON_MAX, 0x7fffffff, ~0U };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(wild); i++) {
		KUNIT_EXPECT_STREQ(test, fwslot_reason_word(wild[i]),
				   "unknown");
		KUNIT_EXPECT_EQ(test, fwslot_reason_class(wild[i]), POLICY);
		KUNIT_EXPECT_EQ(test, fwslot_reason_errno(wild[i]), -EPERM);
		KUNIT_EXPECT_GT(test, strlen(fwslot_reason_text(wild[i])), 0);
	}
}

static struct kunit_case reason_cases[] = {
	KUNIT_CASE(reason_rows),
	KUNIT_CASE(reason_words),
	KUNIT_CASE(reason_other_words),
	KUNIT_CASE(reason_unknown),
	{}
};

static struct kunit_suite reason_suite = {
	.name = "reason",
	.test_cases = reason_cases,
};

kunit_test_suite(reason_suite);
