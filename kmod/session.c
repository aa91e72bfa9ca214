// SPDX-License-Identifier: GPL-2.0-only
/*
 * session.c - the life of a session, seen from the caller
 *
 * There is one session at a time.  It lives from begin until its worker is
 * done with it; the file may be closed before that.
 */
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include "session.h"

static struct workqueue_struct *queue;
static atomic64_t sessions = ATOMIC64_INIT(0);

/* Protected by fwslot_lock. */
static struct fwslot_session *current_session;
static bool verifying;
static bool stopping;
static bool suspended;

static void free_session(struct kref *ref)
{
	struct fwslot_session *s = container_of(ref, struct fwslot_session,
						ref);

	fwslot_input_free(s);
	fwslot_wanted_free(s);
	fwslot_survey_free(s);
	fwslot_package_free(s);
	kfree(s);
}

static int occupy(struct fwslot_session *s)
{
	int err = 0;

	mutex_lock(&fwslot_lock);
	if (current_session || verifying || stopping || suspended)
		err = -EBUSY;
	else if (s)
		current_session = s;
	else
		verifying = true;
	mutex_unlock(&fwslot_lock);
	return err;
}

/* The session is over: the next one may begin. */
static void vacate(struct fwslot_session *s)
{
	mutex_lock(&fwslot_lock);
	current_session = NULL;
	mutex_unlock(&fwslot_lock);
	spin_lock(&s->lock);
	s->over = true;
	spin_unlock(&s->lock);
	wake_up_all(&s->wait);
}

/**
 * fwslot_busy_begin() - keep sessions away while a unit is verified
 *
 * Return: 0, or -EBUSY when there is a session, another verify, or a reboot.
 */
int fwslot_busy_begin(void)
{
	return occupy(NULL);
}

/**
 * fwslot_busy_end() - undo fwslot_busy_begin()
 */
void fwslot_busy_end(void)
{
	mutex_lock(&fwslot_lock);
	verifying = false;
	mutex_unlock(&fwslot_lock);
}

/**
 * fwslot_session_open() - is there a session
 */
bool fwslot_session_open(void)
{
	return READ_ONCE(current_session);
}

/**
 * fwslot_sessions() - sessions begun since the module was loaded
 */
u64 fwslot_sessions(void)
{
	return atomic64_read(&sessions);
}

/**
 * fwslot_session_fail() - end a session with a reason; the first one counts
 * @s: the session
 * @reason: enum fwslot_reason
 * @err: negative errno
 */
void fwslot_session_fail(struct fwslot_session *s, u32 reason, int err)
{
	spin_lock(&s->lock);
	if (!s->progress.reason && !s->committed) {
		s->progress.reason = reason;
		s->progress.error = err;
	}
	s->abort = true;
	spin_unlock(&s->lock);
	wake_up_all(&s->wait);
}

/**
 * fwslot_session_phase() - say what a session is doing
 * @s: the session
 * @phase: enum fwslot_phase
 */
void fwslot_session_phase(struct fwslot_session *s, u32 phase)
{
	spin_lock(&s->lock);
	s->progress.phase = phase;
	spin_unlock(&s->lock);
	wake_up_all(&s->wait);
}

/* Version and digest of the package, for the audit line. */
static void describe(const struct fwslot_session *s, char *buf, size_t size)
{
	char release[FWSLOT_RELEASE_STR];

	if (!s->found[0]) {
		scnprintf(buf, size, "slots=%x", s->req.slots);
		return;
	}
	fwslot_release_print(&fwslot_session_manifest(s)->release, release);
	scnprintf(buf, size,
		  "release=%s manifest=%8phN slots=%x flags=%x for=%d",
		  release, s->digest, s->req.slots, s->req.flags, s->pid);
}

static void audit(const struct fwslot_session *s, u32 event, u32 reason)
{
	char text[128];

	describe(s, text, sizeof(text));
	fwslot_audit(event, FWSLOT_NO_UNIT, reason, text);
}

/**
 * fwslot_session_ended() - the worker is done with a session
 * @s: the session; the worker's reference is dropped
 */
void fwslot_session_ended(struct fwslot_session *s)
{
	u32 reason = s->progress.reason;

	if (reason)
		fwslot_session_phase(s, FWSLOT_PHASE_FAILED);
	if (s->plan.reason || (reason && !s->plan.n_steps))
		audit(s, FWSLOT_EVENT_REFUSED, reason);
	else if (reason)
		audit(s, FWSLOT_EVENT_FAILED, reason);
	/* Before anybody else can begin. */
	if (s->committed && (s->progress.flags & FWSLOT_PROGRESS_REBOOT))
		fwslot_pending_set(s->digest);
	vacate(s);
	kref_put(&s->ref, free_session);
	module_put(THIS_MODULE);
}

