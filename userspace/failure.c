// SPDX-License-Identifier: MIT
/*
 * failure.c - why a command did not do what it was asked
 *
 * The exit status is derived here and nowhere else.  What counts first is
 * whether anything was written; only then does the class of the reason.  Names
 * of files, of keys and the like are in the texts, so what is shown is made
 * harmless for a terminal.
 */
#include <stdarg.h>

#include "failure.h"
#include "fwslot.h"

static bool failure_note(struct failure *f, u32 reason, const char *fmt,
			 va_list ap)
{
	if (f->set)
		return false;
	f->set = true;
	f->reason = reason;
	vsnprintf(f->text, sizeof(f->text), fmt, ap);
	return true;
}

/**
 * failure_set() - note a failure that has a reason code, or an errno
 * @f: the failure; the first one is kept
 * @reason: enum fwslot_reason
 * @error: 0 or a negative errno
 * @fmt: what was being done, as printf(); may be empty
 *
 * Return: -1, always.
 */
int failure_set(struct failure *f, u32 reason, int error, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (failure_note(f, reason, fmt, ap))
		f->error = error;
	va_end(ap);
	return -1;
}

/**
 * failure_exact() - note a failure that has a reason code and its own sentence
 * @f: the failure; the first one is kept
 * @reason: enum fwslot_reason
 * @fmt: the sentence, as printf()
 *
 * Return: -1, always.
 */
int failure_exact(struct failure *f, u32 reason, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (failure_note(f, reason, fmt, ap))
		f->exact = true;
	va_end(ap);
	return -1;
}

/**
 * failure_plain() - note a failure that has no reason code
 * @f: the failure; the first one is kept
 * @status: enum tool_exit
 * @fmt: the whole sentence, as printf()
 *
 * Return: -1, always.
 */
int failure_plain(struct failure *f, int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (failure_note(f, FWSLOT_REASON_NONE, fmt, ap)) {
		f->exact = true;
		f->status = status;
	}
	va_end(ap);
	return -1;
}

/**
 * failure_advise() - add a line to the way out
 * @f: the failure
 * @fmt: the line, as printf()
 */
void failure_advise(struct failure *f, const char *fmt, ...)
{
	size_t used = strlen(f->advice);
	va_list ap;

	if (used && used + 1 < sizeof(f->advice)) {
		f->advice[used++] = '\n';
		f->advice[used] = '\0';
	}
	va_start(ap, fmt);
	vsnprintf(f->advice + used, sizeof(f->advice) - used, fmt, ap);
	va_end(ap);
}

static int failure_class_status(u32 reason)
{
	switch (fwslot_reason_class(reason)) {
	case FWSLOT_CLASS_PKG:
		return TOOL_PACKAGE;
	case FWSLOT_CLASS_POLICY:
		return TOOL_REFUSED;
	case FWSLOT_CLASS_BUSY:
		return TOOL_BUSY;
	case FWSLOT_CLASS_DEVICE:
		return TOOL_NO_DEVICE;
	case FWSLOT_CLASS_USE:
		return TOOL_USAGE;
	case FWSLOT_CLASS_STATE:
	case FWSLOT_CLASS_IO:
		break;
	}
	return TOOL_EARLY;
}

/**
 * failure_status() - exit status that goes with a failure
 * @f: the failure
 *
 * Return: enum tool_exit; TOOL_FAILED or TOOL_INTERRUPTED whenever something
 * was written.
 */
int failure_status(const struct failure *f)
{
	if (!f->set)
		return TOOL_DONE;
	if (f->written)
		return f->interrupted ? TOOL_INTERRUPTED : TOOL_FAILED;
	if (f->interrupted)
		return TOOL_EARLY;
	if (f->status)
		return f->status;
	return failure_class_status(f->reason);
}

/**
 * failure_word() - one word for a failure
 * @f: the failure
 *
 * Return: the reason's word, or one for the exit status.
 */
const char *failure_word(const struct failure *f)
{
	if (f->interrupted)
		return "interrupted";
	if (f->reason != FWSLOT_REASON_NONE)
		return fwslot_reason_word(f->reason);
	if (f->word)
		return f->word;
	return failure_status(f) == TOOL_NO_DEVICE ? "no-module" : "error";
}

/**
 * failure_units() - write down a set of units
 * @buf: where to
 * @size: room there
 * @units: mask of units
 */
void failure_units(char *buf, size_t size, u32 units)
{
	size_t used = 0;
	u32 i;

	snprintf(buf, size, "nothing");
	for (i = 0; i < FWSLOT_UNITS && used < size; i++)
		if (units & 1U << i)
			used += snprintf(buf + used, size - used, "%s%s",
					 used ? ", " : "", fwslot_unit_word(i));
}

static void failure_print_text(const struct failure *f)
{
	char units[80];

	fprintf(stderr, "fwslot: %s: ",
		failure_status(f) == TOOL_REFUSED ? "refused" : "failed");
	if (f->reason != FWSLOT_REASON_NONE)
		fprintf(stderr, "%s: ", fwslot_reason_word(f->reason));
	if (f->reason != FWSLOT_REASON_NONE && !f->exact)
		fprintf(stderr, "%s%s", fwslot_reason_text(f->reason),
			f->text[0] ? ", " : "");
	out_visible(stderr, f->text, strlen(f->text), NULL);
	if (f->detail) {
		failure_units(units, sizeof(units), f->detail);
		fprintf(stderr, " [%s]", units);
	}
	if (f->error)
		fprintf(stderr, " (%s)", strerror(-f->error));
	fputc('\n', stderr);
}

static void failure_print_advice(const char *advice)
{
	const char *end;

	for (; *advice; advice = *end ? end + 1 : end) {
		end = strchrnul(advice, '\n');
		fputs("fwslot: ", stderr);
		out_visible(stderr, advice, end - advice, NULL);
		fputc('\n', stderr);
	}
}

/**
 * failure_print() - tell it on stderr
 * @f: the failure
 * @writer: the command is one that writes: say whether anything was written
 *
 * What went wrong, whether anything was written, and the way out.
 */
void failure_print(const struct failure *f, bool writer)
{
	char units[80];

	failure_print_text(f);
	if (f->written) {
		failure_units(units, sizeof(units), f->written);
		fprintf(stderr, "fwslot: written to before: %s\n", units);
	} else if (writer && (f->reason != FWSLOT_REASON_NONE ||
			      failure_status(f) != TOOL_NO_DEVICE)) {
		fprintf(stderr, "fwslot: nothing was written\n");
	}
	failure_print_advice(f->advice);
}

/**
 * failure_json() - tell it in JSON
 * @f: the failure
 * @j: an open object, gets the members reason, message, detail, error,
 *	written, advice
 */
void failure_json(const struct failure *f, struct json *j)
{
	json_string(j, "reason", failure_word(f));
	if (f->reason != FWSLOT_REASON_NONE)
		json_string(j, "sentence", fwslot_reason_text(f->reason));
	else
		json_null(j, "sentence");
	json_string(j, "message", f->text);
	json_string(j, "error", f->error ? strerror(-f->error) : NULL);
	json_units(j, "units", f->detail);
	json_units(j, "written", f->written);
	json_string(j, "advice", f->advice);
}
