// SPDX-License-Identifier: MIT
/*
 * cms.c - fuzz target: the shape of a signature
 *
 * What fwslot_cms_check() lets through is compared with what libcrypto reads
 * in it: one signer, no content, no certificate, no CRL, SHA-256, no signed
 * attribute.  libcrypto may refuse what the check does not look at; it must
 * never see more.  Nothing may be cut off or put behind either.
 */
#include <openssl/asn1.h>
#include <openssl/cms.h>
#include <openssl/x509.h>

#include "fuzz.h"

static void check_signer(CMS_SignerInfo *signer)
{
	X509_ALGOR *digest;

	CMS_SignerInfo_get0_algs(signer, NULL, NULL, &digest, NULL);
	fuzz_check(OBJ_obj2nid(digest->algorithm) == NID_sha256);
	fuzz_check(CMS_signed_get_attr_count(signer) <= 0);
	fuzz_check(CMS_unsigned_get_attr_count(signer) <= 0);
}

static void check_content(CMS_ContentInfo *cms)
{
	struct stack_st_CMS_SignerInfo *signers = CMS_get0_SignerInfos(cms);
	struct stack_st_X509_CRL *crls = CMS_get1_crls(cms);
	struct stack_st_X509 *certs = CMS_get1_certs(cms);

	fuzz_check(OBJ_obj2nid(CMS_get0_type(cms)) == NID_pkcs7_signed);
	fuzz_check(OBJ_obj2nid(CMS_get0_eContentType(cms)) == NID_pkcs7_data);
	fuzz_check(CMS_is_detached(cms) == 1);
	fuzz_check(!certs && !crls);
	fuzz_check(sk_CMS_SignerInfo_num(signers) == 1);
	check_signer(sk_CMS_SignerInfo_value(signers, 0));
}

static void check_accepted(const u8 *data, size_t size)
{
	const unsigned char *p = data;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &p, size);

	if (!cms)
		return;
	fuzz_check(p == data + size);
	check_content(cms);
	CMS_ContentInfo_free(cms);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	u8 more[FWSLOT_SIGNATURE_MAX + 1];

	if (fwslot_cms_check(data, size))
		return 0;
	fuzz_check(size && size <= FWSLOT_SIGNATURE_MAX);
	check_accepted(data, size);
	memcpy(more, data, size);
	more[size] = 0;
	fuzz_check(fwslot_cms_check(more, size + 1));
	fuzz_check(fwslot_cms_check(data, size - 1));
	return 0;
}
