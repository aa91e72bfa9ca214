// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Faults of the flash model that are no power cuts
 *
 * A chip has one fault at a time.  Each call asks here whether it is hit; the
 * stuck address line is in inside.h, because every access goes over it.
 */
#include "inside.h"

/**
 * flashsim_fault_arm() - give the chip a fault
 * @m: chip
 * @fault: fault, copied; NULL to repair the chip
 */
void flashsim_fault_arm(struct flashsim_model *m,
			const struct flashsim_fault *fault)
{
	if (fault)
		m->fault = *fault;
	else
		memset(&m->fault, 0, sizeof(m->fault));
}

/* Does operation @number of this kind go wrong? */
bool flashsim_fault_hits(const struct flashsim_model *m,
			 enum flashsim_fault_kind kind, u64 number)
{
	if (m->fault.kind != kind)
		return false;
	return number == m->fault.at ||
	       (m->fault.sticky && number > m->fault.at);
}

/* Make data wrong that cannot be trusted: never a byte that is right by luck. */
void flashsim_garble(u8 *buf, u64 len)
{
	u64 i;

	for (i = 0; i < len; i += 64)
		buf[i] ^= 1U << (i >> 6 & 7);
}

/* What becomes of a read that is hit. */
int flashsim_fault_read(struct flashsim_model *m, u8 *buf, u64 len)
{
	int err = m->fault.err;

	if (!err)
		memset(buf, 0xff, len);
	else if (err != -EUCLEAN)
		flashsim_garble(buf, len);
	if (err && err != -EUCLEAN)
		m->count.failed++;
	return err;
}
