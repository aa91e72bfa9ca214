// SPDX-License-Identifier: GPL-2.0-only
/*
 * worker.c - the one worker: all flash work of a session, from start to end
 *
 * A session is over when this function is: by commit, by failure, by the file
 * being closed, or because nothing came for too long.
 */
#include <linux/module.h>
#include "session.h"

/* From here on these flash operations are the session's, and end with it. */
static void take_flash(const bool *cancel)
{
	struct fwslot_dev *dev;
	u32 unit;

	for (unit = 0; unit < FWSLOT_UNITS; unit++) {
		dev = &fwslot_devs[unit];
		dev->cancel = cancel;
		dev->worker_binding = READ_ONCE(dev->binding);
		dev->busy_ns = 0;
		WRITE_ONCE(dev->worker, cancel ? current : NULL);
	}
}

static u32 step_blocks(struct fwslot_session *s, const struct fwslot_step *step)
{
	const struct fwslot_geometry *geo = &fwslot_devs[step->unit].flash.geo;
	struct fwslot_found *found = s->found[step->image];
	struct fwslot_record rec;

	if (step->action == FWSLOT_ACTION_SKIP)
		return 0;
	if (step->action == FWSLOT_ACTION_RECORD && s->heal_from[step->unit])
		found = s->heal_from[step->unit];
	rec = found->rec;
	if (fwslot_record_layout(geo, fwslot_found_image(found), &rec))
		return 0;
	if (step->action == FWSLOT_ACTION_RECORD)
		return fwslot_record_blocks(geo, &rec);
	return fwslot_record_blocks(geo, &rec) +
	       fwslot_wanted_blocks(geo, fwslot_found_image(found),
				    fwslot_wanted_unit(s, step->unit));
}

static int make_plan(struct fwslot_session *s)
{
	u32 reason, i;
	int err;

	reason = fwslot_survey(s, &err);
	if (!reason)
		reason = fwslot_plan_make(&s->req, &s->plan);
	if (!reason && fwslot_wanted_plan(s))
		reason = FWSLOT_REASON_NO_MEMORY;
	if (!reason && fwslot_input_alloc(s))
		reason = FWSLOT_REASON_NO_MEMORY;
	if (reason) {
		s->plan.n_steps = 0;
		err = err ?: fwslot_reason_errno(reason);
		fwslot_session_fail(s, reason, err);
		return err;
	}
	for (i = 0; i < s->plan.n_steps; i++)
		s->plan.steps[i].blocks = step_blocks(s, &s->plan.steps[i]);
	return 0;
}

static bool inputs_done(struct fwslot_session *s)
{
	bool yes;

	spin_lock(&s->lock);
	yes = s->inputs_done || s->abort;
	spin_unlock(&s->lock);
	return yes;
}

static bool may_end(struct fwslot_session *s)
{
	bool yes;

	spin_lock(&s->lock);
	yes = s->committed || s->abort;
	spin_unlock(&s->lock);
	return yes;
}

/* A record that was only tried where nobody asked for one does not count. */
static bool is_asked_for(const struct fwslot_session *s,
			 const struct fwslot_step *step)
{
	return step->action == FWSLOT_ACTION_WRITE ||
	       (step->action == FWSLOT_ACTION_RECORD &&
		(s->req.slots & BIT(fwslot_unit_slot(step->unit))));
}

/*
 * Each unit was read back when it was written; what came after it may have been
 * programmed over it, by a chip that does not decode all of an address.
 */
static int look_again(struct fwslot_session *s)
{
	struct fwslot_dev *dev;
	u32 i, state, reason;
	int err;

	for (i = 0; i < s->plan.n_steps; i++) {
		dev = &fwslot_devs[s->plan.steps[i].unit];
		if (!is_asked_for(s, &s->plan.steps[i]))
			continue;
		err = fwslot_verify_dev(dev);
		/* All is written; that nobody looks again takes none of it back. */
		if (err == -ECANCELED || err == -ENOMEM)
			return 0;
		state = fwslot_dev_state(dev);
		if (!err && (state == FWSLOT_STATE_VERIFIED ||
			     state == FWSLOT_STATE_UNTRUSTED))
			continue;
		reason = err == -ENODEV ? FWSLOT_REASON_SLOT_GONE :
			 err ? FWSLOT_REASON_FLASH_IO : FWSLOT_REASON_READ_BACK;
		fwslot_session_fail(s, reason, err ?: -EIO);
		return err ?: -EIO;
	}
	return 0;
}

static int run_steps(struct fwslot_session *s)
{
	u32 step;
	int err;

	for (step = 0; step < s->plan.n_steps; step++) {
		spin_lock(&s->lock);
		s->progress.step = step;
		s->progress.blocks_done = 0;
		s->progress.blocks_total = s->plan.steps[step].blocks;
		s->progress.phase = FWSLOT_PHASE_STAGE;
		err = s->abort ? -ECANCELED : 0;
		spin_unlock(&s->lock);
		if (!err)
			err = fwslot_step_run(s, step);
		if (!err && step + 1 == s->plan.n_steps)
			err = look_again(s);
		if (err)
			return err;
		spin_lock(&s->lock);
		s->progress.steps_done = step + 1;
		s->progress.blocks_done = s->progress.blocks_total;
		/* Whoever sees the last step complete may commit. */
		if (step + 1 == s->plan.n_steps)
			s->progress.phase = FWSLOT_PHASE_DONE;
		spin_unlock(&s->lock);
		wake_up_all(&s->wait);
	}
	return 0;
}

/* A dry run: all that was wanted has come and is authentic. */
static int check_only(struct fwslot_session *s)
{
	int err = fwslot_input_wait(s, inputs_done);

	if (err)
		return err;
	spin_lock(&s->lock);
	s->progress.steps_done = s->plan.n_steps;
	s->progress.phase = FWSLOT_PHASE_DONE;
	spin_unlock(&s->lock);
	wake_up_all(&s->wait);
	return 0;
}

static int run(struct fwslot_session *s)
{
	int err;

	fwslot_session_phase(s, FWSLOT_PHASE_SURVEY);
	err = make_plan(s);
	if (!err)
		fwslot_session_phase(s, FWSLOT_PHASE_STAGE);
	complete_all(&s->planned);
	if (err)
		return err;
	err = fwslot_session_check(s) ? check_only(s) : run_steps(s);
	if (err)
		return err;
	return fwslot_input_wait(s, may_end);
}

/* Who held a device open before it was bound may have opened its chip. */
static void lock_open_units(void)
{
	struct fwslot_dev *dev;
	u32 unit;
	int err;

	for (unit = 0; unit < FWSLOT_UNITS; unit++) {
		dev = &fwslot_devs[unit];
		if (fwslot_flash_lock_state(dev) != FWSLOT_LOCK_OPEN)
			continue;
		err = fwslot_flash_set_lock(dev, true);
		fwslot_audit(FWSLOT_EVENT_STATE, unit,
			     err ? FWSLOT_REASON_LOCK_FAILED :
				   FWSLOT_REASON_NONE, "was found unlocked");
	}
}

/**
 * fwslot_worker() - a session, from survey to end
 * @work: fwslot_session.work
 */
void fwslot_worker(struct work_struct *work)
{
	struct fwslot_session *s = container_of(work, struct fwslot_session,
						work);
	u32 unit;

	take_flash(&s->abort);
	lock_open_units();
	run(s);
	lock_open_units();
	take_flash(NULL);
	for (unit = 0; unit < FWSLOT_UNITS; unit++)
		fwslot_flash_report(&fwslot_devs[unit]);
	fwslot_session_ended(s);
}
