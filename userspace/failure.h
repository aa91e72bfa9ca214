/* SPDX-License-Identifier: MIT */
/*
 * failure.h - why a command did not do what it was asked
 *
 * One structure from the place where something goes wrong to the place where
 * it is told: on stderr, in JSON, in the system log and as exit status.
 */
#ifndef FWSLOT_USERSPACE_FAILURE_H
#define FWSLOT_USERSPACE_FAILURE_H

#include "out.h"

#define FAILURE_TEXT	200
#define FAILURE_ADVICE	600

/**
 * struct failure - a failure; all zero: there is none
 * @set: there is one
 * @status: enum tool_exit, when it does not follow from @reason
 * @reason: enum fwslot_reason, FWSLOT_REASON_NONE: there is no code for it
 * @error: 0 or a negative errno
 * @detail: mask of the units that @reason speaks of
 * @written: mask of the units that were changed before
 * @interrupted: a signal asked to stop
 * @exact: @text says it better than the sentence of @reason
 * @word: one word for it, when it has no reason, or NULL
 * @text: what went wrong, or what was being done; may be empty
 * @advice: the way out, may be empty; lines are separated by new lines
 */
struct failure {
	bool set;
	int status;
	u32 reason;
	int error;
	u32 detail;
	u32 written;
	bool interrupted;
	bool exact;
	const char *word;
	char text[FAILURE_TEXT];
	char advice[FAILURE_ADVICE];
};

int failure_set(struct failure *f, u32 reason, int error, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
int failure_exact(struct failure *f, u32 reason, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
int failure_plain(struct failure *f, int status, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void failure_advise(struct failure *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int failure_status(const struct failure *f);
const char *failure_word(const struct failure *f);
void failure_print(const struct failure *f, bool writer);
void failure_json(const struct failure *f, struct json *j);
void failure_units(char *buf, size_t size, u32 units);

#endif /* FWSLOT_USERSPACE_FAILURE_H */
