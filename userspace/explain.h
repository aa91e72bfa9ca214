/* SPDX-License-Identifier: MIT */
/*
 * explain.h - the way out of a refusal or failure
 */
#ifndef FWSLOT_USERSPACE_EXPLAIN_H
#define FWSLOT_USERSPACE_EXPLAIN_H

#include "conf.h"
#include "failure.h"
#include "nl.h"

/**
 * struct explain - what the way out depends on
 * @status: the device
 * @manifest: the package's manifest, NULL: it could not be read
 * @file: the package's file name or URI, as it may be shown, "-" for stdin,
 *	empty: there is none
 * @quoted: @file for a shell, filled in by explain()
 * @command: command that was run
 * @slot: word for the slots, as the user typed it
 * @conf: the configuration
 * @goes_on: the command is a step of a way, it is not to be run again by itself
 */
struct explain {
	const struct nl_status *status;
	const struct fwslot_manifest *manifest;
	const char *file;
	const char *quoted;
	const char *command;
	const char *slot;
	const struct conf *conf;
	bool goes_on;
};

void explain(const struct explain *e, struct failure *f);

#endif /* FWSLOT_USERSPACE_EXPLAIN_H */
