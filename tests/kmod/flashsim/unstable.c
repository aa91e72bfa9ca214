// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Weak bits of the flash model
 *
 * A step that was stopped just before its end leaves cells that read right for
 * a while.  On NOR some of the cells that the step changed are weak: each read
 * decides anew which of them are wrong.  On NAND the ECC notices, and what
 * varies is whether it can still correct.  Nothing but an erase helps.
 */
#include "inside.h"

/* Which bits of byte @i does the step change?  An erase works on all cells. */
static u8 changed(const u8 *old, const struct flashsim_step *step, u32 i)
{
	return step->erase ? 0xff : old[i] & ~step->buf[i];
}

/* The first changed bit from a random one on, going round. */
static bool weak_bit(const u8 *old, const struct flashsim_step *step, u32 *rnd,
		     u32 *bit)
{
	u32 at = flashsim_spot(rnd, step->len);
	u32 shift = flashsim_random(rnd) & 7;
	u32 n, i;
	u8 bits;

	for (n = 0; n < step->len; n++, at = at + 1 < step->len ? at + 1 : 0) {
		bits = changed(old, step, at);
		if (!bits)
			continue;
		for (i = shift; !(bits & 1U << i); i = (i + 1) & 7)
			;
		*bit = at * 8 + i;
		return true;
	}
	return false;
}

static struct flashsim_unstable *new_region(struct flashsim_model *m)
{
	struct flashsim_unstable *u = m->unstable;

	if (m->n_unstable == FLASHSIM_UNSTABLE_REGIONS) {
		memmove(u, u + 1, sizeof(*u) * --m->n_unstable);
		u = m->unstable;
	}
	u += m->n_unstable++;
	memset(u, 0, sizeof(*u));
	return u;
}

/* Do the step, and leave it unstable.  One that changes no bit is just done. */
void flashsim_unstable_make(struct flashsim_model *m,
			    const struct flashsim_step *step, u32 *rnd)
{
	u32 wanted = 1 + (flashsim_random(rnd) & (FLASHSIM_WEAK_BITS - 1));
	const u8 *old = m->array + step->ofs;
	struct flashsim_unstable u = {
		.ofs = step->ofs,
		.len = step->len,
		.seed = flashsim_random(rnd),
		.good = flashsim_random(rnd) & 7,
		.to = !step->erase,
	};

	if (!m->geo.nand)
		while (u.n_bits < wanted &&
		       weak_bit(old, step, rnd, &u.bits[u.n_bits]))
			u.n_bits++;
	flashsim_do(m, step);
	if (m->geo.nand || u.n_bits)
		*new_region(m) = u;
}

/* Drop what is in the range; true if nothing is left of the region. */
static bool forget(struct flashsim_unstable *u, bool nand, u64 ofs, u64 end)
{
	u32 kept = 0;
	u32 i;
	u64 at;

	if (nand)
		return u->ofs >= ofs && u->ofs + u->len <= end;
	for (i = 0; i < u->n_bits; i++) {
		at = u->ofs + (u->bits[i] >> 3);
		if (at < ofs || at >= end)
			u->bits[kept++] = u->bits[i];
	}
	u->n_bits = kept;
	return !kept;
}

/* Bytes were erased, or filled by an erase: they are stable again. */
void flashsim_unstable_forget(struct flashsim_model *m, u64 ofs, u64 len)
{
	u32 kept = 0;
	u32 i;

	for (i = 0; i < m->n_unstable; i++)
		if (!forget(&m->unstable[i], m->geo.nand, ofs, ofs + len))
			m->unstable[kept++] = m->unstable[i];
	m->n_unstable = kept;
}

static void read_weak(const struct flashsim_unstable *u, u64 ofs, u8 *buf,
		      u64 len)
{
	u32 rnd = u->seed ^ flashsim_mix(u->reads);
	u32 i;
	u64 at;
	u8 mask;

	for (i = 0; i < u->n_bits; i++) {
		at = u->ofs + (u->bits[i] >> 3);
		mask = 1U << (u->bits[i] & 7);
		if (!(flashsim_random(&rnd) & 1) || at < ofs || at >= ofs + len)
			continue;
		if (u->to)
			buf[at - ofs] |= mask;
		else
			buf[at - ofs] &= ~mask;
	}
}

static int read_ecc(const struct flashsim_unstable *u, u64 ofs, u8 *buf,
		    u64 len)
{
	u64 from = max_t(u64, ofs, u->ofs);
	u64 to = min_t(u64, ofs + len, u->ofs + u->len);

	if (flashsim_mix(u->seed ^ flashsim_mix(u->reads)) & 1)
		return -EUCLEAN;
	flashsim_garble(buf + (from - ofs), to - from);
	return -EBADMSG;
}

/* A read of the chip gave @buf: what do weak bits make of it? */
int flashsim_unstable_read(struct flashsim_model *m, u64 ofs, u8 *buf, u64 len)
{
	struct flashsim_unstable *u = m->unstable;
	struct flashsim_unstable *end = u + m->n_unstable;
	int err = 0;

	for (; u < end; u++) {
		if (u->ofs >= ofs + len || ofs >= u->ofs + u->len)
			continue;
		if (u->good) {
			u->good--;
			continue;
		}
		u->reads++;
		if (m->geo.nand)
			err = flashsim_worse(err, read_ecc(u, ofs, buf, len));
		else
			read_weak(u, ofs, buf, len);
	}
	return err;
}
