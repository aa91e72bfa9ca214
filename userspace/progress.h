/* SPDX-License-Identifier: MIT */
/*
 * progress.h - progress of a session, on stderr
 */
#ifndef FWSLOT_USERSPACE_PROGRESS_H
#define FWSLOT_USERSPACE_PROGRESS_H

#include "nl.h"

/**
 * enum progress_mode - how progress is shown
 * @PROGRESS_NONE: not at all
 * @PROGRESS_PLAIN: lines
 * @PROGRESS_BAR: a bar that moves
 * @PROGRESS_JSON: an object a line
 */
enum progress_mode {
	PROGRESS_NONE,
	PROGRESS_PLAIN,
	PROGRESS_BAR,
	PROGRESS_JSON,
};

/**
 * struct progress - what was shown so far
 * @mode: how
 * @begin: the plan, NULL: there is none yet
 * @status: units' erase sizes
 * @step: step that was shown last
 * @phase: its phase
 * @percent: its percent
 * @done: steps that were shown as complete
 * @started_ms: when @step was seen first
 * @started_done: its blocks that were written by then
 * @wrote_ms: when the flash was first seen writing, 0: not yet
 * @wrote_done: blocks of all steps that were written by then
 * @drawn_ms: when something was shown last
 * @line: a bar is on the current line
 */
struct progress {
	enum progress_mode mode;
	const struct fwslot_begin *begin;
	const struct nl_status *status;
	u32 step;
	u32 phase;
	u32 percent;
	u32 done;
	u64 started_ms;
	u64 started_done;
	u64 wrote_ms;
	u64 wrote_done;
	u64 drawn_ms;
	bool line;
};

bool progress_parse(const char *word, enum progress_mode *mode);
bool progress_due(const struct progress *p);
void progress_end(struct progress *p);
void progress_begin(struct progress *p, const struct fwslot_begin *begin);
void progress_check(struct progress *p, u64 done, u64 total);
void progress_update(struct progress *p, const struct fwslot_progress *now);
void progress_note(struct progress *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* FWSLOT_USERSPACE_PROGRESS_H */
