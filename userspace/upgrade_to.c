// SPDX-License-Identifier: MIT
/*
 * upgrade_to.c - fwslot upgrade --to: all steps to a release, across reboots
 *
 * Each boot makes a new plan from what the slots hold and does its first step,
 * as "fwslot upgrade" would with that package.  Only what the user asked for
 * outlives the reboot, and how often steps were tried: a step that comes a third
 * time in a row is given up, whatever stopped it, and so is the way when it
 * takes far more steps than were planned at first.  So a device does not go
 * round in circles, whatever a catalogue shows at each boot.
 */
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>

#include "fwslot.h"
#include "plan.h"
#include "target.h"
#include "upgrade.h"
#include "uri.h"

#define TO_SPARE	4

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

/**
 * upgrade_to_option() - take an option if it is one of these
 * @u: the upgrade
 * @option: the option
 *
 * Return: true when it is.
 */
bool upgrade_to_option(struct upgrade *u, const char *option)
{
	bool going_on = !strcmp(option, "--continue");
	bool cancel = !strcmp(option, "--cancel");
	const char *release = NULL, *folder = NULL;

	if (!going_on && !cancel && !args_value(option, "--to", &release) &&
	    !args_value(option, "--catalogue", &folder))
		return false;
	if (!u->to)
		u->to = calloc(1, sizeof(*u->to));
	if (!u->to)
		return false;
	u->to->going_on |= going_on;
	u->to->cancel |= cancel;
	if (release)
		u->to->release = release;
	if (folder)
		u->to->folder = folder;
	return true;
}

/**
 * upgrade_to_args() - do the options fit together
 * @u: the upgrade, with one of these options
 *
 * Return: NULL, or what is wrong.
 */
const char *upgrade_to_args(const struct upgrade *u)
{
	const struct upgrade_to *to = u->to;
	struct fwslot_release release;

	if (!to->release != !to->folder)
		return "--to= and --catalogue= go together";
	if ((to->release ? 1 : 0) + to->going_on + to->cancel != 1)
		return "give --to=, --continue or --cancel alone";
	if (u->flags & FWSLOT_BEGIN_FORCE)
		return "--force is for single packages";
	if (to->release && u->before)
		return "--before= is forgotten at reboots: use before= in the configuration file";
	if (to->release && fwslot_release_parse(to->release, &release))
		return "--to= is not a release";
	return NULL;
}

/**
 * upgrade_to_free() - give back what these options have allocated
 * @u: the upgrade
 */
void upgrade_to_free(struct upgrade *u)
{
	if (u->to)
		plan_free(&u->to->plan);
	free(u->to);
	u->to = NULL;
}

static int to_json(const struct upgrade *u, const char *result, int status)
{
	struct json j = { .file = stdout };

	json_result(&j, "upgrade", result, status);
	json_string(&j, "target", u->to->target.to);
	if (u->f.set)
		failure_json(&u->f, &j);
	json_end(&j);
	return out_finish(status);
}

/* The end of it, well or not: one line, and the exit status. */
static int to_end(struct upgrade *u, const char *result, const char *text,
		  int status)
{
	/* Boot scripts ask at every boot. */
	if (u->to->target.to[0])
		syslog(LOG_NOTICE, "upgrade to %s: %s", u->to->target.to, text);
	if (u->json)
		return to_json(u, result, status);
	if (u->to->target.to[0])
		printf("%s: %s\n", u->to->target.to, text);
	else
		printf("%s\n", text);
	return out_finish(status);
}

static int to_fail(struct upgrade *u)
{
	int status = failure_status(&u->f);

	syslog(LOG_WARNING, "upgrade to %s stopped: %s", u->to->target.to,
	       u->f.text);
	failure_print(&u->f, true);
	return u->json ? to_json(u, "failed", status) : status;
}

static int to_cancel(struct upgrade *u)
{
	struct failure ignored = { 0 };
	struct target *t = &u->to->target;
	bool there;

	/* A file that cannot be read is one more reason to remove it. */
	there = target_load(u->conf->target, t, &ignored) || t->to[0];
	if (!there)
		return to_end(u, "nothing-to-do", "nothing to cancel",
			      TOOL_NOTHING);
	if (target_remove(u->conf->target, &u->f))
		return to_fail(u);
	return to_end(u, "cancelled",
		      "cancelled; the slots stay as they are (fwslot status)",
		      TOOL_DONE);
}

