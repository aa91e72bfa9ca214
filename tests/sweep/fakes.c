// SPDX-License-Identifier: MIT
/*
 * fakes.c - what stands for params.c, sign.c and audit.c
 *
 * Linked into the module, so that its state goes with the power.
 */
#include "inside.h"

struct fwslot_config fwslot_config;

/* The one trusted key. */
struct fwslot_key {
	char name[8];
};

static const struct fwslot_key key = { "factory" };

bool fwslot_keys_usable(void)
{
	return true;
}

u32 fwslot_signature_check(const void *data, u32 len, const void *sig,
			   u32 sig_len, const struct fwslot_key **signer)
{
	u8 want[FWSLOT_DIGEST_SIZE];

	*signer = NULL;
	if (sig_len != sizeof(want))
		return FWSLOT_REASON_BAD_SIGNATURE_FORM;
	package_sign(data, len, want);
	if (memcmp(sig, want, sizeof(want)))
		return FWSLOT_REASON_BAD_SIGNATURE;
	*signer = &key;
	return FWSLOT_REASON_NONE;
}

/* Sizes and numbers only: what the session says of itself has a pointer. */
void fwslot_audit(u32 event, u32 unit, u32 reason, const char *text)
{
	if (!machine_log)
		return;
	fprintf(machine_log, "      %s %s %s %s\n", fwslot_event_word(event),
		unit < FWSLOT_UNITS ? fwslot_unit_word(unit) : "",
		fwslot_reason_word(reason),
		unit < FWSLOT_UNITS ? text : "");
}

void fwslot_event(u32 event, u32 unit, u32 reason)
{
	(void)event;
	(void)unit;
	(void)reason;
}
