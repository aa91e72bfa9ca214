// SPDX-License-Identifier: MIT
/*
 * cmd_verify.c - fwslot verify
 *
 * Changes nothing.  The exit status is for init scripts.
 */
#include <stdlib.h>
#include <unistd.h>

#include "dev.h"
#include "fwslot.h"
#include "session.h"
#include "status.h"

/**
 * struct verify - what was asked for, and what was found
 * @quick: believe records, do not read contents
 * @brief: show the judgement only
 * @json: show it as JSON
 * @wait: seconds to wait for slots
 * @slots: mask of slots, 0: all
 * @st: the state
 */
struct verify {
	bool quick;
	bool brief;
	bool json;
	int wait;
	u32 slots;
	struct nl_status st;
};

#define VERIFY_WAIT_MAX	86400

static bool verify_seconds(const char *text, int *seconds)
{
	char *end;
	long n = strtol(text, &end, 10);

	*seconds = n;
	return *text >= '0' && *text <= '9' && !*end && n <= VERIFY_WAIT_MAX;
}

static int verify_option(struct verify *v, const char *option)
{
	const char *value;

	if (!strcmp(option, "--quick"))
		v->quick = true;
	else if (!strcmp(option, "--short"))
		v->brief = true;
	else if (!strcmp(option, "--json"))
		v->json = true;
	else if (!args_value(option, "--wait", &value))
		return args_unknown(&cmd_verify, option);
	else if (!verify_seconds(value, &v->wait))
		return args_usage(&cmd_verify, "\"%s\" is not a number of seconds",
				  value);
	return TOOL_DONE;
}

static int verify_args(struct verify *v, char **argv)
{
	struct args args = { .cmd = &cmd_verify, .argv = argv };
	const char *words[FWSLOT_SLOTS];
	const char *option;
	u32 slots;
	int i, n;

	while ((option = args_option(&args)))
		if (verify_option(v, option))
			return TOOL_USAGE;
	n = args_plain(&args, words, cmd_verify.max_args);
	if (n < 0)
		return TOOL_USAGE;
	for (i = 0; i < n; i++) {
		if (!args_slot(words[i], true, &slots))
			return args_usage(&cmd_verify, "\"%s\" is not a slot",
					  words[i]);
		v->slots |= slots;
	}
	return TOOL_DONE;
}

static u32 verify_units(const struct verify *v)
{
	u32 units = status_units(&v->st);
	u32 i;

	for (i = 0; i < FWSLOT_UNITS; i++)
		if (v->slots && !(v->slots & 1U << fwslot_unit_slot(i)))
			units &= ~(1U << i);
	return units;
}

/* Read the content of all units that have a record. */
static int verify_read(struct verify *v, u32 units, struct failure *f)
{
	struct fwslot_verify arg;
	int fd, ret = 0;
	u32 i;

	fd = dev_open(f);
	if (fd < 0)
		return -1;
	for (i = 0; i < FWSLOT_UNITS && !ret; i++) {
		if (!(units & 1U << i) ||
		    v->st.units[i].state == FWSLOT_STATE_ABSENT)
			continue;
		ret = dev_verify(fd, i, &arg, f);
		if (ret)
			break;
		v->st.units[i].state = arg.state;
		v->st.units[i].reason = arg.reason;
		v->st.units[i].error = arg.error;
	}
	close(fd);
	return ret;
}

static void verify_show_text(const struct verify *v, u32 units,
			     const struct verdict *verdict)
{
	const struct nl_unit *u = v->st.units;
	u32 i;

	for (i = 0; i < FWSLOT_UNITS; i++, u++) {
		if (!(units & 1U << i) || v->brief)
			continue;
		printf("%-12s  %-12s  %s", fwslot_unit_word(i),
		       u->version[0] ? u->version : "-",
		       fwslot_state_word(u->state));
		if (u->reason != FWSLOT_REASON_NONE)
			printf("  %s", fwslot_reason_text(u->reason));
		if (u->error)
			printf(" (%s)", strerror(-u->error));
		putchar('\n');
	}
	printf("%s: %s\n", verdict->word, verdict->text);
	if (verdict->next[0])
		printf("next: %s\n", verdict->next);
}

static void verify_show_json(const struct verify *v, u32 units,
			     const struct verdict *verdict)
{
	struct json j = { .file = stdout };
	u32 i;

	json_result(&j, "verify", verdict->word, verdict->status);
	json_string(&j, "message", verdict->text);
	json_string(&j, "next", verdict->next);
	json_bool(&j, "quick", v->quick);
	json_array(&j, "units");
	for (i = 0; i < FWSLOT_UNITS; i++) {
		if (!(units & 1U << i))
			continue;
		json_object(&j, NULL);
		status_unit_json(&v->st.units[i], &j);
		json_end(&j);
	}
	json_end(&j);
	json_end(&j);
}

static int verify_run(const struct conf *conf, int argc, char **argv)
{
	struct verify v = { 0 };
	struct failure f = { 0 };
	struct verdict verdict;
	u32 units;
	int ret;

	(void)conf;
	(void)argc;
	ret = verify_args(&v, argv);
	if (ret)
		return ret;
	stop_catch();
	if (v.wait ? status_wait(&v.st, v.wait, &f) : status_get(&v.st, &f))
		return status_fail("verify", &f, v.json);
	units = verify_units(&v);
	if (!v.quick && verify_read(&v, units, &f))
		return status_fail("verify", &f, v.json);
	verdict_make(&v.st, units, v.quick, &verdict);
	if (v.json)
		verify_show_json(&v, units, &verdict);
	else
		verify_show_text(&v, units, &verdict);
	return out_finish(verdict.status);
}

const struct cmd cmd_verify = {
	.name = "verify",
	.args = "[--quick] [--wait=SECONDS] [--short] [--json] [SLOT...]",
	.summary = "read slots whole and compare them with their records",
	.help =
"Reads every slot, or those named (primary, secondary, bootloader), and says\n"
"whether the device is complete.  Changes nothing.\n"
"\n"
"  --quick         only look at the records, do not read the contents\n"
"  --wait=SECONDS  first wait until all slots have their flash, at most so long\n"
"  --short         the judgement and what to do, without the slots\n"
"  --json          one object with stable keys instead of text\n"
"\n"
"Exit status: 0 complete, 10 an upgrade of all slots is not finished,\n"
"11 a downgrade of all slots is not finished, 12 a slot is broken or absent,\n"
"13 a slot has no record that counts, 14 a slot is corrupt.\n",
	.max_args = FWSLOT_SLOTS,
	.run = verify_run,
};
