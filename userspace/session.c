// SPDX-License-Identifier: MIT
/*
 * session.c - one session: a package goes to the kernel
 *
 * The kernel decides what is written, in which order, and which chunks it
 * wants; here they are only handed over.  A signal that asks to stop is looked
 * at between chunks and between waits.  While the bootloader is being written
 * nothing stops: the kernel would finish it anyway, so the tool waits, too.
 */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "dev.h"
#include "fwslot.h"
#include "inuse.h"
#include "session.h"

#define SESSION_WAIT_MS	200

static volatile sig_atomic_t stop_signal;

static void stop_handler(int sig)
{
	stop_signal = sig;
}

/**
 * stop_catch() - let signals ask to stop instead of killing
 */
void stop_catch(void)
{
	struct sigaction act = { .sa_handler = stop_handler };

	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGHUP, &act, NULL);
	act.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &act, NULL);
}

/**
 * stop_wanted() - ask whether a signal asked to stop
 *
 * Return: true when one did.
 */
bool stop_wanted(void)
{
	return stop_signal;
}

static int session_stopped(struct failure *f)
{
	f->interrupted = true;
	return failure_plain(f, TOOL_EARLY, "stopped by a signal");
}

static int session_pkg_error(struct session *s, struct failure *f)
{
	const struct pkg_error *e = pkg_error(s->pkg);

	if (e->error == -EINTR && stop_wanted())
		return session_stopped(f);
	if (e->reason == FWSLOT_REASON_NONE)
		return failure_plain(f, TOOL_EARLY, "%s", e->text);
	return failure_exact(f, e->reason, "%s", e->text);
}

static int session_pkg_chunk(struct session *s, u32 image, u32 chunk, u8 *buf,
			     struct failure *f)
{
	return pkg_chunk(s->pkg, image, chunk, buf) ? session_pkg_error(s, f) :
						      0;
}

/**
 * session_open() - read the head of a package and open the device
 * @s: all zero but for @progress; to be closed with session_close() in any
 *	case
 * @src: the package
 * @f: why it failed
 *
 * Return: 0, or -1.
 */
int session_open(struct session *s, const struct pkg_source *src,
		 struct failure *f)
{
	s->fd = -1;
	if (pkg_new(src, &s->pkg))
		return failure_set(f, FWSLOT_REASON_NO_MEMORY, 0, "%s", "");
	if (pkg_read_head(s->pkg))
		return session_pkg_error(s, f);
	s->head = pkg_head(s->pkg);
	s->chunk = session_pkg_chunk;
	s->fd = dev_open(f);
	return s->fd < 0 ? -1 : 0;
}

/**
 * session_close() - end a session; one that is not complete is aborted
 * @s: the session
 */
void session_close(struct session *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	pkg_free(s->pkg);
	s->pkg = NULL;
}

/* Never trust even the kernel with an index. */
static bool session_plan_good(const struct session *s)
{
	const struct fwslot_manifest *m = &s->head->manifest;
	const struct fwslot_input *in = s->begin.inputs;
	u32 i;

	if (s->begin.n_steps > FWSLOT_STEPS_MAX ||
	    s->begin.n_inputs > FWSLOT_INPUTS_MAX)
		return false;
	for (i = 0; i < s->begin.n_steps; i++)
		if (s->begin.steps[i].unit >= FWSLOT_UNITS)
			return false;
	for (i = 0; i < s->begin.n_inputs; i++, in++)
		if (in->image >= m->n_images ||
		    in->map_offset > FWSLOT_MAP_MAX ||
		    (m->images[in->image].chunks + 7) / 8 >
		    FWSLOT_MAP_MAX - in->map_offset)
			return false;
	return true;
}

/* Ask for a session and look at its plan. */
static int session_ask(struct session *s, int fd, u32 slots, u32 flags,
		       struct failure *f)
{
	const struct pkg_head *head = s->head;

