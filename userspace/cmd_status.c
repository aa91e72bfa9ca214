// SPDX-License-Identifier: MIT
/*
 * cmd_status.c - fwslot status
 */
#include "catalogue.h"
#include "conf.h"
#include "fwslot.h"
#include "status.h"
#include "target.h"

static void status_line(const char *name, const char *value)
{
	printf("%-10s %s\n", name, value);
}

static void status_running(const struct nl_device *dev)
{
	const char *where = "booted from an unknown slot";
	char text[128];

	if (dev->booted == FWSLOT_BOOTED_PRIMARY)
		where = "booted from primary";
	else if (dev->booted == FWSLOT_BOOTED_SECONDARY)
		where = "booted from secondary";
	else if (dev->booted == FWSLOT_BOOTED_OTHER)
		where = "a rescue system was booted";
	if (dev->format)
		snprintf(text, sizeof(text), "%s (format %u), %s",
			 dev->running[0] ? dev->running : "unknown release",
			 dev->format, where);
	else
		snprintf(text, sizeof(text), "not known yet, %s", where);
	status_line("running", text);
}

/* What is wrong with a unit, beyond its state. */
static void status_unit_note(const struct nl_unit *u)
{
	if (u->flags & FWSLOT_UNIT_BOOTED)
		fputs("  booted", stdout);
	if (!(u->flags & FWSLOT_UNIT_PROTECTED) &&
	    u->state != FWSLOT_STATE_ABSENT)
		fputs("  NOT PROTECTED", stdout);
	if (u->reason != FWSLOT_REASON_NONE)
		printf("  %s", fwslot_reason_word(u->reason));
	if (u->error)
		printf(" (%s)", strerror(-u->error));
	putchar('\n');
}

static void status_unit_row(const struct nl_unit *u)
{
	char format[16] = "-";

	if (nl_has(u->seen, FWSLOT_A_FORMAT))
		snprintf(format, sizeof(format), "%u", u->format);
	printf("%-12s  %-12s  %-6s  %-10s  %-6s  %-16s", fwslot_unit_word(u->unit),
	       u->version[0] ? u->version : "-", format,
	       fwslot_state_word(u->state), fwslot_lock_word(u->lock),
	       u->signer[0] ? u->signer : "-");
	status_unit_note(u);
}

static void status_table(const struct nl_status *st)
{
	u32 units = status_units(st);
	u32 i;

	printf("%-12s  %-12s  %-6s  %-10s  %-6s  %s\n", "SLOT", "VERSION",
	       "FORMAT", "STATE", "LOCK", "SIGNER");
	for (i = 0; i < FWSLOT_UNITS; i++)
		if (units & 1U << i)
			status_unit_row(&st->units[i]);
}

static void status_device(const struct nl_device *dev)
{
	status_line("product", dev->product[0] ? dev->product : "none set");
	status_running(dev);
	status_line("floor", dev->floor[0] ? dev->floor :
		    "none, any older release is accepted");
	status_line("sealed", dev->flags & FWSLOT_DEVICE_SEALED ? "yes" : "no");
}

static void status_warnings(const struct nl_device *dev)
{
	u32 i, usable = 0;

	for (i = 0; i < dev->n_keys; i++)
		if (dev->keys[i].flags & FWSLOT_KEY_USABLE)
			usable++;
	if (!usable)
		status_line("WARNING", "no usable key: nothing can be installed");
	if (dev->flags & FWSLOT_DEVICE_DEVKEY)
		status_line("WARNING", "built with a development key: not for use in the field");
	if (dev->flags & FWSLOT_DEVICE_FORCE)
		status_line("WARNING", "force is allowed");
	if (dev->flags & FWSLOT_DEVICE_TAMPERED)
		status_line("WARNING", "a sealed slot was taken away");
	if (dev->flags & FWSLOT_DEVICE_REBOOT)
		status_line("note", "a reboot is pending");
	if (dev->flags & FWSLOT_DEVICE_SESSION)
		status_line("note", "a session is open");
}

