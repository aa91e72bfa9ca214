// SPDX-License-Identifier: MIT
/*
 * upgrade_show.c - what fwslot upgrade tells: text, JSON, system log
 */
#include <syslog.h>

#include "estimate.h"
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

static void show_estimate(const struct upgrade *u)
{
	struct estimate e;
	char time[32];

	estimate_plan(u->conf, &u->st, &u->session.begin, &e);
	estimate_time(time, sizeof(time), e.ms);
	printf("%u blocks to erase at most, about %s\n", e.blocks, time);
	if (!e.window_ms)
		return;
	estimate_time(time, sizeof(time), e.window_ms);
	if (e.single)
		printf("about %s of it for the bootloader: there is no other copy, keep power on\n",
		       time);
	else
		printf("about %s of it for the bootloader, one copy after the other\n",
		       time);
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
	show_estimate(u);
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

static void show_estimate_json(const struct upgrade *u, struct json *j)
{
	struct estimate e;

	estimate_plan(u->conf, &u->st, &u->session.begin, &e);
	json_u64(j, "blocks", e.blocks);
	json_u64(j, "expected_ms", e.ms);
	json_u64(j, "window_ms", e.window_ms);
	json_bool(j, "single_copy", e.window_ms && e.single);
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
	json_result(&j, "upgrade", u->f.set ? "failed" : results[u->result],
		    status);
	json_string(&j, "slots", u->word);
	json_bool(&j, "dry_run", u->dry_run);
	json_string(&j, "release", u->known ? release : NULL);
	json_string(&j, "reboot", reboots[u->reboot]);
	json_bool(&j, "downgrade", u->downgrade);
	if (u->note_len)
		json_text(&j, "note", u->note, u->note_len);
	else
		json_null(&j, "note");
	show_estimate_json(u, &j);
	show_steps_json(&u->session.begin, &j);
	json_units(&j, "done", u->result == UPGRADE_DONE && !u->f.set ?
		   show_units(&u->session.begin) : 0);
	failure_json(&u->f, &j);
	json_end(&j);
}

static void upgrade_note(struct upgrade *u, const struct pkg_blob *notes)
{
	const u8 *end = notes->data;

	if (!end)
		return;
	end = memchr(notes->data, '\n', notes->size);
	u->note_len = end ? (size_t)(end - notes->data) : notes->size;
	u->note_len = min_t(size_t, u->note_len, sizeof(u->note));
	memcpy(u->note, notes->data, u->note_len);
}

/**
 * upgrade_tell() - before anything is written, say what the user should know
 * @u: an upgrade that the kernel has accepted, so that its manifest is authentic
 *
 * The vendor says in the first line of the notes what a downgrade loses.
 */
void upgrade_tell(struct upgrade *u)
{
	char release[FWSLOT_RELEASE_STR];
	struct fwslot_release running;
	bool note;

	if (u->downgrade || fwslot_release_parse(u->st.device.running, &running) ||
	    fwslot_release_order(&u->manifest.release, &running) >= 0)
		return;
	u->downgrade = true;
	upgrade_note(u, &u->session.head->notes);
	/* In JSON it is part of the result. */
	note = u->note_len && u->progress.mode != PROGRESS_JSON;
	fwslot_release_print(&u->manifest.release, release);
	progress_note(&u->progress, "this is a downgrade from %s to %s%s",
		      u->st.device.running, release, note ? ":" : "");
	if (!note)
		return;
	fputs("  ", stderr);
	out_visible(stderr, u->note, u->note_len, NULL);
	fputc('\n', stderr);
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
