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
#include "upgrade_to.h"
#include "uri.h"

#define TO_SPARE	4

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

	if (target_lock(u->conf->target, false, &u->f))
		return to_fail(u);
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

	if (!to->going_on)
		snprintf(t->to, sizeof(t->to), "%s", to->release);
	/* A dry run changes nothing. */
	if (!u->dry_run && target_lock(u->conf->target, !to->going_on, &u->f))
		return -1;
	if (to->going_on)
		return target_load(u->conf->target, t, &u->f);
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

/*
 * There is no step yet, so it is no try either: the network may be down.  For a
 * way that was given up nobody needs to wait for it.
 */
static int to_fail_early(struct upgrade *u)
{
	struct failure planned = u->f;

	if (!u->to->going_on)
		return to_fail(u);
	memset(&u->f, 0, sizeof(u->f));
	if (!upgrade_try_over(u)) {
		u->f = planned;
		upgrade_try_advise(u, false);
	}
	return to_fail(u);
}

/* Hand the first step of the plan to the upgrade of one package. */
static int to_first_step(struct upgrade *u)
{
	const struct plan *plan = &u->to->plan;
	const struct planner_step *step = plan->path.steps;
	char shown[CATALOGUE_SHOWN];

	if (!plan->path.reboot &&
	    catalogue_only_manifest(&plan->cat.entries[step->entry])) {
		failure_plain(&u->f, TOOL_REFUSED,
			      "the package is needed, not only its manifest: %s",
			      catalogue_shown(plan->cat.entries[step->entry].path,
					      shown, sizeof(shown)));
		return to_fail(u);
	}
	if (upgrade_try_count(u))
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
