// SPDX-License-Identifier: GPL-2.0-only
/*
 * input.c - image data from write(2) to the worker
 *
 * A chunk is copied from user space once, into the buffer from which it will
 * be programmed, and authenticated there.  A bootloader is collected whole
 * before its slot is touched; other images go through a row of buffers, so
 * that one chunk is copied and authenticated while the one before is written.
 */
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include "session.h"

static const struct fwslot_image *input_image(const struct fwslot_session *s,
					      u32 input)
{
	return &fwslot_session_manifest(s)->images[s->plan.inputs[input].image];
}

/* What the chunk that is coming must be. */
static const u8 *input_digest(const struct fwslot_session *s)
{
	const struct fwslot_found *found =
		s->found[s->plan.inputs[s->input].image];

	return fwslot_found_table(found) + s->chunk * FWSLOT_DIGEST_SIZE;
}

/**
 * fwslot_input_alloc() - get memory for the inputs of the plan
 * @s: the session, with a plan
 *
 * Return: 0 or -ENOMEM; fwslot_input_free() is called in both cases.
 */
int fwslot_input_alloc(struct fwslot_session *s)
{
	const struct fwslot_image *img;
	u32 i, b;

	for (i = 0; i < s->plan.n_inputs; i++) {
		img = input_image(s, i);
		if (img->kind == FWSLOT_IMAGE_BOOTLOADER) {
			s->stage = vmalloc(img->size);
			if (!s->stage)
				return -ENOMEM;
			continue;
		}
		for (b = 0; b < FWSLOT_BUFFERS; b++) {
			s->buf[b] = kvmalloc(img->chunk_size, GFP_KERNEL);
			if (!s->buf[b])
				return -ENOMEM;
		}
	}
	s->inputs_done = !s->plan.n_inputs;
	return 0;
}

/**
 * fwslot_input_free() - free what fwslot_input_alloc() got
 * @s: the session
 */
void fwslot_input_free(struct fwslot_session *s)
{
	u32 b;

	vfree(s->stage);
	for (b = 0; b < FWSLOT_BUFFERS; b++)
		kvfree(s->buf[b]);
}

static bool room(struct fwslot_session *s)
{
	bool yes;

	spin_lock(&s->lock);
	yes = s->over || s->abort || s->queued < FWSLOT_BUFFERS;
	spin_unlock(&s->lock);
	return yes;
}

static int end_reason(struct fwslot_session *s)
{
	int err = 0;

	spin_lock(&s->lock);
	if (s->committed)
		err = -EINVAL;
	else if (s->over || s->abort)
		err = s->progress.error ?: -ECANCELED;
	spin_unlock(&s->lock);
	return err;
}

/* Where the next byte goes, or NULL with @err set. */
static u8 *place(struct fwslot_session *s, const struct fwslot_image *img,
		 int *err)
{
	if (img->kind == FWSLOT_IMAGE_BOOTLOADER)
		return s->stage + (size_t)s->chunk * img->chunk_size;
	*err = wait_event_killable(s->wait, room(s));
	/* At its end a session may not have room: the worker owns the buffer. */
	if (!*err)
		*err = end_reason(s);
	return *err ? NULL : s->buf[s->head];
}

/* A chunk is there and right: hand it over, and go on to the next one. */
static void hand_over(struct fwslot_session *s, const struct fwslot_image *img)
{
	bool boot = img->kind == FWSLOT_IMAGE_BOOTLOADER;
	u32 next = fwslot_wanted_next(fwslot_wanted_input(s, s->input),
				      s->chunk + 1, img->chunks);

	s->fill = 0;
	WRITE_ONCE(s->ahead, next == img->chunks ? 1 : next - s->chunk);
	spin_lock(&s->lock);
	if (!boot && !fwslot_session_check(s)) {
		s->head = (s->head + 1) % FWSLOT_BUFFERS;
		s->queued++;
	}
	s->chunk = next;
	if (s->chunk == img->chunks) {
		if (boot)
			s->staged = true;
		s->chunk = 0;
		if (++s->input == s->plan.n_inputs)
			s->inputs_done = true;
	}
	spin_unlock(&s->lock);
	wake_up_all(&s->wait);
}

