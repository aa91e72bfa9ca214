/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * step.h - what step.c and window.c share
 */
#ifndef FWSLOT_KMOD_STEP_H
#define FWSLOT_KMOD_STEP_H

#include "session.h"

/* What became of the old content of a bootloader whose write failed. */
enum fwslot_put_back {
	FWSLOT_NOT_PUT_BACK,	/* nothing to put back, or nothing happened */
	FWSLOT_PUT_BACK,
	FWSLOT_PUT_BACK_FAILED,
};

/**
 * struct step - a step that is being carried out
 * @s: the session
 * @step: the step
 * @dev: its unit
 * @found: manifest and digest table of what is written
 * @w: the engine
 * @copy: memory for a chunk from the twin, or NULL
 * @window: it writes a bootloader, which must not stop half way
 * @firm: what was there before had a valid record
 * @put_back: how much of that is there again, after a failure
 * @changed: what the unit's mark was before the step
 * @broken: what the unit's mark was before the step
 * @written: what the session's progress said before the step
 * @flags: what the session's progress said before the step
 */
struct step {
	struct fwslot_session *s;
	const struct fwslot_step *step;
	struct fwslot_dev *dev;
	struct fwslot_found *found;
	struct fwslot_writer w;
	u8 *copy;
	bool window;
	bool firm;
	enum fwslot_put_back put_back;
	bool changed;
	bool broken;
	u32 written;
	u32 flags;
};

int fwslot_window_prepare(struct step *st);
int fwslot_window_begin(struct step *st);
void fwslot_window_put_back(struct step *st);
void fwslot_window_end(struct step *st);

#endif /* FWSLOT_KMOD_STEP_H */
