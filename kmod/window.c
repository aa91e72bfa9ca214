// SPDX-License-Identifier: GPL-2.0-only
/*
 * window.c - the write of a bootloader: nobody stops it, nothing is waited for
 *
 * Design rule R8.  What the write may change is read before it begins, and put
 * back if the flash fails.  Between begin and end nothing is allocated and no
 * line is logged.
 */
#include "step.h"

/**
 * fwslot_window_prepare() - keep what a bootloader's write may change
 * @st: the step; nothing is done if it is not one
 *
 * Flash that does not answer now is not to be erased.
 *
 * Return: 0, or the negative errno of a read.
 */
int fwslot_window_prepare(struct step *st)
{
	return st->window ? fwslot_writer_keep(&st->w) : 0;
}

static bool aborted(struct fwslot_session *s)
{
	bool yes;

	spin_lock(&s->lock);
	yes = s->abort;
	if (!yes)
		s->progress.flags |= FWSLOT_PROGRESS_WINDOW;
	spin_unlock(&s->lock);
	return yes;
}

/**
 * fwslot_window_begin() - from here on nobody stops the write
 * @st: the step; nothing is done if it is not a bootloader's
 *
 * Return: 0, -ECANCELED if the session was stopped before, or -ENODEV if the
 * flash is going away.
 */
int fwslot_window_begin(struct step *st)
{
	struct fwslot_dev *dev = st->dev;
	int err = 0;

	if (!st->window)
		return 0;
	mutex_lock(&fwslot_lock);
	if (dev->going)
		err = -ENODEV;
	else if (aborted(st->s))
		err = -ECANCELED;
	else
		WRITE_ONCE(dev->window, true);
	mutex_unlock(&fwslot_lock);
	if (err)
		return err;
	dev->cancel = NULL;
	wake_up_all(&st->s->wait);
	return 0;
}

/**
 * fwslot_window_put_back() - do not leave a bootloader in pieces
 * @st: the step, failed, its flash still unlocked
 */
void fwslot_window_put_back(struct step *st)
{
	if (!st->w.kept || st->w.whole || !st->w.touched)
		return;
	st->put_back = fwslot_writer_restore(&st->w) ? FWSLOT_PUT_BACK_FAILED :
						       FWSLOT_PUT_BACK;
}

/**
 * fwslot_window_end() - the write is over, and its flash is locked
 * @st: the step
 */
void fwslot_window_end(struct step *st)
{
	struct fwslot_session *s = st->s;

	WRITE_ONCE(st->dev->window, false);
	st->dev->cancel = &s->abort;
	wake_up_all(&st->dev->window_end);
	spin_lock(&s->lock);
	s->progress.flags &= ~FWSLOT_PROGRESS_WINDOW;
	spin_unlock(&s->lock);
	if (st->put_back == FWSLOT_NOT_PUT_BACK)
		return;
	fwslot_audit(FWSLOT_EVENT_FAILED, st->dev->id, st->w.reason,
		     st->put_back == FWSLOT_PUT_BACK ?
		     "its old content was put back" :
		     "its old content cannot be put back");
}