/* The target: from the command line, or from the file. */
static int to_target(struct upgrade *u)
{
	struct upgrade_to *to = u->to;
	struct target *t = &to->target;
	char *folder;

	if (to->going_on)
		return target_load(u->conf->target, t, &u->f);
	snprintf(t->to, sizeof(t->to), "%s", to->release);
	if (uri_is(to->folder)) {
		if (strlen(to->folder) >= sizeof(t->folder))
			return failure_plain(&u->f, TOOL_USAGE,
					     "a catalogue whose name is too long");
		strcpy(t->folder, to->folder);
		return 0;
	}
	folder = realpath(to->folder, NULL);
	if (!folder)
		return failure_plain(&u->f, TOOL_EARLY, "%s: %s", to->folder,
				     strerror(errno));
	snprintf(t->folder, sizeof(t->folder), "%s", folder);
	free(folder);
	return 0;
}

static int to_plan(struct upgrade *u)
{
	struct upgrade_to *to = u->to;

	to->plan.to = to->target.to;
	to->plan.folder = to->target.folder;
	to->plan.conf = u->conf;
	if (status_get(&u->st, &u->f) || plan_load(&to->plan, &u->f) ||
	    plan_from_device(&to->plan, &u->st, &to->floor, &u->f) ||
	    plan_make(&to->plan, &u->f))
		return -1;
	/* Each step twice, as often as it is tried, and a bit. */
	if (!to->going_on)
		to->target.left = TARGET_TRIES * to->plan.path.n + TO_SPARE;
	return 0;
}

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

static int to_no_way(struct upgrade *u)
{
	const struct plan *plan = &u->to->plan;
	char text[FAILURE_TEXT];

	plan_dead_end(plan, text, sizeof(text));
	if (plan->path.reason)
		return failure_exact(&u->f, plan->path.reason,
				     "there is no way to %s; %s", plan->to,
				     text);
	return failure_plain(&u->f, TOOL_REFUSED, "there is no way to %s; %s",
			     plan->to, text);
}

static void to_advise_again(struct upgrade *u)
{
	const struct target *t = &u->to->target;
	char shown[CATALOGUE_SHOWN];

	catalogue_shown(t->folder, shown, sizeof(shown));
	failure_advise(&u->f, "to try again: fwslot upgrade --to=%s --catalogue=%s",
		       t->to, strcmp(shown, t->folder) ? "<the same>" : shown);
	failure_advise(&u->f, "to give it up: fwslot upgrade --cancel");
}

static void to_advise_on(struct upgrade *u)
{
	const struct target *t = &u->to->target;

	if (t->tries < TARGET_TRIES) {
		failure_advise(&u->f,
			       "to go on to %s: fwslot upgrade --continue, as the boot scripts do at the next boot",
			       t->to);
		return;
	}
	failure_advise(&u->f, "it has failed %u times: the next boot does not go on",
		       TARGET_TRIES);
	to_advise_again(u);
}

/* There is no step yet, so it is no try either: the network may be down. */
static int to_fail_early(struct upgrade *u)
{
	if (u->to->going_on)
		to_advise_on(u);
	return to_fail(u);
}

static int to_give_up(struct upgrade *u)
{
	const struct target *t = &u->to->target;

	if (target_given_up(t))
		failure_plain(&u->f, TOOL_EARLY,
			      "\"%s\" has failed %u times: %s", t->step,
			      TARGET_TRIES,
			      t->why[0] ? t->why : "it was interrupted");
	else
		failure_plain(&u->f, TOOL_EARLY,
			      "it took far more steps than were planned, the last was \"%s\"",
			      t->step);
	to_advise_again(u);
	return -1;
}

/*
 * Count the step, before it is begun: what stops it may be anything.  Once one
 * was given up nothing is begun any more, not even another step.
 */
static int to_count(struct upgrade *u)
{
	struct target *t = &u->to->target;
	char step[sizeof(t->step)];

	if (target_given_up(t) || !t->left)
		return to_give_up(u);
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
	return target_given_up(t) ? to_give_up(u) : 0;
}

