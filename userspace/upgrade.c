// SPDX-License-Identifier: MIT
/*
 * upgrade.c - the way of an upgrade
 *
 * A regular file is first handed over whole in a session that writes nothing,
 * so that a bad package is found before the first erase; then again, for
 * real.  A pipe or a URI can be read only once and goes for real at once: the kernel
 * checks every chunk before it is written in any case.
 */
#include <limits.h>
#include <poll.h>

#include "explain.h"
#include "fwslot.h"
#include "upgrade.h"

#define UPGRADE_WAIT_MS		500
#define UPGRADE_WAITS_MAX	1200	/* ten minutes */
#define UPGRADE_GRACE		4

static bool upgrade_boot_writing(void)
{
	struct failure ignored = { 0 };
	struct nl_status st;
	u32 i;

	if (status_get(&st, &ignored))
		return false;
	for (i = FWSLOT_UNIT_BOOT0; i < FWSLOT_UNITS; i++)
		if (st.units[i].state == FWSLOT_STATE_WRITING)
			return true;
	return false;
}

/*
 * A tool that was killed leaves the kernel busy until what it began is locked
 * again, which takes a moment, or until the bootloader is written, which takes
 * longer.  Wait for that, but not for other tools.
 */
static bool upgrade_may_wait(struct upgrade *u, int waits)
{
	bool boot;

	if (u->f.reason != FWSLOT_REASON_BUSY || stop_wanted() ||
	    waits >= UPGRADE_WAITS_MAX)
		return false;
	boot = upgrade_boot_writing();
	if (boot && !waits)
		progress_note(&u->progress,
			      "the bootloader is being written by an earlier session: waiting for its end");
	return boot || waits < UPGRADE_GRACE;
}

static int upgrade_begin(struct upgrade *u, u32 flags)
{
	int waits = 0;

	while (session_begin(&u->session, u->slots, u->flags | flags, &u->f)) {
		if (!upgrade_may_wait(u, waits++))
			return -1;
		memset(&u->f, 0, sizeof(u->f));
		poll(NULL, 0, UPGRADE_WAIT_MS);
	}
	return 0;
}

/*
 * A catalogue has shown its manifest, and a plan was made with it.  Another place
 * may give another package for the same name now, and a genuine one of an old
 * release would be installed.
 */
static int upgrade_is_expected(struct upgrade *u)
{
	const struct fwslot_manifest *is = &u->manifest, *want = u->expected;
	char release[FWSLOT_RELEASE_STR];
	bool same;
	u32 i;

	same = is->format == want->format && is->n_images == want->n_images &&
	       fwslot_release_equal(&is->release, &want->release);
	for (i = 0; same && i < is->n_images; i++)
		same = is->images[i].kind == want->images[i].kind &&
		       fwslot_image_same(&is->images[i], &want->images[i]);
	if (same)
		return 0;
	fwslot_release_print(&want->release, release);
	return failure_plain(&u->f, TOOL_PACKAGE,
			     "this is not the package of %s that the catalogue has shown",
			     release);
}

/* One session with the package, from its start. */
static int upgrade_pass(struct upgrade *u, u32 flags)
{
	struct pkg_source src;
	int ret;

	input_source(&u->input, &src);
	ret = session_open(&u->session, &src, &u->f);
	if (ret)
		return ret;
	u->manifest = pkg_head(u->session.pkg)->manifest;
	u->known = true;
	ret = u->expected ? upgrade_is_expected(u) : 0;
	if (!ret)
		ret = upgrade_begin(u, flags);
	if (!ret)
		upgrade_tell(u);
	if (!ret)
		ret = session_stream(&u->session, &u->f);
	if (!ret)
		ret = session_complete(&u->session, &u->f);
	return ret;
}

static int upgrade_check(struct upgrade *u)
{
	if (upgrade_pass(u, FWSLOT_BEGIN_CHECK))
		return -1;
	u->result = UPGRADE_CHECKED;
	if (!u->dry_run && !session_writes(&u->session))
		u->result = UPGRADE_NOTHING;
	session_close(&u->session);
	return 0;
}

static bool upgrade_wrote_image(const struct upgrade *u)
{
	const struct fwslot_begin *begin = &u->session.begin;
	u32 i;

	if (u->result != UPGRADE_DONE)
		return false;
	for (i = 0; i < begin->n_steps; i++)
		if (begin->steps[i].action == FWSLOT_ACTION_WRITE)
			return true;
	return false;
}

/*
 * A reboot that is still pending belongs to the job: a tool that was killed
 * after the last step could not do it.
 */
static void upgrade_decide_reboot(struct upgrade *u)
{
	bool pending = u->st.device.flags & FWSLOT_DEVICE_REBOOT;

	u->reboot = UPGRADE_REBOOT_NONE;
	if (u->dry_run || (!upgrade_wrote_image(u) && !pending))
		return;
	u->reboot = UPGRADE_REBOOT_ADVISED;
	if (!u->no_reboot && !stop_wanted() &&
	    u->slots & 1U << FWSLOT_PRIMARY)
		u->reboot = UPGRADE_REBOOT_NOW;
}

static int upgrade_run_passes(struct upgrade *u)
{
	bool file = input_is_file(&u->input);

	if (status_get(&u->st, &u->f) || upgrade_force(u))
		return -1;
	if (u->dry_run || file) {
		if (upgrade_check(u))
			return -1;
		if (u->result == UPGRADE_NOTHING || u->dry_run)
			return 0;
		if (input_rewind(&u->input, &u->f))
			return -1;
	}
	if (upgrade_before(u) || upgrade_pass(u, 0))
		return -1;
	u->result = session_writes(&u->session) ? UPGRADE_DONE :
						  UPGRADE_NOTHING;
	if (!file && pkg_end(u->session.pkg))
		progress_note(&u->progress,
			      "warning: %s; what was installed is authentic",
			      pkg_error(u->session.pkg)->text);
	return 0;
}

static void upgrade_explain(struct upgrade *u)
{
	char shown[PATH_MAX];
	struct explain e = {
		.status = &u->st, .file = shown, .command = "upgrade",
		.slot = u->word, .conf = u->conf, .goes_on = u->to,
	};
	struct failure ignored = { 0 };

	input_shown(&u->input, shown, sizeof(shown));
	if (u->known)
		e.manifest = &u->manifest;
	/* The session may have found out what the status before it could not. */
	status_get(&u->st, &ignored);
	explain(&e, &u->f);
}

/**
 * upgrade_install() - check, install, and find out what to do next
 * @u: options and package filled in
 *
 * Return: exit status.
 */
int upgrade_install(struct upgrade *u)
{
	int ret;

	u->progress.status = &u->st;
	u->session.progress = &u->progress;
	u->session.fd = -1;
	ret = upgrade_run_passes(u);
	session_close(&u->session);
	if (ret) {
		upgrade_explain(u);
		return failure_status(&u->f);
	}
	upgrade_decide_reboot(u);
	if (u->result == UPGRADE_NOTHING && u->reboot != UPGRADE_REBOOT_NOW)
		return TOOL_NOTHING;
	return TOOL_DONE;
}
