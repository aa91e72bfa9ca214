// SPDX-License-Identifier: GPL-2.0-only
/*
 * step.c - carries out one step of a plan
 *
 * Memory is got first; then the guard is asked once more; then the unit is
 * unlocked, written by the core's engine, and locked again on every path.
 * While a bootloader is written nothing is allocated, no user is asked and
 * nobody can stop it (design rule R8).
 */
#include <linux/slab.h>
#include "step.h"

static struct fwslot_dev *twin_of(const struct fwslot_dev *dev)
{
	return &fwslot_devs[dev->id == FWSLOT_UNIT_PRIMARY ?
			    FWSLOT_UNIT_SECONDARY : FWSLOT_UNIT_PRIMARY];
}

static u64 busy_ms(void)
{
	u64 ns = 0;
	u32 unit;

	for (unit = 0; unit < FWSLOT_UNITS; unit++)
		ns += fwslot_devs[unit].busy_ns;
	return div_u64(ns, NSEC_PER_MSEC);
}

static void show_progress(struct step *st)
{
	struct fwslot_session *s = st->s;

	spin_lock(&s->lock);
	s->progress.blocks_done = st->w.blocks;
	s->progress.flash_ms = busy_ms();
	spin_unlock(&s->lock);
	wake_up_all(&s->wait);
	if (!st->dev->window)
		fwslot_event(FWSLOT_EVENT_PROGRESS, st->dev->id,
			     FWSLOT_REASON_NONE);
}

static bool get_memory(u8 **p, bool needed, size_t size)
{
	if (needed)
		*p = kvmalloc(size, GFP_KERNEL);
	return !needed || *p;
}

static int step_alloc(struct step *st)
{
	const struct fwslot_image *img = fwslot_found_image(st->found);
	u32 block = st->dev->flash.geo.erase_size;
	u32 chunk = img->chunk_size;

	if (get_memory(&st->w.first, true, block) &&
	    get_memory(&st->w.block, block > chunk, block) &&
	    get_memory(&st->w.scratch, true, max_t(u32, block, chunk)) &&
	    get_memory(&st->w.old, st->window, fwslot_writer_old_size(&st->w)) &&
	    get_memory(&st->copy, st->step->source == FWSLOT_SOURCE_TWIN,
		       chunk))
		return 0;
	return -ENOMEM;
}

static void step_free(struct step *st)
{
	kvfree(st->w.first);
	kvfree(st->w.block);
	kvfree(st->w.scratch);
	kvfree(st->w.old);
	kvfree(st->copy);
}

static const u8 *twin_chunk(struct step *st, int *err)
{
	const struct fwslot_image *img = fwslot_found_image(st->found);
	const u8 *table = fwslot_found_table(st->found);
	const struct fwslot_flash *twin = &twin_of(st->dev)->flash;
	u32 n = st->w.chunk, len = fwslot_chunk_len(img, n);

	*err = twin->ops->read(twin->ctx, (u64)n * img->chunk_size, st->copy,
			       len);
	if (!*err &&
	    !fwslot_prove(st->copy, len, table + n * FWSLOT_DIGEST_SIZE))
		*err = -EIO;
	if (!*err)
		return st->copy;
	if (*err != -ECANCELED)
		fwslot_session_fail(st->s, FWSLOT_REASON_TWIN_CORRUPT, *err);
	return NULL;
}

static const u8 *next_chunk(struct step *st, int *err)
{
	const struct fwslot_image *img = fwslot_found_image(st->found);

	*err = 0;
	switch (st->step->source) {
	case FWSLOT_SOURCE_STAGED:
		return st->s->stage + (size_t)st->w.chunk * img->chunk_size;
	case FWSLOT_SOURCE_TWIN:
		return twin_chunk(st, err);
	default:
		return fwslot_input_next(st->s, err);
	}
}

