// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * cms.c - is a signature of the one shape that is accepted
 *
 * The kernel's PKCS#7 code accepts more than a firmware signature should be:
 * several signers of which one is trusted, embedded certificates that extend
 * the chain, SHA-1 and, on some kernels, MD5.  This walk over the DER lets
 * only this through (RFC 5652, 5.1 and 5.3):
 *
 *	ContentInfo { signedData, [0] SignedData {
 *		version, SET of SHA-256 alone, { data } without content,
 *		no certificates, no CRLs, SET of exactly one SignerInfo {
 *			version, signer id, SHA-256, no signed attributes,
 *			RSA or ECDSA, OCTET STRING } } }
 *
 * Nothing is passed over: a byte that the kernel would not look at could be
 * changed without breaking the signature.  Whether that is right, and whose it
 * is, is the kernel's business.
 */
#include "core.h"

#define TAG_INTEGER	0x02
#define TAG_OCTETS	0x04
#define TAG_NULL	0x05
#define TAG_OID		0x06
#define TAG_SEQUENCE	0x30
#define TAG_SET		0x31
#define TAG_KEY_ID	0x80
#define TAG_CONTEXT_0	0xa0

static const u8 oid_signed_data[] = {
	0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02
};

static const u8 oid_data[] = {
	0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01
};

static const u8 oid_sha256[] = {
	0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01
};

static const u8 oid_rsa[] = {
	0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01
};

static const u8 oid_ecdsa_sha256[] = {
	0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02
};

/**
 * struct span - what is left of an element's content
 * @p: next byte
 * @len: bytes left
 */
struct span {
	const u8 *p;
	size_t len;
};

/* Take the next element: DER, definite length of at most two bytes. */
static bool take(struct span *in, u8 tag, struct span *out)
{
	size_t head = 2;
	size_t len;

	if (in->len < 2 || in->p[0] != tag)
		return false;
	len = in->p[1];
	if (len > 0x80) {
		head += len - 0x80;
		if (head > 4 || in->len < head)
			return false;
		len = head == 3 ? in->p[2] : in->p[2] << 8 | in->p[3];
		/* The shortest form only. */
		if (len < (head == 3 ? 0x80 : 0x100))
			return false;
	} else if (len == 0x80) {
		return false;
	}
	if (len > in->len - head)
		return false;
	out->p = in->p + head;
	out->len = len;
	in->p += head + len;
	in->len -= head + len;
	return true;
}

static bool take_oid(struct span *in, const u8 *oid, size_t len)
{
	struct span got;

	return take(in, TAG_OID, &got) && got.len == len &&
	       !memcmp(got.p, oid, len);
}

/* An algorithm without parameters; NULL stands for none, too. */
static bool take_algorithm(struct span *in, const u8 *oid, size_t len)
{
	struct span algorithm, null;

	if (!take(in, TAG_SEQUENCE, &algorithm) ||
	    !take_oid(&algorithm, oid, len))
		return false;
	return !algorithm.len ||
	       (take(&algorithm, TAG_NULL, &null) && !null.len &&
		!algorithm.len);
}

static bool take_sha256(struct span *in)
{
	return take_algorithm(in, oid_sha256, sizeof(oid_sha256));
}

static bool take_signing(struct span *in)
{
	struct span rsa = *in;

	if (!take_algorithm(&rsa, oid_rsa, sizeof(oid_rsa)))
		return take_algorithm(in, oid_ecdsa_sha256,
				      sizeof(oid_ecdsa_sha256));
	*in = rsa;
	return true;
}

static bool take_version(struct span *in, u8 *version)
{
	struct span number;

	if (!take(in, TAG_INTEGER, &number) || number.len != 1)
		return false;
	*version = number.p[0];
	return true;
}

/* Version 1 names its signer by issuer and serial number, 3 by key id. */
static bool signer_valid(struct span *signer, u8 version)
{
	struct span skip;
	u8 own;

	return take_version(signer, &own) && own == version &&
	       ((version == 1 && take(signer, TAG_SEQUENCE, &skip)) ||
		(version == 3 && take(signer, TAG_KEY_ID, &skip))) &&
	       take_sha256(signer) && take_signing(signer) &&
	       take(signer, TAG_OCTETS, &skip) && !signer->len;
}

static bool signed_data_valid(struct span *data)
{
	struct span digests, content, signers, signer;
	u8 version;

	if (!take_version(data, &version) ||
	    !take(data, TAG_SET, &digests) ||
	    !take_sha256(&digests) || digests.len ||
	    !take(data, TAG_SEQUENCE, &content) ||
	    !take_oid(&content, oid_data, sizeof(oid_data)) || content.len)
		return false;
	if (!take(data, TAG_SET, &signers) || data->len)
		return false;
	return take(&signers, TAG_SEQUENCE, &signer) && !signers.len &&
	       signer_valid(&signer, version);
}

/**
 * fwslot_cms_check() - is this one detached signature of the accepted shape
 * @sig: DER
 * @len: bytes
 *
 * Return: FWSLOT_REASON_NONE or FWSLOT_REASON_BAD_SIGNATURE_FORM.
 */
u32 fwslot_cms_check(const u8 *sig, size_t len)
{
	struct span in = { .p = sig, .len = len };
	struct span info, content, data;

	if (len <= FWSLOT_SIGNATURE_MAX && take(&in, TAG_SEQUENCE, &info) &&
	    !in.len &&
	    take_oid(&info, oid_signed_data, sizeof(oid_signed_data)) &&
	    take(&info, TAG_CONTEXT_0, &content) && !info.len &&
	    take(&content, TAG_SEQUENCE, &data) && !content.len &&
	    signed_data_valid(&data))
		return FWSLOT_REASON_NONE;
	return FWSLOT_REASON_BAD_SIGNATURE_FORM;
}
