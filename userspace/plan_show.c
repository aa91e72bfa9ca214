// SPDX-License-Identifier: MIT
/*
 * plan_show.c - a plan as text and as JSON
 *
 * Keys of JSON objects are promised to users: never rename one, only add.
 */
#include <limits.h>

#include "fwslot.h"
#include "plan.h"
#include "text.h"

static void show_name(const struct planner_missing *missing, u32 i, char *buf,
		      size_t size)
{
	char text[FWSLOT_RELEASE_STR];

	fwslot_release_print(&missing->releases[i].release, text);
	if (missing->releases[i].format)
		snprintf(buf, size, "%s (format %u)", text,
			 missing->releases[i].format);
	else
		snprintf(buf, size, "%s", text);
}

/**
 * plan_dead_end() - what would open a way
 * @plan: a plan without a way
 * @buf: where to put it
 * @size: room there
 */
void plan_dead_end(const struct plan *plan, char *buf, size_t size)
{
	const struct planner_missing *missing = &plan->missing;
	char name[FWSLOT_RELEASE_STR + 24];
	size_t used;
	u32 i;

	if (!missing->known) {
		snprintf(buf, size,
			 "no release in the catalogue leads from format %u to format %u",
			 plan->start.running.format, plan->aim->format);
		return;
	}
	if (!missing->n) {
		snprintf(buf, size, "no release is missing: fwslot upgrade all says the way out");
		return;
	}
	used = snprintf(buf, size, "missing in the catalogue:");
	for (i = missing->n; i-- && used < size;) {
		show_name(missing, i, name, sizeof(name));
		used += snprintf(buf + used, size - used, "%s %s",
				 i + 1 == missing->n ? "" : ",", name);
	}
	if (missing->more && used < size)
		snprintf(buf + used, size - used, ", and more");
}

static bool show_single_copy(const struct plan *plan,
			     const struct planner_step *step)
{
	u32 i;

	if (plan->planner.configured & 1U << FWSLOT_UNIT_BOOT1)
		return false;
	for (i = 0; i < step->plan.n_steps; i++)
		if (step->plan.steps[i].unit == FWSLOT_UNIT_BOOT0 &&
		    step->plan.steps[i].action == FWSLOT_ACTION_WRITE)
			return true;
	return false;
}

/* Blocks that a step erases, 0: the shape of the flash is not known. */
static u32 show_blocks(const struct plan *plan, const struct planner_step *step)
{
	const struct fwslot_manifest *m;
	const struct fwslot_step *s;
	u32 i, blocks = 0;

	m = &plan->cat.entries[step->entry].manifest;
	for (i = 0; i < step->plan.n_steps; i++) {
		s = &step->plan.steps[i];
		if (s->action == FWSLOT_ACTION_WRITE &&
		    plan->planner.erase_sizes[s->unit])
			blocks += fwslot_blocks(m->images[s->image].size,
						plan->planner.erase_sizes[s->unit]);
	}
	return blocks;
}

static void show_units(const struct planner_step *step)
{
	const char *sep = "";
	u32 i;

	printf("   writes ");
	for (i = 0; i < step->plan.n_steps; i++) {
		if (step->plan.steps[i].action != FWSLOT_ACTION_WRITE)
			continue;
		printf("%s%s", sep, fwslot_unit_word(step->plan.steps[i].unit));
		sep = ", ";
	}
}

static void show_step(const struct plan *plan, u32 n)
{
	const struct planner_step *step = &plan->path.steps[n];
	const struct catalogue_entry *entry = &plan->cat.entries[step->entry];
	char release[FWSLOT_RELEASE_STR], why[160], path[PATH_MAX];
	char quoted[TEXT_SHELL(sizeof(path))];
	u32 blocks = show_blocks(plan, step);

	fwslot_release_print(&entry->manifest.release, release);
	printf("%u. upgrade %s %s\n   fwslot upgrade %s ", n + 1,
	       args_slots_word(step->slots), release,
	       args_slots_word(step->slots));
	catalogue_shown(entry->path, path, sizeof(path));
	text_shell(path, quoted, sizeof(quoted));
	out_visible(stdout, quoted, strlen(quoted), NULL);
	putchar('\n');
	show_units(step);
	if (blocks)
		printf(", %u blocks", blocks);
	planner_why(&plan->planner, &plan->path, n, why, sizeof(why));
	printf("\n   why: %s\n", why);
	if (show_single_copy(plan, step))
		puts("   note: the only copy of the bootloader is written: do not cut the power");
	puts("   reboot");
}