/* Take at most what completes one chunk. */
static ssize_t take_part(struct fwslot_session *s, const char __user *buf,
			 size_t len)
{
	const struct fwslot_image *img;
	u32 want;
	u8 *to;
	int err;

	err = end_reason(s);
	if (err)
		return err;
	if (s->input == s->plan.n_inputs) {
		fwslot_session_fail(s, FWSLOT_REASON_TOO_MUCH_DATA, -EFBIG);
		return -EFBIG;
	}
	img = input_image(s, s->input);
	to = place(s, img, &err);
	if (!to)
		return err;
	want = min_t(size_t, fwslot_chunk_len(img, s->chunk) - s->fill, len);
	if (copy_from_user(to + s->fill, buf, want))
		return -EFAULT;
	s->fill += want;
	if (s->fill < fwslot_chunk_len(img, s->chunk))
		return want;
	if (!fwslot_prove(to, s->fill, input_digest(s))) {
		fwslot_session_fail(s, FWSLOT_REASON_BAD_CHUNK, -EBADMSG);
		return -EBADMSG;
	}
	hand_over(s, img);
	return want;
}

/**
 * fwslot_session_write() - take image data
 * @s: the session
 * @buf: user space address
 * @len: bytes there
 *
 * Caller holds the file's lock.
 *
 * Return: bytes taken, at least one, or -EBADMSG for a chunk that does not
 * match, -EFBIG beyond the last wanted chunk, -EFAULT, -ERESTARTSYS when the
 * caller is killed, or the error that ended the session.
 */
ssize_t fwslot_session_write(struct fwslot_session *s,
			     const char __user *buf, size_t len)
{
	size_t done = 0;
	ssize_t n;

	while (done < len) {
		n = take_part(s, buf + done, len - done);
		if (n < 0)
			return done ?: n;
		done += n;
		if (signal_pending(current))
			break;
	}
	return done;
}

/*
 * Chunks that are not wanted take their time, too, where the caller cannot leave
 * them out: a pipe, a server that does not send parts of a file.
 */
static long patience(const struct fwslot_session *s)
{
	u64 ticks = (u64)fwslot_config.idle_timeout * HZ;

	ticks *= max_t(u32, READ_ONCE(s->ahead), 1);
	return min_t(u64, ticks, MAX_SCHEDULE_TIMEOUT - 1);
}

/**
 * fwslot_input_wait() - the worker waits for something that the caller does
 * @s: the session
 * @condition: what to wait for; also true when the session is to stop
 *
 * As long as chunks come in the wait goes on; silence ends the session.
 *
 * Return: 0, -ETIMEDOUT when nothing came for idle_timeout for each chunk up to
 * the next one that is wanted, or -ECANCELED when the session is to stop; the
 * session has then failed with a reason.
 */
int fwslot_input_wait(struct fwslot_session *s,
		      bool (*condition)(struct fwslot_session *s))
{
	u32 input, chunk;

	do {
		input = READ_ONCE(s->input);
		chunk = READ_ONCE(s->chunk);
		if (!wait_event_idle_timeout(s->wait, condition(s),
					     patience(s)))
			continue;
		if (!READ_ONCE(s->abort))
			return 0;
		fwslot_session_fail(s, FWSLOT_REASON_ABORTED, -ECANCELED);
		return -ECANCELED;
	} while (input != READ_ONCE(s->input) || chunk != READ_ONCE(s->chunk));
	fwslot_session_fail(s, FWSLOT_REASON_IDLE_TIMEOUT, -ETIMEDOUT);
	return -ETIMEDOUT;
}

static bool chunk_ready(struct fwslot_session *s)
{
	bool yes;

	spin_lock(&s->lock);
	yes = s->queued || s->abort;
	spin_unlock(&s->lock);
	return yes;
}

/**
 * fwslot_input_next() - wait for the next chunk of the streamed image
 * @s: the session
 * @err: as fwslot_input_wait()
 *
 * Return: the chunk, valid until fwslot_input_release(), or NULL.
 */
const u8 *fwslot_input_next(struct fwslot_session *s, int *err)
{
	const u8 *data;

	*err = fwslot_input_wait(s, chunk_ready);
	if (*err)
		return NULL;
	spin_lock(&s->lock);
	data = s->buf[(s->head + FWSLOT_BUFFERS - s->queued) % FWSLOT_BUFFERS];
	spin_unlock(&s->lock);
	return data;
}

static bool stage_ready(struct fwslot_session *s)
{
	bool yes;

	spin_lock(&s->lock);
	yes = s->staged || s->abort;
	spin_unlock(&s->lock);
	return yes;
}

/**
 * fwslot_input_staged() - wait until the bootloader is there, whole
 * @s: the session
 *
 * Return: as fwslot_input_wait().
 */
int fwslot_input_staged(struct fwslot_session *s)
{
	return fwslot_input_wait(s, stage_ready);
}

/**
 * fwslot_input_release() - the chunk of fwslot_input_next() is done with
 * @s: the session
 */
void fwslot_input_release(struct fwslot_session *s)
{
	spin_lock(&s->lock);
	s->queued--;
	spin_unlock(&s->lock);
	wake_up_all(&s->wait);
}
