// SPDX-License-Identifier: MIT
/*
 * progress.c - progress of a session, on stderr
 *
 * Counts what the flash has done, not what was read from the package.  Every
 * step of the plan is shown, those that write nothing, too.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "clock.h"
#include "out.h"
#include "progress.h"

#define PROGRESS_PERIOD_MS	200
#define PROGRESS_BAR_MAX	24	/* columns of the bar, at most */
#define PROGRESS_BAR_MIN	6	/* no bar where it would be shorter */
#define PROGRESS_COLUMNS	80	/* where the terminal does not say */
#define PROGRESS_LINE		256
#define PROGRESS_REST		64
#define PROGRESS_UNKNOWN	(~0ULL)
#define PROGRESS_PLAIN_STEP	10	/* percent between two lines, at least */
#define PROGRESS_PLAIN_MS	2000	/* time between them, at least */

static bool progress_can_draw(void)
{
	const char *term = getenv("TERM");

	return isatty(STDERR_FILENO) && term && strcmp(term, "dumb");
}

/**
 * progress_parse() - the value of --progress
 * @word: the value
 * @mode: what it means here: "auto" is a bar on a terminal that can do it,
 *	lines otherwise
 *
 * Return: true when the word is known.
 */
bool progress_parse(const char *word, enum progress_mode *mode)
{
	if (!strcmp(word, "auto"))
		*mode = progress_can_draw() ? PROGRESS_BAR : PROGRESS_PLAIN;
	else if (!strcmp(word, "bar"))
		*mode = PROGRESS_BAR;
	else if (!strcmp(word, "plain"))
		*mode = PROGRESS_PLAIN;
	else if (!strcmp(word, "json"))
		*mode = PROGRESS_JSON;
	else if (!strcmp(word, "none"))
		*mode = PROGRESS_NONE;
	else
		return false;
	return true;
}

/**
 * progress_due() - ask whether it is time to show something again
 * @p: the progress
 *
 * Return: true when the last time was long enough ago.
 */
bool progress_due(const struct progress *p)
{
	return clock_ms() - p->drawn_ms >= PROGRESS_PERIOD_MS;
}

/**
 * progress_begin() - a session begins
 * @p: the progress
 * @begin: its plan; must stay
 */
void progress_begin(struct progress *p, const struct fwslot_begin *begin)
{
	p->begin = begin;
	p->step = FWSLOT_STEPS_MAX;
	p->phase = FWSLOT_PHASE_IDLE;
	p->percent = 0;
	p->done = 0;
	p->drawn_ms = 0;
	p->wrote_ms = 0;
}

/**
 * progress_end() - leave the line free for what is said next
 * @p: the progress
 */
void progress_end(struct progress *p)
{
	if (p->line) {
		fputs("\r\033[K", stderr);
		fflush(stderr);
	}
	p->line = false;
}

/**
 * progress_note() - say something in between
 * @p: the progress
 * @fmt: a line without its end, as printf()
 */
void progress_note(struct progress *p, const char *fmt, ...)
{
	struct json j = { .file = stderr };
	char text[PROGRESS_LINE];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	progress_end(p);
	if (p->mode != PROGRESS_JSON) {
		fprintf(stderr, "%s\n", text);
		return;
	}
	json_begin(&j);
	json_string(&j, "phase", "note");
	json_string(&j, "text", text);
	json_end(&j);
}

static int progress_columns(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || !size.ws_col)
		return PROGRESS_COLUMNS;
	return size.ws_col;
}

/* A line that is too long would begin a new one with every picture. */
static void progress_bar(struct progress *p, const char *name,
			 const char *phase, u32 percent, const char *rest)
{
	int columns = progress_columns() - 1;
	char line[PROGRESS_LINE];
	char bar[PROGRESS_BAR_MAX + 4] = "";
	int width;

	width = snprintf(line, sizeof(line), "%-12s %-7s %3u%%%s", name, phase,
			 percent, rest);
	width = min_t(int, columns - width - 3, PROGRESS_BAR_MAX);
	if (width >= PROGRESS_BAR_MIN) {
		memset(bar, '-', sizeof(bar) - 1);
		memset(bar + 1, '#', percent * width / 100);
		strcpy(bar + width + 1, "] ");
		bar[0] = '[';
	}
	snprintf(line, sizeof(line), "%-12s %-7s %s%3u%%%s", name, phase, bar,
		 percent, rest);
	fprintf(stderr, "\r%.*s\033[K", columns, line);
	fflush(stderr);
	p->line = true;
}

/* One picture of the state, in the way that was asked for. */
static void progress_show(struct progress *p, const char *name,
			  const char *phase, u32 percent, const char *rest)
{
	if (p->mode == PROGRESS_BAR)
		progress_bar(p, name, phase, percent, rest);
	else if (p->mode == PROGRESS_PLAIN)
		fprintf(stderr, "%s: %s %u%%%s\n", name, phase, percent, rest);
	p->drawn_ms = clock_ms();
}

/* A bar moves all the time, lines are for what is new only. */
static bool progress_moved(const struct progress *p, u32 percent)
{
	if (p->mode == PROGRESS_BAR)
		return progress_due(p);
	return percent >= p->percent + PROGRESS_PLAIN_STEP &&
	       (p->mode == PROGRESS_JSON ||
		clock_ms() - p->drawn_ms >= PROGRESS_PLAIN_MS);
}

/**
 * progress_check() - show how much of a package was checked
 * @p: the progress
 * @done: chunks that were
 * @total: all of them
 */
