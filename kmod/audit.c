// SPDX-License-Identifier: GPL-2.0-only
/*
 * audit.c - one line in the kernel log for each decision, and its event
 *
 * Lines are limited in rate and those left out are counted; events and
 * counters are exact.  Text that is not the module's own is escaped.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cred.h>
#include <linux/pid.h>
#include <linux/ratelimit.h>
#include <linux/sched.h>
#include <linux/uidgid.h>
#include "fwslot.h"

static struct ratelimit_state limit =
	RATELIMIT_STATE_INIT_FLAGS(limit, 10 * HZ, 40, RATELIMIT_MSG_ON_RELEASE);
static atomic_t left_out = ATOMIC_INIT(0);
static atomic64_t sequence = ATOMIC64_INIT(0);
static atomic64_t refused = ATOMIC64_INIT(0);

static void print_line(u32 event, u32 unit, u32 reason, const char *text)
{
	char line[192];

	scnprintf(line, sizeof(line), "%s%s%s%s%s%s%*pE uid=%u pid=%d",
		  fwslot_event_word(event),
		  unit < FWSLOT_UNITS ? " " : "",
		  unit < FWSLOT_UNITS ? fwslot_unit_word(unit) : "",
		  reason ? " " : "",
		  reason ? fwslot_reason_word(reason) : "",
		  *text ? " " : "", (int)strlen(text), text,
		  from_kuid(&init_user_ns, current_uid()),
		  task_pid_nr(current));
	switch (event) {
	case FWSLOT_EVENT_TAMPERED:
		pr_crit("%s\n", line);
		break;
	case FWSLOT_EVENT_CORRUPT:
	case FWSLOT_EVENT_FAILED:
		pr_err("%s\n", line);
		break;
	case FWSLOT_EVENT_REFUSED:
		pr_warn("%s\n", line);
		break;
	default:
		pr_info("%s\n", line);
	}
}

/**
 * fwslot_event() - tell the listeners
 * @event: enum fwslot_event
 * @unit: the unit it speaks of, or FWSLOT_NO_UNIT
 * @reason: enum fwslot_reason
 *
 * Caller must not hold fwslot_lock.
 */
void fwslot_event(u32 event, u32 unit, u32 reason)
{
	lockdep_assert_not_held(&fwslot_lock);
	fwslot_netlink_event(event, unit, reason,
			     atomic64_inc_return(&sequence));
}

/**
 * fwslot_audit() - write a decision down, and tell the listeners
 * @event: enum fwslot_event
 * @unit: the unit it speaks of, or FWSLOT_NO_UNIT
 * @reason: enum fwslot_reason
 * @text: what else belongs to it, escaped when printed; may be empty
 *
 * Caller must not hold fwslot_lock.
 */
void fwslot_audit(u32 event, u32 unit, u32 reason, const char *text)
{
	int missed;

	if (event == FWSLOT_EVENT_REFUSED)
		atomic64_inc(&refused);
	if (event == FWSLOT_EVENT_TAMPERED || event == FWSLOT_EVENT_SEALED ||
	    __ratelimit(&limit)) {
		missed = atomic_xchg(&left_out, 0);
		if (missed)
			pr_warn("%d lines left out\n", missed);
		print_line(event, unit, reason, text);
	} else {
		atomic_inc(&left_out);
	}
	fwslot_event(event, unit, reason);
}

/**
 * fwslot_refused() - requests refused since the module was loaded
 */
u64 fwslot_refused(void)
{
	return atomic64_read(&refused);
}
