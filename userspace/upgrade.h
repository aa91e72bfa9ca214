/* SPDX-License-Identifier: MIT */
/*
 * upgrade.h - what the files of fwslot upgrade share
 */
#ifndef FWSLOT_USERSPACE_UPGRADE_H
#define FWSLOT_USERSPACE_UPGRADE_H

#include "conf.h"
#include "input.h"
#include "session.h"
#include "status.h"

#define UPGRADE_NOTE	160

/**
 * enum upgrade_result - how an upgrade ended, when it did not fail
 * @UPGRADE_NOTHING: everything was right already
 * @UPGRADE_CHECKED: dry run
 * @UPGRADE_DONE: installed
 */
enum upgrade_result {
	UPGRADE_NOTHING,
	UPGRADE_CHECKED,
	UPGRADE_DONE,
};

/**
 * enum upgrade_reboot - what follows
 * @UPGRADE_REBOOT_NONE: no reboot is needed
 * @UPGRADE_REBOOT_ADVISED: the user should reboot
 * @UPGRADE_REBOOT_NOW: the tool reboots
 */
enum upgrade_reboot {
	UPGRADE_REBOOT_NONE,
	UPGRADE_REBOOT_ADVISED,
	UPGRADE_REBOOT_NOW,
};

/**
 * struct upgrade - an upgrade
 * @conf: the configuration
 * @word: the slots, as they were typed
 * @path: the package: a file, "-" for stdin, or a URI
 * @other: URI to try when nothing comes from @path, or NULL
 * @expected: what the package has to hold, or NULL
 * @before: command line that says whether slots may be written now, or NULL
 * @slots: mask of slots
 * @flags: FWSLOT_BEGIN_FORCE or 0
 * @dry_run: only check
 * @no_reboot: do not reboot
 * @json: show the result as JSON
 * @yes: what --force may do was confirmed
 * @input: the package, open
 * @st: the device, as it was before
 * @progress: how progress is shown
 * @session: the session
 * @manifest: the package's manifest, valid if @known
 * @known: the head of the package was read
 * @downgrade: it is older than the running release
 * @note: first line of the release notes, any bytes
 * @note_len: how many
 * @result: how it ended, unless @f is set
 * @reboot: what follows
 * @to: an upgrade across reboots, NULL: of one package
 * @f: why it failed
 */
struct upgrade {
	const struct conf *conf;
	const char *word;
	const char *path;
	const char *other;
	const struct fwslot_manifest *expected;
	const char *before;
	u32 slots;
	u32 flags;
	bool dry_run;
	bool no_reboot;
	bool json;
	bool yes;
	struct input input;
	struct nl_status st;
	struct progress progress;
	struct session session;
	struct fwslot_manifest manifest;
	bool known;
	bool downgrade;
	char note[UPGRADE_NOTE];
	size_t note_len;
	enum upgrade_result result;
	enum upgrade_reboot reboot;
	struct upgrade_to *to;
	struct failure f;
};

/* cmd_upgrade.c */
int upgrade_go(struct upgrade *u);

/* upgrade.c */
int upgrade_install(struct upgrade *u);

/* upgrade_ask.c */
int upgrade_before(struct upgrade *u);
int upgrade_force(struct upgrade *u);

/* upgrade_to.c, upgrade_try.c */
#define UPGRADE_TO_STEP		(-1)
#define UPGRADE_TO_REBOOT	(-2)

bool upgrade_to_option(struct upgrade *u, const char *option);
const char *upgrade_to_args(const struct upgrade *u);
int upgrade_to_begin(struct upgrade *u);
void upgrade_to_end(struct upgrade *u);
void upgrade_to_free(struct upgrade *u);

/* upgrade_show.c */
void upgrade_tell(struct upgrade *u);
void upgrade_show(const struct upgrade *u, int status);
void upgrade_log(const struct upgrade *u, bool begins);

#endif /* FWSLOT_USERSPACE_UPGRADE_H */
