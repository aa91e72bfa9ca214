// SPDX-License-Identifier: MIT
/*
 * cms.c - detached CMS signatures: make and verify
 *
 * Keys are read from files only; a key in an HSM signs with openssl, see
 * Documentation/package-format.rst, and the result is attached.
 */
#include "mkpkg.h"

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#define SIGN_FLAGS	(CMS_BINARY | CMS_NOATTR | CMS_NOCERTS | CMS_DETACHED)
#define VERIFY_FLAGS	(CMS_BINARY | CMS_NOINTERN | CMS_NO_SIGNER_CERT_VERIFY)

static const char *ssl_reason(void)
{
	const char *text = ERR_reason_error_string(ERR_peek_last_error());

	ERR_clear_error();
	return text ? text : "no reason given";
}

static X509 *load_cert(const char *path)
{
	X509 *cert = NULL;
	BIO *bio = BIO_new_file(path, "rb");

	if (bio) {
		cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
		if (!cert && BIO_reset(bio) == 0)
			cert = d2i_X509_bio(bio, NULL);
		BIO_free(bio);
	}
	if (!cert)
		mkpkg_error("cannot read a certificate from %s: %s", path,
			    ssl_reason());
	ERR_clear_error();
	return cert;
}

static EVP_PKEY *load_key(const char *path)
{
	EVP_PKEY *key = NULL;
	BIO *bio = BIO_new_file(path, "rb");

	if (bio) {
		key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
		BIO_free(bio);
	}
	if (!key)
		mkpkg_error("cannot read a private key in PEM form from %s: %s",
			    path, ssl_reason());
	return key;
}

static CMS_ContentInfo *sign(X509 *cert, EVP_PKEY *key,
			     const struct bytes *manifest)
{
	BIO *data = BIO_new_mem_buf(manifest->data, manifest->size);
	CMS_ContentInfo *cms;

	cms = CMS_sign(NULL, NULL, NULL, NULL, SIGN_FLAGS | CMS_PARTIAL);
	if (cms && data &&
	    CMS_add1_signer(cms, cert, key, EVP_sha256(), SIGN_FLAGS) &&
	    CMS_final(cms, data, NULL, SIGN_FLAGS))
		goto free_data;
	CMS_ContentInfo_free(cms);
	cms = NULL;
free_data:
	BIO_free(data);
	return cms;
}

/**
 * cms_sign() - sign a manifest
 * @key: file with the private key, PEM
 * @cert: file with its certificate, PEM or DER
 * @manifest: the manifest
 * @out: gets the signature; free it with bytes_free()
 *
 * Does the same as the openssl line in Documentation/package-format.rst.
 *
 * Return: 0, -ENOENT if key or certificate cannot be read, -EIO if libcrypto
 * cannot sign with them, -EKEYREJECTED if the signature is not of the form
 * that cms_check() asks for, or -ENOMEM.
 */
int cms_sign(const char *key, const char *cert, const struct bytes *manifest,
	     struct bytes *out)
{
	CMS_ContentInfo *cms;
	EVP_PKEY *pkey = NULL;
	X509 *x509;
	int err = -ENOENT;

	x509 = load_cert(cert);
	if (x509)
		pkey = load_key(key);
	if (!pkey)
		goto free_cert;
	err = -EIO;
	cms = sign(x509, pkey, manifest);
	if (!cms) {
		mkpkg_error("cannot sign with %s and %s: %s", key, cert,
			    ssl_reason());
		goto free_key;
	}
	err = cms_encode(cms, out);
	CMS_ContentInfo_free(cms);
	if (!err)
		err = cms_check("the new signature", out->data, out->size);
free_key:
	EVP_PKEY_free(pkey);
free_cert:
	X509_free(x509);
	return err;
}

static int verify(CMS_ContentInfo *cms, X509 *cert, const u8 *manifest,
		  size_t size)
{
	struct stack_st_X509 *certs = sk_X509_new_null();
	BIO *data = BIO_new_mem_buf(manifest, size);
	int good = 0;

	if (certs && data && sk_X509_push(certs, cert) > 0)
		good = CMS_verify(cms, certs, NULL, data, NULL, VERIFY_FLAGS);
	BIO_free(data);
	sk_X509_free(certs);
	return good == 1 ? 0 : -EKEYREJECTED;
}

/**
 * cms_verify() - verify a signature with one certificate
 * @name: what to call it in the error line
 * @der: the signature, accepted by cms_check()
 * @size: its bytes
 * @cert: file with the certificate, PEM or DER
 * @manifest: what was signed
 * @manifest_size: bytes of it
 *
 * Return: 0, -ENOENT if the certificate cannot be read, -EBADMSG if @der is
 * not CMS, or -EKEYREJECTED if the signature is not that key's over that
 * manifest.
 */
int cms_verify(const char *name, const u8 *der, size_t size, const char *cert,
	       const u8 *manifest, size_t manifest_size)
{
	X509 *x509 = load_cert(cert);
	CMS_ContentInfo *cms;
	int err = -EBADMSG;

	if (!x509)
		return -ENOENT;
	cms = cms_decode(der, size);
	if (cms)
		err = verify(cms, x509, manifest, manifest_size);
	if (err)
		mkpkg_error("%s does not verify with %s: %s", name, cert,
			    ssl_reason());
	CMS_ContentInfo_free(cms);
	X509_free(x509);
	return err;
}
