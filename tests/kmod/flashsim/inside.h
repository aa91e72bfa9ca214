/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What the files of the flash model share among themselves
 *
 * Users of the model include model.h and need nothing of this.
 */
#ifndef FLASHSIM_INSIDE_H
#define FLASHSIM_INSIDE_H

#include "model.h"

/* Where an access to @ofs really goes: fault.c may have stuck an address line. */
static inline u64 flashsim_wired(const struct flashsim_model *m, u64 ofs)
{
	if (m->fault.kind != FLASHSIM_FAULT_WRAP)
		return ofs;
	return ofs & ~m->fault.line;
}

/* Bytes from @ofs that are together on the chip, at most @len. */
static inline u64 flashsim_piece(const struct flashsim_model *m, u64 ofs,
				 u64 len)
{
	if (m->fault.kind != FLASHSIM_FAULT_WRAP)
		return len;
	return min_t(u64, len, m->fault.line - (ofs & (m->fault.line - 1)));
}

static inline u64 flashsim_block(const struct flashsim_model *m, u64 ofs)
{
	return flashsim_wired(m, ofs) >> m->erase_shift;
}

/* The worse of two results of a read. */
static inline int flashsim_worse(int a, int b)
{
	return a == -EBADMSG || !b ? a : b;
}

/* model.c */
int flashsim_refuse(struct flashsim_model *m, int err);
bool flashsim_range_ok(const struct flashsim_model *m, u64 ofs, u64 len,
		       u32 unit);
void flashsim_do(struct flashsim_model *m, const struct flashsim_step *step);

/* lock.c */
bool flashsim_any_locked(const struct flashsim_model *m, u64 ofs, u64 len);

/* damage.c */
u32 flashsim_mix(u32 x);
u32 flashsim_random(u32 *state);
u32 flashsim_spot(u32 *state, u32 len);

/* unstable.c */
void flashsim_unstable_make(struct flashsim_model *m,
			    const struct flashsim_step *step, u32 *rnd);
void flashsim_unstable_forget(struct flashsim_model *m, u64 ofs, u64 len);
int flashsim_unstable_read(struct flashsim_model *m, u64 ofs, u8 *buf, u64 len);

/* nand.c */
int flashsim_nand_check_erase(const struct flashsim_model *m, u64 ofs, u64 len);
int flashsim_nand_check_program(const struct flashsim_model *m, u64 ofs,
				u64 len);
void flashsim_nand_mark(struct flashsim_model *m,
			const struct flashsim_step *step,
			enum flashsim_page state);
void flashsim_nand_stop_erase(struct flashsim_model *m, u64 ofs, bool late,
			      u32 *rnd);
int flashsim_nand_ecc(const struct flashsim_model *m, u64 ofs, u64 len);

/* fault.c */
bool flashsim_fault_hits(const struct flashsim_model *m,
			 enum flashsim_fault_kind kind, u64 number);
int flashsim_fault_read(struct flashsim_model *m, u8 *buf, u64 len);
void flashsim_garble(u8 *buf, u64 len);

#endif /* FLASHSIM_INSIDE_H */
