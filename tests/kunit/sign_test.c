// SPDX-License-Identifier: GPL-2.0-only
/*
 * sign_test.c - what becomes of a signature
 *
 * kmod/sign.c with keys of its own, on the kernel's PKCS#7.  It is the one suite
 * that exists in the kernel only.  How whole packages fare is the matter of
 * tests/vm/stories/signatures.sh.
 */
#include <kunit/test.h>
#include "fwslot.h"
#include "sign.h"

static u32 check(const void *data, u32 len, const struct sign_vector *v,
		 const char **name)
{
	const struct fwslot_key *signer;
	u32 reason;

	reason = fwslot_signature_check(data, len, v->der, v->len, &signer);
	*name = fwslot_key_name(signer);
	return reason;
}

static void sign_outcomes(struct kunit *test)
{
	const struct sign_vector *v;
	const char *name;
	u32 i, reason;

	for (i = 0; i < sign_n_vectors; i++) {
		v = &sign_vectors[i];
		reason = check(sign_data, sign_data_len, v, &name);
		KUNIT_EXPECT_EQ_MSG(test, reason, v->reason, "%s", v->name);
		KUNIT_EXPECT_TRUE_MSG(test, !strcmp(name, v->signer ?: ""),
				      "%s: found \"%s\"", v->name, name);
	}
}

/* The first vector is a good one: of other bytes, or of fewer, it is none. */
static void sign_other_data(struct kunit *test)
{
	u8 *data = kunit_kzalloc(test, sign_data_len, GFP_KERNEL);
	const char *name;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, data);
	for (i = 0; i < sign_data_len; i++) {
		memcpy(data, sign_data, sign_data_len);
		data[i] ^= 1;
		KUNIT_EXPECT_EQ_MSG(test, check(data, sign_data_len,
						&sign_vectors[0], &name),
				    FWSLOT_REASON_BAD_SIGNATURE, "byte %u", i);
		KUNIT_EXPECT_EQ(test, name[0], 0);
	}
	KUNIT_EXPECT_EQ(test, check(sign_data, sign_data_len - 1,
				    &sign_vectors[0], &name),
			FWSLOT_REASON_BAD_SIGNATURE);
}

/* Nothing, or an empty message, must never verify anything. */
static void sign_no_data(struct kunit *test)
{
	const char *name;

	KUNIT_EXPECT_EQ(test, check(NULL, 0, &sign_vectors[0], &name),
			FWSLOT_REASON_BAD_SIGNATURE_FORM);
	KUNIT_EXPECT_EQ(test, check(sign_data, 0, &sign_vectors[0], &name),
			FWSLOT_REASON_BAD_SIGNATURE_FORM);
}

/* Each byte of a good signature changed: nothing that a key would vouch for. */
static void sign_bytes(struct kunit *test)
{
	const struct sign_vector *good = &sign_vectors[0];
	struct sign_vector v = *good;
	u8 *der = kunit_kzalloc(test, good->len, GFP_KERNEL);
	const char *name;
	u32 i, reason;

	KUNIT_ASSERT_NOT_NULL(test, der);
	v.der = der;
	for (i = 0; i < good->len; i++) {
		memcpy(der, good->der, good->len);
		der[i] ^= 1;
		reason = check(sign_data, sign_data_len, &v, &name);
		KUNIT_EXPECT_TRUE_MSG(test, reason != FWSLOT_REASON_NONE,
				      "byte %u", i);
		KUNIT_EXPECT_EQ_MSG(test, name[0], 0, "byte %u", i);
	}
}

static void sign_keys(struct kunit *test)
{
	static const u32 flags[] = {
		FWSLOT_KEY_USABLE, FWSLOT_KEY_USABLE,
		FWSLOT_KEY_USABLE | FWSLOT_KEY_RETIRED,
	};
	const struct fwslot_key *key = NULL;
	u32 i = 0;

	KUNIT_EXPECT_TRUE(test, fwslot_keys_usable());
	while ((key = fwslot_key_next(key))) {
		KUNIT_ASSERT_TRUE(test, i < ARRAY_SIZE(flags));
		KUNIT_EXPECT_EQ(test, fwslot_key_flags(key), flags[i]);
		i++;
	}
	KUNIT_EXPECT_EQ(test, i, ARRAY_SIZE(flags));
	KUNIT_EXPECT_STREQ(test, fwslot_key_name(NULL), "");
}

/* Suites run while their module is loaded, when its __init code still exists. */
static int __ref sign_init(struct kunit *test)
{
	return fwslot_keys_init();
}

static void sign_exit(struct kunit *test)
{
	fwslot_keys_exit();
}

static struct kunit_case sign_cases[] = {
	KUNIT_CASE(sign_outcomes),
	KUNIT_CASE(sign_other_data),
	KUNIT_CASE(sign_no_data),
	KUNIT_CASE(sign_bytes),
	KUNIT_CASE(sign_keys),
	{}
};

static struct kunit_suite sign_suite = {
	.name = "sign",
	.init = sign_init,
	.exit = sign_exit,
	.test_cases = sign_cases,
};

kunit_test_suite(sign_suite);