/* Wait until the step's first chunk (a bootloader: all) is authenticated. */
static int wait_data(struct step *st)
{
	int err;

	if (st->step->action == FWSLOT_ACTION_RECORD)
		return 0;
	if (st->step->source == FWSLOT_SOURCE_STAGED)
		return fwslot_input_staged(st->s);
	next_chunk(st, &err);
	return err;
}

static int write_chunks(struct step *st)
{
	const u8 *data;
	int err;

	while (st->w.state == FWSLOT_WRITER_READY ||
	       st->w.state == FWSLOT_WRITER_BODY) {
		data = next_chunk(st, &err);
		if (!data)
			return err;
		err = fwslot_writer_chunk(&st->w, data);
		if (st->step->source == FWSLOT_SOURCE_STREAM)
			fwslot_input_release(st->s);
		if (err)
			return err;
		show_progress(st);
	}
	fwslot_session_phase(st->s, FWSLOT_PHASE_CHECK);
	return fwslot_writer_finish(&st->w);
}

/* Units whose chip says that they are locked. */
static u32 locked_units(void)
{
	u32 unit, units = 0;

	for (unit = 0; unit < FWSLOT_UNITS; unit++)
		if (fwslot_flash_lock_state(&fwslot_devs[unit]) ==
		    FWSLOT_LOCK_LOCKED)
			units |= BIT(unit);
	return units;
}

/* A chip that unlocks a range may open its neighbours as well. */
static int lock_again(u32 units)
{
	u32 unit;

	units &= ~locked_units();
	for (unit = 0; unit < FWSLOT_UNITS; unit++)
		if (units & BIT(unit))
			fwslot_flash_set_lock(&fwslot_devs[unit], true);
	return units & ~locked_units() ? -EIO : 0;
}

/* Everything between unlock and lock. */
static int run_writer(struct step *st)
{
	struct fwslot_dev *dev = st->dev;
	u32 locked = locked_units();
	int err, lock_err;

	err = fwslot_flash_unlock(dev);
	if (err)
		st->w.reason = FWSLOT_REASON_LOCK_FAILED;
	else if (st->step->action == FWSLOT_ACTION_RECORD)
		err = fwslot_writer_record(&st->w);
	else
		err = write_chunks(st);
	if (err && err != -ENODEV)
		fwslot_window_put_back(st);
	lock_err = fwslot_flash_set_lock(dev, true) ?: lock_again(locked);
	if (!err && lock_err) {
		st->w.reason = FWSLOT_REASON_LOCK_FAILED;
		err = lock_err;
	}
	return err;
}

static bool is_booted(const struct fwslot_session *s, u32 unit)
{
	return (unit == FWSLOT_UNIT_PRIMARY &&
		s->req.booted == FWSLOT_BOOTED_PRIMARY) ||
	       (unit == FWSLOT_UNIT_SECONDARY &&
		s->req.booted == FWSLOT_BOOTED_SECONDARY);
}

/* The unit is about to be changed: say so everywhere before it is. */
static int mark_begun(struct step *st)
{
	struct fwslot_session *s = st->s;
	struct fwslot_view *v = &s->req.views[st->dev->id];
	bool write = st->step->action == FWSLOT_ACTION_WRITE;

	if (fwslot_dev_change(st->dev, write ? FWSLOT_CHANGE_WRITE :
					       FWSLOT_CHANGE_NAME,
			      FWSLOT_REASON_NONE, 0))
		return -ENODEV;
	fwslot_dev_found(st->dev, NULL);
	st->changed = st->dev->changed;
	st->broken = st->dev->broken;
	if (write) {
		fwslot_dev_touched(st->dev, true, true);
		v->changed = true;
		v->broken = true;
		v->recorded = false;
		v->matched = false;
		v->untrusted = false;
		v->equal = false;
	}
	spin_lock(&s->lock);
	st->written = s->progress.written;
	st->flags = s->progress.flags;
	s->progress.written |= BIT(st->dev->id);
	if (write && (st->dev->id >= FWSLOT_UNIT_BOOT0 ||
		      is_booted(s, st->dev->id)))
		s->progress.flags |= FWSLOT_PROGRESS_REBOOT;
	spin_unlock(&s->lock);
	return 0;
}

