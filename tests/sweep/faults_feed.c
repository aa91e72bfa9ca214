// SPDX-License-Identifier: MIT
/*
 * faults_feed.c - the tool: writes the data of a session, chunk by chunk
 *
 * Here kmod/input.c is the module's own, not the fake of the sweep: what it
 * does not accept must not wear the flash.  Linked into the module.
 */
#include <stdlib.h>
#include "inside.h"
#include "faults_feed.h"
#include "faults_tool.h"

struct feed feed;

/* The tool is killed: its file is closed. */
static void kill_tool(struct fwslot_session *s)
{
	fwslot_session_fail(s, FWSLOT_REASON_ABORTED, -ECANCELED);
}

static bool write_chunk(struct fwslot_session *s)
{
	const struct fwslot_image *img;
	u32 image, len;
	u8 *data;
	ssize_t n;

	image = s->plan.inputs[s->input].image;
	img = &fwslot_session_manifest(s)->images[image];
	len = fwslot_chunk_len(img, s->chunk);
	data = shim_alloc(len, false);
	memcpy(data, feed.image[image] + (u64)s->chunk * img->chunk_size, len);
	if (tool_fault == TOOL_SPOILS && image == tool_image)
		data[len / 2] ^= 1;
	if (tool_fault == TOOL_DIES && image == tool_image)
		len /= 2;
	n = fwslot_session_write(s, (const char *)data, len);
	shim_free(data);
	if (n > 0 && n != len)
		abort();
	if (tool_fault == TOOL_DIES && image == tool_image)
		kill_tool(s);
	return true;
}

/* The worker waits: for a chunk, or, after its last step, for the commit. */
bool feed_more(struct fwslot_session *s)
{
	feed.session = s;
	if (s->progress.phase == FWSLOT_PHASE_DONE)
		s->committed = true;
	else if (tool_fault == TOOL_SLEEPS)
		return false;
	else
		return write_chunk(s);
	return true;
}
