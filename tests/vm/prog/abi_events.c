// SPDX-License-Identifier: MIT
/*
 * Events: what comes, in which order, with which numbers
 */
#include "abi.h"

/**
 * struct order - how far the events of an install are
 * @sequence: number of the last event
 * @time: its time
 * @blocks: blocks done
 * @step: steps that are complete
 * @events: how many events there were
 * @last: the last one
 */
struct order {
	u64 sequence;
	u64 time;
	u64 blocks;
	u32 step;
	u32 events;
	u32 last;
};

static const char *check_event(const struct nl_msg *msg, struct order *o)
{
	u64 sequence = nl_number(msg, FWSLOT_A_SEQUENCE);
	u64 time = nl_number(msg, FWSLOT_A_TIME);
	u64 blocks = nl_number(msg, FWSLOT_A_BLOCKS_DONE);
	u32 event = nl_number(msg, FWSLOT_A_EVENT);

	if (o->events && sequence != o->sequence + 1)
		return "a number is missing or out of order";
	if (time < o->time)
		return "time runs backwards";
	if (!o->events && event != FWSLOT_EVENT_SESSION)
		return "it does not begin with the session";
	if (o->last == FWSLOT_EVENT_COMMIT)
		return "there is more after the end";
	if (event == FWSLOT_EVENT_PROGRESS && o->step)
		return "there is progress after the step";
	if (event == FWSLOT_EVENT_PROGRESS &&
	    (blocks < o->blocks ||
	     blocks > nl_number(msg, FWSLOT_A_BLOCKS_TOTAL) ||
	     nl_number(msg, FWSLOT_A_UNIT) != FWSLOT_UNIT_SECONDARY ||
	     nl_number(msg, FWSLOT_A_STATE) != FWSLOT_STATE_WRITING))
		return "the state in it is wrong";
	if (event == FWSLOT_EVENT_COMMIT && !o->step)
		return "the end comes before the step";
	o->step += event == FWSLOT_EVENT_STEP;
	o->blocks = blocks;
	o->sequence = sequence;
	o->time = time;
	o->last = event;
	o->events++;
	return NULL;
}

static void install_events(void)
{
	const struct pkg *pkg = other_pkg();
	struct order o = { 0 };
	const char *why = NULL;
	struct nl_msg msg;
	int fd = nl_join();

	claim_is(install(pkg, SECONDARY, true), 0, "events: an install");
	while (!why && nl_event(fd, &msg))
		why = check_event(&msg, &o);
	close(fd);
	claim(!why, why, "events: in order, none missing");
	claim(o.events > 3, "only a few", "events: there is progress");
	claim_is(o.step, 1, "events: one step");
	claim_is(o.last, FWSLOT_EVENT_COMMIT, "events: the commit is the last");
}

/* A step that needs no data still comes after the session it belongs to. */
static void skip_events(void)
{
	const struct pkg *pkg = other_pkg() == &pkg_a ? &pkg_c : &pkg_a;
	struct nl_msg msg;
	int fd = nl_join();

	claim_is(install(pkg, SECONDARY, true), 0,
		 "events: an install with nothing to do");
	claim(nl_event(fd, &msg) && nl_number(&msg, FWSLOT_A_EVENT) ==
	      FWSLOT_EVENT_SESSION, "it does not",
	      "events: nothing to do: begins with the session");
	while (nl_event(fd, &msg))
		;
	claim_is(nl_number(&msg, FWSLOT_A_EVENT), FWSLOT_EVENT_COMMIT,
		 "events: nothing to do: ends with the commit");
	close(fd);
}

static void refused_event(void)
{
	u64 before = device_number(FWSLOT_A_REFUSED);
	struct session s;
	struct nl_msg msg;
	struct pkg p = pkg_a;
	int fd = nl_join();

	p.signature = pkg_b.signature;
	session_begin(&s, dev_open(), &p, SECONDARY, 0);
	close(s.fd);
	claim(nl_event(fd, &msg), "there is none", "events: a refusal");
	claim_is(nl_number(&msg, FWSLOT_A_EVENT), FWSLOT_EVENT_REFUSED,
		 "events: it is one");
	claim_is(nl_number(&msg, FWSLOT_A_REASON),
		 FWSLOT_REASON_BAD_SIGNATURE, "events: it says why");
	claim(!nl_event(fd, &msg), "it comes twice", "events: only once");
	close(fd);
	claim_is(device_number(FWSLOT_A_REFUSED) - before, 1,
		 "the refusal is counted");
}

/**
 * test_events() - events of refusals and installs
 */
void test_events(void)
{
	refused_event();
	install_events();
	skip_events();
}
