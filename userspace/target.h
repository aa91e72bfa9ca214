/* SPDX-License-Identifier: MIT */
/*
 * target.h - the release that a device is on its way to, across reboots
 */
#ifndef FWSLOT_USERSPACE_TARGET_H
#define FWSLOT_USERSPACE_TARGET_H

#include <limits.h>

#include "failure.h"

/* Times that a step is tried; the third time it is given up instead. */
#define TARGET_TRIES	2U

/**
 * struct target - what the user asked for, and how far it went
 * @to: version of the release, empty: there is no target
 * @folder: the catalogue: an absolute name, or a URI with all its secrets
 * @step: the step that was begun last, in words; empty: none yet
 * @tries: how often it was begun
 * @left: steps that may still be begun, all tries counted
 * @why: why it failed, as far as that is known
 */
struct target {
	char to[FWSLOT_RELEASE_STR];
	char folder[PATH_MAX];
	char step[80];
	u32 tries;
	u32 left;
	char why[FAILURE_TEXT];
};

/* target.c */
int target_fail(struct failure *f, const char *path);
int target_make_folder(const char *path, struct failure *f);
int target_load(const char *path, struct target *t, struct failure *f);
int target_store(const char *path, const struct target *t, struct failure *f);
int target_remove(const char *path, struct failure *f);

/* target_lock.c */
int target_lock(const char *path, bool create, struct failure *f);

static inline bool target_given_up(const struct target *t)
{
	return t->tries > TARGET_TRIES;
}

#endif /* FWSLOT_USERSPACE_TARGET_H */
