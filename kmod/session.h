/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * session.h - what session.c, survey.c and worker.c share
 *
 * A session has two sides: the caller's (ioctl and write, one at a time under
 * the file's lock) and the worker's.  They meet in the fields that
 * fwslot_session.lock protects and wake each other through @wait.
 */
#ifndef FWSLOT_KMOD_SESSION_H
#define FWSLOT_KMOD_SESSION_H

#include <linux/completion.h>
#include "fwslot.h"

/* Chunks between the caller and the flash: being filled, waiting, in work. */
#define FWSLOT_BUFFERS		3

/**
 * struct fwslot_session - one session
 * @ref: one for the file, one for the worker
 * @work: the worker's side
 * @planned: the plan, or the reason why there is none, is there
 * @wait: woken at every change of what @lock protects
 * @found: for each image of the manifest what a record in a slot needs
 * @digest: SHA-256 of the manifest
 * @req: request with the views of all units; the worker's after begin
 * @plan: the plan; fixed when @planned is done
 * @heal_from: for each unit the manifest that names its content; worker's
 * @wanted: for each image slot the map of the chunks that its step writes, or
 *	NULL: all; fixed when @planned is done
 * @streamed: that of the image that is streamed
 * @mapped: the caller gets to know the map of what is streamed
 * @pid: process that began it, for the audit line
 *
 * Written by the caller's side alone; the worker looks whether they move:
 * @input: index of the input that is being taken
 * @chunk: number of the chunk that is being filled
 * @fill: bytes of it that are there
 * @ahead: chunks from the one before it to this one
 *
 * Protected by @lock:
 * @lock: never held across a flash operation or a copy from user space
 * @buf: chunks of the streamed image; the caller's while being filled, the
 *	worker's after that
 * @head: buffer to fill next
 * @queued: buffers filled and not yet done with, the oldest in work
 * @stage: the whole bootloader image; the caller's until @staged
 * @staged: @stage is complete and authenticated
 * @inputs_done: all that was wanted has come
 * @abort: stop as soon as possible
 * @committed: the caller has committed
 * @over: the worker is done with it
 * @progress: as copied out
 */
struct fwslot_session {
	struct kref ref;
	struct work_struct work;
	struct completion planned;
	wait_queue_head_t wait;
	struct fwslot_found *found[FWSLOT_IMAGES_MAX];
	u8 digest[FWSLOT_DIGEST_SIZE];
	struct fwslot_request req;
	struct fwslot_plan plan;
	struct fwslot_found *heal_from[FWSLOT_UNITS];
	u8 *wanted[FWSLOT_UNIT_BOOT0];
	const u8 *streamed;
	bool mapped;
	pid_t pid;

	u32 input;
	u32 chunk;
	u32 fill;
	u32 ahead;

	spinlock_t lock;	/* what follows */
	u8 *buf[FWSLOT_BUFFERS];
	u32 head;
	u32 queued;
	u8 *stage;
	bool staged;
	bool inputs_done;
	bool abort;
	bool committed;
	bool over;
	struct fwslot_progress progress;
};

/* session.c */
void fwslot_session_fail(struct fwslot_session *s, u32 reason, int err);
void fwslot_session_phase(struct fwslot_session *s, u32 phase);
void fwslot_session_ended(struct fwslot_session *s);

/* package.c */
u32 fwslot_package_take(struct fwslot_session *s,
			const struct fwslot_begin *arg);
void fwslot_package_free(struct fwslot_session *s);

/* input.c */
int fwslot_input_alloc(struct fwslot_session *s);
void fwslot_input_free(struct fwslot_session *s);
int fwslot_input_wait(struct fwslot_session *s,
		      bool (*condition)(struct fwslot_session *s));
int fwslot_input_staged(struct fwslot_session *s);
const u8 *fwslot_input_next(struct fwslot_session *s, int *err);
void fwslot_input_release(struct fwslot_session *s);

/* wanted.c */
bool fwslot_wanted_firm(const struct fwslot_session *s, u32 unit);
int fwslot_wanted_plan(struct fwslot_session *s);
void fwslot_wanted_free(struct fwslot_session *s);
const u8 *fwslot_wanted_unit(const struct fwslot_session *s, u32 unit);
const u8 *fwslot_wanted_input(const struct fwslot_session *s, u32 input);

/* survey.c */
u32 fwslot_survey(struct fwslot_session *s, int *err);
void fwslot_survey_free(struct fwslot_session *s);

/* room.c */
int fwslot_record_room(struct fwslot_dev *dev,
		       const struct fwslot_found *found);

/* worker.c */
void fwslot_worker(struct work_struct *work);

/* step.c */
int fwslot_step_run(struct fwslot_session *s, u32 step);

static inline const struct fwslot_manifest *
fwslot_session_manifest(const struct fwslot_session *s)
{
	return &s->found[0]->manifest;
}

static inline bool fwslot_session_check(const struct fwslot_session *s)
{
	return s->req.flags & FWSLOT_BEGIN_CHECK;
}

#endif /* FWSLOT_KMOD_SESSION_H */
