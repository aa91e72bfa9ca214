// SPDX-License-Identifier: MIT
/*
 * progress.c - progress of a session, on stderr
 *
 * Counts what the flash has done, not what was read from the package.  Every
 * step of the plan is shown, those that write nothing, too.
 */
#include <stdarg.h>
#include <time.h>
#include <unistd.h>

#include "out.h"
#include "progress.h"

#define PROGRESS_PERIOD_MS	200
#define PROGRESS_BAR		24
#define PROGRESS_PLAIN_STEP	10	/* percent between two lines, at least */
#define PROGRESS_PLAIN_MS	2000	/* time between them, at least */

static u64 progress_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (u64)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/**
 * progress_parse() - the value of --progress
 * @word: the value
 * @mode: what it means here: "auto" is a bar on a terminal, lines otherwise
 *
 * Return: true when the word is known.
 */
bool progress_parse(const char *word, enum progress_mode *mode)
{
	if (!strcmp(word, "auto"))
		*mode = isatty(STDERR_FILENO) ? PROGRESS_BAR : PROGRESS_PLAIN;
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
	return progress_now() - p->drawn_ms >= PROGRESS_PERIOD_MS;
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
}

static void progress_clear(struct progress *p)
{
	if (p->line)
		fputs("\r\033[K", stderr);
	p->line = false;
}

/**
 * progress_note() - say something in between
 * @p: the progress
 * @fmt: a line without its end, as printf()
 */
void progress_note(struct progress *p, const char *fmt, ...)
{
	va_list ap;

	if (p->mode == PROGRESS_JSON)
		return;
	progress_clear(p);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

static void progress_bar(struct progress *p, const char *name,
			 const char *phase, u32 percent, const char *rest)
{
	char bar[PROGRESS_BAR + 1];
	u32 full = percent * PROGRESS_BAR / 100;

	memset(bar, '-', PROGRESS_BAR);
	memset(bar, '#', full);
	bar[PROGRESS_BAR] = '\0';
	fprintf(stderr, "\r%-12s %-7s [%s] %3u%%%s\033[K", name, phase, bar,
		percent, rest);
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
	p->drawn_ms = progress_now();
}

/* A bar moves all the time, lines are for what is new only. */
static bool progress_moved(const struct progress *p, u32 percent)
{
	if (p->mode == PROGRESS_BAR)
		return progress_due(p);
	return percent >= p->percent + PROGRESS_PLAIN_STEP &&
	       (p->mode == PROGRESS_JSON ||
		progress_now() - p->drawn_ms >= PROGRESS_PLAIN_MS);
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
		json_object(&j, NULL);
		json_string(&j, "phase", "check-package");
		json_u64(&j, "percent", percent);
		json_end(&j);
	}
	if (percent == 100)
		progress_clear(p);
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

/* Rate and time left of the current step, empty when not known yet. */
static void progress_rate(const struct progress *p,
			  const struct fwslot_progress *now, u32 unit,
			  char *buf, size_t size)
{
	u64 ms = progress_now() - p->started_ms;
	u64 erase = unit < FWSLOT_UNITS ? p->status->units[unit].erase_size : 0;
	u64 left;

	buf[0] = '\0';
	if (ms < 1000 || !now->blocks_done || now->phase != FWSLOT_PHASE_WRITE)
		return;
	left = (now->blocks_total - now->blocks_done) * ms / now->blocks_done /
	       1000;
	snprintf(buf, size, "  %llu KiB/s, %llu:%02llu left",
		 (unsigned long long)(now->blocks_done * erase / 1024 * 1000 /
				      ms),
		 (unsigned long long)left / 60, (unsigned long long)left % 60);
}

static void progress_json(const struct fwslot_progress *now, u32 unit,
			  u32 percent)
{
	struct json j = { .file = stderr };

	json_object(&j, NULL);
	json_string(&j, "phase", fwslot_phase_word(now->phase));
	json_u64(&j, "step", now->step);
	json_string(&j, "unit", fwslot_unit_word(unit));
	json_u64(&j, "blocks_done", now->blocks_done);
	json_u64(&j, "blocks_total", now->blocks_total);
	json_u64(&j, "percent", percent);
	json_u64(&j, "steps_done", now->steps_done);
	json_bool(&j, "window", now->flags & FWSLOT_PROGRESS_WINDOW);
	json_end(&j);
}

static bool progress_news(struct progress *p, const struct fwslot_progress *now,
			  u32 percent)
{
	bool other = now->step != p->step || now->phase != p->phase;

	if (now->step != p->step)
		p->started_ms = progress_now();
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
	u32 percent = 0, unit;
	char rest[64];

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
	if (!progress_news(p, now, percent))
		return;
	unit = p->begin->steps[now->step].unit;
	progress_rate(p, now, unit, rest, sizeof(rest));
	progress_show(p, fwslot_unit_word(unit), fwslot_phase_word(now->phase),
		      percent, rest);
	if (p->mode == PROGRESS_JSON)
		progress_json(now, unit, percent);
}