static bool is_over(struct fwslot_session *s)
{
	bool yes;

	spin_lock(&s->lock);
	yes = s->over;
	spin_unlock(&s->lock);
	return yes;
}

static struct fwslot_session *alloc_session(const struct fwslot_begin *arg)
{
	struct fwslot_session *s = kzalloc(sizeof(*s), GFP_KERNEL_ACCOUNT);

	if (!s)
		return NULL;
	kref_init(&s->ref);
	INIT_WORK(&s->work, fwslot_worker);
	init_completion(&s->planned);
	init_waitqueue_head(&s->wait);
	spin_lock_init(&s->lock);
	s->pid = task_tgid_nr(current);
	s->mapped = arg->map;
	s->req.slots = arg->slots;
	s->req.flags = arg->flags;
	s->req.booted = fwslot_config.booted;
	s->req.configured = fwslot_configured();
	s->req.product = fwslot_config.product;
	s->req.floor = fwslot_config.has_floor ? &fwslot_config.floor : NULL;
	return s;
}

/* Hand the session to the worker and wait for the plan. */
static int start(struct fwslot_session *s)
{
	int err;

	s->req.manifest = fwslot_session_manifest(s);
	s->req.pending = fwslot_pending_other(s->digest);
	kref_get(&s->ref);
	__module_get(THIS_MODULE);
	queue_work(queue, &s->work);
	err = wait_for_completion_killable(&s->planned);
	if (err)
		fwslot_session_fail(s, FWSLOT_REASON_ABORTED, -ECANCELED);
	else if (!s->plan.n_steps)
		err = s->progress.error;
	if (err)
		wait_event(s->wait, is_over(s));
	return err;
}

/* The first steps may be running, or have failed: FINISH tells of that. */
static void copy_plan(const struct fwslot_session *s, struct fwslot_begin *arg,
		      int err)
{
	arg->reason = err ? s->progress.reason : FWSLOT_REASON_NONE;
	arg->detail = s->plan.detail;
	if (err)
		return;
	arg->n_steps = s->plan.n_steps;
	arg->n_inputs = s->plan.n_inputs;
	memcpy(arg->steps, s->plan.steps, sizeof(arg->steps));
	memcpy(arg->inputs, s->plan.inputs, sizeof(arg->inputs));
}

/**
 * fwslot_session_begin() - begin a session
 * @arg: flags, slots and reserved fields are checked; the output is filled in
 * @out: the session, when 0 is returned
 *
 * Return: 0, or the errno of @arg->reason.
 */
int fwslot_session_begin(struct fwslot_begin *arg, struct fwslot_session **out)
{
	struct fwslot_session *s = alloc_session(arg);
	u32 reason;
	int err;

	if (!s) {
		arg->reason = FWSLOT_REASON_NO_MEMORY;
		return -ENOMEM;
	}
	err = occupy(s);
	if (err) {
		arg->reason = FWSLOT_REASON_BUSY;
		audit(s, FWSLOT_EVENT_REFUSED, FWSLOT_REASON_BUSY);
		goto put_session;
	}
	reason = fwslot_package_take(s, arg);
	if (reason) {
		arg->reason = reason;
		/* The only misuse that is found there is a bad address. */
		err = reason == FWSLOT_REASON_WRONG_STATE ?
			-EFAULT : fwslot_reason_errno(reason);
		audit(s, FWSLOT_EVENT_REFUSED, reason);
		goto release;
	}
	err = start(s);
	copy_plan(s, arg, err);
	if (err)
		goto put_session;
	atomic64_inc(&sessions);
	audit(s, FWSLOT_EVENT_SESSION, FWSLOT_REASON_NONE);
	*out = s;
	return 0;

release:
	vacate(s);
put_session:
	kref_put(&s->ref, free_session);
	return err;
}

/**
 * fwslot_session_progress() - how far a session is
 * @s: the session
 * @out: a copy; size is left alone
 */
void fwslot_session_progress(struct fwslot_session *s,
			     struct fwslot_progress *out)
{
	u32 size = out->size;

	spin_lock(&s->lock);
	*out = s->progress;
	spin_unlock(&s->lock);
	out->size = size;
}

/**
 * fwslot_session_snapshot() - how far the open session is
 * @out: its progress; zero when there is none
 *
 * Return: steps in its plan.
 */
u32 fwslot_session_snapshot(struct fwslot_progress *out)
{
	u32 steps = 0;

	mutex_lock(&fwslot_lock);
	if (current_session) {
		fwslot_session_progress(current_session, out);
		steps = current_session->plan.n_steps;
	}
	mutex_unlock(&fwslot_lock);
	return steps;
}