	memset(&s->begin, 0, sizeof(s->begin));
	s->begin.flags = flags;
	s->begin.slots = slots;
	s->begin.manifest = (uintptr_t)head->raw.data;
	s->begin.manifest_size = head->raw.size;
	s->begin.signature = (uintptr_t)head->signature.data;
	s->begin.signature_size = head->signature.size;
	s->begin.tables = (uintptr_t)head->tables.data;
	s->begin.tables_size = head->tables.size;
	s->begin.map = (uintptr_t)s->map;
	s->begin.map_size = sizeof(s->map);
	if (dev_begin(fd, &s->begin, f))
		return -1;
	if (session_plan_good(s))
		return 0;
	return failure_plain(f, TOOL_NO_DEVICE,
			     "the module's plan makes no sense");
}

/* What was planned in a session that only checks. */
static void session_take_changes(struct session *s)
{
	const struct fwslot_step *step = s->begin.steps;
	u32 i;

	s->checked = true;
	s->changes = 0;
	for (i = 0; i < s->begin.n_steps; i++, step++)
		if (step->action != FWSLOT_ACTION_SKIP)
			s->changes |= 1U << step->unit;
}

/* A plan in a session of its own, which ends again. */
static int session_look(struct session *s, u32 slots, u32 flags,
			struct failure *f)
{
	int fd = dev_open(f);
	int ret;

	if (fd < 0)
		return -1;
	ret = session_ask(s, fd, slots, flags | FWSLOT_BEGIN_CHECK, f);
	close(fd);
	if (!ret)
		session_take_changes(s);
	return ret;
}

/*
 * Slots in use are not changed.  Which ones would be is known from a plan only,
 * and with a plan the module may begin to write: so it comes from a session
 * that just checks, the one before, or one that is asked for here.
 */
static int session_in_use(struct session *s, u32 slots, u32 flags,
			  struct failure *f)
{
	u32 used;

	if (inuse_find(s->progress->status, slots, &used, f))
		return -1;
	if (used && !s->checked && session_look(s, slots, flags, f))
		return -1;
	if (!(used & s->changes))
		return 0;
	failure_set(f, FWSLOT_REASON_IN_USE, 0, "%s", "");
	f->detail = used & s->changes;
	return -1;
}

static int session_plan(struct session *s, u32 slots, u32 flags,
			struct failure *f)
{
	bool check = flags & FWSLOT_BEGIN_CHECK;

	if (flags & FWSLOT_BEGIN_ADOPT)
		return session_ask(s, s->fd, slots, flags, f);
	if (!check && session_in_use(s, slots, flags, f))
		return -1;
	if (session_ask(s, s->fd, slots, flags, f))
		return -1;
	if (!check)
		return 0;
	session_take_changes(s);
	return session_in_use(s, slots, flags, f);
}

/**
 * session_begin() - hand over all that the kernel wants before it decides
 * @s: an open session
 * @slots: mask of slots
 * @flags: FWSLOT_BEGIN_*
 * @f: why it was refused
 *
 * Return: 0, or -1.
 */
int session_begin(struct session *s, u32 slots, u32 flags, struct failure *f)
{
	u32 i;

	if (session_plan(s, slots, flags, f))
		return -1;
	s->sent = 0;
	s->total = 0;
	for (i = 0; i < s->begin.n_inputs; i++)
		s->total += s->begin.inputs[i].wanted;
	progress_begin(s->progress, &s->begin);
	return 0;
}

/**
 * session_writes() - ask whether a session changes anything
 * @s: a session that has begun
 *
 * Return: false when every step of its plan is to skip.
 */
bool session_writes(const struct session *s)
{
	u32 i;

	for (i = 0; i < s->begin.n_steps; i++)
		if (s->begin.steps[i].action != FWSLOT_ACTION_SKIP)
			return true;
	return false;
}

static void session_poll(struct session *s)
{
	if (s->begin.flags & FWSLOT_BEGIN_CHECK) {
		progress_check(s->progress, s->sent, s->total);
	} else if (progress_due(s->progress) &&
		   !dev_progress(s->fd, &s->now)) {
		progress_update(s->progress, &s->now);
	}
}

static bool session_wanted(const struct session *s,
			   const struct fwslot_input *in, u32 chunk)
{
	return s->map[in->map_offset + chunk / 8] & 1U << chunk % 8;
}

