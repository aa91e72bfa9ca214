// SPDX-License-Identifier: GPL-2.0-only
/*
 * cms_test.c - the one shape of a signature that is accepted
 *
 * A message is built element by element, and each element is left out, put in
 * twice, given another tag, something more at its end, or its length in each
 * form that is not the shortest.
 */
#include <kunit/test.h>
#include "build.h"

#define ROOM	(FWSLOT_SIGNATURE_MAX + 1024)
#define NONE	FWSLOT_REASON_NONE
#define BAD	FWSLOT_REASON_BAD_SIGNATURE_FORM

enum element {
	INFO, INFO_OID, EXPLICIT, DATA, VERSION, DIGESTS, ANY_DIGEST,
	ANY_DIGEST_OID, CONTENT, CONTENT_OID, SIGNERS, SIGNER, SIGNER_VERSION,
	SIGNER_ID, DIGEST, DIGEST_OID, ALGORITHM, ALGORITHM_OID, SIGNATURE,
	ELEMENTS
};

static const u8 tags[ELEMENTS] = {
	0x30, 0x06, 0xa0, 0x30, 0x02, 0x31, 0x30, 0x06, 0x30, 0x06,
	0x31, 0x30, 0x02, 0x30, 0x30, 0x06, 0x30, 0x06, 0x04,
};

/* May NULL stand at its end?  It is no parameter, or not looked at here. */
static const bool more_allowed[ELEMENTS] = {
	[ANY_DIGEST] = true, [SIGNER_ID] = true, [DIGEST] = true,
	[ALGORITHM] = true, [SIGNATURE] = true,
};

enum flaw {
	FINE, LEFT_OUT, TWICE, MORE, TAG, INDEFINITE, LONG_1, LONG_2, LONG_3,
	LONG_127, FLAWS, BEYOND, PARAMETER, FULL_NULL, TWO_NULLS
};

/**
 * struct message - a message and what is wrong with it
 * @at: the element that is wrong
 * @flaw: what is wrong with it
 * @tag: its tag, for TAG
 * @beyond: how many bytes more it says than it has, for BEYOND
 * @version: of the message
 * @own: version of the signer
 * @ecdsa: it is signed with that
 * @signature: bytes of the signature
 * @buf: the message
 * @level: room for elements while they are built, by depth
 */
struct message {
	enum element at;
	enum flaw flaw;
	u8 tag;
	u32 beyond;
	u8 version;
	u8 own;
	bool ecdsa;
	u32 signature;
	u8 buf[ROOM];
	u8 level[6][ROOM];
};

static size_t put_length(u8 *p, size_t len, enum flaw flaw)
{
	size_t bytes = len < 0x80 ? 0 : len < 0x100 ? 1 : 2;
	size_t i, n = 0;

	if (flaw == INDEFINITE) {
		p[0] = 0x80;
		return 1;
	}
	if (flaw == LONG_127) {
		p[0] = 0xff;
		return 1;
	}
	if (flaw >= LONG_1 && flaw <= LONG_3)
		bytes = flaw - LONG_1 + 1;
	if (!bytes) {
		p[n++] = len;
		return n;
	}
	p[n++] = 0x80 | bytes;
	for (i = bytes; i-- > 0; )
		p[n++] = i < sizeof(u32) ? len >> (8 * i) : 0;
	return n;
}

/* What stands at the end of an element, and how many bytes of it */
static const u8 *behind(enum flaw flaw, size_t *len)
{
	static const u8 nulls[] = { 0x05, 0x00, 0x05, 0x00 };
	static const u8 full[] = { 0x05, 0x01, 0x00 };
	static const u8 number[] = { 0x02, 0x01, 0x01 };

	*len = 0;
	if (flaw == MORE)
		*len = 2;
	else if (flaw == TWO_NULLS)
		*len = sizeof(nulls);
	if (flaw == FULL_NULL)
		*len = sizeof(full);
	else if (flaw == PARAMETER)
		*len = sizeof(number);
	return flaw == FULL_NULL ? full : flaw == PARAMETER ? number : nulls;
}

/* Add an element to @to; returns its bytes. */
static size_t put(const struct message *m, u8 *to, enum element e,
		  const void *body, size_t len)
{
	enum flaw flaw = m->at == e ? m->flaw : FINE;
	u32 times = flaw == LEFT_OUT ? 0 : flaw == TWICE ? 2 : 1;
	size_t more = 0;
	size_t beyond = flaw == BEYOND ? m->beyond : 0;
	const u8 *tail = behind(flaw, &more);
	u8 *p = to;

	while (times--) {
		*p++ = flaw == TAG ? m->tag : tags[e];
		p += put_length(p, len + more + beyond, flaw);
		memcpy(p, body, len);
		p += len;
		memcpy(p, tail, more);
		p += more;
		if (flaw == INDEFINITE) {
			memset(p, 0, 2);
			p += 2;
		}
	}
	return p - to;
}