static int mark_done(struct step *st)
{
	struct fwslot_view *v = &st->s->req.views[st->dev->id];
	bool trusted = st->found->signer;

	if (fwslot_dev_change(st->dev, trusted ? FWSLOT_CHANGE_VERIFIED :
						 FWSLOT_CHANGE_UNTRUSTED,
			      trusted ? FWSLOT_REASON_NONE :
					FWSLOT_REASON_UNKNOWN_KEY, 0))
		return -ENODEV;
	fwslot_dev_found(st->dev, fwslot_found_get(st->found));
	if (st->step->action == FWSLOT_ACTION_WRITE) {
		fwslot_dev_touched(st->dev, true, false);
		fwslot_view_written(&st->s->req, v);
	} else {
		v->recorded = true;
		v->heal = false;
	}
	fwslot_audit(FWSLOT_EVENT_STEP, st->dev->id, FWSLOT_REASON_NONE,
		     st->step->action == FWSLOT_ACTION_WRITE ? "written" :
							       "named");
	return 0;
}

static u32 reason_of(int err)
{
	switch (err) {
	case -ENODEV:
		return FWSLOT_REASON_SLOT_GONE;
	case -ECANCELED:
		return FWSLOT_REASON_ABORTED;
	default:
		return FWSLOT_REASON_FLASH_IO;
	}
}

/* What is there after a step that has changed nothing, or has undone it? */
static void look_at(struct step *st)
{
	/* Also if it is flash that came back: it is only looked at. */
	WRITE_ONCE(st->dev->worker, NULL);
	if (st->put_back != FWSLOT_PUT_BACK) {
		fwslot_rescan(st->dev);
		return;
	}
	fwslot_verify_dev(st->dev);
	if (st->firm && fwslot_dev_state(st->dev) != FWSLOT_STATE_VERIFIED)
		fwslot_dev_touched(st->dev, true, true);
}

static void mark_failed(struct step *st, int err)
{
	u32 reason = st->w.reason;

	if (err == -ENODEV)
		reason = FWSLOT_REASON_SLOT_GONE;
	else if (!reason)
		reason = FWSLOT_REASON_ABORTED;
	fwslot_session_fail(st->s, reason, err);
	if (st->w.touched) {
		fwslot_dev_change(st->dev, FWSLOT_CHANGE_BROKEN, reason, err);
		return;
	}
	/* Nothing happened to it, or it was put back: it is what it was. */
	spin_lock(&st->s->lock);
	st->s->progress.written = st->written;
	st->s->progress.flags = st->flags;
	spin_unlock(&st->s->lock);
	fwslot_dev_touched(st->dev, st->changed, st->broken);
	fwslot_dev_change(st->dev, FWSLOT_CHANGE_UNTOUCHED, reason, err);
	look_at(st);
}

/*
 * A record that cannot be written into a slot that nobody asked for, because
 * its flash is worn: what the session brings still names the content.
 */
static bool can_do_without(const struct step *st, int err)
{
	const struct fwslot_view *v = &st->s->req.views[st->dev->id];

	return st->step->action == FWSLOT_ACTION_RECORD && v->equal &&
	       !(st->s->req.slots & BIT(fwslot_unit_slot(st->dev->id))) &&
	       (st->w.reason == FWSLOT_REASON_FLASH_IO ||
		st->w.reason == FWSLOT_REASON_READ_BACK ||
		st->w.reason == FWSLOT_REASON_BAD_BLOCKS) && err != -ENODEV;
}