static int session_input(struct session *s, const struct fwslot_input *in,
			 u8 *buf, struct failure *f)
{
	const struct fwslot_image *img =
		&s->head->manifest.images[in->image];
	u32 i;

	for (i = 0; i < img->chunks; i++) {
		if (!session_wanted(s, in, i))
			continue;
		if (stop_wanted())
			return session_stopped(f);
		if (s->chunk(s, in->image, i, buf, f))
			return -1;
		if (dev_write(s->fd, buf, fwslot_chunk_len(img, i), f))
			return -1;
		s->sent++;
		session_poll(s);
	}
	return 0;
}

/*
 * What was written so far.  Data that was handed over may be on its way to the
 * flash right now, so a unit that takes it counts as written to.
 */
static void session_note_written(struct session *s, struct failure *f)
{
	u32 i;

	if (s->begin.flags & FWSLOT_BEGIN_CHECK)
		return;
	if (!dev_progress(s->fd, &s->now))
		f->written |= s->now.written;
	if (f->written || !s->sent)
		return;
	for (i = 0; i < s->begin.n_steps; i++)
		if (s->begin.steps[i].source == FWSLOT_SOURCE_STREAM)
			break;
	if (i < s->begin.n_steps && s->now.steps_done == i &&
	    s->now.phase == FWSLOT_PHASE_WRITE)
		f->written |= 1U << s->begin.steps[i].unit;
}

/* A stop that came while the bootloader is being written: wait for its end. */
static void session_leave_window(struct session *s)
{
	struct fwslot_progress *now = &s->now;
	struct failure ignored = { 0 };
	bool told = false;

	while (!dev_progress(s->fd, now) &&
	       now->flags & FWSLOT_PROGRESS_WINDOW) {
		if (!told)
			progress_note(s->progress,
				      "the bootloader is being written, this cannot be stopped: waiting for its end");
		told = true;
		if (dev_finish(s->fd, now->step, SESSION_WAIT_MS, now,
			       &ignored) < 0)
			break;
		progress_update(s->progress, now);
	}
}

static int session_fail(struct session *s, struct failure *f)
{
	if (f->interrupted)
		session_leave_window(s);
	session_note_written(s, f);
	return -1;
}

/**
 * session_stream() - hand over all the chunks that the kernel wants
 * @s: a session that has begun
 * @f: why it failed
 *
 * Of a CHECK session, the end of the package is checked, too.
 *
 * Return: 0, or -1.
 */
int session_stream(struct session *s, struct failure *f)
{
	u8 *buf = malloc(FWSLOT_CHUNK_MAX);
	int ret = 0;
	u32 i;

	if (!buf)
		return failure_set(f, FWSLOT_REASON_NO_MEMORY, 0, "%s", "");
	for (i = 0; i < s->begin.n_inputs && !ret; i++)
		ret = session_input(s, &s->begin.inputs[i], buf, f);
	free(buf);
	if (!ret && s->pkg && s->begin.flags & FWSLOT_BEGIN_CHECK &&
	    pkg_end(s->pkg))
		ret = session_pkg_error(s, f);
	return ret ? session_fail(s, f) : 0;
}

static int session_step(struct session *s, u32 step, struct failure *f)
{
	int ret;

	do {
		if (stop_wanted())
			return session_stopped(f);
		ret = dev_finish(s->fd, step, SESSION_WAIT_MS, &s->now, f);
		if (ret >= 0 && !(s->begin.flags & FWSLOT_BEGIN_CHECK))
			progress_update(s->progress, &s->now);
	} while (ret > 0);
	return ret;
}

/**
 * session_complete() - wait until all steps are complete, and commit
 * @s: a session whose chunks were all handed over
 * @f: why it failed
 *
 * Return: 0, or -1.
 */
int session_complete(struct session *s, struct failure *f)
{
	int ret = 0;
	u32 i;

	for (i = 0; i < s->begin.n_steps && !ret; i++)
		ret = session_step(s, i, f);
	if (!ret)
		ret = dev_commit(s->fd, &s->now, f);
	return ret ? session_fail(s, f) : 0;
}