static const u8 sha256[] = {
	0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01
};

static size_t put_algorithm(struct message *m, u8 *to, enum element e)
{
	static const u8 rsa[] = {
		0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01
	};
	static const u8 ecdsa[] = {
		0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02
	};
	u8 *part = m->level[4];
	size_t len;

	if (e != ALGORITHM)
		len = put(m, part, e + 1, sha256, sizeof(sha256));
	else if (m->ecdsa)
		len = put(m, part, e + 1, ecdsa, sizeof(ecdsa));
	else
		len = put(m, part, e + 1, rsa, sizeof(rsa));
	return put(m, to, e, part, len);
}

static size_t put_signer(struct message *m, u8 *to)
{
	static const u8 name[] = { 0x30, 0x00, 0x02, 0x01, 0x07 };
	u8 *sig = m->level[5];
	size_t n = 0;

	n += put(m, to + n, SIGNER_VERSION, &m->own, 1);
	n += put(m, to + n, SIGNER_ID, name, sizeof(name));
	n += put_algorithm(m, to + n, DIGEST);
	n += put_algorithm(m, to + n, ALGORITHM);
	memset(sig, 0x5a, m->signature);
	n += put(m, to + n, SIGNATURE, sig, m->signature);
	return n;
}

/* Make the message; returns its bytes. */
static size_t make(struct message *m)
{
	static const u8 signed_data[] = {
		0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02
	};
	static const u8 data[] = {
		0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01
	};
	u8 *a = m->level[0], *b = m->level[1], *c = m->level[2];
	size_t len, n = 0;

	n += put(m, a + n, VERSION, &m->version, 1);
	len = put_algorithm(m, b, ANY_DIGEST);
	n += put(m, a + n, DIGESTS, b, len);
	len = put(m, b, CONTENT_OID, data, sizeof(data));
	n += put(m, a + n, CONTENT, b, len);
	len = put_signer(m, b);
	len = put(m, c, SIGNER, b, len);
	n += put(m, a + n, SIGNERS, c, len);
	len = put(m, b, DATA, a, n);
	n = put(m, a, INFO_OID, signed_data, sizeof(signed_data));
	n += put(m, a + n, EXPLICIT, b, len);
	return put(m, m->buf, INFO, a, n);
}

static struct message *message_new(struct kunit *test)
{
	struct message *m = kunit_kzalloc(test, sizeof(*m), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, m);
	m->version = 1;
	m->own = 1;
	m->signature = 384;
	return m;
}

static void expect(struct kunit *test, struct message *m, bool good)
{
	size_t len = make(m);

	KUNIT_EXPECT_EQ_MSG(test, fwslot_cms_check(m->buf, len),
			    good ? NONE : BAD, "element %u, flaw %u, tag %02x",
			    m->at, m->flaw, m->tag);
}

static void cms_elements(struct kunit *test)
{
	struct message *m = message_new(test);

	expect(test, m, true);
	for (m->at = 0; m->at < ELEMENTS; m->at++) {
		m->flaw = LEFT_OUT;
		expect(test, m, false);
		m->flaw = TWICE;
		expect(test, m, false);
		m->flaw = MORE;
		expect(test, m, more_allowed[m->at]);
	}
}

static void cms_tags(struct kunit *test)
{
	struct message *m = message_new(test);
	u32 tag;

	m->flaw = TAG;
	for (m->at = 0; m->at < ELEMENTS; m->at++)
		for (tag = 0; tag < 256; tag++) {
			m->tag = tag;
			expect(test, m, tag == tags[m->at]);
		}
}

/* Version 1 goes with a name, 3 with a key id, in both places. */
static void cms_versions(struct kunit *test)
{
	struct message *m = message_new(test);
	u32 version, own;

	m->at = SIGNER_ID;
	m->flaw = TAG;
	for (version = 0; version < 256; version++)
		for (own = 0; own < 6; own++) {
			m->version = version;
			m->own = own;
			m->tag = 0x30;
			expect(test, m, version == 1 && own == 1);
			m->tag = 0x80;
			expect(test, m, version == 3 && own == 3);
		}
}