/* An upgrade across reboots.  The file is not the module's: show it escaped. */
static void status_target(const struct target *t)
{
	char shown[PATH_MAX];

	if (!t->to[0])
		return;
	printf("%-10s %s, from ", "target", t->to);
	catalogue_shown(t->folder, shown, sizeof(shown));
	out_visible(stdout, shown, strlen(shown), "");
	putchar('\n');
	if (!t->step[0])
		return;
	printf("%-10s ", target_given_up(t) ? "given up" : "last step");
	out_visible(stdout, t->step, strlen(t->step), "");
	if (t->why[0]) {
		fputs(": ", stdout);
		out_visible(stdout, t->why, strlen(t->why), "");
	}
	putchar('\n');
}

static void status_target_json(const struct target *t, struct json *j)
{
	char shown[PATH_MAX];

	if (!t->to[0]) {
		json_null(j, "target");
		return;
	}
	json_object(j, "target");
	json_string(j, "to", t->to);
	json_string(j, "catalogue", catalogue_shown(t->folder, shown,
						    sizeof(shown)));
	json_string(j, "step", t->step);
	json_u64(j, "tries", t->tries);
	json_bool(j, "given_up", target_given_up(t));
	json_string(j, "why", t->why);
	json_end(j);
}

static void status_text(const struct nl_status *st, const struct verdict *v)
{
	char next[sizeof(v->next)];

	status_table(st);
	putchar('\n');
	status_device(&st->device);
	status_warnings(&st->device);
	status_line("state", v->text);
	verdict_next(st, v, next, sizeof(next));
	status_line("next", next);
}

/* What somebody wants to know who types the name of the tool only. */
static void status_short(const struct nl_status *st, const struct verdict *v)
{
	char next[sizeof(v->next)];

	status_running(&st->device);
	status_line("state", v->text);
	verdict_next(st, v, next, sizeof(next));
	status_line("next", next);
	status_line("more", "fwslot status, fwslot --help");
}

static int status_run(const struct conf *conf, int argc, char **argv)
{
	struct args args = { .cmd = &cmd_status, .argv = argv };
	struct json j = { .file = stdout };
	struct failure f = { 0 }, no_target = { 0 };
	struct target target;
	struct nl_status st;
	struct verdict v;
	const char *option;
	bool json = false, brief = false;

	(void)argc;
	while ((option = args_option(&args))) {
		if (!strcmp(option, "--json"))
			json = true;
		else if (!strcmp(option, "--short"))
			brief = true;
		else
			return args_unknown(&cmd_status, option);
	}
	if (args_plain(&args, NULL, cmd_status.max_args) < 0)
		return TOOL_USAGE;
	if (status_get(&st, &f))
		return status_fail("status", &f, json);
	verdict_make(&st, status_units(&st), true, &v);
	if (target_load(conf->target, &target, &no_target))
		failure_print(&no_target, false);
	if (json) {
		json_result(&j, "status", "ok", TOOL_DONE);
		status_json(&st, &v, &j);
		status_target_json(&target, &j);
		json_end(&j);
	} else if (brief) {
		status_short(&st, &v);
		status_target(&target);
	} else {
		status_text(&st, &v);
		status_target(&target);
	}
	return out_finish(TOOL_DONE);
}

const struct cmd cmd_status = {
	.name = "status",
	.args = "[--json] [--short]",
	.summary = "show slots, versions, states and the next sensible step",
	.help =
"Shows what every slot holds according to its record, whether its content\n"
"was read and found right (verified) or not read yet (recorded), how it is\n"
"locked, who signed it, which slot was booted, and what to do next.\n"
"Loads the kernel module if need be.\n"
"\n"
"  --json    one object with stable keys instead of text\n"
"  --short   what runs, the state in a sentence, and the next step only\n",
	.run = status_run,
};
