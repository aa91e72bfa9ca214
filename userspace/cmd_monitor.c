// SPDX-License-Identifier: MIT
/*
 * cmd_monitor.c - fwslot monitor
 *
 * Shows events as they come.  They are for people and dashboards: the kernel
 * may drop some, so nothing may be decided by them.
 */
#include "fwslot.h"
#include "session.h"
#include "status.h"

static void monitor_text(const struct nl_event *e)
{
	const struct nl_unit *u = &e->unit;

	printf("[%6llu.%03llu] %-9s",
	       (unsigned long long)e->time / 1000000000,
	       (unsigned long long)e->time / 1000000 % 1000,
	       fwslot_event_word(e->event));
	if (nl_has(u->seen, FWSLOT_A_UNIT))
		printf(" %s: %s", fwslot_unit_word(u->unit),
		       fwslot_state_word(u->state));
	if (u->version[0])
		printf(" %s", u->version);
	if (e->steps && e->phase != FWSLOT_PHASE_IDLE)
		printf(" [%s, step %u of %u, block %u of %u]",
		       fwslot_phase_word(e->phase), e->step + 1, e->steps,
		       e->blocks_done, e->blocks_total);
	if (u->reason != FWSLOT_REASON_NONE)
		printf(" %s: %s", fwslot_reason_word(u->reason),
		       fwslot_reason_text(u->reason));
	if (u->error)
		printf(" (%s)", strerror(-u->error));
	putchar('\n');
}

static void monitor_json(const struct nl_event *e)
{
	struct json j = { .file = stdout };

	json_begin(&j);
	json_string(&j, "event", fwslot_event_word(e->event));
	json_u64(&j, "sequence", e->sequence);
	json_u64(&j, "time_ns", e->time);
	json_string(&j, "phase", fwslot_phase_word(e->phase));
	json_u64(&j, "step", e->step);
	json_u64(&j, "steps", e->steps);
	json_u64(&j, "blocks_done", e->blocks_done);
	json_u64(&j, "blocks_total", e->blocks_total);
	json_string(&j, "reason", fwslot_reason_word(e->unit.reason));
	if (nl_has(e->unit.seen, FWSLOT_A_UNIT)) {
		json_object(&j, "state");
		status_unit_json(&e->unit, &j);
		json_end(&j);
	} else {
		json_null(&j, "state");
	}
	json_end(&j);
}

static int monitor_loop(struct nl *nl, bool json, struct failure *f)
{
	struct nl_event event;
	int ret;

	while (!stop_wanted() && !ferror(stdout)) {
		ret = nl_next_event(nl, &event);
		if (ret == -ENOBUFS) {
			fprintf(stderr, "fwslot: events were lost\n");
			continue;
		}
		if (ret == -EINTR || ret == -EBADMSG)
			continue;
		if (ret)
			return failure_plain(f, TOOL_EARLY,
					     "waiting for events: %s",
					     strerror(-ret));
		if (json)
			monitor_json(&event);
		else
			monitor_text(&event);
		fflush(stdout);
	}
	return 0;
}

static int monitor_run(const struct conf *conf, int argc, char **argv)
{
	struct args args = { .cmd = &cmd_monitor, .argv = argv };
	struct failure f = { 0 };
	struct nl_status st;
	const char *option;
	bool json = false;
	struct nl *nl;

	(void)conf;
	(void)argc;
	while ((option = args_option(&args))) {
		if (strcmp(option, "--json"))
			return args_unknown(&cmd_monitor, option);
		json = true;
	}
	if (args_plain(&args, NULL, cmd_monitor.max_args) < 0)
		return TOOL_USAGE;
	stop_catch();
	if (status_get(&st, &f))
		return status_fail("monitor", &f, json);
	if (nl_open(&nl))
		failure_plain(&f, TOOL_NO_DEVICE, "the module went away");
	else if (nl_subscribe(nl))
		failure_plain(&f, TOOL_EARLY, "events cannot be had");
	else
		monitor_loop(nl, json, &f);
	nl_close(nl);
	return f.set ? status_fail("monitor", &f, json) :
		       out_finish(TOOL_DONE);
}

const struct cmd cmd_monitor = {
	.name = "monitor",
	.args = "[--json]",
	.summary = "show events as they come",
	.help =
"Shows sessions, progress, refusals and changes of state until it is\n"
"interrupted.\n"
"\n"
"  --json    one object with stable keys a line instead of text\n",
	.run = monitor_run,
};
