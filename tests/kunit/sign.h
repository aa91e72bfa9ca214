/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sign.h - the signatures of sign_vectors.sh
 */
#ifndef FWSLOT_KUNIT_SIGN_H
#define FWSLOT_KUNIT_SIGN_H

#include <linux/types.h>

/**
 * struct sign_vector - a signature and what is to become of it
 * @name: what it is
 * @der: the signature
 * @len: bytes of it
 * @reason: what fwslot_signature_check() has to say
 * @signer: name of the key that it has to find, NULL: none
 */
struct sign_vector {
	const char *name;
	const u8 *der;
	u32 len;
	u32 reason;
	const char *signer;
};

extern const struct sign_vector sign_vectors[];
extern const u32 sign_n_vectors;

/* What was signed. */
extern const u8 sign_data[];
extern const u32 sign_data_len;

#endif /* FWSLOT_KUNIT_SIGN_H */
