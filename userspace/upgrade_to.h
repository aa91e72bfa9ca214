/* SPDX-License-Identifier: MIT */
/*
 * upgrade_to.h - an upgrade across reboots: what its two files share
 */
#ifndef FWSLOT_USERSPACE_UPGRADE_TO_H
#define FWSLOT_USERSPACE_UPGRADE_TO_H

#include "plan.h"
#include "target.h"
#include "upgrade.h"

/**
 * struct upgrade_to - an upgrade across reboots
 * @release: --to=
 * @folder: --catalogue=, a folder or a URI
 * @going_on: --continue
 * @cancel: --cancel
 * @target: what is kept in the file
 * @floor: oldest release that the device takes, part of @plan
 * @plan: what is to be done from here
 */
struct upgrade_to {
	const char *release;
	const char *folder;
	bool going_on;
	bool cancel;
	struct target target;
	struct fwslot_release floor;
	struct plan plan;
};

/* upgrade_try.c */
int upgrade_try_count(struct upgrade *u);
int upgrade_try_over(struct upgrade *u);
void upgrade_try_advise(struct upgrade *u, bool gives_up);

#endif /* FWSLOT_USERSPACE_UPGRADE_TO_H */
