// SPDX-License-Identifier: MIT
/*
 * status_wait.c - wait until all slots have found their flash
 *
 * For boot scripts: flash devices may come up later than the module.  The
 * module tells when one does, so nothing is polled; and it reads a slot's
 * record before it answers, so what is there is scanned.
 */

#include "clock.h"
#include "fwslot.h"
#include "session.h"
#include "status.h"

/**
 * status_missing() - slots that the board has but that have no flash yet
 * @st: the state
 *
 * Return: mask of units.
 */
u32 status_missing(const struct nl_status *st)
{
	u32 i, mask = 0;

	for (i = 0; i < FWSLOT_UNITS; i++)
		if (st->units[i].flags & FWSLOT_UNIT_CONFIGURED &&
		    st->units[i].state == FWSLOT_STATE_ABSENT)
			mask |= 1U << i;
	return mask;
}

/*
 * Return: 0 when something happened, also when events were lost; -1 at the
 * end of the time, after a signal, or when there are no events.
 */
static int wait_event(struct nl *nl, u64 end)
{
	struct nl_event event;
	s64 left = end - clock_ms();
	int ret;

	if (left <= 0 || stop_wanted())
		return -1;
	ret = nl_wait_event(nl, left);
	if (ret == -EINTR)
		return 0;
	if (ret)
		return -1;
	ret = nl_next_event(nl, &event);
	return ret && ret != -ENOBUFS && ret != -EINTR && ret != -EBADMSG ?
	       -1 : 0;
}

static void wait_tell(const struct nl_status *st, int seconds)
{
	char units[80];

	failure_units(units, sizeof(units), status_missing(st));
	fprintf(stderr, "fwslot: still without flash after %d s: %s\n", seconds,
		units);
}

/**
 * status_wait() - the state of everything, once all slots are there
 * @st: the state
 * @seconds: at most so long; then the state as it is
 * @f: why there is none
 *
 * Return: 0, or -1.
 */
int status_wait(struct nl_status *st, int seconds, struct failure *f)
{
	u64 end = clock_ms() + seconds * 1000ULL;
	struct nl *nl;
	int ret;

	/* Events first: none may be missed between asking and waiting. */
	if (nl_open(&nl) || nl_subscribe(nl)) {
		nl_close(nl);
		return status_get(st, f);
	}
	do {
		ret = status_get(st, f);
	} while (!ret && status_missing(st) && !wait_event(nl, end));
	if (!ret && status_missing(st) && !stop_wanted())
		wait_tell(st, seconds);
	nl_close(nl);
	return ret;
}
