// SPDX-License-Identifier: GPL-2.0-only
/*
 * sign.c - trusted keys and the check of signatures
 *
 * Each trusted certificate is compiled in and sits alone in a private keyring,
 * closed after it is filled, so that success says which key signed.  The kernel's
 * own keyrings are never asked: whoever may sign kernel modules may not
 * therefore sign firmware.  Prior art for a module with keys of its own:
 * net/wireless/reg.c.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cred.h>
#include <linux/key.h>
#include <linux/slab.h>
#include <linux/verification.h>
#include <keys/asymmetric-type.h>
#include "certs.h"
#include "fwslot.h"

/**
 * struct fwslot_key - a trusted key
 * @cert: its certificate
 * @ring: keyring that holds it alone, NULL: it could not be loaded
 */
struct fwslot_key {
	const struct fwslot_cert *cert;
	struct key *ring;
};

static struct fwslot_key *keys;

#define RING_PERM	((KEY_POS_ALL & ~KEY_POS_SETATTR) | \
			 KEY_USR_VIEW | KEY_USR_READ)

static int load_key(struct fwslot_key *key)
{
	key_ref_t ref;
	int err;

	key->ring = keyring_alloc(".fwslot", GLOBAL_ROOT_UID, GLOBAL_ROOT_GID,
				  current_cred(), RING_PERM,
				  KEY_ALLOC_NOT_IN_QUOTA, NULL, NULL);
	if (IS_ERR(key->ring)) {
		err = PTR_ERR(key->ring);
		key->ring = NULL;
		return err;
	}
	ref = key_create_or_update(make_key_ref(key->ring, 1), "asymmetric",
				   NULL, key->cert->der, key->cert->len,
				   RING_PERM & ~KEY_POS_WRITE,
				   KEY_ALLOC_NOT_IN_QUOTA |
				   KEY_ALLOC_BUILT_IN |
				   KEY_ALLOC_BYPASS_RESTRICTION);
	if (IS_ERR(ref)) {
		err = PTR_ERR(ref);
		goto put_ring;
	}
	key_ref_put(ref);
	err = keyring_restrict(make_key_ref(key->ring, 1), NULL, NULL);
	if (err)
		goto put_ring;
	return 0;

put_ring:
	key_put(key->ring);
	key->ring = NULL;
	return err;
}

/**
 * fwslot_keys_init() - load the compiled-in certificates
 *
 * A certificate that the running kernel cannot use is reported and left out.
 * Without any key the module still protects the slots; it installs nothing.
 *
 * Return: 0 or -ENOMEM.
 */
int __init fwslot_keys_init(void)
{
	unsigned int i;
	int err;

	keys = kcalloc(fwslot_n_certs, sizeof(*keys), GFP_KERNEL);
	if (!keys)
		return -ENOMEM;
	for (i = 0; i < fwslot_n_certs; i++) {
		keys[i].cert = &fwslot_certs[i];
		err = load_key(&keys[i]);
		if (err)
			pr_err("key \"%s\" cannot be used by this kernel: %d\n",
			       keys[i].cert->name, err);
	}
	if (fwslot_devkey)
		pr_warn("built with a DEVELOPMENT KEY: anybody may sign for it\n");
	if (!fwslot_keys_usable())
		pr_err("no usable key: the slots are protected, nothing can be installed\n");
	return 0;
}

/**
 * fwslot_keys_exit() - free the keyrings
 */
void fwslot_keys_exit(void)
{
	unsigned int i;

	for (i = 0; i < fwslot_n_certs; i++)
		key_put(keys[i].ring);
	kfree(keys);
}

/**
 * fwslot_keys_usable() - is there a key that may install something
 */
bool fwslot_keys_usable(void)
{
	unsigned int i;

	for (i = 0; i < fwslot_n_certs; i++)
		if (keys[i].ring && !keys[i].cert->retired)
			return true;
	return false;
}

static u32 reason_of(int err)
{
	switch (err) {
	case -EKEYREJECTED:
		return FWSLOT_REASON_BAD_SIGNATURE;
	case -ENOKEY:
		return FWSLOT_REASON_UNKNOWN_KEY;
	case -ENOMEM:
		return FWSLOT_REASON_NO_MEMORY;
	default:
		return FWSLOT_REASON_BAD_SIGNATURE_FORM;
	}
}

/**
 * fwslot_signature_check() - which trusted key signed these bytes
 * @data: the signed bytes, not empty
 * @len: how many
 * @sig: detached CMS signature, DER
 * @sig_len: bytes of it
 * @signer: the key, also for FWSLOT_REASON_RETIRED_KEY; else NULL
 *
 * May sleep and load a module.
 *
 * Return: FWSLOT_REASON_NONE, _RETIRED_KEY, _UNKNOWN_KEY, _BAD_SIGNATURE,
 * _BAD_SIGNATURE_FORM or _NO_MEMORY.
 */
u32 fwslot_signature_check(const void *data, u32 len, const void *sig,
			   u32 sig_len, const struct fwslot_key **signer)
{
	u32 reason = FWSLOT_REASON_UNKNOWN_KEY;
	unsigned int i;
	int err;

	*signer = NULL;
	/* A NULL or empty message would verify what is inside the signature. */
	if (!data || !len || fwslot_cms_check(sig, sig_len))
		return FWSLOT_REASON_BAD_SIGNATURE_FORM;
	for (i = 0; i < fwslot_n_certs; i++) {
		if (!keys[i].ring)
			continue;
		err = verify_pkcs7_signature(data, len, sig, sig_len,
					     keys[i].ring,
					     VERIFYING_UNSPECIFIED_SIGNATURE,
					     NULL, NULL);
		if (!err) {
			*signer = &keys[i];
			return keys[i].cert->retired ?
				FWSLOT_REASON_RETIRED_KEY : FWSLOT_REASON_NONE;
		}
		/* What a key that knows the signer says tells the most. */
		if (err != -ENOKEY)
			reason = reason_of(err);
	}
	return reason;
}

/**
 * fwslot_key_name() - name of a key, printable
 * @key: the key, or NULL
 */
const char *fwslot_key_name(const struct fwslot_key *key)
{
	return key ? key->cert->name : "";
}

/**
 * fwslot_key_flags() - flags of a key
 * @key: the key
 *
 * Return: FWSLOT_KEY_*.
 */
u32 fwslot_key_flags(const struct fwslot_key *key)
{
	u32 flags = 0;

	if (key->ring)
		flags |= FWSLOT_KEY_USABLE;
	if (key->cert->retired)
		flags |= FWSLOT_KEY_RETIRED;
	return flags;
}

/**
 * fwslot_key_next() - go through the keys
 * @key: one of them, or NULL to start
 *
 * Return: the next, or NULL.
 */
const struct fwslot_key *fwslot_key_next(const struct fwslot_key *key)
{
	const struct fwslot_key *next = key ? key + 1 : keys;

	return next < keys + fwslot_n_certs ? next : NULL;
}
