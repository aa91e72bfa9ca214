// SPDX-License-Identifier: MIT
/*
 * upgrade_try.c - how often the steps of fwslot upgrade --to are tried
 *
 * A step is counted before it is begun, and what was no try is taken back
 * afterwards: so a loss of power is one.
 */
#include <stdio.h>

#include "fwslot.h"
#include "text.h"
#include "upgrade_to.h"

static void to_step_text(const struct plan *plan, char *buf, size_t size)
{
	const struct planner_step *step = plan->path.steps;
	char release[FWSLOT_RELEASE_STR];

	if (plan->path.reboot) {
		snprintf(buf, size, "reboot");
		return;
	}
	fwslot_release_print(&plan->cat.entries[step->entry].manifest.release,
			     release);
	snprintf(buf, size, "upgrade %s %s", args_slots_word(step->slots),
		 release);
}

static void to_advise_again(struct upgrade *u)
{
	const struct target *t = &u->to->target;
	char shown[CATALOGUE_SHOWN], quoted[TEXT_SHELL(sizeof(shown))];

	catalogue_shown(t->folder, shown, sizeof(shown));
	text_shell(shown, quoted, sizeof(quoted));
	failure_advise(&u->f, "to try again: fwslot upgrade --to=%s --catalogue=%s",
		       t->to, strcmp(shown, t->folder) ? "<the same>" : quoted);
	failure_advise(&u->f, "to give it up: fwslot upgrade --cancel");
}

/**
 * upgrade_try_advise() - say how it goes on after a failure
 * @u: the upgrade
 * @gives_up: the next time this step comes up it is given up
 */
void upgrade_try_advise(struct upgrade *u, bool gives_up)
{
	const struct target *t = &u->to->target;

	if (!gives_up) {
		failure_advise(&u->f,
			       "to go on to %s: fwslot upgrade --continue, as the boot scripts do at the next boot",
			       t->to);
		return;
	}
	failure_advise(&u->f, "it has failed %u times: the next boot does not go on",
		       TARGET_TRIES);
	to_advise_again(u);
}

/**
 * upgrade_try_over() - was the way given up
 * @u: the upgrade
 *
 * Return: 0, or -1: it was, and the failure says so.
 */
int upgrade_try_over(struct upgrade *u)
{
	const struct target *t = &u->to->target;

	if (target_given_up(t))
		failure_plain(&u->f, TOOL_REFUSED,
			      "\"%s\" has failed %u times: %s", t->step,
			      TARGET_TRIES,
			      t->why[0] ? t->why : "it was interrupted");
	else if (!t->left)
		failure_plain(&u->f, TOOL_REFUSED,
			      "it took far more steps than were planned, the last was \"%s\"",
			      t->step);
	else
		return 0;
	to_advise_again(u);
	return -1;
}

/**
 * upgrade_try_count() - count the step, before it is begun
 * @u: the upgrade, with a plan
 *
 * What stops the step may be anything.  Once one was given up nothing is begun
 * any more, not even another step.
 *
 * Return: 0, or -1.
 */
int upgrade_try_count(struct upgrade *u)
{
	struct target *t = &u->to->target;
	char step[sizeof(t->step)];

	if (upgrade_try_over(u))
		return -1;
	to_step_text(&u->to->plan, step, sizeof(step));
	if (strcmp(step, t->step)) {
		t->tries = 0;
		t->why[0] = '\0';
		strcpy(t->step, step);
	}
	/* Who reboots later, if at all, is not known. */
	if (!u->to->plan.path.reboot || !u->no_reboot) {
		t->tries++;
		t->left--;
	}
	if (target_store(u->conf->target, t, &u->f))
		return -1;
	return target_given_up(t) ? upgrade_try_over(u) : 0;
}

/* A bootloader that was written and put back counts as not written. */
static bool to_by_flash(const struct failure *f)
{
	switch (f->reason) {
	case FWSLOT_REASON_FLASH_IO:
	case FWSLOT_REASON_READ_BACK:
	case FWSLOT_REASON_BAD_BLOCKS:
	case FWSLOT_REASON_LOCK_FAILED:
	case FWSLOT_REASON_TWIN_CORRUPT:
		return true;
	default:
		return false;
	}
}

/*
 * Nothing was written, and another time it may go well: so say the exit statuses
 * of it, and what tries again does so by them.  None of these ends in a reboot by
 * itself, so they need not be counted.  Flash that fails is worn by each of them.
 */
static bool to_no_try(const struct failure *f)
{
	int status = failure_status(f);

	if (to_by_flash(f))
		return false;
	return status == TOOL_EARLY || status == TOOL_BUSY ||
	       (!f->written && !strcmp(failure_word(f), "before-refused"));
}

/* The records said that there is something to write, the contents do not. */
static void to_nothing(struct upgrade *u)
{
	struct target *t = &u->to->target;

	u->reboot = UPGRADE_REBOOT_NONE;
	snprintf(t->why, sizeof(t->why), "there was nothing to write");
	progress_note(&u->progress,
		      "nothing had to be written for this step: fwslot upgrade --continue makes a new plan, and so do the boot scripts");
}

/**
 * upgrade_to_end() - note how the step went
 * @u: the upgrade, after it
 *
 * A step that has written something is followed by a reboot: the next one is
 * planned by what it has made of the device.
 */
void upgrade_to_end(struct upgrade *u)
{
	bool pending = u->st.device.flags & FWSLOT_DEVICE_REBOOT;
	struct failure ignored = { 0 };
	struct target *t = &u->to->target;
	bool no_try = u->f.set && to_no_try(&u->f);

	if (u->f.set) {
		snprintf(t->why, sizeof(t->why), "%s%s%.150s",
			 failure_word(&u->f), u->f.text[0] ? ", " : "",
			 u->f.text);
		t->tries -= no_try;
		t->left += no_try;
		upgrade_try_advise(u, t->tries >= TARGET_TRIES);
	} else if (u->result == UPGRADE_NOTHING && !pending) {
		to_nothing(u);
	} else {
		u->reboot = u->no_reboot || stop_wanted() ?
			    UPGRADE_REBOOT_ADVISED : UPGRADE_REBOOT_NOW;
		return;
	}
	target_store(u->conf->target, t, &ignored);
}
