// SPDX-License-Identifier: MIT
/*
 * upgrade_show.c - what fwslot upgrade tells: text, JSON, system log
 */
#include <syslog.h>

#include "fwslot.h"
#include "upgrade.h"

static const char *show_action(u32 action)
{
	static const char *const words[] = {
		[FWSLOT_ACTION_SKIP] = "skip",
		[FWSLOT_ACTION_RECORD] = "record",
		[FWSLOT_ACTION_WRITE] = "write",
	};

	return action < ARRAY_SIZE(words) ? words[action] : "unknown";
}

static const char *show_source(u32 source)
{
	static const char *const words[] = {
		[FWSLOT_SOURCE_NONE] = "-",
		[FWSLOT_SOURCE_STREAM] = "package",
		[FWSLOT_SOURCE_STAGED] = "package, whole in memory first",
		[FWSLOT_SOURCE_TWIN] = "other image slot",
	};

	return source < ARRAY_SIZE(words) ? words[source] : "unknown";
}

static u32 show_units(const struct fwslot_begin *begin)
{
	u32 i, units = 0;

	for (i = 0; i < begin->n_steps; i++)
		if (begin->steps[i].action != FWSLOT_ACTION_SKIP)
			units |= 1U << begin->steps[i].unit;
	return units;
}

static void show_plan(const struct upgrade *u, const char *release)
{
	const struct fwslot_begin *begin = &u->session.begin;
	const struct fwslot_step *step = begin->steps;
	u32 i;

	printf("%s (format %u) is authentic and may be installed:\n", release,
	       u->manifest.format);
	printf("%-4s  %-12s  %-6s  %6s  %6s  %s\n", "STEP", "SLOT", "ACTION",
	       "BLOCKS", "CHUNKS", "FROM");
	for (i = 0; i < begin->n_steps; i++, step++)
		printf("%-4u  %-12s  %-6s  %6u  %6u  %s\n", i + 1,
		       fwslot_unit_word(step->unit), show_action(step->action),
		       step->blocks, step->chunks, show_source(step->source));
	printf("nothing was written\n");
}

/* Steps are taken in the plan's order, so that is the order to name them. */
static void show_done(const struct upgrade *u, const char *release)
{
	const struct fwslot_begin *begin = &u->session.begin;
	const char *sep = "";
	u32 i, told = 0;

	printf("%s is installed: ", release);
	for (i = 0; i < begin->n_steps; i++) {
		if (begin->steps[i].action == FWSLOT_ACTION_SKIP ||
		    told & 1U << begin->steps[i].unit)
			continue;
		told |= 1U << begin->steps[i].unit;
		printf("%s%s", sep, fwslot_unit_word(begin->steps[i].unit));
		sep = ", ";
	}
	putchar('\n');
}

static void show_text(const struct upgrade *u)
{
	char release[FWSLOT_RELEASE_STR];

	fwslot_release_print(&u->manifest.release, release);
	if (u->result == UPGRADE_CHECKED)
		show_plan(u, release);
	else if (u->result == UPGRADE_DONE)
		show_done(u, release);
	else
		printf("%s is installed already, nothing was written\n",
		       release);
	if (u->reboot == UPGRADE_REBOOT_NOW)
		printf("rebooting: %s\n", u->conf->reboot);
	else if (u->reboot == UPGRADE_REBOOT_ADVISED)
		printf("a reboot is advisable, to use what was installed\n");
}

static void show_steps_json(const struct fwslot_begin *begin, struct json *j)
{
	const struct fwslot_step *step = begin->steps;
	u32 i;

	json_array(j, "steps");
	for (i = 0; i < begin->n_steps; i++, step++) {
		json_object(j, NULL);
		json_string(j, "unit", fwslot_unit_word(step->unit));
		json_string(j, "action", show_action(step->action));
		json_u64(j, "blocks", step->blocks);
		json_u64(j, "chunks", step->chunks);
		json_end(j);
	}
	json_end(j);
}

static void show_json(const struct upgrade *u, int status)
{
	static const char *const results[] = {
		[UPGRADE_NOTHING] = "nothing-to-do",
		[UPGRADE_CHECKED] = "checked",
		[UPGRADE_DONE] = "installed",
	};
	static const char *const reboots[] = {
		[UPGRADE_REBOOT_NONE] = "none",
		[UPGRADE_REBOOT_ADVISED] = "advised",
		[UPGRADE_REBOOT_NOW] = "now",
	};
	char release[FWSLOT_RELEASE_STR];
	struct json j = { .file = stdout };

	fwslot_release_print(&u->manifest.release, release);
	json_object(&j, NULL);
	json_string(&j, "command", "upgrade");
	json_string(&j, "result", u->f.set ? "failed" : results[u->result]);
	json_number(&j, "exit", status);
	json_string(&j, "slots", u->word);
	json_bool(&j, "dry_run", u->dry_run);
	json_string(&j, "release", u->known ? release : NULL);
	json_string(&j, "reboot", reboots[u->reboot]);
	show_steps_json(&u->session.begin, &j);
	json_units(&j, "done", u->result == UPGRADE_DONE && !u->f.set ?
		   show_units(&u->session.begin) : 0);
	failure_json(&u->f, &j);
	json_end(&j);
}

/**
 * upgrade_show() - tell how it ended
 * @u: the upgrade
 * @status: its exit status
 */
void upgrade_show(const struct upgrade *u, int status)
{
	if (u->f.set)
		failure_print(&u->f, true);
	if (u->json)
		show_json(u, status);
	else if (!u->f.set)
		show_text(u);
	fflush(stdout);
}

/**
 * upgrade_log() - start, result and refusal to the system log
 * @u: the upgrade
 * @begins: it begins, otherwise it has ended
 */
void upgrade_log(const struct upgrade *u, bool begins)
{
	char release[FWSLOT_RELEASE_STR] = "a package";
	static const char *const results[] = {
		[UPGRADE_NOTHING] = "nothing to do",
		[UPGRADE_CHECKED] = "checked",
		[UPGRADE_DONE] = "done",
	};

	if (u->known)
		fwslot_release_print(&u->manifest.release, release);
	if (begins)
		syslog(LOG_NOTICE, "upgrade %s begins%s%s", u->word,
		       u->dry_run ? ", dry run" : "",
		       u->flags & FWSLOT_BEGIN_FORCE ? ", forced" : "");
	else if (u->f.set)
		syslog(LOG_WARNING, "upgrade %s to %s failed: %s%s", u->word,
		       release, failure_word(&u->f), u->f.written ?
		       ", slots were written to" : ", nothing was written");
	else
		syslog(LOG_NOTICE, "upgrade %s to %s: %s", u->word, release,
		       results[u->result]);
}
