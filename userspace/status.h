/* SPDX-License-Identifier: MIT */
/*
 * status.h - the state of everything, and how it is shown
 */
#ifndef FWSLOT_USERSPACE_STATUS_H
#define FWSLOT_USERSPACE_STATUS_H

#include "failure.h"
#include "nl.h"
#include "verdict.h"

int status_get(struct nl_status *st, struct failure *f);
u32 status_missing(const struct nl_status *st);
int status_wait(struct nl_status *st, int seconds, struct failure *f);
u32 status_units(const struct nl_status *st);
void status_json(const struct nl_status *st, const struct verdict *v,
		 struct json *j);
void status_unit_json(const struct nl_unit *unit, struct json *j);
int status_fail(const char *command, const struct failure *f, bool json);

#endif /* FWSLOT_USERSPACE_STATUS_H */
