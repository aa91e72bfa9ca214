// SPDX-License-Identifier: MIT
/*
 * input.c - the module's input, where data comes from memory
 *
 * Stands for kmod/input.c, and for the tool behind it: all data is there when
 * the worker asks, and a session is committed when its last step is complete.
 * Linked into the module, so that its state goes with the power.
 */
#include <linux/slab.h>
#include "inside.h"

struct feed feed;

static const struct fwslot_image *streamed(const struct fwslot_session *s)
{
	return &fwslot_session_manifest(s)->images[0];
}

static bool wants(const struct fwslot_session *s, u32 kind)
{
	const struct fwslot_manifest *m = fwslot_session_manifest(s);
	u32 i;

	for (i = 0; i < s->plan.n_inputs; i++)
		if (m->images[s->plan.inputs[i].image].kind == kind)
			return true;
	return false;
}

int fwslot_input_alloc(struct fwslot_session *s)
{
	const struct fwslot_manifest *m = fwslot_session_manifest(s);

	feed.session = s;
	if (wants(s, FWSLOT_IMAGE_BOOTLOADER)) {
		s->stage = vmalloc(m->images[1].size);
		memcpy(s->stage, feed.image[1], m->images[1].size);
		s->staged = true;
	}
	if (wants(s, FWSLOT_IMAGE_SYSTEM))
		s->buf[0] = kvmalloc(streamed(s)->chunk_size, GFP_KERNEL);
	s->inputs_done = true;
	return 0;
}

void fwslot_input_free(struct fwslot_session *s)
{
	feed.session = NULL;
	vfree(s->stage);
	kvfree(s->buf[0]);
}

int fwslot_input_wait(struct fwslot_session *s,
		      bool (*condition)(struct fwslot_session *s))
{
	if (!condition(s)) {
		/* Nothing else is ever waited for. */
		must_not(s->progress.phase != FWSLOT_PHASE_DONE);
		s->committed = true;
	}
	must_not(!condition(s));
	if (!s->abort)
		return 0;
	fwslot_session_fail(s, FWSLOT_REASON_ABORTED, -ECANCELED);
	return -ECANCELED;
}

static bool stopped(struct fwslot_session *s)
{
	(void)s;
	return true;
}

const u8 *fwslot_input_next(struct fwslot_session *s, int *err)
{
	const struct fwslot_image *img = streamed(s);

	*err = fwslot_input_wait(s, stopped);
	if (*err)
		return NULL;
	must_not(s->chunk >= img->chunks || !s->buf[0]);
	memcpy(s->buf[0], feed.image[0] + (u64)s->chunk * img->chunk_size,
	       fwslot_chunk_len(img, s->chunk));
	return s->buf[0];
}

int fwslot_input_staged(struct fwslot_session *s)
{
	must_not(!s->stage);
	return fwslot_input_wait(s, stopped);
}

void fwslot_input_release(struct fwslot_session *s)
{
	s->chunk = fwslot_wanted_next(s->streamed, s->chunk + 1,
				      streamed(s)->chunks);
}