/* Hand the first step of the plan to the upgrade of one package. */
static int to_first_step(struct upgrade *u)
{
	const struct plan *plan = &u->to->plan;
	const struct planner_step *step = plan->path.steps;
	char shown[CATALOGUE_SHOWN];

	if (!plan->path.reboot &&
	    catalogue_only_manifest(&plan->cat.entries[step->entry])) {
		failure_plain(&u->f, TOOL_EARLY,
			      "the package is needed, not only its manifest: %s",
			      catalogue_shown(plan->cat.entries[step->entry].path,
					      shown, sizeof(shown)));
		return to_fail(u);
	}
	if (to_count(u))
		return to_fail(u);
	if (!u->json)
		printf("to %s, %u step%s left: %s\n", plan->to, plan->path.n,
		       plan->path.n == 1 ? "" : "s", u->to->target.step);
	fflush(stdout);
	if (plan->path.reboot && u->no_reboot)
		return to_end(u, "reboot-advised",
			      "what was installed before waits for a reboot",
			      TOOL_DONE);
	if (plan->path.reboot) {
		to_end(u, "rebooting", "rebooting", TOOL_DONE);
		return UPGRADE_TO_REBOOT;
	}
	u->slots = step->slots;
	u->path = plan->cat.entries[step->entry].path;
	u->expected = &plan->cat.entries[step->entry].manifest;
	return UPGRADE_TO_STEP;
}

static int to_dry_run(struct upgrade *u)
{
	if (u->json)
		plan_show_json(&u->to->plan);
	else
		plan_show_text(&u->to->plan);
	return out_finish(plan_status(&u->to->plan));
}

/**
 * upgrade_to_begin() - find out what is to be done now
 * @u: the upgrade
 *
 * Return: UPGRADE_TO_STEP: install what @u says now; UPGRADE_TO_REBOOT: only
 * reboot; or the exit status, there is nothing more to do.
 */
int upgrade_to_begin(struct upgrade *u)
{
	struct upgrade_to *to = u->to;
	int status;

	if (to->cancel)
		return to_cancel(u);
	if (to_target(u))
		return to_fail(u);
	if (!to->target.to[0])
		return to_end(u, "nothing-to-do", "no upgrade is under way",
			      TOOL_NOTHING);
	if (to_plan(u))
		return to_fail_early(u);
	if (u->dry_run)
		return to_dry_run(u);
	status = plan_status(&to->plan);
	if (status == TOOL_DONE)
		return to_first_step(u);
	if (status == TOOL_REFUSED) {
		to_no_way(u);
		return to_fail_early(u);
	}
	if (target_remove(u->conf->target, &u->f))
		return to_fail(u);
	if (to->going_on)
		return to_end(u, "reached", "reached, it is in all slots",
			      TOOL_DONE);
	return to_end(u, "nothing-to-do", "it is in all slots already",
		      TOOL_NOTHING);
}

/*
 * Nothing was written, and it has nothing to do with this step on this device:
 * another time it may go well.  None of these ends in a reboot by itself, so
 * they need not be counted.
 */
static bool to_no_try(const struct upgrade *u)
{
	const struct failure *f = &u->f;

	if (f->written)
		return false;
	return f->interrupted || failure_status(f) == TOOL_BUSY ||
	       !strcmp(failure_word(f), "before-refused") ||
	       (uri_is(u->path) && f->status == TOOL_EARLY);
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
	bool no_try = u->f.set && to_no_try(u);

	if (u->f.set) {
		snprintf(t->why, sizeof(t->why), "%s%s%.150s",
			 failure_word(&u->f), u->f.text[0] ? ", " : "",
			 u->f.text);
		t->tries -= no_try;
		t->left += no_try;
		to_advise_on(u);
	} else if (u->result == UPGRADE_NOTHING && !pending) {
		to_nothing(u);
	} else {
		u->reboot = u->no_reboot || stop_wanted() ?
			    UPGRADE_REBOOT_ADVISED : UPGRADE_REBOOT_NOW;
		return;
	}
	target_store(u->conf->target, t, &ignored);
}