/* Parameters are left out or NULL, and nothing follows them. */
static void cms_parameters(struct kunit *test)
{
	static const enum element algorithms[] = {
		ANY_DIGEST, DIGEST, ALGORITHM
	};
	struct message *m = message_new(test);
	u32 i;

	for (i = 0; i < 2; i++) {
		m->ecdsa = i;
		m->flaw = FINE;
		expect(test, m, true);
		m->flaw = MORE;
		for (m->at = 0; m->at < ELEMENTS; m->at++)
			expect(test, m, more_allowed[m->at]);
	}
	for (m->flaw = PARAMETER; m->flaw <= TWO_NULLS; m->flaw++)
		for (i = 0; i < ARRAY_SIZE(algorithms); i++) {
			m->at = algorithms[i];
			expect(test, m, false);
		}
}

/* Are two bytes the shortest form of its length? */
static bool is_long(enum element e)
{
	return e == INFO || e == EXPLICIT || e == DATA || e == SIGNERS ||
	       e == SIGNER || e == SIGNATURE;
}

/* Indefinite, and longer than it must be; only the shortest form is taken. */
static void cms_lengths(struct kunit *test)
{
	static const u32 sizes[] = { 0, 1, 127, 128, 255, 256, 384, 512 };
	struct message *m = message_new(test);
	u32 i;

	for (m->at = 0; m->at < ELEMENTS; m->at++)
		for (m->flaw = INDEFINITE; m->flaw < FLAWS; m->flaw++)
			expect(test, m, m->flaw == LONG_2 && is_long(m->at));
	m->at = SIGNATURE;
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		m->signature = sizes[i];
		m->flaw = FINE;
		expect(test, m, true);
		m->flaw = LONG_1;
		expect(test, m, sizes[i] >= 128 && sizes[i] < 256);
		m->flaw = LONG_2;
		expect(test, m, sizes[i] >= 256);
	}
}

/* In memory of its own, so that a read beyond it is seen. */
static void refused_alone(struct kunit *test, const u8 *buf, size_t len)
{
	u8 *part = kunit_kzalloc(test, len + 1, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, part);
	memcpy(part + 1, buf, len);
	KUNIT_EXPECT_EQ(test, fwslot_cms_check(part + 1, len), BAD);
}

static void cms_cut(struct kunit *test)
{
	struct message *m = message_new(test);
	size_t cut, len = make(m);

	for (cut = 0; cut < len; cut++)
		refused_alone(test, m->buf, cut);
	m->buf[len] = 0;
	refused_alone(test, m->buf, len + 1);
}

/* An element says that it is longer than what it is in. */
static void cms_beyond(struct kunit *test)
{
	struct message *m = message_new(test);

	m->flaw = BEYOND;
	for (m->at = 0; m->at < ELEMENTS; m->at++)
		for (m->beyond = 1; m->beyond < 600; m->beyond += 7)
			refused_alone(test, m->buf, make(m));
}

static void cms_largest(struct kunit *test)
{
	struct message *m = message_new(test);
	size_t len = make(m);

	m->signature += FWSLOT_SIGNATURE_MAX - len;
	KUNIT_ASSERT_EQ(test, make(m), FWSLOT_SIGNATURE_MAX);
	expect(test, m, true);
	m->signature++;
	expect(test, m, false);
}

/* Each byte of the five OIDs counts. */
static void cms_oids(struct kunit *test)
{
	struct message *m = message_new(test);
	size_t i, len = make(m);
	u32 n, found = 0;

	for (i = 2; i + 11 < len; i++) {
		if (m->buf[i - 2] != 0x06 || m->buf[i - 1] != 9)
			continue;
		for (n = 0; n < 9; n++) {
			m->buf[i + n] ^= 1;
			KUNIT_EXPECT_EQ(test, fwslot_cms_check(m->buf, len),
					BAD);
			m->buf[i + n] ^= 1;
		}
		found++;
	}
	KUNIT_EXPECT_EQ(test, found, 5);
}

static struct kunit_case cms_cases[] = {
	KUNIT_CASE(cms_elements),
	KUNIT_CASE(cms_tags),
	KUNIT_CASE(cms_versions),
	KUNIT_CASE(cms_parameters),
	KUNIT_CASE(cms_lengths),
	KUNIT_CASE(cms_cut),
	KUNIT_CASE(cms_beyond),
	KUNIT_CASE(cms_largest),
	KUNIT_CASE(cms_oids),
	{}
};

static struct kunit_suite cms_suite = {
	.name = "cms",
	.test_cases = cms_cases,
};

kunit_test_suite(cms_suite);
