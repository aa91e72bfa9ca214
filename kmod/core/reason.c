// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * reason.c - words for codes
 *
 * Every word that users, logs and JSON see for a code of the ABI is here or in
 * fwslot/reason.h.  An unknown code gives "unknown", never a crash: tool and
 * module may be of different releases.
 */
#include "core.h"

struct fwslot_reason_row {
	const char *word;
	const char *text;
	enum fwslot_class class;
	int err;
};

#define REASON_ROW(code, name, word_, class_, err_, text_) \
	[code] = { .word = word_, .text = text_, \
		   .class = FWSLOT_CLASS_##class_, .err = err_ },

static const struct fwslot_reason_row reasons[] = {
	FWSLOT_REASONS(REASON_ROW)
};

static_assert(ARRAY_SIZE(reasons) == FWSLOT_REASON_MAX);

static const char *const state_words[] = {
	[FWSLOT_STATE_ABSENT] = "absent",
	[FWSLOT_STATE_UNKNOWN] = "unknown",
	[FWSLOT_STATE_INCOMPLETE] = "incomplete",
	[FWSLOT_STATE_RECORDED] = "recorded",
	[FWSLOT_STATE_VERIFIED] = "verified",
	[FWSLOT_STATE_CORRUPT] = "corrupt",
	[FWSLOT_STATE_UNTRUSTED] = "untrusted",
	[FWSLOT_STATE_WRITING] = "writing",
};

static_assert(ARRAY_SIZE(state_words) == FWSLOT_STATES);

static const char *const unit_words[] = {
	[FWSLOT_UNIT_PRIMARY] = "primary",
	[FWSLOT_UNIT_SECONDARY] = "secondary",
	[FWSLOT_UNIT_BOOT0] = "bootloader",
	[FWSLOT_UNIT_BOOT1] = "bootloader-2",
};

static_assert(ARRAY_SIZE(unit_words) == FWSLOT_UNITS);

static const char *const phase_words[] = {
	[FWSLOT_PHASE_IDLE] = "idle",
	[FWSLOT_PHASE_SURVEY] = "survey",
	[FWSLOT_PHASE_STAGE] = "receive",
	[FWSLOT_PHASE_WRITE] = "write",
	[FWSLOT_PHASE_CHECK] = "check",
	[FWSLOT_PHASE_RECORD] = "record",
	[FWSLOT_PHASE_DONE] = "done",
	[FWSLOT_PHASE_FAILED] = "failed",
};

static_assert(ARRAY_SIZE(phase_words) == FWSLOT_PHASES);

static const char *const event_words[] = {
	[0] = "unknown",
	[FWSLOT_EVENT_BOUND] = "bound",
	[FWSLOT_EVENT_GONE] = "gone",
	[FWSLOT_EVENT_SESSION] = "session",
	[FWSLOT_EVENT_PROGRESS] = "progress",
	[FWSLOT_EVENT_STEP] = "step",
	[FWSLOT_EVENT_COMMIT] = "commit",
	[FWSLOT_EVENT_FAILED] = "failed",
	[FWSLOT_EVENT_REFUSED] = "refused",
	[FWSLOT_EVENT_VERIFIED] = "verified",
	[FWSLOT_EVENT_CORRUPT] = "corrupt",
	[FWSLOT_EVENT_SEALED] = "sealed",
	[FWSLOT_EVENT_TAMPERED] = "tampered",
	[FWSLOT_EVENT_STATE] = "state",
};

static_assert(ARRAY_SIZE(event_words) == FWSLOT_EVENTS);

static const char *const booted_words[] = {
	[FWSLOT_BOOTED_UNKNOWN] = "unknown",
	[FWSLOT_BOOTED_PRIMARY] = "primary",
	[FWSLOT_BOOTED_SECONDARY] = "secondary",
	[FWSLOT_BOOTED_OTHER] = "other",
};

static const char *const lock_words[] = {
	[FWSLOT_LOCK_NONE] = "none",
	[FWSLOT_LOCK_OPEN] = "open",
	[FWSLOT_LOCK_LOCKED] = "locked",
};

static const char *word(const char *const *words, size_t n, u32 code)
{
	return code < n ? words[code] : "unknown";
}

/**
 * fwslot_reason_word() - the word of a reason, for logs and machines
 * @reason: enum fwslot_reason
 */
const char *fwslot_reason_word(u32 reason)
{
	return reason < FWSLOT_REASON_MAX ? reasons[reason].word : "unknown";
}

/**
 * fwslot_reason_text() - the sentence of a reason, for people
 * @reason: enum fwslot_reason
 */
const char *fwslot_reason_text(u32 reason)
{
	if (reason >= FWSLOT_REASON_MAX)
		return "a reason that this release does not know";
	return reasons[reason].text;
}

/**
 * fwslot_reason_class() - what kind of thing a reason is
 * @reason: enum fwslot_reason; an unknown one counts as refused by policy
 */
enum fwslot_class fwslot_reason_class(u32 reason)
{
	if (reason >= FWSLOT_REASON_MAX)
		return FWSLOT_CLASS_POLICY;
	return reasons[reason].class;
}

/**
 * fwslot_reason_errno() - the errno that goes with a reason
 * @reason: enum fwslot_reason
 *
 * Return: 0 for FWSLOT_REASON_NONE, else a negative errno.
 */
int fwslot_reason_errno(u32 reason)
{
	return reason < FWSLOT_REASON_MAX ? -reasons[reason].err : -EPERM;
}

/**
 * fwslot_state_word() - the word of a state
 * @state: enum fwslot_state
 */
const char *fwslot_state_word(u32 state)
{
	return word(state_words, ARRAY_SIZE(state_words), state);
}

/**
 * fwslot_unit_word() - the word of a unit
 * @unit: enum fwslot_unit
 */
const char *fwslot_unit_word(u32 unit)
{
	return word(unit_words, ARRAY_SIZE(unit_words), unit);
}

/**
 * fwslot_phase_word() - the word of a phase
 * @phase: enum fwslot_phase
 */
const char *fwslot_phase_word(u32 phase)
{
	return word(phase_words, ARRAY_SIZE(phase_words), phase);
}

/**
 * fwslot_event_word() - the word of an event
 * @event: enum fwslot_event
 */
const char *fwslot_event_word(u32 event)
{
	return word(event_words, ARRAY_SIZE(event_words), event);
}

/**
 * fwslot_booted_word() - the word for what was booted
 * @booted: enum fwslot_booted
 */
const char *fwslot_booted_word(u32 booted)
{
	return word(booted_words, ARRAY_SIZE(booted_words), booted);
}

/**
 * fwslot_lock_word() - the word for a hardware lock
 * @lock: enum fwslot_lock
 */
const char *fwslot_lock_word(u32 lock)
{
	return word(lock_words, ARRAY_SIZE(lock_words), lock);
}