void progress_check(struct progress *p, u64 done, u64 total)
{
	u32 percent = total ? done * 100 / total : 100;
	struct json j = { .file = stderr };

	if (p->mode == PROGRESS_NONE)
		return;
	if (p->phase == FWSLOT_PHASE_SURVEY && percent != 100 &&
	    !progress_moved(p, percent))
		return;
	p->phase = FWSLOT_PHASE_SURVEY;
	p->percent = percent;
	progress_show(p, "package", "check", percent, "");
	if (p->mode == PROGRESS_JSON) {
		json_begin(&j);
		json_string(&j, "phase", "check-package");
		json_u64(&j, "percent", percent);
		json_end(&j);
	}
	if (percent == 100)
		progress_end(p);
}

static void progress_done_step(struct progress *p, u32 n)
{
	const struct fwslot_step *step = &p->begin->steps[n];
	static const char *const done[] = {
		[FWSLOT_ACTION_SKIP] = "is right already, nothing to write",
		[FWSLOT_ACTION_RECORD] = "content was right, record written",
		[FWSLOT_ACTION_WRITE] = "written, read back, locked",
	};

	if (step->action < ARRAY_SIZE(done))
		progress_note(p, "%s: %s", fwslot_unit_word(step->unit),
			      done[step->action]);
}

/* Bytes a second of the current step, 0: not known yet. */
static u64 progress_rate(const struct progress *p,
			 const struct fwslot_progress *now, u32 unit)
{
	u64 ms = clock_ms() - p->started_ms;
	u64 erase = unit < FWSLOT_UNITS ? p->status->units[unit].erase_size : 0;

	if (ms < 1000 || now->phase != FWSLOT_PHASE_WRITE)
		return 0;
	return (now->blocks_done - p->started_done) * erase * 1000 / ms;
}

/*
 * Seconds until the last step is done, by the blocks that were written since
 * the flash was first seen writing.
 */
static u64 progress_left(struct progress *p, const struct fwslot_progress *now)
{
	u64 done = now->blocks_done, all = 0, ms;
	u32 i;

	for (i = 0; i < p->begin->n_steps; i++) {
		all += p->begin->steps[i].blocks;
		if (i < now->step)
			done += p->begin->steps[i].blocks;
	}
	if (!done || done > all)
		return PROGRESS_UNKNOWN;
	if (!p->wrote_ms) {
		p->wrote_ms = clock_ms();
		p->wrote_done = done;
	}
	ms = clock_ms() - p->wrote_ms;
	if (ms < 1000 || done <= p->wrote_done)
		return PROGRESS_UNKNOWN;
	return (all - done) * ms / (done - p->wrote_done) / 1000;
}

static void progress_rest(char *buf, size_t size, u64 rate, u64 left)
{
	size_t used = 0;

	buf[0] = '\0';
	if (rate)
		used = snprintf(buf, size, "  %llu KiB/s",
				(unsigned long long)rate / 1024);
	if (left != PROGRESS_UNKNOWN)
		snprintf(buf + used, size - used, "%s%llu:%02llu left",
			 used ? ", " : "  ", (unsigned long long)left / 60,
			 (unsigned long long)left % 60);
}

static void progress_json(const struct fwslot_progress *now, u32 unit,
			  u32 percent, u64 rate, u64 left)
{
	struct json j = { .file = stderr };

	json_begin(&j);
	json_string(&j, "phase", fwslot_phase_word(now->phase));
	json_u64(&j, "step", now->step);
	json_string(&j, "unit", fwslot_unit_word(unit));
	json_u64(&j, "blocks_done", now->blocks_done);
	json_u64(&j, "blocks_total", now->blocks_total);
	json_u64(&j, "percent", percent);
	json_u64(&j, "steps_done", now->steps_done);
	json_bool(&j, "window", now->flags & FWSLOT_PROGRESS_WINDOW);
	json_u64(&j, "flash_ms", now->flash_ms);
	json_u64(&j, "bytes_per_second", rate);
	if (left == PROGRESS_UNKNOWN)
		json_null(&j, "seconds_left");
	else
		json_u64(&j, "seconds_left", left);
	json_end(&j);
}

static bool progress_news(struct progress *p, const struct fwslot_progress *now,
			  u32 percent)
{
	bool other = now->step != p->step || now->phase != p->phase;

	if (now->step != p->step) {
		p->started_ms = clock_ms();
		p->started_done = now->blocks_done;
	}
	if (!other && !progress_moved(p, percent))
		return false;
	p->step = now->step;
	p->phase = now->phase;
	p->percent = percent;
	return true;
}

/**
 * progress_update() - show how far a session is
 * @p: the progress
 * @now: what the kernel says
 */
void progress_update(struct progress *p, const struct fwslot_progress *now)
{
	char rest[PROGRESS_REST];
	u32 percent = 0, unit;
	u64 rate, left;

	if (p->mode == PROGRESS_NONE)
		return;
	for (; p->done < now->steps_done && p->done < p->begin->n_steps;
	     p->done++)
		progress_done_step(p, p->done);
	if (now->step >= p->begin->n_steps || now->phase >= FWSLOT_PHASE_DONE)
		return;
	if (now->blocks_total)
		percent = min_t(u64, 100, now->blocks_done * 100ULL /
				now->blocks_total);
	left = progress_left(p, now);
	if (!progress_news(p, now, percent))
		return;
	unit = p->begin->steps[now->step].unit;
	rate = progress_rate(p, now, unit);
	progress_rest(rest, sizeof(rest), rate, left);
	progress_show(p, fwslot_unit_word(unit), fwslot_phase_word(now->phase),
		      percent, rest);
	if (p->mode == PROGRESS_JSON)
		progress_json(now, unit, percent, rate, left);
}