static bool step_ended(struct fwslot_session *s, u32 step)
{
	bool yes;

	spin_lock(&s->lock);
	yes = s->progress.steps_done > step || s->abort || s->over;
	spin_unlock(&s->lock);
	return yes;
}

/**
 * fwslot_session_finish() - wait until a step is complete
 * @s: the session
 * @arg: step and timeout; progress is filled in
 *
 * Return: 0, -EINVAL for a step that is not in the plan, -ETIME when the time
 * is over, -ERESTARTSYS, or the error that ended the session.
 */
int fwslot_session_finish(struct fwslot_session *s, struct fwslot_finish *arg)
{
	long timeout = MAX_SCHEDULE_TIMEOUT;
	long left;

	if (arg->step >= s->plan.n_steps)
		return -EINVAL;
	if (arg->timeout_ms)
		timeout = msecs_to_jiffies(arg->timeout_ms);
	left = wait_event_interruptible_timeout(s->wait,
						step_ended(s, arg->step),
						timeout);
	fwslot_session_progress(s, &arg->progress);
	if (left < 0)
		return left;
	/* A failure is told when the flash is locked and the next may begin. */
	if (arg->progress.reason) {
		left = wait_event_killable(s->wait, is_over(s)) ?: 1;
		fwslot_session_progress(s, &arg->progress);
	}
	if (arg->progress.steps_done > arg->step)
		return 0;
	return arg->progress.error ?: left ? -ECANCELED : -ETIME;
}

/**
 * fwslot_session_commit() - end a session whose steps are all complete
 * @s: the session
 *
 * Return: 0, -EINVAL when it is committed already, -EBUSY when a step is not
 * complete, or the error that ended the session.
 */
int fwslot_session_commit(struct fwslot_session *s)
{
	int err = 0;

	spin_lock(&s->lock);
	if (s->committed)
		err = -EINVAL;
	else if (s->progress.reason)
		err = s->progress.error;
	else if (s->progress.phase != FWSLOT_PHASE_DONE)
		err = -EBUSY;
	else
		s->committed = true;
	spin_unlock(&s->lock);
	if (err)
		return err;
	wake_up_all(&s->wait);
	wait_event(s->wait, is_over(s));
	audit(s, FWSLOT_EVENT_COMMIT, FWSLOT_REASON_NONE);
	return 0;
}

static bool stopped_or_window(struct fwslot_session *s)
{
	bool yes;

	spin_lock(&s->lock);
	yes = s->over || (s->progress.flags & FWSLOT_PROGRESS_WINDOW);
	spin_unlock(&s->lock);
	return yes;
}

/**
 * fwslot_session_close() - the file is closed or takes another session
 * @s: the session; the file's reference is dropped
 *
 * Waits until the worker has stopped and everything is locked again, unless a
 * bootloader is being written: that is finished without the caller.
 */
void fwslot_session_close(struct fwslot_session *s)
{
	if (!is_over(s)) {
		fwslot_session_fail(s, FWSLOT_REASON_ABORTED, -ECANCELED);
		wait_event(s->wait, stopped_or_window(s));
	}
	kref_put(&s->ref, free_session);
}

/**
 * fwslot_session_stop() - end the session, if there is one, and allow no other
 *
 * Returns when its worker has stopped: after one flash operation, or after the
 * whole of a bootloader that is being written.
 */
void fwslot_session_stop(void)
{
	struct fwslot_session *s;

	mutex_lock(&fwslot_lock);
	stopping = true;
	s = current_session;
	if (s)
		kref_get(&s->ref);
	mutex_unlock(&fwslot_lock);
	if (!s)
		return;
	fwslot_session_fail(s, FWSLOT_REASON_ABORTED, -ECANCELED);
	wait_event(s->wait, is_over(s));
	kref_put(&s->ref, free_session);
}

/**
 * fwslot_session_suspend() - allow no session while the system sleeps
 * @suspend: it is going to sleep, or it is awake again
 *
 * Return: 0, or -EBUSY when a session is open.
 */
int fwslot_session_suspend(bool suspend)
{
	int err = 0;

	mutex_lock(&fwslot_lock);
	if (suspend && (current_session || verifying))
		err = -EBUSY;
	else
		suspended = suspend;
	mutex_unlock(&fwslot_lock);
	return err;
}

/**
 * fwslot_session_init() - get ready for sessions
 *
 * Return: 0 or -ENOMEM.
 */
int __init fwslot_session_init(void)
{
	queue = alloc_workqueue("fwslot", WQ_UNBOUND, 1);
	return queue ? 0 : -ENOMEM;
}

/**
 * fwslot_session_exit() - no session is open and none can begin
 */
void fwslot_session_exit(void)
{
	destroy_workqueue(queue);
}