static int mark_unnamed(struct step *st, int err)
{
	fwslot_dev_change(st->dev, FWSLOT_CHANGE_BROKEN, st->w.reason, err);
	fwslot_audit(FWSLOT_EVENT_FAILED, st->dev->id, st->w.reason,
		     "its record cannot be written");
	return 0;
}

static int write_unit(struct step *st)
{
	int err;

	err = wait_data(st);
	if (err) {
		fwslot_session_fail(st->s, FWSLOT_REASON_ABORTED, err);
		return err;
	}
	err = fwslot_window_prepare(st);
	if (err) {
		fwslot_session_fail(st->s, reason_of(err), err);
		return err;
	}
	err = mark_begun(st);
	if (err) {
		fwslot_session_fail(st->s, FWSLOT_REASON_SLOT_GONE, err);
		return err;
	}
	fwslot_session_phase(st->s, st->step->action == FWSLOT_ACTION_RECORD ?
			     FWSLOT_PHASE_RECORD : FWSLOT_PHASE_WRITE);
	err = fwslot_window_begin(st);
	if (!err)
		err = run_writer(st);
	fwslot_window_end(st);
	if (!err)
		err = mark_done(st);
	else if (can_do_without(st, err))
		err = mark_unnamed(st, err);
	if (err)
		mark_failed(st, err);
	return err;
}

static u64 old_size(struct fwslot_dev *dev)
{
	struct fwslot_found *found = fwslot_dev_get_found(dev);
	u64 size = found ? fwslot_found_image(found)->size : 0;

	fwslot_found_put(found);
	return size;
}

static u32 prepare(struct step *st)
{
	const struct fwslot_view *v = &st->s->req.views[st->dev->id];

	st->w.flash = &st->dev->flash;
	st->w.img = fwslot_found_image(st->found);
	st->w.table = fwslot_found_table(st->found);
	st->w.rec = st->found->rec;
	st->w.body = st->found->body;
	st->window = st->step->action == FWSLOT_ACTION_WRITE &&
		     st->dev->id >= FWSLOT_UNIT_BOOT0;
	st->firm = fwslot_wanted_firm(st->s, st->dev->id);
	st->w.firm = st->firm;
	st->w.wanted = fwslot_wanted_unit(st->s, st->dev->id);
	if (v->matched)
		st->w.old_size = old_size(st->dev);
	if (st->step->action == FWSLOT_ACTION_WRITE &&
	    fwslot_guard(&st->s->req, st->dev->id))
		return FWSLOT_REASON_NOTHING_BOOTABLE;
	return fwslot_writer_init(&st->w);
}

static struct fwslot_found *found_of(struct fwslot_session *s,
				     const struct fwslot_step *step)
{
	if (step->action == FWSLOT_ACTION_RECORD && s->heal_from[step->unit])
		return s->heal_from[step->unit];
	return s->found[step->image];
}

/**
 * fwslot_step_run() - carry out a step
 * @s: the session
 * @step: index of the step
 *
 * Return: 0, or a negative errno; the session has then failed with a reason,
 * the unit is locked, and it is incomplete if it was touched.
 */
int fwslot_step_run(struct fwslot_session *s, u32 step)
{
	struct step *st;
	u32 reason;
	int err;

	if (s->plan.steps[step].action == FWSLOT_ACTION_SKIP)
		return 0;
	st = kzalloc(sizeof(*st), GFP_KERNEL);
	if (!st) {
		fwslot_session_fail(s, FWSLOT_REASON_NO_MEMORY, -ENOMEM);
		return -ENOMEM;
	}
	st->s = s;
	st->step = &s->plan.steps[step];
	st->dev = &fwslot_devs[st->step->unit];
	st->found = found_of(s, st->step);
	reason = prepare(st);
	err = reason ? fwslot_reason_errno(reason) : step_alloc(st);
	if (err)
		fwslot_session_fail(s, reason ?: FWSLOT_REASON_NO_MEMORY, err);
	else
		err = write_unit(st);
	step_free(st);
	kfree(st);
	return err;
}