static void show_start(const struct plan *plan)
{
	const struct fwslot_running *run = &plan->start.running;
	char to[FWSLOT_RELEASE_STR], from[FWSLOT_RELEASE_STR];

	fwslot_release_print(&plan->release, to);
	if (run->known)
		printf("from %s (format %u)",
		       fwslot_release_print(&run->release, from), run->format);
	else
		printf("from an unknown release (format %u)", run->format);
	printf(", booted from %s, to %s", fwslot_booted_word(plan->start.booted),
	       to);
	if (plan->aim)
		printf(" (format %u)", plan->aim->format);
}

/**
 * plan_show_text() - for people
 * @plan: the plan, made
 */
void plan_show_text(const struct plan *plan)
{
	const struct planner_path *path = &plan->path;
	char text[400];
	u32 i;

	show_start(plan);
	if (!path->found) {
		puts(": no way");
		if (path->reason)
			printf("%s: %s\n", fwslot_reason_word(path->reason),
			       fwslot_reason_text(path->reason));
		plan_dead_end(plan, text, sizeof(text));
		puts(text);
		return;
	}
	if (plan_status(plan) == TOOL_NOTHING) {
		puts(": nothing to do");
		return;
	}
	printf(": %u step%s\n", path->n, path->n == 1 ? "" : "s");
	if (path->reboot)
		puts("reboot first");
	for (i = 0; i < path->n; i++)
		show_step(plan, i);
}

static void show_release_json(struct json *j, const char *key, u32 format,
			      const struct fwslot_release *release)
{
	char text[FWSLOT_RELEASE_STR];

	json_object(j, key);
	if (release)
		json_string(j, "version", fwslot_release_print(release, text));
	else
		json_null(j, "version");
	if (format)
		json_u64(j, "format", format);
	else
		json_null(j, "format");
	json_end(j);
}

static void show_step_json(const struct plan *plan, u32 n, struct json *j)
{
	const struct planner_step *step = &plan->path.steps[n];
	const struct catalogue_entry *entry = &plan->cat.entries[step->entry];
	char release[FWSLOT_RELEASE_STR], why[160], path[PATH_MAX];
	u32 i;

	json_object(j, NULL);
	json_string(j, "command", "upgrade");
	json_string(j, "slots", args_slots_word(step->slots));
	fwslot_release_print(&entry->manifest.release, release);
	json_string(j, "version", release);
	json_u64(j, "format", entry->manifest.format);
	json_string(j, "package", catalogue_shown(entry->path, path,
						  sizeof(path)));
	json_array(j, "writes");
	for (i = 0; i < step->plan.n_steps; i++)
		if (step->plan.steps[i].action == FWSLOT_ACTION_WRITE)
			json_string(j, NULL,
				    fwslot_unit_word(step->plan.steps[i].unit));
	json_end(j);
	json_u64(j, "blocks", show_blocks(plan, step));
	json_bool(j, "single_copy_at_risk", show_single_copy(plan, step));
	planner_why(&plan->planner, &plan->path, n, why, sizeof(why));
	json_string(j, "why", why);
	json_bool(j, "reboot", true);
	json_end(j);
}

static void show_dead_end_json(const struct plan *plan, struct json *j)
{
	const struct planner_path *path = &plan->path;
	const struct planner_missing *missing = &plan->missing;
	char text[400];
	u32 i;

	json_string(j, "reason", path->reason ?
		    fwslot_reason_word(path->reason) :
		    plan->aim ? "no-way" : "not-in-catalogue");
	json_units(j, "units", path->detail);
	json_array(j, "missing");
	for (i = missing->n; i--;)
		show_release_json(j, NULL, missing->releases[i].format,
				  &missing->releases[i].release);
	json_end(j);
	plan_dead_end(plan, text, sizeof(text));
	json_string(j, "message", text);
}

/**
 * plan_show_json() - for programs
 * @plan: the plan, made
 */
void plan_show_json(const struct plan *plan)
{
	const struct fwslot_running *run = &plan->start.running;
	static const char *const results[] = {
		[TOOL_DONE] = "planned",
		[TOOL_REFUSED] = "no-way",
		[TOOL_NOTHING] = "nothing-to-do",
	};
	struct json j = { .file = stdout };
	u32 i;

	json_result(&j, "plan", results[plan_status(plan)], plan_status(plan));
	show_release_json(&j, "from", run->format,
			  run->known ? &run->release : NULL);
	json_string(&j, "booted", fwslot_booted_word(plan->start.booted));
	show_release_json(&j, "to", plan->aim ? plan->aim->format : 0,
			  &plan->release);
	json_bool(&j, "reboot_first", plan->path.reboot);
	json_array(&j, "steps");
	for (i = 0; i < plan->path.n; i++)
		show_step_json(plan, i, &j);
	json_end(&j);
	if (!plan->path.found)
		show_dead_end_json(plan, &j);
	json_end(&j);
}
