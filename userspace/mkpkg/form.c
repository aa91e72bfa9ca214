// SPDX-License-Identifier: MIT
/*
 * form.c - the form of a signature
 *
 * The kernel's parser takes less than OpenSSL makes by default.  The form
 * that works on every supported kernel is checked here, before a package
 * leaves the house: DER, detached, one signer, no attributes, no embedded
 * certificates, SHA-256, RSA with PKCS #1 v1.5 padding and 3072 or 4096 bits.
 */
#include "mkpkg.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#define RSA_3072_BYTES	384
#define RSA_4096_BYTES	512

/**
 * cms_encode() - encode a CMS message as DER
 * @cms: the message
 * @out: gets the bytes; free it with bytes_free()
 *
 * Return: 0, -EIO if libcrypto fails, or -ENOMEM.
 */
int cms_encode(CMS_ContentInfo *cms, struct bytes *out)
{
	u8 *p;
	int err, n = i2d_CMS_ContentInfo(cms, NULL);

	if (n <= 0) {
		mkpkg_error("libcrypto cannot encode the signature");
		return -EIO;
	}
	err = bytes_alloc(out, n);
	if (err)
		return err;
	p = out->data;
	i2d_CMS_ContentInfo(cms, &p);
	return 0;
}

/**
 * cms_decode() - decode a CMS message
 * @der: its bytes
 * @size: how many
 *
 * Return: the message, or NULL unless all of @der is one message in the one
 * encoding that DER allows.
 */
CMS_ContentInfo *cms_decode(const u8 *der, size_t size)
{
	const u8 *p = der;
	struct bytes again = { 0 };
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &p, size);

	if (!cms)
		return NULL;
	if (p == der + size && !cms_encode(cms, &again) && again.size == size &&
	    !memcmp(again.data, der, size))
		goto free_again;
	CMS_ContentInfo_free(cms);
	cms = NULL;
free_again:
	bytes_free(&again);
	return cms;
}

static bool has_certs(CMS_ContentInfo *cms)
{
	struct stack_st_X509 *certs = CMS_get1_certs(cms);
	struct stack_st_X509_CRL *crls = CMS_get1_crls(cms);
	const bool found = sk_X509_num(certs) > 0 || sk_X509_CRL_num(crls) > 0;

	sk_X509_pop_free(certs, X509_free);
	sk_X509_CRL_pop_free(crls, X509_CRL_free);
	return found;
}

static const char *signer_fault(CMS_SignerInfo *si)
{
	X509_ALGOR *digest, *sig;
	const ASN1_OCTET_STRING *value;
	int n;

	CMS_SignerInfo_get0_algs(si, NULL, NULL, &digest, &sig);
	if (CMS_signed_get_attr_count(si) > 0)
		return "has signed attributes; sign with -noattr";
	if (CMS_unsigned_get_attr_count(si) > 0)
		return "has unsigned attributes; sign without a time stamp";
	if (OBJ_obj2nid(digest->algorithm) != NID_sha256)
		return "is not made with SHA-256; sign with -md sha256";
	if (OBJ_obj2nid(sig->algorithm) != NID_rsaEncryption)
		return "is not RSA with PKCS #1 v1.5 padding";
	value = CMS_SignerInfo_get0_signature(si);
	n = ASN1_STRING_length(value);
	if (n != RSA_3072_BYTES && n != RSA_4096_BYTES)
		return "is not made with RSA-3072 or RSA-4096";
	return NULL;
}

static const char *form_fault(CMS_ContentInfo *cms)
{
	struct stack_st_CMS_SignerInfo *signers;

	if (OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed)
		return "is CMS, but not signed data";
	if (!CMS_is_detached(cms))
		return "has the content attached; sign without -nodetach";
	if (OBJ_obj2nid(CMS_get0_eContentType(cms)) != NID_pkcs7_data)
		return "is not over plain data";
	if (has_certs(cms))
		return "carries certificates; sign with -nocerts";
	signers = CMS_get0_SignerInfos(cms);
	if (sk_CMS_SignerInfo_num(signers) != 1)
		return "does not have exactly one signer";
	return signer_fault(sk_CMS_SignerInfo_value(signers, 0));
}

static const char *size_fault(size_t size)
{
	if (!size)
		return "is empty";
	if (size > FWSLOT_SIGNATURE_MAX)
		return "is larger than any usable signature";
	return NULL;
}

/**
 * cms_check() - check the form of a signature
 * @name: what to call it in the error line
 * @der: its bytes
 * @size: how many
 *
 * Return: 0, or -EKEYREJECTED if a kernel could refuse it.
 */
int cms_check(const char *name, const u8 *der, size_t size)
{
	const char *fault = size_fault(size);
	CMS_ContentInfo *cms = NULL;

	if (!fault) {
		cms = cms_decode(der, size);
		fault = cms ? form_fault(cms) :
			"is not one CMS message in DER; sign with -outform DER";
	}
	if (fault)
		mkpkg_error("%s %s", name, fault);
	CMS_ContentInfo_free(cms);
	ERR_clear_error();
	return fault ? -EKEYREJECTED : 0;
}

static int print_signer(CMS_SignerInfo *si, BIO *bio)
{
	const unsigned long flags = XN_FLAG_RFC2253 & ~ASN1_STRFLGS_UTF8_CONVERT;
	ASN1_OCTET_STRING *keyid = NULL;
	ASN1_INTEGER *serial = NULL;
	X509_NAME *issuer = NULL;

	if (CMS_SignerInfo_get0_signer_id(si, &keyid, &issuer, &serial) != 1)
		return -EBADMSG;
	if (keyid) {
		BIO_puts(bio, "key id ");
		i2a_ASN1_STRING(bio, keyid, 0);
		return 0;
	}
	X509_NAME_print_ex(bio, issuer, 0, flags);
	BIO_puts(bio, " serial ");
	i2a_ASN1_INTEGER(bio, serial);
	return 0;
}

/**
 * cms_signer() - who a signature says has made it
 * @der: the signature, accepted by cms_check()
 * @size: its bytes
 * @out: gets issuer and serial number, or the key identifier, as text
 *
 * Return: 0, -EBADMSG if it cannot be decoded, or -ENOMEM.
 */
int cms_signer(const u8 *der, size_t size, struct bytes *out)
{
	CMS_ContentInfo *cms = cms_decode(der, size);
	BIO *bio = BIO_new(BIO_s_mem());
	struct stack_st_CMS_SignerInfo *signers;
	int err = -EBADMSG;
	char *text;

	if (!cms || !bio)
		goto free_bio;
	signers = CMS_get0_SignerInfos(cms);
	err = print_signer(sk_CMS_SignerInfo_value(signers, 0), bio);
	if (err)
		goto free_bio;
	size = BIO_get_mem_data(bio, &text);
	err = bytes_alloc(out, size);
	if (!err)
		memcpy(out->data, text, size);
free_bio:
	BIO_free(bio);
	CMS_ContentInfo_free(cms);
	return err;
}
